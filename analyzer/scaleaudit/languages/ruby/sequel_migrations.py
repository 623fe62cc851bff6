"""Migrations of Sequel: `Sequel.migration do change do create_table(:orders) do ... end end end`.

What `up` and `change` do is read, `down` is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.ruby.blocks import body_of, calls_in, words
from scaleaudit.languages.ruby.rails_schema import Dumped, index
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

    Steps = Iterator[TableDefined | TableChanged]

START = regex(rb"^[ \t]*Sequel\.(migration)\b", 8)
FORWARD = frozenset({"up", "change"})
CREATES = frozenset({"create_table", "create_table?", "create_table!"})
MAX_STATEMENTS = 5_000
TYPES = {
    "String": "VARCHAR", "Integer": "INT", "Fixnum": "INT", "Bignum": "BIGINT", "Float": "DOUBLE",
    "BigDecimal": "DECIMAL", "Numeric": "DECIMAL", "Date": "DATE", "DateTime": "TIMESTAMP", "Time": "TIMESTAMP",
    "File": "BLOB", "TrueClass": "BOOLEAN", "FalseClass": "BOOLEAN", "Bool": "BOOLEAN",
}  # fmt: skip
NO_COLUMNS = frozenset(
    {"constraint", "check", "spatial_index", "full_text_index", "exclude", "partition_by"}
)


def sequel_migrations(reader: RubyReader) -> Steps:
    """The steps of a file's migration; nothing for any other file."""
    match = START.search(reader.content) if b"Sequel.migration" in reader.content else None
    leaf = reader.leaf_at(match.start(1)) if match is not None else None
    call = leaf.parent if leaf is not None else None
    if call is None or call.type != "call":
        return
    left = MAX_STATEMENTS
    for direction in calls_in(body_of(call)):
        if reader.method_name(direction) not in FORWARD:
            continue
        for statement in calls_in(body_of(direction)):
            left -= 1
            if left < 0:
                return
            yield from step(reader, statement)


def step(reader: RubyReader, call: Node) -> Steps:
    name = reader.method_name(call)
    args, options, _ = reader.arguments(call)
    if name == "create_join_table":
        yield from join_table(reader, call)
        return
    table = table_name(reader, args[:1])
    if not table:
        return
    if name in CREATES:
        yield created(reader, call, table)
    elif name == "alter_table":
        for inner in calls_in(body_of(call)):
            inner_args, inner_options, _ = reader.arguments(inner)
            yield from changed(
                reader, inner, table, reader.method_name(inner), inner_args, inner_options
            )
    elif name == "drop_table":
        for each in args:
            dropped = table_name(reader, [each])
            if dropped:
                yield TableChanged(reader.span(call), dropped, "drop")
    elif name == "rename_table":
        yield TableChanged(reader.span(call), table, "rename", name=table_name(reader, args[1:2]))
    else:
        yield from changed(reader, call, table, name, args[1:], options)


def table_name(reader: RubyReader, args: list[Node]) -> str:
    found = words(reader, args[0]) if args else []
    return found[0].rpartition("__")[2].rpartition(".")[2].lower() if len(found) == 1 else ""


def created(reader: RubyReader, call: Node, table: str) -> TableDefined:
    draft = Dumped(table, reader.span(call))
    for inner in calls_in(body_of(call)):
        args, options, _ = reader.arguments(inner)
        for fact in item(reader, inner, table, reader.method_name(inner), args, options):
            if fact.column is not None:
                draft.columns.setdefault(fact.column.name.lower(), fact.column)
            if fact.index is not None:
                draft.indexes.append(fact.index)
            if fact.foreign_key is not None:
                draft.foreign_keys.append(fact.foreign_key)
    return TableDefined(
        draft.at,
        table,
        tuple(draft.columns.values()),
        tuple(draft.indexes),
        tuple(draft.foreign_keys),
    )


