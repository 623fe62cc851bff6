"""Conditions of Prisma's `where`, and the order of `orderBy`."""

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

# Filters of one column: what they are to an index.
OPERATORS = {
    "equals": "=", "in": "in", "notIn": "not-in", "not": "!=", "lt": "<", "lte": "<=", "gt": ">",
    "gte": ">=", "contains": "contains", "endsWith": "contains", "startsWith": "like",
    "search": "search", "has": "search", "hasSome": "search", "hasEvery": "search",
    "isEmpty": "search", "string_contains": "search", "string_starts_with": "search",
    "string_ends_with": "search", "array_contains": "search", "array_starts_with": "search",
    "array_ends_with": "search", "isSet": "is-not-null", "increment": "", "fields": "",
}  # fmt: skip
BESIDE = {"mode", "path"}  # beside a filter they say how it compares
POSITIVE, NEGATIVE = {"some", "is"}, {"none", "every", "isNot"}  # of a relation
COMPARED = {"=", "!=", "<", "<=", ">", ">="}
MAX_DEPTH = 10
MAX_CONDITIONS = 60  # of one query


def read_where(
    reader: JavaScriptReader, node: Node, place: Place, into: Where, *, unique: bool = False
) -> None:
    """Adds the conditions of an object; `unique`: names of unique keys may stand around them."""
    _all_of(reader, shape(reader, node, place.choice), place, into, 0, unique)


def _all_of(
    reader: JavaScriptReader,
    known: Shape,
    place: Place,
    into: Where,
    depth: int,
    unique: bool = False,
) -> None:
    if depth > MAX_DEPTH:
        into.hidden = True
        return
    into.hidden |= known.hidden and not place.negated
    for member in known.members:
        if len(into.found) > MAX_CONDITIONS:
            into.hidden = True
            return
        here = msgspec.structs.replace(place, choice=member.choice)
        if member.key == "AND":
            _and(reader, member.value, here, into, depth)
        elif member.key == "OR":
            _or(reader, member.value, here, into, depth)
        elif member.key == "NOT":
            inverted = msgspec.structs.replace(here, negated=not here.negated)
            _and(reader, member.value, inverted, into, depth)
        else:
            _member(reader, member, here, into, depth, unique)


def _and(reader: JavaScriptReader, node: Node, place: Place, into: Where, depth: int) -> None:
    for each, choice in _sides(reader, node, place, into):
        inner = shape(reader, each, choice)
        _all_of(reader, inner, place, into, depth + 1)


def _or(reader: JavaScriptReader, node: Node, place: Place, into: Where, depth: int) -> None:
    sides = elements(reader, node, place.choice)
    if not sides.found or place.negated:
        into.hidden |= not sides.found
        return
    if len(sides.found) == 1 and not sides.hidden:
        _all_of(reader, shape(reader, sides.found[0][0], place.choice), place, into, depth + 1)
        return
    group = place.group
    if not place.alternative:
        into.groups += 1
        group = into.groups
    before = len(into.found)
    for branch, (each, _) in enumerate(sides.found, 1):
        there = msgspec.structs.replace(
            place, alternative=True, group=group, branch=place.branch or branch
        )
        hidden = into.hidden
        # A side that is there or not only makes the whole wider.
        inner = shape(reader, each, place.choice)
        inner.members = [
            msgspec.structs.replace(member, choice=place.choice) for member in inner.members
        ]
        _all_of(reader, inner, there, into, depth + 1)
        into.hidden = hidden
    into.hidden |= len(into.found) == before


def _sides(
    reader: JavaScriptReader, node: Node, place: Place, into: Where
) -> list[tuple[Node, Choice]]:
    """AND and NOT take one object or several."""
    inner = bare(node)
    if inner is not None and inner.type == "object":
        return [(inner, place.choice)]
    found = elements(reader, node, place.choice)
    into.hidden |= found.hidden and not place.negated
    return found.found


def _member(
    reader: JavaScriptReader,
    member: Member,
    place: Place,
    into: Where,
    depth: int,
    unique: bool = False,
) -> None:
    value, choice = _without_default(reader, member.value, place.choice)
    place = msgspec.structs.replace(place, choice=choice)
    if value is None or (value.type == "undefined"):
        return
    if value.type == "ternary_expression":
        for side in ("consequence", "alternative"):
            inner = bare(value.child_by_field_name(side))
            if inner is not None and inner.type != "undefined" and depth < MAX_DEPTH:
                one_way = (*choice, (value.id, inner.id))
                again = msgspec.structs.replace(member, value=inner, choice=one_way)
                there = msgspec.structs.replace(place, choice=one_way)
                _member(reader, again, there, into, depth + 1, unique)
        return
    known = _object(reader, value, choice)
    if known is None:
        operator = "is-null" if value.type == "null" else "="
        _tell(reader, member.key, operator, value, place, into)
        return
    keys = {each.key for each in known.members}
    if keys & OPERATORS.keys() and keys <= OPERATORS.keys() | BESIDE:
        _filters(reader, member.key, known, place, into)
    elif "_".join(each.key for each in known.members) == member.key or (
        unique and len(keys) > 1 and not keys & (POSITIVE | NEGATIVE | {"AND", "OR", "NOT"})
    ):
        _all_of(reader, known, place, into, depth + 1)
    else:
        _relation(reader, member.key, known, place, into, depth)


