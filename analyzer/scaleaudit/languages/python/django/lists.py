"""Lists of views and of the admin: their filters, orders and search fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import BY_CALL, MAYBE, Clause, Condition, OrmQuery
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.lookups import Lookup, lookup, sort_path
from scaleaudit.languages.python.django.nodes import elements, text_of, texts
from scaleaudit.languages.python.django.offers import (
    MAX_FILTERS,
    field_filters,
    offers,
    one_filter,
    orders,
    stated,
)
from scaleaudit.languages.python.django.results import returned
from scaleaudit.languages.python.django.selves import FRAMEWORKS, base_parts, class_rows, left_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

# Of the search fields of the REST framework and the admin.
PREFIXES = {
    "^": ("like", "any-case:upper"),
    "=": ("=", "any-case:upper"),
    "@": ("search", ""),
    "$": ("search", ""),
}


def view_rows(known: Known, one: ClassRead, model: str) -> Rows:
    """What a view's lists begin with, by its `get_queryset` or `queryset`."""
    method = one.methods.get("get_queryset")
    if method is not None:
        rows = returned(known, method)
        if rows is not None and rows.kind == "rows" and not rows.ended:
            return rows
        return left_open(Rows("rows", model))
    rows = (class_rows(known, one.name) or Rows("rows", model)).copy()
    rows.scopes += (*base_parts(known, one, by_name=True), *backend_parts(known, one))
    return rows


def backend_parts(known: Known, one: ClassRead) -> list[str]:
    """What the project's own classes among `filter_backends` do to the rows."""
    found = []
    for each in elements(known.reader, one.attributes.get("filter_backends")):
        written = known.reader.hint(each)
        origin = known.reader.imports.get(written.partition(".")[0], "")
        if (origin or written in known.by_name) and not origin.startswith(FRAMEWORKS):
            found.append(f"{MAYBE}{written}.filter_queryset{BY_CALL}")
    return found


def api_view(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    """`filterset_fields`, `ordering_fields`, `search_fields` of the REST framework."""
    start = view_rows(known, one, model)
    for name in ("filterset_fields", "filter_fields"):
        if name in one.attributes:
            yield from offers(field_filters(known, one, start, one.attributes[name]))
    named = [
        (text, each)
        for each in elements(known.reader, one.attributes.get("ordering_fields"))
        if (text := text_of(known.reader, each))
    ]
    yield from offers(orders(known, one, start, named[:MAX_FILTERS]))
    yield from searched(known, one, start)


def listed(known: Known, one: ClassRead, model: str, node: Node) -> Iterator[OrmQuery]:
    """`ordering` of a view, or of what makes its pages."""
    start = view_rows(known, one, model)
    names = texts(known.reader, node)
    sorts = tuple(
        Condition(path, "sort", Clause.SORT) for name in names if (path := sort_path(name))
    )
    if sorts:
        text = f"{one.name}: by {', '.join(names)}"
        yield stated(known, one, start, sorts, node, text, limited=True)


def searched(
    known: Known, one: ClassRead, start: Rows, plainly: str = "contains"
) -> Iterator[OrmQuery]:
    """`search_fields`: each word in any of the fields; `plainly`: how one without a sign is compared."""
    node = one.attributes.get("search_fields")
    conditions: list[Condition] = []
    for branch, name in enumerate(texts(known.reader, node)[:40]):
        operator, function = PREFIXES.get(name[:1], (plainly, ""))
        asked = lookup(name.lstrip("^=@$"))
        if asked is None:
            continue
        if asked.operator != "=":
            operator, function = asked.operator, asked.function
        conditions.append(
            Condition(
                asked.path, operator, function=function, alternative=True, group=800, branch=branch
            )
        )
    if node is not None and conditions:
        text = f"{one.name}: search in {', '.join(c.path for c in conditions)}"[:200]
        yield stated(known, one, start, tuple(conditions), node, text, limited=True)


def admin_list(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    reader = known.reader
    start = view_rows(known, one, model)
    for each in elements(reader, one.attributes.get("list_filter")):
        text = text_of(reader, each) or next(iter(texts(reader, each)), None)
        asked = lookup(text) if text else None
        if asked is not None:
            yield one_filter(known, one, start, asked, each)
    node = one.attributes.get("date_hierarchy")
    text = text_of(reader, node)
    asked = lookup(text) if text else None
    if node is not None and asked is not None:
        yield one_filter(known, one, start, Lookup(asked.path, "between"), node)
    if "ordering" in one.attributes:
        yield from listed(known, one, model, one.attributes["ordering"])
    # A few people search there, and now and then.
    yield from searched(known, one, start, "search")
