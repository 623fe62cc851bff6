"""What ent generates for its own migrations: every table, with columns, keys and indexes.

`migrate/schema.go` is written anew with each change of the schemas and is exact, as a dump is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.go.reader import GoReader

MARKS = (b"ent/dialect/sql/schema", b"= &schema.Table{")
BLOCK = regex(r"\t(\w+) = (?:&schema\.(Table)|\[\]\*schema\.(Column))\{\n")
COLUMN = regex(r"\{Name: \"([^\"]+)\", Type: field\.Type(\w+)([^\n]*)\},?")
NAME = regex(r"\n\t\tName: +\"([^\"]+)\"")
OF = regex(r"\n\t\tColumns: +(\w+)")
PRIMARY = regex(r"\n\t\tPrimaryKey: +\[\]\*schema\.Column\{([^}]*)\}")
COLUMNS_OF_ITEM = regex(r"\bColumns: +\[\]\*schema\.Column\{([^}]*)\}")
NUMBER = regex(r"\[(\d+)\]")
REFERS = regex(r"\n\t(\w+)\.ForeignKeys\[(\d+)\]\.RefTable = (\w+)")
WHERE = regex(r"\bWhere: +\"((?:[^\"\\]|\\.)*)\"")
METHOD = regex(r"\bType: +\"(\w+)\"")
LABEL = regex(r"\b(?:Name|Symbol): +\"([^\"]*)\"")
TYPES = {
    "String": "VARCHAR", "Int": "BIGINT", "Int8": "SMALLINT", "Int16": "SMALLINT", "Int32": "INT", "Int64": "BIGINT",
    "Uint": "BIGINT", "Uint8": "SMALLINT", "Uint16": "INT", "Uint32": "BIGINT", "Uint64": "BIGINT", "Bool": "BOOLEAN",
    "Time": "TIMESTAMP", "UUID": "UUID", "Enum": "ENUM", "Float64": "DOUBLE", "Float32": "REAL", "JSON": "JSON",
    "Bytes": "BLOB",
}  # fmt: skip
MAX_BLOCKS = 5_000


def tables(reader: GoReader) -> Iterator[TableDefined]:
    if not all(mark in reader.content for mark in MARKS):
        return
    source = reader.content.decode("utf-8", "replace")
    columns: dict[str, list[ColumnFact]] = {}
    unique: dict[str, list[IndexFact]] = {}
    drafts: dict[str, tuple[Span, str]] = {}
    line = counted = 0
    for match in blocks(source):
        line += source.count("\n", counted, match[1])
        counted = match[1]
        variable, start, end, kind = match
        if kind == "Column":
            read = list(columns_in(source, start, end, line + 1))
            columns[variable] = [column for column, _ in read]
            unique[variable] = [
                IndexFact((column.name,), "", True, at=column.at) for column, one in read if one
            ]
        else:
            drafts[variable] = Span(line), source[start - 1 : end]
    names = {
        variable: found[1].lower()
        for variable, (_, text) in drafts.items()
        if (found := NAME.search(text)) is not None
    }
    refers = {(m[1], int(m[2][:4])): m[3] for m in REFERS.finditer(source)}
    for variable, (at, text) in drafts.items():
        of = OF.search(text)
        known = columns.get(of[1]) if of is not None else None
        if not known or of is None or variable not in names:
            continue
        key = PRIMARY.search(text)
        indexes = list(unique[of[1]])
        primary = picked(key[1], known) if key is not None else ()
        if primary:
            indexes.insert(0, IndexFact(primary, "", True, True, at=at))
        keys = []
        for count, item in enumerate(items(text, "ForeignKeys")):
            target = names.get(refers.get((variable, count), ""), "")
            own = COLUMNS_OF_ITEM.search(item)
            if target and own is not None and (named := picked(own[1], known)):
                keys.append(ForeignKeyFact(named, target, (), at, label(item)))
        indexes.extend(made for item in items(text, "Indexes") if (made := index(item, known, at)))
        yield TableDefined(at, names[variable], tuple(known), tuple(indexes), tuple(keys))


def blocks(source: str) -> Iterator[tuple[str, int, int, str]]:
    """(variable, first and last offset of the body, what it is) of each variable."""
    start = 0
    for _ in range(MAX_BLOCKS):
        at = source.find("= ", start)
        if at < 0:
            return
        start = at + 2
        begun = source.rfind("\n", 0, at) + 1
        match = BLOCK.match(source, begun)
        if match is None:
            continue
        end = source.find("\n\t}", match.end() - 1)
        if end < 0:
            return
        yield match[1], match.end(), end + 1, match[2] or match[3]
        start = end


def columns_in(source: str, start: int, end: int, line: int) -> Iterator[tuple[ColumnFact, bool]]:
    """Columns, and whether each is unique by itself."""
    for count, written in enumerate(source[start:end].split("\n")):
        match = COLUMN.search(written)
        if match is not None:
            more = match[3]
            column = ColumnFact(
                match[1], TYPES.get(match[2], ""), "Nullable: true" in more, "Increment: true" in more,
                Span(line + count),
            )  # fmt: skip
            yield column, "Unique: true" in more


def picked(text: str, columns: list[ColumnFact]) -> tuple[str, ...]:
    places = [int(number[:5]) for number in NUMBER.findall(text)]
    known = [columns[place].name for place in places if place < len(columns)]
    return tuple(known) if len(known) == len(places) else ()


def items(text: str, part: str) -> list[str]:
    """The entries of `ForeignKeys` and `Indexes`, each from its brace on."""
    start = text.find(f"\n\t\t{part}: ")
    if start < 0:
        return []
    end = text.find("\n\t\t}", start)
    return text[start : end if end >= 0 else len(text)].split("\n\t\t\t{")[1:]


def index(item: str, columns: list[ColumnFact], at: Span) -> IndexFact | None:
    own = COLUMNS_OF_ITEM.search(item)
    named = picked(own[1], columns) if own is not None else ()
    if not named:
        return None
    where, method = WHERE.search(item), METHOD.search(item)
    kind = method[1].lower() if method is not None else ""
    return IndexFact(
        named, label(item), "Unique:  true" in item or "Unique: true" in item, False,
        where[1].replace('\\"', "") if where is not None else "", "" if kind == "btree" else kind, at,
    )  # fmt: skip


def label(item: str) -> str:
    match = LABEL.search(item)
    return match[1] if match is not None else ""
