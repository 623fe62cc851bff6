"""fizz: the migrations of pop, `create_table("orders") { t.Column("id", "uuid", {primary: true}) }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ColumnFact,
    FileFacts,
    ForeignKeyFact,
    IndexFact,
    TableChanged,
    TableDefined,
)
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import guess_dialect, read_schema

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.facts import Fact

MAX_CALLS = 4_000  # of one file
MAX_TEXT = 20_000  # characters of one call
CALL = regex(r"(?m)(?:^|[;{}])[ \t]*(t\.)?(\w+)\(")
# What is not closed goes on to the end, so that nothing behind it is looked at twice.
_TEXT = r"\"((?:[^\"\\]|\\.)*+)\\?(?:\"|\Z)|`([^`]*+)(?:`|\Z)"
END = regex(rf"{_TEXT}|[()]", 16)
# In the order of the call: texts, lists of them, options in braces.
PART = regex(rf"{_TEXT}|\[([^\[\]]*+)\]|\{{([^{{}}]*+)\}}", 16)
QUOTED = regex(r"\"([^\"]*)\"")
KEY = regex(r"\"?([\w.]{1,128})\"?\s*:\s*\[?\s*\"([\w.]{1,128})\"")
YES = r"\"?{0}\"?\s*:\s*true"
NAMED = regex(r"\"?name\"?\s*:\s*\"([^\"]+)\"")
PRIMARY, NULL, UNIQUE = (regex(YES.format(word)) for word in ("primary", "null", "unique"))
TYPES = {"STRING": "VARCHAR", "INTEGER": "INT", "BOOL": "BOOLEAN", "DATETIME": "TIMESTAMP"}
STAMPS = ("created_at", "updated_at")


class Table(Gathering):
    """One that is being made, up to the next call outside of its block."""

    at: Span
    name: str
    columns: list[ColumnFact]
    indexes: list[IndexFact]
    keys: list[ForeignKeyFact]
    stamped: bool = True


class Call(Gathering):
    at: Span
    name: str
    inner: bool  # of the table around: `t.Column(`
    texts: list[list[str]]  # each a text or a list of them
    options: list[str]


def extract(content: bytes) -> FileFacts:
    text = content.decode(errors="replace")
    return FileFacts(tuple(facts(text)), lines=text.count("\n") + 1)


def facts(text: str) -> Iterator[Fact]:
    table: Table | None = None
    for call in calls(text):
        if call.inner:
            if table is not None:
                within(table, call)
            continue
        if table is not None:
            yield made(table)
        table = None
        first = call.texts[0][0].lower() if call.texts and call.texts[0] else ""
        if call.name == "create_table" and first:
            table = Table(call.at, first, [], [], [])
        elif call.name in ("sql", "raw") and first:
            statement = call.texts[0][0]
            yield from read_schema(statement, guess_dialect(statement), first_line=call.at.line)
        elif first:
            yield from changed(call, first, call.texts[1:])
    if table is not None:
        yield made(table)


def calls(text: str) -> Iterator[Call]:
    end = at = 0
    line = 1
    for count, match in enumerate(CALL.finditer(text)):
        if count >= MAX_CALLS:
            return
        if match.start() < end:
            continue
        end = closing(text, match.end())
        texts: list[list[str]] = []
        options: list[str] = []
        for part in PART.finditer(text, match.end(), end):
            if part[4] is not None:
                options.append(part[4])
            elif part[3] is not None:
                texts.append(QUOTED.findall(part[3]))
            else:
                texts.append([part[1] if part[1] is not None else part[2]])
        line += text.count("\n", at, match.start(2))
        at = match.start(2)
        yield Call(Span(line), match[2], match[1] is not None, texts, options)


def closing(text: str, start: int) -> int:
    depth = 1
    found: re.Match[str]
    for found in END.finditer(text, start, start + MAX_TEXT):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.start()
    return min(len(text), start + MAX_TEXT)


def within(table: Table, call: Call) -> None:
    names = call.texts[0] if call.texts else []
    match call.name:
        case "Column" if names and len(call.texts) > 1:
            table.columns.append(column(call, names[0], call.texts[1]))
            if any(map(PRIMARY.search, call.options)):
                table.indexes.append(IndexFact((names[0],), unique=True, primary=True, at=call.at))
        case "PrimaryKey" if call.texts:
            columns = tuple(name for each in call.texts for name in each)
            table.indexes.append(IndexFact(columns, unique=True, primary=True, at=call.at))
        case "Index" if names:
            table.indexes.append(index(call, names))
        case "ForeignKey" if names:
            table.keys += key(call, names[0])
        case "DisableTimestamps":
            table.stamped = False
        case _:
            pass


def made(table: Table) -> TableDefined:
    known = {each.name for each in table.columns}
    stamps = [
        ColumnFact(name, "TIMESTAMP", nullable=False, at=table.at)
        for name in STAMPS
        if table.stamped and name not in known
    ]
    return TableDefined(
        table.at, table.name, (*table.columns, *stamps), tuple(table.indexes), tuple(table.keys)
    )


def changed(call: Call, table: str, texts: list[list[str]]) -> Iterator[TableChanged]:
    names = texts[0] if texts else []
    first = names[0] if names else ""
    match call.name:
        case "add_column" if first and len(texts) > 1:
            added = column(call, first, texts[1])
            yield TableChanged(call.at, table, "add-column", column=added)
        case "change_column" if first and len(texts) > 1:
            yield TableChanged(call.at, table, "alter-type", column=column(call, first, texts[1]))
        case "drop_column" if first:
            yield TableChanged(call.at, table, "drop-column", name=first)
        case "rename_column" if first and any(texts[1:2]):
            old = ColumnFact(first, "")
            yield TableChanged(call.at, table, "rename-column", column=old, name=texts[1][0])
        case "add_index" if names:
            yield TableChanged(call.at, table, "add-index", index=index(call, names))
        case "drop_index" if first:
            yield TableChanged(call.at, table, "drop-index", name=first)
        case "add_foreign_key" if first:
            for each in key(call, first):
                yield TableChanged(call.at, table, "add-foreign-key", foreign_key=each)
        case "drop_table":
            yield TableChanged(call.at, table, "drop")
        case "rename_table" if first:
            yield TableChanged(call.at, table, "rename", name=first.lower())
        case _:
            pass


def column(call: Call, name: str, kind: list[str]) -> ColumnFact:
    written = (kind[0] if kind else "").partition("(")[0].strip().upper()
    nullable = any(map(NULL.search, call.options))
    return ColumnFact(name, TYPES.get(written, written), nullable=nullable, at=call.at)


def index(call: Call, names: list[str]) -> IndexFact:
    name = next((found[1] for each in call.options if (found := NAMED.search(each))), "")
    unique = any(map(UNIQUE.search, call.options))
    return IndexFact(tuple(names), name, unique=unique, at=call.at)


def key(call: Call, name: str) -> list[ForeignKeyFact]:
    found = KEY.search(call.options[0]) if call.options else None
    return [ForeignKeyFact((name,), found[1].lower(), (found[2],), call.at)] if found else []
