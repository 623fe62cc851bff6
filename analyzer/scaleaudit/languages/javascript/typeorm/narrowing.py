"""Functions that are handed a builder and add to it: `paged(query: SelectQueryBuilder<T>, since)`.

They are parts of queries under their name, whichever entity is asked. Conditions of a branch are
left out: they narrow what is asked anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, ScopeDefined
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.fragments import read_fragment
from scaleaudit.languages.javascript.builders.variables import taken
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.chains import Call
    from scaleaudit.languages.javascript.builders.variables import Extended
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "typeorm"
TYPED = regex(rb"[(,\s]([\w$]+)\s*(?:\?\s*)?:\s*(?:typeorm\.)?\w*QueryBuilder\s*<")
OWN_ALIAS = regex(r"\$\{\s*[\w$.]+\.alias\s*\}\.")
WHERES = frozenset({"where", "andWhere"})
LIMITING = frozenset({"take", "limit", "getOne", "getOneOrFail"})
NAMELESS = frozenset({"arrow_function", "function_expression"})
MAX_FUNCTIONS = 60  # of one file


class Added(Gathering):
    """What a function adds whatever it is asked for."""

    conditions: list[Condition]
    limited: bool = False
    partial: bool = False


def narrowing(reader: JavaScriptReader) -> Iterator[ScopeDefined]:
    seen: set[int] = set()
    for _, match in zip(range(MAX_FUNCTIONS), TYPED.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        function = reader.function_around(leaf) if leaf is not None else None
        if leaf is None or function is None or function.id in seen:
            continue
        seen.add(function.id)
        name = called(reader, function)
        position = place(function, leaf)
        done = taken(reader, function, position) if name and position >= 0 else None
        if done is not None:
            yield told(reader, function, name, done)


def called(reader: JavaScriptReader, function: Node) -> str:
    named = function.child_by_field_name("name")
    if named is None and function.type in NAMELESS and function.parent is not None:
        named = function.parent.child_by_field_name("name")
        named = named or function.parent.child_by_field_name("key")
    return reader.text(named)[:80] if named is not None else ""


def place(function: Node, leaf: Node) -> int:
    """Which of the function's parameters a name is; -1 where it is none."""
    given = function.child_by_field_name("parameters")
    for number, each in enumerate(given.named_children if given is not None else ()):
        if each.start_byte <= leaf.start_byte < each.end_byte:
            return number
    return -1


def told(reader: JavaScriptReader, function: Node, name: str, done: Extended) -> ScopeDefined:
    added = Added([], partial=done.opaque)
    for call in done.always:
        if call.name in WHERES and call.args:
            added.conditions += _conditions(reader, call.args[0], added)
        elif call.name == "orWhere":
            added.partial = True
        added.limited = added.limited or call.name in LIMITING
    order = _order(reader, done.always) or next(
        (found for branch in done.branches if (found := _order(reader, branch))), ""
    )
    if order:  # one of several is as good as any: each begins with what is asked first
        added.conditions.append(Condition(order, "sort", Clause.SORT))
    return ScopeDefined(
        reader.span(function),
        FRAMEWORK,
        "",
        name,
        conditions=tuple(added.conditions),
        scopes=tuple(dict.fromkeys(done.beyond)),
        limited=added.limited,
        partial=added.partial,
        implied=True,
    )


def _order(reader: JavaScriptReader, calls: list[Call]) -> str:
    """The column that comes first in the order, of whatever table is asked."""
    for call in calls:
        path = _own(reader.text(call.args[0])).strip("'\"`") if call.args else ""
        if call.name == "orderBy" and path.isidentifier():
            return path
    return ""


def _conditions(reader: JavaScriptReader, node: Node, added: Added) -> Iterator[Condition]:
    """Of the columns of whatever table is asked; those behind a fixed alias are not told."""
    written = _own(reader.text(node)).strip("'\"`") if node.type.endswith("string") else ""
    found = read_fragment(written) if written and "${" not in written else None
    if found is None:
        added.partial = True
        return
    for each in flat(found):
        if "." in each.path:
            added.partial = True
        else:
            yield each


def _own(text: str) -> str:
    """`${query.alias}.id` as `id`."""
    return OWN_ALIAS.sub("", text)
