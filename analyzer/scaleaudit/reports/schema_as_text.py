"""The recovered schema for people: each part with the place that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import number
from scaleaudit.reports.schema_choice import SchemaChoice, chosen
from scaleaudit.reports.style import cells
from scaleaudit.schema import Growth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.reports.style import Style
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Index, Table
    from scaleaudit.source import Location

GROWTH = {
    Growth.STATIC: "hardly grows",
    Growth.PER_USER: "grows with its owners",
    Growth.GROWING: "grows",
    Growth.APPEND_ONLY: "grows without end",
    Growth.UNKNOWN: "",
}
MAX_NAME = 40  # columns that the names of columns may take


def render(
    result: ScanResult, choice: SchemaChoice | None = None, options: RenderOptions | None = None
) -> str:
    """Raises `UnknownTableError`."""
    options = options or RenderOptions()
    style = options.style
    tables = chosen(result.architecture.schema, choice or SchemaChoice())
    engines = sorted({table.dialect for table in tables if table.dialect})
    said = "  ".join([number(len(tables), "table"), *([", ".join(engines)] if engines else [])])
    lines = [f"{style.paint(visible(result.title), 'bold')}  {said}", ""]
    if not tables:
        lines = [f"{style.paint(visible(result.title), 'bold')}  no table is known"]
    for table in tables:
        lines += [*_table(table, style), ""]
    return "".join(f"{no_commands(line.rstrip())}\n" for line in lines).rstrip("\n") + "\n"


def _table(table: Table, style: Style) -> list[str]:
    head = style.paint(visible(table.name), "bold")
    told = [each for each in (GROWTH[table.growth],) if each]
    lines = ["  ".join([head, *_place(table.at, style), *told])]
    keys = {column.lower() for column in table.primary_key}
    refers = {
        key.columns[0].lower(): ".".join((key.table, *key.references[:1]))
        for key in table.foreign_keys
        if len(key.columns) == 1
    }
    width = min(MAX_NAME, max((cells(visible(c.name)) for c in table.columns), default=0))
    types = max((cells(visible(c.type)) for c in table.columns), default=0)
    for column in table.columns:
        name = visible(column.name).ljust(width)
        marks = [
            "key" if column.name.lower() in keys else "",
            "" if column.nullable or column.name.lower() in keys else "not null",
            f"-> {visible(refers[column.name.lower()])}" if column.name.lower() in refers else "",
        ]
        said = "  ".join(each for each in marks if each)
        lines.append(f"  {name}  {visible(column.type).ljust(types)}  {said}".rstrip())
    for index in table.indexes:
        if not index.primary or len(index.columns) > 1:
            lines.append(_index(index, style))
    for key in table.foreign_keys:
        if len(key.columns) > 1:
            lines.append(f"  ({', '.join(map(visible, key.columns))}) -> {visible(key.table)}")
    return lines


def _index(index: Index, style: Style) -> str:
    kind = "key" if index.primary else "unique" if index.unique else "index"
    parts = [f"{style.paint(kind, 'dim')} ({', '.join(map(visible, index.columns))})"]
    if index.method and index.method != "btree":
        parts.append(f"by {visible(index.method)}")
    if index.carries:
        parts.append(f"with ({', '.join(map(visible, index.carries))})")
    if index.where:
        parts.append(f"where {visible(' '.join(index.where.split()))}")
    return "  " + "  ".join([*parts, *_place(index.at, style)])


def _place(at: Location | None, style: Style) -> Sequence[str]:
    return [] if at is None else [style.file(style.paint(visible(str(at)), "cyan"), at.path)]
