"""Queries that relations make: children loaded along, or wherever they are used, and lists in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery, QueryFound
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models
    from scaleaudit.linking.models.scopes import Scopes
    from scaleaudit.source import Span

# Mappers whose relations code reads by their names.
READ_BY_NAME = ("activerecord", "eloquent")
MAX_LISTS = 20  # of one model that are told in the order of the model


def loaded(
    models: Models,
    links: Links,
    scopes: Scopes,
    path: str,
    query: OrmQuery,
    model: Model,
    dotted: str,
) -> Iterator[tuple[str, QueryFound]]:
    """The children that are read along, by a query of their own."""
    at = model
    for name in dotted.split("."):
        link = links.find(at, name)
        if link is None:
            return
        if (link.many or link.between) and not unheard_of(models, link):
            asked = children(models, links, scopes, path, link, query.text, query.at)
            yield path, replace(asked, scope=query.scope)
        at = link.target


def children(
    models: Models, links: Links, scopes: Scopes, path: str, link: Link, text: str, at: Span
) -> QueryFound:
    """The rows of one row, without those that the target leaves out of all its queries."""
    paths = Paths(models, links, link.target, path)
    paths.narrow(link)
    for condition in scopes.added(link.target, ()).conditions:
        if condition.clause is Clause.FILTER and "." not in condition.path:
            paths.add(condition)
    if of_one_class(models, link.target, paths):
        paths.add(Condition("type", "=", constant=True))
    return QueryFound(
        at=at,
        text=text,
        reads=tuple(paths.tables),
        predicates=tuple(paths.predicates),
        partial=paths.lost,
        limited=True,
        library=link.source.framework,
    )


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


def unheard_of(models: Models, link: Link) -> bool:
    """The children's table is known, and has no such column: the name is a convention's guess."""
    table = models.replayed_table(link.target)
    guessed = not convention_of(link.target.framework).declares_columns and not link.between
    return guessed and table is not None and table.column(link.other) is None


def named_relations(index: FactsIndex) -> set[tuple[str, str]]:
    """(mapper, name) of all that queries read along, start from or look through."""
    found: set[tuple[str, str]] = set()
    for _, query in index.of(OrmQuery):
        if convention_of(query.framework).names_loads:
            paths = (*query.loads, *query.via, *(c.path for c in query.conditions))
            names = (name for path in paths for name in path.split("."))
            found.update((query.framework, called(query.framework, name)) for name in names)
    return found


def called(framework: str, name: str) -> str:
    """A relation's name as it is compared: `getLoans()` reads `loans`."""
    return name.lower() if convention_of(framework).any_case else name


def is_named(link: Link, framework: str, named: set[tuple[str, str]]) -> bool:
    """By its name, or by the class that it leads to where code may name that."""
    names = [link.name]
    if convention_of(framework).any_case:
        names.append(link.target.name.rpartition(".")[2])
    return any((framework, called(framework, name)) in named for name in names)


def relation_queries(
    models: Models,
    links: Links,
    scopes: Scopes,
    named: set[tuple[str, str]],
    followed: set[tuple[str, str]],
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
                or is_named(link, model.framework, named)
            ):
                continue  # stands there for the other end alone
            if unheard_of(models, link):
                continue
            if link.many or link.between or link.fact.kind == "has-one":
                text = f"{model.name}.{link.name}"
                asked = children(models, links, scopes, link.path, link, text, link.fact.at)
                meant = others_meant(links, link, followed)
                # Nor are its rows asked for when the record goes.
                unused = meant and link.fact.alone
                yield link.path, replace(asked, seldom=meant, declared=unused)


def others_meant(links: Links, link: Link, asked: set[tuple[str, str]]) -> bool:
    """Code asks other models for their relation of that name, and never this one's rows.

    `asked`: (table, name) of the relations that queries follow from rows whose class is known.
    """
    framework = link.source.framework
    if framework not in READ_BY_NAME or (link.source.table, link.name) in asked:
        return False
    return any(
        (each.source.table, each.name) in asked for each in links.named(framework, link.name)
    )


def lists_all(query: OrmQuery) -> bool:
    """A list of the model's rows that nothing narrows, in the model's own order."""
    changes = query.writes or query.inserts or query.deletes
    narrowed = query.conditions or query.scopes or query.aggregate or query.grouped
    return not (narrowed or changes or query.partial or query.streamed)


def standing_orders(
    listed: Iterable[tuple[Model, list[tuple[str, OrmQuery]]]], models: Models, links: Links
) -> Iterator[tuple[str, QueryFound]]:
    """The order in which lists of a model come, where they are asked for."""
    for model, asking in listed:
        if not model.fact.ordering:
            continue
        paths = Paths(models, links, model, model.path)
        for name in model.fact.ordering:
            paths.add(Condition(name, "sort", Clause.SORT))
        for path, query in asking[:MAX_LISTS]:
            yield (
                path,
                QueryFound(
                    at=query.at,
                    text=f"{model.name} is listed by {', '.join(model.fact.ordering)}",
                    reads=(model.table,),
                    predicates=tuple(paths.predicates),
                    limited=query.limited,
                    partial=paths.lost,
                    library=model.framework,
                    scope=query.scope,
                ),
            )
