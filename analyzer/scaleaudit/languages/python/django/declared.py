"""Filters and orders that classes declare: filter sets, views of an API, admin lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.python.django.evaluation import class_rows, returned
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.logic import laid_out
from scaleaudit.languages.python.django.lookups import COARSE, Lookup, lookup, sort_path
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.nodes import (
    arguments_of,
    bare,
    elements,
    is_true,
    pairs,
    text_of,
    texts,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

FILTER_CLASS = regex(r"(?:^|\.)\w*Filter$")
FILTER_SET = regex(r"Filter[sS]et")
ADMIN = regex(r"(?:^|\.)\w*Admin$")
RANGES = regex(r"Range")
MANY = regex(r"Multiple|BaseIn|InFilter|TypedMultiple")
# Of the search fields of the REST framework and the admin.
PREFIXES = {"^": ("like", "upper"), "=": ("=", "upper"), "@": ("search", ""), "$": ("search", "")}
SERVED = ("=", "in", ">=", ">", "<=", "<", "between", "like", "is-null")
MAX_FILTERS = 200  # of one class


def declared_queries(known: Known) -> Iterator[OrmQuery]:
    for name, one in known.by_name.items():
        model = known.class_models.get(name)
        if model is None:
            continue
        names = one.attributes.keys()
        if any(FILTER_SET.search(base) for base in one.bases) or (
            one.meta is not None
            and any(
                value.type == "call" and filter_kind(known, value)
                for value in one.attributes.values()
            )
        ):
            yield from filter_set(known, one, model)
        elif any(ADMIN.search(base) for base in one.bases):
            yield from admin_list(known, one, model)
        elif names & {"filterset_fields", "filter_fields", "ordering_fields", "search_fields"}:
            yield from api_view(known, one, model)
        if "ordering" in names and not any(ADMIN.search(base) for base in one.bases):
            yield from listed(known, one, model)


# -- django-filter


def filter_kind(known: Known, node: Node) -> str:
    callee = known.reader.callee(node)
    return callee if FILTER_CLASS.search(callee) else ""


def filter_set(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    reader = known.reader
    start = Rows("rows", model)
    for name, value in one.attributes.items():
        if value.type != "call":
            continue
        kind = reader.callee(value).rpartition(".")[2]
        given = arguments_of(reader, value).named
        if kind == "OrderingFilter":
            yield from orders(known, one, start, ordered_fields(known, given.get("fields")), value)
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
        if operator == "=" and RANGES.search(kind):
            operator = "between"
        elif operator == "=" and MANY.search(kind):
            operator = "in"
        if is_true(given.get("exclude")):
            operator = "!="
        constant = kind in ("BooleanFilter",)
        yield one_filter(
            known, one, start, Lookup(asked.path, operator, asked.function), value, constant
        )
    meta = one.meta or {}
    if "fields" in meta:
        yield from field_filters(known, one, start, meta["fields"])


def field_filters(known: Known, one: ClassRead, start: Rows, node: Node) -> Iterator[OrmQuery]:
    """`fields = ["a", "b"]`, `fields = {"a": ["exact", "gte"]}`."""
    reader = known.reader
    node = bare(node)
    if node.type == "identifier":
        node = reader.module_values.get(reader.text(node), node)
    if node.type == "dictionary":
        for name, value in list(pairs(reader, node))[:MAX_FILTERS]:
            words = texts(reader, value) or ["exact"]
            several = [lookup(f"{name}__{word}" if word != "exact" else name) for word in words]
            for asked in telling([each for each in several if each is not None]):
                yield one_filter(known, one, start, asked, value)
        return
    for each in list(elements(reader, node))[:MAX_FILTERS]:
        text = text_of(reader, each)
        plain = lookup(text) if text else None
        if plain is not None and text not in one.attributes:
            yield one_filter(known, one, start, plain, each)


def telling(several: list[Lookup]) -> list[Lookup]:
    """Of the comparisons offered for one field: that which an index serves best, plain and hidden."""
    best: dict[bool, Lookup] = {}
    for each in several:
        known = best.get(bool(each.function))
        if known is None or rank(each) < rank(known):
            best[bool(each.function)] = each
    return list(best.values())


def rank(asked: Lookup) -> int:
    return SERVED.index(asked.operator) if asked.operator in SERVED else len(SERVED)


def one_filter(
    known: Known, one: ClassRead, start: Rows, asked: Lookup, at: Node, constant: bool = False
) -> OrmQuery:
    condition = Condition(
        asked.path,
        asked.operator,
        function=asked.function,
        constant=constant or asked.function in COARSE,
    )  # fmt: skip
    return stated(known, one, start, (condition,), at, f"{one.name}: {asked.path} {asked.operator}")


def ordered_fields(known: Known, node: Node | None) -> list[tuple[str, Node]]:
    """Of an `OrderingFilter`: names, or pairs of a name and what it is called outside."""
    if node is None:
        return []
    reader = known.reader
    node = bare(node)
    if node.type == "dictionary":
        return [(name, value) for name, value in pairs(reader, node)]
    found: list[tuple[str, Node]] = []
    for each in elements(reader, node):
        text = text_of(reader, each) or next(iter(texts(reader, each)), None)
        if text:
            found.append((text, each))
    return found[:MAX_FILTERS]


def orders(
    known: Known, one: ClassRead, start: Rows, named: list[tuple[str, Node]], at: Node
) -> Iterator[OrmQuery]:
    for name, node in named:
        path = sort_path(name)
        if path:
            sort = (Condition(path, "sort", Clause.SORT),)
            yield stated(known, one, start, sort, node, f"{one.name}: by {name}", limited=True)


# -- views


def view_rows(known: Known, one: ClassRead, model: str) -> Rows:
    """What a view's lists begin with, by its `get_queryset` or `queryset`."""
    method = one.methods.get("get_queryset")
    if method is not None:
        rows = returned(known, method)
        if rows is not None and rows.kind == "rows" and not rows.ended:
            return rows
        unknown = Rows("rows", model)
        unknown.asked.partial = True
        return unknown
    return class_rows(known, one.name) or Rows("rows", model)


