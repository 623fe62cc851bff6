"""Rows of which a reader sees one page at a time: the order decides which, so it is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.chains import outermost
from scaleaudit.languages.python.django.uses import held, uses
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known

# `Paginator(orders, 25)`, `self.paginate_queryset(orders)`, `paginate(request, orders)`
PAGES = regex(r"Paginator$|^_?paginate(?:d|_?queryset|_?query|_?results?|_?items?)?$")
SIGNS = (b"paginat", b"Paginat")
LISTS = regex(r"ViewSet|ListAPIView|ListCreateAPIView|ListModelMixin|ListView")
MAX_PLACE = 2  # of the rows among the arguments


def paged(known: Known, chain: Node) -> bool:
    """Handed to a paginator, by itself or by a variable, or what a list of a view begins with."""
    if not known.reader.says(*SIGNS):
        return False
    if handed(known, chain) or of_list(known, chain):
        return True
    place = held(known, chain)
    if place is None:
        return False
    return any(
        outermost(known.reader, use).id == use.id and (handed(known, use) or of_list(known, use))
        for use in uses(known, *place)
    )


def handed(known: Known, node: Node) -> bool:
    holder = node.parent
    if holder is None or holder.type != "argument_list":
        return False
    call = holder.parent
    if call is None or call.type != "call":
        return False
    given = holder.named_children[:MAX_PLACE]
    last = known.reader.callee(call).rpartition(".")[2]
    return any(each.id == node.id for each in given) and PAGES.search(last) is not None


def of_list(known: Known, node: Node) -> bool:
    """Returned by `get_queryset` of a view whose lists come in pages."""
    holder = node.parent
    if holder is None or holder.type != "return_statement":
        return False
    function, own = known.reader.function_around(node), known.class_around(node)
    if function is None or own is None or own.methods.get("get_queryset") is None:
        return False
    if own.methods["get_queryset"].id != function.id:
        return False
    if not any(LISTS.search(base) for base in own.bases):
        return False
    pages = own.attributes.get("paginate_by") or own.attributes.get("pagination_class")
    return pages is not None and pages.type != "none"
