"""Indexes and keys that jOOQ read out of a database and wrote down as code.

Where the migrations stand in another repository, `Indexes.java` and `Keys.java` are all that tells
of them here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact, TableChanged
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.languages.java.jvm import JvmReader

_NAME = rb"(?:DSL\s*\.\s*name\(\s*)?\"([^\"\n]{1,200})\"\s*\)?"
_TABLE = rb"([\w.]{1,200})"
_COLUMNS = rb"(?:new\s+\w{1,40}\[\]\s*\{|arrayOf\()([^{}]{1,4000}?)(?:\}|\)\s*,\s*(?=true|false))"
INDEX = regex(
    rb"Internal\s*\.\s*createIndex\(\s*" + _NAME + rb"\s*,\s*" + _TABLE + rb"\s*,\s*" + _COLUMNS
    + rb"\s*,?\s*(true|false)"
)  # fmt: skip
KEY = regex(
    rb"Internal\s*\.\s*createUniqueKey\(\s*" + _TABLE + rb"\s*,\s*" + _NAME + rb"\s*,\s*"
    rb"(?:new\s+\w{1,40}\[\]\s*\{|arrayOf\()?([\w.,\s]{1,4000})"
)  # fmt: skip
MAX_FOUND = 5_000  # of one file


def jooq_indexes(reader: JvmReader) -> Iterator[TableChanged]:
    """`Internal.createIndex(DSL.name("by_code"), Order.ORDER, new OrderField[] { Order.ORDER.CODE }, false)`."""
    if b"org.jooq" not in reader.content or b"Internal" not in reader.content:
        return
    for _, match in zip(range(MAX_FOUND), INDEX.finditer(reader.content), strict=False):
        name, table, columns, unique = match.groups()
        yield made(reader, match, table, name, columns, unique=unique == b"true")
    for _, match in zip(range(MAX_FOUND), KEY.finditer(reader.content), strict=False):
        table, name, columns = match.groups()
        yield made(reader, match, table, name, columns, unique=True)


def made(
    reader: JvmReader,
    match: re.Match[bytes],
    table: bytes,
    name: bytes,
    columns: bytes,
    *,
    unique: bool,
) -> TableChanged:
    at = reader.span(
        reader.root.descendant_for_byte_range(match.start(), match.start()) or reader.root
    )
    listed = tuple(filter(None, (column_of(each, table) for each in columns.split(b","))))
    index = IndexFact(listed, name.decode("utf-8", "replace"), unique=unique, at=at)
    return TableChanged(at, last(table), "add-index", index=index)


def column_of(field: bytes, table: bytes) -> str:
    """`Order.ORDER.CODE.desc()` is `code`; empty for what is no field of the table."""
    field = field.strip()
    if not field.startswith(table + b"."):
        return ""
    return field[len(table) + 1 :].partition(b".")[0].decode("utf-8", "replace").lower()


def last(dotted: bytes) -> str:
    return dotted.rpartition(b".")[2].decode("utf-8", "replace").lower()
