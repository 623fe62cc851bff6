"""Filters and orders that classes declare: filter sets, views of an API, admin lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.lists import admin_list, api_view, listed, view_rows
from scaleaudit.languages.python.django.lookups import Lookup, lookup
from scaleaudit.languages.python.django.nodes import (
    arguments_of,
    is_true,
    text_of,
)
from scaleaudit.languages.python.django.offers import (
    field_filters,
    offered,
    offers,
    one_filter,
    ordered_fields,
    orders,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

FILTER_CLASS = regex(r"(?:^|\.)\w*Filter$")
FILTER_SET = regex(r"Filter[sS]et")
ADMIN = regex(r"(?:^|\.)\w*Admin$")
TABLE = regex(r"^(?:\w+\.)*\w*Table$")  # of django-tables2: shown in pages
GRAPH_TYPE = regex(r"(?:^|\.)DjangoObjectType$")
RANGES = regex(r"Range")
MANY = regex(r"Multiple|BaseIn|InFilter|TypedMultiple")
LISTED = regex(r"(?:\w+\.)*[A-Z]\w*\.(?:_?[A-Z]\w*|choices)$")
MAX_LEVELS = 6
MAX_TELLING = 8  # filters of one class; more are a search over all fields


def declared_queries(known: Known) -> Iterator[OrmQuery]:
    for name, one in known.by_name.items():
        model = known.class_models.get(name)
        if model is not None:
            yield from weighed(list(of_class(known, one, model)))


def weighed(several: list[OrmQuery]) -> list[OrmQuery]:
    """What filters by everything there is says nothing of any one filter."""
    filters = [each for each in several if each.streamed]
    if len(filters) <= MAX_TELLING:
        return several
    return [offered(each) if each.streamed else each for each in several]


def of_class(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    """What one class declares, by the kind of class that it is."""
    names = one.attributes.keys()
    if is_filter_set(known, one, 0):
        yield from filter_set(known, one, model)
    elif any(ADMIN.search(base) for base in one.bases):
        yield from admin_list(known, one, model)
    elif any(TABLE.search(base) for base in one.bases):
        order = one.attributes.get("order_by") or (one.meta or {}).get("order_by")
        if order is not None:
            yield from listed(known, one, model, order)
    elif any(GRAPH_TYPE.search(base) for base in one.bases):
        given = (one.meta or {}).get("filter_fields")
        if given is not None:
            yield from offers(field_filters(known, one, Rows("rows", model), given))
    elif names & {"filterset_fields", "filter_fields", "ordering_fields", "search_fields"}:
        yield from api_view(known, one, model)
    if "ordering" in names and not any(ADMIN.search(base) for base in one.bases):
        yield from listed(known, one, model, one.attributes["ordering"])
    order = cursor_order(known, one)
    if order is not None:
        yield from listed(known, one, model, order)


def cursor_order(known: Known, one: ClassRead) -> Node | None:
    """The order of the class of the file that makes a view's pages from where the last one ended."""
    given = one.attributes.get("pagination_class")
    pages = known.by_name.get(known.reader.hint(given)) if given is not None else None
    if pages is None or not any(base.endswith("CursorPagination") for base in pages.bases):
        return None
    return pages.attributes.get("ordering")


def filter_kind(known: Known, node: Node) -> str:
    callee = known.reader.callee(node)
    return callee if FILTER_CLASS.search(callee) else ""


def shown_by(known: Known, one: ClassRead, model: str) -> Rows:
    """The rows that a filter set narrows: those of the view of the file that makes use of it."""
    for name, view in known.by_name.items():
        given = view.attributes.get("filterset_class") or view.attributes.get("filter_class")
        if given is None or known.reader.hint(given) != one.name:
            continue
        rows = view_rows(known, view, known.class_models.get(name, model))
        named = one.meta is not None and "model" in one.meta
        if rows.model == model and not (named and rows.asked.partial):
            return rows
    return Rows("rows", model)


def of_few(known: Known, kind: str, given: dict[str, Node]) -> bool:
    """A choice among what a class lists: `choices=Order.STATES`, `choices=State.choices`."""
    choices = given.get("choices")
    return (
        kind.endswith("ChoiceFilter")
        and choices is not None
        and LISTED.match(known.reader.text(choices)) is not None
    )


def is_filter_set(known: Known, one: ClassRead, depth: int) -> bool:
    """By its bases, also those of the file; else by filters beside a `Meta`."""
    if any(FILTER_SET.search(base) for base in one.bases):
        return True
    for base in one.bases:
        above = known.by_name.get(base)
        if above is None or above is one or depth > MAX_LEVELS:
            continue
        if is_filter_set(known, above, depth + 1):
            return True
    return one.meta is not None and any(
        value.type == "call" and filter_kind(known, value) for value in one.attributes.values()
    )


def inherited(known: Known, one: ClassRead, depth: int) -> dict[str, Node]:
    """Filters of bases of the file that have no model of their own."""
    found: dict[str, Node] = {}
    for base in reversed(one.bases):
        above = known.by_name.get(base)
        if above is None or above is one or base in known.class_models or depth > MAX_LEVELS:
            continue
        found |= inherited(known, above, depth + 1) | above.attributes
    return found


def filter_set(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    reader = known.reader
    start = shown_by(known, one, model)
    for name, value in (inherited(known, one, 0) | one.attributes).items():
        if value.type != "call":
            continue
        kind = reader.callee(value).rpartition(".")[2]
        given = arguments_of(reader, value).named
        if kind == "OrderingFilter":
            several = orders(known, one, start, ordered_fields(known, given.get("fields")))
            yield from offers(several)
            continue
        if not FILTER_CLASS.search(kind) or "method" in given or "action" in given:
            continue
        written = given.get("field_name") or given.get("name")
        path = text_of(reader, written) if written is not None else name
        compared = given.get("lookup_expr") or given.get("lookup_type")
        word = text_of(reader, compared) if compared is not None else "exact"
        asked = lookup(f"{path}__{word}" if word not in ("exact", None) else path or "?")
        if asked is None or word is None:
            continue
        operator = asked.operator
        if RANGES.search(kind):  # it compares with both ends, whatever it is told to
            operator = "between"
        elif operator == "=" and MANY.search(kind):
            operator = "in"
        if is_true(given.get("exclude")):
            operator = "!="
        constant = kind in ("BooleanFilter",) or of_few(known, kind, given)
        told = one_filter(
            known, one, start, Lookup(asked.path, operator, asked.function), value, constant
        )
        # The view narrows its own rows first; those of another table are reached from them.
        yield replace(told, partial=True) if "." in asked.path else told
    meta = one.meta or {}
    if "fields" in meta:
        yield from offers(field_filters(known, one, start, meta["fields"]))
