"""Conditions that a variable holds one of: `filter = by_code ? ["code = ?", x] : {state: y}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

CHOICES = frozenset({"if", "unless", "elsif", "conditional"})
BODIES = frozenset({"then", "else", "begin", "parenthesized_statements"})
FORMS = frozenset({"array", "hash", "string", "nil"})
MAX_ARMS = 12
MAX_DEPTH = 12


def arms(node: Node) -> list[Node] | None:
    """What each way through a choice gives; None where one of them is no condition as it stands."""
    found = list(ways(node, 0)) if node.type in CHOICES else []
    known = 0 < len(found) <= MAX_ARMS and all(each.type in FORMS for each in found)
    return [each for each in found if each.type != "nil"] if known else None


def ways(node: Node, depth: int) -> Iterator[Node]:
    if node.type in CHOICES and depth < MAX_DEPTH:
        for name in ("consequence", "alternative"):
            inner = node.child_by_field_name(name)
            if inner is not None:
                yield from ways(inner, depth + 1)
    elif node.type in BODIES and node.named_children and depth < MAX_DEPTH:
        yield from ways(node.named_children[-1], depth + 1)
    else:
        yield node
