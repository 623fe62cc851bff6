"""The recovered schema as SQL: to be read, or loaded into an empty database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.reports.escaping import visible
from scaleaudit.reports.schema_choice import SchemaChoice, chosen

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Index, Table

PLAIN = regex(r"[a-z_][a-z0-9_]*")
# Words that PostgreSQL, MySQL or SQLite do not take as a name without quotes, and tables often bear.
RESERVED = {
    "order", "user", "group", "table", "key", "index", "check", "column", "default", "from", "to", "limit",
    "offset", "references", "select", "where", "when", "then", "end", "case", "desc", "asc", "all", "any", "and",
    "or", "not", "null", "primary", "unique", "values", "grant", "condition", "read", "write", "trigger", "usage",
    "option", "rank", "row", "rows", "groups", "system", "match", "partition", "range", "of", "on", "in", "as",
    "for", "both", "cast", "collate", "constraint", "current_user", "distinct", "do", "else", "except", "false",
    "fetch", "foreign", "having", "into", "leading", "natural", "only", "some", "true", "union", "using", "window",
    "with",
}  # fmt: skip
TYPE = regex(r"[A-Z][A-Z0-9_ ]*(?:\(\d+(?:, ?\d+)?\))?(?:\[\])?")


def render(
    result: ScanResult, choice: SchemaChoice | None = None, _options: RenderOptions | None = None
) -> str:
    """Statements for all tables of the choice, then their foreign keys.

    A column whose type is not known is written as TEXT, with a comment. Raises `UnknownTableError`.
    """
    tables = chosen(result.architecture.schema, choice or SchemaChoice())
    parts = [part for table in tables for part in (_table(table), *_indexes(table))]
    names = {table.name for table in tables}
    keys = [
        f"ALTER TABLE {named(table.name, table)} ADD FOREIGN KEY ({_list(key.columns, table)})"
        f" REFERENCES {named(key.table, table)}"
        + (f" ({_list(key.references, table)})" if key.references else "")
        + ";\n"
        for table in tables
        for key in table.foreign_keys
        if key.table in names
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
    return f"{said}CREATE TABLE {named(table.name, table)} (\n{body});\n"


def _indexes(table: Table) -> list[str]:
    return [_index(index, table) for index in table.indexes if not index.primary]


def _index(index: Index, table: Table) -> str:
    unique = "UNIQUE " if index.unique else ""
    name = f"{named(index.name, table)} " if index.name else ""
    method = f" USING {visible(index.method)}" if index.method not in ("", "btree") else ""
    where = f" WHERE {visible(' '.join(index.where.split()))}" if index.where else ""
    columns = _list(index.columns, table)
    return f"CREATE {unique}INDEX {name}ON {named(table.name, table)}{method} ({columns}){where};\n"


def _list(columns: tuple[str, ...], table: Table) -> str:
    return ", ".join(
        visible(each) if each.startswith("(") else named(each, table) for each in columns
    )


def named(name: str, table: Table) -> str:
    """The name, in quotes where the engine would not take it plain."""
    shown = visible(name)
    if PLAIN.fullmatch(shown) and shown not in RESERVED:
        return shown
    if table.dialect in ("mysql", "mariadb"):
        return "`" + shown.replace("`", "``") + "`"
    return '"' + shown.replace('"', '""') + '"'
