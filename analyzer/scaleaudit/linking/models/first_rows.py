"""Whose rows a query of a mapper begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.inflection import underscored
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.paths import Paths

if TYPE_CHECKING:
    from scaleaudit.facts import OrmQuery
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

MAX_AMBIGUOUS = 12  # relations of one name that are weighed against each other


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
    several = links.named(query.framework, via[0])
    for firsts in (several[:MAX_AMBIGUOUS], called_so(several, query.receiver)):
        ends: list[Link] = []
        for first in firsts:
            last: Link | None = first
            for name in via[1:]:
                last = links.find(last.target, name) if last is not None else None
            if last is not None and fits(models, links, last.target, query):
                ends.append(last)
        if agree(ends):
            return [(ends[0].target, ends[0])]
    return []


def called_so(several: list[Link], receiver: str) -> list[Link]:
    """The relations of the model that the row is called after: `order`, else `last_order`."""
    names = {id(link): underscored(link.source.name.rpartition(".")[2]) for link in several}
    exact = [link for link in several if names[id(link)] == receiver]
    return exact or [link for link in several if receiver.endswith(f"_{names[id(link)]}")]


def agree(ends: list[Link]) -> bool:
    distinct = {(end.target.table, end.other, end.between, end.own_between) for end in ends}
    return len(distinct) == 1


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
    return [(ends[0].target, ends[0])] if agree(ends) else []


def of_users(
    models: Models, links: Links, path: str, query: OrmQuery
) -> list[tuple[Model, Link | None]]:
    """What a module, or a base without a table, asks of the class around is asked of each such class."""
    most = convention_of(query.framework).heirs
    if not most:
        return []
    users = models.candidates(path, query.model, query.framework)
    by_table = {each.table: each for each in users if each.table}
    if len(by_table) > most:
        return []
    return [(each, None) for each in by_table.values() if fits(models, links, each, query)]


def fits(models: Models, links: Links, model: Model, query: OrmQuery) -> bool:
    """Whether the model has what the query asks for."""
    paths = Paths(models, links, model, model.path)
    for condition in query.conditions:
        paths.add(condition)
    return not paths.lost
