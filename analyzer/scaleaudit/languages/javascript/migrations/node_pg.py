"""Steps of node-pg-migrate: `pgm.createIndex("loans", ["reader_id"], { unique: true })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.javascript.migrations.columns import (
    Found,
    add_primary,
    add_unique,
    column_of_spec,
    sql_type,
)
from scaleaudit.regex import regex
from scaleaudit.sql import read_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration
    from scaleaudit.source import Span

    Steps = Iterator[TableDefined | TableChanged]

PLAIN = regex(r"\"?(\w+)\"?")
REFERENCED = regex(r"\s*([\w.\"]+)\s*(?:\(\s*\"?(\w+)\"?\s*\))?.*")


def create_table(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 1 else ""
    found = Found()
    if not name:
        return
    _columns(m, name, args[1], found)
    options = m.members(args[2]) if len(args) > 2 else {}
    _constraints(m, name, m.members(options.get("constraints")), found, m.reader.span(call))
    yield from found.defined(name, m.reader.span(call))


def add_columns(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 1 else ""
    if name:
        found = Found()
        _columns(m, name, args[1], found)
        yield from found.added(name)


def drop_columns(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 1 else ""
    for column in (m.texts(args[1]) or list(m.members(args[1]))) if name else ():
        yield TableChanged(m.reader.span(call), name, "drop-column", name=column)


def create_index(m: Migration, call: Node, args: list[Node]) -> Steps:
    name, columns = _indexed(m, args)
    if not name or not columns:
        return
    given = m.members(args[2]) if len(args) > 2 else {}
    unique, at = m.says(given.get("unique")), m.reader.span(call)
    method = m.text(given.get("method")).lower()
    index = IndexFact(
        tuple(columns),
        _called(m, name, columns, given),
        unique,
        where=m.text(given.get("where")) or ("?" if "where" in given else ""),
        method="" if method == "btree" else method,
        at=at,
    )
    yield TableChanged(at, name, "add-index", index=index)


def drop_index(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 1 else ""
    given = m.members(args[2]) if len(args) > 2 else {}
    _, columns = _indexed(m, args)
    if name and (columns or "name" in given):
        called = _called(m, name, columns, given)
        yield TableChanged(m.reader.span(call), name, "drop-index", name=called)


def add_constraint(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 2 else ""
    if not name:
        return
    at, called, written = m.reader.span(call), m.text(args[1]), m.text(args[2])
    if written:  # "UNIQUE (a, b)"
        constraint = f'CONSTRAINT "{called}" ' if called else ""
        text = f'ALTER TABLE "{name}" ADD {constraint}{written}'
        yield from read_schema(text, first_line=at.line)
        return
    found = Found()
    _constraints(m, name, m.members(args[2]), found, at, called)
    yield from found.keys_added(name)


def alter_column(m: Migration, call: Node, args: list[Node]) -> Steps:
    name, column = (m.table(args[0]), m.text(args[1])) if len(args) > 2 else ("", "")
    given = m.members(args[2]) if name else {}
    at = m.reader.span(call)
    if not name or not column:
        return
    if "type" in given:
        changed = ColumnFact(column, sql_type(m.text(given["type"])), at=at)
        yield TableChanged(at, name, "alter-type", column=changed)
    if m.says(given.get("notNull")):
        yield TableChanged(at, name, "set-not-null", name=column)


def _columns(m: Migration, table: str, node: Node, into: Found) -> None:
    for column, spec in m.members(node).items():
        kind = m.text(spec)
        if kind == "id":  # the usual key, by one word
            into.columns.append(ColumnFact(column, "INT", False, True, m.reader.span(spec)))
            add_primary(into, column)
            continue
        column_of_spec(m, table, column, spec, into)
        target = m.text(m.members(spec).get("references"))
        if target:  # a table with its column, which others write apart
            into.foreign_keys = [key for key in into.foreign_keys if key.columns != (column,)]
            into.foreign_keys.append(_key((column,), target, m.reader.span(spec)))


def _constraints(
    m: Migration, table: str, given: dict[str, Node], into: Found, at: Span, called: str = ""
) -> None:
    key = m.texts(given.get("primaryKey"))
    if key:
        into.indexes.append(IndexFact(tuple(key), called, True, True, at=at))
    unique = given.get("unique")
    lists = m.items(unique) if unique is not None else []
    nested = [m.texts(each) for each in lists if each.type == "array"]
    for columns in nested or [m.texts(unique)]:
        if columns:
            add_unique(into, tuple(columns), called or "_".join((table, *columns, "key")), at)
    keys = given.get("foreignKeys")
    for each in (m.items(keys) or [keys]) if keys is not None else ():
        tie = m.members(each)
        columns, target = m.texts(tie.get("columns")), m.text(tie.get("references"))
        if columns and target:
            into.foreign_keys.append(_key(tuple(columns), target, at))


def _key(columns: tuple[str, ...], target: str, at: Span) -> ForeignKeyFact:
    match = REFERENCED.fullmatch(target)
    table = match[1] if match is not None else target
    named = (match[2],) if match is not None and match[2] else ()
    return ForeignKeyFact(columns, table.rpartition(".")[2].strip('"').lower(), named, at=at)


def _indexed(m: Migration, args: list[Node]) -> tuple[str, list[str]]:
    """The table and the columns, an expression in parentheses; none where one is not known."""
    name = m.table(args[0]) if len(args) > 1 else ""
    listed = m.items(args[1]) if name else []
    found: list[str] = []
    for each in listed or args[1:2]:
        text = m.text(m.members(each).get("name")) or m.text(each)
        match = PLAIN.fullmatch(text)
        if not text:
            return name, []
        found.append(match[1] if match is not None else f"({text})")
    return name, found


def _called(m: Migration, table: str, columns: list[str], given: dict[str, Node]) -> str:
    words = "_".join("".join(c if c.isalnum() else "_" for c in each) for each in columns)
    unique = "unique_" if m.says(given.get("unique")) else ""
    return m.text(given.get("name")) or f"{table}_{words}_{unique}index"


STEPS: dict[str, Callable[[Migration, Node, list[Node]], Steps]] = {
    "createTable": create_table,
    "addColumns": add_columns,
    "addColumn": add_columns,
    "dropColumns": drop_columns,
    "dropColumn": drop_columns,
    "createIndex": create_index,
    "addIndex": create_index,
    "dropIndex": drop_index,
    "addConstraint": add_constraint,
    "createConstraint": add_constraint,
    "alterColumn": alter_column,
}
