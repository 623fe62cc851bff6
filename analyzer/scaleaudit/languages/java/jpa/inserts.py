"""Rows that code adds through a mapper: `repository.save(new Order(...))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.flow import call_named
from scaleaudit.languages.java.jpa.type_texts import last_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_CALLS = 500  # of one file
MAX_TEXT = 120
MARKS = (
    b".save(", b".saveAndFlush(", b".persist(", b".insert(", b".saveOrUpdate(", b".merge(", b".saveAll(",
    b".saveAllAndFlush(", b".insertAll(", b".persistAll(", b".saveBatch(",
)  # fmt: skip
CALL = regex(
    rb"\.\s*(save|saveAndFlush|persist|insert|saveOrUpdate|merge|saveAll|saveAllAndFlush|insertAll|persistAll"
    rb"|saveBatch)\s*\(\s*(?=[\w(])"
)
SEVERAL = frozenset({"saveAll", "saveAllAndFlush", "insertAll", "persistAll", "saveBatch"})
# A list that is written down, or made of another one object by object.
LISTED = regex(
    r"^(?:listOf|setOf|mutableListOf|List\.of|Set\.of|Arrays\.asList|Collections\.singletonList)\s*\(\s*"
    r"(?:new\s+)?([A-Z]\w*)\s*[(.]"
    r"|\.\s*map\s*(?:\{\s*(?:\w+\s*->\s*)?|\(\s*\w+\s*->\s*(?:\{\s*return\s+)?new\s+)([A-Z]\w*)\s*\("
)
MADE = regex(
    r"(?:new\s+)?([A-Z]\w*)\s*(?:<[^<>]*>)?\s*(?:\(|\.\s*(?:builder|newBuilder|of|create|from)\b)"
)


def inserted_rows(reader: JvmReader) -> Iterator[OrmQuery]:
    if not reader.says(*MARKS):
        return
    for told, match in enumerate(CALL.finditer(reader.content)):
        if told >= MAX_CALLS:
            return
        call = call_named(reader, match)
        if call is None:
            continue
        args = reader.arguments_of(call)
        model = ""
        if args:
            of_list = match[1].decode() in SEVERAL
            model = (made_in_list if of_list else made)(reader, args[0])
        if model:
            text = excerpt(reader.content, call, MAX_TEXT)
            yield OrmQuery(
                reader.span(call),
                "jpa",
                model,
                text,
                in_loop=reader.in_loop(call),
                writes=True,
                inserts=True,
                scope=reader.scope(call),
            )


def made(reader: JvmReader, node: Node) -> str:
    """The class of an object that is made right here."""
    if node.type == "identifier":
        several = reader.assigned_here(reader.text(node), node)
        first = several[0] if several else None
        return made(reader, first) if first is not None and first.type != "identifier" else ""
    match = MADE.match(reader.text(node)[:200])
    return last_name(match[1]) if match is not None else ""


def made_in_list(reader: JvmReader, node: Node) -> str:
    """The class of the objects in a list that is made right here."""
    if node.type == "identifier":
        several = reader.assigned_here(reader.text(node), node)
        first = several[0] if several else None
        if first is None or first.type == "identifier":
            return ""
        node = first
    match = LISTED.search(reader.text(node)[:600])
    return last_name(match[1] or match[2]) if match is not None else ""
