"""Queries through mappers as queries on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery, QueryFound
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.pages import pages_by_default
from scaleaudit.linking.models.paths import Paths
from scaleaudit.linking.models.scopes import Scopes, without
from scaleaudit.linking.models.unused_scopes import unused_scopes
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.models import Model, Models
    from scaleaudit.source import Span

MAX_OPTIONS = 20  # of the parts of one query that are added under conditions
MAX_GROUPS = 1_000  # alternatives of one query
MAX_HEIRS = 3  # tables that one name may mean
MAX_AMBIGUOUS = 12  # relations of one name that are weighed against each other


def orm_queries(
    index: FactsIndex, models: Models, links: Links
) -> Iterator[tuple[str, QueryFound]]:
    """(path, query) of what models are asked, by the code and by their own relations."""
    if not models:
        return
    scopes = Scopes(index, models)
    listed: set[int] = set()
    paged = pages_by_default(index)
    for path, query in index.of(OrmQuery):
        if index.role(path) is not Role.SOURCE:
            continue
        if query.answers == "by-default" and paged:
            query = replace(query, answers="", limited=True, streamed=False)
        query = parts_apart(models, links, scopes, path, query)
        found = starts(models, links, path, query)
        for model, link in found:
            if link is None and lists_all(query):
                listed.add(id(model))
            yield from told(models, links, scopes, path, query, model, link)
    yield from unused_scopes(index, models, links, scopes)
    yield from relation_queries(models, links, named_relations(index))
    yield from standing_orders([m for m in models.all if id(m) in listed], models, links)


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


def starts(
    models: Models, links: Links, path: str, query: OrmQuery
) -> list[tuple[Model, Link | None]]:
    """The model whose rows are read, and the relation that narrows them."""
    if query.model:
        model = models.find(path, query.model, query.framework)
        if model is None and not query.via:
            return of_users(models, links, path, query)
        if model is None:
            return of_several(models, links, path, query) or by_names(models, links, query, 1)
        if not query.via:
            return [(model, None)]
        link: Link | None = None
        for name in query.via:
            link = links.find(model, name)
            if link is None:  # the first may be a method that hands on a record
                return by_names(models, links, query, 1) if name == query.via[0] else []
            model = link.target
        return [(model, link)]
    return by_names(models, links, query, 0)


def by_names(
    models: Models, links: Links, query: OrmQuery, skipped: int
) -> list[tuple[Model, Link | None]]:
    """Where relations lead of which only the names are known, if all of these names agree."""
    via = query.via[skipped:]
    if not via:
        return []
    several = links.named(query.framework, via[0])[:MAX_AMBIGUOUS]
    ends: list[Link] = []
    for first in several:
        last: Link | None = first
        for name in via[1:]:
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


def of_users(
    models: Models, links: Links, path: str, query: OrmQuery
) -> list[tuple[Model, Link | None]]:
    """What a module asks of the class that includes it is asked of the table of each such class."""
    if not convention_of(query.framework).mixes_in:
        return []
    users = models.candidates(path, query.model, query.framework)
    by_table = {each.table: each for each in users if each.table}
    if len(by_table) > MAX_HEIRS:
        return []
    return [(each, None) for each in by_table.values() if fits(models, links, each, query)]


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
    *,
    options: bool = True,
) -> Iterator[tuple[str, QueryFound]]:
    """As it stands, and with each part that is added under a condition, where that one stands.

    `options`: those parts too; False for one of them, whose order is told with the query itself.
    """
    own = scopes.methods(model, query.conditions)
    if own:
        kept = without(query.conditions, own)
        query = replace(query, conditions=kept, scopes=(*query.scopes, *own))
    added = scopes.added(model, query.scopes, always=not query.inserts)
    if added.partial and not (added.conditions or query.conditions or query.limited):
        return  # a method of the model's that is no scope
    paths = Paths(models, links, model, path, query.loads)
    if link is not None and not query.inserts:
        paths.narrow(link)
    for condition in (*query.conditions, *added.conditions):
        if options or condition.clause is not Clause.SORT:
            paths.add(condition)
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
        ),
    )
    for dotted in query.loads:
        yield from loaded(models, links, path, query, model, dotted)
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


def apart(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """With numbers of alternatives that those of the query do not have."""
    for each in conditions:
        yield replace(each, group=each.group + MAX_GROUPS) if each.group else each


def replaced(scopes: Scopes, model: Model, query: OrmQuery) -> bool:
    """Whether the model has a method of its own in place of one that the query names."""
    return any(scopes.knows(model, name.rpartition(".")[2]) for name in query.beside)


def of_one_class(models: Models, model: Model, paths: Paths) -> bool:
    """Whether the mapper looks for rows of one class in a shared table, and an index may use that.

    An index on the class alone serves no query.
    """
    base, table = model.base, models.replayed_table(model)
    if base is None or base.table != model.table or table is None:
        return False
    asked = {p.column.lower() for p in paths.predicates if p.table == model.table}
    return convention_of(model.framework).marks_class and any(
        "type" in index.where or (index.columns[0] == "type" and asked & set(index.columns[1:2]))
        for index in table.indexes
    )


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


def named_relations(index: FactsIndex) -> set[tuple[str, str]]:
    """(mapper, name) of all that queries read along, start from or look through."""
    found: set[tuple[str, str]] = set()
    for _, query in index.of(OrmQuery):
        if convention_of(query.framework).names_loads:
            paths = (*query.loads, *query.via, *(c.path for c in query.conditions))
            found.update((query.framework, name) for path in paths for name in path.split("."))
    return found


def relation_queries(
    models: Models, links: Links, named: set[tuple[str, str]]
) -> Iterator[tuple[str, QueryFound]]:
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
            if not (
                link.fact.eager
                or not convention_of(model.framework).names_loads
                or (model.framework, link.name) in named
            ):
                continue  # stands there for the other end alone
            if link.many or link.between or link.fact.kind == "has-one":
                text = f"{model.name}.{link.name}"
                yield link.path, children(models, links, link.path, link, text, link.fact.at)


def lists_all(query: OrmQuery) -> bool:
    """A list of the model's rows that nothing narrows, in the model's own order."""
    changes = query.writes or query.inserts or query.deletes
    narrowed = query.conditions or query.scopes or query.aggregate or query.grouped
    return not (narrowed or changes or query.partial or query.streamed)


def standing_orders(
    listed: Iterable[Model], models: Models, links: Links
) -> Iterator[tuple[str, QueryFound]]:
    """The order in which lists of a model come."""
    for model in listed:
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
