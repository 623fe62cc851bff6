"""Which branches of a function a node stands in, compared with those of another."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

BRANCHING = frozenset(
    {"if_statement", "for_statement", "while_statement", "match_statement", "try_statement",
     "conditional_expression"}
)  # fmt: skip
ARMS = frozenset({"except_clause", "else_clause", "finally_clause"})
OF_IF = frozenset({"block", "elif_clause", "else_clause"})
MAX_ANCESTORS = 200
MANY = 1_000_000  # arms


def branches(node: Node, around: Node) -> dict[int, int]:
    """The branchings around a node, each with the arm it stands in."""
    found: dict[int, int] = {}
    at = node
    for _ in range(MAX_ANCESTORS):
        above = at.parent
        if above is None or at.id == around.id:
            break
        if above.type in BRANCHING and (above.type != "try_statement" or at.type in ARMS):
            test = above.child_by_field_name("condition")
            if test is None or test.id != at.id:
                found[above.id] = at.id
        at = above
    return found


def conditional(here: dict[int, int], base: dict[int, int]) -> bool:
    return any(holder not in base for holder in here)


def excludes(here: dict[int, int], base: dict[int, int]) -> bool:
    """Stands in another arm of a branching that the base stands in too."""
    return any(base.get(holder, arm) != arm for holder, arm in here.items())


def exhaustive(parts: Iterable[tuple[Node, dict[int, int]]]) -> bool:
    """Whether one of the parts always comes: one in each arm of a branching that ends with `else`."""
    covered: dict[int, set[int]] = {}
    within: dict[int, tuple[int, int]] = {}  # a branching, and the arm that it stands in
    ends: dict[int, int] = {}  # of branchings with an `else`: how many arms they have
    for node, here in parts:
        inner = [*here.items()]
        for holder, arm in inner[:1]:
            covered.setdefault(holder, set()).add(arm)
        within.update((one[0], other) for one, other in pairwise(inner))
        at = node
        for _ in range(MAX_ANCESTORS):
            above = at.parent
            if above is None:
                break
            if above.type == "if_statement" and any(
                c.type == "else_clause" for c in above.children
            ):
                ends[above.id] = sum(child.type in OF_IF for child in above.named_children)
            at = above
    for _ in range(len(within) + 1):  # a branching that is exhaustive covers the arm around it
        whole = {holder for holder, arms in covered.items() if len(arms) >= ends.get(holder, MANY)}
        for holder in whole & within.keys():
            outer, arm = within[holder]
            covered.setdefault(outer, set()).add(arm)
    return any(len(arms) >= ends.get(holder, MANY) for holder, arms in covered.items())
