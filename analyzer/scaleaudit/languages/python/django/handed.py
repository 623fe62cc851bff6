"""Rows that the functions of a module are called with by others of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION
from scaleaudit.languages.mentions import WORD_OR_DOT, mentions
from scaleaudit.languages.python.django.nodes import arguments_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.django.variables import FunctionRead

MAX_CALLS = 12  # of one function
CALLED = regex(rb"\(")


def handed_rows(known: Known, function: FunctionRead, name: str) -> Rows | None:
    """What a call of the file gives for a parameter: of several that which asks for least."""
    called = known.reader.definition_name(function.node)
    own = known.module_functions.get(called)
    if own is None or own.id != function.node.id or name not in function.order:
        return None
    found: list[Rows] = []
    for call in calls(known, called, function.node):
        node = argument(known, call, function.order.index(name), name)
        rows = known.evaluate(node) if node is not None else None
        if rows is not None and rows.kind == "rows" and rows.model and not rows.via:
            found.append(rows)
    whole = [each for each in found if not (each.ended or each.limited)]
    if not whole or len({each.model for each in found}) != 1:
        return None
    least = min(whole, key=lambda each: (each.asked.partial, len(each.asked.members), each.scopes))
    rows = least.copy()
    rows.eager.append(ANY_RELATION)
    rows.steps = 0
    return rows


def calls(known: Known, called: str, definition: Node) -> list[Node]:
    """The calls of a function by its plain name, outside of itself."""
    found: list[Node] = []
    for at, _ in mentions(known.reader.content, called.encode(), WORD_OR_DOT, CALLED):
        if definition.start_byte <= at < definition.end_byte:
            continue
        node = known.reader.root.descendant_for_byte_range(at, at + 1)
        holder = node.parent if node is not None else None
        if holder is None or holder.type != "call":
            continue
        found.append(holder)
        known.spent += 1
        if len(found) > MAX_CALLS:
            return []
    return found


def argument(known: Known, call: Node, place: int, name: str) -> Node | None:
    given = arguments_of(known.reader, call)
    if name in given.named:
        return given.named[name]
    return given.given[place] if place < len(given.given) else None
