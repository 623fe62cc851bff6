"""Views that code makes by statements in its strings: migrations, most of the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.string_nodes import string_around
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, statements, view_made
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound, ViewDefined
    from scaleaudit.languages.reader import Reader

MARKS = (b" VIEW ", b" view ", b" View ")
MAKES = regex(rb"(?i)create\s+(?:or\s+(?:replace|alter)\s+)?(?:\w+\s+){0,2}view\s")
MAX_STRINGS = 200  # of one file


def views_in_strings(reader: Reader) -> Iterator[QueryFound | ViewDefined]:
    if not reader.says(*MARKS):
        return
    end = 0
    for number, match in enumerate(MAKES.finditer(reader.content)):
        if match.start() < end or number >= MAX_STRINGS:
            continue
        node = string_around(reader, match.start())
        text = text_with_holes(reader.value(node)) if node is not None else ""
        if node is None or not text or "{}" in text:
            continue
        end = node.end_byte
        dialect = guess_dialect(text)
        for statement in statements(text, dialect):
            line = reader.span(node).line + statement.line - 1
            made = view_made(statement.text, line, dialect)
            if made is not None:
                query, told = made
                yield from told
                if query is not None:
                    yield query
