"""Regular expressions that are compiled when first used."""

import copy
import re
import subprocess
import sys

import pytest

from scaleaudit.regex import METHODS, FirstFit, beginnings, regex


def test_answers_as_the_compiled_one_does() -> None:
    later, now = (
        regex(r"(?P<word>[a-z]+)=(\d+)", re.IGNORECASE),
        re.compile(r"(?P<word>[a-z]+)=(\d+)", re.IGNORECASE),
    )
    text = "Size=3; width=40"
    assert later.findall(text) == now.findall(text) == [("Size", "3"), ("width", "40")]
    assert later.sub(r"\2", text) == now.sub(r"\2", text)
    assert later.pattern == now.pattern
    assert later.groupindex == now.groupindex
    assert set(METHODS) <= set(dir(now))


def test_bytes() -> None:
    found = regex(rb"a+").search(b"baab")
    assert found is not None
    assert found[0] == b"aa"


def test_nothing_is_compiled_before_the_first_use() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("x")


def test_is_no_special_object() -> None:
    with pytest.raises(AttributeError):
        regex("a").__deepcopy__  # noqa: B018
    assert copy.copy(regex("a")).fullmatch("a")


def test_tables_of_a_language_compile_nothing_on_import() -> None:
    code = (
        "import re._compiler as c, sys; count = [0]; whole = c.compile\n"
        "def counted(*a):\n count[0] += 1\n return whole(*a)\n"
        "c.compile = counted\n"
        "import scaleaudit.file_roles\n"
        "before = count[0]\n"
        "import scaleaudit.sql.candidates, scaleaudit.languages.sql_strings\n"
        "import scaleaudit.linking.technologies\n"
        "print(count[0] - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 12  # there are 50 and more; what the standard library compiles varies


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        ("redis", ("redis",)),
        ("redis(-stack)?|key-?db|valkey+", ("redis", "key", "valkey")),
        ("(cp-)?kafka", ("",)),
        (r"[a|b]c|d", ("", "d")),
        (r"a[(|]b|c[^])]|d", ("a", "c", "d")),
        (r"a\|b|c", ("a", "c")),
        (r"x(a|b)|y*", ("x", "")),
        ("a{0,2}b", ("",)),
        ("", ("",)),
    ],
)
def test_what_a_text_begins_with(pattern: str, begins: tuple[str, ...]) -> None:
    assert beginnings(pattern) == begins


def test_the_first_pattern_that_fits_the_whole_text() -> None:
    table = FirstFit([("postgres(ql)?|pg", 1), (r"p\w+", 2), (r"\w*sql", 3), ("(?:a|b)c", 4)])
    asked = ["postgres", "postgresql", "pg", "pgs", "mysql", "ac", "bc", "pg-2", "", "Postgres"]
    assert [table.of(text) for text in asked] == [1, 1, 1, 2, 3, 4, 4, None, None, None]


def test_only_patterns_that_begin_as_the_text_are_compiled() -> None:
    table = FirstFit([("redis(", 1), ("kafka", 2)])
    assert table.of("kafka") == 2
    with pytest.raises(re.error):
        table.of("redis")
