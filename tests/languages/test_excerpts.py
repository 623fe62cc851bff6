"""Source on one line, for people."""

from __future__ import annotations

import pytest

from scaleaudit.languages.excerpts import between, one_line


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Order::where('a', 1)\n    ->orderBy('b')\n    ->get()", "Order::where('a', 1)->orderBy('b')->get()"),
        ("orders\n  .filter(a=1)\n  .first()", "orders.filter(a=1).first()"),
        ("rows\n  ?.map(f)\n  &.to_a", "rows?.map(f)&.to_a"),
        ("'a' . $name . 'b'", "'a' . $name . 'b'"),
        ("f(a, ...rest)", "f(a, ...rest)"),
        ("[1, .5]", "[1, .5]"),
    ],
)  # fmt: skip
def test_a_chain_over_several_lines_is_one(written: str, shown: str) -> None:
    assert one_line(written, 200) == shown


def test_no_longer_than_asked_for() -> None:
    assert one_line("a b c d e", 5) == "a b …"
    assert between("x = é + 1\n".encode(), 4, 11, 4) == "é +…"
