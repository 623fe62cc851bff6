"""What sums and lists are put together from: `a + b + c`, `append(list, a, b)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

MAX_ADDENDS = 300


def addends(node: Node) -> Iterable[Node]:
    """The operands of `a + b + c`, in order; long sums nest to the left."""
    found: list[Node] = []
    at: Node | None = node
    for _ in range(MAX_ADDENDS):
        if at is None or at.type != "binary_expression":
            break
        operator, right = at.child_by_field_name("operator"), at.child_by_field_name("right")
        if operator is None or operator.type != "+" or right is None:
            break
        found.append(right)
        at = at.child_by_field_name("left")
    if at is not None and at != node:
        found.append(at)
    return reversed(found)


def appended(reader: GoReader, node: Node) -> list[Node] | None:
    """The arguments of `append(list, a, b)`; None for any other expression."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    holder = node.child_by_field_name("arguments")
    if function is None or holder is None or reader.text(function) != "append":
        return None
    arguments = [each for each in holder.named_children if each.type != "comment"]
    return arguments or None
