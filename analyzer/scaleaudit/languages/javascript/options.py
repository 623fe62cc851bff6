"""Arguments of calls; the members of literal option objects are their keywords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import scopes
from scaleaudit.languages.javascript.callees import bare

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_MEMBERS = 200  # of one object
MAX_DEPTH = 3  # of objects in objects


def arguments(reader: JavaScriptReader, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
    """Positional arguments, keywords by dotted name (`socket.timeout`), and whether some hide.

    A name that stands for a literal object of this file is as good as the object.
    """
    if node.type == "decorator":
        node = node.named_children[0]
    args: list[Node] = []
    keywords: dict[str, Node] = {}
    opaque = False
    holder = node.child_by_field_name("arguments")
    if holder is None:
        return args, keywords, False
    if holder.type == "template_string":
        return [holder], keywords, False
    for child in holder.named_children:
        if child.type == "comment":
            continue
        if child.type == "spread_element":
            opaque = True
            continue
        given = literal_of(reader, child, "object") or child
        if given.type == "object":
            opaque = members(reader, given, "", keywords) or opaque
            if given.id != child.id and changed(reader, child):
                opaque = True
        args.append(given)
    return args, keywords, opaque


def changed(reader: JavaScriptReader, node: Node) -> bool:
    """A literal object behind a name gets more members later: `options.timeout = 5`."""
    if node.type != "identifier":
        return False
    around = reader.function_around(node)
    name = re.escape(reader.text(node))
    written = re.compile(
        rf"(?<![\w.]){name}\s*(?:\.[\w.]+|\[[^\]\n]{{1,80}}\])\s*=(?!=)|\bassign\(\s*{name}\b"
    )
    return bool(written.search(reader.text(around if around is not None else reader.root)))


def members(
    reader: JavaScriptReader, node: Node, prefix: str, into: dict[str, Node], depth: int = 0
) -> bool:
    """Adds the members of a literal object; True when some are not spelled out."""
    opaque = False
    for child in node.named_children[:MAX_MEMBERS]:
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            inner = bare(value)
            if key is None or inner is None or key.type == "computed_property_name":
                continue
            name = prefix + reader.text(key).strip("'\"")
            into[name] = inner
            made = returned(inner) if name == "useFactory" else None
            if made is not None and depth < MAX_DEPTH:
                opaque = members(reader, made, prefix, into, depth + 1) or opaque
            _inside(reader, inner, name, into, depth)
        elif child.type in ("shorthand_property_identifier", "method_definition"):
            name = prefix + reader.text(child.child_by_field_name("name") or child)
            into[name] = child
            _inside(reader, child, name, into, depth)
        elif child.type == "spread_element" and child.named_children:
            spread = literal_of(reader, child.named_children[0], "object")
            if spread is not None and depth < MAX_DEPTH:
                opaque = members(reader, spread, prefix, into, depth + 1) or opaque
            else:
                opaque = True
    return opaque


def _inside(
    reader: JavaScriptReader, node: Node, name: str, into: dict[str, Node], depth: int
) -> None:
    """The members of an object in an object, also of one behind a name: `{ connection }`."""
    found = literal_of(reader, node, "object") if depth < MAX_DEPTH else None
    if found is not None:
        members(reader, found, f"{name}.", into, depth + 1)


def returned(node: Node) -> Node | None:
    """The literal object that a function returns, as its body or by its last statement."""
    body = bare(node.child_by_field_name("body"))
    if body is not None and body.type == "statement_block":
        last = [child for child in body.named_children if child.type == "return_statement"][-1:]
        body = bare(last[0].named_children[0]) if last and last[0].named_children else None
    return body if body is not None and body.type == "object" else None


def member(reader: JavaScriptReader, literal: Node, key: str) -> Node | None:
    """What a literal object holds under a key."""
    for child in literal.named_children[:MAX_MEMBERS]:
        name = child.child_by_field_name("key") if child.type == "pair" else None
        if name is not None and reader.text(name).strip("'\"") == key:
            return bare(child.child_by_field_name("value"))
    return None


def literal_of(reader: JavaScriptReader, node: Node, kind: str) -> Node | None:
    """The literal object or array that an expression is, or that its name stands for."""
    found = bare(node)
    if found is not None and found.type in ("identifier", "shorthand_property_identifier"):
        name = reader.text(found)
        assigned = bare(scopes.local(reader, name, found))
        if assigned is None and not scopes.is_parameter(reader, name, found):
            assigned = bare(reader.declared.get(name))
        found = assigned
    return found if found is not None and found.type == kind else None
