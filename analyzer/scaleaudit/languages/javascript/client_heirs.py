"""Classes that are a client of a store: `class Shelf extends PrismaClient`, as NestJS shows it.

Whoever makes one of MongoDB's says where it connects to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import StoreUsed
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

HEIR = regex(rb"\bextends\s+(PrismaClient)\b")
BY_NAME = {"MongoClient": "mongodb"}
OF_NAME = regex(rb"\bextends\s+(MongoClient)\b")
ADDRESSES = ("datasourceUrl", "datasources.db.url")
DEFAULT = "DATABASE_URL"  # what the schema that `prisma init` writes reads
MAX_FOUND = 10


def store_clients(reader: JavaScriptReader) -> Iterator[StoreUsed]:
    for name, technology in BY_NAME.items():
        if name in reader.imports and (found := OF_NAME.search(reader.content)) is not None:
            node = reader.root.descendant_for_byte_range(found.start(1), found.end(1))
            if node is not None:
                yield StoreUsed(reader.span(node), technology, UNKNOWN, technology)
    if "PrismaClient" not in reader.imports:
        return
    for _, match in zip(range(MAX_FOUND), HEIR.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        heir = reader.class_around(node) if node is not None else None
        if node is None or heir is None:
            continue
        given = _given(reader, heir)
        address = reader.value(given) if given is not None else Setting(DEFAULT)
        yield StoreUsed(
            reader.span(node), "", address, "prisma", scope=reader.definition_name(heir)
        )


def _given(reader: JavaScriptReader, heir: Node) -> Node | None:
    """The address that its constructor hands on."""
    at = reader.content.find(b"super(", heir.start_byte, heir.end_byte)
    node = reader.root.descendant_for_byte_range(at, at + 5) if at >= 0 else None
    call = node.parent if node is not None else None
    if call is None or call.type != "call_expression":
        return None
    _, keywords, _ = reader.arguments(call)
    return next((keywords[key] for key in ADDRESSES if key in keywords), None)
