"""Pages of a growing list are found by counting off all rows before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Clause,
    Confidence,
    Dimension,
    Layer,
    Options,
    Phase,
    Problem,
    QueryFound,
    Severity,
    rule,
)
from scaleaudit_rules._telling import named
from scaleaudit_rules.data._growth_signs import outgrows_people
from scaleaudit_rules.data._tables import FAST_GROWTH
from scaleaudit_rules.data._told_together import together
from scaleaudit_rules.data._whole_reads import narrowing, waited_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site, Table
    from scaleaudit_rules.data._told_together import Together


class OffsetPaginationOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables of which nobody turns to a late page."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ARCHITECTURE,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("keyset",),
    options=OffsetPaginationOptions,
)
def offset_pagination(
    architecture: Architecture, options: OffsetPaginationOptions
) -> Iterator[Problem]:
    uses = (
        (site, table)
        for site in architecture.sites(QueryFound)
        if (table := counted_off(architecture, site)) is not None
    )
    for group in together(uses, options.ignore_tables):
        yield problem(group)


def counted_off(architecture: Architecture, site: Site[QueryFound]) -> Table | None:
    """The growing table of which a request asks for a page by its number."""
    query = site.fact
    if not query.skips or query.partial or query.writes or not query.reads:
        return None
    if not waited_for(site) or query.aggregate or query.library == "sql-view":
        return None
    table = architecture.schema.table(query.reads[0])
    if table is None or table.columnar or not outgrows_people(table):
        return None
    return table if narrowing(architecture, query, table) == [] else None


def problem(group: Together) -> Problem:
    site, table = group.first
    names = named(group.tables)
    whose = f"of {len(group.tables)} growing tables" if group.application else f"of {names}"
    which = f": {names}" if group.application else ""
    return Problem(
        subject=f"lists of {group.application}" if group.application else table.name,
        message=(
            f"Pages {whose} are found by OFFSET{which}. The engine reads and throws away all rows "
            "before the page: late pages, crawlers and exports cost as much as the whole list."
        ),
        evidence=group.evidence(f"table {table.name} is defined here"),
        data=group.data(sorted_by(site.fact, table), ["sort"]),
        confidence=Confidence.HIGH if table.growth in FAST_GROWTH else Confidence.MEDIUM,
        weight=group.weight,
    )


def sorted_by(query: QueryFound, table: Table) -> list[str]:
    """The columns of the order, which a key of the last row seen would be made of."""
    return [
        p.column
        for p in query.predicates
        if p.clause is Clause.SORT and p.table in ("", table.name)
    ]
