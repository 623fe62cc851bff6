"""Queries that go on from rows which a function of another file hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import BY_CALL, Clause, RowsGiven
from scaleaudit.linking.models.leading import leads_to
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.facts import Condition, OrmQuery
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.models import Models
    from scaleaudit.linking.models.placed_parts import PlacedParts

MAX_CALLS = 4  # functions that hand on what others give
MAX_GROUPS = 1_000  # alternatives of one query


class GivenRows:
    def __init__(self, index: FactsIndex, models: Models, parts: PlacedParts) -> None:
        self._models, self._parts = models, parts
        self._at: dict[tuple[str, str], RowsGiven] = {}
        self._named: dict[str, list[str]] = {}  # of methods, the files
        for path, fact in index.of(RowsGiven):
            if index.role(path) is Role.SOURCE:
                self._at[path, fact.name] = fact
                if "." in fact.name:
                    self._named.setdefault(fact.name, []).append(path)

    def begun(self, path: str, query: OrmQuery) -> tuple[str, OrmQuery]:
        """The query with all that functions ask, and the file in which its model is named."""
        for _ in range(MAX_CALLS):
            if not query.model.endswith(BY_CALL):
                break
            found = self._find(path, query)
            if found is None:
                owner = query.model.removesuffix(BY_CALL).rpartition(".")[0]
                return path, replace(query, model=self._asking(path, owner, query), partial=True)
            path, given = found
            sorted_here = any(each.clause is Clause.SORT for each in query.conditions)
            before = [
                each
                for each in apart(given.conditions)
                if not (sorted_here and each.clause is Clause.SORT)
            ]
            query = replace(
                query,
                model=given.model,
                via=(*given.via, *query.via),
                conditions=(*before, *query.conditions),
                scopes=(*self._parts.placed(path, given.scopes), *query.scopes),
                limited=query.limited or given.limited,
                partial=query.partial or given.partial,
            )
        return path, query

    def _asking(self, path: str, owner: str, query: OrmQuery) -> str:
        """The class that the conditions name too, a method of whose bases begins the query.

        Which rows that method gives is not known, only that they are its own.
        """
        known = self._models.find(path, owner, query.framework) if owner else None
        named = owner.rpartition(".")[2]
        asked = any(each.model.rpartition(".")[2] == named for each in query.conditions)
        return owner if known is not None and asked else ""

    def _find(self, path: str, query: OrmQuery) -> tuple[str, RowsGiven] | None:
        written = query.model.removesuffix(BY_CALL)
        owner, _, method = written.rpartition(".")
        places = [leads_to(self._models.modules, path, written), (path, written)]
        model = self._models.find(path, owner, query.framework) if owner else None
        if model is not None:
            places.append((model.path, f"{model.name}.{method}"))
        for place in places:
            given = self._at.get(place) if place is not None else None
            if place is not None and given is not None:
                return place[0], given
        files = self._named.get(written, ())
        return (files[0], self._at[files[0], written]) if len(files) == 1 else None


def apart(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """With numbers of alternatives that those of the query do not have."""
    for each in conditions:
        yield replace(each, group=each.group + MAX_GROUPS) if each.group else each