def _relation(
    reader: JavaScriptReader, key: str, known: Shape, place: Place, into: Where, depth: int
) -> None:
    """Conditions on the other side: `lines: { some: {...} }`, or without a word between."""
    path = (*place.path, key)
    keys = {each.key for each in known.members}
    if not keys or not keys <= POSITIVE | NEGATIVE:
        place = msgspec.structs.replace(place, path=path)
        _all_of(reader, known, place, into, depth + 1)
        return
    for each in known.members:
        there = msgspec.structs.replace(
            place,
            path=path,
            choice=each.choice,
            negated=place.negated != (each.key in NEGATIVE),
        )
        _all_of(reader, shape(reader, each.value, each.choice), there, into, depth + 1)


def _object(reader: JavaScriptReader, value: Node, choice: Choice) -> Shape | None:
    """The members of a value that is an object; None for anything that is compared with."""
    if value.type == "object":
        return shape(reader, value, choice)
    if value.type in ("identifier", "shorthand_property_identifier"):
        known = shape(reader, value, choice)
        return known if known.members else None
    return None


def _without_default(
    reader: JavaScriptReader, node: Node, choice: Choice
) -> tuple[Node | None, Choice]:
    """`state || undefined` and `state && {...}` are a condition, or none."""
    value = bare(node)
    if value is None or value.type != "binary_expression":
        return value, choice
    operator = value.child_by_field_name("operator")
    left, right = bare(value.child_by_field_name("left")), bare(value.child_by_field_name("right"))
    if operator is None or left is None or right is None:
        return value, choice
    if operator.type in ("??", "||") and reader.text(right) == "undefined":
        return left, (*choice, (value.id, left.id))
    if operator.type == "&&":
        return right, (*choice, (value.id, right.id))
    return value, choice


def _filters(reader: JavaScriptReader, key: str, known: Shape, place: Place, into: Where) -> None:
    mode = next((each.value for each in known.members if each.key == "mode"), None)
    folded = mode is not None and "insensitive" in reader.text(mode)
    path = next((each.value for each in known.members if each.key == "path"), None)
    for member in known.members:
        operator = OPERATORS.get(member.key, "")
        value, choice = _without_default(reader, member.value, member.choice)
        if not operator or value is None or value.type == "undefined":
            continue
        here = msgspec.structs.replace(place, choice=choice)
        if member.key == "not" and value.type == "object":  # `not: { in: [...] }`
            turned = msgspec.structs.replace(here, negated=not here.negated)
            _filters(reader, key, shape(reader, value, choice), turned, into)
            continue
        if value.type == "null":
            operator = {"=": "is-null", "!=": "is-not-null"}.get(operator, operator)
        if folded and operator == "like":
            operator = "search"  # ILIKE 'x%': no sorted index gives it, nor one on lower(x)
        function = "lower" if folded and operator in ("=", "in") else ""
        if path is not None:
            operator, function = "search", f"->{document_key(reader, path)}"
        _tell(reader, key, operator, value, here, into, function)


def document_key(reader: JavaScriptReader, path: Node) -> str:
    """`["a", "b"]` and `"$.a.b"` are the key `a.b` of a JSON document; empty for what is no text."""
    parts = path.named_children if path.type == "array" else [path]
    if not all(part.type == "string" for part in parts):
        return ""
    return ".".join(reader.text(part).strip("'\"`").removeprefix("$.") for part in parts)


def _tell(
    reader: JavaScriptReader,
    key: str,
    operator: str,
    value: Node,
    place: Place,
    into: Where,
    function: str = "",
) -> None:
    into.found.append(
        Chosen(
            Condition(
                path=".".join((*place.path, key)),
                operator=NEGATED.get(operator, "!=") if place.negated else operator,
                function=function,
                alternative=place.alternative,
                group=place.group,
                branch=place.branch,
                constant=is_constant(reader, value),
            ),
            place.choice,
        )
    )


def read_order(reader: JavaScriptReader, node: Node, path: tuple[str, ...]) -> list[Chosen]:
    """The columns of `orderBy` in their order; what is computed at run time is left out."""
    inner = bare(node)
    listed = inner is not None and inner.type == "array"
    sides = elements(reader, node).found if listed else [(node, ())]
    found: list[Chosen] = []
    for each, choice in sides:
        _order(reader, shape(reader, each, choice), path, found, 0)
    return found


def _order(
    reader: JavaScriptReader, known: Shape, path: tuple[str, ...], into: list[Chosen], depth: int
) -> None:
    for member in known.members[:MAX_CONDITIONS]:
        if member.key.startswith("_") or depth > MAX_DEPTH:
            continue  # _count, _relevance: computed, no index has them
        value = bare(member.value)
        deeper = shape(reader, value, member.choice) if value and value.type == "object" else None
        if deeper is not None and not any(each.key == "sort" for each in deeper.members):
            _order(reader, deeper, (*path, member.key), into, depth + 1)
            continue
        sort = Condition(".".join((*path, member.key)), "sort", Clause.SORT)
        into.append(Chosen(sort, member.choice))
