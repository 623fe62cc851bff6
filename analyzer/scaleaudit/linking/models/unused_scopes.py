"""Named parts of queries that no chain in sight names, told where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import QueryFound
from scaleaudit.linking.models.paths import Paths
from scaleaudit.linking.models.scopes import without
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ScopeDefined, ScopeOption
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models
    from scaleaudit.linking.models.on_rows import OnRows
    from scaleaudit.linking.models.scopes import Scopes

MAX_HEIRS = 3
# Mappers whose scopes are called by another name than they are defined by, and the names that are
# kept of what functions mention: where such a name stands nowhere, nobody calls it.
CALLED_OTHERWISE = {"eloquent": regex(r"_*[a-z][a-z0-9]*[A-Z]\w{1,60}")}
# The mapper of whose scopes it is known whether a class is asked for them.
ON_CLASSES = "activerecord"
# Its query sets go on from whatever rows they are called on: who calls them may have narrowed these.
OF_QUERY_SETS = "django"


def unused_scopes(
    index: FactsIndex, models: Models, links: Links, scopes: Scopes, on_rows: OnRows
) -> Iterator[tuple[str, QueryFound]]:
    """A scope that no chain in sight names is told where it stands, if its name stands anywhere."""
    for path, scope in scopes.all:
        if id(scope) in scopes.used or scope.partial or scope.always:
            continue
        if not (scope.conditions or scope.options):
            continue
        if scope.implied:
            continue
        kept = CALLED_OTHERWISE.get(scope.framework)
        if (
            kept is not None
            and kept.fullmatch(scope.name)
            and not index.mentions.stands(scope.name)
        ):
            continue
        if (
            scope.framework == ON_CLASSES
            and scope.alone
            and on_rows.named_nowhere(path, scope.name)
        ):
            continue
        heirs = models.candidates(path, scope.owner, scope.framework)
        if len(heirs) > MAX_HEIRS:
            continue  # of a base of many, none of which is seen to use it
        narrowed = scope.framework == ON_CLASSES and on_rows.never_all(path, scope.name)
        seldom = narrowed or scope.framework == OF_QUERY_SETS
        for model in heirs:
            if scope.conditions:
                text = scope.text or scope.name
                found = alone(models, links, scopes, path, scope, model, None, text)
                yield path, replace(found, seldom=seldom)
            for each in scope.options:
                found = alone(models, links, scopes, path, scope, model, each, each.text)
                yield path, replace(found, seldom=seldom)


def alone(
    models: Models,
    links: Links,
    scopes: Scopes,
    path: str,
    scope: ScopeDefined,
    model: Model,
    option: ScopeOption | None,
    text: str,
) -> QueryFound:
    """A scope as a query of its own, perhaps with one of its options."""
    given = option.conditions if option is not None else ()
    conditions = (*scope.conditions, *given)
    names = (*scope.scopes, *(option.scopes if option is not None else ()))
    own = scopes.methods(model, conditions)
    added = scopes.added(model, (*names, *own))
    paths = Paths(models, links, model, path)
    for condition in (*without(conditions, own), *added.conditions):
        paths.add(condition)
    return QueryFound(
        at=option.at if option is not None else scope.at,
        text=text,
        reads=tuple(paths.tables),
        predicates=tuple(paths.predicates),
        limited=scope.limited or added.limited,
        streamed=True,  # whoever uses it goes on
        partial=paths.lost or added.partial,
        library=scope.framework,
        scope=scope.name,
        declared=True,
    )
