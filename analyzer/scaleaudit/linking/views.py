"""Queries on views as what they ask of the tables below.

No index can be made of a view: what narrows it narrows the tables that it reads, where it takes the
column from one of them as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, QueryFound, ViewDefined

if TYPE_CHECKING:
    from scaleaudit.facts import Predicate
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.schema import Schema

    Columns = dict[str, tuple[str, str]]

LIBRARY = "sql-view"
ALL = "*"
MAX_LEVELS = 4  # views of views


class Views:
    """`carried_down(query)` is the query with the tables of the views that it reads."""

    def __init__(self, index: FactsIndex, schema: Schema) -> None:
        self._schema = schema
        told: dict[str, list[ViewDefined]] = {}
        for _, view in index.of(ViewDefined):
            if schema.table(view.name) is None:
                told.setdefault(view.name, []).append(view)
        # The newest stands last; a column counts where all that were ever made agree.
        self._columns = {name: agreed(views) for name, views in told.items()}
        self._queries = {
            query.scope: query
            for _, query in index.of(QueryFound)
            if query.library == LIBRARY and self._columns.get(query.scope)
        }

    def carried_down(self, query: QueryFound) -> QueryFound:
        if query.library == LIBRARY or query.writes:
            return query
        for _ in range(MAX_LEVELS):
            view = next((name for name in query.reads if name in self._queries), "")
            below = self._one_level(query, view) if view else None
            if below is None:
                break
            query = below
        return query

    def _one_level(self, query: QueryFound, view: str) -> QueryFound | None:
        """None where nothing that the query asks of the view is a column of a table."""
        alone = len(query.reads) == 1
        found: list[Predicate] = []
        carried = False
        for each in query.predicates:
            if each.table == view or (not each.table and alone):
                below = self._below(view, each.column)
                carried = carried or below is not None
                if below is not None:
                    found.append(replace(each, table=below[0], column=below[1], source=0))
            else:
                found.append(each)
        if not carried:
            return None
        made = self._queries[view]
        own = (replace(p, source=0) for p in made.predicates if p.clause is not Clause.SORT)
        reads = (*(name for name in query.reads if name != view), *made.reads)
        return replace(
            query,
            reads=tuple(dict.fromkeys(reads)),
            predicates=(*found, *(each for each in own if not each.alternative)),
        )

    def _below(self, view: str, column: str) -> tuple[str, str] | None:
        columns = self._columns[view]
        known = columns.get(column.lower())
        if known is not None or ALL not in columns:
            return known
        return columns[ALL][0], column


def agreed(views: list[ViewDefined]) -> Columns:
    """The columns that all of these say the same of; none of two tables that are taken whole."""
    told = [{name: (table, column) for name, table, column in view.columns} for view in views]
    whole = [sum(name == ALL for name, _, _ in view.columns) for view in views]
    same = {name: at for name, at in told[-1].items() if all(each.get(name) == at for each in told)}
    if any(count > 1 for count in whole):
        same.pop(ALL, None)
    return same
