"""Joins as goqu writes them: `Join(goqu.T("users").As("u"), goqu.On(goqu.I("o.user_id").Eq(goqu.I("u.id"))))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.go.mappers import asked
from scaleaudit.languages.go.mappers.goqu_names import named_by, tied
from scaleaudit.languages.go.mappers.links import arguments

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

Joined = tuple[list[Condition], bool]  # and whether some of it is not known


def on(reader: GoReader, call: Node) -> Joined:
    """What the arguments of `goqu.On` tie together."""
    found: list[Condition] = []
    partial = False
    for each in arguments(reader, call):
        if each.type == "composite_literal":
            more, lost = of_map(reader, each)
            found.extend(more)
            partial = partial or lost
            continue
        pair = tied(reader, each) if each.type == "call_expression" else None
        partial = partial or pair is None
        found.extend(Condition(side, "=", Clause.JOIN) for side in pair or ())
    return found, partial


def of_map(reader: GoReader, made: Node) -> Joined:
    """`goqu.Ex{"o.user_id": goqu.I("u.id")}`."""
    found, partial = asked.of_literal(reader, made)
    body = made.child_by_field_name("body")
    for element in body.named_children if body is not None else ():
        value = element.child_by_field_name("value")
        inner = value.named_children[0] if value is not None and value.named_children else value
        far = named_by(reader, inner)[0] if inner is not None else ""
        if far:
            found.append(Condition(far, "="))
    return [replace(each, clause=Clause.JOIN) for each in found], partial
