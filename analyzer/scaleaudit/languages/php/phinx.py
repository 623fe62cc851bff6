"""Migrations of Phinx, which CakePHP's are too: `$this->table("orders")->addColumn(...)->create()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.forward_steps import Walk, class_at, methods_of, standing
from scaleaudit.languages.php.names import chain
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.forward_steps import Steps
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.source import Span

MIGRATION = regex(rb"\bextends\s+[\w\\]*Migration\w*\b")
FORWARD = ("change", "up")
MAX_SQL = 20_000  # characters of one statement
TYPES = {
    "string": "VARCHAR", "char": "CHAR", "text": "TEXT", "integer": "INT", "biginteger": "BIGINT",
    "smallinteger": "SMALLINT", "tinyinteger": "TINYINT", "boolean": "BOOLEAN", "date": "DATE",
    "datetime": "TIMESTAMP", "timestamp": "TIMESTAMP", "time": "TIME", "timestamptimezone": "TIMESTAMPTZ",
}  # fmt: skip
STAMPS = {
    "addTimestamps": ("created_at", "updated_at"),
    "addTimestampsWithTimezone": ("created_at", "updated_at"),
}
ENDS = frozenset({"create", "save", "update", "saveData"})


class Pending(Gathering):
    """What is said of one table and not done yet."""

    key: tuple[str, ...] = ()  # of a table that is made; empty: none
    counted: bool = False  # the key counts up by itself
    steps: list[TableChanged] = msgspec.field(default_factory=list)


def is_migration(reader: PhpReader) -> bool:
    content = reader.content
    return (
        b"$this->table(" in content
        and b"Illuminate\\" not in content
        and b"Doctrine\\" not in content
        and MIGRATION.search(content) is not None
    )


def steps(reader: PhpReader) -> Steps:
    for match in MIGRATION.finditer(reader.content):
        holder = class_at(reader, match.start())
        if holder is None:
            continue
        methods = methods_of(reader, holder)
        way = next((methods[name] for name in FORWARD if name in methods), None)
        if way is not None:
            yield from Forward(reader).through(methods, way)


class Forward:
    """One way forward, which may say a table in one statement and make it in another."""

    def __init__(self, reader: PhpReader) -> None:
        self.reader = reader
        self.pending: dict[str, Pending] = {}

    def through(self, methods: dict[str, Node], way: Node) -> Steps:
        walk = Walk(self.reader, methods, self.step, {})
        yield from walk.through(way.child_by_field_name("body"))
        for pending in self.pending.values():
            yield from pending.steps

    def step(self, walk: Walk, node: Node) -> Steps | None:
        start, links = chain(walk.reader, node)
        if not links or links[-1].call is None:
            return None
        said = walk.reader.text(start)
        if said == "$this" and links[0].name in ("execute", "query"):
            return statement(walk, links[0])
        opened, own = links[0], links[1:]
        if said != "$this" and start.type == "variable_name":
            value = scopes.assigned(walk.reader, said, start)
            inner, before = chain(walk.reader, value) if value is not None else (start, [])
            if not before or walk.reader.text(inner) != "$this":
                return None
            opened, own = before[0], links
        if opened.name != "table" or opened.call is None:
            return None
        return self.done(walk, opened.call, own, walk.reader.span(node))

    def done(self, walk: Walk, opened: Node, links: list[Link], at: Span) -> Steps:
        args = walk.reader.arguments(opened)[0]
        table = walk.text(args[0]).lower() if args else ""
        if not table:
            return
        pending = self.pending.get(table)
        if pending is None:
            pending = self.pending[table] = Pending()
            options = dict(walk.elements(args[1])) if len(args) > 1 else {}
            pending.key, pending.counted = key_of(walk, options)
        for link in links:
            if link.call is None:
                continue
            pending.steps += changes(walk, table, link, at)
            if link.name in ENDS or link.name == "drop":
                grows = any(each.action == "add-column" for each in pending.steps)
                saved = link.name == "save" and grows and self.makes(table)
                made = link.name == "create" or saved
                yield from [created(table, pending, at)] if made else pending.steps
                pending.steps = []

    def makes(self, table: str) -> bool:
        """`save()` makes the table that the way back drops."""
        name = table.encode()
        gone = (b"dropTable('" + name + b"'", b"table('" + name + b"')->drop(")
        return any(each in self.reader.content.replace(b'"', b"'") for each in gone)


def key_of(walk: Walk, options: dict[str, Node]) -> tuple[tuple[str, ...], bool]:
    """`id` counts up by itself, unless options name another or none."""
    given = options.get("id")
    named = walk.texts(options.get("primary_key"))
    if given is None:
        return (tuple(named), False) if named else (("id",), True)
    name = walk.text(given)
    return ((name,), True) if name else (tuple(named), False)


def created(table: str, pending: Pending, at: Span) -> TableDefined:
    columns = [each.column for each in pending.steps if each.column is not None]
    indexes = [each.index for each in pending.steps if each.index is not None]
    keys = [each.foreign_key for each in pending.steps if each.foreign_key is not None]
    if pending.counted:
        columns.insert(0, ColumnFact(pending.key[0], "INT", False, True, at))
    if pending.key and not any(index.primary for index in indexes):
        indexes.insert(0, IndexFact(pending.key, "primary", unique=True, primary=True, at=at))
    return TableDefined(at, table, tuple(columns), tuple(indexes), tuple(keys))


def changes(walk: Walk, table: str, link: Link, at: Span) -> Iterator[TableChanged]:
    """What one call says of the table."""
    if link.call is None:
        return
    at = walk.reader.span(link.call.child_by_field_name("name") or link.call)
    args = walk.reader.arguments(link.call)[0]
    first = walk.texts(args[0]) if args else []
    second = walk.text(args[1]) if len(args) > 1 else ""
    options = dict(walk.elements(args[-1])) if len(args) > 1 else {}
    name = link.name
    if name in ("addColumn", "changeColumn") and first:
        column = ColumnFact(
            first[0],
            kind_of(walk, second, options),
            not says(walk, options, "null", "false"),
            says(walk, options, "identity", "true"),
            at,
        )
        action = "add-column" if name == "addColumn" else "alter-type"
        yield TableChanged(at, table, action, column=column)
    elif name in STAMPS:
        for given, usual in zip([*args, None, None], STAMPS[name], strict=False):
            stamp = ColumnFact(walk.text(given) or usual, "TIMESTAMP", at=at)
            yield TableChanged(at, table, "add-column", column=stamp)
    elif name in ("addIndex", "addPrimaryKey", "changePrimaryKey") and first:
        primary = name != "addIndex"
        index = IndexFact(
            tuple(first),
            "primary" if primary else walk.text(options.get("name")) or "_".join(first),
            unique=primary or says(walk, options, "unique", "true"),
            primary=primary,
            method="fulltext" if walk.text(options.get("type")) == "fulltext" else "",
            at=at,
        )
        yield TableChanged(at, table, "add-index", index=index)
    elif name == "addForeignKey" and first and second:
        referred = walk.texts(args[2]) if len(args) > 2 else ["id"]
        key = ForeignKeyFact(tuple(first), second.lower(), tuple(referred), at)
        yield TableChanged(at, table, "add-foreign-key", foreign_key=key)
    elif name == "removeColumn" and first:
        yield TableChanged(at, table, "drop-column", name=first[0])
    elif name == "renameColumn" and first and second:
        column = ColumnFact(first[0], "")
        yield TableChanged(at, table, "rename-column", column=column, name=second)
    elif name in ("removeIndex", "removeIndexByName") and first:
        yield TableChanged(at, table, "drop-index", name="_".join(first))
    elif name == "rename" and first:
        yield TableChanged(at, table, "rename", name=first[0].lower())
    elif name == "drop":
        yield TableChanged(at, table, "drop")


def kind_of(walk: Walk, written: str, options: dict[str, Node]) -> str:
    """`integer` with the limit `MysqlAdapter::INT_BIG` has 64 bits."""
    kind = TYPES.get(written.lower(), written.upper())
    limit = options.get("limit") or options.get("length")
    if kind == "INT" and limit is not None and walk.reader.text(limit).endswith("INT_BIG"):
        kind = "BIGINT"
    whole = kind.endswith("INT") and says(walk, options, "signed", "false")
    return f"{kind} UNSIGNED" if whole else kind


def says(walk: Walk, options: dict[str, Node], key: str, word: str) -> bool:
    given = options.get(key)
    return given is not None and walk.reader.text(given).lower() == word


def statement(walk: Walk, link: Link) -> Steps:
    args = walk.reader.arguments(link.call)[0] if link.call is not None else []
    text = walk.text(standing(walk.reader, args[0])) if args else ""
    if text and len(text) <= MAX_SQL and link.call is not None:
        line = walk.reader.span(link.call).line
        yield from read_schema(text, guess_dialect(text), first_line=line)
