"""What a method gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


def last_expression(method: Node) -> Node | None:
    body = method.child_by_field_name("body")
    if body is None:
        return None
    if body.type != "body_statement":
        return body
    inner = [
        each for each in body.named_children if each.type not in ("comment", "rescue", "ensure")
    ]
    last = inner[-1] if inner else None
    if last is not None and last.type == "return" and last.named_children:
        holder = last.named_children[0]
        last = holder.named_children[0] if holder.named_children else None
    return last
