"""Which branches of a function a node stands in, compared with those of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

BRANCHING = frozenset(
    {"if_statement", "for_statement", "while_statement", "match_statement", "try_statement",
     "conditional_expression"}
)  # fmt: skip
ARMS = frozenset({"except_clause", "else_clause", "finally_clause"})
MAX_ANCESTORS = 200


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
    arms: dict[int, set[int]] = {}
    ends: list[Node] = []
    for node, here in parts:
        for holder, arm in here.items():
            arms.setdefault(holder, set()).add(arm)
        at = node
        for _ in range(MAX_ANCESTORS):
            above = at.parent
            if above is None:
                break
            if above.type == "if_statement" and at.type == "else_clause":
                ends.append(above)
            at = above
    return any(
        len(arms.get(branching.id, ()))
        >= sum(
            child.type in ("block", "elif_clause", "else_clause")
            for child in branching.named_children
        )
        for branching in ends
    )
