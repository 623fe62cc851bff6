"""A builder that a function of the file returns, and what its callers go on to do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.chains import Call, climb
from scaleaudit.languages.javascript.builders.functions import CALLABLE, function_handed
from scaleaudit.languages.javascript.builders.variables import (
    Extended,
    extended,
    given,
    kept,
    taken,
)
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_CALLERS = 12  # of one function
GROUPS = frozenset({"where", "andWhere"})
HANDED = frozenset({"modify", "onBuild"})  # Knex's and Objection's: a function gets the builder
CHOICE = regex(rb"(?<!\w)if\s*\(")
OR = regex(rb"\.\s*or[A-Z]")
# Conditions, orders and ends of a builder, which nothing else that a function gives back has.
GOES_ON = regex(
    r"andWhere|orWhere|addOrderBy|getMany(?:AndCount)?|getRawMany|(?:left|inner)JoinAndSelect"
)
NAMED = frozenset({"method_definition", "function_declaration"})
HOLDERS = frozenset({"variable_declarator", "public_field_definition", "field_definition", "pair"})


class Way(Gathering):
    """A builder from its beginning to where it runs; `at` is the last place that is sure.

    `opaque` and `beyond` as those of `Extended`.
    """

    always: list[Call]
    branches: list[list[Call]]
    at: Node
    opaque: bool
    beyond: list[str]
    exhaustive: bool
    held: bool  # in a variable, at its end


def ways(reader: JavaScriptReader, calls: list[Call], whole: Node) -> list[Way]:
    """The builder as its own function leaves it, or as each caller of the function does."""
    inside = Extended()
    through = passed_on(reader, whole)
    if through is not None:
        inside, more, whole = through
        calls = [*calls, *inside.always, *more]
    later = extended(reader, whole)
    later.branches = [*inside.branches, *later.branches]
    later.opaque = later.opaque or inside.opaque
    later.beyond = [*inside.beyond, *later.beyond]
    own = [*calls, *later.always]
    users = callers(reader, whole)
    if not users:
        way = Way(
            own, later.branches, whole, later.opaque, later.beyond, later.exhaustive, later.held
        )
        return [_opened(reader, way)]
    found: list[Way] = []
    for user in users:
        more, end = climb(reader, user)
        then: Extended = extended(reader, end)
        sure = [*more, *then.always]
        opaque = later.opaque or then.opaque
        exhaustive = later.exhaustive or then.exhaustive
        branches = [*later.branches, *then.branches]
        beyond = [*later.beyond, *then.beyond]
        way = Way([*own, *sure], branches, end, opaque, beyond, exhaustive, then.held)
        found.append(_opened(reader, way))
    return found


def passed_on(reader: JavaScriptReader, whole: Node) -> tuple[Extended, list[Call], Node] | None:
    """`paged(orders.createQueryBuilder("o"), since).andWhere(...)`: what a function adds, the calls
    on what it gives back, and the last of them; None where nobody goes on with that.
    """
    holder = whole.parent
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    if holder is None or call is None or call.type != "call_expression":
        return None
    more, end = climb(reader, call)
    if not more or GOES_ON.fullmatch(more[0].name) is None:
        return None
    return given(reader, holder, whole, 0), more, end


def _opened(reader: JavaScriptReader, way: Way) -> Way:
    """What functions that calls are given do to the builder: `modify(late, now)`.

    So does a group of conditions that holds no alternatives, each of which an `if` decides on.
    """
    always: list[Call] = []
    for call in way.always:
        function = _function_given(reader, call)
        inside = taken(reader, function, 0) if function is not None else None
        if inside is None:
            always.append(call)
            continue
        always.extend(inside.always)
        way.branches = [*way.branches, *inside.branches]
        way.opaque = way.opaque or inside.opaque
        way.beyond = [*way.beyond, *inside.beyond]
        way.exhaustive = way.exhaustive or inside.exhaustive
    way.always = always
    return way


def _function_given(reader: JavaScriptReader, call: Call) -> Node | None:
    first = bare(call.args[0]) if call.args else None
    if first is None:
        return None
    if call.name in HANDED:
        return function_handed(reader, first)
    if call.name not in GROUPS or first.type not in CALLABLE:
        return None
    text = reader.content[first.start_byte : first.end_byte]
    return first if CHOICE.search(text) is not None and OR.search(text) is None else None


def callers(reader: JavaScriptReader, whole: Node) -> list[Node]:
    """The calls in this file of the function that returns an expression."""
    around = reader.function_around(whole)
    if around is None or not _returns(reader, whole, around):
        return []
    name, on = _name(reader, around)
    if not name:
        return []
    own = on == "this"
    start = re.escape(on.encode())
    before = rb"(?<![\w.$])" + (start + rb"\s*\.\s*" if start else b"")
    pattern = re.compile(before + re.escape(name.encode()) + rb"\s*(\()")
    found: list[Node] = []
    for match in pattern.finditer(reader.content):
        if around.start_byte <= match.start() < around.end_byte or len(found) >= MAX_CALLERS:
            continue
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        holder = leaf.parent if leaf is not None else None
        call = holder.parent if holder is not None and holder.type == "arguments" else None
        if call is None or call.type != "call_expression":
            continue
        if not own or reader.class_around(call) == reader.class_around(around):
            found.append(call)
    return found


def _returns(reader: JavaScriptReader, whole: Node, around: Node) -> bool:
    """Whether the function comes to the expression, or to the variable that it is kept in."""
    above = whole.parent
    if above is not None and above.type == "parenthesized_expression":
        above = above.parent
    if above is None:
        return False
    if above.type == "return_statement" or above == around:
        return True
    holder, left = kept(whole)
    if holder is None or left is None:
        return False
    name = re.escape(reader.text(left)).encode()
    end = re.compile(rb"\breturn\s+" + name + rb"\s*(?:;|\}|\n)")
    return end.search(reader.content, whole.end_byte, around.end_byte) is not None


def _name(reader: JavaScriptReader, function: Node) -> tuple[str, str]:
    """The function's name, and on what it is called: `this`, an object of the file, or nothing."""
    if function.type in NAMED:
        named = function.child_by_field_name("name")
        holder = "this" if function.type == "method_definition" else ""
        return _short(reader, named), holder
    above = function.parent
    if above is None or above.type not in HOLDERS:
        return "", ""
    if above.type == "pair":
        outer = above.parent.parent if above.parent is not None else None
        known = outer is not None and outer.type == "variable_declarator"
        holder = _short(reader, outer.child_by_field_name("name")) if outer and known else ""
        return (_short(reader, above.child_by_field_name("key")), holder) if holder else ("", "")
    named = above.child_by_field_name("name") or above.child_by_field_name("property")
    return _short(reader, named), "" if above.type == "variable_declarator" else "this"


def _short(reader: JavaScriptReader, node: Node | None) -> str:
    return reader.text(node) if node is not None and node.end_byte - node.start_byte < 80 else ""
