"""`Column(...)`, `mapped_column(...)` and SQLModel's `Field(...)`: one column of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, FieldFact, ForeignKeyFact
from scaleaudit.languages.python.sqlalchemy.column_types import Annotation, sql_type
from scaleaudit.languages.python.sqlalchemy.syntax import (
    IDENTIFIER,
    bare,
    dotted,
    given,
    is_true,
    last_name,
    literal,
    receiver,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.syntax import Given
    from scaleaudit.source import Span

COLUMNS = frozenset({"Column", "mapped_column"})
# What may stand around a column, or say more of it.
AROUND = frozenset({"deferred", "column_property", "synonym_for", "query_expression"})
NO_TYPES = frozenset(
    {
        "ForeignKey",
        "Sequence",
        "Identity",
        "CheckConstraint",
        "Computed",
        "DefaultClause",
        "FetchedValue",
    }
)


def column_call(reader: PythonReader, node: Node | None) -> Node | None:
    """The call that makes a column, out of what stands around it; None when there is none."""
    if node is None:
        return None
    node = bare(node)
    name = last_name(reader, node)
    if name in AROUND:
        args = given(node, reader).args
        if not args:
            return None
        node = bare(args[0])
        name = last_name(reader, node)
    return node if name in COLUMNS else None


def column(reader: PythonReader, call: Node, attribute: str, annotation: str = "") -> FieldFact:
    """The column of an attribute (empty in a `Table`, where the column's name stands first)."""
    given_ = given(call, reader)
    args = list(given_.args)
    name = literal(reader, given_.keywords.get("name"))
    if args and args[0].type in ("string", "concatenated_string"):
        name = literal(reader, args.pop(0))
    elif args and args[0].type == "call" and last_name(reader, args[0]) == "quoted_name":
        inner = given(args.pop(0), reader).args
        name = literal(reader, inner[0]) if inner else name
    told = Annotation(annotation)
    kind = ""
    references = ""
    for arg in args:
        last = last_name(reader, arg) or dotted(reader, arg).rpartition(".")[2]
        if last == "ForeignKey":
            references = references or referred(reader, arg)
        elif last not in NO_TYPES and not kind:
            kind = sql_type(reader, arg) or ("ENUM" if enumerated(reader, arg) else "?")
    kind = kind or (sql_type(reader, given_.keywords.get("type_")) or told.sql)
    primary = is_true(reader, given_.keywords.get("primary_key")) or told.key
    nullable = given_.keywords.get("nullable")
    optional = told.nullable or not annotation
    auto = given_.keywords.get("autoincrement")
    return FieldFact(
        name=attribute or name,
        column=name if name != attribute else "",
        type="" if kind == "?" else kind,
        nullable=(optional if nullable is None else nullable.type != "false") and not primary,
        indexed=is_true(reader, given_.keywords.get("index")),
        unique=is_true(reader, given_.keywords.get("unique")),
        primary=primary,
        auto_increment=is_true(reader, auto)
        or (primary and auto is None and not references and kind in ("INTEGER", "BIGINT")),
        at=reader.span(call),
        references=references,
    )


def enumerated(reader: PythonReader, node: Node) -> bool:
    """`Status.db_type()`, `Status`: of an enumeration of this file."""
    of = receiver(node) if node.type == "call" else node
    name = dotted(reader, of).rpartition(".")[2]
    return bool(IDENTIFIER.fullmatch(name)) and reader.mentions(rf"class {name}\([^)]*Enum\b")


def field(
    reader: PythonReader, call: Node | None, attribute: str, annotation: str, at: Span
) -> FieldFact:
    """SQLModel: `name: str = Field(index=True)`, `name: str`."""
    told = Annotation(annotation)
    given_ = given(call, reader).keywords if call is not None else {}
    inner = column_call(reader, given_.get("sa_column"))
    if inner is not None:
        return column(reader, inner, attribute, annotation)
    primary = is_true(reader, given_.get("primary_key"))
    kind = sql_type(reader, given_.get("sa_type")) or told.sql
    return FieldFact(
        name=attribute,
        type=kind,
        nullable=told.nullable and not primary,
        indexed=is_true(reader, given_.get("index")),
        unique=is_true(reader, given_.get("unique")),
        primary=primary,
        auto_increment=primary and kind == "INTEGER",
        at=at,
        references=reference(literal(reader, given_.get("foreign_key"))),
    )


def referred(reader: PythonReader, call: Node) -> str:
    """`user.id` of `ForeignKey("user.id")`, `User.id` of `ForeignKey(User.id)`."""
    given_: Given = given(call, reader)
    target = given_.args[0] if given_.args else given_.keywords.get("column")
    if target is None:
        return ""
    if target.type == "lambda":
        target = target.child_by_field_name("body") or target
    written = dotted(reader, target)
    if written and not written.islower():
        return reference(written)
    return reference(literal(reader, target) or written)


def reference(text: str) -> str:
    """Table or class, and column: without the schema in front, nor `c` between."""
    parts = [part for part in text.split(".") if part not in ("c", "columns", "__table__")]
    if len(parts) < 2 or not all(IDENTIFIER.fullmatch(part) for part in parts[-2:]):
        return ""
    return ".".join(parts[-2:])


def as_column(field_: FieldFact) -> ColumnFact:
    """For a migration, which names tables itself."""
    return ColumnFact(
        field_.column or field_.name, field_.type, field_.nullable, field_.auto_increment, field_.at
    )


def as_foreign_key(field_: FieldFact) -> ForeignKeyFact | None:
    table, _, target = field_.references.rpartition(".")
    if not table:
        return None
    return ForeignKeyFact((field_.column or field_.name,), table.lower(), (target,), field_.at)
