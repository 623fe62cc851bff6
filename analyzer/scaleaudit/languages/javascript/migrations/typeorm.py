"""The objects that TypeORM's query runner takes: `new Table({...})`, `new TableIndex({...})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.javascript.migrations.columns import Found, add_primary, sql_type
from scaleaudit.sql import is_volatile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration

    Steps = Iterator[TableDefined | TableChanged]


def create(m: Migration, call: Node, table: Node) -> Steps:
    given = m.members(table)
    name = m.table(given.get("name"))
    if not name:
        return
    found = Found()
    for each in m.items(given.get("columns")):
        column(m, each, found)
    for each in m.items(given.get("indices")):
        found.indexes.extend(_index(m, each))
    for each in m.items(given.get("uniques")):
        found.indexes.extend(_index(m, each, unique=True))
    for each in m.items(given.get("foreignKeys")):
        found.foreign_keys.extend(_foreign_key(m, each))
    yield TableDefined(
        m.reader.span(call),
        name,
        tuple(found.columns),
        tuple(found.indexes),
        tuple(found.foreign_keys),
    )


def column(m: Migration, node: Node, into: Found) -> None:
    given = m.members(node)
    name = m.text(given.get("name"))
    if not name:
        return
    kind = sql_type(m.text(given.get("type")))
    primary = m.says(given.get("isPrimary"))
    auto = m.text(given.get("generationStrategy")) == "increment"
    at = m.reader.span(node)
    nullable = not primary and m.says(given.get("isNullable"))
    into.columns.append(ColumnFact(name, kind, nullable, auto, at))
    if is_volatile(m.text(given.get("default"))):
        into.computed.add(name)
    if primary:
        add_primary(into, name)
    elif m.says(given.get("isUnique")):
        into.indexes.append(IndexFact((name,), "", True, at=at))


def create_index(m: Migration, call: Node, args: list[Node]) -> Steps:
    table = m.table(args[0]) if len(args) > 1 else ""
    for each in (m.items(args[1]) or [args[1]]) if table else ():
        for index in _index(m, each):
            yield TableChanged(m.reader.span(call), table, "add-index", index=index)


def create_unique(m: Migration, call: Node, args: list[Node]) -> Steps:
    table = m.table(args[0]) if len(args) > 1 else ""
    for index in _index(m, args[1], unique=True) if table else ():
        yield TableChanged(m.reader.span(call), table, "add-index", index=index)


def create_primary_key(m: Migration, call: Node, args: list[Node]) -> Steps:
    table, columns = (m.table(args[0]), m.texts(args[1])) if len(args) > 1 else ("", [])
    if table and columns:
        at = m.reader.span(call)
        index = IndexFact(tuple(columns), "", True, True, at=at)
        yield TableChanged(at, table, "add-index", index=index)


def create_foreign_key(m: Migration, call: Node, args: list[Node]) -> Steps:
    table = m.table(args[0]) if len(args) > 1 else ""
    for each in (m.items(args[1]) or [args[1]]) if table else ():
        for key in _foreign_key(m, each):
            yield TableChanged(m.reader.span(call), table, "add-foreign-key", foreign_key=key)


def _index(m: Migration, node: Node, *, unique: bool = False) -> Iterator[IndexFact]:
    given = m.members(node)
    columns = m.texts(given.get("columnNames"))
    if columns:
        yield IndexFact(
            tuple(columns),
            m.text(given.get("name")),
            unique or m.says(given.get("isUnique")),
            where=m.text(given.get("where")),
            method="fulltext" if m.says(given.get("isFulltext")) else "",
            at=m.reader.span(node),
        )


def _foreign_key(m: Migration, node: Node) -> Iterator[ForeignKeyFact]:
    given = m.members(node)
    columns = m.texts(given.get("columnNames"))
    target = m.table(given.get("referencedTableName"))
    if columns and target:
        yield ForeignKeyFact(
            tuple(columns),
            target,
            tuple(m.texts(given.get("referencedColumnNames"))),
            m.reader.span(node),
            m.text(given.get("name")),
        )
