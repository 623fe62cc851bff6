"""Methods of the same class that give one condition of a query, or none: `where(codeEq(code))`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_RETURNS = 6
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
    body = method.child_by_field_name("body") if method is not None else None
    if method is None or body is None or method.start_byte <= call.start_byte < method.end_byte:
        return []
    given: list[Node] = []
    waiting = list(body.named_children)
    while waiting:
        at = waiting.pop(0)
        if at.type == "return_statement":
            given += choices(at.named_children[0]) if at.named_children else []
        elif at.type in ("if_statement", "block"):
            waiting += at.named_children
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
