"""What each operation of Alembic does to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ColumnFact,
    FieldFact,
    ForeignKeyFact,
    IndexFact,
    TableChanged,
    TableDefined,
)
from scaleaudit.languages.python.sqlalchemy import constraints
from scaleaudit.languages.python.sqlalchemy.column_types import sql_type
from scaleaudit.languages.python.sqlalchemy.columns import (
    as_column,
    as_foreign_key,
    column,
    column_call,
)
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    given,
    is_true,
    items,
    last_name,
    literal,
)
from scaleaudit.sql import is_volatile, read_schema, without_existence
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.syntax import Given

    Steps = Iterator[TableDefined | TableChanged]
    # The last argument is the table of `batch_alter_table`, where the call is one of a batch.
    Step = Callable[[PythonReader, Node, Given, str | None], Steps]

MAX_TEXT = 100_000


def table_name(text: str) -> str:
    return text.rpartition(".")[2].strip('`"[]').lower()


def argument(reader: PythonReader, found: Given, position: int, *names: str) -> str:
    """An argument that is a text, by position or by name."""
    node = next((found.keywords[name] for name in names if name in found.keywords), None)
    if node is None and position < len(found.args):
        node = found.args[position]
    return constraints.index_name(reader, node) if node is not None else ""


def of_table(reader: PythonReader, found: Given, batch: str | None, position: int) -> str:
    """The table: that of the batch, else an argument."""
    if batch is not None:
        return batch
    return table_name(argument(reader, found, position, "table_name", "source_table", "source"))


def listed(reader: PythonReader, node: Node | None) -> tuple[str, ...]:
    """Columns of a list; empty when one of them is not known."""
    found = tuple(
        # A variable here is never a column: only what it stands for is.
        literal(reader, each) if each.type == "identifier" else constraints.indexed(reader, each)
        for each in items(node)
    )
    return () if "" in found else found


def create_table(reader: PythonReader, call: Node, found: Given, _batch: str | None) -> Steps:
    name = table_name(argument(reader, found, 0, "table_name"))
    fields: list[FieldFact] = []
    indexes: list[IndexFact] = []
    keys: list[ForeignKeyFact] = []
    for each in (*found.args[1:], *(e for splat in found.splats for e in items(splat))):
        made = column_call(reader, each)
        if made is not None:
            fields.append(column(reader, made, ""))
            continue
        one = constraints.index(reader, each) if each.type == "call" else None
        if one is not None:
            indexes.append(one)
        key = constraints.foreign_key(reader, each) if each.type == "call" else None
        if key is not None:
            keys.append(key)
    fields = [field for field in fields if field.name]
    if not name or not fields:
        return
    primary = tuple(field.name for field in fields if field.primary)
    if primary:
        indexes.insert(0, IndexFact(primary, "", True, True, at=reader.span(call)))
    for field in fields:
        indexes += own_indexes(name, field)
        tie = as_foreign_key(field)
        if tie is not None:
            keys.append(tie)
    columns = tuple(as_column(field) for field in fields)
    yield TableDefined(reader.span(call), name, columns, tuple(indexes), tuple(keys))


def own_indexes(table: str, field: FieldFact) -> list[IndexFact]:
    """`index=True` has the name that SQLAlchemy gives it."""
    name = f"ix_{table}_{field.name}"
    if field.indexed:
        return [IndexFact((field.name,), name, field.unique, at=field.at)]
    return [IndexFact((field.name,), "", True, at=field.at)] if field.unique else []


def add_column(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    args = found.args
    table = batch if batch is not None else table_name(argument(reader, found, 0, "table_name"))
    rest = args if batch is not None else args[1:]
    made = column_call(reader, rest[0] if rest else found.keywords.get("column"))
    field = column(reader, made, "") if made is not None else None
    if not table or field is None or not field.name:
        return
    at = reader.span(call)
    default = default_kind(reader, made) if made is not None else ""
    yield TableChanged(at, table, "add-column", column=as_column(field), default=default)
    for index in own_indexes(table, field):
        if field.indexed:  # Alembic makes no unique key of a column that is added
            yield TableChanged(at, table, "add-index", index=index)
    tie = as_foreign_key(field)
    if tie is not None:
        yield TableChanged(at, table, "add-foreign-key", foreign_key=tie)


def drop_column(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    table = of_table(reader, found, batch, 0)
    name = argument(reader, found, 0 if batch is not None else 1, "column_name")
    if table and name:
        yield TableChanged(reader.span(call), table, "drop-column", name=name)


def alter_column(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    table = of_table(reader, found, batch, 0)
    name = argument(reader, found, 0 if batch is not None else 1, "column_name")
    if not table or not name:
        return
    at = reader.span(call)
    kind = sql_type(reader, found.keywords.get("type_"))
    if kind:
        yield TableChanged(at, table, "alter-type", column=ColumnFact(name, kind, at=at))
    if is_false(reader, found.keywords.get("nullable")) and not is_false(
        reader, found.keywords.get("existing_nullable")
    ):
        yield TableChanged(at, table, "set-not-null", name=name)
    renamed = argument(reader, found, 99, "new_column_name", "name")
    if renamed:
        yield TableChanged(at, table, "rename-column", column=ColumnFact(name, ""), name=renamed)


def create_index(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    table = of_table(reader, found, batch, 1)
    position = 1 if batch is not None else 2
    node = found.keywords.get("columns") or (
        found.args[position] if position < len(found.args) else None
    )
    columns = listed(reader, node)
    if not table or not columns:
        return
    keywords = found.keywords
    where = next((keywords[n] for n in constraints.CONDITIONS if n in keywords), None)
    method = next((literal(reader, keywords[n]) for n in constraints.METHODS if n in keywords), "")
    fact = IndexFact(
        columns,
        argument(reader, found, 0, "index_name"),
        is_true(reader, keywords.get("unique")),
        where=constraints.condition(reader, where) if where is not None else "",
        method=method.lower(),
        at=reader.span(call),
    )
    concurrent = is_true(reader, keywords.get("postgresql_concurrently"))
    yield TableChanged(fact.at, table, "add-index", index=fact, online=concurrent)


def create_key(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    """A unique constraint or a primary key."""
    table = of_table(reader, found, batch, 1)
    position = 1 if batch is not None else 2
    node = found.keywords.get("columns") or (
        found.args[position] if position < len(found.args) else None
    )
    columns = listed(reader, node)
    primary = last_name(reader, call) == "create_primary_key"
    if table and columns:
        name = argument(reader, found, 0, "constraint_name", "name")
        fact = IndexFact(columns, name, True, primary, at=reader.span(call))
        made = "postgresql_using_index" in found.keywords
        yield TableChanged(fact.at, table, "add-index", index=fact, online=made)


def create_check(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    table = of_table(reader, found, batch, 1)
    text = argument(reader, found, 1 if batch is not None else 2, "condition")
    if table:
        unchecked = is_unchecked(reader, found)
        yield TableChanged(
            reader.span(call), table, "add-check", name=text.lower(), online=unchecked
        )


def is_unchecked(reader: PythonReader, found: Given) -> bool:
    return is_true(reader, found.keywords.get("postgresql_not_valid"))


def is_false(reader: PythonReader, node: Node | None) -> bool:
    return node is not None and reader.text(node) == "False"


def default_kind(reader: PythonReader, made: Node) -> str:
    """Of a column that is added: `server_default=sa.text("gen_random_uuid()")`."""
    keywords = given(made, reader).keywords
    node = keywords.get("server_default")
    if node is None or reader.text(node) == "None":
        return "none"
    return "volatile" if is_volatile(reader.text(node)) else "constant"


def create_foreign_key(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    table = of_table(reader, found, batch, 1)
    shift = 1 if batch is not None else 2
    target = table_name(argument(reader, found, shift, "referent_table", "referent"))
    own, others = (
        found.keywords.get(name)
        or (found.args[shift + at] if shift + at < len(found.args) else None)
        for at, name in ((1, "local_cols"), (2, "remote_cols"))
    )
    columns = listed(reader, own)
    if table and target and columns:
        name = argument(reader, found, 0, "constraint_name", "name")
        at = reader.span(call)
        tie = ForeignKeyFact(columns, target, listed(reader, others), at, name.lower())
        unchecked = is_unchecked(reader, found)
        yield TableChanged(at, table, "add-foreign-key", foreign_key=tie, online=unchecked)


def drop_index(reader: PythonReader, call: Node, found: Given, batch: str | None) -> Steps:
    """An index or a constraint; indexes are dropped without a word of their table too."""
    name = argument(reader, found, 0, "index_name", "constraint_name")
    table = of_table(reader, found, batch, 1)
    kind = literal(reader, found.keywords.get("type_"))
    if not name or kind == "check":
        return
    yield TableChanged(reader.span(call), table, "drop-index", name=name)


def drop_table(reader: PythonReader, call: Node, found: Given, _batch: str | None) -> Steps:
    name = table_name(argument(reader, found, 0, "table_name"))
    if name:
        yield TableChanged(reader.span(call), name, "drop")


def rename_table(reader: PythonReader, call: Node, found: Given, _batch: str | None) -> Steps:
    old = table_name(argument(reader, found, 0, "old_table_name"))
    new = table_name(argument(reader, found, 1, "new_table_name"))
    if old and new:
        yield TableChanged(reader.span(call), old, "rename", name=new)


def execute(reader: PythonReader, call: Node, found: Given, _batch: str | None) -> Steps:
    """Definitions in SQL: `op.execute("CREATE INDEX CONCURRENTLY ...")`."""
    node = bare(found.args[0]) if found.args else None
    if node is not None and last_name(reader, node) in ("text", "DDL", "dedent"):
        inner = given(node, reader).args
        node = inner[0] if inner else None
    if node is None or node.end_byte - node.start_byte > MAX_TEXT:
        return
    text = without_existence(text_with_holes(reader.value(node)))
    if "{}" not in text:
        yield from read_schema(text, first_line=reader.span(node).line)


STEPS: dict[str, Step] = {
    "create_table": create_table,
    "add_column": add_column,
    "drop_column": drop_column,
    "alter_column": alter_column,
    "create_index": create_index,
    "create_unique_constraint": create_key,
    "create_primary_key": create_key,
    "create_foreign_key": create_foreign_key,
    "create_check_constraint": create_check,
    "drop_index": drop_index,
    "drop_constraint": drop_index,
    "drop_table": drop_table,
    "rename_table": rename_table,
    "execute": execute,
}
