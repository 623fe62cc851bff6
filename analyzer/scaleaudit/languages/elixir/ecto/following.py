"""Queries through functions: those of the module are followed, of others little is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.elixir.ecto.asking import EXECUTES
from scaleaudit.languages.elixir.ecto.branching import MAX_VARIANTS, same
from scaleaudit.languages.elixir.ecto.building import begun
from scaleaudit.languages.elixir.ecto.handing import tell
from scaleaudit.languages.elixir.syntax import body, operands, parameters, raw, receiver, word

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.ecto.flow import Flow, Names, Variants

MAX_CALLS = 4  # functions of the file inside of each other
OTHERS = frozenset(
    {
        "Ecto",
        "Enum",
        "Map",
        "Repo",
        "String",
        "Keyword",
        "List",
        "Stream",
        "Date",
        "DateTime",
        "Logger",
    }
)


def own_function(flow: Flow, name: str, written: list[Node], given: list[Variants]) -> Variants:
    """A function of the module, followed with the queries that it is given."""
    clauses = [
        each for each in flow.functions.get(name, ()) if len(parameters(each)) >= len(written)
    ]
    asked = name, len(written)
    if not any(given) and asked in flow.followed:
        known, executed = flow.followed[asked]
        flow.executed = flow.executed or executed
        return known
    clauses = fitting(clauses, given)
    base = next((each for each in given if each), [])
    if not clauses or name in flow.calls or len(flow.calls) >= MAX_CALLS:
        return [replace(q, partial=True) for q in base] if base else []
    types = flow.types
    flow.calls.append(name)
    flow.quiet += 1
    found: Variants = []
    for clause in clauses[: MAX_VARIANTS * 2]:
        inner: Names = {}
        flow.types = {}
        for position, parameter in enumerate(parameters(clause)):
            if position < len(given) and given[position]:
                inner[bound_name(parameter)] = given[position]
            else:
                flow.parameter(parameter, inner)
        for query in flow.statements(body(clause), inner, 0):
            if not any(same(query, each) for each in found):
                found.append(query)
    flow.quiet -= 1
    flow.calls.pop()
    flow.types = types
    if not found and base:
        return [replace(q, partial=True) for q in base]
    if len(found) > MAX_VARIANTS:
        found = [replace(found[0], partial=True)]
    if not any(given) and not flow.calls:
        flow.followed[asked] = found, flow.executed
    return found


def other_function(flow: Flow, node: Node, name: str, given: list[Variants]) -> Variants:
    """`Order.open(query)`: a part that the schema's own module names; others are not known."""
    module = flow.reader.module_named(receiver(node))
    base = next((each for each in given if each), [])
    if base:
        own = [q for q in base if q.model and q.model == module]
        if own:
            return [replace(q, scopes=(*q.scopes, name)) for q in own]
        if EXECUTES.match(name):
            tell(flow, node, base)
            return []
        return [replace(q, partial=True) for q in base]
    if module and module.partition(".")[0] not in OTHERS:
        if module == flow.module:
            return own_function(flow, name, [], [])
        return [replace(begun(node, model=module), scopes=(name,))]
    return []


def bound_name(parameter: Node) -> str:
    """`query` of `query \\\\ Order` and of `query = %Ecto.Query{}`, whichever way around."""
    sides = operands(parameter) if parameter.type == "binary_operator" else (parameter, None)
    return next(
        (word(each) for each in sides if each is not None and each.type == "identifier"), ""
    )


def fitting(clauses: list[Node], given: list[Variants]) -> list[Node]:
    """The clauses of a function that take a query where one is given."""
    for position, variants in enumerate(given):
        if not variants:
            continue
        shapes = [
            (clause, parameters(clause)[position])
            for clause in clauses
            if position < len(parameters(clause))
        ]
        told = [clause for clause, each in shapes if b"%Ecto.Query{" in raw(each)]
        clauses = told or [clause for clause, each in shapes if bound_name(each)]
    return clauses
