"""Searches for one name of a source, without an expression for each name.

Compiling one costs more than most of these searches, and one that begins with a look at what stands
before is tried at every byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
NOTHING: frozenset[int] = frozenset()
WORD_OR_DOT = WORD | frozenset(b".")
WORD_ENDS = regex(rb"(?!\w)")


def has_any(content: bytes, words: Iterable[bytes]) -> bool:
    """Whether one of some words stands anywhere: cheaper than an expression of alternatives."""
    for word in words:  # a generator would cost more than the searches  # noqa: SIM110
        if word in content:
            return True
    return False


def mentions(
    content: bytes,
    name: bytes,
    before: frozenset[int],
    after: re.Pattern[bytes],
    start: int = 0,
    end: int | None = None,
) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Where a name stands between two offsets, with the match of what must come `after` it.

    `before`: bytes that may not stand before it. As with `finditer`, no two of them overlap.
    """
    end = len(content) if end is None else end
    at = content.find(name, start, end)
    while at >= 0:
        after_name = at + len(name)
        found = None
        if not at or content[at - 1] not in before:
            found = after.match(content, after_name, end)
        if found is not None:
            yield at, found
        at = content.find(name, max(at + 1, found.end() if found is not None else 0), end)
