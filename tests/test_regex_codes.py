"""What expressions compile to, kept for later processes."""

import marshal
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from scaleaudit import regex_codes
from scaleaudit.regex_codes import Codes

PATTERNS: list[tuple[str | bytes, int]] = [
    (r"(?P<word>[a-zé]+)=(\d+)(?P<rest>;.*)?", re.IGNORECASE),
    (rb"\bdef\s+(\w+)\(", 0),
    (r"(?i)(?:^|_)(?:names?|titel)$", 0),
    (r"(?x) a+ # as\n (?=b)", re.MULTILINE),
    (r"[^\U0001f600-\U0001f64f]{2,3}+", 0),
]
TEXTS = ["Größe=3; width=40", "def f(a):\n  def gé(", "last_name", "xaab\naaab", "\U0001f600ab" * 3]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return str(tmp_path / "made.codes")


def kept(file: str) -> Codes:
    first = Codes(file)
    for pattern, flags in PATTERNS:
        first.compiled(pattern, flags)
    first.keep()
    return Codes(file)


def nothing_is_translated(*_: object) -> None:
    raise AssertionError("translated again")


def test_later_processes_search_alike_without_compiling(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = kept(file)
    monkeypatch.setattr(regex_codes, "_translated", nothing_is_translated)
    for pattern, flags in PATTERNS:
        now: re.Pattern[Any] = re.compile(pattern, flags)
        again = later.compiled(pattern, flags)
        assert (again.pattern, again.flags, again.groups) == (now.pattern, now.flags, now.groups)
        assert again.groupindex == now.groupindex
        for text in TEXTS:
            searched: Any = text.encode() if isinstance(pattern, bytes) else text
            assert again.findall(searched) == now.findall(searched)
            found, known = again.search(searched), now.search(searched)
            assert (found and (found.span(), found.lastgroup)) == (
                known and (known.span(), known.lastgroup)
            )


def test_what_others_compile_is_found(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(file).lend(r"^(?:lent|borrowed)$")
    monkeypatch.setattr("re._compiler.compile", nothing_is_translated)
    assert re.compile(r"^(?:lent|borrowed)$").match("lent")


def test_what_others_kept_stays(file: str) -> None:
    one, other = Codes(file), Codes(file)
    one.compiled("a+", 0)
    other.compiled("b+", 0)
    one.keep()
    other.keep()
    assert set(Codes(file)._known) == {("a+", 0), ("b+", 0)}


@pytest.mark.parametrize("body", [b"", b"no code", b"\xe9\x01\x00\x00\x00"])
def test_a_damaged_file_is_made_anew(file: str, body: bytes) -> None:
    Path(file).write_bytes(body)
    assert Codes(file).compiled("a+", 0).findall("baa") == ["aa"]
    assert kept(file)._known


@pytest.mark.parametrize(
    "code",
    [
        (0, b"\xff" * 40, 0, {}, (None,)),  # no program of that machine
        (0, b"\x01", 0, {}, (None,)),
        (0, b"", 0),
        None,
    ],
)
def test_an_expression_that_is_damaged_is_made_anew(file: str, code: Any) -> None:
    kept(file)
    broken = {("a+", 0): code}
    Path(file).write_bytes(marshal.dumps((regex_codes._form(), broken)))
    made = Codes(file)
    assert made.compiled("a+", 0).findall("baa") == ["aa"]
    made.keep()
    assert Codes(file)._known["a+", 0] != code


def test_another_python_keeps_its_own(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(file)
    monkeypatch.setattr(sys, "version", "another")
    assert not Codes(file)._known


def test_nothing_is_written_where_python_writes_no_bytecode(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept(file)
    assert not Path(file).exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    made = Codes(str(tmp_path / "none" / "made.codes"))
    assert made.compiled("a", 0).fullmatch("a")
    made.keep()


def test_a_python_with_another_compiler(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def imported(name: str) -> object:
        if name == "re._compiler":
            raise ImportError(name)
        return import_module(name)

    monkeypatch.setattr(regex_codes, "import_module", imported)
    assert kept(file).compiled("a+", 0).findall("baa") == ["aa"]
    assert not Path(file).exists()


def test_a_scan_keeps_them_though_it_ends_at_once(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import requests\nrequests.get('http://x/y')\n")
    around = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    around["PYTHONPYCACHEPREFIX"] = str(tmp_path / "made")
    code = (
        "import sys\n"
        "from scaleaudit.__main__ import main\n"
        f"sys.argv[1:] = ['scan', {str(tmp_path / 'app.py')!r}[:-7], '--no-cache', '--jobs', '1', '-q']\n"
        "main()\n"
    )
    subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, check=False)
    assert list((tmp_path / "made").rglob("*.codes"))
