"""Where a query set is read at once: until then it is a query that nobody has run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.chains import outermost
from scaleaudit.languages.python.django.uses import held, uses
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known

# Calls that go over what they are given, or hand it to something that does.
READING = frozenset(
    """
    list tuple set sorted dict len enumerate zip map filter sum max min any all reversed frozenset
    next iter join bool render render_to_string render_to_response JsonResponse Response dumps extend
    DataFrame TemplateResponse model_to_dict serialize
    """.split()  # noqa: SIM905 - a table to be read
)
SERIALIZER = regex(r"Serializer$|Schema$|Table$")
WRAPS = frozenset({"parenthesized_expression", "await"})
LOOPS = frozenset({"for_statement", "for_in_clause"})


def is_read(known: Known, chain: Node) -> bool:
    """Whether the rows are fetched where the chain stands, or by a variable that holds it."""
    if read_in_place(known, chain):
        return True
    place = held(known, chain)
    if place is None:
        return False
    return any(
        outermost(known.reader, use).id == use.id and read_in_place(known, use)
        for use in uses(known, *place)
    )


def read_in_place(known: Known, node: Node) -> bool:
    holder = node.parent
    while holder is not None and holder.type in WRAPS:
        node, holder = holder, holder.parent
    if holder is None:
        return False
    kind = holder.type
    if kind in LOOPS:
        right = holder.child_by_field_name("right")
        return right is not None and right.id == node.id
    if kind == "pair":  # what a page is given; a table of the module is only a description
        return known.reader.function_around(holder) is not None
    if kind in ("list_splat", "if_statement", "not_operator"):
        return True
    if kind == "argument_list":
        call = holder.parent
        if call is None or call.type != "call":
            return False
        last = known.reader.callee(call).rpartition(".")[2]
        return last in READING or SERIALIZER.search(last) is not None
    return False
