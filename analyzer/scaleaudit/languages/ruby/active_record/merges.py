"""Calls of a chain that are handed other queries: `merge`, `or`, and changes with conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.ruby.active_record import words
from scaleaudit.languages.ruby.active_record.conditions import conditions, given
from scaleaudit.languages.ruby.active_record.hashes import by_pairs
from scaleaudit.languages.ruby.active_record.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

    Evaluate = Callable[[Node], list[Relation]]


def alternative(
    reader: RubyReader, call: Node, found: Relation, evaluate: Evaluate
) -> Relation | None:
    """The other side of an OR: a query of the same model; in Sequel conditions."""
    if by_pairs(call):
        other = Relation(found.model)
        conditions(reader, call, other)
        return other
    others = argument_relations(call, found, evaluate)
    return others[0] if others else None


def argument_relations(call: Node, found: Relation, evaluate: Evaluate) -> list[Relation]:
    holder = call.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    others = evaluate(args[0]) if args else []
    ends = [each.last.id for each in others if each.last is not None]
    found.absorbed = (*found.absorbed, *ends)
    return others


def merging(call: Node, found: Relation, evaluate: Evaluate) -> None:
    """`merge(Other.where(a: 1))`: the conditions of the other, on its own table."""
    others = argument_relations(call, found, evaluate)
    if not others:
        found.partial = True
        return
    other = others[0]
    same = other.model == found.model and not other.via and not found.via
    if other.via or (other.scopes and not same):
        found.partial = True
        found.mention(other)
    if same:
        found.scopes += other.scopes
        found.eager += other.eager
    if not other.via:
        found.add(
            Condition(c.path, c.operator, c.clause, c.function, c.alternative, c.group, c.branch, c.constant,
                      c.model or other.model)
            for c in other.conditions
        )  # fmt: skip
    found.partial = found.partial or other.partial


def changing(reader: RubyReader, call: Node, found: Relation) -> None:
    """`delete_all(a: 1)`; before Rails 5 `update_all(changes, conditions)`."""
    name = reader.method_name(call)
    if name in words.DELETES:
        conditions(reader, call, found)
    elif name == "update_all":
        args = reader.positional(call)
        if len(args) == 2:
            given(reader, args[1], found)
