"""The recovered schema for programs; its own schema is published as `schema-v1.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scaleaudit.reports import rows
from scaleaudit.reports.schema_choice import SchemaChoice, chosen
from scaleaudit.schema import Growth

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Table
    from scaleaudit.source import Location


class ColumnRow(msgspec.Struct, frozen=True):
    name: str
    type: str
    """Upper case, as the engine or the mapper names it, without length; empty when unknown."""
    nullable: bool
    auto_increment: bool
    at: rows.PlaceRow | None


class IndexRow(msgspec.Struct, frozen=True):
    name: str
    columns: list[str]
    """In order; an expression stands in parentheses."""
    unique: bool
    primary: bool
    where: str
    """The condition of a partial index."""
    method: str
    at: rows.PlaceRow | None


class ForeignKeyRow(msgspec.Struct, frozen=True):
    columns: list[str]
    table: str
    references: list[str]
    at: rows.PlaceRow | None


class TableRow(msgspec.Struct, frozen=True):
    name: str
    engine: str
    """The dialect that its definition is written in; empty when unknown."""
    growth: Growth
    columns: list[ColumnRow]
    indexes: list[IndexRow]
    foreign_keys: list[ForeignKeyRow]
    at: rows.PlaceRow | None


class SchemaReport(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: rows.ToolRow
    root: str
    """The scanned folder as the user named it; all paths are relative to it."""
    tables: list[TableRow]


def render(
    result: ScanResult, choice: SchemaChoice | None = None, _options: RenderOptions | None = None
) -> str:
    """Raises `UnknownTableError`."""
    tables = chosen(result.architecture.schema, choice or SchemaChoice())
    return rows.encode(
        SchemaReport(1, rows.ToolRow(), result.root, [_table(table) for table in tables])
    )


def json_schema() -> dict[str, object]:
    return rows.schema(
        SchemaReport, "schema-v1.json", "A database schema that scaleaudit recovered"
    )


def _table(table: Table) -> TableRow:
    return TableRow(
        table.name,
        table.dialect,
        table.growth,
        [
            ColumnRow(c.name, c.type, c.nullable, c.auto_increment, place(c.at))
            for c in table.columns
        ],
        [
            IndexRow(i.name, list(i.columns), i.unique, i.primary, i.where, i.method, place(i.at))
            for i in table.indexes
        ],
        [
            ForeignKeyRow(list(k.columns), k.table, list(k.references), place(k.at))
            for k in table.foreign_keys
        ],
        place(table.at),
    )


def place(at: Location | None) -> rows.PlaceRow | None:
    return None if at is None else rows.PlaceRow(at.path, at.line, at.column, at.end_line)
