"""The recovered schema as SQL: to be read, or loaded into an empty database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.identifiers import quoted
from scaleaudit.regex import regex
from scaleaudit.reports.escaping import visible
from scaleaudit.reports.schema_choice import SchemaChoice, chosen

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Index, Table

TYPE = regex(r"[A-Z][A-Z0-9_ ]*(?:\(\d+(?:, ?\d+)?\))?(?:\[\])?")


def render(
    result: ScanResult, choice: SchemaChoice | None = None, _options: RenderOptions | None = None
) -> str:
    """Statements for all tables of the choice, then their foreign keys.

    A column whose type is not known is written as TEXT, with a comment. Raises `UnknownTableError`.
    """
    listed = chosen(result.architecture.schema, choice or SchemaChoice())
    parts = [part for table in listed for part in (_table(table), *_indexes(table))]
    tables = {table.name: table for table in listed}
    keys = [
        f"ALTER TABLE {_name(table)} ADD FOREIGN KEY ({_list(key.columns, table)})"
        f" REFERENCES {_name(tables[key.table])}"
        + (f" ({_list(key.references, table)})" if key.references else "")
        + ";\n"
        for table in listed
        for key in table.foreign_keys
        if key.table in tables
    ]
    return "\n".join([*parts, *keys])


def _table(table: Table) -> str:
    lines = []
    for column in table.columns:
        known = TYPE.fullmatch(column.type) is not None
        words = [named(column.name, table), column.type if known else "TEXT"]
        words += [] if column.nullable else ["NOT NULL"]
        lines.append((" ".join(words), "" if known else "  -- type not known"))
    if table.primary_key:
        lines.append((f"PRIMARY KEY ({_list(table.primary_key, table)})", ""))
    body = "".join(
        f"    {text}{',' if position < len(lines) else ''}{note}\n"
        for position, (text, note) in enumerate(lines, 1)
    )
    said = f"-- {visible(str(table.at))}\n" if table.at is not None else ""
    return f"{said}CREATE TABLE {_name(table)} (\n{body});\n"


def _indexes(table: Table) -> list[str]:
    return [_index(index, table) for index in table.indexes if not index.primary]


def _index(index: Index, table: Table) -> str:
    unique = "UNIQUE " if index.unique else ""
    name = f"{named(index.name, table)} " if index.name else ""
    method = f" USING {visible(index.method)}" if index.method not in ("", "btree") else ""
    where = f" WHERE {visible(' '.join(index.where.split()))}" if index.where else ""
    columns = _list(index.columns, table)
    carried = f" INCLUDE ({_list(index.carries, table)})" if index.carries else ""
    return f"CREATE {unique}INDEX {name}ON {_name(table)}{method} ({columns}){carried}{where};\n"


def _list(columns: tuple[str, ...], table: Table) -> str:
    return ", ".join(
        visible(each) if each.startswith("(") else named(each, table) for each in columns
    )


def _name(table: Table) -> str:
    return named(table.spelled or table.name, table)


def named(name: str, table: Table) -> str:
    """The name, in quotes where the engine would not take it plain."""
    return quoted(visible(name), table.dialect)
