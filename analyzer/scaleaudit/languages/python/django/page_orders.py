"""Orders of pages that begin where the last one ended, and the lists that are cut into such pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ConstantDefined
from scaleaudit.languages.python.django.lists import view_rows
from scaleaudit.languages.python.django.nodes import texts
from scaleaudit.languages.python.django.offers import stated
from scaleaudit.languages.python.django.selves import NARROWING
from scaleaudit.languages.python.django.served_lists import (
    LISTS,
    OWN_WAY,
    PLAIN,
    answers_get,
    base_name,
    for_staff,
    lineage,
)
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

CURSOR = "CursorPagination"
# Source: `rest_framework.pagination.CursorPagination.ordering`.
USUAL = "-created"
# What is mixed in of other files and leaves the rows as they are, by its name.
BESIDE_ROWS = regex(
    r"(?:Permission|Serializer|Action|Cach|Throttl|Schema|Swagger|Documentation|Response|Render|Header"
    r"|Create|Update|Destroy|Delete|Patch|Put|Log|Audit|Atomic|Bulk)\w*Mixin$"
)
OWN_PAGES = OWN_WAY - {"pagination_class"}


def page_orders(known: Known) -> Iterator[ConstantDefined]:
    """`class Newest(CursorPagination): ordering = "-sent_at"`, as a constant of that class."""
    if CURSOR.encode() not in known.reader.content:
        return
    for name, one in known.by_name.items():
        if not any(base.endswith(CURSOR) for base in one.bases) or "get_ordering" in one.methods:
            continue
        node = one.attributes.get("ordering")
        words = texts(known.reader, node) if node is not None else [USUAL]
        if words:
            at = known.reader.span(node or one.node)
            yield ConstantDefined(at, f"{name}.ordering", Literal(" ".join(words)))


def paged_lists(known: Known) -> Iterator[OrmQuery]:
    """A query for each list whose pages another file makes: by the class that it names, or by default."""
    if b"rest_framework" not in known.reader.content:
        return
    for name, one in known.by_name.items():
        if "ordering" in one.attributes or not is_list(known, one):
            continue
        if (
            OWN_PAGES & one.methods.keys()
            or for_staff(known, [one])
            or not answers_get(known, [one])
        ):
            continue
        given = one.attributes.get("pagination_class")
        if given is None and lineage(known, one, 0) is not None:
            continue  # told as the whole list, should the settings give no pages
        if given is not None and given.type not in ("identifier", "attribute"):
            continue
        pages = known.reader.hint(given) if given is not None else ""
        if pages in known.by_name:
            continue  # told where its order is read
        first, _, rest = pages.partition(".")
        qualified = known.reader.imports.get(first, first)
        start = view_rows(known, one, known.class_models.get(name, ""))
        if not start.model or start.asked.partial or start.limited or start.ended or start.sorts:
            continue
        told = stated(
            known,
            one,
            start,
            (),
            given or one.node,
            f"{one.name}: a page of the list",
            limited=True,
        )
        yield replace(told, answers=f"pages:{qualified}{f'.{rest}' if rest else ''}")


def is_list(known: Known, one: ClassRead) -> bool:
    """A view of the framework that lists rows, with nothing beside it that may narrow them."""
    names = [base_name(known, base) for base in one.bases]
    if not any(name in LISTS for name in names):
        return False
    return all(
        name in LISTS
        or PLAIN.match(name) is not None
        or (BESIDE_ROWS.search(base) is not None and NARROWING.search(base) is None)
        for name, base in zip(names, one.bases, strict=True)
    )
