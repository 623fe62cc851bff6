"""What each line of a Sequel migration does to its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.ruby.blocks import body_of, calls_in
from scaleaudit.languages.ruby.migration_loops import texts
from scaleaudit.languages.ruby.rails_schema import Dumped
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

TYPES = {
    "String": "VARCHAR", "Integer": "INT", "Fixnum": "INT", "Bignum": "BIGINT", "Float": "DOUBLE",
    "BigDecimal": "DECIMAL", "Numeric": "DECIMAL", "Date": "DATE", "DateTime": "TIMESTAMP", "Time": "TIMESTAMP",
    "File": "BLOB", "TrueClass": "BOOLEAN", "FalseClass": "BOOLEAN", "Bool": "BOOLEAN",
}  # fmt: skip
# Before this version a new column of a table that stands took no notice of `index: true`.
INDEXES_NEW_COLUMNS = ("sequel", "5.56")
NO_COLUMNS = frozenset(
    {"constraint", "check", "spatial_index", "full_text_index", "exclude", "partition_by"}
)


class Lines(Gathering):
    """`names`: what the variables of the loops around stand for now."""

    reader: RubyReader
    names: dict[str, str]

    def texts(self, node: Node | None) -> list[str]:
        return texts(self.reader, node, self.names)


def table_name(lines: Lines, args: list[Node]) -> str:
    named = args[0] if args else None
    if named is not None and named.type == "constant":
        named = lines.reader.constants.get(lines.reader.hint(named), named)
    found = lines.texts(named)
    return found[0].rpartition("__")[2].rpartition(".")[2].lower() if len(found) == 1 else ""


def created(lines: Lines, call: Node, table: str) -> TableDefined:
    draft = Dumped(table, lines.reader.span(call))
    for inner in calls_in(body_of(call)):
        args, options, _ = lines.reader.arguments(inner)
        for fact in item(lines, inner, table, lines.reader.method_name(inner), args, options):
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
    lines: Lines,
    call: Node,
    table: str,
    kind: str,
    args: list[Node],
    options: dict[str, Node],
) -> Iterator[TableChanged]:
    """One line in the block of a table."""
    at = lines.reader.span(call)
    names = tuple(lines.texts(args[0])) if args else ()
    if not names or kind in NO_COLUMNS:
        return
    if kind == "primary_key":
        if len(names) == 1 and (args[0].type != "array"):
            kind_of_key = type_of(lines, options.get("type")) or "INT"
            column = ColumnFact(names[0], kind_of_key, nullable=False, auto_increment=True, at=at)
            yield TableChanged(at, table, "add-column", column=column)
        key = IndexFact(names, unique=True, primary=True, at=at)
        yield TableChanged(at, table, "add-index", index=key)
    elif kind in ("index", "unique"):
        columns = tuple(each if each.isidentifier() else f"({each})" for each in names)
        unique = kind == "unique" or true(lines, options, "unique")
        ending = "key" if kind == "unique" else "index"
        name = option(lines, options, "name") or f"{table}_{'_'.join(columns)}_{ending}"
        method = option(lines, options, "type")
        full = IndexFact(
            columns, name, unique, where=condition(lines, options.get("where")),
            method="" if method == "btree" else method, at=at,
        )  # fmt: skip
        concurrent = true(lines, options, "concurrently")
        yield TableChanged(at, table, "add-index", index=full, online=concurrent)
    elif kind == "foreign_key":
        target = table_name(lines, args[1:2])
        if args[0].type != "array":
            column = ColumnFact(
                names[0],
                type_of(lines, options.get("type")) or "INT",
                nullable(lines, options),
                at=at,
            )
            yield TableChanged(at, table, "add-column", column=column)
        if target:
            referred = tuple(lines.texts(options.get("key")))
            key_fact = ForeignKeyFact(names, target, referred, at, option(lines, options, "name"))
            yield TableChanged(at, table, "add-foreign-key", foreign_key=key_fact)
        yield from own_indexes(lines, call, table, names, options)
    elif (
        kind.isidentifier()
    ):  # `column :code, String`, `String :code`, and any word as a type: `Uuid :code`
        written = (
            type_of(lines, args[1])
            if kind == "column" and len(args) > 1
            else TYPES.get(kind, kind.upper())
        )
        column = ColumnFact(names[0], written, nullable(lines, options), at=at)
        yield TableChanged(at, table, "add-column", column=column)
        yield from own_indexes(lines, call, table, names, options)


def own_indexes(
    lines: Lines, call: Node, table: str, names: tuple[str, ...], options: dict[str, Node]
) -> Iterator[TableChanged]:
    """`index: true`, `unique: true` and `primary_key: true` of a column."""
    at = lines.reader.span(call)
    for option in ("index", "unique", "primary_key"):
        given = options.get(option)
        if given is None or lines.reader.hint(given) in ("false", "nil"):
            continue
        primary = option == "primary_key"
        ending = "index" if option == "index" else "key"
        unique = option != "index" or (
            given.type == "hash" and "unique" in lines.reader.members(given)
        )
        name = "" if primary else f"{table}_{'_'.join(names)}_{ending}"
        yield TableChanged(
            at, table, "add-index", index=IndexFact(names, name, unique, primary, at=at)
        )


def changed(
    lines: Lines,
    call: Node,
    table: str,
    name: str,
    args: list[Node],
    options: dict[str, Node],
) -> Iterator[TableChanged]:
    """A line of `alter_table`, or the same said of a table from outside."""
    at = lines.reader.span(call)
    given = lines.texts(args[0]) if args else []
    if not given:
        return
    if name in ("add_index", "add_foreign_key", "add_primary_key", "add_unique_constraint"):
        kind = name.removeprefix("add_").removesuffix("_constraint")
        steps = item(lines, call, table, kind, args, options)
        yield from later(steps) if kind == "foreign_key" else steps
    elif name == "add_column":
        yield from later(item(lines, call, table, "column", args, options))
    elif name == "drop_foreign_key" and args[0].type.endswith("array"):
        key = option(lines, options, "name") or f"{table}_{'_'.join(given)}_fkey"
        yield TableChanged(at, table, "drop-foreign-key", name=key)
    elif name == "drop_constraint":
        kind = option(lines, options, "type")
        action = "drop-foreign-key" if kind == "foreign_key" else "drop-index"
        yield TableChanged(at, table, action, name=given[0])
    elif name in ("drop_column", "drop_foreign_key"):
        for each in given:
            yield TableChanged(at, table, "drop-column", name=each)
    elif name == "drop_index":
        named = option(lines, options, "name")
        columns = tuple(given)
        usual = f"{table}_{'_'.join(columns)}_index"
        same = None if named else IndexFact(columns, at=at)
        yield TableChanged(at, table, "drop-index", index=same, name=named or usual)
    elif name == "rename_column" and len(args) > 1:
        new = (lines.texts(args[1]) or [""])[0]
        if new:
            yield TableChanged(
                at, table, "rename-column", column=ColumnFact(given[0], ""), name=new
            )
    elif name == "set_column_type" and len(args) > 1:
        column = ColumnFact(given[0], type_of(lines, args[1]), at=at)
        yield TableChanged(at, table, "alter-type", column=column)


def later(steps: Iterator[TableChanged]) -> Iterator[TableChanged]:
    """The steps of a new column: its index is made by later versions only."""
    for step in steps:
        plain = step.index is not None and not step.index.unique and not step.index.primary
        yield msgspec.structs.replace(step, since=INDEXES_NEW_COLUMNS) if plain else step


def join_table(lines: Lines, call: Node) -> Iterator[TableDefined]:
    """`create_join_table(artist_id: :artists, tag_id: :tags)`: a key of both, an index turned round."""
    options = lines.reader.arguments(call)[1]
    pairs = [
        (key, (lines.texts(node) or [""])[0])
        for key, node in options.items()
        if key.endswith("_id")
    ]
    if len(pairs) != 2 or not all(target for _, target in pairs):
        return
    at = lines.reader.span(call)
    (one, first), (two, second) = pairs
    yield TableDefined(
        at,
        "_".join(sorted((first, second))),
        tuple(ColumnFact(each, "INT", nullable=False, at=at) for each in (one, two)),
        (IndexFact((one, two), unique=True, primary=True, at=at), IndexFact((two, one), at=at)),
        (ForeignKeyFact((one,), first, at=at), ForeignKeyFact((two,), second, at=at)),
    )


def nullable(lines: Lines, options: dict[str, Node]) -> bool:
    given = options.get("null", options.get("allow_null"))
    return given is None or lines.reader.hint(given) != "false"


def type_of(lines: Lines, node: Node | None) -> str:
    if node is None:
        return ""
    written = lines.reader.constant_name(node) or (lines.texts(node) or [""])[0]
    return TYPES.get(written, written.partition("(")[0].strip().upper())


def option(lines: Lines, options: dict[str, Node], name: str) -> str:
    return (lines.texts(options.get(name)) or [""])[0]


def true(lines: Lines, options: dict[str, Node], name: str) -> bool:
    given = options.get(name)
    return given is not None and lines.reader.hint(given) == "true"


def condition(lines: Lines, node: Node | None) -> str:
    """The condition of a partial index as SQL: `{closed_at: nil}`, `Sequel.~(tag: nil)`, a text."""
    if node is None:
        return ""
    reader = lines.reader
    if node.type == "hash":
        return filled(lines, reader.members(node), negated=False)
    if node.type == "call" and reader.method_name(node) in ("~", "negate", "lit"):
        args, options, _ = reader.arguments(node)
        if options:
            return filled(lines, options, negated=True)
        node = args[0] if args else node
    return (lines.texts(node) or ["?"])[0]


def filled(lines: Lines, members: dict[str, Node], *, negated: bool) -> str:
    parts = []
    for name, node in members.items():
        empty = node.type == "nil"
        word = "IS" if empty else "="
        if negated:
            word = "IS NOT" if empty else "<>"
        value = "NULL" if empty else (lines.texts(node) or [lines.reader.hint(node)])[0]
        value = value if empty or value in ("true", "false") or value.isdigit() else f"'{value}'"
        parts.append(f"{name} {word} {value}")
    return " AND ".join(parts) or "?"
