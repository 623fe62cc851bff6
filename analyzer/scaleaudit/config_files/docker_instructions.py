"""A Dockerfile cut into instructions: continuation lines joined, here-documents passed over."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import text_lines
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 65_536  # characters of one instruction with its continuations
MAX_HEREDOCS = 10  # of one instruction
_ESCAPE = regex(r"\s*#\s*escape\s*=\s*(\S)", re.IGNORECASE)
_HEREDOC = regex(r"<<-?\s*([\"']?)([A-Za-z_]\w*)\1")
_NAME = regex(r"\s*(\S+)\s*")


class Instruction(Record, frozen=True):
    """`name` is upper case, `rest` what follows it; `line` is 1-based."""

    line: int
    name: str
    rest: str
    starts: tuple[int, ...]  # offsets in `rest` at which a line of the file begins, but the first
    lines: tuple[int, ...]  # the numbers of these lines

    def line_at(self, offset: int) -> int:
        """The line of the file for an offset in `rest`."""
        found = bisect_right(self.starts, offset)
        return self.lines[found - 1] if found else self.line


def instructions(text: str) -> Iterator[Instruction]:
    lines = text_lines(text)
    directive = _ESCAPE.match(lines[0]) if lines else None
    escape = directive[1] if directive is not None and directive[1] in "\\`" else "\\"
    heredocs = _Heredocs(lines)
    at = 0
    while at < len(lines):
        joined, starts, numbers, at = _joined(lines, at, escape)
        found = _NAME.match(joined)
        if found is None:
            continue
        name, begin = found[1].upper(), found.end()
        rest = joined[begin:].rstrip()
        if name in ("RUN", "COPY", "ADD"):
            at = heredocs.after(at, rest)
        offsets = tuple(start - begin for start in starts[1:])
        yield Instruction(numbers[0], name, rest, offsets, tuple(numbers[1:]))


def _joined(lines: list[str], at: int, escape: str) -> tuple[str, list[int], list[int], int]:
    """One instruction from line `at` on: its text, where in it which line begins, the next line.

    Comments and blank lines inside an instruction do not end it.
    """
    pieces: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    size = 0
    while at < len(lines):
        line = lines[at].rstrip()
        at += 1
        bare = line.lstrip()
        if bare.startswith("#") or not bare:
            continue
        continued = line.endswith(escape)
        piece = line[: -len(escape)] if continued else line
        starts.append(size)
        numbers.append(at)
        pieces.append(piece)
        size += len(piece)
        if not continued or size > MAX_LENGTH:
            break
    return "".join(pieces)[:MAX_LENGTH], starts, numbers, at


class _Heredocs:
    """Finds the ends of here-documents; the lines are indexed once, when one is opened."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._places: dict[str, list[int]] | None = None

    def after(self, at: int, rest: str) -> int:
        """The line after those that an instruction opens; `at` when one does not end."""
        end = at
        for _, found in zip(range(MAX_HEREDOCS), _HEREDOC.finditer(rest), strict=False):
            places = self._index().get(found[2], [])
            position = bisect_left(places, end)
            if position == len(places):
                return at
            end = places[position] + 1
        return end

    def _index(self) -> dict[str, list[int]]:
        if self._places is None:
            self._places = {}
            for number, line in enumerate(self._lines):
                self._places.setdefault(line.strip(), []).append(number)
        return self._places
