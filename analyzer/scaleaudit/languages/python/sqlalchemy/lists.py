"""Conditions that a function gathers in a list: `filters.append(Order.paid == True)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.branching import branches, conditional, excludes
from scaleaudit.languages.python.sqlalchemy.syntax import bare, given, items, last_name
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_MENTIONS = 100
COMPREHENSIONS = frozenset({"list_comprehension", "generator_expression", "set_comprehension"})


class Listed(Gathering):
    """The elements of a list: those that are always there, and those of branches."""

    fixed: list[Node]
    optional: list[Node]


def element_of(node: Node) -> Node | None:
    """`X.a == y` of `[X.a == y for y in ys]`."""
    node = bare(node)
    return node.child_by_field_name("body") if node.type in COMPREHENSIONS else None


def behind(reader: PythonReader, node: Node) -> Node:
    """What a local name is assigned, when that is done once; else the node itself."""
    node = bare(node)
    if node.type == "identifier":
        return reader.local(reader.hint(node), node) or node
    return node


def gathered(reader: PythonReader, node: Node) -> Listed | None:
    """None where the list is not made in this function, or is changed out of sight."""
    node = bare(node)
    if node.type in ("list", "tuple"):
        return Listed(items(node), [])
    around = reader.function_around(node)
    if node.type != "identifier" or around is None:
        return None
    name = reader.hint(node)
    assigned = reader.local(name, node)
    if assigned is None or assigned.type not in ("list", "tuple"):
        return None
    found = Listed(items(assigned), [])
    base = branches(assigned, around)
    pattern = re.compile(rb"(?<![\w.])" + re.escape(name.encode()) + rb"\s*(?:\.\w+\(|\+=)")
    for count, match in enumerate(
        pattern.finditer(reader.content, assigned.end_byte, node.start_byte)
    ):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if leaf is None or count > MAX_MENTIONS:
            return None
        added = additions(reader, leaf)
        if added is None:
            return None
        here = branches(leaf, around)
        if not excludes(here, base):
            (found.optional if conditional(here, base) else found.fixed).extend(added)
    return found


def additions(reader: PythonReader, leaf: Node) -> list[Node] | None:
    holder = leaf.parent
    if holder is not None and holder.type == "augmented_assignment":
        right = holder.child_by_field_name("right")
        return items(right) or None
    call = holder.parent if holder is not None and holder.type == "attribute" else None
    if call is None or call.type != "call":
        return None
    args = given(call, reader).args
    name = last_name(reader, call)
    if name == "append" and args:
        return [args[0]]
    if name == "extend" and args:
        return items(args[0]) or None
    return None
