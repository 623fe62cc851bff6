"""Conditions with their ANDs and ORs, and how they come to a flat list."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_DEPTH = 12


class Either(Gathering):
    """An OR; each side is a list of conditions that all hold. An empty side is not known."""

    sides: list[list[Part]]


Part: TypeAlias = Condition | Either


def either(sides: list[list[Part]]) -> list[Part]:
    """One of the sides holds; a single one always does."""
    return [Either(sides)] if len(sides) > 1 else sides[0] if sides else []


def negated(parts: Sequence[Part], opposite: Mapping[str, str]) -> list[Part]:
    """NOT before single conditions; what has no opposite no index serves."""
    return [
        msgspec.structs.replace(part, operator=opposite.get(part.operator, "search"))
        for part in parts
        if isinstance(part, Condition)
    ]


class Filters(Gathering):
    """Conditions as a builder collects them: `.where(a).orWhere(b).andWhere(c)` is a OR (b AND c)."""

    sides: list[list[Part]] = msgspec.field(default_factory=lambda: [[]])
    begun: bool = False

    def add(self, parts: Sequence[Part], *, either: bool = False) -> None:
        if either and self.begun:
            self.sides.append(list(parts))
        else:
            self.sides[-1].extend(parts)
        self.begun = True

    @property
    def parts(self) -> list[Part]:
        return list(self.sides[0]) if len(self.sides) == 1 else [Either(self.sides)]


def beside_a_join(condition: Condition) -> Condition:
    """In the ON of an outer join nothing chooses rows: it only tells which of them are joined."""
    if condition.clause is not Clause.FILTER:
        return condition
    operator = "=" if condition.operator == "in" else condition.operator
    return msgspec.structs.replace(condition, operator=operator, clause=Clause.JOIN)


def flat(parts: Sequence[Part]) -> list[Condition]:
    """The conditions in order; those under an OR say under which and on which side."""
    found: list[Condition] = []
    groups = 0
    for part in parts:
        if isinstance(part, Condition):
            found.append(part)
        else:
            groups += 1
            found.extend(_alternatives(part, groups))
    return found


def _alternatives(choice: Either, group: int) -> list[Condition]:
    sides = [_all(side, 0) for side in choice.sides]
    every = [each for side in sides for each in side]
    change = msgspec.structs.replace
    if not every:
        return []
    if not all(sides):
        return [change(each, operator="optional", alternative=True) for each in every]
    first = every[0]
    subjects = {(each.path, each.model, each.function) for each in every}
    if len(subjects) == 1 and all(len(side) == 1 for side in sides):
        alike = {each.operator for each in every} <= {"=", "in"}
        constant = all(each.constant for each in every)
        return [change(first, operator="in", constant=constant) if alike else first]
    return [
        change(each, alternative=True, group=group, branch=number)
        for number, side in enumerate(sides, 1)
        for each in side
    ]


def _all(side: Sequence[Part], depth: int) -> list[Condition]:
    """A side, with what stands under further ORs taken as if all of it held."""
    found: list[Condition] = []
    for part in side if depth < MAX_DEPTH else ():
        if isinstance(part, Condition):
            found.append(part)
        else:
            found.extend(each for inner in part.sides for each in _all(inner, depth + 1))
    return found
