"""Statements with optional conditions, each of which is told alone.

`if kind != "" { where = append(where, "kind = ?") }` beside one of a key: callers who give the kind
give the key most often too. What is asked by the test of a kind alone nobody may ask for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import Clause, QueryFound, regex
from scaleaudit_rules.data._whole_reads import narrowing, of_tenant

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Site

    Statement = tuple[str, str, tuple[str, ...], str]

CONDITIONS = regex(r"\bwhere\b")


def statement(site: Site[QueryFound]) -> Statement:
    """What its variants share: the place, the tables, the words up to the conditions."""
    query = site.fact
    words = CONDITIONS.split(query.text.lower(), maxsplit=1)[0]
    return site.at.path, query.scope, query.reads, " ".join(words.split())


@lru_cache(maxsize=1)  # rules ask one after the other, of the same graph
def narrowed_by_option(architecture: Architecture) -> frozenset[Statement]:
    """Statements of which some variant reads few rows, by a condition that is more than a tenant's."""
    found: set[Statement] = set()
    for site in architecture.sites(QueryFound):
        query = site.fact
        table = architecture.schema.table(query.reads[0]) if query.reads else None
        if table is None or not query.scope or not filtered(query):
            continue
        conditions = narrowing(architecture, query, table)
        if conditions and not of_tenant(conditions):
            found.add(statement(site))
    return frozenset(found)


def filtered(query: QueryFound) -> bool:
    return any(p.clause is Clause.FILTER for p in query.predicates)
