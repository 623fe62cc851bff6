"""EF Core's migrations: what `Up` does to tables, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from scaleaudit.facts import ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.csharp.ef.migration_tables import (
    column_of,
    created,
    engine_of,
    flag,
    outermost,
    table_name,
    text,
    texts,
)
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

    Steps: TypeAlias = Iterator[TableDefined | TableChanged]

UP = regex(rb"\bvoid\s+Up\s*\(\s*MigrationBuilder\s+(\w+)\s*\)")
STEP = regex(rb"(?<![\w.])(\w+)\s*\.\s*(\w+)\s*(?:<[^>()]{1,80}>)?\s*\(")
METHOD = regex(rb"\"Npgsql:IndexMethod\"\s*,\s*\"(\w+)\"")
CONCURRENT = regex(rb"\"(?:Npgsql:CreatedConcurrently|SqlServer:Online)\"\s*,\s*true")
VOLATILE = regex(r"(?i)uuid|newid|newsequentialid|random|rand\(|nextval|clock_timestamp")
MAX_STEPS = 5_000  # of one file
MAX_SQL = 200_000  # characters of one text
# The parameters of each step, in their order, as far as they matter here.
PARAMETERS = {
    "CreateTable": ("name", "columns", "schema", "constraints"),
    "DropTable": ("name",),
    "RenameTable": ("name", "schema", "newName"),
    "AddColumn": ("name", "table", "type"),
    "AlterColumn": ("name", "table", "type"),
    "DropColumn": ("name", "table"),
    "RenameColumn": ("name", "table", "newName"),
    "CreateIndex": ("name", "table", "columns", "schema", "unique", "filter"),
    "DropIndex": ("name", "table"),
    "RenameIndex": ("name", "newName", "table"),
    "AddForeignKey": ("name", "table", "columns", "principalTable"),
    "DropForeignKey": ("name", "table"),
    "AddPrimaryKey": ("name", "table", "columns"),
    "DropPrimaryKey": ("name", "table"),
    "AddUniqueConstraint": ("name", "table", "columns"),
    "DropUniqueConstraint": ("name", "table"),
    "Sql": ("sql",),
}


def migrations(reader: CSharpSyntax) -> Steps:
    """The steps of every migration in the file; those written in SQL are marked `raw`."""
    content = reader.content
    dialect = engine_of(content)
    for match in UP.finditer(content):
        method = reader.root.descendant_for_byte_range(match.start(), match.end())
        body = method.child_by_field_name("body") if method is not None else None
        if body is None:
            continue
        for count, step in enumerate(STEP.finditer(content, body.start_byte, body.end_byte)):
            if count >= MAX_STEPS:
                return
            if step[1] == match[1]:
                yield from taken(reader, step.start(1), step[2].decode(), dialect)


def taken(reader: CSharpSyntax, offset: int, name: str, dialect: str) -> Steps:
    """One call on the builder of migrations."""
    order = PARAMETERS.get(name)
    call = reader.root.descendant_for_byte_range(offset, offset + 1)
    for _ in range(4):
        if call is None or call.type == "invocation_expression":
            break
        call = call.parent
    if order is None or call is None or call.type != "invocation_expression":
        return
    positional, given, _ = reader.arguments(call)
    given = dict(zip(order, positional, strict=False)) | given
    if "column" in given:
        given["columns"] = given["column"]
    if name == "Sql":
        yield from written(reader, given.get("sql"), dialect)
        return
    table = table_name(reader, given.get("table") or given.get("name"))
    if not table:
        return
    if name == "CreateTable":
        made = created(reader, call, table, given, dialect)
        if made is not None:
            yield made
        return
    make = STEPS[name]
    for fact in make(reader, call, table, given):
        yield replace(fact, dialect=dialect)


def written(reader: CSharpSyntax, node: Node | None, dialect: str) -> Steps:
    """`Sql("CREATE INDEX ...")`: no snapshot holds what it does."""
    script = text(reader, node)
    if node is None or not script or len(script) > MAX_SQL:
        return
    told = dialect or guess_dialect(script) or ""
    for fact in read_schema(script, told, first_line=reader.span(node).line):
        yield replace(fact, raw=True) if isinstance(fact, TableChanged) else fact


def changed(reader: CSharpSyntax, call: Node, table: str, action: str) -> TableChanged:
    return TableChanged(reader.span(call), table, action)


Given: TypeAlias = "dict[str, Node]"


def drop_table(reader: CSharpSyntax, call: Node, table: str, _given: Given) -> Steps:
    yield changed(reader, call, table, "drop")


def rename_table(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    new = table_name(reader, given.get("newName"))
    if new and new != table:
        yield replace(changed(reader, call, table, "rename"), name=new)


def add_column(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    column = column_of(reader, call, given)
    if column is not None:
        step = changed(reader, call, table, "add-column")
        yield replace(step, column=column, default=default_of(reader, given))


def default_of(reader: CSharpSyntax, given: Given) -> str:
    """What fills a new column in rows that are there: see `TableChanged.default`."""
    if "defaultValueSql" in given:
        written = text(reader, given["defaultValueSql"])
        return "volatile" if not written or VOLATILE.search(written) else "constant"
    if "computedColumnSql" in given:
        return "volatile"
    return "constant" if "defaultValue" in given else "none"


def alter_column(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    """The step repeats all of the column; what it was before stands beside it."""
    column = column_of(reader, call, given)
    if column is None:
        return
    old, new = text(reader, given.get("oldType")), text(reader, given.get("type"))
    if not old or old != new:
        yield replace(changed(reader, call, table, "alter-type"), column=column)
    if flag(reader, given.get("oldNullable")) and not column.nullable:
        yield replace(changed(reader, call, table, "set-not-null"), name=column.name)


def dropped(action: str) -> Callable[[CSharpSyntax, Node, str, Given], Steps]:
    """Columns, indexes and keys that go by their name."""

    def step(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
        name = text(reader, given.get("name"))
        if name or action == "drop-primary-key":
            yield replace(changed(reader, call, table, action), name=name)

    return step


def rename_column(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    column, new = column_of(reader, call, given), text(reader, given.get("newName"))
    if column is not None and new:
        yield replace(changed(reader, call, table, "rename-column"), column=column, name=new)


def create_index(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    columns = texts(reader, given.get("columns"))
    if not columns:
        return
    end = outermost(call).end_byte
    method = METHOD.search(reader.content, call.end_byte, end)
    online = CONCURRENT.search(reader.content, call.end_byte, end) is not None
    index = IndexFact(
        tuple(columns),
        text(reader, given.get("name")),
        flag(reader, given.get("unique")),
        where=text(reader, given.get("filter")).translate(QUOTES),
        method=method[1].decode().lower() if method is not None else "",
        at=reader.span(call),
    )
    yield replace(changed(reader, call, table, "add-index"), index=index, online=online)


def rename_index(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    old, new = text(reader, given.get("name")), text(reader, given.get("newName"))
    if old and new and "table" in given:
        yield replace(
            changed(reader, call, table, "rename-index"), index=IndexFact((), old), name=new
        )


def add_key(*, primary: bool) -> Callable[[CSharpSyntax, Node, str, Given], Steps]:
    def step(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
        columns = texts(reader, given.get("columns"))
        if columns:
            name, at = text(reader, given.get("name")), reader.span(call)
            index = IndexFact(tuple(columns), name, True, primary, at=at)
            yield replace(changed(reader, call, table, "add-index"), index=index)

    return step


def add_foreign_key(reader: CSharpSyntax, call: Node, table: str, given: Given) -> Steps:
    columns = texts(reader, given.get("columns"))
    target = table_name(reader, given.get("principalTable"))
    if columns and target:
        referred = texts(reader, given.get("principalColumn") or given.get("principalColumns"))
        key = ForeignKeyFact(
            tuple(columns), target, tuple(referred), reader.span(call), text(reader, given.get("name"))
        )  # fmt: skip
        yield replace(changed(reader, call, table, "add-foreign-key"), foreign_key=key)


QUOTES = str.maketrans("", "", '[]"`')
STEPS: dict[str, Callable[[CSharpSyntax, Node, str, Given], Steps]] = {
    "DropTable": drop_table,
    "RenameTable": rename_table,
    "AddColumn": add_column,
    "AlterColumn": alter_column,
    "DropColumn": dropped("drop-column"),
    "RenameColumn": rename_column,
    "CreateIndex": create_index,
    "DropIndex": dropped("drop-index"),
    "RenameIndex": rename_index,
    "AddForeignKey": add_foreign_key,
    "DropForeignKey": dropped("drop-foreign-key"),
    "AddPrimaryKey": add_key(primary=True),
    "DropPrimaryKey": dropped("drop-primary-key"),
    "AddUniqueConstraint": add_key(primary=False),
    "DropUniqueConstraint": dropped("drop-index"),
}
