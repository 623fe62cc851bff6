"""Arrays that a variable gathers before they are used: `$where = ["a" => 1]; $where["b"] = 2;`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.php.eloquent.arguments import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

MAX_ADDED = 30  # entries that a function adds to one array


def first_given(reader: PhpReader, node: Node) -> Node | None:
    """The array that a variable begins as, when nothing else takes its place."""
    function = reader.function_around(node)
    if function is None:
        return None
    form = re.compile(re.escape(reader.text(node).encode()) + rb"\s*=(?![=>])")
    found = [*form.finditer(reader.content, function.start_byte, node.start_byte)]
    if len(found) != 1:
        return None
    start = found[0].start()
    leaf = reader.root.descendant_for_byte_range(start, start + 1)
    for _ in range(3):
        if leaf is None or leaf.type == "assignment_expression":
            break
        leaf = leaf.parent
    return leaf.child_by_field_name("right") if leaf is not None else None


def added(reader: PhpReader, node: Node, start: int) -> Iterator[tuple[Node | None, Node]]:
    """`$criteria["a"] = 1`, `$criteria += ["b" => 2]`, before the array is used."""
    form = re.compile(
        re.escape(reader.text(node).encode()) + rb"\s*(?:\[[^\[\];]{0,200}\]\s*=(?![=>])|\+=)"
    )
    for _, match in zip(
        range(MAX_ADDED), form.finditer(reader.content, start, node.start_byte), strict=False
    ):
        at = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        holder = at.parent if at is not None else None
        right = holder.child_by_field_name("right") if holder is not None else None
        left = holder.child_by_field_name("left") if holder is not None else None
        if right is None or left is None:
            continue
        if left.type == "subscript_expression":
            inner = left.named_children
            yield (inner[1] if len(inner) > 1 else None), right
        else:
            yield from entries(reader, right) or [(None, right)]
