"""Pages by their number: slices that begin at a given row, and Django's own paginator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known

PAGINATORS = ("Paginator",)  # how names of such classes end
PAGED = regex(rb"Paginator\(\s*(?:object_list\s*=\s*)?([^\s,()=]+)\s*[,)]")


def begins_later(subscript: Node | None) -> bool:
    """`[start:end]`, not `[:10]` nor `[1:]`."""
    first = subscript.children[0] if subscript is not None and subscript.children else None
    return first is not None and first.type not in (":", "integer")


def in_pages(known: Known, chain: Node) -> bool:
    """`Paginator(orders, 25)`, written around the query or around the name that it is given."""
    reader = known.reader
    if not reader.says(b"Paginator("):
        return False
    holder = chain.parent
    if holder is not None and holder.type == "argument_list" and holder.parent is not None:
        return reader.callee(holder.parent).endswith(PAGINATORS)
    if holder is None or holder.type != "assignment":
        return False
    left, around = holder.child_by_field_name("left"), reader.function_around(chain)
    if left is None or left.type != "identifier" or around is None:
        return False
    name = reader.content[left.start_byte : left.end_byte]
    paged = PAGED.finditer(reader.content, chain.end_byte, around.end_byte)
    return any(each[1] == name for each in paged)
