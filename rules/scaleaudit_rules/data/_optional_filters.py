"""Statements with optional conditions, each of which is told alone.

`if kind != "" { where = append(where, "kind = ?") }` beside one of a key: callers who give the kind
give the key most often too. What is asked by the test of a kind alone nobody may ask for.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import Clause, QueryFound, Why, regex
from scaleaudit_rules.data._growth_signs import TEXT
from scaleaudit_rules.data._whole_reads import narrowing, of_tenant

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Site

    Statement = tuple[str, str, tuple[str, ...], str]

WORDED = regex(r"(?i)\s*(?:select|from|update|delete)\s")
CONDITIONS = regex(r"\bwhere\b")


def statement(site: Site[QueryFound]) -> Statement:
    """What its variants share: the place, the tables, the words up to the conditions.

    A query that JPA's criteria build has no words: each variant shows the condition it adds.
    """
    if site.fact.library == "jpa" and not WORDED.match(site.fact.text):
        return *place(site), ""
    words = CONDITIONS.split(site.fact.text.lower(), maxsplit=1)[0]
    return *place(site), " ".join(words.split())


def place(site: Site[QueryFound]) -> tuple[str, str, tuple[str, ...]]:
    return site.at.path, site.fact.scope, site.fact.reads


@lru_cache(maxsize=1)  # rules ask one after the other, of the same graph
def narrowed_by_option(architecture: Architecture) -> dict[Statement, frozenset[str]]:
    """Statements of which some variant reads few rows, with the columns that all variants test.

    A condition that narrows is more than a tenant's.
    """
    always: dict[Statement, frozenset[str]] = {}
    narrowed: set[Statement] = set()
    sites = [site for site in architecture.sites(QueryFound) if site.fact.reads and site.fact.scope]
    several = Counter(map(place, sites))
    for site in sites:
        query = site.fact
        table = architecture.schema.table(query.reads[0])
        if table is None or several[place(site)] < 2:
            continue
        key, tests = statement(site), tested(query)
        always[key] = always.get(key, tests) & tests
        conditions = narrowing(architecture, query, table) if tests else None
        if conditions and not of_tenant(conditions):
            narrowed.add(key)
    return {key: always[key] for key in narrowed}


def beside_optional_key(architecture: Architecture, site: Site[QueryFound]) -> bool:
    """What the variant tests may be left out, and another variant of the statement reads few rows."""
    always = narrowed_by_option(architecture).get(statement(site))
    return always is not None and not tested(site.fact) <= always


@lru_cache(maxsize=1)
def narrowed_elsewhere(architecture: Architecture) -> dict[tuple[str, tuple[str, ...]], set[str]]:
    """Functions whose query gets a narrowing condition in a method of another file, with that file.

    By the name of the function with its class: a mapper tells both with that.
    """
    found: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for site in architecture.sites(QueryFound):
        table = architecture.schema.table(site.fact.reads[0]) if site.fact.reads else None
        if table is None or "." not in site.fact.scope or site.fact.library in TEXT:
            continue
        conditions = narrowing(architecture, site.fact, table) if tested(site.fact) else None
        if conditions and not of_tenant(conditions):
            found.setdefault((site.fact.scope, site.fact.reads), set()).add(site.at.path)
    return found


def narrowed_by_method(architecture: Architecture, site: Site[QueryFound]) -> bool:
    """A method that the query is handed to narrows it where its arguments say so.

    `orders.OfWhom(customer).FirstOrDefault()`: told without the condition, and with it at the method.
    """
    known = narrowed_elsewhere(architecture).get((site.fact.scope, site.fact.reads), set())
    return not tested(site.fact) and bool(known - {site.at.path})


@lru_cache(maxsize=1)
def served_by_option(architecture: Architecture) -> frozenset[Statement]:
    """Statements of which some variant finds its rows by an index."""
    return frozenset(
        statement(site)
        for site, mentions in architecture.judged_queries
        if any(judged.verdict.why in (Why.UNIQUE, Why.INDEX) for judged in mentions)
    )


def beside_served_key(architecture: Architecture, site: Site[QueryFound]) -> bool:
    """As `beside_optional_key`, and an index serves what the callers most often give."""
    return statement(site) in served_by_option(architecture) and beside_optional_key(
        architecture, site
    )


def tested(query: QueryFound) -> frozenset[str]:
    return frozenset(p.column for p in query.predicates if p.clause is Clause.FILTER)
