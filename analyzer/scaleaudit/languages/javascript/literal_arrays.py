"""Elements of arrays that calls are given: literals, spreads, variables and what is pushed to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript.builders.functions import function_of, returned
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_objects import (
    EMPTY,
    MAX_DEPTH,
    MAX_LATER,
    block_of,
    conditions_around,
    given,
    given_before,
    ways,
)
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_ELEMENTS = 60
MAX_FOLLOWED = 20
SAME = {"filter", "concat", "slice", "reverse"}  # methods that keep (some of) the elements


class Elements(Gathering):
    """`hidden`: there may be more."""

    found: list[tuple[Node, Choice]] = msgspec.field(default_factory=list)
    hidden: bool = False
    followed: int = 0  # calls of functions


def elements(
    reader: JavaScriptReader, node: Node | None, choice: Choice = (), depth: int = 0
) -> Elements:
    """The elements of an expression that stands for an array."""
    found = Elements()
    _add(reader, bare(node), choice, depth, found)
    return found


def _add(
    reader: JavaScriptReader, node: Node | None, choice: Choice, depth: int, into: Elements
) -> None:
    if node is None or node.type in EMPTY:
        return
    if depth > MAX_DEPTH or len(into.found) > MAX_ELEMENTS:
        into.hidden = True
    elif node.type == "array":
        for child in node.named_children[:MAX_ELEMENTS]:
            if child.type == "spread_element" and child.named_children:
                _add(reader, bare(child.named_children[0]), choice, depth + 1, into)
            else:
                _element(child, choice, into)
    elif node.type == "ternary_expression":
        for inner, side in ways(node):
            _add(reader, inner, (*choice, side), depth + 1, into)
    elif node.type == "binary_expression":
        right = bare(node.child_by_field_name("right"))
        if right is not None:
            _add(reader, right, (*choice, (node.id, right.id)), depth + 1, into)
    elif node.type in ("identifier", "shorthand_property_identifier"):
        _variable(reader, node, choice, depth, into)
    elif node.type == "call_expression":
        function = node.child_by_field_name("function")
        holder = function.child_by_field_name("object") if function is not None else None
        name = function.child_by_field_name("property") if function is not None else None
        if holder is not None and name is not None and reader.text(name) in SAME:
            _add(reader, bare(holder), choice, depth + 1, into)
            if reader.text(name) == "concat":
                for each in reader.arguments(node)[0]:
                    _add(reader, bare(each), choice, depth + 1, into)
        else:
            _made(reader, node, choice, depth, into)
    else:
        into.hidden = True


def _made(reader: JavaScriptReader, call: Node, choice: Choice, depth: int, into: Elements) -> None:
    """What a function of this file gives back."""
    into.followed += 1
    function = function_of(reader, call) if into.followed <= MAX_FOLLOWED else None
    result = returned(function) if function is not None else None
    if result is None or result.id in reader.working:
        into.hidden = True
        return
    reader.working.add(result.id)
    _add(reader, result, choice, depth + 1, into)
    reader.working.discard(result.id)


def _element(child: Node, choice: Choice, into: Elements) -> None:
    """One element; `state && {state}` and `state ? {state} : {}` are for `shape` to read."""
    if child.type != "comment":
        into.found.append((child, choice))


def _variable(
    reader: JavaScriptReader, node: Node, choice: Choice, depth: int, into: Elements
) -> None:
    name = reader.text(node)
    function, values = given(reader, name, node)
    if not values:
        into.hidden = name not in EMPTY
        return
    home = block_of(values[0])
    for value, around in given_before(reader, node, values, home):
        _add(reader, bare(value), (*choice, *around), depth + 1, into)
    if function is None:
        return
    pushed = re.compile(rb"(?<![\w.$])" + re.escape(name.encode()) + rb"\.(?:push|unshift)\(")
    places = pushed.finditer(reader.content, function.start_byte, node.start_byte)
    for count, match in enumerate(places):
        holder = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        holder = holder if holder is None or holder.type == "arguments" else holder.parent
        if count >= MAX_LATER or holder is None:
            return
        around = conditions_around(reader, holder, home)
        for child in holder.named_children:
            if child.type == "spread_element" and child.named_children:
                _add(reader, bare(child.named_children[0]), (*choice, *around), depth + 1, into)
            else:
                _element(child, (*choice, *around), into)
