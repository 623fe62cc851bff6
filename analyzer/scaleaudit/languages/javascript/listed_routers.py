"""Routers that a list holds: `routes.forEach((each) => app.use(each.path, each.router))`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.imports import OWN_PREFIXES, pattern_names
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_ROUNDS = 100
MAX_LISTS = 20  # of one file
NAMES = ("identifier", "member_expression")
# `[{ path: '/orders', route: orders }, ...]`, whatever is done with it
LIST = regex(rb"\[\s*\{\s*(?:\w+\s*:[^,{}\[\]]{0,120},\s*){0,3}['\"]?(?:path|prefix)['\"]?\s*:")
PATHS = ("path", "prefix")
ROUTERS = ("route", "router", "routes", "controller", "app", "handler")


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


def list_elsewhere(nodes: Sequence[Node], reader: JavaScriptReader) -> Node | None:
    """The list of another file of the program that a loop around a mount goes over."""
    for around in reader.ancestors(nodes[0]) if all(n.type in NAMES for n in nodes) else ():
        left, listed = _loop(around)
        if left is None or listed is None or listed.type != "identifier":
            continue
        keys = dict(_names(reader, left))
        if all(_first(reader, each) in keys for each in nodes):
            own = reader.imports.get(reader.text(listed), "").startswith(OWN_PREFIXES)
            return listed if own else None
    return None


def listed_mounts(reader: JavaScriptReader) -> Iterator[RouterMounted]:
    """The routers of each list that others may go over: it stands for a router that has them all."""
    for number, match in enumerate(LIST.finditer(reader.content)):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        array = leaf.parent if leaf is not None else None
        if array is None or array.type != "array" or number >= MAX_LISTS:
            continue
        name = _exported_as(reader, array)
        if name is None:
            continue
        for element in array.named_children[:MAX_ROUNDS]:
            path = next((m for key in PATHS if (m := _member(reader, element, key))), None)
            child = next((m for key in ROUTERS if (m := _member(reader, element, key))), None)
            if path is not None and child is not None and child.type in NAMES[:1]:
                prefix = reader.value(path)
                yield RouterMounted(reader.span(element), prefix, reader.text(child), name)


def _member(reader: JavaScriptReader, element: Node, key: str) -> Node | None:
    literal = options.literal_of(reader, element, "object")
    return options.member(reader, literal, key) if literal is not None else None


def _exported_as(reader: JavaScriptReader, array: Node) -> str | None:
    """The name of the variable at the top of the file; empty for what the file itself exports."""
    holder = array.parent
    while holder is not None and holder.type in ("as_expression", "satisfies_expression"):
        holder = holder.parent
    if holder is None or reader.function_around(array) is not None:
        return None
    if holder.type == "export_statement":
        return ""
    left = holder.child_by_field_name("name") or holder.child_by_field_name("left")
    text = reader.text(left) if left is not None else ""
    if text in ("module.exports", "exports"):
        return ""
    if text.startswith("exports."):
        return text.removeprefix("exports.")
    handed_out = text.isidentifier() and _only_exported(reader, text.encode())
    return text if handed_out else None


def _only_exported(reader: JavaScriptReader, name: bytes) -> bool:
    """A list that the file hands out, and does not go over itself."""
    each = b"|".join(word.encode() for word in sorted(scopes.EACH))
    again = re.compile(
        re.escape(name) + rb"\s*\??\.\s*(?:" + each + rb")\b|\bof\s+" + re.escape(name) + rb"\b"
    )
    return b"export" in reader.content and again.search(reader.content) is None


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
