"""Columns as migrations write them: types, and the objects that Sequelize and db-migrate take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql import is_volatile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration
    from scaleaudit.source import Span

# Names of types in the libraries' own words, lower case, to those of SQL.
TYPES = {
    "string": "VARCHAR", "char": "CHAR", "citext": "CITEXT", "text": "TEXT", "mediumtext": "TEXT",
    "integer": "INT", "int": "INT", "number": "INT", "tinyint": "TINYINT", "smallint": "SMALLINT",
    "mediumint": "INT", "bigint": "BIGINT", "biginteger": "BIGINT", "increments": "INT",
    "bigincrements": "BIGINT", "float": "FLOAT", "real": "REAL", "double": "DOUBLE",
    "decimal": "DECIMAL", "boolean": "BOOLEAN", "bool": "BOOLEAN", "date": "TIMESTAMP",
    "dateonly": "DATE", "datetime": "TIMESTAMP", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMP",
    "time": "TIME", "binary": "BLOB", "blob": "BLOB", "enum": "ENUM", "enu": "ENUM", "json": "JSON",
    "jsonb": "JSONB", "uuid": "UUID", "uuidv1": "UUID", "uuidv4": "UUID", "array": "ARRAY",
    "tsvector": "TSVECTOR", "geometry": "GEOMETRY", "geography": "GEOGRAPHY", "point": "POINT",
    "hstore": "HSTORE", "inet": "INET", "range": "RANGE",
}  # fmt: skip
WORDS = regex(r"([A-Za-z][\w ]*?)\s*(?:\([\d, ]*\))?(\[\])?")


class Found(Gathering):
    """Columns of one table, and the keys that stand with them."""

    columns: list[ColumnFact] = msgspec.field(default_factory=list)
    indexes: list[IndexFact] = msgspec.field(default_factory=list)
    foreign_keys: list[ForeignKeyFact] = msgspec.field(default_factory=list)
    computed: set[str] = msgspec.field(default_factory=set)  # columns with a value for each row

    def defined(self, table: str, at: Span) -> Iterator[TableDefined]:
        """The table, where any column of it is known."""
        if self.columns:
            keys = tuple(self.foreign_keys)
            yield TableDefined(at, table, tuple(self.columns), tuple(self.indexes), keys)

    def added(self, table: str) -> Iterator[TableChanged]:
        for column in self.columns:
            default = "volatile" if column.name in self.computed else ""
            yield TableChanged(column.at, table, "add-column", column=column, default=default)
        yield from self.keys_added(table)

    def keys_added(self, table: str) -> Iterator[TableChanged]:
        for index in self.indexes:
            yield TableChanged(index.at, table, "add-index", index=index)
        for key in self.foreign_keys:
            yield TableChanged(key.at, table, "add-foreign-key", foreign_key=key)


def sql_type(written: str) -> str:
    """`Sequelize.STRING(40)`, `varchar(255)`, `"int"` to the type as SQL names it."""
    text = written.strip("'\"`")
    known = TYPES.get(text.lower())
    if known is not None:
        return known
    words = WORDS.fullmatch(text)
    if words is not None:
        return words[1].upper() + (words[2] or "")
    word = text.partition("(")[0].rpartition(".")[2].strip()  # DataTypes.STRING(40)
    return TYPES.get(word.lower(), word.upper()) if word.isidentifier() else ""


def column_of_spec(m: Migration, table: str, name: str, spec: Node, into: Found) -> None:
    """`{type: Sequelize.STRING, unique: true, references: {...}}`, or a type alone."""
    given = m.members(spec)
    at = m.reader.span(spec)
    if not given:
        into.columns.append(ColumnFact(name, sql_type(m.text(spec) or m.reader.text(spec)), at=at))
        return
    name = m.text(given.get("field")) or name
    kind = given.get("type")
    primary = m.says(given.get("primaryKey"))
    nullable = not primary and not m.says(given.get("notNull"))
    if "allowNull" in given and not m.says(given["allowNull"]):
        nullable = False
    written = sql_type(m.text(kind) or m.reader.text(kind)) if kind is not None else ""
    auto = m.says(given.get("autoIncrement"))
    into.columns.append(ColumnFact(name, written, nullable, auto, at))
    if "defaultValue" in given and is_volatile(m.reader.text(given["defaultValue"])):
        into.computed.add(name)
    if primary:
        add_primary(into, name)
    elif m.says(given.get("unique")):
        called = m.text(given["unique"]) if given["unique"].type == "string" else ""
        add_unique(into, (name,), called or f"{table}_{name}_key", at)
    tie = m.members(given.get("references")) or m.members(given.get("foreignKey"))
    target = m.table(tie.get("model") or tie.get("table")) if tie else ""
    if not target and "references" in given:
        target = m.table(given["references"])
    if target:
        into.foreign_keys.append(
            ForeignKeyFact((name,), target, at=at, name=m.text(tie.get("name")))
        )


def add_unique(into: Found, columns: tuple[str, ...], called: str, at: Span) -> None:
    """Columns that name the same key make it together."""
    for position, index in enumerate(into.indexes):
        if index.name == called and called:
            columns = tuple(dict.fromkeys((*index.columns, *columns)))
            into.indexes[position] = msgspec.structs.replace(index, columns=columns)
            return
    into.indexes.append(IndexFact(columns, called, True, at=at))


def add_primary(into: Found, name: str) -> None:
    """A second column that calls itself primary belongs to the same key."""
    for position, index in enumerate(into.indexes):
        if index.primary:
            columns = (*index.columns, name)
            into.indexes[position] = msgspec.structs.replace(index, columns=columns)
            return
    into.indexes.append(IndexFact((name,), "", True, True, at=into.columns[-1].at))
