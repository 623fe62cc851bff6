"""Drizzle's `relations(orders, ({ one, many }) => ({ lines: many(lines) }))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RelationFact
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

CALL = regex(rb"\b(relations)\s*\(\s*\w")
MAX_CALLS = 500


def declared_relations(reader: JavaScriptReader) -> dict[str, list[RelationFact]]:
    """By constant of the table; `column` is the attribute of the own table that holds the key."""
    found: dict[str, list[RelationFact]] = {}
    for _, match in zip(range(MAX_CALLS), CALL.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "call_expression":
            continue
        args, _, _ = reader.arguments(call)
        function = args[1] if len(args) == 2 else None
        body = bare(function.child_by_field_name("body")) if function is not None else None
        if body is None or body.type != "object":
            continue
        for member in shape(reader, body).members:
            relation = _relation(reader, member.key, bare(member.value))
            if relation is not None:
                found.setdefault(reader.text(args[0]), []).append(relation)
    return found


def _relation(reader: JavaScriptReader, name: str, call: Node | None) -> RelationFact | None:
    if call is None or call.type != "call_expression":
        return None
    function = call.child_by_field_name("function")
    kind = reader.text(function).rpartition(".")[2] if function is not None else ""
    args, _, _ = reader.arguments(call)
    if kind not in ("one", "many") or not args:
        return None
    target = reader.text(args[0]).rpartition(".")[2]
    own = ""
    for member in shape(reader, args[1]).members if len(args) > 1 else ():
        listed = bare(member.value)
        if member.key == "fields" and listed is not None and listed.type == "array":
            first = listed.named_children[:1]
            own = reader.text(first[0]).rpartition(".")[2] if first else ""
    at = reader.span(call)
    if kind == "many":
        return RelationFact(name, target, "has-many", at=at)
    if own:
        return RelationFact(name, target, "belongs-to", own, at=at, constrained=False)
    return RelationFact(name, target, "has-one", at=at)
