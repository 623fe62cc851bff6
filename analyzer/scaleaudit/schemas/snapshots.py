"""EF Core's migrations beside the snapshot that says what they came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.schemas.ordering import home

if TYPE_CHECKING:
    from collections.abc import Mapping

    Steps: TypeAlias = list[TableDefined | TableChanged]

SNAPSHOT = "ModelSnapshot.cs"
STAYING = {"add-index", "drop-index", "rename-index"}


def without_repeated(facts: Mapping[str, Steps]) -> dict[str, Steps]:
    """The facts, but of migrations with a snapshot only the indexes that they make in SQL.

    A snapshot stands in the folder of its context's migrations, or above it.
    """
    told: dict[str, dict[str, set[str]]] = {}  # tables with columns, by folder
    for path, steps in facts.items():
        if path.endswith(SNAPSHOT):
            tables = {
                fact.table: {column.name.lower() for column in fact.columns}
                for fact in steps
                if isinstance(fact, TableDefined)
            }
            for place in (path.rpartition("/")[0], home(path)):
                told.setdefault(place, {}).update(tables)
    if not told:
        return dict(facts)
    found: dict[str, Steps] = {}
    for path, steps in facts.items():
        known = snapshot_of(path, told) if path.endswith(".cs") else None
        if known is None or path.endswith(SNAPSHOT):
            found[path] = steps
        elif kept := [fact for fact in steps if stays(fact, known)]:
            found[path] = kept
    return found


def snapshot_of(path: str, told: Mapping[str, dict[str, set[str]]]) -> dict[str, set[str]] | None:
    """The tables of the nearest snapshot; None where there is none."""
    folder = path.rpartition("/")[0]
    while folder:
        if folder in told:
            return told[folder]
        if folder == home(path):
            return None
        folder = folder.rpartition("/")[0]
    return told.get("")


def stays(fact: TableDefined | TableChanged, known: Mapping[str, set[str]]) -> bool:
    if not isinstance(fact, TableChanged) or not fact.raw:
        return False
    columns = known.get(fact.table)
    if columns is None:  # a table that the snapshot does not know, and only SQL makes
        return True
    if fact.action not in STAYING:
        return False
    if fact.action != "add-index" or fact.index is None:
        return True
    return all(c.startswith("(") or c.lower() in columns for c in fact.index.columns)
