"""The sides of an OR, and which index serves one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.index_use.matching import (
    SORTED_METHODS,
    matches,
    servable,
    serving,
    tells_little,
)
from scaleaudit.index_use.partial_indexes import condition_holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Index, Table


def every_or(choices: Sequence[Predicate]) -> list[list[list[Predicate]]]:
    """The sides of each OR; one that a parameter may switch off says nothing of the others."""
    groups: dict[int, list[Predicate]] = {}
    for predicate in choices:
        groups.setdefault(predicate.group, []).append(predicate)
    return [sides_of(several, group) for group, several in groups.items()]


def sides_of(choices: Sequence[Predicate], group: int = 0) -> list[list[Predicate]]:
    """The sides of one OR, else of the first; each predicate is a side of its own when they are not told apart."""
    if any(p.operator == "optional" for p in choices):
        return []
    if not choices:
        return []
    first = group or choices[0].group
    if not first:
        return [[p] for p in choices]
    sides: dict[int, list[Predicate]] = {}
    for predicate in choices:
        if predicate.group == first:
            sides.setdefault(predicate.branch, []).append(predicate)
    return list(sides.values())


def freed(side: Sequence[Predicate]) -> list[Predicate]:
    """One side of an OR as the only condition: within it, its partial indexes hold."""
    return [msgspec.structs.replace(predicate, alternative=False) for predicate in side]


def serving_side(table: Table, side: Sequence[Predicate], own: Sequence[Predicate]) -> Index | None:
    """The index for one side of an OR, also one that finds what is empty in order of another column."""
    found = serving(table, side, [*own, *freed(side)])
    if found is not None:
        return found
    usable = [p for p in side if servable(p)]
    for index in table.indexes:
        second = index.columns[1] if len(index.columns) > 1 else ""
        if any(finds_empty(index, p, [*own, *freed(side)]) for p in side) and any(
            matches(second, p) for p in usable
        ):
            return index
    if usable and all(tells_little(table, p) for p in usable):  # made for rows with this flag
        return next((i for i in table.indexes if leads_with_flag(i, usable, own)), None)
    return None


def leads_with_flag(index: Index, side: Sequence[Predicate], own: Sequence[Predicate]) -> bool:
    return any(
        p.operator in ("=", "is-true") and matches(index.columns[0], p) for p in side
    ) and condition_holds(index, [*own, *freed(side)])


def finds_empty(index: Index, predicate: Predicate, own: Sequence[Predicate]) -> bool:
    """Most engines keep NULL in their indexes."""
    return (
        predicate.operator == "is-null"
        and index.method in SORTED_METHODS
        and matches(index.columns[0], predicate)
        and condition_holds(index, own)
    )
