"""Nodes found by their bytes: the innermost one at a place, what a name is assigned.

Trees may be so deep that looking for a node has to be bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import WORD, mentions
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.names import NameReader

MAX_DEPTH = 300  # of a node in the tree; what stands deeper is no program
# What follows the name of a variable that is assigned something.
GIVEN = regex(rb"[ \t]*(?:\*\*|\|\||&&|<<|>>|[-+*/%|&^])?=(?![=~>])")


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


def assigned(reader: NameReader, name: str, around: Node) -> Iterator[Node]:
    """All that a variable is assigned below a node."""
    start, end = around.start_byte, around.end_byte
    for at, _ in mentions(reader.content, name.encode(), WORD, GIVEN, start, end):
        leaf = reader.leaf_at(at)
        if leaf is None or leaf.start_byte != at or leaf.type == "constant":
            continue
        above = leaf.parent
        if above is not None and above.type in ("assignment", "operator_assignment"):
            right = above.child_by_field_name("right")
            if right is not None and above.child_by_field_name("left") == leaf:
                yield right
