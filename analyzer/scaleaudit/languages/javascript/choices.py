"""Conditions that are there or not, as the code decides; and the queries that can come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

# The ways taken at the decisions around, outermost first: (decision, way), as ids of nodes.
Choice: TypeAlias = tuple[tuple[int, int], ...]
Variant: TypeAlias = tuple[Choice, ...]

MAX_VARIANTS = 6  # of one query


def variants(of: Iterable[Choice]) -> list[Variant]:
    """One for each choice that is no beginning of another, or one without any.

    Where a decision says something on both of its ways, one of them holds whatever else is
    chosen: the first stands beside the choices of other decisions.
    """
    found = dict.fromkeys(choice for choice in of if choice)
    ends = [
        each
        for each in found
        if not any(other != each and other[: len(each)] == each for other in found)
    ]
    ways: dict[int, dict[int, Choice]] = {}
    for end in ends:
        decision, way = end[0]
        ways.setdefault(decision, {}).setdefault(way, end)
    always = {
        decision: next(iter(taken.values())) for decision, taken in ways.items() if len(taken) > 1
    }
    told = [
        (end, *(other for decision, other in always.items() if decision != end[0][0]))
        for end in ends[:MAX_VARIANTS]
    ]
    return told or [()]


def holds(choice: Choice, variant: Variant) -> bool:
    """Whether what stands under a choice is part of a query."""
    return not choice or any(taken[: len(choice)] == choice for taken in variant)
