"""Ecto's types as the types of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.syntax import atom, named, unwrapped, word

if TYPE_CHECKING:
    from tree_sitter import Node

# Those of PostgreSQL's adapter, where adapters differ.
TYPES = {
    "id": "BIGINT", "binary_id": "UUID", "uuid": "UUID", "string": "VARCHAR", "text": "TEXT",
    "integer": "INT", "bigint": "BIGINT", "serial": "INT", "bigserial": "BIGINT", "boolean": "BOOLEAN",
    "float": "DOUBLE", "decimal": "DECIMAL", "binary": "BLOB", "map": "JSONB", "array": "ARRAY",
    "date": "DATE", "time": "TIME", "time_usec": "TIME", "naive_datetime": "TIMESTAMP",
    "naive_datetime_usec": "TIMESTAMP", "utc_datetime": "TIMESTAMP", "utc_datetime_usec": "TIMESTAMP",
    "datetime": "TIMESTAMP", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMP",
}  # fmt: skip
# Modules that stand for a type in a schema.
MODULES = {
    "Ecto.UUID": "UUID", "UUID": "UUID", "Ecto.Enum": "ENUM", "Ecto.ULID": "UUID",
    "Ecto.DateTime": "TIMESTAMP", "Ecto.Date": "DATE", "Ecto.Time": "TIME",
}  # fmt: skip
COUNTING = frozenset({"serial", "bigserial", "id", "identity"})


def sql_type(node: Node | None) -> str:
    """Of `:string`, `{:array, :string}`, `:"character varying(20)"`; empty where it is computed."""
    if node is None:
        return ""
    node = unwrapped(node)
    if node.type == "tuple":
        inner = named(node)
        kind = atom(inner[0]) if inner else ""
        return TYPES.get(kind, "ARRAY" if kind == "array" else "JSONB" if kind == "map" else "")
    if node.type == "alias":
        return MODULES.get(word(node), "")
    name = atom(node).lower()
    return TYPES.get(name, name.partition("(")[0].strip().upper())
