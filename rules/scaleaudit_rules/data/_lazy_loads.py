"""Relations that are loaded row by row, as problems: one for each relation of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Confidence, Evidence, Growth, LazyLoad, Origin, Problem
from scaleaudit_rules.data._tables import FAST_GROWTH, MAX_EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scaleaudit.api import Architecture, Site

# How each mapper is told to load a relation together with the list.
CURES = {
    "django": ("select_related", "prefetch_related"),
    "activerecord": ("includes", "includes"),
    "eloquent": ("with", "with"),
    "sqlalchemy": ("joinedload", "selectinload"),
    "jpa": ("JOIN FETCH or @EntityGraph", "JOIN FETCH, @EntityGraph or @BatchSize"),
}
OTHERS = ("a join", "a query for all keys")


def lazy_loads(architecture: Architecture, ignored: Collection[str]) -> Iterator[Problem]:
    """Of what requests read, the most places first."""
    found: dict[tuple[str, str, str], list[Site[LazyLoad]]] = {}
    for site in architecture.sites(LazyLoad):
        fact = site.fact
        if site.origin is not Origin.HANDLER or {fact.source, fact.table} & set(ignored):
            continue
        table = architecture.schema.table(fact.source)
        if table is not None and table.growth is Growth.STATIC:
            continue
        found.setdefault((site.application, fact.source, fact.relation), []).append(site)
    for (_, source, relation), sites in sorted(
        found.items(), key=lambda each: (-len(each[1]), each[0])
    ):
        table = architecture.schema.table(source)
        grows = table is not None and table.growth in FAST_GROWTH
        yield problem(source, relation, sites, grows=grows)


def problem(source: str, relation: str, sites: list[Site[LazyLoad]], *, grows: bool) -> Problem:
    first = sites[0].fact
    where = first.scope or sites[0].at.path
    elsewhere = len({(each.at.path, each.fact.scope) for each in sites}) - 1
    others = f" So do {elsewhere} more places." if elsewhere > 1 else ""
    others = " So does one more place." if elsewhere == 1 else others
    one, many = CURES.get(first.library, OTHERS)
    cure = many if first.to_many else one
    shown = f" by {first.read_in}" if first.read_in else ""
    return Problem(
        subject=f"{source}.{relation}",
        message=(
            f"{where} gives a list of {source}, and `{relation}` of each row is read{shown} without "
            f"being loaded along: a list of a hundred makes a hundred queries on {first.table}. "
            f"Load it with the list ({cure}).{others}"
        ),
        evidence=tuple(evidence(sites))[:MAX_EVIDENCE],
        data={
            "tables": sorted({first.source, *(each.fact.table for each in sites)}),
            "relation": relation,
            "places": len(sites),
        },
        confidence=Confidence.HIGH if grows else None,
    )


def evidence(sites: list[Site[LazyLoad]]) -> Iterator[Evidence]:
    for site in sites:
        fact = site.fact
        if not fact.read_in:
            yield Evidence(site.at, f"{fact.path} of each row of {fact.text}")
            continue
        yield Evidence(site.at, f"{fact.text}, shown by {fact.read_in}")
        yield Evidence(fact.read_at.in_file(fact.read_in), f"{fact.path} of each row")
