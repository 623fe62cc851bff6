"""What a piece of Python reads of a name: `order.customer.name` for `order`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import AttributeRead
from scaleaudit.languages.mentions import WORD_ENDS, WORD_OR_DOT, mentions
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

ATTRIBUTE = regex(rb"\.[a-z_]")
MAX_READS = 40  # of one name in one piece
MAX_LOOKED = 300  # mentions of the name


def mentioned(content: bytes, name: str, start: int, end: int) -> bool:
    """A quick look whether any attribute of the name is read there."""
    found = mentions(content, name.encode(), WORD_OR_DOT, ATTRIBUTE, start, end)
    return next(found, None) is not None


def reads_of(
    reader: PythonReader,
    name: str,
    region: tuple[int, int],
    queries: Collection[str] | None,
    *without: tuple[int, int],
) -> tuple[AttributeRead, ...]:
    """The attributes read, each once; nothing where the name is given another value there.

    `queries`: methods by which the list behind an attribute is asked for, which is told elsewhere;
    None: nowhere else, so they stay a part of the path.
    `without`: ranges in which the name means something else.
    """
    found: dict[str, AttributeRead] = {}
    given: set[str] = set()
    looked = 0
    for at, _ in mentions(reader.content, name.encode(), WORD_OR_DOT, WORD_ENDS, *region):
        if any(start <= at < end for start, end in without):
            continue
        node = reader.root.descendant_for_byte_range(at, at + 1)
        looked += 1
        if node is None or node.type != "identifier" or len(found) >= MAX_READS:
            continue
        if looked > MAX_LOOKED:
            return ()
        if rebound(node):
            return ()
        parts, whole, called, assigned = chain(reader, node)
        if assigned:
            given.add(parts[0] if parts else "")
            continue
        if called and parts:  # a method, also of the list behind an attribute
            if queries is None:
                parts = parts if len(parts) > 1 else []
            else:
                parts = parts[:-2] if parts[-1] in queries else parts[:-1]
        if parts:
            found.setdefault(".".join(parts), AttributeRead(".".join(parts), reader.span(whole)))
    return tuple(read for path, read in found.items() if path.partition(".")[0] not in given)


def chain(reader: PythonReader, node: Node) -> tuple[list[str], Node, bool, bool]:
    """The attributes after a name, the whole node, whether it is called, whether it is assigned."""
    parts: list[str] = []
    at = node
    for _ in range(12):
        above = at.parent
        if above is None or above.type != "attribute" or above.child_by_field_name("object") != at:
            break
        attribute = above.child_by_field_name("attribute")
        if attribute is None:
            break
        parts.append(reader.text(attribute))
        at = above
    holder = at.parent
    if holder is None or not parts:
        return parts, at, False, False
    called = holder.type == "call" and holder.child_by_field_name("function") == at
    assigned = holder.type == "assignment" and holder.child_by_field_name("left") == at
    return parts, at, called, assigned or holder.type == "delete_statement"


def rebound(node: Node) -> bool:
    """The name is the target of an assignment or of another loop."""
    holder = node.parent
    return (
        holder is not None
        and holder.type in ("assignment", "for_statement", "for_in_clause", "named_expression")
        and node in (holder.child_by_field_name("left"), holder.child_by_field_name("name"))
    )
