"""Conditions as objects, which Drizzle's second version takes: `{ ownerId: id, dueAt: { lt: day } }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts.orm import Condition
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.languages.javascript.query_parts import Chosen, is_constant

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.query_parts import Place, Where
    from scaleaudit.languages.javascript.reader import JavaScriptReader

OPERATORS = {
    "eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in",
    "notIn": "not-in", "isNull": "is-null", "isNotNull": "is-not-null", "like": "search",
    "ilike": "search", "notLike": "search", "notIlike": "search", "arrayContains": "search",
    "arrayContained": "search", "arrayOverlaps": "search",
}  # fmt: skip
WITHOUT_CONSTANT = frozenset({"is-null", "is-not-null"})
MAX_DEPTH = 6


def read_filter(
    reader: JavaScriptReader, node: Node, place: Place, into: Where, depth: int = 0
) -> None:
    """Adds what the object says; `hidden` for relations, alternatives and pieces of SQL."""
    if depth > MAX_DEPTH or not into.goes_on():
        into.hidden = True
        return
    known = shape(reader, node)
    into.hidden |= known.hidden
    for member in known.members:
        there = msgspec.structs.replace(place, choice=(*place.choice, *member.choice))
        value = bare(member.value)
        if value is None or reader.text(value)[:9] == "undefined":
            continue
        if member.key == "AND" and value.type == "array":
            for each in value.named_children:
                read_filter(reader, each, there, into, depth + 1)
        elif member.key in ("OR", "AND", "NOT", "RAW"):
            into.hidden = True
        elif value.type == "object":
            _compared(reader, member.key, value, there, into)
        else:
            constant = is_constant(reader, value)
            found = Condition(member.key, "=", constant=constant)
            into.found.append(Chosen(found, there.choice))


def _compared(
    reader: JavaScriptReader, attribute: str, value: Node, place: Place, into: Where
) -> None:
    for each in shape(reader, value).members:
        operator = OPERATORS.get(each.key)
        if operator is None:  # of a relation, or several alternatives of one column
            into.hidden = True
            continue
        constant = operator not in WITHOUT_CONSTANT and is_constant(reader, each.value)
        found = Condition(attribute, operator, constant=constant)
        into.found.append(Chosen(found, (*place.choice, *each.choice)))
