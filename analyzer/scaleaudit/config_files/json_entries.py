"""JSON as a flat list of places: every scalar with its path and its line.

Comments and trailing commas are read over, as .NET and JavaScript tools do. The reader is a loop
over tokens: depth costs nothing, and what stands before an error is kept.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.config_files.reading import NotUnderstoodError
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_DEPTH = 64
MAX_ENTRIES = 50_000
_TOKEN = regex(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*")
    |(?P<mark>[{}\[\],:])
    |(?P<word>[^\s{}\[\],:"/]+)
    """,
    re.DOTALL | re.VERBOSE,
)

Path: TypeAlias = tuple[str, ...]


class JsonEntry(Record, frozen=True):
    """`value` is None for null; numbers and booleans keep their spelling.

    Items of arrays have their number as the last part of the path. `opens` tells that an object
    (`{`) or an array (`[`) begins here, whose entries follow.
    """

    path: Path
    value: str | None
    line: int
    opens: str = ""


def read_json(text: str) -> tuple[list[JsonEntry], str]:
    """The entries in file order up to the first error, and that error (empty: there is none)."""
    entries: list[JsonEntry] = []
    try:
        for entry in _entries(text):
            entries.append(entry)
            if len(entries) >= MAX_ENTRIES:
                return entries, f"more than {MAX_ENTRIES} values"
    except NotUnderstoodError as error:
        return entries, str(error)
    return entries, ""


def _entries(text: str) -> Iterator[JsonEntry]:
    path: list[str] = []
    open_marks: list[str] = []
    key: str | None = None
    colon = True  # a colon came after the key, or none is needed
    position, line = 0, 1
    while found := _TOKEN.match(text, position):
        position, at = found.end(), line
        token = found[0]
        if found.lastgroup in ("blank", "text"):
            line += token.count("\n")
        if found.lastgroup == "blank":
            continue
        in_object = bool(open_marks) and open_marks[-1] == "{"
        if token == ":":
            colon = True
        elif token == ",":
            if open_marks and not in_object:
                path[-1] = str(int(path[-1]) + 1)
            key = None
        elif token in ("}", "]"):
            if not open_marks or open_marks.pop() != {"}": "{", "]": "["}[token]:
                break
            path.pop()
            if not open_marks:
                return
        elif in_object and key is None:
            key, colon = _plain(token), False
            path[-1] = key
        elif not colon:
            break
        elif token in ("{", "["):
            yield JsonEntry(tuple(path), None, at, opens=token)
            if len(open_marks) >= MAX_DEPTH:
                raise NotUnderstoodError(f"line {at}: nested more than {MAX_DEPTH} deep")
            open_marks.append(token)
            path.append("0" if token == "[" else "")
            key = None
        else:
            value = None if token == "null" else _plain(token)
            yield JsonEntry(tuple(path), value, at)
            if not open_marks:
                return
    if position < len(text) or open_marks:
        raise NotUnderstoodError(f"line {line}: no valid JSON")


def _plain(token: str) -> str:
    if token[0] != '"':
        return token
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]


def members(entries: Sequence[JsonEntry], *path: str) -> tuple[tuple[str, str], ...]:
    """The texts of an object as (key, value); of an array as (number, value)."""
    deep = len(path)
    return tuple(
        (entry.path[deep], entry.value)
        for entry in entries
        if len(entry.path) == deep + 1 and entry.path[:deep] == path and entry.value is not None
    )


def items(entries: Sequence[JsonEntry], *path: str) -> tuple[str, ...]:
    """The texts of an array, or nothing when something else stands there."""
    opened = any(entry.path == path and entry.opens == "[" for entry in entries)
    return tuple(value for _, value in members(entries, *path)) if opened else ()


def first(entries: Sequence[JsonEntry], *path: str) -> JsonEntry | None:
    return next((entry for entry in entries if entry.path == path), None)


def text_at(entries: Sequence[JsonEntry], *path: str) -> str:
    """The text at a path, empty when there is none."""
    entry = first(entries, *path)
    return (entry.value or "") if entry else ""
