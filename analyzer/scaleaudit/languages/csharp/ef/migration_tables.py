"""The parts of EF Core's migrations: tables with columns and keys, and the arguments of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableDefined
from scaleaudit.languages.csharp.ef.types import COLUMNS
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

COUNTS = regex(
    rb"\"(?:SqlServer:(?:Identity|ValueGenerationStrategy)|Sqlite:Autoincrement"
    rb"|Npgsql:ValueGenerationStrategy|MySql:ValueGenerationStrategy|MySQL:ValueGenerationStrategy"
    rb"|Oracle:(?:Identity|ValueGenerationStrategy))\""
)
TYPE_WORD = regex(r"[A-Za-z]+(?: +(?:precision|varying|unsigned))?")
GENERIC = regex(r"<\s*([\w.]+)\??\s*>")
# What providers write beside columns, and their calls.
PROVIDERS = (
    (b"Npgsql", "postgres"),
    (b"MySql", "mysql"),
    (b"MySQL:", "mysql"),
    (b"SqlServer", "tsql"),
    (b"Sqlite", "sqlite"),
    (b"Oracle:", "oracle"),
)
MAX_COLUMNS = 1_000
MAX_LINKS = 20  # of calls after a column


def engine_of(content: bytes) -> str:
    """The engine that a file is written for, named most often; empty when it names none."""
    found = {dialect: count for mark, dialect in PROVIDERS if (count := content.count(mark))}
    return max(found, key=lambda dialect: found[dialect], default="")


def text(reader: CSharpSyntax, node: Node | None) -> str:
    value = reader.value(node) if node is not None else None
    return value.text if isinstance(value, Literal) else ""


def texts(reader: CSharpSyntax, node: Node | None) -> list[str]:
    """`"a"` or `new[] { "a", "b" }`; none when one of them is not known."""
    if node is None:
        return []
    items = [node]
    for part in node.named_children:
        if part.type == "initializer_expression":
            items = list(part.named_children)
    if node.type == "collection_expression":
        items = [c.named_children[0] if c.named_children else c for c in node.named_children]
    found = [text(reader, each) for each in items[:MAX_COLUMNS]]
    return found if all(found) else []


def table_name(reader: CSharpSyntax, node: Node | None) -> str:
    return text(reader, node).lower()


def flag(reader: CSharpSyntax, node: Node | None) -> bool:
    return node is not None and reader.text(node) == "true"


def column_of(reader: CSharpSyntax, call: Node, given: dict[str, Node]) -> ColumnFact | None:
    """The column of `AddColumn<int>(name: ..., type: ..., nullable: ...)`."""
    name = text(reader, given.get("name"))
    return column(reader, call, name, given) if name else None


def column(reader: CSharpSyntax, call: Node, name: str, given: dict[str, Node]) -> ColumnFact:
    function = call.child_by_field_name("function")
    kind = GENERIC.search(reader.text(function)[-120:]) if function is not None else None
    known = COLUMNS.get(kind[1].rpartition(".")[2], "") if kind is not None else ""
    stated = TYPE_WORD.match(text(reader, given.get("type")))
    whole = outermost(call)
    auto = COUNTS.search(reader.content, call.end_byte, whole.end_byte) is not None
    return ColumnFact(
        name,
        known or (stated[0].upper() if stated else ""),
        flag(reader, given.get("nullable")),
        auto,
        reader.span(call),
    )


def outermost(call: Node) -> Node:
    """The last call of the chain that a call begins."""
    at = call
    for _ in range(MAX_LINKS):
        above = at.parent
        if above is None or above.type != "member_access_expression" or above.parent is None:
            break
        at = above.parent
    return at


def created(
    reader: CSharpSyntax, call: Node, table: str, given: dict[str, Node], dialect: str
) -> TableDefined | None:
    """`CreateTable` with the columns of its anonymous object and the keys of its constraints."""
    columns: dict[str, ColumnFact] = {}  # by property
    for name, value in members(reader, body(given.get("columns"))):
        made = first_call(value)
        if made is None:
            continue
        told = reader.arguments(made)[1]
        named = text(reader, told.get("name")) or name
        columns[name] = column(reader, made, named, told)
    if not columns:
        return None
    indexes: list[IndexFact] = []
    keys: list[ForeignKeyFact] = []
    for statement in statements(body(given.get("constraints"))):
        constraint(reader, statement, columns, indexes, keys)
    return TableDefined(
        reader.span(call), table, tuple(columns.values()), tuple(indexes), tuple(keys), dialect
    )


def body(node: Node | None) -> Node | None:
    return node.child_by_field_name("body") if node is not None else None


def members(reader: CSharpSyntax, node: Node | None) -> Iterator[tuple[str, Node]]:
    """The names and values of `new { A = ..., B = ... }`."""
    if node is None or node.type != "anonymous_object_creation_expression":
        return
    name = ""
    for count, child in enumerate(node.children):
        if count > MAX_COLUMNS * 4:
            return
        after = child.next_sibling
        if child.type == "identifier" and after is not None and after.type == "=":
            name = reader.text(child)
        elif child.is_named and name:
            yield name, child
            name = ""


def first_call(node: Node) -> Node | None:
    """`table.Column<int>(...)` of `table.Column<int>(...).Annotation(...)`."""
    at: Node | None = node
    for _ in range(MAX_LINKS):
        if at is None or at.type != "invocation_expression":
            return None
        function = at.child_by_field_name("function")
        inner = function.child_by_field_name("expression") if function is not None else None
        if inner is None or inner.type == "identifier":
            return at if inner is not None else None
        at = inner
    return None


def statements(node: Node | None) -> Iterator[Node]:
    """The calls of a lambda's body."""
    if node is None:
        return
    for each in node.named_children[:MAX_COLUMNS] if node.type == "block" else [node]:
        inner = each
        if each.type == "expression_statement" and each.named_children:
            inner = each.named_children[0]
        found = first_call(inner)
        if found is not None:
            yield found


def constraint(
    reader: CSharpSyntax, call: Node, columns: dict[str, ColumnFact],
    indexes: list[IndexFact], keys: list[ForeignKeyFact],
) -> None:  # fmt: skip
    what = reader.callee(call).rpartition(".")[2]
    args, given, _ = reader.arguments(call)
    name = text(reader, given.get("name") or (args[0] if args else None))
    chosen = given.get("columns") or given.get("column") or (args[1] if len(args) > 1 else None)
    named = tuple(selected(reader, body(chosen), columns))
    if not named:
        return
    at = reader.span(call)
    if what in ("PrimaryKey", "UniqueConstraint"):
        indexes.append(IndexFact(named, name, True, what == "PrimaryKey", at=at))
    elif what == "ForeignKey":
        target = given.get("principalTable") or (args[2] if len(args) > 2 else None)
        table = table_name(reader, target)
        referred = given.get("principalColumn") or given.get("principalColumns")
        if table:
            keys.append(ForeignKeyFact(named, table, tuple(texts(reader, referred)), at, name))


def selected(
    reader: CSharpSyntax, node: Node | None, columns: dict[str, ColumnFact]
) -> Iterator[str]:
    """The columns of `x => x.A` and `x => new { x.A, x.B }`."""
    if node is None:
        return
    parts = [node]
    if node.type == "anonymous_object_creation_expression":
        parts = [c for c in node.named_children if c.type == "member_access_expression"]
    for each in parts:
        name = each.child_by_field_name("name")
        known = columns.get(reader.text(name)) if name is not None else None
        if known is not None:
            yield known.name
