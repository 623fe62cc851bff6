"""Rows are drawn by chance, by sorting all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Growth,
    Layer,
    Options,
    Origin,
    Phase,
    Problem,
    QueryFound,
    Severity,
    attributed,
    few_values,
    rule,
)
from scaleaudit_rules._telling import MAX_EVIDENCE
from scaleaudit_rules.data._tables import FAST_GROWTH, REACH, by_reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site, Table


class OrderByRandomOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ENGINEERING,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.TO_1K,
    fixes=("bounded-query",),
    options=OrderByRandomOptions,
)
def order_by_random(architecture: Architecture, options: OrderByRandomOptions) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[str, list[Site[QueryFound]]] = {}
    for site in architecture.sites(QueryFound):
        query = site.fact
        if not query.shuffled or not query.reads or site.origin not in REACH[:-1]:
            continue
        table = architecture.schema.table(query.reads[0])
        if table is None or table.growth is Growth.STATIC or table.name in ignored:
            continue
        if not narrowed(query, table):
            found.setdefault(table.name, []).append(site)
    for name, sites in sorted(found.items()):
        table = architecture.schema.tables[name]
        sites.sort(key=by_reach)
        grows = table.growth in FAST_GROWTH
        yield Problem(
            subject=name,
            message=(
                f"Rows of {name} are drawn by sorting all of them by a random number: each call "
                "reads and sorts the whole table for a few rows."
            ),
            evidence=tuple(Evidence(site.at, site.fact.text) for site in sites[:MAX_EVIDENCE]),
            data={
                "table": name,
                "columns": [],
                "clause": ["sort"],
                "origin": sites[0].origin.value,
                "growth": table.growth.value,
            },
            severity=Severity.MEDIUM if sites[0].origin is Origin.HANDLER else Severity.LOW,
            confidence=Confidence.HIGH if grows else Confidence.MEDIUM,
        )


def narrowed(query: QueryFound, table: Table) -> bool:
    """A condition leaves few rows to sort, or one may that is not known."""
    return query.partial or any(
        p.table == table.name and p.operator in ("=", "in") and not few_values(table, p.column)
        for p in attributed(query.predicates, [table])
    )
