"""Relations that are loaded row by row, as problems: one for the lists of each table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Clause,
    Confidence,
    Evidence,
    Growth,
    LazyLoad,
    Origin,
    Problem,
    QueryFound,
    Severity,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, called, listed, named
from scaleaudit_rules.data._changing import changes_rows
from scaleaudit_rules.data._growth_signs import TELLS_APART
from scaleaudit_rules.data._tables import FAST_GROWTH
from scaleaudit_rules.data._whole_reads import FOR_STAFF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scaleaudit.api import Architecture, Site

# How each mapper is told to load a relation together with the list: one row, several rows.
CURES = {
    "django": ("select_related", "prefetch_related"),
    "activerecord": ("includes", "includes"),
    "eloquent": ("with", "with"),
    "sqlalchemy": ("joinedload", "selectinload"),
    "jpa": ("JOIN FETCH", "@EntityGraph"),
}
OTHERS = ("a join", "one query for all keys")
# Tables of one application whose lists are findings of their own; all others together are one.
TOLD = 8


def lazy_loads(architecture: Architecture, ignored: Collection[str]) -> Iterator[Problem]:
    """Of what requests read, those first that most is read of, and that are seen to grow."""
    found: dict[tuple[str, str], list[Site[LazyLoad]]] = {}
    for site in architecture.sites(LazyLoad):
        fact = site.fact
        if site.origin is not Origin.HANDLER or {fact.source, fact.table} & set(ignored):
            continue
        table = architecture.schema.table(fact.source)
        if table is not None and table.growth is Growth.STATIC:
            continue
        found.setdefault((site.application, fact.source), []).append(site)
    short = short_lists(architecture)

    def is_long(site: Site[LazyLoad]) -> bool:
        path, line, scope = site.at.path, site.at.line, site.fact.scope
        if (path, line) in short or FOR_STAFF.search(path):
            return False
        return not changes_rows(architecture, path, scope)

    by_application: dict[str, list[tuple[bool, list[Site[LazyLoad]]]]] = {}
    for (application, source), sites in sorted(found.items()):
        table = architecture.schema.table(source)
        grows = table is not None and table.growth in FAST_GROWTH and any(map(is_long, sites))
        by_application.setdefault(application, []).append((grows, sites))
    for application, gathered in by_application.items():
        habits = of_one_kind(gathered)
        lasting = {id(sites) for grows, sites in gathered if grows}
        for several in habits:
            yield alike(several, grows=any(id(sites) in lasting for sites in several))
        told = [sites for several in habits for sites in several]
        lists = [each for each in gathered if each[1] not in told]
        lists.sort(key=lambda each: (not each[0], -len(each[1]), each[1][0].fact.source))
        count = len(lists) if len(lists) <= TOLD + 1 else TOLD
        for grows, sites in lists[:count]:
            yield one_table(sites, grows=grows)
        if lists[count:]:
            rest = lists[count:]
            grown = any(grows for grows, _ in rest)
            yield others(application, [sites for _, sites in rest], grows=grown)


def short_lists(architecture: Architecture) -> set[tuple[str, int]]:
    """File and line of queries for what tells one from all others: the invitations of an address."""
    return {
        (site.at.path, site.at.line)
        for site in architecture.sites(QueryFound)
        if any(
            p.clause is Clause.FILTER and p.operator == "=" and TELLS_APART.search(p.column.lower())
            for p in site.fact.predicates
        )
    }


def of_one_kind(lists: list[tuple[bool, list[Site[LazyLoad]]]]) -> list[list[list[Site[LazyLoad]]]]:
    """Lists of one file, of many tables, whose rows all lead to the same other table: one habit."""
    groups: dict[tuple[str, str], list[list[Site[LazyLoad]]]] = {}
    for _, sites in lists:
        asked = {site.fact.table for site in sites}
        files = {site.at.path for site in sites}
        if len(asked) == 1 and len(files) == 1:
            groups.setdefault((files.pop(), asked.pop()), []).append(sites)
    return [several for several in groups.values() if len(several) >= MANY]


def alike(several: list[list[Site[LazyLoad]]], *, grows: bool) -> Problem:
    """All that `of_one_kind` found together, as one finding."""
    several = sorted(several, key=lambda each: each[0].at)
    sites = [site for each in several for site in each]
    first = sites[0]
    tables = [each[0].fact.source for each in several]
    return Problem(
        subject=f"lists of {first.at.path} with {first.fact.table}",
        message=(
            f"{len(several)} lists, of {named(tables)}, are given without the {first.fact.table} that "
            "each of their rows leads to: a list of a hundred makes up to a hundred queries on it. Load "
            f"it with the lists ({cures(sites)})."
        ),
        evidence=tuple(evidence(sites))[:MAX_EVIDENCE],
        data={"tables": sorted({*tables, first.fact.table}), "places": len(several)},
        severity=None if grows else Severity.LOW,
    )


def one_table(sites: list[Site[LazyLoad]], *, grows: bool) -> Problem:
    first = sites[0].fact
    relations = list(dict.fromkeys(site.fact.relation for site in sites))
    shown = [f"`{each}`" for each in relations]
    several = len(relations) > 1
    where = first.scope or sites[0].at.path
    asked = sorted({site.fact.table for site in sites})
    by = f" by {first.read_in}" if first.read_in else ""
    elsewhere = len({(each.at.path, each.fact.scope) for each in sites}) - 1
    more = f" So do {elsewhere} more places." if elsewhere > 1 else ""
    more = " So does one more place." if elsewhere == 1 else more
    queries = f"{len(relations) * 100}" if several else "a hundred"
    return Problem(
        subject=f"lists of {first.source}",
        message=(
            f"{where} gives a list of {first.source}, and {named(shown)} of each row "
            f"{'are' if several else 'is'} read{by} without being loaded along: a list of a hundred "
            f"makes up to {queries} queries on {named(asked)}. Load {'them' if several else 'it'} with the "
            f"list ({cures(sites)}).{more}"
        ),
        evidence=tuple(evidence(sites))[:MAX_EVIDENCE],
        data={
            "tables": sorted({first.source, *asked}),
            "relations": relations,
            "places": elsewhere + 1,
        },
        severity=None if grows else Severity.LOW,
        confidence=Confidence.HIGH if grows else None,
    )


def others(application: str, lists: list[list[Site[LazyLoad]]], *, grows: bool) -> Problem:
    """A habit is one finding."""
    tables = [sites[0].fact.source for sites in lists]
    firsts = [each for sites in lists for each in list(evidence(sites))[:1]]
    return Problem(
        subject=f"other lists of {called(application)}",
        message=(
            f"Lists of {len(tables)} more tables ({named(tables)}) have relations that are loaded row "
            "by row: a list of a hundred makes a hundred queries for each of them. Load them with "
            f"the lists ({cures([site for sites in lists for site in sites])})."
        ),
        evidence=tuple(firsts[:MAX_EVIDENCE]),
        data={"tables": tables, "places": sum(len(sites) for sites in lists)},
        severity=None if grows else Severity.LOW,
    )


def cures(sites: list[Site[LazyLoad]]) -> str:
    """The words of the mapper, for what is read here."""
    words = [CURES.get(site.fact.library, OTHERS)[site.fact.to_many] for site in sites]
    return listed(tuple(dict.fromkeys(sorted(words))))


def evidence(sites: list[Site[LazyLoad]]) -> Iterator[Evidence]:
    """Where the lists are asked for and where their rows are read."""
    told = set()
    for site in sites:
        fact = site.fact
        if not fact.read_in:
            yield Evidence(site.at, f"{fact.path} of each row of {fact.text}")
            continue
        if site.at not in told:
            told.add(site.at)
            yield Evidence(site.at, f"{fact.text}, shown by {fact.read_in}")
        yield Evidence(fact.read_at.in_file(fact.read_in), f"reads {fact.path} of each")
