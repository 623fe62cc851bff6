"""Whole words in the bytes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")


def occurrences(content: bytes, word: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a whole word stands, as byte ranges."""
    at = content.find(word, start, end)
    while at >= 0:
        after = at + len(word)
        around = content[at - 1 : at] + content[after : after + 1]
        if not any(byte in WORD_BYTES for byte in around):
            yield at, after
        at = content.find(word, after, end)
