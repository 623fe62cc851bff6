"""String expressions in the tree of any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader


MAX_WITHIN = 12  # nodes inside of one string
MAX_PARTS = 64  # of one sum: each adds a node around, and the way to each goes from the root


def string_around(reader: Reader, offset: int) -> Node | None:
    """The outermost string expression at a byte: `"a" + "b"` counts as one."""
    node: Node | None = reader.root.descendant_for_byte_range(offset, offset + 1)
    found: Node | None = None
    for step in range(MAX_PARTS):
        if node is None or (found is None and step >= MAX_WITHIN):
            break
        if node.type in reader.STRINGS:
            found = node
        elif found is not None or node.type in reader.FUNCTIONS or "comment" in node.type:
            break  # a comment in a program that one pair of parentheses holds: (function () { ... }())
        node = node.parent
    return found
