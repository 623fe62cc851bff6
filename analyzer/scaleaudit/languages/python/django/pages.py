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
    ending = b""
    if holder is not None and (made := filter_set_of(known, holder)) is not None:
        holder, ending = made.parent, b".qs"
        if holder is not None and holder.type == "attribute":
            return in_pages(known, holder)
    if holder is None or holder.type != "assignment":
        return False
    left, around = holder.child_by_field_name("left"), reader.function_around(chain)
    if left is None or left.type != "identifier" or around is None:
        return False
    name = reader.content[left.start_byte : left.end_byte]
    paged = PAGED.finditer(reader.content, chain.end_byte, around.end_byte)
    return any(each[1] == name + ending for each in paged)


def filter_set_of(known: Known, keyword: Node) -> Node | None:
    """The call of `OrderFilter(request.GET, queryset=orders)` that is handed the rows."""
    named = keyword.child_by_field_name("name") if keyword.type == "keyword_argument" else None
    if named is None or known.reader.hint(named) != "queryset" or keyword.parent is None:
        return None
    return keyword.parent.parent
