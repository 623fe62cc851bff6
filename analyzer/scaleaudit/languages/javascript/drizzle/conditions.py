"""Conditions of Drizzle: `and(eq(orders.state, "open"), gt(orders.createdAt, since))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.facts.orm import Condition
from scaleaudit.languages.javascript.builders.functions import function_of, returned
from scaleaudit.languages.javascript.builders.values import pattern_operator
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.drizzle.columns import (
    PLACED,
    Tables,
    column_of,
    parameter_of,
    placed,
)
from scaleaudit.languages.javascript.literal_arrays import elements
from scaleaudit.languages.javascript.query_parts import (
    NEGATED,
    Chosen,
    Place,
    Where,
    is_constant,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.reader import JavaScriptReader

OPERATORS = {
    "eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "inArray": "in",
    "notInArray": "not-in", "isNull": "is-null", "isNotNull": "is-not-null", "like": "search",
    "ilike": "search", "notLike": "search", "notIlike": "search", "between": "between",
    "notBetween": "!=", "arrayContains": "search", "arrayContained": "search",
    "arrayOverlaps": "search",
}  # fmt: skip
COMPARING = regex(r"^[\s)]*(=|<>|!=|<=|>=|<|>|(?i:in|like|ilike|is\s+not|is|between)\b)")
WORDS = {"<>": "!=", "like": "search", "ilike": "search", "is not": "is-not-null", "is": "is-null"}
MAX_DEPTH = 12


def read_condition(
    reader: JavaScriptReader,
    node: Node | None,
    tables: Tables,
    place: Place,
    into: Where,
    clause: Clause = Clause.FILTER,
    depth: int = 0,
) -> None:
    """Adds what an expression of operators says; `hidden` where a part is not known."""
    inner = bare(node)
    if inner is None or inner.type == "undefined" or reader.text(inner)[:9] == "undefined":
        return
    if depth > MAX_DEPTH or not into.goes_on():
        into.hidden = True
    elif inner.type == "ternary_expression":
        for side in ("consequence", "alternative"):
            way = bare(inner.child_by_field_name(side))
            if way is not None:
                there = msgspec.structs.replace(place, choice=(*place.choice, (inner.id, way.id)))
                read_condition(reader, way, tables, there, into, clause, depth + 1)
    elif inner.type == "binary_expression":
        right = bare(inner.child_by_field_name("right"))
        if right is not None:
            there = msgspec.structs.replace(place, choice=(*place.choice, (inner.id, right.id)))
            read_condition(reader, right, tables, there, into, clause, depth + 1)
    elif inner.type in ("identifier", "shorthand_property_identifier"):
        kept = reader.local(reader.text(inner), inner)
        if kept is None:
            into.hidden = True
        else:
            read_condition(reader, kept, tables, place, into, clause, depth + 1)
    elif inner.type == "arrow_function":
        _callback(reader, inner, tables, place, into, depth)
    elif inner.type == "call_expression":
        _call(reader, inner, tables, place, into, clause, depth)
    else:
        into.hidden = True


def _callback(
    reader: JavaScriptReader, function: Node, tables: Tables, place: Place, into: Where, depth: int
) -> None:
    """`(orders, { eq }) => eq(orders.id, id)`."""
    own = parameter_of(reader, function)
    known = msgspec.structs.replace(tables, own=(*tables.own, own) if own else tables.own)
    body = returned(function)
    into.hidden |= body is None
    read_condition(reader, body, known, place, into, depth=depth + 1)


def _call(
    reader: JavaScriptReader,
    call: Node,
    tables: Tables,
    place: Place,
    into: Where,
    clause: Clause,
    depth: int,
) -> None:
    function, holder = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or holder is None:
        return
    if holder.type == "template_string":
        _fragment(reader, holder, tables, place, into, clause)
        return
    name = reader.text(function).rpartition(".")[2].partition("<")[0]
    args = [each for each in holder.named_children if each.type != "comment"]
    if name in OPERATORS and args:
        _compared(reader, name, args, tables, place, into, clause)
    elif name == "and":
        for each, choice in _several(reader, args, place, into):
            there = msgspec.structs.replace(place, choice=choice)
            read_condition(reader, each, tables, there, into, clause, depth + 1)
    elif name == "or":
        _or(reader, args, tables, place, into, clause, depth)
    elif name == "not" and args:
        turned = msgspec.structs.replace(place, negated=not place.negated)
        read_condition(reader, args[0], tables, turned, into, clause, depth + 1)
    elif name == "exists":
        into.hidden |= not into.found  # few rows or many, as the query inside says
    elif name != "notExists":
        made = function_of(reader, call)  # the file's own
        result = returned(made) if made is not None else None
        if result is None:
            into.hidden = True
        else:
            read_condition(reader, result, tables, place, into, clause, depth + 1)


def _several(
    reader: JavaScriptReader, args: list[Node], place: Place, into: Where
) -> list[tuple[Node, Choice]]:
    found: list[tuple[Node, Choice]] = []
    for each in args:
        if each.type == "spread_element" and each.named_children:
            spread = elements(reader, each.named_children[0], place.choice)
            into.hidden |= spread.hidden
            found += spread.found
        else:
            found.append((each, place.choice))
    return found


def _or(
    reader: JavaScriptReader,
    args: list[Node],
    tables: Tables,
    place: Place,
    into: Where,
    clause: Clause,
    depth: int,
) -> None:
    sides = _several(reader, args, place, Where())
    if len(sides) == 1 and args[0].type != "spread_element":
        read_condition(reader, sides[0][0], tables, place, into, clause, depth + 1)
        return
    if place.negated:
        return
    group = place.group
    if not place.alternative:
        into.groups += 1
        group = into.groups
    before, hidden = len(into.found), into.hidden
    for branch, (each, _) in enumerate(sides, 1):
        there = msgspec.structs.replace(
            place, alternative=True, group=group, branch=place.branch or branch
        )
        read_condition(reader, each, tables, there, into, clause, depth + 1)
    # A side that is not known only makes the whole wider.
    into.hidden = hidden or len(into.found) == before


def _compared(
    reader: JavaScriptReader,
    name: str,
    args: list[Node],
    tables: Tables,
    place: Place,
    into: Where,
    clause: Clause,
) -> None:
    left = column_of(reader, args[0], tables)
    right = column_of(reader, args[1], tables) if len(args) > 1 else None
    if left is not None and right is not None and left[0] != right[0]:
        for table, column, function in (left, right):
            tell(table, column, function, OPERATORS[name], tables, place, into, Clause.JOIN)
        return
    if left is None and right is not None:
        left, args = right, args[::-1]
    if left is None:
        into.hidden |= clause is Clause.FILTER and not place.alternative
        return
    operator = OPERATORS[name]
    if name in ("like", "ilike") and len(args) > 1:
        operator = pattern_operator(reader, args[1], any_case=name == "ilike")
    constant = len(args) > 1 and is_constant(reader, args[1])
    tell(*left, operator, tables, place, into, clause, constant=constant)


def _fragment(
    reader: JavaScriptReader,
    template: Node,
    tables: Tables,
    place: Place,
    into: Where,
    clause: Clause,
) -> None:
    """`sql`${orders.state} = 'open'``: the first comparison of a column; more may hide."""
    text = reader.text(template)
    column = placed(text, tables)
    match = PLACED.search(text)
    operator = COMPARING.match(text[match.end() :]) if match is not None else None
    if column is None or operator is None or " or " in text.lower():
        into.hidden = True
        return
    word = " ".join(operator[1].lower().split())
    tell(*column, WORDS.get(word, word), tables, place, into, clause)


def tell(
    table: str,
    column: str,
    function: str,
    operator: str,
    tables: Tables,
    place: Place,
    into: Where,
    clause: Clause,
    *,
    constant: bool = False,
) -> None:
    into.found.append(
        Chosen(
            Condition(
                path=".".join((*place.path, column)),
                operator=NEGATED.get(operator, "!=") if place.negated else operator,
                clause=clause,
                function=function,
                alternative=place.alternative,
                group=place.group,
                branch=place.branch,
                constant=constant,
                model="" if table == tables.base else tables.imported.get(table, table),
            ),
            place.choice,
        )
    )
