"""What each step of a Rails migration does to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, TableChanged, TableDefined
from scaleaudit.inflection import singular
from scaleaudit.languages.engine_guards import for_one_engine
from scaleaudit.languages.ruby.blocks import body_of
from scaleaudit.languages.ruby.migration_lines import (
    added,
    changed,
    checked,
    dropped_index,
    indexed,
    inside,
    reference,
    refusing,
    renamed_column,
    renamed_index,
    tied,
    timestamps,
    unique_key,
    without_reference,
)
from scaleaudit.languages.ruby.rails_schema import Dumped, primary_key
from scaleaudit.sql import guess_dialect, read_schema, without_existence
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.rails_migrations import Migration

    Options = dict[str, Node]
    Steps = Iterator[TableDefined | TableChanged]

MAX_SQL = 100_000
COLUMNAR = b"MergeTree"  # in the options of a table of ClickHouse
# The steps that statements in migrations are read for; what they make is no more than a guess
# where the migration itself chooses between engines.
IN_SQL = frozenset(
    ["add-index", "add-foreign-key", "add-check", "set-not-null", "alter-type", "backfill"]
)


def create_table(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    draft = Dumped(m.table(args), m.reader.span(call))
    if not draft.name:
        return
    primary_key(m.reader, draft, options, "", "BIGINT" if m.wide else "INT")
    keys: list[ForeignKeyFact] = []
    for fact in inside(m, draft.name, body_of(call)):
        if fact.column is not None:
            draft.columns.setdefault(fact.column.name.lower(), fact.column)
        if fact.index is not None:
            draft.indexes.append(fact.index)
        if fact.foreign_key is not None:
            keys.append(fact.foreign_key)
    columns, indexes = tuple(draft.columns.values()), tuple(draft.indexes)
    dialect = "clickhouse" if COLUMNAR in m.reader.content else ""
    yield TableDefined(draft.at, draft.name, columns, indexes, tuple(keys), dialect)


def join_table(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    one, two = m.table(args), m.table(args, 1)
    if not one or not two:
        return
    at = m.reader.span(call)
    kind = "BIGINT" if m.wide else "INT"
    columns = tuple(ColumnFact(f"{singular(each)}_id", kind, False, at=at) for each in (one, two))
    name = m.option(options, "table_name") or "_".join(sorted((one, two)))
    changes = [*inside(m, name, body_of(call))]
    indexes = tuple(fact.index for fact in changes if fact.index is not None)
    yield TableDefined(at, name, columns, indexes)


def change_table(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    name = m.table(args)
    if name:
        yield from inside(m, name, body_of(call))


# -- the same, said of a table from outside


def add_column(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table and len(args) > 2 and args[1].type != "identifier":
        yield from added(m, call, table, m.text(args, 2), args[1:2], options)


def remove_columns(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    table, single = m.table(args), m.reader.method_name(call) == "remove_column"
    given = args[1:2] if single else [*args[1:], *spread(call)]
    for each in given:
        for name in m.texts(each) if table else ():
            yield TableChanged(m.reader.span(call), table, "drop-column", name=name)


def spread(call: Node) -> list[Node]:
    """`*%i[a b]` among the arguments."""
    holder = call.child_by_field_name("arguments")
    inner = holder.named_children if holder is not None else []
    return [n for each in inner if each.type == "splat_argument" for n in each.named_children]


def add_reference(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table and len(args) > 1:
        yield from reference(m, call, table, m.texts(args[1]), options)


def remove_reference(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    table, name = m.table(args), m.text(args, 1)
    if table and name:
        yield from without_reference(m, call, table, name)


def add_index(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from indexed(m, call, table, args[1:], options)


def remove_index(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from dropped_index(m, call, table, args[1:], options)


def add_foreign_key(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from tied(m, call, table, m.table(args, 1), options)


def rename_column(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from renamed_column(m, call, table, m.text(args, 1), m.text(args, 2))


def rename_index(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from renamed_index(m, call, table, m.text(args, 1), m.text(args, 2))


def change_column(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from changed(m, call, table, args[1:], options)


def change_null(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from refusing(m, call, table, args[1:])


def add_check(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from checked(m, call, table, args[1:], options)


def add_unique(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    table = m.table(args)
    if table:
        yield from unique_key(m, call, table, args[1:], options)


def execute(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    """`execute "CREATE INDEX ..."`, `execute <<~SQL`."""
    text = without_existence(text_with_holes(m.reader.value(args[0]))) if args else ""
    if len(text) <= MAX_SQL and "{}" not in text:
        dialect = "" if for_one_engine(m.reader, call) else guess_dialect(text)
        for fact in read_schema(text, dialect, first_line=m.reader.span(call).line):
            if isinstance(fact, TableChanged) and fact.action in IN_SQL:
                yield fact


def drop_table(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    for position in range(len(args)):
        table = m.table(args, position)
        if table:
            yield TableChanged(m.reader.span(call), table, "drop")


def rename_table(m: Migration, call: Node, args: list[Node], _options: Options) -> Steps:
    old, new = m.table(args), m.table(args, 1)
    if old and new:
        yield TableChanged(m.reader.span(call), old, "rename", name=new)


STEPS: dict[str, Callable[[Migration, Node, list[Node], Options], Steps]] = {
    "create_table": create_table,
    "create_join_table": join_table,
    "change_table": change_table,
    "add_column": add_column,
    "remove_column": remove_columns,
    "remove_columns": remove_columns,
    "add_reference": add_reference,
    "add_belongs_to": add_reference,
    "remove_reference": remove_reference,
    "remove_belongs_to": remove_reference,
    "add_timestamps": timestamps,
    "add_index": add_index,
    "remove_index": remove_index,
    "add_concurrent_index": add_index,
    "remove_concurrent_index": remove_index,
    "add_foreign_key": add_foreign_key,
    "rename_column": rename_column,
    "rename_index": rename_index,
    "change_column": change_column,
    "change_column_null": change_null,
    "add_check_constraint": add_check,
    "add_unique_constraint": add_unique,
    "add_concurrent_foreign_key": add_foreign_key,
    "execute": execute,
    "drop_table": drop_table,
    "rename_table": rename_table,
}
