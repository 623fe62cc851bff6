"""Lists that the REST framework answers by itself: of classes that nothing gives pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.django.lists import view_rows
from scaleaudit.languages.python.django.lookups import sort_path
from scaleaudit.languages.python.django.nodes import texts
from scaleaudit.languages.python.django.offers import stated
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

LISTS = frozenset(
    {"ModelViewSet", "ReadOnlyModelViewSet", "ListAPIView", "ListCreateAPIView", "ListModelMixin"}
)
# Source: `rest_framework.generics`, `.mixins` and `.viewsets`; none of them makes pages by itself.
PLAIN = regex(
    r"^(?:GenericViewSet|ViewSet|GenericAPIView|APIView|\w+ModelMixin"
    r"|(?:Create|Retrieve|Update|Destroy)+APIView|object)$"
)
# With one of these the class decides itself what a list is.
OWN_WAY = frozenset(
    {"list", "get", "filter_queryset", "paginate_queryset", "paginator", "get_paginated_response",
     "dispatch", "pagination_class"}
)  # fmt: skip
STAFF = regex(r"Admin|Staff|Superuser|SuperUser|Internal|Moderator")
MAX_LEVELS = 6


def served_lists(known: Known) -> Iterator[OrmQuery]:
    """One query for each class: `always` without pages, or where the settings give none."""
    if b"rest_framework" not in known.reader.content:
        return
    for name, one in known.by_name.items():
        model = known.class_models.get(name, "")
        family = lineage(known, one, 0)
        if family is None or not any(base_name(known, each) in LISTS for each in bases(family)):
            continue
        if any(OWN_WAY & each.methods.keys() for each in family) or for_staff(known, family):
            continue
        if not answers_get(known, family):
            continue
        pages = next(
            (each.attributes["pagination_class"] for each in family if "pagination_class" in each.attributes),
            None,
        )  # fmt: skip
        if pages is not None and pages.type != "none":
            continue
        if any(each is not one and "get_queryset" in each.methods for each in family):
            continue  # narrows what the class names
        start = view_rows(known, one, model)
        if not start.model or start.asked.partial or start.limited or start.ended or start.streamed:
            continue
        at = one.methods.get("get_queryset") or one.attributes.get("queryset") or one.node
        order = tuple(
            Condition(each.path, "sort", Clause.SORT, each.function) for each in start.sorts
        ) or tuple(
            Condition(path, "sort", Clause.SORT)
            for name in texts(known.reader, one.attributes.get("ordering"))
            if (path := sort_path(name))
        )
        told = stated(known, one, start, order, at, f"{one.name}: the whole list")
        yield replace(told, answers="always" if pages is not None else "by-default")


def lineage(known: Known, one: ClassRead, depth: int) -> list[ClassRead] | None:
    """The class and those of the file above it; None where one above is of another file."""
    found = [one]
    for base in one.bases:
        if base in known.by_name and depth < MAX_LEVELS:
            above = lineage(known, known.by_name[base], depth + 1)
            if above is None:
                return None
            found += above
        elif base_name(known, base) not in LISTS and not PLAIN.match(base_name(known, base)):
            return None
    return found


def bases(family: list[ClassRead]) -> Iterator[str]:
    for each in family:
        yield from each.bases


def base_name(known: Known, base: str) -> str:
    """The last name of a class of the framework; empty for another's."""
    if base == "object":
        return base
    first, _, rest = base.partition(".")
    qualified = known.reader.imports.get(first, "")
    if not qualified.startswith("rest_framework."):
        return ""
    return (rest or qualified).rpartition(".")[2]


def for_staff(known: Known, family: list[ClassRead]) -> bool:
    """Only those who run the product may ask."""
    given = (each.attributes.get("permission_classes") for each in family)
    return any(
        node is not None and STAFF.search(known.reader.text(node)) is not None for node in given
    ) or any(STAFF.search(each.name) for each in family)


def answers_get(known: Known, family: list[ClassRead]) -> bool:
    node = next(
        (each.attributes["http_method_names"] for each in family if "http_method_names" in each.attributes),
        None,
    )  # fmt: skip
    return node is None or "get" in texts(known.reader, node)
