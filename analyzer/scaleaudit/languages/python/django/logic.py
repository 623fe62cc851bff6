"""Conditions with AND, OR and NOT between them, before they are laid out as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition
from scaleaudit.languages.python.django.lookups import OPPOSITE
from scaleaudit.record import Gathering, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

KEYS = frozenset({"pk", "id"})
MAX_CONDITIONS = 40  # of one query
# Where the numbers of alternatives begin, so that those of a query and its parts stay apart.
OF_NARROWING, OF_MAKERS, OF_MANAGERS = 600, 700, 900


class Asked(Record, frozen=True):
    """One attribute compared with something."""

    path: str
    operator: str
    function: str = ""
    constant: bool = False


class All(Gathering):
    """All of its members hold. `partial`: something unknown may be asked besides.

    `narrowed`: so is something that is known to need no index of these rows: a subquery, another
    column. `extended` are additions that only some runs make, with the node that makes each. `parts`:
    functions of other files that make a condition each, as scopes name them.
    """

    members: list[Asked | AnyOf] = msgspec.field(default_factory=list)
    partial: bool = False
    narrowed: bool = False
    extended: list[tuple[Node, All]] = msgspec.field(default_factory=list)
    parts: list[str] = msgspec.field(default_factory=list)

    def add(self, other: All) -> None:
        self.members.extend(other.members)
        self.partial = self.partial or other.partial
        self.narrowed = self.narrowed or other.narrowed
        self.extended.extend(other.extended)
        self.parts.extend(other.parts)


class AnyOf(Gathering):
    """One of its sides holds."""

    sides: list[All]


def negated(all_: All) -> All:
    """By De Morgan: what is true when not all of the members are."""
    sides = [_not(member) for member in all_.members]
    members = sides[0].members if len(sides) == 1 else [AnyOf(sides)] if sides else []
    return All([*members], all_.partial or bool(all_.parts), all_.narrowed)


def _not(member: Asked | AnyOf) -> All:
    if isinstance(member, Asked):
        operator = OPPOSITE.get(member.operator, "!=")
        return All([msgspec.structs.replace(member, operator=operator)])
    found = All()
    for side in member.sides:
        found.add(negated(side))
    return found


def either(one: All, two: All) -> All:
    """`one | two`; a side that is an OR itself gives its sides. An empty Q is left out."""
    if is_nothing(one) or is_nothing(two):
        return two if is_nothing(one) else one
    if one.partial or two.partial or one.parts or two.parts:
        return All(partial=True)
    if one.narrowed or two.narrowed:
        return All(narrowed=True)  # one side looks at every row in any case
    extended = [*one.extended, *two.extended]
    if not one.members or not two.members:
        return All([*one.members, *two.members], extended=extended)
    sides: list[All] = []
    for each in (one, two):
        only = each.members[0] if len(each.members) == 1 else None
        sides += only.sides if isinstance(only, AnyOf) else [each]
    return All([AnyOf(sides)], extended=extended)


def is_nothing(one: All) -> bool:
    """`Q(pk=None)`, `Q(pk__in=[])`: no row passes, and what is joined to it by OR decides."""
    only = one.members[0] if len(one.members) == 1 and not one.extended else None
    return isinstance(only, Asked) and only.path in KEYS and only.operator == "is-null"


def laid_out(members: Sequence[Asked | AnyOf], first_group: int = 1) -> list[Condition]:
    """As facts: each OR is a group, its sides are branches; what is nested deeper joins its side."""
    found: list[Condition] = []
    group = first_group
    for member in members:
        if isinstance(member, Asked):
            found.append(_fact(member))
            continue
        for branch, side in enumerate(member.sides):
            for asked in _leaves(side):
                found.append(_fact(asked, group, branch))
        group += 1
    return found[:MAX_CONDITIONS]


def _leaves(side: All) -> Iterator[Asked]:
    for member in side.members:
        if isinstance(member, Asked):
            yield member
        else:
            for inner in member.sides:
                yield from _leaves(inner)


def _fact(asked: Asked, group: int = 0, branch: int = 0) -> Condition:
    return Condition(
        asked.path,
        asked.operator,
        function=asked.function,
        alternative=group > 0,
        group=group,
        branch=branch,
        constant=asked.constant,
    )
