"""What each line in the block of a Rails migration does to its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged
from scaleaudit.inflection import plural, singular
from scaleaudit.languages.ruby.blocks import calls_in
from scaleaudit.languages.ruby.migration_safety import (
    default_kind,
    index_is_concurrent,
    key_is_unchecked,
)
from scaleaudit.languages.ruby.rails_schema import Dumped, column, index, sql_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.rails_migrations import Migration

    Options = dict[str, Node]

NO_COLUMNS = frozenset(
    [
        "exclusion_constraint",
        "change_default",
        "remove_timestamps",
        "remove_check_constraint",
        "remove_foreign_key",
    ]
)
OF_LOOPS = frozenset({"identifier", "array", "delimited_symbol"})
REFERENCES = frozenset({"references", "belongs_to"})


def inside(m: Migration, table: str, body: Node | None) -> Iterator[TableChanged]:
    """`t.string :name, :code`, `t.references :user`, `t.index [...]`, `t.remove :x`."""
    for call in calls_in(body):
        kind = m.reader.method_name(call)
        args, options, _ = m.reader.arguments(call)
        if kind == "timestamps":
            yield from timestamps(m, call, [], options, table)
        elif kind in REFERENCES:
            for each in args:
                yield from reference(m, call, table, m.texts(each), options)
        elif kind == "index":
            yield from indexed(m, call, table, args, options)
        elif kind == "remove_index":
            yield from dropped_index(m, call, table, args, options)
        elif kind == "rename_index":
            yield from renamed_index(m, call, table, m.text(args, 0), m.text(args, 1))
        elif kind == "remove_references" or kind == "remove_belongs_to":
            for each in args:
                for name in m.texts(each):
                    yield from without_reference(m, call, table, name)
        elif kind == "foreign_key":
            yield from tied(m, call, table, m.table(args), options)
        elif kind == "remove":
            for each in args:
                for name in m.texts(each):
                    yield TableChanged(m.reader.span(call), table, "drop-column", name=name)
        elif kind == "rename":
            yield from renamed_column(m, call, table, m.text(args, 0), m.text(args, 1))
        elif kind == "change":
            yield from changed(m, call, table, args, options)
        elif kind == "change_null":
            yield from refusing(m, call, table, args)
        elif kind == "check_constraint":
            yield from checked(m, call, table, args, options)
        elif kind == "unique_constraint":
            yield from unique_key(m, call, table, args, options)
        elif kind == "column":
            yield from added(m, call, table, m.text(args, 1), args[:1], options)
        elif kind not in NO_COLUMNS:
            yield from added(m, call, table, kind, args, options)


def added(
    m: Migration, call: Node, table: str, kind: str, args: list[Node], options: Options
) -> Iterator[TableChanged]:
    draft = Dumped(table, m.reader.span(call))
    for each in args:
        column(m.reader, draft, kind, [each], options, call)
    for fact in draft.columns.values():
        yield TableChanged(
            draft.at, table, "add-column", column=fact, default=default_kind(m, options)
        )
        yield from with_index(m, call, table, (fact.name,), options.get("index"), False)


def with_index(
    m: Migration, call: Node, table: str, columns: tuple[str, ...], given: Node | None, usual: bool
) -> Iterator[TableChanged]:
    """`index: true`, `index: { unique: true }`, or what this version does unasked."""
    wanted = usual if given is None else m.reader.hint(given) != "false"
    if not wanted:
        return
    own = m.reader.members(given) if given is not None and given.type == "hash" else {}
    unique = own.get("unique")
    name = m.option(own, "name") or usual_name(table, columns)
    fact = IndexFact(
        columns,
        name,
        unique=unique is not None and m.reader.hint(unique) == "true",
        where=m.option(own, "where"),
        at=m.reader.span(call),
    )
    concurrent = index_is_concurrent(m, given)
    yield TableChanged(fact.at, table, "add-index", index=fact, online=concurrent)


def reference(
    m: Migration, call: Node, table: str, names: list[str], options: Options
) -> Iterator[TableChanged]:
    at = m.reader.span(call)
    kind = m.option(options, "type")
    written = sql_type(m.reader, kind, {}) if kind else "BIGINT" if m.wide else "INT"
    polymorphic = options.get("polymorphic")
    both = polymorphic is not None and m.reader.hint(polymorphic) != "false"
    for name in names:
        columns = (f"{name}_type", f"{name}_id") if both else (f"{name}_id",)
        for each in columns:
            type_ = "VARCHAR" if each.endswith("_type") else written
            fact = ColumnFact(each, type_, not refused(m, options), at=at)
            yield TableChanged(at, table, "add-column", column=fact)
        yield from with_index(m, call, table, columns, options.get("index"), m.indexing)
        key = options.get("foreign_key")
        if key is not None and m.reader.hint(key) != "false" and not both:
            own = m.reader.members(key) if key.type == "hash" else {}
            target = m.option(own, "to_table").lower() or plural(name)
            tie = ForeignKeyFact((columns[-1],), target, at=at)
            unchecked = key_is_unchecked(m, key)
            yield TableChanged(at, table, "add-foreign-key", foreign_key=tie, online=unchecked)


def refused(m: Migration, options: Options) -> bool:
    """`null: false`"""
    given = options.get("null")
    return given is not None and m.reader.hint(given) == "false"


def dropped_index(
    m: Migration, call: Node, table: str, args: list[Node], options: Options
) -> Iterator[TableChanged]:
    """By name, or by its columns whatever it is called."""
    columns = tuple(m.texts(options.get("column")) or (m.texts(args[0]) if args else []))
    given = m.option(options, "name")
    name = given or (usual_name(table, columns) if columns else "")
    if name:
        at = m.reader.span(call)
        same = IndexFact(columns, at=at) if columns and not given else None
        yield TableChanged(at, table, "drop-index", index=same, name=name)


def renamed_index(
    m: Migration, call: Node, table: str, old: str, new: str
) -> Iterator[TableChanged]:
    if old and new:
        at = m.reader.span(call)
        yield TableChanged(at, table, "rename-index", index=IndexFact((), old, at=at), name=new)


def without_reference(m: Migration, call: Node, table: str, name: str) -> Iterator[TableChanged]:
    for ending in ("_id", "_type"):
        yield TableChanged(m.reader.span(call), table, "drop-column", name=f"{name}{ending}")


def timestamps(
    m: Migration, call: Node, args: list[Node], options: Options, table: str = ""
) -> Iterator[TableChanged]:
    """Never NULL since Rails 5, as references have an index since then."""
    table, at = table or m.table(args), m.reader.span(call)
    given = options.get("null")
    nullable = not m.indexing if given is None else m.reader.hint(given) != "false"
    for name in ("created_at", "updated_at") if table else ():
        fact = ColumnFact(name, "TIMESTAMP", nullable, at=at)
        yield TableChanged(at, table, "add-column", column=fact)


def indexed(
    m: Migration, call: Node, table: str, args: list[Node], options: Options
) -> Iterator[TableChanged]:
    draft = Dumped(table, m.reader.span(call))
    computed = bool(args) and bool(m.names) and args[0].type in OF_LOOPS
    of_loop = m.texts(args[0]) if computed else []
    if of_loop:
        unique = (node := options.get("unique")) is not None and m.reader.hint(node) == "true"
        draft.indexes.append(
            IndexFact(
                tuple(of_loop), m.option(options, "name"), unique,
                where=m.option(options, "where"), at=draft.at,
            )
        )  # fmt: skip
    else:
        index(m.reader, draft, args, options, call)
    for fact in draft.indexes:
        name = fact.name or usual_name(table, fact.columns)
        named = msgspec.structs.replace(fact, name=name)
        yield TableChanged(draft.at, table, "add-index", index=named)


def usual_name(table: str, columns: tuple[str, ...]) -> str:
    return f"index_{table}_on_{'_and_'.join(columns)}"


def tied(
    m: Migration, call: Node, table: str, target: str, options: Options
) -> Iterator[TableChanged]:
    if not target:
        return
    at = m.reader.span(call)
    columns = tuple(m.texts(options.get("column"))) or (f"{singular(target)}_id",)
    tie = ForeignKeyFact(columns, target, at=at, name=m.option(options, "name"))
    yield TableChanged(at, table, "add-foreign-key", foreign_key=tie)


def renamed_column(
    m: Migration, call: Node, table: str, old: str, new: str
) -> Iterator[TableChanged]:
    if old and new:
        yield TableChanged(
            m.reader.span(call), table, "rename-column", column=ColumnFact(old, ""), name=new
        )


def changed(
    m: Migration, call: Node, table: str, args: list[Node], options: Options
) -> Iterator[TableChanged]:
    name, kind = m.text(args, 0), m.text(args, 1)
    if name and kind:
        at = m.reader.span(call)
        fact = ColumnFact(name, sql_type(m.reader, kind, options), at=at)
        yield TableChanged(at, table, "alter-type", column=fact)
        if refused(m, options):
            yield TableChanged(at, table, "set-not-null", name=name)


def refusing(m: Migration, call: Node, table: str, args: list[Node]) -> Iterator[TableChanged]:
    """`change_column_null :orders, :state, false`; a value for the rows before is a backfill."""
    name = m.text(args, 0)
    if name and len(args) > 1 and m.reader.hint(args[1]) == "false":
        yield TableChanged(m.reader.span(call), table, "set-not-null", name=name)


def checked(
    m: Migration, call: Node, table: str, args: list[Node], options: Options
) -> Iterator[TableChanged]:
    text = m.text(args, 0)
    if text:
        validate = options.get("validate")
        unchecked = validate is not None and m.reader.hint(validate) == "false"
        at = m.reader.span(call)
        yield TableChanged(at, table, "add-check", name=text.lower(), online=unchecked)


def unique_key(
    m: Migration, call: Node, table: str, args: list[Node], options: Options
) -> Iterator[TableChanged]:
    columns = tuple(m.texts(args[0])) if args else ()
    if columns:
        at = m.reader.span(call)
        fact = IndexFact(columns, m.option(options, "name"), True, at=at)
        made = "using_index" in options
        yield TableChanged(at, table, "add-index", index=fact, online=made)
