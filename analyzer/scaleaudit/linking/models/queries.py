"""Queries through mappers as queries on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, OrmQuery, QueryFound
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.paths import Paths
from scaleaudit.linking.models.scopes import Scopes
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.models import Model, Models
    from scaleaudit.source import Span

MAX_AMBIGUOUS = 12  # relations of one name that are weighed against each other


def orm_queries(
    index: FactsIndex, models: Models, links: Links
) -> Iterator[tuple[str, QueryFound]]:
    """(path, query) of what models are asked, by the code and by their own relations."""
    if not models:
        return
    scopes = Scopes(index, models)
    for path, query in index.of(OrmQuery):
        if index.role(path) is not Role.SOURCE:
            continue
        found = starts(models, links, path, query)
        for model, link in found:
            yield from told(models, links, scopes, path, query, model, link)
    yield from unused_scopes(models, links, scopes)
    yield from relation_queries(models, links)
    yield from standing_orders(models, links)


def starts(
    models: Models, links: Links, path: str, query: OrmQuery
) -> list[tuple[Model, Link | None]]:
    """The model whose rows are read, and the relation that narrows them."""
    if query.model:
        model = models.find(path, query.model, query.framework)
        if model is None:
            return of_several(models, links, path, query)
        if not query.via:
            return [(model, None)]
        link: Link | None = None
        for name in query.via:
            link = links.find(model, name)
            if link is None:
                return []
            model = link.target
        return [(model, link)]
    if not query.via:
        return []
    several = links.named(query.framework, query.via[0])[:MAX_AMBIGUOUS]
    ends: list[Link] = []
    for first in several:
        last: Link | None = first
        for name in query.via[1:]:
            last = links.find(last.target, name) if last is not None else None
        if last is not None and fits(models, links, last.target, query):
            ends.append(last)
    distinct = {(end.target.table, end.other, end.between, end.own_between) for end in ends}
    return [(ends[0].target, ends[0])] if len(distinct) == 1 else []


def of_several(
    models: Models, links: Links, path: str, query: OrmQuery
) -> list[tuple[Model, Link | None]]:
    """A relation that a base class or a mixin declares: its users agree on where it leads."""
    ends: list[Link] = []
    for model in models.candidates(path, query.model, query.framework)[:MAX_AMBIGUOUS]:
        last: Link | None = None
        for name in query.via:
            last = links.find(last.target if last is not None else model, name)
            if last is None:
                return []
        if last is not None:
            ends.append(last)
    distinct = {(end.target.table, end.other, end.between, end.own_between) for end in ends}
    return [(ends[0].target, ends[0])] if len(distinct) == 1 else []


def fits(models: Models, links: Links, model: Model, query: OrmQuery) -> bool:
    """Whether the model has what the query asks for."""
    paths = Paths(models, links, model, model.path)
    for condition in query.conditions:
        paths.add(condition)
    return not paths.lost


def told(
    models: Models,
    links: Links,
    scopes: Scopes,
    path: str,
    query: OrmQuery,
    model: Model,
    link: Link | None,
) -> Iterator[tuple[str, QueryFound]]:
    added = scopes.added(model, query.scopes)
    paths = Paths(models, links, model, path)
    if link is not None:
        paths.narrow(link)
    for condition in (*query.conditions, *added.conditions):
        paths.add(condition)
    sorted_here = any(c.clause is Clause.SORT for c in (*query.conditions, *added.conditions))
    if model.ordering and not sorted_here and not query.aggregate and not query.writes:
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
            partial=query.partial or added.partial or paths.lost,
            in_loop=query.in_loop,
            streamed=query.streamed,
            library=query.framework,
            scope=query.scope,
            inserts=(model.table,) if query.inserts else (),
            grouped=query.grouped,
        ),
    )
    for dotted in query.loads:
        yield from loaded(models, links, path, query, model, dotted)


def loaded(
    models: Models, links: Links, path: str, query: OrmQuery, model: Model, dotted: str
) -> Iterator[tuple[str, QueryFound]]:
    """The children that are read along, by a query of their own."""
    at = model
    for name in dotted.split("."):
        link = links.find(at, name)
        if link is None:
            return
        if link.many or link.between:
            yield path, children(models, links, path, link, query.text, query.at, query.scope)
        at = link.target


def children(
    models: Models, links: Links, path: str, link: Link, text: str, at: Span, scope: str = ""
) -> QueryFound:
    paths = Paths(models, links, link.target, path)
    paths.narrow(link)
    return QueryFound(
        at=at,
        text=text,
        reads=tuple(paths.tables),
        predicates=tuple(paths.predicates),
        partial=paths.lost,
        limited=True,
        library=link.source.framework,
        scope=scope,
    )


def relation_queries(models: Models, links: Links) -> Iterator[tuple[str, QueryFound]]:
    """What a relation to children asks for wherever it is used."""
    told: set[tuple[str, Span, str, str]] = set()  # classes in one table have them in common
    for model in models.all:
        if convention_of(model.framework).both_sides:
            continue
        if model.fact.same_table:
            continue  # those of its base
        for link in links.of(model).values():
            key = link.path, link.fact.at, link.name, model.table
            if key in told:
                continue
            told.add(key)
            if not link.path or not link.declared:
                continue
            if link.many or link.between or link.fact.kind == "has-one":
                text = f"{model.name}.{link.name}"
                yield link.path, children(models, links, link.path, link, text, link.fact.at)


def unused_scopes(models: Models, links: Links, scopes: Scopes) -> Iterator[tuple[str, QueryFound]]:
    """A scope that no chain in sight names is told where it stands."""
    for path, scope in scopes.all:
        if id(scope) in scopes.used or scope.partial or scope.always or not scope.conditions:
            continue
        for model in models.candidates(path, scope.owner, scope.framework)[:MAX_AMBIGUOUS]:
            added = scopes.added(model, scope.scopes)
            paths = Paths(models, links, model, path)
            for condition in (*scope.conditions, *added.conditions):
                paths.add(condition)
            yield (
                path,
                QueryFound(
                    at=scope.at,
                    text=scope.text or scope.name,
                    reads=tuple(paths.tables),
                    predicates=tuple(paths.predicates),
                    limited=True,  # whoever uses it goes on
                    partial=paths.lost or added.partial,
                    library=scope.framework,
                    scope=scope.name,
                ),
            )


def standing_orders(models: Models, links: Links) -> Iterator[tuple[str, QueryFound]]:
    """The order in which every list of a model comes."""
    for model in models.all:
        if not model.fact.ordering:
            continue
        paths = Paths(models, links, model, model.path)
        for name in model.fact.ordering:
            paths.add(Condition(name, "sort", Clause.SORT))
        yield (
            model.path,
            QueryFound(
                at=model.fact.at,
                text=f"{model.name} is listed by {', '.join(model.fact.ordering)}",
                reads=(model.table,),
                predicates=tuple(paths.predicates),
                limited=True,
                partial=paths.lost,
                library=model.framework,
            ),
        )
