"""Loops and comprehensions of a file: what stands for an item, what is gone over, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scaleaudit.languages.python.row_reads import mentioned
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

LOOP = regex(rb"for(?<!\wfor)\s+(?=[\w(])")  # quick: begins with letters
MAX_LOOPS = 1_000  # of one file
MAX_BODY = 40_000  # bytes of one loop


class Loop(NamedTuple):
    """`for order in orders: ...` and `[... for i, order in enumerate(orders)]`."""

    node: Node
    name: str  # of the variable that holds an item
    over: Node
    region: tuple[int, int]  # the bytes in which the variable stands for an item
    without: tuple[tuple[int, int], tuple[int, int]]  # ranges of these in which it does not


def loops(reader: PythonReader) -> Iterator[Loop]:
    """Those in which an attribute of the item is read."""
    for _, match in zip(range(MAX_LOOPS), LOOP.finditer(reader.content), strict=False):
        word = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        loop = word.parent if word is not None and word.type == "for" else None
        if loop is None or loop.type not in ("for_statement", "for_in_clause"):
            continue
        left, right = loop.child_by_field_name("left"), loop.child_by_field_name("right")
        if left is None or right is None:
            continue
        name, over = item_name(reader, left, right)
        region = region_of(loop)
        if not name or region is None or not mentioned(reader.content, name, *region):
            continue
        clause = (over.start_byte, over.end_byte) if loop.type == "for_in_clause" else (0, 0)
        yield Loop(loop, name, over, region, (clause, (left.start_byte, left.end_byte)))


def item_name(reader: PythonReader, left: Node, right: Node) -> tuple[str, Node]:
    """The variable that holds an item, and what is gone over: `for i, x in enumerate(xs)`."""
    if left.type == "identifier":
        return reader.text(left), right
    if left.type in ("pattern_list", "tuple_pattern") and right.type == "call":
        names = left.named_children
        arguments = right.child_by_field_name("arguments")
        given = arguments.named_children[:1] if arguments is not None else []
        counted = reader.callee(right) == "enumerate"
        if counted and len(names) == 2 and names[1].type == "identifier" and given:
            return reader.text(names[1]), given[0]
    return "", right


def region_of(loop: Node) -> tuple[int, int] | None:
    whole = loop.type != "for_statement"
    body = loop.parent if whole else loop.child_by_field_name("body")
    if body is None:
        return None
    return body.start_byte, min(body.end_byte, body.start_byte + MAX_BODY)
