"""How regular expressions were compiled, kept for the next scan."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from scaleaudit import regex as expressions
from scaleaudit import remembered_patterns as module
from scaleaudit.cache import FactCache
from scaleaudit.regex import regex
from scaleaudit.remembered_patterns import Patterns, remembered_patterns

WRITTEN: list[tuple[str | bytes, int]] = [
    (r"(?P<word>[a-z]+)=(\d+)(?:x|y)??", re.IGNORECASE),
    (rb"\A(?<!a)[^\x00-\x20]++(?P<end>$)", re.MULTILINE),
    ("[\\ud800-\\udfffäöü]|\U0001f600", 0),
    ("\ud800", 0),
    (r"(?x) a \s b # said", re.DOTALL),
]


@pytest.fixture
def cache(tmp_path: Path) -> FactCache:
    return FactCache(tmp_path)


def machine() -> module._Machine:
    made = module._machine()
    assert made is not None
    return made


@pytest.mark.parametrize(("pattern", "flags"), WRITTEN)
def test_is_what_re_compiles(pattern: str | bytes, flags: int) -> None:
    first = Patterns(machine(), None)
    assert first.compile(pattern, flags) == re.compile(pattern, flags)
    again = Patterns(machine(), first.encoded())
    known = again.compile(pattern, flags)
    assert not again.fresh
    assert known == re.compile(pattern, flags)  # the compiled code too
    assert known.groupindex == re.compile(pattern, flags).groupindex
    assert known.groups == re.compile(pattern, flags).groups


def test_all_tables_of_a_language_come_back_as_they_were() -> None:
    code = (
        "import re, sys\n"
        "from scaleaudit import regex as r, remembered_patterns as m\n"
        "import scaleaudit.languages.python, scaleaudit.languages.ruby\n"
        "import scaleaudit.linking\n"
        "written = {e._written for n, mod in list(sys.modules.items())\n"
        "           if n.startswith('scaleaudit.') for e in vars(mod).values()\n"
        "           if isinstance(e, r._Later)}\n"
        "first = m.Patterns(m._machine(), None)\n"
        "for each in written: first.compile(*each)\n"
        "again = m.Patterns(m._machine(), first.encoded())\n"
        "assert all(again.compile(*each) == re.compile(*each) for each in written)\n"
        "print(len(written), again.fresh)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, fresh = done.stdout.split()
    assert int(count) > 300
    assert fresh == "False"


def test_what_one_block_compiled_the_next_only_makes(
    cache: FactCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    with remembered_patterns(cache):
        assert regex(r"or(?:ders|gans)\b").search("all orders")
    taken = []

    def noted(self: Patterns, pattern: str | bytes, flags: int) -> bytes:
        taken.append(pattern)
        return inner(self, pattern, flags)

    inner = Patterns._taken_apart
    monkeypatch.setattr(Patterns, "_taken_apart", noted)
    with remembered_patterns(cache):
        assert regex(r"or(?:ders|gans)\b").search("all organs")
        assert regex(r"carts?").search("cart")
    assert taken == ["carts?"]


def test_outside_of_a_block_re_compiles() -> None:
    assert expressions._compilers == [re.compile]
    with remembered_patterns(None):
        assert expressions._compilers == [re.compile]


def test_a_wrong_pattern_fails_as_ever(cache: FactCache) -> None:
    with remembered_patterns(cache), pytest.raises(re.error):
        regex("(").search("x")
    assert expressions._compilers == [re.compile]


@pytest.mark.parametrize(
    "made",
    [
        b"no form",
        module.Compiled(0, b"\xff\xff\xff\xff" * 6, 0, {}),  # no such numbers
        module.Compiled(0, b"\x01", 0, {}),  # half a number
        module.Compiled(0, b"", 0, {"name": 7}),  # no such group
        module.Compiled(0, b"", 0, {"name": -1}),
        module.Compiled(-(1 << 62), b"", 1 << 40, {}),
    ],
)
def test_a_damaged_entry_is_made_anew(made: object) -> None:
    body = made if isinstance(made, bytes) else msgspec.msgpack.encode(made)
    damaged = msgspec.msgpack.encode({module._key("a+b", 0): body})
    patterns = Patterns(machine(), damaged)
    assert patterns.compile("a+b", 0) == re.compile("a+b")
    assert patterns.fresh


def test_a_damaged_body_is_nothing() -> None:
    assert Patterns(machine(), b"\xc1").compile("a", 0) == re.compile("a")


def test_another_python_compiles_itself(cache: FactCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_machine", lambda: None)
    with remembered_patterns(cache):
        assert regex("[a-z]+").fullmatch("orders")
