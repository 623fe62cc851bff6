"""Queries through mappers as queries on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import INHERITED, Clause, Condition, OrmQuery, QueryFound
from scaleaudit.linking.models.first_rows import starts
from scaleaudit.linking.models.generic_searches import GenericSearches
from scaleaudit.linking.models.given_rows import GivenRows, apart
from scaleaudit.linking.models.on_rows import OnRows
from scaleaudit.linking.models.pages import PageOrders, pages_by_default
from scaleaudit.linking.models.paths import Paths
from scaleaudit.linking.models.placed_parts import is_placed
from scaleaudit.linking.models.relation_queries import (
    lists_all,
    loaded,
    named_relations,
    of_one_class,
    relation_queries,
    standing_orders,
)
from scaleaudit.linking.models.scopes import ALL, Scopes, without
from scaleaudit.linking.models.unused_relations import parting_relations, unused_relations
from scaleaudit.linking.models.unused_scopes import unused_scopes
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

PAGES = "pages:"  # in `OrmQuery.answers`, before the class that makes them
MAX_OPTIONS = 20  # of the parts of one query that are added under conditions


def orm_queries(
    index: FactsIndex, models: Models, links: Links
) -> Iterator[tuple[str, QueryFound]]:
    """(path, query) of what models are asked, by the code and by their own relations."""
    if not models:
        return
    scopes = Scopes(index, models)
    given = GivenRows(index, models, scopes.parts)
    listed: dict[int, list[tuple[str, OrmQuery]]] = {}
    paged = pages_by_default(index)
    orders = PageOrders(index)
    unused = unused_relations(index, models)
    on_rows = OnRows(index)
    followed: set[tuple[str, str]] = set()
    for path, query in index.of(OrmQuery):
        if index.role(path) is not Role.SOURCE or (path, query.at) in unused:
            continue
        if query.answers == "by-default" and paged:
            order = () if any(c.clause is Clause.SORT for c in query.conditions) else orders.of("")
            query = replace(
                query,
                answers="",
                limited=True,
                streamed=False,
                conditions=(*query.conditions, *order),
            )
        if query.answers.startswith(PAGES):
            order = orders.of(query.answers.removeprefix(PAGES))
            if not order:
                continue
            query = replace(query, answers="", conditions=(*query.conditions, *order))
        if query.scopes:
            query = replace(query, scopes=scopes.parts.placed(path, query.scopes))
        if query.answers == INHERITED:
            if not any(map(is_placed, query.scopes)):
                continue
            query = replace(query, answers="")
        if on_rows.only(path, query):
            query = replace(query, partial=True)
        start, query = given.begun(path, query)
        query = parts_apart(models, links, scopes, start, query)
        found = starts(models, links, start, query)
        followed.update((link.source.table, link.name) for _, link in found if link is not None)
        for model, link in found:
            if link is None and lists_all(query):
                listed.setdefault(id(model), []).append((path, query))
            yield from told(models, links, scopes, path, query, model, link)
    for path, start, query in GenericSearches(index, models).queries():
        for model, link in starts(models, links, start, query):
            yield from told(models, links, scopes, path, query, model, link)
    yield from unused_scopes(index, models, links, scopes, on_rows)
    parting = parting_relations(index, models)
    named = named_relations(index)
    for path, asked in relation_queries(models, links, scopes, named, followed):
        if (path, asked.at) not in unused:
            yield path, replace(asked, seldom=asked.seldom or (path, asked.at) in parting)
    ordered = [(m, listed[id(m)]) for m in models.all if id(m) in listed]
    yield from standing_orders(ordered, models, links)


def parts_apart(
    models: Models, links: Links, scopes: Scopes, path: str, query: OrmQuery
) -> OrmQuery:
    """`$this->orders->open()->latest()`: what may be a relation is a named part of queries."""
    if not query.model or not query.via:
        return query
    model = models.find(path, query.model, query.framework)
    first = query.via[0]
    if model is None or links.find(model, first) is not None or not scopes.knows(model, first):
        return query
    return replace(query, via=query.via[1:], scopes=(first, *query.scopes))


def with_own_methods(scopes: Scopes, model: Model, query: OrmQuery) -> OrmQuery:
    """With the project's own methods in the place of the framework's of the same names."""
    own = tuple(name for name in query.built_in if scopes.knows(model, name))
    if not own:
        return query
    kept = tuple(each for each in query.conditions if each.clause is not Clause.SORT)
    return replace(
        query, conditions=kept, scopes=(*query.scopes, *own), limited=False, streamed=True
    )


def told(
    models: Models,
    links: Links,
    scopes: Scopes,
    path: str,
    query: OrmQuery,
    model: Model,
    link: Link | None,
    *,
    options: bool = True,
) -> Iterator[tuple[str, QueryFound]]:
    """As it stands, and with each part that is added under a condition, where that one stands.

    `options`: those parts too; False for one of them, whose order is told with the query itself.
    """
    query = with_own_methods(scopes, model, query)
    own = scopes.methods(model, query.conditions)
    if own:
        kept = without(query.conditions, own)
        query = replace(query, conditions=kept, scopes=(*query.scopes, *own))
    added = scopes.added(model, query.scopes, always=not query.inserts, lifted=query.without)
    if added.partial and not (added.conditions or query.conditions or query.limited):
        return  # a method of the model's that is no scope
    paths = Paths(models, links, model, path, query.loads)
    # A new row asks for nothing, but for one that is looked for first: `orders.get_or_create(code=...)`.
    if link is not None and (query.conditions or not query.inserts):
        paths.narrow(link)
    for condition in (*query.conditions, *added.conditions):
        if options or condition.clause is not Clause.SORT:
            paths.add(condition)
    if ALL not in query.without:
        paths.narrow_joined(lambda joined: scopes.added(joined, ()).conditions)
    if of_one_class(models, model, paths):
        paths.add(Condition("type", "=", constant=True))
    sorted_here = query.shuffled or any(
        c.clause is Clause.SORT for c in (*query.conditions, *added.conditions)
    )
    reads = not (query.aggregate or query.writes or query.inserts or query.deletes)
    if model.ordering and query.limited and not sorted_here and reads:
        for name in model.ordering:
            paths.add(Condition(name, "sort", Clause.SORT))
    changes = query.writes or query.inserts or query.deletes
    yield (
        path,
        QueryFound(
            at=query.at,
            text=query.text,
            reads=() if changes else tuple(paths.tables),
            writes=(model.table,) if changes else (),
            predicates=tuple(paths.predicates),
            limited=query.limited or added.limited,
            aggregate=query.aggregate,
            partial=query.partial or added.partial or paths.lost or replaced(scopes, model, query),
            in_loop=query.in_loop,
            streamed=query.streamed,
            library=query.framework,
            scope=query.scope,
            inserts=(model.table,) if query.inserts else (),
            grouped=query.grouped,
            shuffled=query.shuffled,
            skips=query.skips,
            taken=query.taken,
            answered=bool(query.answers),
            gathered=query.gathered,
            offered=query.offered and not (added.partial or paths.lost),
            seldom=query.seldom,
        ),
    )
    for dotted in query.loads:
        yield from loaded(models, links, scopes, path, query, model, dotted)
    if not options:
        return
    for place, option in added.options[:MAX_OPTIONS]:
        with_option = replace(
            query,
            at=option.at,
            text=option.text,
            conditions=(*query.conditions, *apart(option.conditions)),
            scopes=(*query.scopes, *option.scopes),
            loads=(),
            shuffled=True,
        )
        for _, found in told(models, links, scopes, path, with_option, model, link, options=False):
            yield place, replace(found, shuffled=query.shuffled)


def replaced(scopes: Scopes, model: Model, query: OrmQuery) -> bool:
    """Whether the model has a method of its own in place of one that the query names."""
    return any(scopes.knows(model, name.rpartition(".")[2]) for name in query.beside)
