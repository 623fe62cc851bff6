"""A search by a pattern that may begin with anything reads a whole growing table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Options,
    Origin,
    Phase,
    Problem,
    QueryFound,
    Severity,
    few_values,
    regex,
    rule,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, listed
from scaleaudit_rules.data._growth_signs import filled_by_use
from scaleaudit_rules.data._tables import FAST_GROWTH, by_reach, judged_sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Predicate, Site, Table

# Indexes that find parts of texts: PostgreSQL's trigrams, full text of PostgreSQL and MySQL.
TEXT_INDEX = regex(r"gin|gist|fulltext|trgm|zombodb|bm25|pgroonga|bigm")


class LeadingWildcardLikeOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA, Dimension.TRAFFIC),
    layer=Layer.ENGINEERING,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("search-index",),
    options=LeadingWildcardLikeOptions,
)
def leading_wildcard_like(
    architecture: Architecture, options: LeadingWildcardLikeOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[str, dict[str, list[Site[QueryFound]]]] = {}
    for site, judged in judged_sites(architecture):
        table = judged.table
        if site.origin is not Origin.HANDLER or table.name in ignored or judged.joined:
            continue
        if table.growth not in FAST_GROWTH and not filled_by_use(table):
            continue
        patterns = [p for p in judged.predicates if p.operator == "contains"]
        if not patterns or narrowed(judged.predicates, table):
            continue
        for each in patterns:
            if not text_indexed(table, each.column):
                found.setdefault(table.name, {}).setdefault(each.column, []).append(site)
    for name, columns in sorted(found.items()):
        yield problem(architecture.schema.tables[name], columns)


def narrowed(predicates: tuple[Predicate, ...], table: Table) -> bool:
    """Another condition leaves few rows to look through, or an OR of which each side is one."""
    finding = [
        p for p in predicates if p.operator in ("=", "in") and not few_values(table, p.column)
    ]
    groups = {p.group for p in finding if p.alternative and p.group}
    return any(not p.alternative for p in finding) or any(
        {p.branch for p in predicates if p.group == each}
        == {p.branch for p in finding if p.group == each}
        for each in groups
    )


def text_indexed(table: Table, column: str) -> bool:
    return any(
        TEXT_INDEX.search(index.method.lower())
        and any(column.lower() in c.lower() for c in index.columns)
        for index in table.indexes
    )


def problem(table: Table, columns: dict[str, list[Site[QueryFound]]]) -> Problem:
    sites = sorted({s.at: s for each in columns.values() for s in each}.values(), key=by_reach)
    names = tuple(sorted(columns))
    return Problem(
        subject=f"{table.name}.{','.join(names)}",
        message=(
            f"{table.name} is searched for texts that contain or end in a word, in {listed(names)}: an index "
            "that is sorted from the first letter on is no help, so each search reads the whole table."
        ),
        evidence=tuple(Evidence(site.at, site.fact.text) for site in sites[:MAX_EVIDENCE]),
        data={
            "table": table.name,
            "columns": list(names),
            "clause": ["filter"],
            "origin": sites[0].origin.value,
            "growth": table.growth.value,
        },
        severity=Severity.MEDIUM if table.growth in FAST_GROWTH else Severity.LOW,
        confidence=Confidence.HIGH if table.growth in FAST_GROWTH else Confidence.MEDIUM,
    )
