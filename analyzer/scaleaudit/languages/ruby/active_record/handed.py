"""What methods of a file are handed: `filtered(Order.open)`, `def initialize(orders = Order.all)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import mentions
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.active_record.variables import FUNCTIONS, MAX_ALTERNATIVES
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

OWN = regex(rb"(?:^|[^\w.@:])(?:self\.)?$")  # what may stand before a method of the object's own
ARGUMENTS = regex(rb"(?=[ (])")
WITH_DEFAULT = frozenset({"optional_parameter", "keyword_parameter"})
MAX_CALLERS = 6  # of a method that is handed a query


def parameter(reader: RubyReader, name: str, node: Node) -> tuple[Node, int, Node] | None:
    """The method around, which of its parameters has the name, and how it is declared."""
    around = reader.function_around(node)
    given = around.child_by_field_name("parameters") if around is not None else None
    for position, each in enumerate(given.named_children[:30] if given is not None else ()):
        if around is not None and reader.hint(each.child_by_field_name("name") or each) == name:
            return around, position, each
    return None


def handed_in(
    reader: RubyReader, relations: Callable[[Node], list[Relation]], name: str, node: Node
) -> list[Relation]:
    """What the calls of a method in its own file give it, when all of them are known.

    Where nobody there calls it, what it has when it is given nothing.
    """
    found = parameter(reader, name, node)
    if found is None or found[0].type not in FUNCTIONS:
        return []
    around, position, declared = found
    method = reader.definition_name(around)
    if not method.isidentifier() or len(reader.definitions(method)) != 1:
        return []
    told: list[Relation] = []
    usual = declared.child_by_field_name("value") if declared.type in WITH_DEFAULT else None
    places = calls_of(reader, method, around)
    if not places and usual is not None and method == "initialize":
        return by_default(relations, usual)
    for call in places:
        args, options, _ = reader.arguments(call)
        keyed = declared.type == "keyword_parameter"
        given = options.get(name) if keyed else args[position] if position < len(args) else None
        given = given if given is not None else usual
        several = relations(given) if given is not None else []
        if not several or not all(each.model or each.via or each.table for each in several):
            return []
        for each in several:
            copy = each.copy()
            if copy.state == "instance":
                copy = Relation(copy.model, copy.via, "instance")
            elif copy.state not in ("class", "relation"):
                return []
            elif copy.last is not None and given is not None:
                copy.beginnings = (*copy.beginnings, copy.last.id, given.id)
            copy.last = None
            if copy not in told:
                told.append(copy)
    return told if len(told) <= MAX_ALTERNATIVES else []


def by_default(relations: Callable[[Node], list[Relation]], usual: Node) -> list[Relation]:
    """`relation = Order.all`: what the object begins with; who makes it may hand it fewer rows."""
    found: list[Relation] = []
    for each in relations(usual):
        if each.state not in ("class", "relation") or not (each.model or each.table):
            return []
        copy = each.copy()
        if copy.last is not None:
            copy.beginnings = (*copy.beginnings, copy.last.id, usual.id)
        copy.last = None
        found.append(copy)
    return found[:MAX_ALTERNATIVES]


def calls_of(reader: RubyReader, method: str, around: Node) -> list[Node]:
    """The calls of a method on the object around it."""
    found: list[Node] = []
    for at, _ in mentions(reader.content, method.encode(), frozenset(), ARGUMENTS):
        if around.start_byte <= at < around.end_byte:
            continue
        before = reader.content[max(0, at - 6) : at]
        if OWN.search(before) is None:
            continue
        leaf = reader.leaf_at(at)
        above = leaf.parent if leaf is not None else None
        if (
            above is not None
            and above.type == "call"
            and above.child_by_field_name("method") == leaf
        ):
            found.append(above)
        if len(found) > MAX_CALLERS:
            return []
    return found
