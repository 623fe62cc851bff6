"""Members of objects of conditions: always there, or added by a side of a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from typing import TypeAlias

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

    Pair: TypeAlias = tuple[str, Node]

MAX_BRANCHES = 16
CONDITIONAL = frozenset(
    {"if_statement", "switch_case", "for_in_statement", "for_statement", "ternary_expression"}
)
OPERATOR = regex(r"(?:\w+\.)?Op\.\w+")


class Assembled(Gathering):
    """Members of an object by key: those it always has, and those that sides of choices add.

    `sides`: by the choice (an `if`, a ternary) and the side of it; of those in `complete` one side
    is always taken, where both add something.
    """

    always: list[Pair] = msgspec.field(default_factory=list)
    sides: dict[tuple[int, int], list[Pair]] = msgspec.field(default_factory=dict)
    complete: set[int] = msgspec.field(default_factory=set)
    open: bool = False  # it may have members that are not known

    def add(self, choice: int, side: int, members: list[Pair]) -> None:
        if members and (len(self.sides) < MAX_BRANCHES or (choice, side) in self.sides):
            self.sides.setdefault((choice, side), []).extend(members)

    @property
    def every(self) -> list[Pair]:
        """All members, whatever they depend on."""
        return [*self.always, *(pair for members in self.sides.values() for pair in members)]

    @property
    def ways(self) -> list[list[Pair]]:
        """What the object may come to: without what is only sometimes added, then with each."""
        certain = {
            choice
            for choice in self.complete
            if (choice, 0) in self.sides and (choice, 1) in self.sides
        }
        bases = [self.always]
        for choice in sorted(certain):
            taken = [members for key, members in self.sides.items() if key[0] == choice]
            bases = [[*base, *members] for base in bases for members in taken][:MAX_BRANCHES]
        more = [members for key, members in self.sides.items() if key[0] not in certain]
        return [*bases, *([*bases[0], *members] for members in more)]


def put_inside(
    reader: JavaScriptReader, member: Node, key: str, use: Node, into: Assembled
) -> None:
    """`options.where.a = 1` as `where.a`, `where.day[Op.gte] = x` as `day.Op.gte`."""
    inner = member.parent
    above = inner.parent if inner is not None else None
    if inner is None or above is None or above.type != "assignment_expression" or not key:
        return
    of, left = inner.child_by_field_name("object"), above.child_by_field_name("left")
    right = above.child_by_field_name("right")
    named = inner.child_by_field_name("property") or inner.child_by_field_name("index")
    if of != member or left != inner or right is None or named is None:
        return
    last = reader.text(named).strip("'\"`")
    if OPERATOR.fullmatch(last):
        last = f"Op.{last.rpartition('.')[2]}"
    elif key != "where":
        return
    if last.replace("Op.", "").isidentifier() and named.type != "identifier":
        put(reader, into, above, use, [(f"{key}.{last}", right)])
    elif key == "where":
        into.open = True


def put(
    reader: JavaScriptReader,
    into: Assembled,
    place: Node,
    use: Node,
    members: list[Pair],
) -> None:
    """Members that are added at a place: always, or in a branch that the use is not in."""
    around = {above.id for above in reader.ancestors(use)}
    for above in reader.ancestors(place):
        if above.id in around:
            break
        if above.type in CONDITIONAL:
            other = above.child_by_field_name("alternative")
            second = other is not None and other.start_byte <= place.start_byte
            into.add(above.id, int(second), members)
            if other is not None:
                into.complete.add(above.id)
            return
    into.always.extend(members)
