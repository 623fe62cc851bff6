"""Queries that look something up by a key that is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Clause

if TYPE_CHECKING:
    from scaleaudit.api import Predicate, QueryFound

RANGES = {"<", "<=", ">", ">=", "between"}


def looks_up(query: QueryFound) -> bool:
    """A read by a key that is given, which does not walk a table in pieces."""
    if not query.reads or query.writes or query.streamed or query.skips:
        return False
    if query.library == "sql-view" or not keys(query):
        return False
    pieces = any(p.operator in RANGES and p.clause is Clause.FILTER for p in query.predicates)
    return not (query.limited and pieces)


def keys(query: QueryFound) -> list[Predicate]:
    """What the loop's item is compared with."""
    return [
        p
        for p in query.predicates
        if p.clause is Clause.FILTER and p.operator == "=" and not p.constant
    ]
