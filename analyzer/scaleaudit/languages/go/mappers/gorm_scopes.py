"""Functions that begin a query of GORM or narrow one that they are handed, for files that call them.

`func OfShop(id uint) func(*gorm.DB) *gorm.DB`, `func (r *Orders) open(ctx) *gorm.DB`: each is a named part of
queries, `OfShop()`, which a query of another file names where it calls the function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, ScopeDefined, ScopeOption
from scaleaudit.languages.go.following import ALWAYS, ways
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.gorm_calls import (
    BY_SQL,
    LAST,
    Asked,
    respelled,
    scope_name,
    take,
)
from scaleaudit.languages.go.mappers.gorm_queries import OTHERS
from scaleaudit.languages.go.mappers.links import shown
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader

QUERY = regex(r"^\(?\s*(?:\w+\s+)?\*(?:\w+\.)?DB\b|^func\s*\(\s*(?:\w+\s+)?\*(?:\w+\.)?DB\s*\)")
HANDLE = b"gorm.DB"
# What a line of its own does to the query that it stands on: `tx.Limit(n)`.
LIMITED = regex(r"\.\s*Limit\(")
NARROWED = regex(r"\.\s*(?:Where|Not|Or|Joins|InnerJoins|Having|Scopes)\(")
MAX_FUNCTIONS = 300  # of one file
MAX_OPTIONS = 12


def narrowings(reader: GoReader) -> Iterator[ScopeDefined]:
    if HANDLE not in reader.content or b"gorm" not in reader.content:
        return
    if any(package.startswith(OTHERS) for package in reader.imports.values()):
        return
    chains = Chains(reader)
    for function in reader.scopes.functions[:MAX_FUNCTIONS]:
        result = function.child_by_field_name("result")
        if result is not None and QUERY.search(reader.text(result)[:120]):
            found = narrowing(reader, chains, function)
            if found is not None:
                yield found


def narrowing(reader: GoReader, chains: Chains, function: Node) -> ScopeDefined | None:
    name = scope_name(reader.definition_name(function))
    at = reader.span(function)
    returns = returned(function)
    if len(returns) == 1 and returns[0][1].type == "func_literal":
        returns = returned(returns[0][1])
    if not returns:
        return None
    last = returns[-1][1]
    chain = None
    if last.type == "call_expression":
        chain = chains.of(last)
    elif last.type == "identifier":
        chain = chains.held(last)
    if last.type in ("identifier", "selector_expression") and chain is None:
        links: list[Link] = []  # the query as it was handed over, or a handle
        unknown = bool(returns[:-1]) or NARROWED.search(reader.text(function)) is not None
    elif chain is None:
        links, unknown = [], True
    else:
        links, unknown = chain.links, False
    if any(link.name in LAST | BY_SQL for link in links):
        return ScopeDefined(at, "gorm", "", name, partial=True, implied=True)
    sure = asked_by(reader, chains, [link for link in links if link.choices == ALWAYS])
    early = len(returns) > 1
    conditions = () if early else conditions_of(sure)
    options: list[ScopeOption] = []
    if early and conditions_of(sure):
        options.append(ScopeOption(reader.span(last), shown(reader, function), conditions_of(sure)))
    for made in ways([link.choices for link in links]) if not early else ():
        more = [link for link in links if link.choices and link.choices <= made]
        added = asked_by(reader, chains, more)
        if conditions_of(added) and len(options) < MAX_OPTIONS:
            place = more[-1].call
            options.append(
                ScopeOption(reader.span(place), shown(reader, place), conditions_of(added))
            )
    return ScopeDefined(
        at, "gorm", "", name, conditions, tuple(dict.fromkeys(sure.scopes)),
        sure.limited or LIMITED.search(reader.text(function)) is not None,
        unknown or sure.partial or bool(sure.table), implied=True, options=tuple(options),
    )  # fmt: skip


def asked_by(reader: GoReader, chains: Chains, links: list[Link]) -> Asked:
    found = Asked(first=links[0] if links else None)
    for link in links:
        take(reader, chains, link, found)
    return found


def conditions_of(found: Asked) -> tuple[Condition, ...]:
    return tuple(
        respelled(each, found.named)
        for each in (*found.filters, *found.conditions)
        if each.clause is not Clause.JOIN
    )


def returned(function: Node) -> list[tuple[Node, Node]]:
    """Each `return` of a function with the first of its values, without those of functions inside."""
    found: list[tuple[Node, Node]] = []
    body = function.child_by_field_name("body")
    waiting = [body] if body is not None else []
    while waiting:
        node = waiting.pop()
        if node.type == "func_literal":
            continue
        if node.type == "return_statement":
            if node.named_children and node.named_children[0].named_children:
                found.append((node, node.named_children[0].named_children[0]))
            continue
        waiting.extend(reversed(node.named_children))
    return found
