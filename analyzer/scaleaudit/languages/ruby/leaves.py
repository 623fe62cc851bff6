"""The innermost node at a byte, and whether a tree is so deep that looking for it has to be bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 300  # of a node in the tree; what stands deeper is no program


def is_deep(root: Node) -> bool:
    """Whether any node stands below `MAX_DEPTH`: only where enough nodes are is looked at."""
    waiting = [(root, MAX_DEPTH)]
    while waiting:
        node, left = waiting.pop()
        if not left:
            return True
        if node.descendant_count > left:
            waiting += [(child, left - 1) for child in node.children]
    return False


def leaf_at(root: Node, offset: int, *, deep: bool) -> Node | None:
    """None between nodes, and below `MAX_DEPTH`."""
    if not deep:  # one step where the way down takes one for each level
        leaf = root.descendant_for_byte_range(offset, offset + 1)
        if leaf is not None and not leaf.child_count:
            return leaf
    cursor = root.walk()
    for _ in range(MAX_DEPTH):
        if cursor.goto_first_child_for_byte(offset) is None:
            node = cursor.node
            inside = node is not None and node.start_byte <= offset < node.end_byte
            return node if inside else None
    return None
