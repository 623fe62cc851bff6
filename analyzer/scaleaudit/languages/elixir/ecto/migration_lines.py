"""What each line in the block of a table does in an Ecto migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, TableChanged
from scaleaudit.languages.elixir.ecto.column_types import COUNTING, sql_type
from scaleaudit.languages.elixir.syntax import (
    arguments,
    atom,
    body,
    keywords,
    local_name,
    named,
    raw,
    unwrapped,
    word,
)
from scaleaudit.sql import is_volatile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.elixir.ecto.migrations import Migration

    Lines = Iterator[tuple[TableChanged, bool]]

MAX_LINES = 1_000  # of one table
ADDS = frozenset({"add", "add_if_not_exists"})
REMOVES = frozenset({"remove", "remove_if_exists"})
MAX_DEPTH = 6


def inside(m: Migration, table: str, statements: list[Node], depth: int = 0) -> Lines:
    """Each change, and whether its column is (a part of) the primary key."""
    for line, _ in zip(statements, range(MAX_LINES), strict=False):
        if line.type not in ("call", "identifier"):
            continue
        args, options = arguments(line) if line.type == "call" else ([], {})
        name = word(line) if line.type == "identifier" else local_name(line).decode()
        if name in ADDS:
            yield from added(m, line, table, args, options)
        elif name == "timestamps":
            yield from timestamps(m, line, table, options)
        elif name in REMOVES:
            for gone in m.texts(args[0]) if args else ():
                yield TableChanged(m.reader.span(line), table, "drop-column", name=gone), False
        elif name == "modify":
            yield from modified(m, line, table, args, options)
        elif name == "for":
            over = m.rounds(line, "", name)
            before = m.names
            for value in over[1] if over is not None else ():
                m.names = {**before, over[0] if over is not None else "": value}
                yield from inside(m, table, body(line), depth + 1)
            m.names = before
        elif name in m.functions and depth < MAX_DEPTH:
            yield from inside(m, table, body(m.functions[name][0]), depth + 1)
        elif name in ("if", "unless") and depth < MAX_DEPTH:
            yield from inside(m, table, body(line), depth + 1)


def added(
    m: Migration, line: Node, table: str, args: list[Node], options: dict[str, Node]
) -> Lines:
    name = m.text(args[0]) if args else ""
    if not name or len(args) < 2:
        return
    at = m.reader.span(line)
    tie = reference(m, line, name, args[1])
    kind = tie[0] if tie is not None else sql_type(m.meant(args[1]))
    primary = raw(options.get("primary_key")) == b"true"
    nullable = raw(options.get("null")) != b"false" and not primary
    counting = tie is None and atom(args[1]) in (COUNTING - {"id"})
    column = ColumnFact(name, kind, nullable, counting, at)
    default = default_kind(m, options.get("default"))
    yield TableChanged(at, table, "add-column", column=column, default=default), primary
    if tie is not None and tie[1] is not None:
        yield TableChanged(at, table, "add-foreign-key", foreign_key=tie[1], online=tie[2]), False


def reference(
    m: Migration, line: Node, column: str, node: Node
) -> tuple[str, ForeignKeyFact | None, bool] | None:
    """The type of the column, the key, and whether the rows that are there stay unchecked."""
    node = unwrapped(node)
    if local_name(node) != b"references":
        return None
    given, options = arguments(node)
    kind = sql_type(options["type"]) if "type" in options else "BIGINT"
    target = m.table(given[0]) if given else ""
    if not target:
        return kind, None, False
    referred = m.text(options.get("column")) or "id"
    key = ForeignKeyFact(
        (column,), target, (referred,), m.reader.span(line), m.text(options.get("name"))
    )
    return kind, key, raw(options.get("validate")) == b"false"


def default_kind(m: Migration, node: Node | None) -> str:
    if node is None or raw(node) == b"nil":
        return "none"
    node = unwrapped(node)
    if local_name(node) == b"fragment":
        given, _ = arguments(node)
        text = m.text(given[0]) if given else ""
        return "volatile" if is_volatile(text) else "constant"
    return "constant"


def timestamps(m: Migration, line: Node, table: str, options: dict[str, Node]) -> Lines:
    """Never NULL, unless the call says so."""
    at = m.reader.span(line)
    kind = sql_type(options.get("type")) or "TIMESTAMP"
    nullable = raw(options.get("null")) == b"true"
    for key in ("inserted_at", "updated_at"):
        given = options.get(key)
        if given is not None and raw(given) == b"false":
            continue
        fact = ColumnFact(atom(given) or key, kind, nullable, at=at)
        default = default_kind(m, options.get("default"))
        yield TableChanged(at, table, "add-column", column=fact, default=default), False


def modified(
    m: Migration, line: Node, table: str, args: list[Node], options: dict[str, Node]
) -> Lines:
    name = m.text(args[0]) if args else ""
    if not name or len(args) < 2:
        return
    at = m.reader.span(line)
    tie = reference(m, line, name, args[1])
    kind = tie[0] if tie is not None else sql_type(m.meant(args[1]))
    if kind != type_before(options.get("from")):
        column = ColumnFact(name, kind, at=at)
        if tie is None or "type" in keywords_of(args[1]):
            yield TableChanged(at, table, "alter-type", column=column), False
    if tie is not None and tie[1] is not None:
        yield TableChanged(at, table, "add-foreign-key", foreign_key=tie[1], online=tie[2]), False
    if raw(options.get("null")) == b"false":
        yield TableChanged(at, table, "set-not-null", name=name), False


def keywords_of(node: Node) -> dict[str, Node]:
    return arguments(unwrapped(node))[1]


def type_before(node: Node | None) -> str:
    """`from: :string`, `from: {:string, null: true}`"""
    if node is None:
        return ""
    inner = named(node) if node.type == "tuple" else []
    if len(inner) == 2 and keywords(inner[1]):
        node = inner[0]
    if local_name(unwrapped(node)) == b"references":
        given = keywords_of(node).get("type")
        return sql_type(given) if given is not None else "BIGINT"
    return sql_type(node)
