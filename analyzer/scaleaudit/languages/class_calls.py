"""Calls on classes, which languages tell from calls on other things by how the receiver is written."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import NOTHING, mentions
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

Call = tuple[int, int, bytes]  # from where to where, and the name with its dot
NAME = regex(rb"\.[a-z][a-z0-9]*_\w{1,60}")  # of several words


class OnClass(Record, frozen=True):
    """How calls on classes are written."""

    constants: re.Pattern[bytes]  # a call on what is written as a class; group 1, the name
    endings: tuple[bytes, ...]  # of the names of variables that hold one


def calls_on_classes(content: bytes, on_class: OnClass) -> list[Call]:
    """In the order of the file, none inside another."""
    matches = [(*match.span(), match[1]) for match in on_class.constants.finditer(content)]
    matches += [
        (at, match.end(), match[0])
        for word in on_class.endings
        for at, match in mentions(content, word, NOTHING, NAME)
    ]
    found: list[Call] = []
    done = 0
    for each in sorted(matches):
        if each[0] >= done:  # not the end of the name that was called before
            done = each[1]
            found.append(each)
    return found


def within(calls: Sequence[Call], ranges: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """The names of those calls that stand in one of the ranges."""
    for start, end in ranges if calls else ():
        at = bisect_left(calls, (start,))
        while at < len(calls) and calls[at][1] <= end:
            yield calls[at][2]
            at += 1
