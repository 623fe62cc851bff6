"""What a comprehension takes of each row that it goes over: `[order.id for order in orders]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import WORD_OR_DOT, mentions
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

ATTRIBUTE = regex(rb"(?!\w)(?:\.(\w+)(?!\w|\s*[.(\[]))?")
MAX_BYTES = 2_000
MAX_NAMES = 30
ENDS = frozenset({"call", "attribute", "await", "parenthesized_expression"})  # around the query


def taken(reader: PythonReader, node: Node) -> tuple[str, ...]:
    """The attributes, when nothing else is done with the rows; empty when that is not known."""
    inner = node
    holder = node.parent
    while holder is not None and holder.type in ENDS and holder.start_byte == inner.start_byte:
        inner, holder = holder, holder.parent
    whole = holder.parent if holder is not None and holder.type == "for_in_clause" else None
    if holder is None or whole is None or whole.end_byte - whole.start_byte > MAX_BYTES:
        return ()
    left, right = holder.child_by_field_name("left"), holder.child_by_field_name("right")
    if left is None or right is None or left.type != "identifier" or right.id != inner.id:
        return ()
    name = reader.text(left).encode()
    rest = (
        reader.content[whole.start_byte : holder.start_byte]
        + b" "
        + reader.content[holder.end_byte : whole.end_byte]
    )
    found: dict[str, None] = {}
    for _, match in mentions(rest, name, WORD_OR_DOT, ATTRIBUTE):
        if match[1] is None or len(found) >= MAX_NAMES:
            return ()
        found[match[1].decode()] = None
    return tuple(found)
