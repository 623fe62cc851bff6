"""Scripts that define tables: CREATE, ALTER, DROP, dumps and migrations, as schema facts.

Definitions are read word by word, not through sqlglot: every dialect has column options of its
own, and one that is not understood must cost that option, not the table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import IndexFact, TableChanged, TableDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql.alterations import alterations, renamed_index
from scaleaudit.sql.backfills import fills_whole_table
from scaleaudit.sql.columns import read_item
from scaleaudit.sql.index_parts import index_columns
from scaleaudit.sql.statements import statements
from scaleaudit.sql.tokens import Kind, Reader, joined, split, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ForeignKeyFact
    from scaleaudit.sql.columns import Item
    from scaleaudit.sql.statements import Statement
    from scaleaudit.sql.tokens import Token

MAX_COLUMNS = 2_000

_HEAD = regex(
    r"(?:\s++|--[^\n]*+\n|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/|#[ \t][^\n]*+\n)*(?P<verb>CREATE|ALTER|DROP|RENAME|INSERT|REPLACE|COPY|UPDATE)\b"
    r"\s+(?P<rest>[\s\S]{0,200})",
    re.IGNORECASE | re.DOTALL,
)
_DEFINES = regex(r"(?:\w+\s+){0,5}?(?:TABLE|INDEX|TYPE)\b", re.IGNORECASE)
_SEEDS = regex(
    r"(?:(?:OR\s+)?\w+\s+){0,3}?INTO\s+(?P<table>[\w.`\"\[\]]+)[^;]{0,4000}?\bVALUES?\b",
    re.IGNORECASE,
)
_COPIES = regex(r"(?P<table>[\w.`\"\[\]]+)\s*(?:\([^)]*\)\s*)?FROM\b", re.IGNORECASE)
# What says that writers need not wait, or that a person has looked at it (squawk, Atlas).
_ONLINE = regex(
    r"\bINDEX\s+CONCURRENTLY\b|\bALGORITHM\s*=?\s*(?:INPLACE|INSTANT)\b|\bLOCK\s*=?\s*NONE\b"
    r"|\bONLINE\s*=\s*ON\b|--[^\n]*\b(?:squawk-ignore|atlas:nolint)",
    re.IGNORECASE,
)
_BLOCK = regex(
    r"(?:\s++|--[^\n]*+\n|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/)*DO\b[^$;]{0,200}\$",
    re.IGNORECASE | re.DOTALL,
)
# A statement of its own, not one that is put together from texts.
_BLOCK_STEP = regex(
    r"(?<!['|$])\b(?:ALTER\s+TABLE|CREATE\s+TABLE|CREATE\s+(?:UNIQUE\s+)?INDEX)\s", re.IGNORECASE
)
# What may or may not run (a condition, the way back of a migration) counts when it adds.
ADDITIONS = {"add-index", "add-column", "add-foreign-key"}
NAMES = {"rename", "rename-column"}  # behind `IF EXISTS`, the new name is there either way
_NO_TABLES = {"TEMP", "TEMPORARY", "FOREIGN", "EXTERNAL"}


def read_schema(
    script: str, dialect: str = "", *, first_line: int = 1
) -> list[TableDefined | TableChanged]:
    """The facts of all definitions in order; lines count from `first_line`.

    Rows that the script inserts mark their table as seeded. What undoes a migration is left out.
    """
    found: list[TableDefined | TableChanged] = []
    seeded: dict[str, Span] = {}
    enums: set[str] = set()
    for statement in statements(script, dialect):
        head = _HEAD.match(statement.text)
        if head is None:
            found.extend(_in_block(statement, first_line, dialect, enums))
            continue
        verb, rest = head["verb"].upper(), head["rest"]
        if verb in ("INSERT", "REPLACE", "COPY"):
            rows = (_COPIES if verb == "COPY" else _SEEDS).match(statement.text, head.start("rest"))
            if rows is not None:
                name = rows["table"].rpartition(".")[2].strip('`"[]').lower()
                seeded.setdefault(name, Span(statement.line + first_line - 1))
        elif verb == "UPDATE":
            table = fills_whole_table(statement.text, head.start("verb"))
            if table:
                line = statement.text.count("\n", 0, head.start("verb")) + statement.line
                at = Span(line + first_line - 1)
                found.append(TableChanged(at, table, "backfill", dialect=dialect))
        elif verb in ("ALTER", "RENAME") or _DEFINES.match(rest):
            words = tokens(statement.text, statement.line + first_line - 1)
            facts = _definition(words, dialect, enums)
            found.extend(map(_online, facts) if _ONLINE.search(statement.text) else facts)
    return [*_with_seeds(found, seeded), *_seeds(found, seeded, dialect)]


def _online(fact: TableDefined | TableChanged) -> TableDefined | TableChanged:
    return msgspec.structs.replace(fact, online=True) if isinstance(fact, TableChanged) else fact


def _in_block(
    statement: Statement, first_line: int, dialect: str, enums: set[str]
) -> Iterator[TableDefined | TableChanged]:
    """What `DO $$ BEGIN IF ... THEN ALTER TABLE ...; END IF; END $$` adds or names anew."""
    text = statement.text
    if _BLOCK.match(text) is None:
        return
    end = 0
    for start in _BLOCK_STEP.finditer(text):
        if start.start() < end:
            continue
        end = text.find(";", start.end())
        if end < 0:
            return
        line = statement.line + first_line - 1 + text.count("\n", 0, start.start())
        words = tokens(text[start.start() : end], line)
        for fact in _definition(words, dialect, enums):
            if isinstance(fact, TableDefined) or fact.action in ADDITIONS | NAMES:
                yield fact


def _with_seeds(
    found: list[TableDefined | TableChanged], seeded: dict[str, Span]
) -> Iterator[TableDefined | TableChanged]:
    for fact in found:
        if isinstance(fact, TableDefined) and fact.table in seeded:
            yield TableDefined(
                fact.at,
                fact.table,
                fact.columns,
                fact.indexes,
                fact.foreign_keys,
                fact.dialect,
                True,
                fact.spelled,
            )
        else:
            yield fact


def _seeds(
    found: list[TableDefined | TableChanged], seeded: dict[str, Span], dialect: str
) -> Iterator[TableChanged]:
    defined = {fact.table for fact in found if isinstance(fact, TableDefined)}
    for table, at in seeded.items():
        if table not in defined:
            yield TableChanged(at, table, "seed", dialect=dialect)


def _definition(
    words: list[Token], dialect: str, enums: set[str]
) -> Iterator[TableDefined | TableChanged]:
    reader = Reader(words)
    at = reader.here.at
    verb = reader.take().text
    if verb == "CREATE":
        kinds: set[str] = set()
        while reader.here.kind is Kind.WORD and reader.here.text not in ("TABLE", "INDEX", "TYPE"):
            kinds.add(reader.take().text)
        what = reader.take().text
        if what == "TABLE" and not kinds & _NO_TABLES:
            yield from _table(reader, at, dialect, enums)
        elif what == "INDEX":
            yield from _index(reader, at, kinds, dialect)
        elif what == "TYPE":
            name = reader.table()
            if reader.words("AS", "ENUM"):
                enums.add(name)
    elif verb == "DROP":
        yield from _drop(reader, at, dialect)
    elif verb == "RENAME" and reader.words("TABLE"):
        for part in split(reader.tokens[reader.position :]):
            each = Reader(part)
            old = each.table()
            if each.words("TO"):
                yield TableChanged(at, old, "rename", name=each.table(), dialect=dialect)
    elif verb == "ALTER" and reader.words("INDEX"):
        yield from renamed_index(reader, "", at, dialect)
    elif verb == "ALTER" and reader.words("TABLE"):
        reader.words("IF", "EXISTS")
        reader.words("ONLY")
        at = reader.here.at
        table = reader.table()
        reader.words("*")
        yield from alterations(reader, table, dialect, enums)


def _table(
    reader: Reader, at: Span, dialect: str, enums: set[str]
) -> Iterator[TableDefined | TableChanged]:
    reader.words("IF", "NOT", "EXISTS")
    spelled = reader.spelled_table()
    table = spelled.lower()
    inside = reader.group()
    if table and (copy := _copied(reader, inside)) is not None:
        yield TableChanged(at, table, copy[0], name=copy[1], dialect=dialect)
        return
    if not table or not inside:
        return  # PARTITION OF: nothing of its own to tell
    items: list[Item] = []
    for part in split(inside):
        items.extend(read_item(part, dialect, enums))
        if len(items) >= MAX_COLUMNS:
            break
    columns = tuple(item.column for item in items if item.column is not None)
    if not columns:
        return
    indexes: list[IndexFact] = [index for item in items for index in item.indexes]
    keys: list[ForeignKeyFact] = [key for item in items for key in item.foreign_keys]
    spelled = "" if spelled == table else spelled
    yield TableDefined(at, table, columns, tuple(indexes), tuple(keys), dialect, spelled=spelled)


def _copied(reader: Reader, inside: list[Token]) -> tuple[str, str] | None:
    """Of a table that is made like another: what is taken over, and from which.

    `LIKE orders`, `(LIKE orders INCLUDING ALL)`, `AS SELECT * FROM orders`.
    """
    alike = Reader(inside) if inside else reader
    if alike.words("LIKE"):
        name = alike.table()
        more = {word.text for word in alike.tokens[alike.position :]}
        whole = not inside or bool(more & {"ALL", "INDEXES"})
        return ("copy" if whole else "copy-columns", name) if name else None
    if inside or not reader.words("AS", "SELECT", "*", "FROM"):
        return None
    name = reader.table()
    return ("copy-columns", name) if name else None


def _index(reader: Reader, at: Span, kinds: set[str], dialect: str) -> Iterator[TableChanged]:
    reader.words("CONCURRENTLY")
    reader.words("IF", "NOT", "EXISTS")
    unnamed = reader.here.text == "ON" and reader.here.kind is Kind.WORD
    name = "" if unnamed else reader.index_name()
    method = reader.take().text.lower() if reader.words("USING") else ""
    if not reader.words("ON"):
        return
    reader.words("ONLY")
    table = reader.table()
    method = reader.take().text.lower() if reader.words("USING") else method
    columns = index_columns(reader.group())
    if not columns or not table:
        return
    for kind in ("FULLTEXT", "SPATIAL"):
        if kind in kinds:
            method = kind.lower()
    where = ""
    carried: tuple[str, ...] = ()
    while not reader.done:
        if reader.words("INCLUDE"):
            carried = index_columns(reader.group())
            continue
        if reader.words("WHERE"):
            where = joined(reader.tokens[reader.position :])
            break
        reader.take()

    unique = "UNIQUE" in kinds
    index = IndexFact(columns, name, unique, False, where, _plain(method), at, carries=carried)
    yield TableChanged(at, table, "add-index", index=index, dialect=dialect)


def _plain(method: str) -> str:
    return "" if method in ("btree", "b-tree") else method


def _drop(reader: Reader, at: Span, dialect: str) -> Iterator[TableChanged]:
    what = reader.any_of("TABLE", "INDEX")
    if not what:
        return
    reader.words("CONCURRENTLY")
    reader.words("IF", "EXISTS")
    for part in split(reader.tokens[reader.position :]):
        each = Reader(part)
        if not each.here.is_name:
            continue
        name = each.table() if what == "TABLE" else each.index_name()
        if what == "TABLE":
            yield TableChanged(at, name, "drop", dialect=dialect)
        else:
            table = each.table() if each.words("ON") else ""
            yield TableChanged(at, table, "drop-index", name=name, dialect=dialect)
