"""Structs as mappers see them: fields with types and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.receivers import fields_of
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.source import Span

MAX_FIELDS = 300  # of one struct
LISTS = regex(rb"(?m)^type[ \t]+([A-Z]\w*)[ \t]+\[\]\*?((?:\w+\.)?\w+)[ \t]*(?://[^\n]*)?\r?$")
# A list with one of these is kept in one column.
KEPT = ("Scan", "Value", "GormDataType")
TAG = regex(r'([A-Za-z_]\w*):"((?:[^"\\]|\\.)*)"')
WORDS = regex(r"(?:[A-Z]{2,}s(?=$|\d|[A-Z_])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+)\d*|\d+")
# Types that keep a value in one column, as SQL names it.
TYPES = {
    "bool": "BOOLEAN", "string": "VARCHAR", "int": "BIGINT", "int8": "SMALLINT", "int16": "SMALLINT",
    "int32": "INT", "int64": "BIGINT", "uint": "BIGINT", "uint8": "SMALLINT", "uint16": "INT",
    "uint32": "BIGINT", "uint64": "BIGINT", "float32": "REAL", "float64": "DOUBLE", "byte": "SMALLINT",
    "rune": "INT", "time.Time": "TIMESTAMP", "uuid.UUID": "UUID", "sql.NullString": "VARCHAR",
    "sql.NullInt64": "BIGINT", "sql.NullInt32": "INT", "sql.NullBool": "BOOLEAN", "sql.NullTime": "TIMESTAMP",
    "sql.NullFloat64": "DOUBLE", "decimal.Decimal": "DECIMAL", "json.RawMessage": "JSON",
    "datatypes.JSON": "JSON", "gorm.DeletedAt": "TIMESTAMP", "time.Duration": "BIGINT",
    "null.String": "VARCHAR", "null.Int": "BIGINT", "null.Time": "TIMESTAMP", "null.Bool": "BOOLEAN",
    "bun.NullTime": "TIMESTAMP", "pg.NullTime": "TIMESTAMP",
}  # fmt: skip


class Field(Record, frozen=True):
    """`type` is the name as written, without `*` and `[]`; empty for maps, functions and the like."""

    name: str  # empty when the type is embedded
    type: str
    many: bool
    pointer: bool
    tags: dict[str, str]
    at: Span

    @property
    def column_type(self) -> str:
        """As SQL names it; empty when the type is one of the program's own."""
        if self.many:
            return "BLOB" if self.type in ("byte", "uint8") else ""
        return TYPES.get(self.type, "")

    @property
    def nullable(self) -> bool:
        return self.pointer or self.type.startswith(("sql.Null", "null.", "gorm.DeletedAt"))


def fields(reader: GoReader, spec: Node, also: str = "") -> Iterator[Field]:
    """The fields of a struct that are exported or embedded, and one more by its name."""
    named = lists(reader)
    for count, declaration in enumerate(fields_of(spec)):
        if count >= MAX_FIELDS:
            return
        declared = declaration.child_by_field_name("type")
        if declared is None:
            continue
        written, many, pointer = type_of(reader, declared)
        if written in named and not many:
            written, many = named[written], True
        if not pointer and any(child.type == "*" for child in declaration.children):
            pointer = True
        tag = declaration.child_by_field_name("tag")
        tags = dict(TAG.findall(reader.text(tag))) if tag is not None else {}
        names = [reader.text(each) for each in declaration.children_by_field_name("name")]
        for name in names or [""]:
            if not name or name[0].isupper() or name == also:
                yield Field(name, written, many, pointer, tags, reader.span(declaration))


def lists(reader: GoReader) -> dict[str, str]:
    """`type Items []*Item` of the file, as `Items` -> `Item`."""
    found = {m[1].decode(): m[2].decode() for m in LISTS.finditer(reader.content)}
    return {
        name: of
        for name, of in found.items()
        if not any(f"{name}.{method}" in reader.declared for method in KEPT)
    }


def type_of(reader: GoReader, node: Node) -> tuple[str, bool, bool]:
    """(name as written, whether a slice, whether a pointer)."""
    many = pointer = False
    at: Node | None = node
    for _ in range(6):
        if at is None:
            return "", many, pointer
        if at.type in ("slice_type", "array_type"):
            many = True
            at = at.child_by_field_name("element")
        elif at.type in ("pointer_type", "parenthesized_type"):
            pointer = pointer or (at.type == "pointer_type" and not many)
            at = at.named_children[0] if at.named_children else None
        elif at.type == "generic_type":
            at = at.child_by_field_name("type")
        elif at.type in ("type_identifier", "qualified_type", "identifier", "selector_expression"):
            return reader.text(at), many, pointer
        else:
            return "", many, pointer
    return "", many, pointer


def snake(name: str) -> str:
    """`UserID` as `user_id`, `HTTPServer` as `http_server`."""
    return "_".join(WORDS.findall(name)).lower()


def named_by_method(reader: GoReader, struct: str) -> str:
    """The one text that its method `TableName` returns; empty when there is none."""
    function = reader.declared.get(f"{struct}.TableName")
    body = function.child_by_field_name("body") if function is not None else None
    statements = body.named_children[0].named_children if body and body.named_children else []
    last = statements[-1] if statements else None
    if last is None or last.type != "return_statement" or not last.named_children:
        return ""
    value = reader.value(last.named_children[0].named_children[0])
    return value.text if isinstance(value, Literal) else ""
