"""A query for each item of a loop, where one for all would do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

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
    regex,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, called, listed, named
from scaleaudit_rules.data._changing import changes_rows
from scaleaudit_rules.data._field_queries import field_queries
from scaleaudit_rules.data._handlers import Handlers
from scaleaudit_rules.data._lazy_loads import lazy_loads
from scaleaudit_rules.data._lookups import keys, looks_up
from scaleaudit_rules.data._whole_reads import FOR_STAFF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site


# `updateOrCreate`, `find_or_create_by`, `get_or_create`: what is looked up is what is saved.
SAVES = regex(r"(?:update|first|find|get)_?or_?(?:create|insert|initialize|new|add)", re.IGNORECASE)


class NPlusOneOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables whose rows are looked up one by one for a good reason."""


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.DATA),
    layer=Layer.ENGINEERING,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("eager-load",),
    options=NPlusOneOptions,
)
def n_plus_one(architecture: Architecture, options: NPlusOneOptions) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[tuple[str, str], list[Site[QueryFound]]] = {}
    written = written_in_loops(architecture)
    for site in architecture.sites(QueryFound):
        query = site.fact
        if site.origin is not Origin.HANDLER or not query.in_loop or not looks_up(query):
            continue
        table = architecture.schema.table(query.reads[0])
        if query.reads[0] in ignored or (table is not None and table.growth is Growth.STATIC):
            continue
        found.setdefault((site.at.path, query.scope), []).append(site)
    handlers = Handlers(architecture)
    by_application: dict[str, list[list[Site[QueryFound]]]] = {}
    for key in sorted(found):
        by_application.setdefault(found[key][0].application, []).append(found[key])
    for application, places in by_application.items():
        answers: list[list[Site[QueryFound]]] = []
        others: list[list[Site[QueryFound]]] = []
        for sites in places:
            if saves_each(sites, written):
                yield one(sites, saved=True)
            elif FOR_STAFF.search(sites[0].at.path) or changes_rows(
                architecture, sites[0].at.path, sites[0].fact.scope
            ):
                others.append(sites)
            elif any(handlers.of(site) is not None for site in sites):
                answers.append(sites)
            else:
                others.append(sites)
        yield from told(application, answers)
        yield from told(application, others, minor=True)
    yield from field_queries(architecture, ignored)
    yield from lazy_loads(architecture, ignored)


def written_in_loops(architecture: Architecture) -> dict[tuple[str, str], set[str]]:
    """By function, the tables of which its loops save a row each time."""
    found: dict[tuple[str, str], set[str]] = {}
    for site in architecture.sites(QueryFound):
        if site.fact.in_loop and site.fact.writes:
            found.setdefault((site.at.path, site.fact.scope), set()).update(site.fact.writes)
    return found


def saves_each(sites: list[Site[QueryFound]], written: dict[tuple[str, str], set[str]]) -> bool:
    """Nothing is looked up but what is saved then: as many rows as somebody sent."""
    saved = written.get((sites[0].at.path, sites[0].fact.scope), set())
    return all(
        site.fact.reads[0] in saved or SAVES.search(site.fact.text) is not None for site in sites
    )


def told(
    application: str, places: list[list[Site[QueryFound]]], *, minor: bool = False
) -> Iterator[Problem]:
    """One by one, or as a habit.

    `minor`: in functions that change rows, where lists are short, or that are not seen to answer
    whoever reads a page.
    """
    if len(places) >= MANY:
        yield many(application, places, minor=minor)
        return
    for sites in places:
        yield replace(one(sites), severity=Severity.LOW) if minor else one(sites)


def one(sites: list[Site[QueryFound]], *, saved: bool = False) -> Problem:
    """`saved`: each item is one that the loop writes as well."""
    first = sites[0]
    tables = list(dict.fromkeys(site.fact.reads[0] for site in sites))
    return Problem(
        subject=f"{first.at.path} {first.fact.scope}".rstrip(),
        message=(
            f"{first.fact.scope or first.at.path} asks {listed(tuple(tables))} once for each item of "
            "a loop: a list of a hundred takes a hundred round trips. Ask once for all of them, by "
            + ("a list of keys, and save them together." if saved else "a list of keys or a join.")
        ),
        evidence=tuple(Evidence(site.at, site.fact.text) for site in sites[:MAX_EVIDENCE]),
        data={
            "tables": tables,
            "columns": sorted({p.column for site in sites for p in keys(site.fact)}),
            "origin": first.origin.value,
        },
        severity=Severity.LOW if saved else None,
    )


def many(application: str, places: list[list[Site[QueryFound]]], *, minor: bool = False) -> Problem:
    """A habit is one finding; the places with the most queries come first."""
    places = sorted(places, key=lambda sites: (-len(sites), sites[0].at))
    tables = sorted({site.fact.reads[0] for sites in places for site in sites})
    firsts = [sites[0] for sites in places[:MAX_EVIDENCE]]
    return Problem(
        subject=f"queries in loops of {called(application)}"
        + (" behind its pages" if minor else ""),
        message=(
            f"{len(places)} places that requests reach ask the database once for each item of a loop, "
            f"for {named(tables)}: a list of a hundred takes a hundred round trips. Ask once for all "
            "items, by a list of keys or a join."
        ),
        evidence=tuple(Evidence(site.at, site.fact.text) for site in firsts),
        data={"tables": tables, "places": len(places)},
        severity=Severity.LOW if minor else None,
    )
