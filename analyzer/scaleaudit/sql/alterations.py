"""The actions of an ALTER TABLE, one fact each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, IndexFact, TableChanged
from scaleaudit.sql.columns import read_column, read_constraint, read_item
from scaleaudit.sql.tokens import Kind, Reader, joined, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.source import Span
    from scaleaudit.sql.columns import Item


MAX_CHECK = 400  # characters of a condition


def alterations(
    reader: Reader, table: str, dialect: str, enums: set[str]
) -> Iterator[TableChanged]:
    """Facts in the order of the actions; what changes no column, key or index gives none."""
    for part in split(reader.tokens[reader.position :]):
        each = Reader(part)
        each.words("WITH", "CHECK")
        each.words("WITH", "NOCHECK")
        where = each.here.at
        if each.words("ADD"):
            yield from _added(each, table, where, dialect, enums)
        elif each.words("DROP"):
            yield from _dropped(each, table, where, dialect)
        elif each.words("RENAME"):
            yield from _renamed(each, table, where, dialect)
        elif each.any_of("ALTER", "MODIFY"):
            each.words("COLUMN")
            each.words("IF", "EXISTS")
            yield from _altered(each, table, dialect, enums)
        elif each.words("CHANGE"):
            each.words("COLUMN")
            each.words("IF", "EXISTS")
            old = each.take().name
            yield from _changed(each, table, old, where, dialect, enums)


def _added(
    reader: Reader, table: str, at: Span, dialect: str, enums: set[str]
) -> Iterator[TableChanged]:
    if reader.here.text == "(":  # ADD (a int, b int)
        for part in split(reader.group()):
            for item in read_item(part, dialect, enums):
                yield from _facts(item, table, dialect)
        return
    online = _says(reader, "NOT", "VALID") or _says(reader, "USING", "INDEX")
    if not reader.words("COLUMN"):
        start = reader.position
        constraint = read_constraint(reader)
        if constraint is not None:
            yield from _facts(constraint, table, dialect, online=online)
            if not constraint.indexes and not constraint.foreign_keys:
                yield from _check(reader, start, table, at, dialect, online=online)
            return
        reader.position = start
    reader.words("IF", "NOT", "EXISTS")
    if reader.here.text == "(":
        yield from _added(reader, table, at, dialect, enums)
        return
    column = read_column(reader, dialect, enums)
    if column is not None:
        yield from _facts(column, table, dialect)


def _says(reader: Reader, *words: str) -> bool:
    """Whether the words stand somewhere behind, side by side."""
    texts = [token.text for token in reader.tokens[reader.position :]]
    return any(tuple(texts[at : at + len(words)]) == words for at in range(len(texts)))


def _check(
    reader: Reader, start: int, table: str, at: Span, dialect: str, *, online: bool
) -> Iterator[TableChanged]:
    words = reader.tokens[start:]
    for position, token in enumerate(words[:3]):
        if token.kind is Kind.WORD and token.text == "CHECK":
            text = joined(words[position + 1 :])[:MAX_CHECK]
            yield TableChanged(at, table, "add-check", name=text, dialect=dialect, online=online)
            return


def _facts(item: Item, table: str, dialect: str, *, online: bool = False) -> Iterator[TableChanged]:
    if item.column is not None:
        yield TableChanged(
            item.column.at,
            table,
            "add-column",
            column=item.column,
            dialect=dialect,
            default=item.default,
        )
    for index in item.indexes:
        yield TableChanged(
            index.at, table, "add-index", index=index, dialect=dialect, online=online
        )
    # The key of a column that is new and empty has no rows to check.
    empty = item.column is not None and item.default == "none"
    for key in item.foreign_keys:
        yield TableChanged(
            key.at,
            table,
            "add-foreign-key",
            foreign_key=key,
            dialect=dialect,
            online=online or empty,
        )


def _dropped(reader: Reader, table: str, at: Span, dialect: str) -> Iterator[TableChanged]:
    if reader.words("PRIMARY", "KEY"):
        yield TableChanged(at, table, "drop-primary-key", dialect=dialect)
        return
    start = reader.position
    what = reader.any_of("CONSTRAINT", "INDEX", "KEY", "FOREIGN", "COLUMN", "CHECK")
    if what == "FOREIGN":
        reader.words("KEY")
    elif what in ("INDEX", "KEY") and not reader.here.is_name:
        what, reader.position = "COLUMN", start  # a column of that name
    reader.words("IF", "EXISTS")
    if what == "CHECK" or not reader.here.is_name:
        return
    name = reader.take().name
    if what in ("CONSTRAINT", "INDEX", "KEY", "FOREIGN"):
        yield TableChanged(at, table, "drop-index", name=name.lower(), dialect=dialect)
    elif not (reader.here.kind is Kind.WORD and name.upper() in ("DEFAULT", "NOT", "PARTITION")):
        yield TableChanged(at, table, "drop-column", name=name, dialect=dialect)


def _renamed(reader: Reader, table: str, at: Span, dialect: str) -> Iterator[TableChanged]:
    if reader.any_of("TO", "AS"):
        yield TableChanged(at, table, "rename", name=reader.table(), dialect=dialect)
        return
    if reader.any_of("CONSTRAINT", "INDEX", "KEY"):
        yield from renamed_index(reader, table, at, dialect)
        return
    reader.words("COLUMN")
    reader.words("IF", "EXISTS")
    if not reader.here.is_name:
        return
    old = reader.take()
    if reader.words("TO"):
        column = ColumnFact(old.name, "", at=old.at)
        new = reader.take().name
        yield TableChanged(at, table, "rename-column", column=column, name=new, dialect=dialect)
    elif not reader.done:
        return
    else:  # MySQL: RENAME new_name
        yield TableChanged(at, table, "rename", name=old.name.lower(), dialect=dialect)


def renamed_index(reader: Reader, table: str, at: Span, dialect: str) -> Iterator[TableChanged]:
    """`a RENAME TO b`, `a TO b`; the table may be left out, as names of indexes are unique."""
    reader.words("IF", "EXISTS")
    if not reader.here.is_name:
        return
    old = reader.index_name()
    reader.words("RENAME")
    if reader.words("TO") and reader.here.is_name:
        yield TableChanged(
            at,
            table,
            "rename-index",
            index=IndexFact((), old),
            name=reader.index_name(),
            dialect=dialect,
        )


def _altered(reader: Reader, table: str, dialect: str, enums: set[str]) -> Iterator[TableChanged]:
    """A new type, or a default that makes the column count by itself."""
    if not reader.here.is_name or reader.here.text in ("INDEX", "CONSTRAINT"):
        return
    if reader.ahead(1).text == "TYPE" or reader.ahead(1).text == "DATA":
        name = reader.take()
    else:
        name = reader.here
        second = reader.ahead(1).text
        if second in ("SET", "ADD", "DROP", "RESTART", "RENAME"):
            yield from _default(reader, table, dialect)
            return
        item = read_column(reader, dialect, enums)
        if item is not None and item.column is not None and item.column.type:
            yield TableChanged(name.at, table, "alter-type", column=item.column, dialect=dialect)
        return
    reader.words("DATA")
    reader.words("TYPE")
    shifted = Reader([name, *reader.tokens[reader.position :]])
    item = read_column(shifted, dialect, enums)
    if item is not None and item.column is not None and item.column.type:
        yield TableChanged(name.at, table, "alter-type", column=item.column, dialect=dialect)


def _default(reader: Reader, table: str, dialect: str) -> Iterator[TableChanged]:
    """`c SET DEFAULT nextval(...)`, `c ADD GENERATED ... AS IDENTITY`, `c SET DATA TYPE t`."""
    name = reader.take()
    words = [token.text for token in reader.tokens[reader.position :]]
    if words[:3] == ["SET", "DATA", "TYPE"]:
        reader.position += 3
        item = read_column(Reader([name, *reader.tokens[reader.position :]]), dialect, set())
        if item is not None and item.column is not None:
            yield TableChanged(name.at, table, "alter-type", column=item.column, dialect=dialect)
    elif words[:3] == ["SET", "NOT", "NULL"]:
        yield TableChanged(name.at, table, "set-not-null", name=name.name, dialect=dialect)
    elif "NEXTVAL" in words or "IDENTITY" in words[:6] or words[1:3] == ["DEFAULT", "NEXT"]:
        column = ColumnFact(name.name, "", auto_increment=True, at=name.at)
        yield TableChanged(name.at, table, "alter-type", column=column, dialect=dialect)


def _changed(
    reader: Reader, table: str, old: str, at: Span, dialect: str, enums: set[str]
) -> Iterator[TableChanged]:
    """MySQL's CHANGE: a new name and a new type at once."""
    item = read_column(reader, dialect, enums)
    if item is None or item.column is None:
        return
    if item.column.name.lower() != old.lower():
        column = ColumnFact(old, "", at=at)
        yield TableChanged(
            at, table, "rename-column", column=column, name=item.column.name, dialect=dialect
        )
    yield TableChanged(at, table, "alter-type", column=item.column, dialect=dialect)
