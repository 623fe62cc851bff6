"""Chains of calls: `knex("t").where(...).first()` as its calls, first to last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_LINKS = 60
MAX_TEXT = 200
LINES = regex(r"\s*\n\s*")
JOINERS = frozenset({"or", "and"})
SEEN_THROUGH = frozenset({"parenthesized_expression", "non_null_expression", "as_expression"})


class Call(NamedTuple):
    """One call of a chain."""

    name: str
    args: list[Node]
    node: Node


class Chain(NamedTuple):
    """`base` is what the first call is made on; `whole` the expression that the chain comes to."""

    base: Node
    calls: list[Call]
    whole: Node


def call_at(reader: JavaScriptReader, opening: int) -> Node | None:
    """The call whose arguments begin with the parenthesis at a byte."""
    leaf = reader.root.descendant_for_byte_range(opening, opening + 1)
    holder = leaf.parent if leaf is not None else None
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    return call if call is not None and call.type == "call_expression" else None


def called(call: Node) -> Node | None:
    """The function of a call; TypeScript takes `await a.b<T>()` for a call of `await a.b`."""
    function = call.child_by_field_name("function")
    if function is not None and function.type == "await_expression":
        return bare(function)
    return function


def method(reader: JavaScriptReader, call: Node) -> str:
    """The last name of what is called."""
    function = called(call)
    if function is None:
        return ""
    named = function.child_by_field_name("property") or function
    return reader.text(named) if named.end_byte - named.start_byte < 80 else ""


def written_end(reader: JavaScriptReader, node: Node) -> str:
    """The end of an expression in one line: `this.db` where the name stands on a line of its own."""
    text = reader.text(node)[-80:]
    if "\n" in text:
        text = LINES.sub("", text)
    return text.lstrip(". ")


def arguments(call: Node) -> list[Node]:
    holder = call.child_by_field_name("arguments")
    if holder is None or holder.type != "arguments":
        return []
    return [each for each in holder.named_children if each.type != "comment"]


def link(reader: JavaScriptReader, call: Node) -> Call:
    return Call(method(reader, call), arguments(call), call)


def chain(reader: JavaScriptReader, call: Node, handle: re.Pattern[str] | None = None) -> Chain:
    """The chain that a call is part of, from its base to its last call.

    A call of what `handle` matches begins a chain, as does a call by a name alone.
    """
    before: list[Call] = []
    base: Node = call
    for _ in range(MAX_LINKS):
        if base.type != "call_expression":
            break
        function = called(base)
        if function is None or function.type != "member_expression":
            break
        if handle is not None and handle.fullmatch(written_end(reader, function)):
            break
        before.append(link(reader, base))
        inner = function.child_by_field_name("object")
        while inner is not None and inner.type in SEEN_THROUGH and inner.named_children:
            inner = inner.named_children[0]
        if inner is None:
            break
        if inner.type == "member_expression":
            word = reader.text(inner.child_by_field_name("property") or inner)
            if word in JOINERS:
                if word == "or":
                    name = before[-1].name
                    before[-1] = before[-1]._replace(name=f"or{name[:1].upper()}{name[1:]}")
                inner = inner.child_by_field_name("object") or inner
        base = inner
    after, whole = climb(reader, call)
    return Chain(base, [*before[::-1], *after], whole)


def climb(reader: JavaScriptReader, start: Node) -> tuple[list[Call], Node]:
    """The calls that are made on an expression, and the last of them.

    Between calls may stand `.or.`, which belongs to the next.
    """
    found: list[Call] = []
    at = last = start
    either = False
    for _ in range(MAX_LINKS):
        above = at.parent
        outer = at
        while above is not None and above.type in SEEN_THROUGH:
            outer, above = above, above.parent
        if above is None or above.type != "member_expression":
            break
        inner = above.child_by_field_name("object")
        if inner is None or inner.id != outer.id:
            break
        holder = above.parent
        if holder is not None and holder.type == "await_expression":
            holder = holder.parent
        if holder is not None and holder.type == "member_expression":
            word = reader.text(above.child_by_field_name("property") or above)
            if word not in JOINERS:
                break
            at, either = above, word == "or"
            continue
        if holder is None or holder.type != "call_expression":
            break
        function = called(holder)
        if function is None or function.id != above.id:
            break
        call = link(reader, holder)
        if either:
            call = call._replace(name=f"or{call.name[:1].upper()}{call.name[1:]}")
        found.append(call)
        at, last, either = holder, holder, False
    return found, last


def shortened(reader: JavaScriptReader, node: Node) -> str:
    """The source of a query in one line, for people."""
    return excerpt(reader.content, node, MAX_TEXT)
