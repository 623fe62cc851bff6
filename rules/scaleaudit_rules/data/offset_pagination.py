"""Pages of a growing list are found by counting off all rows before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Clause,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Options,
    Phase,
    Problem,
    QueryFound,
    Severity,
    rule,
)
from scaleaudit_rules.data._growth_signs import outgrows_people
from scaleaudit_rules.data._tables import (
    FAST_GROWTH,
    MANY,
    MAX_EVIDENCE,
    by_reach,
    engine_of,
    named,
    weight,
)
from scaleaudit_rules.data._whole_reads import narrowing, waited_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site, Table

Use = tuple["Site[QueryFound]", "Table"]


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
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[str, dict[str, list[Use]]] = {}
    for site in architecture.sites(QueryFound):
        table = counted_off(architecture, site)
        if table is not None and table.name not in ignored:
            found.setdefault(site.application, {}).setdefault(table.name, []).append((site, table))
    for application, tables in sorted(found.items()):
        if len(tables) < MANY:
            for _, uses in sorted(tables.items()):
                yield problem(architecture, [uses], "")
        else:
            several = sorted(tables.values(), key=lambda uses: (-len(uses), uses[0][1].name))
            yield problem(architecture, several, application or "the application")


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


def problem(architecture: Architecture, several: list[list[Use]], application: str) -> Problem:
    firsts = [min(uses, key=lambda use: by_reach(use[0])) for uses in several]
    site, table = firsts[0]
    names = [each.name for _, each in firsts]
    places = firsts if application else sorted(several[0], key=lambda use: by_reach(use[0]))
    evidence = [Evidence(each.at, each.fact.text) for each, _ in places[:MAX_EVIDENCE]]
    if not application and table.at is not None:
        evidence.append(Evidence(table.at, f"table {table.name} is defined here"))
    whose = f"of {named(names)}" if not application else f"of {len(names)} growing tables"
    which = f": {named(names)}" if application else ""
    return Problem(
        subject=f"lists of {application}" if application else table.name,
        message=(
            f"Pages {whose} are found by OFFSET{which}. The engine reads and throws away all rows "
            "before the page: late pages, crawlers and exports cost as much as the whole list."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "tables": names,
            "columns": sorted_by(site.fact, table),
            "clause": ["sort"],
            "engine": engine_of(architecture, table) or None,
            "origin": site.origin.value,
            "growth": table.growth.value,
        },
        confidence=Confidence.HIGH if table.growth in FAST_GROWTH else Confidence.MEDIUM,
        weight=weight(table, len(places)),
    )


def sorted_by(query: QueryFound, table: Table) -> list[str]:
    """The columns of the order, which a key of the last row seen would be made of."""
    return [
        p.column
        for p in query.predicates
        if p.clause is Clause.SORT and p.table in ("", table.name)
    ]
