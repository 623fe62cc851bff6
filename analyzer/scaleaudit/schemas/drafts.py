"""A table while its history is replayed, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.schema import Column, ForeignKey, Index, Table, begun_by

if TYPE_CHECKING:
    from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact
    from scaleaudit.source import Span

# Engines that make an index for each foreign key by themselves (InnoDB, H2, HSQLDB manuals).
INDEX_FOREIGN_KEYS = {"mysql", "mariadb", "h2", "hsqldb"}


class Draft(Gathering):
    """Facts with the path of their file."""

    name: str
    path: str
    at: Span
    dialect: str = ""
    seeded: bool = False
    spelled: str = ""
    columns: dict[str, tuple[str, ColumnFact]] = msgspec.field(default_factory=dict)
    indexes: list[tuple[str, IndexFact]] = msgspec.field(default_factory=list)
    foreign_keys: list[tuple[str, ForeignKeyFact]] = msgspec.field(default_factory=list)
    # Indexes made once more under another name: they do the work when the first is dropped.
    twins: list[tuple[str, IndexFact]] = msgspec.field(default_factory=list)
    # Keys that are gone; where the engine made indexes for them, these stayed.
    released: list[tuple[str, ForeignKeyFact]] = msgspec.field(default_factory=list)

    @property
    def size(self) -> tuple[int, int, int]:
        return len(self.columns), len(self.indexes), len(self.foreign_keys)


def finished(draft: Draft, dialect: str, tool: str) -> Table:
    """The table with its places; `dialect` stands in where its own file did not tell."""
    engine = draft.dialect or dialect
    indexes = [
        Index(i.columns, i.name, i.unique, i.primary, i.where, i.method, i.at.in_file(p), i.carries)
        for p, i in draft.indexes
    ]
    if engine in INDEX_FOREIGN_KEYS:
        for p, key in (*draft.foreign_keys, *draft.released):
            if not begun_by(indexes, key.columns):
                indexes.append(Index(key.columns, key.name, at=key.at.in_file(p)))
    keys = {c.lower() for _, i in draft.indexes if i.primary for c in i.columns}
    return Table(
        name=draft.name,
        columns=tuple(
            Column(
                c.name,
                c.type,
                c.nullable and c.name.lower() not in keys,
                c.auto_increment,
                c.at.in_file(p),
            )
            for p, c in draft.columns.values()
        ),
        indexes=tuple(indexes),
        foreign_keys=tuple(
            ForeignKey(k.columns, k.table, k.references, k.at.in_file(p))
            for p, k in draft.foreign_keys
        ),
        dialect=engine,
        at=draft.at.in_file(draft.path),
        seeded=draft.seeded,
        spelled=draft.spelled,
        tool=tool,
    )
