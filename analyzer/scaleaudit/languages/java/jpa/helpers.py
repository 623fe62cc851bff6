"""Methods of the same class that give conditions of a query, or none: `where(codeEq(code))`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.java.jpa.predicate_builders import gathered

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_RETURNS = 12
DECLARING = frozenset({"local_variable_declaration", "property_declaration"})
CONDITIONS = rb"(?:BooleanExpression|BooleanBuilder|Predicate)\s+"


def given_conditions(reader: JvmReader, call: Node) -> list[Node]:
    """What a method of this file gives where it gives anything; empty where that is not known."""
    links = reader.chain(call) if reader.is_call(call) else []
    if not links or len(links) > 2 or (len(links) == 2 and links[0].name != "this"):
        return []
    name = re.escape(links[-1].name.encode())
    found = list(re.finditer(CONDITIONS + name + rb"\s*(?=\()", reader.content))
    if len(found) != 1:
        return []  # none, or several of one name
    leaf = reader.root.descendant_for_byte_range(found[0].end() - 1, found[0].end())
    method = leaf.parent if leaf is not None else None
    while method is not None and method.type not in reader.METHODS:
        method = method.parent
    if method is None or method.start_byte <= call.start_byte < method.end_byte:
        return []
    return values_of(reader, method)


def values_of(reader: JvmReader, method: Node) -> list[Node]:
    """The conditions that a method may give back; empty where that is not known."""
    body = method.child_by_field_name("body")
    if body is None:
        return []
    given: list[Node] = []
    waiting = list(body.named_children)
    while waiting:
        at = waiting.pop(0)
        if at.type == "return_statement":
            for value in choices(at.named_children[0]) if at.named_children else ():
                built = gathered(reader, value)
                given += [value] if built is None else [*built.always, *built.options]
        elif at.type in ("if_statement", "block"):
            waiting += at.named_children
        elif at.type in DECLARING or at.type == "expression_statement":
            continue
        elif at.type not in ("line_comment", "block_comment") and "return" in reader.text(at):
            return []
    return given if len(given) <= MAX_RETURNS else []


def choices(value: Node) -> list[Node]:
    """`code == null ? null : order.code.eq(code)`: each of both that is a condition."""
    if value.type == "parenthesized_expression" and value.named_children:
        return choices(value.named_children[0])
    if value.type == "ternary_expression":
        arms = (value.child_by_field_name("consequence"), value.child_by_field_name("alternative"))
        return [each for arm in arms if arm is not None for each in choices(arm)]
    return [] if value.type == "null_literal" else [value]
