"""The places of a file that change what a name stands for, or what it holds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tree_sitter import Query, QueryCursor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language, Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

# No more than the kinds: a query that says what stands inside takes as long to make as thirty files
# do to read, for each grammar.
MAY_CHANGE = """
[(assignment_expression) (augmented_assignment_expression) (update_expression) (unary_expression)
 (call_expression)] @at
"""
METHODS = (b"set", b"add", b"delete", b"clear", b"push", b"pop", b"shift", b"unshift", b"splice")
HOLDERS = ("identifier", "member_expression")


@cache
def _query(grammar: Language) -> Query:
    return Query(grammar, MAY_CHANGE)


def changed(reader: JavaScriptReader) -> Iterator[Node]:
    """`x` of `x = 1`, `x[key] = 1`, `x.add(1)`; both `x.y` and `x` of `x.y += 1`."""
    for node in QueryCursor(_query(reader.grammar)).captures(reader.root).get("at", ()):
        yield from _changed_at(node)


def _changed_at(node: Node) -> Iterator[Node]:
    kind = node.type
    if kind == "call_expression":
        target = node.child_by_field_name("function")
        if target is None or target.type != "member_expression":
            return
        method = target.child_by_field_name("property")
        if method is None or method.type != "property_identifier" or method.text not in METHODS:
            return
    elif kind == "unary_expression":
        target = node.child_by_field_name("argument")
        sign = node.child_by_field_name("operator")
        if sign is None or sign.type != "delete":
            return
    else:
        field = "argument" if kind == "update_expression" else "left"
        target = node.child_by_field_name(field)
        if target is not None and (
            target.type == "identifier"
            or (target.type == "member_expression" and kind != "assignment_expression")
        ):
            yield target
    if target is not None and target.type in ("subscript_expression", "member_expression"):
        holder = target.child_by_field_name("object")
        if holder is not None and holder.type in HOLDERS:
            yield holder
