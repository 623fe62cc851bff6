"""Indexes that statements in migrations make on tables which only models define."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import TableChanged
from scaleaudit.schema import Index, Table
from scaleaudit.schemas.ordering import running_order, undoes
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scaleaudit.linking.facts_index import FactsIndex


def with_raw_indexes(
    tables: Mapping[str, Table], index: FactsIndex, replayed: Collection[str]
) -> dict[str, Table]:
    """The tables with what is made and dropped by hand, in the order of the migrations.

    `replayed`: tables whose history is known, and holds such steps already.
    """
    found = dict(tables)
    steps = [
        (path, fact)
        for path, fact in index.of(TableChanged)
        if fact.action in ("add-index", "drop-index")
        and index.role(path) in (Role.SOURCE, Role.MIGRATION)
        and not undoes(path)
    ]
    steps.sort(key=lambda step: running_order(step[0]))
    for path, fact in steps:
        table = found.get(fact.table)
        if table is None or table.name in replayed:
            continue
        if fact.action == "add-index" and fact.index is not None:
            made = fact.index
            added = Index(
                made.columns, made.name, made.unique, made.primary, made.where, made.method,
                made.at.in_file(path),
            )  # fmt: skip
            if not any(same_index(added, each) for each in table.indexes):
                found[table.name] = msgspec.structs.replace(table, indexes=(*table.indexes, added))
        elif fact.action == "drop-index" and fact.name:
            kept = tuple(i for i in table.indexes if i.name.lower() != fact.name.lower())
            found[table.name] = msgspec.structs.replace(table, indexes=kept)
    return found


def same_index(one: Index, other: Index) -> bool:
    return (
        tuple(c.lower() for c in one.columns) == tuple(c.lower() for c in other.columns)
        and one.where == other.where
        and (other.unique or not one.unique)
    )
