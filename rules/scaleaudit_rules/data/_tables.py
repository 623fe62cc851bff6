"""What the rules on data share: who asks, how fast a table grows, what was judged."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import Growth, NodeKind, Origin, QueryFound, Severity, regex
from scaleaudit_rules.data._tenant_variants import has_tenant_variant, tenant_variants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Architecture, Judged, Location, Site, Table

# From the most to the least urgent: who waits for the query.
REACH = (Origin.HANDLER, Origin.UNKNOWN, Origin.JOB, Origin.ADMIN)
FAST_GROWTH = (Growth.GROWING, Growth.APPEND_ONLY)
FASTER = (Growth.STATIC, Growth.UNKNOWN, Growth.PER_USER, Growth.GROWING, Growth.APPEND_ONLY)
# Engines that index the child of a foreign key by themselves (their manuals on FOREIGN KEY).
INDEXING_ENGINES = frozenset({"mysql", "h2", "hsqldb"})


def may_be_indexed(architecture: Architecture, table: Table, column: str) -> bool:
    """Whether the column is a foreign key, and an engine that may be in use indexes those itself."""
    return bool(
        not table.dialect
        and INDEXING_ENGINES & architecture.schema.engines
        and any(key.columns[0].lower() == column.lower() for key in table.foreign_keys)
    )


DELETES = regex(r"(?i)\b(?:execute|batch)?delete|\bdestroy|\bremove|\$pull\b")
# What somebody is handed and gives back, by the last word of a table's name.
USED_UP = regex(
    r"(?i)(?:tokens?|nonces?|otps?|challenges?|drafts?|invit(?:e|ation)s?|(?:password|token)_?resets?"
    r"|confirmations?|verifications?|(?:auth|verification|login|reset|magic)_?(?:codes?|links?))$"
)


def by_reach(site: Site[QueryFound]) -> tuple[int, str, int]:
    """Sort key: the site that most people wait for first."""
    return REACH.index(site.origin), site.at.path, site.at.line


def severity(growth: Growth, origin: Origin) -> Severity:
    """How bad a query without an index is, once the table has grown."""
    if origin in (Origin.ADMIN, Origin.JOB):  # nobody waits
        return Severity.LOW
    return Severity.HIGH if growth in FAST_GROWTH else Severity.MEDIUM


def milder(grade: Severity) -> Severity:
    """One step less; what is low stays."""
    return {Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW}.get(grade, grade)


def asked_by(origin: Origin) -> str:
    """Who waits, where it is known that no request does: a sentence to end a message with."""
    if origin is Origin.JOB:
        return " Only jobs and commands ask for it."
    return " Only commands or pages of the staff ask for it." if origin is Origin.ADMIN else ""


def weight(table: Table, places: int) -> int:
    """Which of several findings comes first: what grows without end, then what most places ask for."""
    return FASTER.index(table.growth) * 100 + min(places, 99)


@lru_cache(maxsize=1)  # asked for each finding of one graph
def readers(architecture: Architecture) -> Counter[str]:
    """For each table, how many functions that requests reach read it."""
    seen = {
        (table, site.at.path, site.fact.scope)
        for site in architecture.sites(QueryFound)
        if site.origin is Origin.HANDLER
        for table in site.fact.reads
    }
    return Counter(table for table, _, _ in seen)


@lru_cache(maxsize=1)
def passing(architecture: Architecture) -> frozenset[str]:
    """Tables whose rows are made to be used up, and which requests or jobs take out again."""
    return frozenset(
        table
        for site in architecture.sites(QueryFound)
        if site.fact.writes and site.origin is not Origin.ADMIN and DELETES.search(site.fact.text)
        for table in site.fact.writes
        if USED_UP.search(table)
    )


def unserved(architecture: Architecture) -> Iterator[tuple[Site[QueryFound], Judged]]:
    """What is asked of growing tables and no index serves, with the place that asks."""
    for site, judged in judged_sites(architecture):
        if judged.verdict.is_problem:
            yield site, judged


@lru_cache(maxsize=1)  # several rules ask, one after the other, of the same graph
def judged_sites(architecture: Architecture) -> tuple[tuple[Site[QueryFound], Judged], ...]:
    """What is asked of growing tables, by queries of which nothing is unknown."""
    return tuple(_judged_sites(architecture))


def _judged_sites(architecture: Architecture) -> Iterator[tuple[Site[QueryFound], Judged]]:
    variants = tenant_variants(architecture)
    for site, mentions in architecture.judged_queries:
        query = site.fact
        # A lost part of the text may hold the condition that an index serves.
        if query.partial or query.library == "sql-view" or site.origin not in REACH:
            continue
        for judged in mentions:
            if judged.table.growth is Growth.STATIC or judged.table.columnar:
                continue
            if not has_tenant_variant(variants, site, judged.table.name, judged.predicates):
                yield site, judged


def application_at(architecture: Architecture, place: Location | None) -> str:
    """The application whose folder holds the file, "" when none does or all do."""
    path = place.path if place is not None else ""
    best = max(
        (
            node
            for node in architecture.nodes(NodeKind.SERVICE)
            if node.first_party and node.path and path.startswith(f"{node.path}/")
        ),
        key=lambda node: len(node.path),
        default=None,
    )
    return best.application if best is not None else ""
