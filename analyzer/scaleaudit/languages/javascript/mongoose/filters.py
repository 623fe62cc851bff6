"""Filters of MongoDB: `{ state: "open", total: { $gt: 5 }, $or: [...] }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.facts.orm import Condition
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_arrays import elements
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.languages.javascript.query_parts import (
    NEGATED,
    Chosen,
    Place,
    Where,
    is_constant,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.literal_objects import Member, Shape
    from scaleaudit.languages.javascript.reader import JavaScriptReader

OPERATORS = {
    "$eq": "=", "$ne": "!=", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<=", "$in": "in",
    "$nin": "not-in", "$regex": "search", "$elemMatch": "search", "$all": "in", "$size": "search",
    "$near": "search", "$geoWithin": "search", "$mod": "search", "$type": "search",
}  # fmt: skip
MAX_DEPTH = 8


def read_filter(
    reader: JavaScriptReader, node: Node | None, place: Place, into: Where, depth: int = 0
) -> None:
    known = shape(reader, node, place.choice)
    into.hidden |= known.hidden and not place.alternative
    if depth > MAX_DEPTH:
        into.hidden = True
        return
    for member in known.members:
        here = msgspec.structs.replace(place, choice=member.choice)
        if member.key == "$and":
            for each, choice in elements(reader, member.value, member.choice).found:
                there = msgspec.structs.replace(here, choice=choice)
                read_filter(reader, each, there, into, depth + 1)
        elif member.key == "$or":
            _or(reader, member.value, here, into, depth)
        elif member.key.startswith("$"):
            into.hidden |= member.key not in ("$nor", "$expr", "$comment")
        else:
            _path(reader, member, here, into)


def _or(reader: JavaScriptReader, node: Node, place: Place, into: Where, depth: int) -> None:
    sides = elements(reader, node, place.choice).found
    if not sides or place.alternative:
        into.hidden |= not sides
        return
    into.groups += 1
    before = len(into.found)
    for branch, (each, _) in enumerate(sides, 1):
        there = Place(choice=place.choice, alternative=True, group=into.groups, branch=branch)
        read_filter(reader, each, there, into, depth + 1)
    into.hidden |= len(into.found) == before


def _path(reader: JavaScriptReader, member: Member, place: Place, into: Where) -> None:
    value = bare(member.value)
    if value is None or value.type == "undefined":
        return
    known = shape(reader, value, place.choice) if value.type in OBJECTS else None
    if known is None or not any(each.key.startswith("$") for each in known.members):
        _tell(reader, member.key, _compared(reader, value), value, place, into)
        return
    _operators(reader, member.key, known, place, into)


def _compared(reader: JavaScriptReader, value: Node) -> str:
    """What a plain value compares with: itself, nothing, or a pattern, also behind a name."""
    kept = value
    if value.type in OBJECTS:
        kept = bare(reader.local(reader.text(value), value)) or value
    if kept.type == "regex":
        return "like" if reader.text(kept).startswith("/^") else "search"
    if kept.type == "new_expression" and "RegExp" in reader.text(kept)[:20]:
        return "search"
    return "is-null" if kept.type == "null" else "="


OBJECTS = {"object", "identifier", "shorthand_property_identifier"}


def _operators(reader: JavaScriptReader, key: str, known: Shape, place: Place, into: Where) -> None:
    for each in known.members:
        here = msgspec.structs.replace(place, choice=each.choice)
        operator = OPERATORS.get(each.key, "")
        if each.key == "$exists":
            operator = "is-null" if reader.text(each.value) == "false" else "is-not-null"
        elif each.key == "$not":
            inner = shape(reader, each.value, each.choice)
            turned = msgspec.structs.replace(here, negated=not here.negated)
            _operators(reader, key, inner, turned, into)
        elif each.key == "$regex" and reader.text(each.value)[1:2] == "^":
            operator = "like"
        elif operator == "=" and reader.text(each.value) == "null":
            operator = "is-null"
        if operator:
            _tell(reader, key, operator, each.value, here, into)


def _tell(
    reader: JavaScriptReader, key: str, operator: str, value: Node, place: Place, into: Where
) -> None:
    into.found.append(
        Chosen(
            Condition(
                path=key,
                operator=NEGATED.get(operator, "!=") if place.negated else operator,
                alternative=place.alternative,
                group=place.group,
                branch=place.branch,
                constant=is_constant(reader, value),
            ),
            place.choice,
        )
    )


def read_sort(reader: JavaScriptReader, node: Node | None, choice: Choice) -> list[Chosen]:
    """`{ createdAt: -1 }`, `"-createdAt name"`, `[["createdAt", -1]]`."""
    inner = bare(node)
    names: list[str] = []
    if inner is not None and inner.type == "string":
        names = [word.lstrip("+-") for word in reader.text(inner).strip("'\"").split()]
    elif inner is not None and inner.type in OBJECTS:
        names = [member.key for member in shape(reader, inner).members]
    return [
        Chosen(Condition(name, "sort", Clause.SORT), choice)
        for name in names
        if name and not name.startswith("$")
    ]