def api_view(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    """`filterset_fields`, `ordering_fields`, `search_fields` of the REST framework."""
    start = view_rows(known, one, model)
    for name in ("filterset_fields", "filter_fields"):
        if name in one.attributes:
            yield from field_filters(known, one, start, one.attributes[name])
    named = [
        (text, each)
        for each in elements(known.reader, one.attributes.get("ordering_fields"))
        if (text := text_of(known.reader, each))
    ]
    node = one.attributes.get("ordering_fields")
    if node is not None:
        yield from orders(known, one, start, named[:MAX_FILTERS], node)
    yield from searched(known, one, start)


def listed(known: Known, one: ClassRead, model: str) -> Iterator[OrmQuery]:
    """`ordering` of a view."""
    start = view_rows(known, one, model)
    node = one.attributes["ordering"]
    names = texts(known.reader, node)
    sorts = tuple(
        Condition(path, "sort", Clause.SORT) for name in names if (path := sort_path(name))
    )
    if sorts:
        text = f"{one.name}: by {', '.join(names)}"
        yield stated(known, one, start, sorts, node, text, limited=True)


def searched(known: Known, one: ClassRead, start: Rows) -> Iterator[OrmQuery]:
    """`search_fields`: each word in any of the fields."""
    node = one.attributes.get("search_fields")
    conditions: list[Condition] = []
    for branch, name in enumerate(texts(known.reader, node)[:40]):
        operator, function = PREFIXES.get(name[:1], ("search", ""))
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


# -- the admin


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
        yield from listed(known, one, model)
    yield from searched(known, one, start)


def stated(
    known: Known,
    one: ClassRead,
    start: Rows,
    conditions: tuple[Condition, ...],
    at: Node,
    text: str,
    *,
    limited: bool = False,
) -> OrmQuery:
    """One declared query: what its rows begin with, and what it adds."""
    before = laid_out(start.asked.members)
    return OrmQuery(
        at=known.reader.span(at),
        framework=FRAMEWORK,
        model=start.model,
        text=text,
        via=start.via,
        conditions=(*before, *conditions),
        scopes=tuple(start.scopes),
        limited=limited or start.limited,
        aggregate=False,
        partial=start.asked.partial,
        scope=one.name,
    )
