"""The syntax of Prisma schemas: blocks, their lines, attributes and arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BLOCKS = 5_000
MAX_LINES = 1_000  # of one block
MAX_JOINED = 40  # lines of one statement
MAX_ATTRIBUTES = 20  # of one line
_BLOCK = regex(r"[ \t]*(model|view|enum|type|datasource|generator)[ \t]+(\w+)[ \t]*\{")
_COMMENT = regex(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*')
_FIELD = regex(r"(\w+)\s+(\w+)(\([^)]*\))?(\[\])?(\?)?")
_ATTRIBUTE = regex(r"@@?([\w.]+)")
_NAMED = regex(r"(\w+)\s*:\s*")
_WORD = regex(r"[\w.]+")
_OPENING, _CLOSING = "([{", ")]}"


class Attribute(Record, frozen=True):
    """`@relation("Name", fields: [a])`: what stands in its parentheses, taken apart."""

    name: str
    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = msgspec.field(default_factory=dict)

    def argument(self, name: str) -> str:
        """The argument of that name, or else the first without one."""
        return self.named.get(name) or (self.positional[0] if self.positional else "")


class Line(Record, frozen=True):
    """A field of a block, or (without a name) attributes of the block as a whole."""

    number: int
    name: str
    type: str
    listed: bool
    optional: bool
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        return next((each for each in self.attributes if each.name == name), None)


class Block(Record, frozen=True):
    kind: str  # model, view, enum, type, datasource, generator
    name: str
    number: int  # its line, from 1
    lines: tuple[Line, ...]


def blocks(text: str) -> Iterator[Block]:
    """All blocks of a schema; what is no block is passed over."""
    rows = _COMMENT.sub(lambda match: match[1] or "", text).split("\n")
    at = count = 0
    while at < len(rows) and count < MAX_BLOCKS:
        start = _BLOCK.match(rows[at])
        at += 1
        if start is None:
            continue
        count += 1
        first = at
        found: list[Line] = []
        while at < len(rows) and len(found) < MAX_LINES and rows[at].strip() != "}":
            number, written, joined = at + 1, rows[at].strip(), 0
            while open_brackets(written) > 0 and at + 1 < len(rows) and joined < MAX_JOINED:
                at, joined = at + 1, joined + 1
                written += " " + rows[at].strip()
            at += 1
            if written and start[1] in ("model", "view", "type"):
                line = _line(number, written)
                if line is not None:
                    found.append(line)
        yield Block(start[1], start[2], first, tuple(found))


def open_brackets(text: str) -> int:
    depth, quoted = 0, False
    for sign in text:
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign in _OPENING) - (sign in _CLOSING)
    return depth


def _line(number: int, written: str) -> Line | None:
    if written.startswith("@@"):
        return Line(number, "", "", False, False, _attributes(written))
    field = _FIELD.match(written)
    if field is None:
        return None
    attributes = _attributes(written[field.end() :])
    return Line(number, field[1], field[2], bool(field[4]), bool(field[5]), attributes)


def _attributes(text: str) -> tuple[Attribute, ...]:
    found: list[Attribute] = []
    at = 0
    while len(found) < MAX_ATTRIBUTES:
        match = _ATTRIBUTE.search(text, at)
        if match is None:
            break
        at = match.end()
        inside = ""
        if text[at : at + 1] == "(":
            end = _closing(text, at)
            inside, at = text[at + 1 : end], end + 1
        positional, named = [], {}
        for part in split(inside):
            key = _NAMED.match(part)
            if key is not None:
                named[key[1]] = part[key.end() :].strip()
            else:
                positional.append(part)
        found.append(Attribute(match[1], tuple(positional), named))
    return tuple(found)


def _closing(text: str, start: int) -> int:
    """Where the bracket at `start` is closed; the end of the text where it is not."""
    depth, quoted = 0, False
    for at in range(start, len(text)):
        sign = text[at]
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign in _OPENING) - (sign in _CLOSING)
            if depth == 0:
                return at
    return len(text)


def split(text: str) -> list[str]:
    """Parts between the commas that stand in no bracket and no quotes."""
    parts, start, depth, quoted = [], 0, 0, False
    for at, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
        else:
            depth += (sign in _OPENING) - (sign in _CLOSING)
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def names(written: str) -> tuple[str, ...]:
    """`[a, b(sort: Desc)]`, `[a]` or `a`: the names alone."""
    inside = written.strip()
    if inside.startswith("["):
        inside = inside[1:].rstrip().removesuffix("]")
    found = (_WORD.match(part) for part in split(inside))
    return tuple(match[0] for match in found if match is not None)


def unquoted(written: str) -> str:
    return written.strip().strip('"')
