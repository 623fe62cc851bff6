"""The model snapshot beside EF's migrations: every table as the last migration left it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact
from scaleaudit.languages.csharp.ef.migration_tables import engine_of
from scaleaudit.languages.csharp.ef.snapshot_tables import Draft, tables
from scaleaudit.languages.csharp.ef.types import COLUMNS
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import TableDefined
    from scaleaudit.languages.csharp.syntax import CSharpSyntax

IS_SNAPSHOT = regex(r":\s*ModelSnapshot\b")
ENTITY = regex(r"\bmodelBuilder(?:\s*\.\s*SharedTypeEntity<[^>]*>|\s*\.\s*Entity)\(\s*\"([^\"]+)\"")
STATEMENT = regex(
    r"\b(?P<on>b\d{0,2})\s*\.\s*(?:"
    r"(?P<owns>OwnsOne|OwnsMany|ComplexProperty)\((?:\s*typeof\([^()]*\)\s*,|\s*\"[^\"]+\"\s*,(?=\s*\"[^\"]+\"\s*,\s*b))?"
    r"\s*\"(?P<by>[^\"]+)\"\s*,(?:\s*\"[^\"]+\"\s*,)?\s*(?P<inner>b\d{1,2})\s*=>"
    r"|(?P<what>Property|PrimitiveCollection|HasKey|HasAlternateKey|HasIndex|ToTable|ToView|ToJson|HasBaseType|HasOne|WithOwner"
    r"|UseTpcMappingStrategy)(?:<(?P<kind>[^>]*(?:<[^>]*>)?)>)?"
    r"\((?P<given>[^()]*(?:\([^()]*\)[^()]*)*)\)(?P<more>[^;]*);)"
)
TEXT = regex(r"\"((?:[^\"\\]|\\.)*)\"")
COLUMN_NAME = regex(r"\.HasColumnName\(\s*\"([^\"]+)\"")
COLUMN_TYPE = regex(r"\.HasColumnType\(\s*\"([A-Za-z ]+)")
FILTER = regex(r"\.HasFilter\(\s*\"((?:[^\"\\]|\\.)*)\"")
METHOD = regex(r"(?:\.HasMethod\(|\"Npgsql:IndexMethod\"\s*,)\s*\"(\w+)\"")
WRAPPED_METHOD = regex(r"\s*,\s*\"(\w+)\"\s*\)")  # Npgsql...HasMethod(b.HasIndex("A"), "gin")
FOREIGN = regex(r"\.HasForeignKey\(([^)]*)\)")
QUOTES = regex(r"[\[\]`]|\\\"")
MAX_STATEMENTS = 20_000


def snapshot(reader: CSharpSyntax) -> Iterator[TableDefined]:
    source = reader.content.decode("utf-8", "replace")
    if IS_SNAPSHOT.search(source) is None:
        return
    starts = list(ENTITY.finditer(source))
    drafts: dict[str, Draft] = {}
    line, counted = 1, 0
    for count, match in enumerate(starts):
        end = starts[count + 1].start() if count + 1 < len(starts) else len(source)
        line += source.count("\n", counted, match.start())
        counted = match.start()
        name = match[1]
        draft = drafts.setdefault(name, Draft(Span(line), re.split(r"[.+]", name)[-1]))
        read_entity(source, match.end(), end, line, name, draft, drafts)
    yield from tables(drafts, engine_of(reader.content))


def read_entity(
    source: str, start: int, end: int, line: int, name: str, draft: Draft, drafts: dict[str, Draft]
) -> None:
    counted = start
    here = {"b": (name, draft)}  # what each builder builds: the entity, what it owns
    for count, match in enumerate(STATEMENT.finditer(source, start, end)):
        if count > MAX_STATEMENTS:
            return
        line += source.count("\n", counted, match.start())
        counted = match.start()
        if match["on"] not in here:
            continue
        key, on = here[match["on"]]
        if match["owns"]:
            key = f"{key}.{match['by']}"
            many = match["owns"] == "OwnsMany"
            made = Draft(
                Span(line), "", owner=on, prefix="" if many else f"{on.prefix}{match['by']}_"
            )
            here[match["inner"]] = key, drafts.setdefault(key, made)
        else:
            statement(match, on, Span(line))


def statement(match: re.Match[str], draft: Draft, at: Span) -> None:
    what, given, more = match["what"], match["given"], match["more"]
    names = tuple(TEXT.findall(given))
    if what == "ToTable" and (names or "null" in given):
        draft.table, draft.told = names[0] if names else "", True
    elif what == "ToView":
        draft.viewed = True
    elif what == "ToJson":
        draft.document = True
    elif what == "HasBaseType" and names:
        draft.base = names[0]
    elif what == "UseTpcMappingStrategy":
        draft.apart = True
    elif what in ("Property", "PrimitiveCollection") and names:
        draft.columns[names[0]] = column(names[0], match["kind"] or "", more, draft, at)
    elif what in ("HasKey", "HasAlternateKey", "HasIndex") and names:
        if "{" in given:  # HasIndex(new[] { "A" }, "IX_A")
            names = tuple(TEXT.findall(given[: given.find("}")]))
        unique = what != "HasIndex" or ".IsUnique(" in more
        where = FILTER.search(more)
        clean = QUOTES.sub("", where[1]) if where else ""
        draft.indexes.append((names, unique, what == "HasKey", clean, method(match), at))
    elif what in ("HasOne", "WithOwner"):
        key = FOREIGN.search(more)
        own = tuple(n for n in TEXT.findall(key[1]) if "." not in n) if key else ()
        if own:
            draft.references.append((own, names[0] if what == "HasOne" and names else "", at))


def column(name: str, kind: str, more: str, draft: Draft, at: Span) -> ColumnFact:
    named = COLUMN_NAME.search(more)
    nullable = kind.endswith("?") or (kind in ("string", "byte[]") and ".IsRequired(" not in more)
    auto = ".ValueGeneratedOnAdd(" in more and kind in ("int", "long")
    written = named[1] if named else f"{draft.prefix}{name}"
    return ColumnFact(written, column_type(kind, more), nullable, auto, at)


def column_type(kind: str, more: str) -> str:
    named = COLUMN_TYPE.search(more)
    known = COLUMNS.get(kind.rstrip("?"), "")
    return known or (named[1].strip().upper() if named else "")


def method(match: re.Match[str]) -> str:
    """What other than a tree an index is: GIN, BRIN, a hash."""
    told = METHOD.search(match["more"])
    if told is None and match.string.endswith("HasMethod(", 0, match.start()):
        told = WRAPPED_METHOD.match(match["more"])
    return told[1].lower() if told is not None and told[1].lower() != "btree" else ""
