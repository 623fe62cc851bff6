"""The statements of a block, and what a call in a routing language is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Literal, Value, join, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_DEPTH = 24
VERBS = {
    "get": "GET",
    "post": "POST",
    "put": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
    "options": "OPTIONS",
    "head": "HEAD",
}
# `(.:format)`, `(/:page)`: may be left out, and then the path is the shorter one.
OPTIONAL = regex(r"\([^()]*\)")
INSIDE = frozenset(
    [
        "if",
        "unless",
        "else",
        "elsif",
        "then",
        "begin",
        "body_statement",
        "block_body",
        "parenthesized_statements",
        "if_modifier",
        "unless_modifier",
        "case",
        "when",
        "ensure",
        "rescue",
    ]
)


def calls_in(node: Node | None, depth: int = 0) -> Iterator[Node]:
    """The calls that stand in a body, through conditions, in file order."""
    if node is None or depth > MAX_DEPTH:
        return
    for child in node.named_children:
        if child.type == "call":
            yield child
        elif child.type in INSIDE:
            yield from calls_in(child, depth + 1)


def body_of(call: Node) -> Node | None:
    block = call.child_by_field_name("block")
    return block.child_by_field_name("body") if block is not None else None


def has_block(call: Node) -> bool:
    return call.child_by_field_name("block") is not None


def words(reader: RubyReader, node: Node | None) -> list[str]:
    """The texts of a symbol, a text, or a list of them; what is computed is left out."""
    if node is None:
        return []
    found = (reader.value(each) for each in reader.each(node))
    return [value.text for value in found if isinstance(value, Literal)]


def path_value(*parts: Value | str) -> Value:
    """The parts with one slash between them, optional pieces left out."""
    found: list[Value] = []
    for part in parts:
        value = Literal(part) if isinstance(part, str) else part
        if isinstance(value, Literal):
            text = without_optional(value.text).strip("/")
            if not text:
                continue
            value = Literal(text)
        found += [Literal("/"), value]
    return join(*found) if found else Literal("/")


def without_optional(path: str) -> str:
    for _ in range(4):
        shorter = OPTIONAL.sub("", path)
        if shorter == path:
            break
        path = shorter
    return path


def as_text(value: Value) -> str:
    return text_with_holes(value)
