"""Doctrine's migrations: SQL in `addSql(...)`, and the objects of its schema, in the way up.

Also Shopware's, which hand SQL to the connection: `$connection->executeStatement("ALTER TABLE ...")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import MEMBER_CALLS
from scaleaudit.languages.php.forward_steps import Walk, methods_of
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema
from scaleaudit.sql.doctrine_types import DOCTRINE_TYPES

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.forward_steps import Steps
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MIGRATION = regex(rb"\bextends\s+[\w\\]*Migration\w*\b")
MARKS = (b"addSql(", b"Schema $schema", b"$schemaClosure", b"Connection $connection")
# `changeSchema` is Nextcloud's, `update` Shopware's.
WAYS = ("up", "changeSchema", "update")
RUNS = frozenset({"executeStatement", "executeUpdate", "executeQuery", "exec"})
OPTIONAL = regex(rb"->\s*(addMissing(?:Unique)?Index)\s*\(")
MAX_OPTIONAL = 200  # of one file
MAX_SQL = 30_000  # characters of one statement
SELF = frozenset({"createTable", "getTable"})


def is_migration(reader: PhpReader) -> bool:
    content = reader.content
    return (
        b"Migration" in content
        and b"Illuminate\\" not in content
        and has_any(content, MARKS)
        and MIGRATION.search(content) is not None
    )


def steps(reader: PhpReader) -> Steps:
    for match in MIGRATION.finditer(reader.content):
        holder = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        for _ in range(4):
            if holder is None or holder.type == "class_declaration":
                break
            holder = holder.parent
        if holder is None or holder.type != "class_declaration":
            continue
        methods = methods_of(reader, holder)
        way = next((methods[name] for name in WAYS if name in methods), None)
        if way is not None:
            created: dict[str, TableDefined] = {}
            for fact in Walk(reader, methods, _step, {}).through(way.child_by_field_name("body")):
                if isinstance(fact, TableChanged) and fact.table in created:
                    created[fact.table] = _grown(created[fact.table], fact)
                elif isinstance(fact, TableDefined) and not fact.columns:
                    created[fact.table] = fact
                else:
                    yield _with_index(fact)
            yield from (_indexed(fact) for fact in created.values() if fact.columns)


def _step(walk: Walk, node: Node) -> Steps | None:
    start, links = chain(walk.reader, node)
    if not links or links[-1].call is None or walk.reader.text(start)[:1] != "$":
        return None
    name = links[-1].name
    args = walk.reader.arguments(links[-1].call)[0]
    if name == "addSql" or name in RUNS:
        return _sql(walk, args, node)
    table = _table(walk, start, links)
    if not table:
        return None
    own = [link for link in links if link.name not in SELF]
    if name in ("createTable", "dropTable", "renameTable"):
        return _whole(walk, name, args, node)
    return _inside(walk, table, own, node) if own and own[0].call is not None else None


def _sql(walk: Walk, args: list[Node], node: Node) -> Steps:
    text = walk.text(args[0]) if args else ""
    if text and len(text) <= MAX_SQL:
        line = walk.reader.span(node).line
        yield from read_schema(text, guess_dialect(text), first_line=line)


def _table(walk: Walk, start: Node, links: list[Link]) -> str:
    """The table of `$schema->getTable("x")->addIndex(...)`, and of a variable that holds one."""
    for link in links:
        if link.name in (*SELF, "dropTable", "renameTable") and link.call is not None:
            args = walk.reader.arguments(link.call)[0]
            return named(walk, args[0]) if args else ""
    value = scopes.last_assigned(walk.reader, walk.reader.text(start), start)
    if value is None:
        return ""
    inner, more = chain(walk.reader, value)
    made = [link for link in more if link.name in SELF]
    return _table(walk, inner, made) if made else ""


def named(walk: Walk, node: Node) -> str:
    """The table of `$table = "orders"; $table = $schema->createTable($table);` as well."""
    known = walk.text(node)
    if not known and node.type == "variable_name":
        known = walk.text(scopes.last_assigned(walk.reader, walk.reader.text(node), node))
    return known.lower()


def _whole(walk: Walk, name: str, args: list[Node], node: Node) -> Steps:
    at = walk.reader.span(node)
    table = named(walk, args[0]) if args else ""
    if not table:
        return
    if name == "createTable":
        yield TableDefined(at, table)
    elif name == "dropTable":
        yield TableChanged(at, table, "drop")
    elif len(args) > 1 and walk.text(args[1]):
        yield TableChanged(at, table, "rename", name=walk.text(args[1]).lower())


def _inside(walk: Walk, table: str, links: list[Link], node: Node) -> Steps:
    at, name, call = walk.reader.span(node), links[0].name, links[0].call
    if call is None:
        return
    args, keywords, _ = walk.reader.arguments(call)
    texts = [walk.texts(arg) for arg in args]
    first = texts[0] if texts else []
    label = texts[1][0] if len(texts) > 1 and texts[1] and args[1].type != "null" else ""
    if name in ("addColumn", "changeColumn", "modifyColumn") and first:
        kind = DOCTRINE_TYPES.get(label.lower(), label.upper())
        required = keywords.get("notnull")
        nullable = required is not None and walk.reader.text(required).lower() == "false"
        counts = "autoincrement" in keywords
        column = ColumnFact(first[0], kind, nullable, counts, at)
        action = "add-column" if name == "addColumn" else "alter-type"
        yield TableChanged(at, table, action, column=column)
    elif name in ("addIndex", "addUniqueIndex", "addUniqueConstraint") and first:
        fact = IndexFact(tuple(first), label, unique=name != "addIndex", at=at)
        yield TableChanged(at, table, "add-index", index=fact)
    elif name == "setPrimaryKey" and first:
        fact = IndexFact(tuple(first), "primary", unique=True, primary=True, at=at)
        yield TableChanged(at, table, "add-index", index=fact)
    elif name == "addForeignKeyConstraint" and len(texts) > 2 and texts[1]:
        target = first[0] if first else _table(walk, *chain(walk.reader, args[0]))
        if target:
            key = ForeignKeyFact(tuple(texts[1]), target.lower(), tuple(texts[2]), at)
            yield TableChanged(at, table, "add-foreign-key", foreign_key=key)
    elif name == "dropColumn" and first:
        yield TableChanged(at, table, "drop-column", name=first[0])
    elif name == "dropIndex" and first:
        yield TableChanged(at, table, "drop-index", name=first[0])
    elif name == "renameColumn" and first and label:
        yield TableChanged(at, table, "rename-column", column=ColumnFact(first[0], ""), name=label)
    elif name == "dropPrimaryKey":
        yield TableChanged(at, table, "drop-primary-key")


def _grown(table: TableDefined, fact: TableChanged) -> TableDefined:
    """A table that is created by one statement for each column."""
    columns = (*table.columns, fact.column) if fact.column is not None else table.columns
    indexes = (*table.indexes, fact.index) if fact.index is not None else table.indexes
    keys = (*table.foreign_keys, fact.foreign_key) if fact.foreign_key else table.foreign_keys
    return TableDefined(table.at, table.table, columns, indexes, keys)


def _with_index(fact: TableDefined | TableChanged) -> TableDefined | TableChanged:
    """The same for a key of a table that is there."""
    key = fact.foreign_key if isinstance(fact, TableChanged) else None
    return replace(fact, index=IndexFact(key.columns, at=key.at)) if key is not None else fact


def optional_indexes(reader: PhpReader) -> Steps:
    """`$event->addMissingIndex("orders", "by_state", ["state"])`, which Nextcloud makes on demand."""
    for _, match in zip(range(MAX_OPTIONAL), OPTIONAL.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = leaf.parent if leaf is not None else None
        if call is None or call.type not in MEMBER_CALLS:
            continue
        walk = Walk(reader, {}, _step, {})
        texts = [walk.texts(arg) for arg in reader.arguments(call)[0][:3]]
        if len(texts) == 3 and texts[0] and texts[1] and texts[2]:
            at, unique = reader.span(call), match[1] == b"addMissingUniqueIndex"
            index = IndexFact(tuple(texts[2]), texts[1][0], unique=unique, at=at)
            yield TableChanged(at, texts[0][0].lower(), "add-index", index=index)


def _indexed(table: TableDefined) -> TableDefined:
    """The library makes an index for each key that no index begins with."""
    indexes = list(table.indexes)
    for key in table.foreign_keys:
        if not any(index.columns[: len(key.columns)] == key.columns for index in indexes):
            indexes.append(IndexFact(key.columns, at=key.at))
    return TableDefined(table.at, table.table, table.columns, tuple(indexes), table.foreign_keys)
