"""Chains of calls that build one query, followed through the variable that holds it half-built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript.callees import TRANSPARENT
from scaleaudit.languages.javascript.literal_objects import (
    MAX_LATER,
    block_of,
    conditions_around,
)
from scaleaudit.record import Gathering, Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_CALLS = 80  # of one chain
HOLDERS = {"variable_declarator": "name", "assignment_expression": "left"}


class Step(Record, frozen=True):
    """One call of a chain: its method, the node, and the conditions that it stands under."""

    name: str
    call: Node
    choice: Choice = ()

    @property
    def arguments(self) -> list[Node]:
        holder = self.call.child_by_field_name("arguments")
        given = holder.named_children if holder is not None else []
        return [each for each in given if each.type != "comment"]


class Chain(Gathering):
    """All calls on one query, in order, and the outermost of those that stand together."""

    whole: Node
    steps: list[Step] = msgspec.field(default_factory=list)
    handed: list[str] = msgspec.field(default_factory=list)  # functions that the query is given to


def chain_of(reader: JavaScriptReader, first: Node) -> Chain:
    """The calls made on the result of `first`, here and on the variable that keeps it."""
    found = Chain(first, [Step(method_name(reader, first), first)])
    found.whole = follow(reader, first, (), found.steps)
    name, holder = holder_of(reader, found.whole)
    function = reader.function_around(first)
    if name and holder is not None and function is not None:
        _on_variable(reader, name, holder, function, found)
    return found


def method_name(reader: JavaScriptReader, call: Node) -> str:
    function = call.child_by_field_name("function")
    name = function.child_by_field_name("property") if function is not None else None
    return reader.text(name) if name is not None else ""


def follow(reader: JavaScriptReader, start: Node, choice: Choice, into: list[Step]) -> Node:
    """Adds the calls above an expression; gives the last one."""
    at = start
    for _ in range(MAX_CALLS):
        above = at.parent
        while above is not None and above.type in TRANSPARENT - {"await_expression"}:
            at, above = above, above.parent
        if above is None or above.type != "member_expression":
            break
        receiver = above.child_by_field_name("object")
        call = above.parent
        if receiver is None or receiver.id != at.id or call is None:
            break
        function = call.child_by_field_name("function")
        if call.type != "call_expression" or function is None or function.id != above.id:
            break
        into.append(Step(method_name(reader, call), call, choice))
        at = call
    return at


def holder_of(reader: JavaScriptReader, whole: Node) -> tuple[str, Node | None]:
    """The variable that an expression is given to, where it is not awaited first."""
    above = whole.parent
    field = HOLDERS.get(above.type) if above is not None else None
    name = above.child_by_field_name(field) if above is not None and field else None
    if above is None or name is None or name.type != "identifier" or name.id == whole.id:
        return "", None
    return reader.text(name), above


def _on_variable(
    reader: JavaScriptReader, name: str, holder: Node, function: Node, found: Chain
) -> None:
    home = block_of(holder)
    written = rb"(?<![\w.$])" + re.escape(name.encode()) + rb"(?=\s*!?\s*\??\.\s*[$\w]+\s*[(<])"
    ends: list[tuple[int, list[Step]]] = []
    places = re.compile(written).finditer(reader.content, holder.end_byte, function.end_byte)
    for count, match in enumerate(places):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
        if count >= MAX_LATER or leaf is None or leaf.type != "identifier":
            continue
        steps: list[Step] = []
        whole = follow(reader, leaf, conditions_around(reader, leaf, home), steps)
        if holder_of(reader, whole)[0] == name:
            found.steps += steps
        else:
            ends.append((leaf.id, steps))
    given = re.compile(
        rb"(?<![\w$])([\w$]+)\s*(?:<[^()<>]*>)?\(\s*(?:[^()]{0,200},\s*)?"
        + re.escape(name.encode())
        + rb"\s*[,)]"
    )
    for match in given.finditer(reader.content, holder.end_byte, function.end_byte):
        found.handed.append(match[1].decode())
    # Where it is used in two ways (the rows of a page, and their number), these are two queries.
    several = sum(len(steps) > 1 for _, steps in ends) > 1
    for number, steps in ends:
        fork = several and len(steps) > 1
        found.steps += [
            Step(each.name, each.call, (*each.choice, (holder.id, number)) if fork else each.choice)
            for each in steps
        ]


PAGING = regex(r"(?i)pag(?:e|inat)|limit|cursor|keyset")


def goes_on_elsewhere(chain: Chain) -> tuple[bool, bool]:
    """Whether a function that takes the query limits its rows, and whether one may narrow it."""
    paged = any(PAGING.search(name) for name in chain.handed)
    return paged, any(not PAGING.search(name) for name in chain.handed)