def item(
    reader: RubyReader,
    call: Node,
    table: str,
    kind: str,
    args: list[Node],
    options: dict[str, Node],
) -> Iterator[TableChanged]:
    """One line in the block of a table."""
    at = reader.span(call)
    names = tuple(words(reader, args[0])) if args else ()
    if not names or kind in NO_COLUMNS:
        return
    if kind == "primary_key":
        if len(names) == 1 and (args[0].type != "array"):
            kind_of_key = type_of(reader, options.get("type")) or "INT"
            column = ColumnFact(names[0], kind_of_key, nullable=False, auto_increment=True, at=at)
            yield TableChanged(at, table, "add-column", column=column)
        key = IndexFact(names, unique=True, primary=True, at=at)
        yield TableChanged(at, table, "add-index", index=key)
    elif kind in ("index", "unique"):
        draft = Dumped(table, at)
        index(reader, draft, args, options, call)
        for each in draft.indexes:
            unique = each.unique or kind == "unique"
            name = (
                each.name
                or f"{table}_{'_'.join(each.columns)}_{'key' if kind == 'unique' else 'index'}"
            )
            full = IndexFact(
                each.columns, name, unique, where=each.where, method=each.method, at=at
            )
            given = options.get("concurrently")
            concurrent = given is not None and reader.hint(given) == "true"
            yield TableChanged(at, table, "add-index", index=full, online=concurrent)
    elif kind == "foreign_key":
        target = table_name(reader, args[1:2])
        if args[0].type != "array":
            column = ColumnFact(
                names[0],
                type_of(reader, options.get("type")) or "INT",
                nullable(reader, options),
                at=at,
            )
            yield TableChanged(at, table, "add-column", column=column)
        if target:
            key_fact = ForeignKeyFact(names, target, tuple(words(reader, options.get("key"))), at)
            yield TableChanged(at, table, "add-foreign-key", foreign_key=key_fact)
        yield from own_indexes(reader, call, table, names, options)
    elif kind == "column" or kind in TYPES or kind.islower():
        written = (
            type_of(reader, args[1])
            if kind == "column" and len(args) > 1
            else TYPES.get(kind, kind.upper())
        )
        column = ColumnFact(names[0], written, nullable(reader, options), at=at)
        yield TableChanged(at, table, "add-column", column=column)
        yield from own_indexes(reader, call, table, names, options)


def own_indexes(
    reader: RubyReader, call: Node, table: str, names: tuple[str, ...], options: dict[str, Node]
) -> Iterator[TableChanged]:
    """`index: true`, `unique: true` and `primary_key: true` of a column."""
    at = reader.span(call)
    for option in ("index", "unique", "primary_key"):
        given = options.get(option)
        if given is None or reader.hint(given) in ("false", "nil"):
            continue
        primary = option == "primary_key"
        ending = "index" if option == "index" else "key"
        unique = option != "index" or (given.type == "hash" and "unique" in reader.members(given))
        name = "" if primary else f"{table}_{'_'.join(names)}_{ending}"
        yield TableChanged(
            at, table, "add-index", index=IndexFact(names, name, unique, primary, at=at)
        )


def changed(
    reader: RubyReader,
    call: Node,
    table: str,
    name: str,
    args: list[Node],
    options: dict[str, Node],
) -> Iterator[TableChanged]:
    """A line of `alter_table`, or the same said of a table from outside."""
    at = reader.span(call)
    given = words(reader, args[0]) if args else []
    if not given:
        return
    if name in ("add_index", "add_foreign_key", "add_primary_key", "add_unique_constraint"):
        kind = name.removeprefix("add_").removesuffix("_constraint")
        yield from item(reader, call, table, kind, args, options)
    elif name == "add_column":
        yield from item(reader, call, table, "column", args, options)
    elif name in ("drop_column", "drop_foreign_key"):
        for each in given:
            yield TableChanged(at, table, "drop-column", name=each)
    elif name == "drop_index":
        named = (words(reader, options.get("name")) or [""])[0]
        columns = tuple(given)
        usual = f"{table}_{'_'.join(columns)}_index"
        same = None if named else IndexFact(columns, at=at)
        yield TableChanged(at, table, "drop-index", index=same, name=named or usual)
    elif name == "rename_column" and len(args) > 1:
        new = (words(reader, args[1]) or [""])[0]
        if new:
            yield TableChanged(
                at, table, "rename-column", column=ColumnFact(given[0], ""), name=new
            )
    elif name == "set_column_type" and len(args) > 1:
        column = ColumnFact(given[0], type_of(reader, args[1]), at=at)
        yield TableChanged(at, table, "alter-type", column=column)


def join_table(reader: RubyReader, call: Node) -> Steps:
    """`create_join_table(artist_id: :artists, tag_id: :tags)`: a key of both, an index turned round."""
    options = reader.arguments(call)[1]
    pairs = [
        (key, (words(reader, node) or [""])[0])
        for key, node in options.items()
        if key.endswith("_id")
    ]
    if len(pairs) != 2 or not all(target for _, target in pairs):
        return
    at = reader.span(call)
    (one, first), (two, second) = pairs
    yield TableDefined(
        at,
        "_".join(sorted((first, second))),
        tuple(ColumnFact(each, "INT", nullable=False, at=at) for each in (one, two)),
        (IndexFact((one, two), unique=True, primary=True, at=at), IndexFact((two, one), at=at)),
        (ForeignKeyFact((one,), first, at=at), ForeignKeyFact((two,), second, at=at)),
    )


def nullable(reader: RubyReader, options: dict[str, Node]) -> bool:
    given = options.get("null", options.get("allow_null"))
    return given is None or reader.hint(given) != "false"


def type_of(reader: RubyReader, node: Node | None) -> str:
    if node is None:
        return ""
    written = reader.constant_name(node) or (words(reader, node) or [""])[0]
    return TYPES.get(written, written.partition("(")[0].strip().upper())
