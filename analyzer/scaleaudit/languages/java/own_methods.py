"""Addresses that a method of the same class gives: `get(stockUrl() + id)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.languages.java.names import Link
    from scaleaudit.values import Value

MAX_NODES = 400  # of one method
NESTED = {"lambda_expression", "class_body", "method_declaration"}
# A sentence, such as a statement in SQL, is put together in more ways than are read here.
BLANK = regex(r"\s")


def given_by_own_method(reader: JvmReader, links: list[Link]) -> Value | None:
    """The one text without blanks that `url()` or `this.url()` returns."""
    if len(links) > 2 or (len(links) == 2 and links[0].name != "this"):
        return None
    call = links[-1].node
    around = reader.class_around(call) if call is not None else None
    if around is None:
        return None
    methods = [
        member
        for member in reader.members(around)
        if member.type in reader.METHODS and reader.definition_name(member) == links[-1].name
    ]
    if len(methods) != 1:
        return None
    method = methods[0]
    if method.id not in reader.given_back:
        reader.given_back[method.id] = UNKNOWN  # while it is read: it may ask for itself
        returned = list(_returned(method))
        if len(returned) == 1:
            reader.given_back[method.id] = reader.value(returned[0])
    value = reader.given_back[method.id]
    return None if value == UNKNOWN or BLANK.search(text_with_holes(value)) else value


def _returned(method: Node) -> Iterator[Node]:
    """What the `return` statements of a method give, those of functions inside it left out."""
    body = method.child_by_field_name("body")
    waiting, seen = list(body.named_children if body is not None else ()), 0
    while waiting:
        node, seen = waiting.pop(), seen + 1
        if seen > MAX_NODES:
            yield from (method, method)  # too long to be a text of its own
            return
        if node.type == "return_statement":
            yield from node.named_children[:1]
        elif node.type not in NESTED and not node.type.endswith("expression"):
            waiting += node.named_children
