"""Saloon: a connector is a class that says the address of all requests that go through it.

Its requests end after 30 seconds by default (its documentation, "Timeouts").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RemoteCall, Timeout
from scaleaudit.regex import regex
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.php.reader import PhpReader

# Of version 1, and of those after it.
BASE = regex(rb"function\s+(defineBaseUrl|resolveBaseUrl)\s*\(")
RETURNED = regex(rb"\breturn\s+(?=\S)")
MAX_CONNECTORS = 20  # in one file


def calls(reader: PhpReader) -> Iterator[RemoteCall]:
    if b"Saloon" not in reader.content:
        return
    for number, match in enumerate(BASE.finditer(reader.content)):
        at = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        method = at.parent if at is not None else None
        if number >= MAX_CONNECTORS or method is None or method.type != "method_declaration":
            return
        said = RETURNED.search(reader.content, method.start_byte, method.end_byte)
        node = said and reader.root.descendant_for_byte_range(said.start(), said.start() + 1)
        statement = node.parent if node else None
        if statement is None or not statement.named_children:
            continue
        target = reader.value(statement.named_children[0])
        if not isinstance(target, Unknown):
            yield RemoteCall(
                reader.span(method), "saloon", target, timeout=Timeout.FINITE,
                scope=reader.scope(statement),
            )  # fmt: skip
