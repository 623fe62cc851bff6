"""Of several things of one name, the nearest."""

from __future__ import annotations

import msgspec
import pytest

from scaleaudit.linking.models.nearness import nearest


class Thing(msgspec.Struct):
    path: str


@pytest.mark.parametrize(
    ("path", "others", "found"),
    [
        ("gc.go", ["main.go", "tool/main.go"], "main.go"),
        ("a/b/x.go", ["a/y.go", "a/b/c/y.go", "a/b/y.go"], "a/b/y.go"),
        ("a/x.go", ["b/y.go", "a/c/y.go"], "a/c/y.go"),
        ("a/x.go", ["b/y.go", "c/y.go"], None),
        ("a/x.go", ["a/y.go", "a/z.go"], None),
        ("a/x.go", [], None),
    ],
)
def test_nearest(path: str, others: list[str], found: str | None) -> None:
    chosen = nearest(path, [Thing(each) for each in others])
    assert (chosen.path if chosen else None) == found
