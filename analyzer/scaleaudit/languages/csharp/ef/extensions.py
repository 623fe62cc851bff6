"""Extension methods that narrow a query: `IQueryable<Order> OpenOnes(this IQueryable<Order> orders)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ScopeDefined, ScopeOption
from scaleaudit.languages.csharp.ef.chains import Link, branches, climbed, uses
from scaleaudit.languages.csharp.ef.queries import Asked, shown, take
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.csharp.ef.chains import Choices
    from scaleaudit.languages.csharp.syntax import CSharpSyntax

_QUERY = rb"I(?:Ordered)?Queryable<\s*([A-Z][\w.]*)\s*>"
METHOD = regex(
    rb"\bstatic\s+"
    + _QUERY
    + rb"\s+(\w+)\s*(?:<\s*(\w+)\s*>)?\s*\(\s*this\s+"
    + _QUERY
    + rb"\s+(\w+)"
)
MARK = b"Queryable<"
EITHER = {"switch_expression_arm", "conditional_expression"}
MAX_METHODS = 300  # of one file
MAX_OPTIONS = 12  # of one method


def extensions(reader: CSharpSyntax) -> Iterator[ScopeDefined]:
    if MARK not in reader.content:
        return
    for count, match in enumerate(METHOD.finditer(reader.content)):
        given = reader.root.descendant_for_byte_range(match.start(5), match.end(5))
        method = reader.function_around(given) if given is not None else None
        if count >= MAX_METHODS or given is None or method is None or match[1] != match[4]:
            continue
        generic = match[3] is not None and match[3] == match[1]
        owner = "" if generic else match[1].decode().rpartition(".")[2]
        found = narrowed(reader, match[5].decode(), given, method)
        if found is None:
            continue
        always, options = found
        told = bool(always.filters or options)
        yield ScopeDefined(
            reader.span(method), "ef", owner, match[2].decode(),
            conditions=() if generic else (*always.filters, *always.sorts),
            scopes=tuple(always.scopes), limited=always.limited,
            partial=always.partial or always.projected or (generic and told),
            text=shown(reader, method), implied=True, options=() if generic else tuple(options),
        )  # fmt: skip


def narrowed(
    reader: CSharpSyntax, name: str, given: Node, method: Node
) -> tuple[Asked, list[ScopeOption]] | None:
    """What the method always asks of the query, and what it asks in branches."""
    always, options = Asked(), list[ScopeOption]()
    inside: list[tuple[Choices, list[Condition]]] = []  # by the branches around
    body = method.child_by_field_name("body")
    if body is None:
        return None
    for use in uses(reader, name, given, method):
        links, _ = climbed(reader, use)
        made = branches(reader, use, given)
        sometimes = bool(made) or _is_side(reader, use, method)
        asked = Asked() if sometimes else always
        for link in links:
            take(reader, Link(link.name, link.call), asked)
        if not sometimes:
            continue
        always.partial = always.partial or asked.partial or bool(asked.scopes)
        if asked.filters and len(options) < MAX_OPTIONS:
            place = links[0].call
            around = [each for choices, found in inside if choices < made for each in found]
            inside.append((made, asked.filters))
            options.append(
                ScopeOption(reader.span(place), shown(reader, place), (*around, *asked.filters))
            )
    return always, options


def _is_side(reader: CSharpSyntax, use: Node, method: Node) -> bool:
    for above in reader.ancestors(use):
        if above.id == method.id:
            return False
        if above.type in EITHER:
            return True
    return False
