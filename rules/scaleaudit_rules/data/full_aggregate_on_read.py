"""A request counts or sums all rows of a table that grows."""

from __future__ import annotations

import re
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
    Why,
    regex,
    rule,
)
from scaleaudit_rules._telling import listed, named
from scaleaudit_rules.data._growth_signs import TEXT, outgrows_people
from scaleaudit_rules.data._tables import FAST_GROWTH
from scaleaudit_rules.data._told_together import together
from scaleaudit_rules.data._whole_reads import narrowing, runs_once, waited_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Judged, Site, Table
    from scaleaudit_rules.data._told_together import Together

# What needs every row; the smallest, the largest and the first do not.
NEEDS_ALL = regex(
    r"(?<![a-z])(?:a?count|sum|avg|average|aggregate)(?![a-z])|(?<![a-z])(?:count|sum)(?=By|All|Distinct)"
    r"|findAndCount|group[\s_]?by|\.group\(",
    re.IGNORECASE,
)
PER_ROW = regex(r"^(?!.*\.values(?:_list)?\().*\.annotate\(")
PART = regex(r"\.(?:limit|take|as)\(")
FEW_LEFT = {Why.UNIQUE, Why.INDEX, Why.ALTERNATIVES}  # an index leaves few rows


class FullAggregateOnReadOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ARCHITECTURE,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("rollup",),
    options=FullAggregateOnReadOptions,
)
def full_aggregate_on_read(
    architecture: Architecture, options: FullAggregateOnReadOptions
) -> Iterator[Problem]:
    uses = (
        (site, table)
        for site, mentions in architecture.judged_queries
        if (table := reckoned_whole(architecture, site, mentions)) is not None
    )
    for group in together(uses, options.ignore_tables):
        yield problem(group)


def reckoned_whole(
    architecture: Architecture, site: Site[QueryFound], mentions: tuple[Judged, ...]
) -> Table | None:
    """The growing table of which a request counts, sums or groups every row."""
    query = site.fact
    if not waited_for(site) or query.partial or query.writes or not query.reads:
        return None
    if not (query.aggregate or query.grouped) or query.streamed or cut_off(query):
        return None
    if runs_once(query.scope) or query.library == "sql-view" or not NEEDS_ALL.search(query.text):
        return None
    table = architecture.schema.table(query.reads[0])
    if table is None or table.columnar or not outgrows_people(table):
        return None
    if narrowing(architecture, query, table) != []:
        return None
    if any(each.verdict.why in FEW_LEFT for each in mentions):
        return None
    return table


def cut_off(query: QueryFound) -> bool:
    """Counted up to a number of rows, beside each row, or a part of another query."""
    if query.library in TEXT:
        return query.limited and query.aggregate
    if PER_ROW.search(query.text) is not None and not query.aggregate:
        return True  # a figure beside each row, not one of all rows
    return query.limited and (not query.aggregate or PART.search(query.text) is not None)


def tested(query: QueryFound, table: Table) -> str:
    """` that pass a test of status`: what leaves out a part of the rows, and finds none of them."""
    filters = (p for p in query.predicates if p.clause is Clause.FILTER and p.column)
    columns = {p.column for p in filters if p.table in ("", table.name)}
    return f" that pass a test of {listed(tuple(sorted(columns)))}" if columns else ""


def problem(group: Together) -> Problem:
    site, table = group.first
    grows = any(each.growth in FAST_GROWTH for _, each in group.uses)
    what = (
        f"Requests count or sum all rows of {len(group.tables)} growing tables, {named(group.tables)}"
        if group.application
        else f"A request counts or sums all rows of {table.name}{tested(site.fact, table)}"
    )
    predicates = site.fact.predicates
    return Problem(
        subject=f"totals of {group.application}" if group.application else table.name,
        message=f"{what}: the time of each call grows with the table.",
        evidence=group.evidence(f"table {table.name} is defined here"),
        data=group.data(
            sorted({p.column for p in predicates if p.table == table.name}),
            sorted({p.clause.value for p in predicates}),
        ),
        severity=Severity.MEDIUM if grows else Severity.LOW,
        confidence=Confidence.HIGH if grows and site.fact.library in TEXT else Confidence.MEDIUM,
        weight=group.weight,
    )
