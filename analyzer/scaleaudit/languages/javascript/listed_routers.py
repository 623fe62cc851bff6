"""Routers that a list holds: `routes.forEach((each) => app.use(each.path, each.router))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.imports import pattern_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_ROUNDS = 100
NAMES = ("identifier", "member_expression")


def rounds(nodes: Sequence[Node], reader: JavaScriptReader) -> list[list[Node]]:
    """What the arguments of a call in a loop over a list of the file are, once for each element;
    the arguments themselves where there is no such loop."""
    plain = all(each.type in (*NAMES, "string") for each in nodes)
    for around in reader.ancestors(nodes[0]) if plain else ():
        left, listed = _loop(around)
        if left is None or listed is None:
            continue
        keys = dict(_names(reader, left))
        if not any(_first(reader, each) in keys for each in nodes):
            continue
        found = options.literal_of(reader, listed, "array")
        if found is None or found.named_child_count > MAX_ROUNDS:
            break
        taken = [
            [_taken(reader, element, each, keys) for each in nodes]
            for element in found.named_children
        ]
        return [[each for each in row if each is not None] for row in taken if None not in row]
    return [list(nodes)]


def _loop(node: Node) -> tuple[Node | None, Node | None]:
    """The variable of a loop, and what it goes over."""
    if node.type == "for_in_statement":
        return node.child_by_field_name("left"), node.child_by_field_name("right")
    holder = node.parent
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    name = function.child_by_field_name("property") if function is not None else None
    if function is None or name is None or (name.text or b"").decode() not in scopes.EACH:
        return None, None
    given = node.child_by_field_name("parameters")
    first = given.named_children[0] if given is not None and given.named_children else None
    left = first.child_by_field_name("pattern") or first if first is not None else None
    return (
        node.child_by_field_name("parameter") or left,
        function.child_by_field_name("object"),
    )


def _names(reader: JavaScriptReader, left: Node) -> list[tuple[str, str]]:
    """(the name in the loop, the member of the element that it is; empty for the element)."""
    if left.type == "object_pattern":
        return [(here, key) for key, here in pattern_names(reader, left)]
    return [(reader.text(left), "")]


def _first(reader: JavaScriptReader, node: Node) -> str:
    return reader.text(node).partition(".")[0] if node.type in NAMES else ""


def _taken(
    reader: JavaScriptReader, element: Node, node: Node, keys: dict[str, str]
) -> Node | None:
    """What an argument is in the round of one element."""
    first, rest = _first(reader, node), reader.text(node).partition(".")[2]
    if first not in keys:
        return node  # the same in each round
    if "." in rest:
        return None
    key = keys[first] or rest
    literal = options.literal_of(reader, element, "object")
    if not key or (keys[first] and rest):
        return bare(element) if not key and not rest else None
    if literal is None:
        return None
    for child in literal.named_children[: options.MAX_MEMBERS]:
        if child.type == "shorthand_property_identifier" and reader.text(child) == key:
            return child
    return options.member(reader, literal, key)
