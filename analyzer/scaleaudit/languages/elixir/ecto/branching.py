"""A query that a branch extends: each way through is a query of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.syntax import arguments, named

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.ecto.building import Query
    from scaleaudit.languages.elixir.ecto.flow import Flow, Names, Variants

MAX_VARIANTS = 4  # of one query, by the branches that it went through
CLAUSES = frozenset({"else_block", "rescue_block", "catch_block"})


def branches(flow: Flow, node: Node, names: Names, depth: int) -> Variants:
    """Each way through `if`, `case` and the like is a query of its own."""
    given, options = arguments(node)
    for each in given:
        flow.evaluate(each, names, depth + 1)
    ways: list[list[Node]] = []
    inner = next((c for c in node.children if c.type == "do_block"), None)
    if inner is None:
        ways = [named(o) if o.type == "block" else [o] for o in options.values()]
    else:
        plain: list[Node] = []
        for child in named(inner):
            if child.type in CLAUSES:
                own = named(child)
                if own and own[0].type == "stab_clause":
                    ways += clause_bodies(own)
                else:
                    ways.append(own)
            elif child.type == "stab_clause":
                ways += clause_bodies([child])
            else:
                plain.append(child)
        if plain:
            ways.insert(0, plain)
    found: Variants = []
    for way in ways:
        for query in flow.statements(way, dict(names), depth + 1):
            if not any(same(query, each) for each in found):
                found.append(query)
    return found[:MAX_VARIANTS]


def clause_bodies(clauses: list[Node]) -> list[list[Node]]:
    found = []
    for clause in clauses:
        right = clause.child_by_field_name("right")
        if right is not None:
            found.append(named(right))
    return found


def same(one: Query, two: Query) -> bool:
    return (
        one.model == two.model
        and one.table == two.table
        and one.via == two.via
        and one.conditions == two.conditions
        and one.scopes == two.scopes
        and one.partial == two.partial
        and one.limited == two.limited
    )
