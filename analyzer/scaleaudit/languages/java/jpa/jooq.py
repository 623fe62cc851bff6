"""Queries by jOOQ, whose generated classes bear the names of tables and columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Clause, Predicate, QueryFound
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.condition_lists import gathered_conditions
from scaleaudit.languages.java.jpa.flow import chains
from scaleaudit.languages.java.jpa.fluent import Asked, Column, column_of, condition, receiver_of
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_QUERIES = 500  # of one file
MAX_STEPS = 20_000  # expressions looked at in one file
MAX_TEXT = 200
MAX_OPTIONS = 20  # conditions of one query that are only sometimes asked
START = regex(rb"\.\s*(selectFrom|from|deleteFrom|delete|update|fetchExists|fetchCount|insertInto)\s*\(\s*[\w.]+\s*[),]")  # fmt: skip
NAME = regex(r"[A-Z][A-Z0-9_]*")
DOTTED = regex(r"[\w.`]+")
READS = frozenset({"from", "selectFrom", "join", "innerJoin", "leftJoin", "leftOuterJoin", "rightJoin",
                   "crossJoin", "fullJoin"})  # fmt: skip
WRITES = frozenset({"update", "deleteFrom", "delete", "insertInto"})
CONDITIONS = frozenset({"where", "and", "on", "having", "or"})
ONE_PAGE = frozenset({"limit", "fetchOne", "fetchOneInto", "fetchAny", "fetchSingle", "fetchOptional",
                      "fetchExists", "fetchOptionalInto", "fetchFirst"})  # fmt: skip
MAX_HANDED = 4  # levels between a query and the call that it is given to
ARGUMENT = frozenset(
    {"argument_list", "value_arguments", "value_argument", "parenthesized_expression"}
)
LOOPS = frozenset({"enhanced_for_statement", "for_statement"})
COUNTS = regex(r"^(?:selectCount|fetchCount)$|^(?:count|countDistinct|max|min|sum|avg)$")


class Found(Gathering):
    tables: dict[str, None]
    writes: dict[str, None]
    asked: Asked
    sorts: list[Column]
    options: list[Node] = msgspec.field(default_factory=list)
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    fetched: bool = False  # its rows are asked for right here


def jooq_queries(reader: JvmReader) -> Iterator[QueryFound]:
    if b"org.jooq" not in reader.content:
        return
    left = [MAX_STEPS]
    for call, top in chains(reader, START, MAX_QUERIES):
        yield from read(reader, call, top, left)


def read(reader: JvmReader, call: Node, top: Node, left: list[int]) -> Iterator[QueryFound]:
    """The query, and with each condition that is only sometimes asked."""
    found = Found({}, {}, Asked(left=left), [])

    def resolve(node: Node) -> Column | None:
        return column(reader, node)

    for link in reader.chain(top):
        if link.node is None:
            continue
        args = reader.arguments_of(link.node)
        take(reader, found, link.name, args, resolve)
    if not any((*found.tables, *found.writes)):
        return
    query = told(reader, call, top, found, found.asked)
    unsure = bool(found.options) and not query.predicates
    yield replace(query, partial=query.partial or unsure)
    for option in found.options[:MAX_OPTIONS]:
        asked = Asked(list(found.asked.compared), found.asked.groups, left=left)
        condition(reader, option, resolve, asked)
        if not asked.lost and len(asked.compared) > len(found.asked.compared):
            more = told(reader, call, top, found, asked)
            yield replace(more, at=reader.span(option), partial=query.partial)


def told(reader: JvmReader, call: Node, top: Node, found: Found, asked: Asked) -> QueryFound:
    plain = not (found.writes or found.aggregate or found.grouped)
    asked_here = bool(found.writes) or found.fetched or handed_to_fetch(reader, top)
    if plain and not asked_here:
        found.streamed = True  # a part of another query, or a start that its callers narrow
    predicates = [
        Predicate(
            each.column.owner, each.column.path, each.operator, each.clause, each.column.function,
            each.alternative, 0, each.group, each.branch, each.constant,
        )
        for each in asked.compared
    ]  # fmt: skip
    predicates += [Predicate(each.owner, each.path, "sort", Clause.SORT) for each in found.sorts]
    return QueryFound(
        reader.span(call),
        excerpt(reader.content, top, MAX_TEXT),
        tuple(name for name in found.tables if name),
        tuple(name for name in found.writes if name),
        tuple(predicates),
        limited=found.limited,
        aggregate=found.aggregate and not found.grouped,
        partial=asked.lost or "" in found.tables or "" in found.writes,
        in_loop=asked_here and reader.in_loop(call),
        streamed=found.streamed,
        library="jooq",
        scope=reader.scope(call),
        inserts=tuple(found.writes) if "insertInto" in reader.callee(call) else (),
        grouped=found.grouped,
    )


def handed_to_fetch(reader: JvmReader, top: Node) -> bool:
    """`dsl.fetch(query)`, or the rows of a loop."""
    for above, _ in zip(reader.ancestors(top), range(MAX_HANDED), strict=False):
        if above.type in LOOPS:
            return True
        if reader.is_call(above):
            return reader.chain(above)[-1].name.startswith("fetch")
        if above.type not in ARGUMENT:
            return False
    return False


def take(reader: JvmReader, found: Found, name: str, args: list[Node], resolve: object) -> None:
    if not callable(resolve):
        return
    if name in READS and args:
        for arg in args:
            found.tables[table(reader, arg)] = None
    elif name in WRITES and args:
        found.writes[table(reader, args[0])] = None
    elif name in CONDITIONS:
        before = len(found.asked.compared)
        for arg in args:
            built = gathered_conditions(reader, arg)
            for each in built.always if built is not None else [arg]:
                condition(reader, each, resolve, found.asked)
            if built is not None:
                found.options += built.options
                found.asked.lost |= not built.known
        if name == "or" and before:
            found.asked.lost = True
    elif name == "orderBy":
        for arg in args:
            inner = receiver_of(arg) if reader.is_call(arg) else arg
            sorted_by = column_of(reader, inner, resolve) if inner is not None else None
            if sorted_by is not None:
                found.sorts.append(sorted_by)
    elif name in ("groupBy", "selectDistinct", "distinct"):
        found.grouped = True
    elif name in ("fetchLazy", "fetchStream", "stream"):
        found.streamed = True
    elif name in ("union", "unionAll", "except", "intersect"):
        found.asked.lost = True
    found.limited |= name in ONE_PAGE
    found.fetched |= name.startswith("fetch")
    if COUNTS.match(name) or (name == "select" and args and counts(reader, args)):
        found.aggregate = True


def counts(reader: JvmReader, args: list[Node]) -> bool:
    called = [reader.chain(arg)[-1].name for arg in args if reader.is_call(arg)]
    return len(called) == len(args) and all(COUNTS.match(name) for name in called)


def column(reader: JvmReader, node: Node) -> Column | None:
    """`ORDERS.CODE`, `Tables.ORDERS.CODE`, `o.CODE` with `o = ORDERS.as("o")`."""
    text = re.sub(r"\s+", "", reader.text(node)[:200])
    if not DOTTED.fullmatch(text):
        return None
    owner, _, last = text.rpartition(".")
    if not owner or NAME.fullmatch(last) is None:
        return None
    name = table_named(reader, owner)
    return Column(name, last.lower()) if name else None


def table(reader: JvmReader, node: Node) -> str:
    """A table's name in lower case; empty when it is not known."""
    if reader.is_call(node):
        inner = receiver_of(node)
        name = reader.chain(node)[-1].name.strip("`")
        return table(reader, inner) if inner is not None and name == "as" else ""
    return table_named(reader, re.sub(r"\s+", "", reader.text(node)[:200]))


def table_named(reader: JvmReader, text: str, depth: int = 0) -> str:
    if not DOTTED.fullmatch(text) or depth > 2:
        return ""
    last = text.rpartition(".")[2]
    if NAME.fullmatch(last) is not None:
        return last.lower()
    if "." in text.removeprefix("this."):
        return ""
    held = re.search(
        rb"\b"
        + re.escape(last.encode())
        + rb"\s*(?::\s*\w+\s*)?=\s*([\w.]+?)(?:\.`?as`?\(|\s*[;\n,)])",
        reader.content,
    )
    return table_named(reader, held[1].decode(), depth + 1) if held is not None else ""
