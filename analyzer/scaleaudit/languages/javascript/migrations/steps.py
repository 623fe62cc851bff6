"""What each call of a migration does to a table, told by its name and the shape of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.javascript.migrations import knex, typeorm
from scaleaudit.languages.javascript.migrations.columns import Found, add_unique, column_of_spec
from scaleaudit.languages.javascript.migrations.partial import condition_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration

    Steps = Iterator[TableDefined | TableChanged]

FUNCTIONS = frozenset({"arrow_function", "function_expression"})
LISTS = frozenset({"array"})


def create_table(m: Migration, call: Node, args: list[Node]) -> Steps:
    callback = _callback(args)
    if callback is not None:
        yield from knex.create(m, call, m.table(args[0]), callback)
        return
    if args and args[0].type == "new_expression":
        yield from typeorm.create(m, call, args[0])
        return
    name = m.table(args[0]) if args else ""
    members = m.members(args[1]) if len(args) > 1 else {}
    if "columns" in members and "type" not in m.members(members["columns"]):
        members = m.members(members["columns"])  # db-migrate: { columns, ifNotExists }
    if not name or not members:
        return
    found = Found()
    for column, spec in members.items():
        column_of_spec(m, name, column, spec, found)
    for called, key in m.members(m.members(args[-1]).get("uniqueKeys")).items():  # Sequelize
        columns = fields(m, m.members(key).get("fields"))
        if columns:
            add_unique(found, tuple(columns), called, m.reader.span(key))
    yield from found.defined(name, m.reader.span(call))


def change_table(m: Migration, call: Node, args: list[Node]) -> Steps:
    """Knex: `alterTable("t", (table) => ...)`."""
    callback = _callback(args)
    name = m.table(args[0]) if args else ""
    if callback is not None and name:
        yield from knex.change(m, name, callback)


def add_column(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if args else ""
    if not name or len(args) < 2:
        return
    found = Found()
    if args[1].type == "new_expression":
        typeorm.column(m, args[1], found)
    elif args[1].type in LISTS:
        for each in m.items(args[1]):
            typeorm.column(m, each, found)
    elif len(args) > 2 and m.text(args[1]):
        column_of_spec(m, name, m.text(args[1]), args[2], found)
    yield from found.added(name)


def change_column(m: Migration, call: Node, args: list[Node]) -> Steps:
    name, column = (m.table(args[0]), m.text(args[1])) if len(args) > 2 else ("", "")
    if not name or not column:
        return
    found = Found()
    column_of_spec(m, name, column, args[2], found)
    for each in found.columns:
        yield TableChanged(each.at, name, "alter-type", column=each)
        if not each.nullable and not any(index.primary for index in found.indexes):
            yield TableChanged(each.at, name, "set-not-null", name=each.name)
    yield from found.keys_added(name)


def remove_column(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 1 else ""
    for each in args[1:2] if name else ():
        members = m.members(each)
        columns = [m.text(members.get("name"))] if members else m.texts(each)
        for column in columns:
            if column:
                yield TableChanged(m.reader.span(call), name, "drop-column", name=column)


def rename_column(m: Migration, call: Node, args: list[Node]) -> Steps:
    if len(args) < 3:
        return
    name, old = m.table(args[0]), m.text(args[1])
    new = m.text(m.members(args[2]).get("name")) or m.text(args[2])
    if name and old and new:
        fact = ColumnFact(old, "")
        yield TableChanged(m.reader.span(call), name, "rename-column", column=fact, name=new)


def rename_table(m: Migration, call: Node, args: list[Node]) -> Steps:
    old, new = (m.table(args[0]), m.table(args[1])) if len(args) > 1 else ("", "")
    if old and new:
        yield TableChanged(m.reader.span(call), old, "rename", name=new)


def drop_table(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if args else ""
    if name:
        yield TableChanged(m.reader.span(call), name, "drop")


def add_index(m: Migration, call: Node, args: list[Node]) -> Steps:
    """Sequelize: `(t, [columns], {options})`, `(t, {fields})`; db-migrate: `(t, name, [columns], unique)`."""
    name = m.table(args[0]) if len(args) > 1 else ""
    if not name:
        return
    rest = args[1:]
    named = m.text(rest[0]) if rest[0].type in ("string", "template_string") else ""
    if named and len(rest) > 1:
        columns = m.texts(rest[1])
        unique = len(rest) > 2 and m.says(rest[2]) and m.reader.text(rest[2]) == "true"
        where = ""
    else:
        listed = None if rest[0].type == "object" else rest[0]
        given = m.members(rest[0] if listed is None else rest[1] if len(rest) > 1 else None)
        columns = fields(m, listed or given.get("fields"))
        unique = m.says(given.get("unique")) or m.text(given.get("type")).upper() == "UNIQUE"
        named = m.text(given.get("name") or given.get("indexName"))
        where = condition_text(m.reader, given.get("where"))
        named = named or "_".join((name, *columns))
    if columns:
        at = m.reader.span(call)
        index = IndexFact(tuple(columns), named, unique, where=where, at=at)
        yield TableChanged(at, name, "add-index", index=index)


def fields(m: Migration, node: Node | None) -> list[str]:
    """`["a", {name: "b", order: "DESC"}]`; none where one of them is not known."""
    found: list[str] = []
    if node is not None and node.type == "identifier":
        return m.texts(node)
    for each in m.items(node):
        members = m.members(each) if each.type == "object" else {}
        called = members.get("name") or members.get("attribute") or members.get("value")
        name = m.text(called) if members else m.text(each)
        if not name:
            return []
        found.append(name)
    return found


def remove_index(m: Migration, call: Node, args: list[Node]) -> Steps:
    """By name, or by the columns after which Sequelize names it."""
    if not args:
        return
    at = m.reader.span(call)
    names = m.texts(args[1]) if len(args) > 1 else []
    if len(args) == 1 or args[1].type in FUNCTIONS or (args[1].type == "identifier" and not names):
        yield TableChanged(at, "", "drop-index", name=m.text(args[0]))
        return
    table = m.table(args[0])
    listed = args[1].type in LISTS or len(names) > 1
    name = "_".join((table, *names)) if listed else (names or [""])[0]
    if table and name:
        yield TableChanged(at, table, "drop-index", name=name)


def add_constraint(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if len(args) > 1 else ""
    told = [m.members(each) for each in args[1:]] if name else []
    given = next((each for each in told if "type" in each), {})  # others hold a transaction
    columns = fields(m, given.get("fields")) or (fields(m, args[1]) if name else [])
    kind = m.text(given.get("type")).lower()
    at, called = m.reader.span(call), m.text(given.get("name"))
    if not columns:
        return
    if kind in ("unique", "primary key"):
        primary = kind != "unique"
        index = IndexFact(tuple(columns), called, True, primary, at=at)
        yield TableChanged(at, name, "add-index", index=index)
    elif kind == "foreign key":
        members = m.members(given.get("references"))
        target = m.table(members.get("table"))
        if target:
            tie = ForeignKeyFact(tuple(columns), target, at=at, name=called)
            yield TableChanged(at, name, "add-foreign-key", foreign_key=tie)


def add_foreign_key(m: Migration, call: Node, args: list[Node]) -> Steps:
    """db-migrate: `(table, other, name, {column: other's})`."""
    table, other = (m.table(args[0]), m.table(args[1])) if len(args) > 3 else ("", "")
    columns = tuple(m.members(args[3])) if table else ()
    if table and other and columns:
        at = m.reader.span(call)
        tie = ForeignKeyFact(columns, other, at=at, name=m.text(args[2]))
        yield TableChanged(at, table, "add-foreign-key", foreign_key=tie)


def seeded(m: Migration, call: Node, args: list[Node]) -> Steps:
    name = m.table(args[0]) if args else ""
    if name:
        yield TableChanged(m.reader.span(call), name, "seed")


def bulk_update(m: Migration, call: Node, args: list[Node]) -> Steps:
    """Sequelize: `(table, values, where)`; without a condition it writes every row."""
    name = m.table(args[0]) if len(args) > 1 else ""
    if name and (len(args) < 3 or m.reader.text(args[2]).strip() in ("{}", "null", "undefined")):
        yield TableChanged(m.reader.span(call), name, "backfill")


def _callback(args: list[Node]) -> Node | None:
    return args[1] if len(args) > 1 and args[1].type in FUNCTIONS else None


STEPS: dict[str, Callable[[Migration, Node, list[Node]], Steps]] = {
    "createTable": create_table,
    "createTableIfNotExists": create_table,
    "table": change_table,
    "alterTable": change_table,
    "addColumn": add_column,
    "addColumns": add_column,
    "changeColumn": change_column,
    "removeColumn": remove_column,
    "dropColumn": remove_column,
    "dropColumns": remove_column,
    "renameColumn": rename_column,
    "renameTable": rename_table,
    "dropTable": drop_table,
    "dropTableIfExists": drop_table,
    "addIndex": add_index,
    "removeIndex": remove_index,
    "removeConstraint": remove_index,
    "dropIndex": remove_index,
    "dropUniqueConstraint": remove_index,
    "dropForeignKey": remove_index,
    "addConstraint": add_constraint,
    "addForeignKey": add_foreign_key,
    "createIndex": typeorm.create_index,
    "createIndices": typeorm.create_index,
    "createUniqueConstraint": typeorm.create_unique,
    "createPrimaryKey": typeorm.create_primary_key,
    "createForeignKey": typeorm.create_foreign_key,
    "createForeignKeys": typeorm.create_foreign_key,
    "bulkInsert": seeded,
    "bulkUpdate": bulk_update,
}
