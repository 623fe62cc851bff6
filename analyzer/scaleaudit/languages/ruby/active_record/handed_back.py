"""Queries that a method of the file gives back: `recent(Order.open).limit(5)`, `orders_of(shop).find_by(code: x)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record import words
from scaleaudit.languages.ruby.active_record.bodies import last_expression
from scaleaudit.languages.ruby.active_record.chains import follow, links
from scaleaudit.languages.ruby.active_record.variables import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.active_record.starts import Chains

MAX_GIVEN = 3  # queries that one argument may be
RAISES = frozenset({"raise", "fail"})


def handed_back(chains: Chains, call: Node) -> list[Relation]:
    """What a call of a method of the file makes of the query that it is handed; none when unknown.

    The method narrows its parameter in its last expression. What it adds in branches is told there:
    a call of it may add none of that.
    """
    reader = chains.reader
    methods = reader.definitions(reader.method_name(call))
    args = reader.positional(call) if len(methods) == 1 else []
    if not args or methods[0].type not in FUNCTIONS:
        return []
    last = last_expression(methods[0])
    choices = chains.alternatives(last, 0) if last is not None else []
    if last is None or not choices:
        return []
    chosen = choices[0] if len(choices) == 1 else untouched(chains, choices)
    if chosen is None:
        return []
    start, calls = links(chosen)
    body = methods[0].child_by_field_name("body")
    if not calls and (body is None or (body.named_child_count == 1 and len(choices) == 1)):
        return []  # a hook, for others to put something in its place
    name = reader.hint(start if calls and start is not None else chosen)
    position = parameter_at(chains, methods[0], name)
    if position is None or position >= len(args):
        return []
    found: list[Relation] = []
    for given in chains.relations(args[position])[:MAX_GIVEN]:
        if given.state != "relation" or not (given.model or given.via or given.table):
            return []
        base = given.copy()
        before = (given.last.id,) if given.last is not None else ()
        base.beginnings = (*given.beginnings, *before, args[position].id)
        base.last = None
        made = follow(reader, base, calls, chains.relations)[-1] if calls else base
        if made.state != "relation":
            return []
        narrowed = made.last
        made.last = None
        if narrowed is not None:
            made.beginnings = (*made.beginnings, narrowed.id, chosen.id)
        made.partial = made.partial or rewritten(chains, methods[0], name)
        found.append(made)
    return found


def given_back(chains: Chains, call: Node) -> list[Relation]:
    """What a method of the file makes that is handed no query; those of models are scopes of theirs."""
    name = chains.reader.method_name(call)
    if name in words.CERTAIN or not chains.reader.definitions(name):
        return []
    handed = (each for arg in chains.reader.positional(call) for each in chains.relations(arg))
    if chains.around(call).name in chains.models or any(
        each.state in ("class", "relation") for each in handed
    ):
        return []
    return chains.variables.method_value(name) or []


def untouched(chains: Chains, choices: list[Node]) -> Node | None:
    """The parameter as it was given, where the branches go on from it or leave it as it is.

    `if time.nil? then orders else orders.where(...) end`: what a branch adds is told where it stands.
    """
    names: set[str] = set()
    plain: Node | None = None
    for each in choices:
        if each.type == "call" and chains.reader.method_name(each) in RAISES:
            continue
        start, calls = links(each)
        held = start if calls else each
        if held is None or held.type != "identifier":
            return None
        names.add(chains.reader.hint(held))
        plain = plain if calls else each
    return plain if len(names) == 1 else None


def parameter_at(chains: Chains, method: Node, name: str) -> int | None:
    """Which plain parameter of the method a name is."""
    given = method.child_by_field_name("parameters")
    for position, each in enumerate(given.named_children[:30] if given is not None else ()):
        if each.type == "identifier" and chains.reader.hint(each) == name:
            return position
        if each.type not in ("identifier", "optional_parameter"):
            break
    return None


def rewritten(chains: Chains, method: Node, name: str) -> bool:
    """Whether the method puts something else in the place of its parameter on every way through it."""
    variables = chains.variables
    body = method.child_by_field_name("body")
    return body is not None and any(
        assignment.parent is not None and assignment.parent.id == body.id
        for assignment in variables.assignments(name, method)
    )
