"""The model snapshot beside EF's migrations: every table as the last migration left it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableDefined
from scaleaudit.languages.csharp.ef.types import COLUMNS
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

IS_SNAPSHOT = regex(r":\s*ModelSnapshot\b")
ENTITY = regex(r"\bmodelBuilder(?:\s*\.\s*SharedTypeEntity<[^>]*>|\s*\.\s*Entity)\(\s*\"([^\"]+)\"")
STATEMENT = regex(
    r"\bb\s*\.\s*(Property|HasKey|HasIndex|ToTable|HasOne)(?:<([^>]*(?:<[^>]*>)?)>)?\(([^()]*(?:\([^()]*\)[^()]*)*)\)([^;]*);"
)
TEXT = regex(r"\"((?:[^\"\\]|\\.)*)\"")
COLUMN_NAME = regex(r"\.HasColumnName\(\s*\"([^\"]+)\"")
COLUMN_TYPE = regex(r"\.HasColumnType\(\s*\"([A-Za-z ]+)")
FILTER = regex(r"\.HasFilter\(\s*\"((?:[^\"\\]|\\.)*)\"")
FOREIGN = regex(r"\.HasForeignKey\(([^)]*)\)")
PROVIDERS = (
    ("Npgsql", "postgres"),
    ("MySql", "mysql"),
    ("SqlServer", "tsql"),
    ("Sqlite", "sqlite"),
    ("Oracle", "oracle"),
)
MAX_STATEMENTS = 20_000


class Draft(Gathering):
    at: Span
    table: str
    columns: dict[str, ColumnFact]  # by property
    indexes: list[tuple[tuple[str, ...], bool, bool, str, Span]]
    references: list[tuple[tuple[str, ...], str, Span]]  # own properties, the class referred to


def snapshot(reader: CSharpSyntax) -> Iterator[TableDefined]:
    source = reader.content.decode("utf-8", "replace")
    if IS_SNAPSHOT.search(source) is None:
        return
    dialect = next((name for word, name in PROVIDERS if word in source), "")
    starts = list(ENTITY.finditer(source))
    drafts: dict[str, Draft] = {}
    line, counted = 1, 0
    for count, match in enumerate(starts):
        end = starts[count + 1].start() if count + 1 < len(starts) else len(source)
        line += source.count("\n", counted, match.start())
        counted = match.start()
        name = match[1]
        draft = drafts.setdefault(name, Draft(Span(line), re.split(r"[.+]", name)[-1], {}, [], []))
        read_entity(source, match.end(), end, line, draft)
    for draft in drafts.values():
        if draft.columns:
            yield table(draft, drafts, dialect)


def read_entity(source: str, start: int, end: int, line: int, draft: Draft) -> None:
    counted = start
    for count, match in enumerate(STATEMENT.finditer(source, start, end)):
        if count > MAX_STATEMENTS:
            return
        line += source.count("\n", counted, match.start())
        counted = match.start()
        at = Span(line)
        what, kind, given, more = match[1], match[2] or "", match[3], match[4]
        names = TEXT.findall(given)
        if what == "ToTable" and names:
            draft.table = names[0]
        elif what == "Property" and names:
            column = COLUMN_NAME.search(more)
            nullable = kind.endswith("?") or (
                kind in ("string", "byte[]") and ".IsRequired(" not in more
            )
            draft.columns[names[0]] = ColumnFact(
                column[1] if column else names[0], column_type(kind, more), nullable,
                ".ValueGeneratedOnAdd(" in more and kind in ("int", "long"), at,
            )  # fmt: skip
        elif what in ("HasKey", "HasIndex") and names:
            if "{" in given:  # HasIndex(new[] { "A" }, "IX_A")
                names = TEXT.findall(given[: given.find("}")])
            where = FILTER.search(more)
            unique = what == "HasKey" or ".IsUnique(" in more
            clean = re.sub(r"[\[\]]|\\\"", "", where[1]) if where else ""
            draft.indexes.append((tuple(names), unique, what == "HasKey", clean, at))
        elif what == "HasOne" and names:
            key = FOREIGN.search(more)
            own = tuple(n for n in TEXT.findall(key[1]) if "." not in n) if key else ()
            if own:
                draft.references.append((own, names[0], at))


def column_type(kind: str, more: str) -> str:
    named = COLUMN_TYPE.search(more)
    known = COLUMNS.get(kind.rstrip("?"), "")
    return known or (named[1].strip().upper() if named else "")


def table(draft: Draft, drafts: dict[str, Draft], dialect: str) -> TableDefined:
    def columns(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(draft.columns[n].name if n in draft.columns else n for n in names)

    return TableDefined(
        draft.at,
        draft.table.lower(),
        tuple(draft.columns.values()),
        tuple(
            IndexFact(columns(names), "", unique, primary, where, at=at)
            for names, unique, primary, where, at in draft.indexes
        ),
        tuple(
            ForeignKeyFact(columns(own), drafts[to].table.lower(), at=at)
            for own, to, at in draft.references
            if to in drafts
        ),
        dialect,
    )
