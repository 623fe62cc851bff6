"""The items of a CREATE TABLE: columns with their options, keys, indexes, foreign keys."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql.index_parts import exclusion, index_columns
from scaleaudit.sql.tokens import Kind, Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.source import Span
    from scaleaudit.sql.tokens import Token

# Words that end a column's type.
OPTIONS = {
    "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED",
    "AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY", "COLLATE", "COMMENT", "ON", "KEY", "AS", "CHARSET",
    "STORAGE", "COMPRESSION", "VIRTUAL", "STORED", "INVISIBLE", "VISIBLE", "SPARSE", "ROWGUIDCOL", "FIRST",
    "AFTER", "ENCODE", "USING", "CASCADE", "RESTRICT", "ENABLE", "DISABLE", "SORTKEY", "DISTKEY", "SRID",
    "FORMAT", "DEFERRABLE", "INITIALLY", "ZEROFILL", "BINARY_DOUBLE", "ASCENDING", "DESCENDING", "ASC", "DESC",
}  # fmt: skip
# Functions whose value differs from row to row: a new column of one is a rewrite of the table.
VOLATILE = {
    "GEN_RANDOM_UUID", "UUID_GENERATE_V4", "UUID_GENERATE_V1", "UUID_GENERATE_V1MC", "UUIDV4", "UUIDV7",
    "GEN_RANDOM_BYTES", "RANDOM", "CLOCK_TIMESTAMP", "TIMEOFDAY", "NEXTVAL", "UUID", "RAND", "NEWID",
}  # fmt: skip
AFTER_DEFAULT = {"NOT", "NULL", "CHECK", "REFERENCES", "UNIQUE", "CONSTRAINT", "COMMENT", "AFTER", "FIRST"}  # fmt: skip
SERIAL = {"SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL2", "SERIAL4", "SERIAL8"}
CALLED = regex(r"(\w+)\s*\(")
MAX_EXPRESSION = 400  # characters
MAX_DEFAULT = 30  # words of one


class Item(Gathering):
    column: ColumnFact | None = None
    indexes: list[IndexFact] = msgspec.field(default_factory=list)
    foreign_keys: list[ForeignKeyFact] = msgspec.field(default_factory=list)
    default: str = "none"  # of the column: constant, volatile, none


def read_item(part: Sequence[Token], dialect: str, enums: set[str]) -> list[Item]:
    """One item of the list; empty when it is neither column nor key."""
    if not part:
        return []
    constraint = read_constraint(Reader(part))
    if constraint is not None:
        return [constraint]
    column = read_column(Reader(part), dialect, enums)
    return [] if column is None else [column]


def read_constraint(reader: Reader) -> Item | None:
    """A key, index or foreign key of a table; None when a column stands here."""
    at = reader.here.at
    name = ""
    if reader.words("CONSTRAINT"):
        starts = ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE")
        if not (reader.here.kind is Kind.WORD and reader.here.text in starts):
            name = reader.take().name.lower()
    item = Item()
    if reader.words("PRIMARY", "KEY"):
        columns = _key_columns(reader)
        if columns:
            item.indexes.append(IndexFact(columns, name, True, True, at=at))
        return item
    if reader.words("FOREIGN", "KEY"):
        reader.words("IF", "NOT", "EXISTS")
        if reader.here.is_name:
            name = name or reader.index_name()
        key = foreign_key(reader, index_columns(reader.group()), at, name)
        if key is not None:
            item.foreign_keys.append(key)
        return item
    if _is_index(reader):
        return _index(reader, at, name, item)
    if reader.here.text == "EXCLUDE" and reader.ahead(1).text in ("(", "USING"):
        kept = exclusion(reader, at, name)
        item.indexes += [kept] if kept is not None else []
        return item
    if name or _is_other(reader):
        return item
    return None


def _is_index(reader: Reader) -> bool:
    """`UNIQUE (a)`, `KEY x (a)`, `FULLTEXT INDEX (a)`; not a column that is named `key`."""
    first = reader.here
    if first.kind is not Kind.WORD:
        return False
    if first.text in ("UNIQUE", "FULLTEXT", "SPATIAL"):
        return True
    if first.text not in ("KEY", "INDEX"):
        return False
    if reader.ahead(1).text == "(":
        return True
    if [reader.ahead(n).text for n in (1, 2, 3)] == ["IF", "NOT", "EXISTS"]:
        return True  # MariaDB
    follows = reader.ahead(2).text
    if follows == "(":  # `key varchar(255)` is a column
        return reader.ahead(3).kind is not Kind.NUMBER
    return follows == "USING"


def _index(reader: Reader, at: Span, name: str, item: Item) -> Item:
    kind = reader.any_of("UNIQUE", "FULLTEXT", "SPATIAL")
    reader.any_of("KEY", "INDEX")
    reader.words("IF", "NOT", "EXISTS")
    reader.words("NULLS", "NOT", "DISTINCT")
    reader.any_of("CLUSTERED", "NONCLUSTERED")
    if reader.here.is_name and reader.here.text != "USING":
        name = reader.index_name() or name
    columns = _key_columns(reader)
    if columns:
        method = kind.lower() if kind in ("FULLTEXT", "SPATIAL") else ""
        item.indexes.append(IndexFact(columns, name, kind == "UNIQUE", method=method, at=at))
    return item


def _is_other(reader: Reader) -> bool:
    """A check, a copied definition: nothing that an index or a column is made of."""
    first, second = reader.here, reader.ahead(1)
    if first.kind is not Kind.WORD:
        return not first.is_name
    if first.text == "CHECK":
        return second.text == "("
    if first.text in ("LIKE", "PERIOD"):
        return reader.ahead(2).text in ("", "INCLUDING", "EXCLUDING", "(")
    return False


def _key_columns(reader: Reader) -> tuple[str, ...]:
    """The columns of a key, after what may stand before them."""
    reader.any_of("CLUSTERED", "NONCLUSTERED")
    if reader.words("USING"):
        reader.take()
    if reader.here.is_name and reader.ahead(1).text == "(":
        reader.take()
    return index_columns(reader.group())


def foreign_key(
    reader: Reader, columns: tuple[str, ...], at: Span, name: str = ""
) -> ForeignKeyFact | None:
    """What follows the columns: `REFERENCES t (c)`."""
    if not columns or not reader.words("REFERENCES"):
        return None
    table = reader.table()
    references = index_columns(reader.group()) if reader.here.text == "(" else ()
    return ForeignKeyFact(columns, table, references, at, name) if table else None


def read_column(reader: Reader, dialect: str, enums: set[str]) -> Item | None:
    """A column with its own keys; None when no name stands here."""
    if not reader.here.is_name:
        return None
    at, name = reader.here.at, reader.take().name
    kind = _type(reader, enums)
    nullable, auto = True, kind in SERIAL
    item = Item()
    while not reader.done:
        if reader.words("NOT", "NULL"):
            nullable = False
        elif reader.words("PRIMARY", "KEY") or reader.words("PRIMARY"):
            nullable = False
            auto = auto or (dialect == "sqlite" and kind == "INTEGER")
            item.indexes.append(IndexFact((name,), "", True, True, at=at))
        elif reader.words("UNIQUE"):
            reader.words("KEY")
            item.indexes.append(IndexFact((name,), "", True, at=at))
        elif reader.here.text == "REFERENCES" and reader.here.kind is Kind.WORD:
            key = foreign_key(reader, (name,), at)
            if key is not None:
                item.foreign_keys.append(key)
        elif reader.any_of("AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY"):
            auto = True
        elif reader.words("STORED"):
            item.default = "volatile"
        elif reader.words("DEFAULT"):
            item.default = default_of(reader)
            first = reader.take()
            if first.text == "NEXTVAL" or (first.text == "NEXT" and reader.words("VALUE", "FOR")):
                auto = True
            elif first.text == "(":
                reader.position -= 1
                auto = auto or any(token.text == "NEXTVAL" for token in reader.group())
        elif reader.here.text == "(":
            reader.group()
        elif reader.words("COMMENT"):
            reader.take()
        else:
            reader.take()
    if auto:
        item.default = "volatile"
    item.column = ColumnFact(name, kind, nullable, auto, at)
    return item


def is_volatile(expression: str) -> bool:
    """Whether a default, as source code or SQL, is worked out for each row."""
    return any(word.upper() in VOLATILE for word in CALLED.findall(expression[:MAX_EXPRESSION]))


def default_of(reader: Reader) -> str:
    """What kind of value stands here."""
    given: list[str] = []
    for token in reader.tokens[reader.position : reader.position + MAX_DEFAULT]:
        if token.text in AFTER_DEFAULT and given:
            break
        given.append(token.text)
    called = {one for one, follows in pairwise(given) if follows == "("}
    if called & VOLATILE or given[:3] == ["NEXT", "VALUE", "FOR"]:
        return "volatile"
    return "none" if given[:1] == ["NULL"] else "constant"


def _type(reader: Reader, enums: set[str]) -> str:
    """The type in upper case without length: `CHARACTER VARYING`, `INT UNSIGNED`, `TEXT[]`."""
    words: list[str] = []
    while not reader.done:
        token = reader.here
        if token.text == "(" and token.kind is Kind.MARK:
            reader.group()
        elif token.text == "." and words:
            reader.take()
            words.pop()  # a schema's name
        elif token.text == "[" and words:
            while reader.take().text not in ("]", ""):
                pass
            words[-1] += "[]"
        elif token.kind is Kind.NAME and not words:
            words.append(reader.take().text.upper())
        elif token.kind is not Kind.WORD or token.text in OPTIONS or _is_clause(reader):
            break
        else:
            words.append(reader.take().text)
    kind = " ".join(words)
    return "ENUM" if kind.lower() in enums else kind


def _is_clause(reader: Reader) -> bool:
    """`CHARACTER SET utf8` and `WITH (...)` end a type, other uses of their words do not."""
    first, second = reader.here.text, reader.ahead(1).text
    if first == "CHARACTER":
        return second == "SET"
    return first == "WITH" and second not in ("TIME", "LOCAL")
