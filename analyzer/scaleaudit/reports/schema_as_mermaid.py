"""The recovered schema as a Mermaid entity-relationship diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.reports.escaping import mermaid_label
from scaleaudit.reports.schema_choice import SchemaChoice, chosen

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Table

MAX_COLUMNS = 12  # of one table; keys and references come first
WORD = regex(r"[^A-Za-z0-9_]")


def render(
    result: ScanResult, choice: SchemaChoice | None = None, _options: RenderOptions | None = None
) -> str:
    """Raises `UnknownTableError`."""
    tables = chosen(result.architecture.schema, choice or SchemaChoice())
    ids = {table.name: f"t{position}" for position, table in enumerate(tables)}
    lines = ["erDiagram"]
    for table in tables:
        lines += _table(table, ids[table.name])
    for table in tables:
        for key in table.foreign_keys:
            if key.table in ids:
                label = mermaid_label(", ".join(key.columns))
                one = "||" if _is_needed(table, key.columns) else "|o"
                lines.append(f'  {ids[key.table]} {one}--o{{ {ids[table.name]} : "{label}"')
    return "\n".join([*lines, ""])


def _is_needed(table: Table, columns: tuple[str, ...]) -> bool:
    found = [table.column(name) for name in columns]
    return all(column is not None and not column.nullable for column in found)


def _table(table: Table, name: str) -> list[str]:
    keys = {column.lower() for column in table.primary_key}
    refers = {column.lower() for key in table.foreign_keys for column in key.columns}
    ranked = sorted(
        table.columns, key=lambda c: (c.name.lower() not in keys, c.name.lower() not in refers)
    )
    lines = [f'  {name}["{mermaid_label(table.name)}"] {{']
    for column in ranked[:MAX_COLUMNS]:
        marks = [
            mark for mark, found in (("PK", keys), ("FK", refers)) if column.name.lower() in found
        ]
        kind = WORD.sub("_", column.type) or "unknown"
        lines.append(f"    {kind} {WORD.sub('_', column.name)} {', '.join(marks)}".rstrip())
    if len(ranked) > MAX_COLUMNS:
        lines.append(f"    and {len(ranked) - MAX_COLUMNS}_more")
    return [*lines, "  }"]
