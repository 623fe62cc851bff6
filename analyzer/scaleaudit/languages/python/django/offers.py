"""What one filter or one order of a class asks, as a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.python.django.logic import laid_out
from scaleaudit.languages.python.django.lookups import COARSE, Lookup, lookup, sort_path
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.nodes import (
    bare,
    elements,
    pairs,
    text_of,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known, Rows

SERVED = ("=", "in", ">=", ">", "<=", "<", "between", "like", "is-null")
MAX_FILTERS = 200  # of one class


def offers(several: Iterator[OrmQuery]) -> Iterator[OrmQuery]:
    """Fields are listed for completeness: which of them anybody filters by is not known."""
    for each in several:
        yield offered(each)


def offered(query: OrmQuery) -> OrmQuery:
    return replace(query, partial=True, offered=query.offered or not query.partial)


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
    known: Known, one: ClassRead, start: Rows, named: list[tuple[str, Node]]
) -> Iterator[OrmQuery]:
    for name, node in named:
        path = sort_path(name)
        if path:
            sort = (Condition(path, "sort", Clause.SORT),)
            yield stated(known, one, start, sort, node, f"{one.name}: by {name}", limited=True)


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
        streamed=not limited,
        partial=start.asked.partial,
        scope=one.name,
    )
