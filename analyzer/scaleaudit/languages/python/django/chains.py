"""Chains of attributes, calls and slices, from their first name to their last call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.nodes import WRAPS
from scaleaudit.record import Record

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_STEPS = 60
AROUND = WRAPS | {"list_splat"}  # `*Order.objects.all()`: the star stands at the first name


class Step(Record, frozen=True):
    """`.name`, `.name(...)` or `[...]`."""

    kind: str  # `name`, `call`, `index`
    name: str
    node: Node


def split(reader: PythonReader, node: Node) -> tuple[Node, list[Step]]:
    """The expression that a chain begins with, and its steps."""
    known = reader.chains.get(node.id)
    if known is None:
        known = reader.chains[node.id] = _split(reader, node)
    return known


def _split(reader: PythonReader, node: Node) -> tuple[Node, list[Step]]:
    steps: list[Step] = []
    for _ in range(MAX_STEPS):
        kind = node.type
        if kind in AROUND:
            inner = next((c for c in node.named_children if c.type != "comment"), None)
            if inner is None:
                break
            node = inner
        elif kind == "call":
            function = node.child_by_field_name("function")
            if function is None or function.type != "attribute":
                break
            name, of = (
                function.child_by_field_name("attribute"),
                function.child_by_field_name("object"),
            )
            if name is None or of is None:
                break
            steps.append(Step("call", reader.text(name), node))
            node = of
        elif kind == "attribute":
            name, of = node.child_by_field_name("attribute"), node.child_by_field_name("object")
            if name is None or of is None:
                break
            steps.append(Step("name", reader.text(name), node))
            node = of
        elif kind == "subscript":
            of = node.child_by_field_name("value")
            if of is None:
                break
            steps.append(Step("index", "", node))
            node = of
        else:
            break
    steps.reverse()
    return node, steps


def outermost(reader: PythonReader, node: Node) -> Node:
    """The whole chain that a part of it belongs to."""
    at = node
    for above in reader.ancestors(node):
        kind = above.type
        if kind == "attribute":
            inner = above.child_by_field_name("object")
            if (inner is None or inner.id != at.id) and above.child_by_field_name(
                "attribute"
            ) != at:
                break
        elif kind == "call":
            inner = above.child_by_field_name("function")
            if inner is None or inner.id != at.id:
                break
        elif kind == "subscript":
            inner = above.child_by_field_name("value")
            if inner is None or inner.id != at.id:
                break
        elif kind not in AROUND:
            break
        at = above
    while at.type in AROUND and at.named_children:
        at = next((c for c in at.named_children if c.type != "comment"), at.named_children[0])
    return at
