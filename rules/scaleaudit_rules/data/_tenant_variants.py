"""Queries with optional conditions, of which one is the tenant's key.

`if (workspaceId) query.andWhere("workspace_id = :workspaceId")` is told with and without the
condition. Such a list is asked for by requests, and these come from a tenant: what is told
without the key is the same list for those who run the product.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import Clause, regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.api import Architecture, Predicate, QueryFound, Site

    Asked = frozenset[tuple[str, Clause]]
    Variants = dict[tuple[str, str, str], set[Asked]]

KEY = regex(r"^(?:tenant|account|organi[sz]ation|org|company|workspace)_?id$")


@lru_cache(maxsize=1)  # rules ask one after the other, of the same graph
def tenant_variants(architecture: Architecture) -> Variants:
    """By (path, function, table): what is asked beside the tenant's key."""
    found: Variants = {}
    for site, mentions in architecture.judged_queries:
        for judged in mentions if site.fact.scope else ():
            if names_tenant(judged.predicates):
                place = site.at.path, site.fact.scope, judged.table.name
                found.setdefault(place, set()).add(beside_tenant(judged.predicates))
    return found


def has_tenant_variant(
    variants: Variants, site: Site[QueryFound], table: str, predicates: Iterable[Predicate]
) -> bool:
    """Whether the same function asks the table the same for one tenant."""
    others = variants.get((site.at.path, site.fact.scope, table))
    if not others:
        return False
    known = tuple(predicates)
    asked = beside_tenant(known)
    return not names_tenant(known) and any(other and other <= asked for other in others)


def names_tenant(predicates: Iterable[Predicate]) -> bool:
    return any(
        KEY.match(p.column.lower())
        and p.operator == "="
        and p.clause is Clause.FILTER
        and not p.alternative
        for p in predicates
    )


def beside_tenant(predicates: Iterable[Predicate]) -> Asked:
    """Columns with their clauses; conditions that stand for every list tell nothing."""
    return frozenset(
        (p.column.lower(), p.clause)
        for p in predicates
        if not (p.constant or p.operator == "is-null" or KEY.match(p.column.lower()))
    )
