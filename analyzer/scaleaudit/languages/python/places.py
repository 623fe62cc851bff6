"""Where in a Python source the queries of this folder may find anything, by its bytes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import has_any
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scaleaudit.languages.patterns import PatternTable

# A fixed first letter each: the search for it is many times faster than any other.
HEAD = regex(rb"\n[ \t\f\r]*+(?:from\b|import\b|class\b|(@))")
HIDDEN = (b"; import ", b"; from ", b": import ", b": from ")  # heads inside lines
HEADER = regex(rb"def \w+")
FIELD = regex(rb"self\.\w+\s*(?::[^=\n]+)?=(?!=)")
MAX_HEADER = 4_000  # bytes of a function's parameters
OPENED = ("closing", "aclosing")
NAME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
# Everything but names and parentheses becomes a space; names in other scripts stay whole.
WORDS_ONLY = bytes(c if c in NAME_BYTES or c >= 128 or c == ord("(") else 32 for c in range(256))
MAX_NAME = 64  # bytes before a parenthesis in which the callee's name and some space stand


def places_of(table: PatternTable) -> Callable[[bytes], Iterator[tuple[int, int]]]:
    """For the names of the tables: a function from a source to ranges of bytes."""
    called = {n.encode() for n in (*table.call_names, *table.binding_names, *OPENED)}
    decorating = {name.encode() for name in table.annotation_names}
    bound = {name.encode() for name in table.binding_names}

    def places(content: bytes) -> Iterator[tuple[int, int]]:
        if has_any(content, HIDDEN):
            yield 0, len(content)
            return
        first = content.find(b"\n")
        yield 0, first if first >= 0 else len(content)
        for match in HEAD.finditer(content):
            end = content.find(b"\n", match.end())
            end = end if end >= 0 else len(content)
            if match[1]:
                written = content[match.end() : end].partition(b"(")[0]
                if written.rpartition(b".")[2].strip() not in decorating:
                    continue
            yield match.end(), end
        for match in FIELD.finditer(content):
            yield match.span()
        words = content.translate(WORDS_ONLY)
        pieces = words.split(b"(")
        pieces.pop()
        at = -1
        for piece in pieces:
            at += len(piece) + 1
            name = piece[-MAX_NAME:].rsplit(None, 1)
            if name and name[-1] in called:
                yield at, at + 1
        if b"def " not in content:
            return
        for match in HEADER.finditer(content):
            start = content.find(b"(", match.end())
            end = content.find(b":\n", start, start + MAX_HEADER)
            end = end if end >= 0 else start + MAX_HEADER
            if not bound.isdisjoint(words[start:end].replace(b"(", b" ").split()):
                yield start, end

    return places
