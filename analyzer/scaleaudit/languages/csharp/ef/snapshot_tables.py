"""From the entities of a snapshot to tables: what they own and inherit has its columns in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableDefined
from scaleaudit.record import Gathering
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# Properties, unique, primary, filter, method.
Indexed: TypeAlias = tuple[tuple[str, ...], bool, bool, str, str, Span]
MAX_BASES = 12


class Draft(Gathering):
    """An entity, or what one owns. `table` is empty when it has none of its own."""

    at: Span
    table: str
    columns: dict[str, ColumnFact] = msgspec.field(default_factory=dict)  # by property
    indexes: list[Indexed] = msgspec.field(default_factory=list)
    # own properties, and the entity referred to; none: the owner
    references: list[tuple[tuple[str, ...], str, Span]] = msgspec.field(default_factory=list)
    told: bool = False  # the source names its table
    base: str = ""
    owner: Draft | None = None
    prefix: str = ""  # of the columns that it keeps in its owner's table
    apart: bool = False  # those that inherit have tables with all columns
    viewed: bool = False
    document: bool = False  # kept as JSON in one column of its owner


def tables(drafts: dict[str, Draft], dialect: str) -> Iterator[TableDefined]:
    """The tables of all entities."""
    for draft in drafts.values():
        if draft.owner is not None and not draft.told:
            draft.table = draft.owner.table
    kept: dict[str, Draft] = {}
    for name, draft in drafts.items():
        if draft.document or inside_document(draft):
            continue
        home = holder(draft, drafts)
        if home is None:
            kept[name] = draft
        elif home is not draft:
            move(draft, home)
    for name, draft in kept.items():
        inherit(draft, drafts)
        if draft.columns and draft.table and (draft.told or not draft.viewed):
            yield table(draft, drafts, dialect, "" if draft.owner is not None else name)


def inside_document(draft: Draft) -> bool:
    at = draft.owner
    for _ in range(MAX_BASES):
        if at is None or at.document:
            break
        at = at.owner
    return at is not None and at.document


def holder(draft: Draft, drafts: dict[str, Draft]) -> Draft | None:
    """The entity in whose table this one's columns are; None: its own."""
    at, found = draft, None
    for _ in range(MAX_BASES):
        above = at.owner or drafts.get(at.base)
        if above is None or above is at:
            break
        if draft.told and draft.table.lower() != above.table.lower():
            break
        if draft.owner is None and above.apart:
            break
        at = found = above
    return found


def move(draft: Draft, home: Draft) -> None:
    """Puts the columns into the table of another entity, whose key they share."""
    keys = {name for names, _, primary, *_ in draft.indexes if primary for name in names}
    spelled = {}
    for name, column in draft.columns.items():
        if draft.owner is not None and name in keys:
            continue
        key = name if draft.owner is None else column.name
        spelled[name] = key
        optional = (
            column if draft.owner is not None else msgspec.structs.replace(column, nullable=True)
        )
        home.columns.setdefault(key, optional)
    for names, unique, primary, where, method, at in draft.indexes:
        own = tuple(spelled.get(name, name) for name in names)
        if not primary and not any(own == each[0] for each in home.indexes):
            home.indexes.append((own, unique, False, where, method, at))
    for own, to, at in draft.references:
        if to:
            home.references.append((tuple(spelled.get(name, name) for name in own), to, at))


def inherit(draft: Draft, drafts: dict[str, Draft]) -> None:
    """A table beside that of the base has its key; where tables stand apart, all of its columns."""
    base = drafts.get(draft.base)
    for _ in range(MAX_BASES):
        if base is None or base is draft:
            return
        apart = root_of(base, drafts).apart
        keys = {name for names, _, primary, *_ in base.indexes if primary for name in names}
        for name, column in base.columns.items():
            if apart or name in keys:
                draft.columns.setdefault(name, column)
        for index in base.indexes:
            if (apart or index[2]) and not any(index[0] == each[0] for each in draft.indexes):
                draft.indexes.append(index)
        base = drafts.get(base.base)


def root_of(draft: Draft, drafts: dict[str, Draft]) -> Draft:
    at = draft
    for _ in range(MAX_BASES):
        above = drafts.get(at.base)
        if above is None or above is at:
            break
        at = above
    return at


def table(draft: Draft, drafts: dict[str, Draft], dialect: str, model: str) -> TableDefined:
    def columns(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(draft.columns[n].name if n in draft.columns else n for n in names)

    def referred(to: str) -> str:
        found = drafts.get(to) if to else draft.owner
        if found is None:
            return ""
        return (holder(found, drafts) or found).table.lower()

    return TableDefined(
        draft.at,
        draft.table.lower(),
        tuple(draft.columns.values()),
        tuple(
            IndexFact(columns(names), "", unique, primary, where, method, at)
            for names, unique, primary, where, method, at in draft.indexes
        ),
        tuple(
            ForeignKeyFact(columns(own), known, at=at)
            for own, to, at in draft.references
            if (known := referred(to))
        ),
        dialect,
        model=model,
    )
