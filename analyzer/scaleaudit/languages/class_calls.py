"""Calls on classes, which languages tell from calls on other things by how the receiver is written."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

Called = tuple[int, int, bytes]  # from where to where, and the name with its dot


def calls_on_classes(content: bytes, patterns: Iterable[re.Pattern[bytes]]) -> list[Called]:
    """What the patterns find, in the order of the file; group 1 of each is the name with its dot."""
    matches = [(*m.span(), m[1]) for pattern in patterns for m in pattern.finditer(content)]
    found: list[Called] = []
    done = 0
    for each in sorted(matches):
        if each[0] >= done:  # not the end of the name that was called before
            done = each[1]
            found.append(each)
    return found


def called_within(calls: Sequence[Called], ranges: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    for start, end in ranges if calls else ():
        at = bisect_left(calls, (start,))
        while at < len(calls) and calls[at][1] <= end:
            yield calls[at][2]
            at += 1
