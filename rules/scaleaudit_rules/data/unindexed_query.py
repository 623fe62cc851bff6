"""A query looks for rows by columns that no index leads with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

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
    Severity,
    Why,
    add_indexes,
    create_index,
    few_values,
    rule,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, named, named_columns
from scaleaudit_rules.data._choices import placed_by_hand
from scaleaudit_rules.data._growth_signs import of_those_who_run_it, worth_an_index
from scaleaudit_rules.data._one_index import shared
from scaleaudit_rules.data._optional_filters import beside_optional_key, narrowed_by_method
from scaleaudit_rules.data._orders import orders_once
from scaleaudit_rules.data._partly_known import partly_known
from scaleaudit_rules.data._rarely_asked import (
    CHECKED,
    OFFERED,
    PARTLY,
    STAFF,
    offered,
    only_checked,
    together,
    worth_telling,
)
from scaleaudit_rules.data._references import as_habits
from scaleaudit_rules.data._tables import (
    FAST_GROWTH,
    asked_by,
    by_reach,
    unserved,
)
from scaleaudit_rules.data._unindexed import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.api import Judged, QueryFound, Site, Table

    Uses = list[tuple[Site[QueryFound], Judged]]


FORM = 3  # columns by each of which one function searches: the fields of a form
OF_ONE = ("table", "suggested_index")  # of a finding on one column


class UnindexedQueryOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA, Dimension.TRAFFIC),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.TO_1K,
    fixes=("indexes",),
    options=UnindexedQueryOptions,
)
def unindexed_query(
    architecture: Architecture, options: UnindexedQueryOptions
) -> Iterator[Problem]:
    found: dict[tuple[str, str], list[tuple[Site[QueryFound], Judged]]] = {}
    ignored = {name.lower() for name in options.ignore_tables}
    hidden = {  # told by `non-sargable-predicate`, with the same index
        (judged.table.name, judged.verdict.columns[0])
        for site, judged in unserved(architecture)
        if judged.verdict.why is Why.HIDDEN and worth_an_index(site, judged.table)
    }
    for site, judged in unserved(architecture):
        if in_hand_order(judged) or (
            judged.verdict.why is Why.SORT
            and (
                beside_optional_key(architecture, site)
                or narrowed_by_method(architecture, site)
                or of_those_who_run_it(site.fact, judged.table)
            )
        ):
            continue
        if judged.table.name not in ignored and judged.verdict.why is not Why.HIDDEN:
            for each in sides(judged):
                leading = each.verdict.columns[0]
                if each.verdict.why is Why.ONE_SIDE and (judged.table.name, leading) in hidden:
                    continue
                found.setdefault((judged.table.name, leading), []).append((site, each))
    told = set(found)
    found = shared(orders_once(found))
    groups: dict[tuple[str, object], list[tuple[str, Uses]]] = {}
    staff: list[Uses] = []
    checked: list[Uses] = []
    for (name, leading), uses in sorted(found.items()):
        if all(site.origin is Origin.ADMIN for site, _ in uses):
            if kept := worth_telling(uses):
                staff.append(kept)
        elif not any(worth_an_index(site, judged.table, leading) for site, judged in uses):
            continue
        elif only_checked(uses):
            checked.append(uses)
        else:
            groups.setdefault((name, cause(leading, uses)), []).append((leading, uses))
    places: dict[object, list[tuple[str, str, Uses]]] = {}
    for (name, _), several in groups.items():
        if several[0][1][0][1].verdict.why is Why.SORT:
            several[:] = [(several[0][0], [use for _, uses in several for use in uses])]
        if len(several) >= (2 if is_or(several[0][1]) else FORM):
            yield folded(architecture, name, several)
            continue
        for leading, uses in several:
            places.setdefault(one_place(name, leading, uses), []).append((name, leading, uses))
    single: list[tuple[Problem, Uses]] = []
    for tables in places.values():
        found_there = [problem(architecture, *each) for each in tables]
        if len(tables) > 1:
            yield of_heirs(tables, found_there)
        else:
            single.append((found_there[0], tables[0][2]))
    habits, rest = as_habits(architecture, single)
    yield from habits
    yield from of_one_table(architecture, rest)
    yield from together(architecture, CHECKED, checked)
    yield from together(architecture, STAFF, staff)
    told |= set(found)
    for kind, asked in ((OFFERED, offered(architecture)), (PARTLY, partly_known(architecture))):
        columns = by_column(asked, told, ignored)
        yield from together(architecture, kind, [columns[key] for key in sorted(columns)])
        told |= columns.keys()


def of_one_table(
    architecture: Architecture, found: list[tuple[Problem, Uses]]
) -> Iterator[Problem]:
    """The problems, but for a table with several that are equally grave: one change mends them."""
    tables: dict[tuple[str, object], list[tuple[Problem, Uses]]] = {}
    for each, uses in found:
        judged = uses[0][1]
        key = each.severity if judged.verdict.why is Why.MISSING else each.subject
        tables.setdefault((judged.table.name, key), []).append((each, uses))
    for (name, _), several in tables.items():
        if len(several) < FORM:
            yield from (each for each, _ in several)
            continue
        several.sort(key=lambda each: -each[0].weight)
        columns = [(uses[0][1].verdict.columns[0], uses) for _, uses in several]
        yield folded(architecture, name, columns)


def by_column(
    uses: Iterable[tuple[Site[QueryFound], Judged]], told: set[tuple[str, str]], ignored: set[str]
) -> dict[tuple[str, str], Uses]:
    """By table and column, what nothing that is told asks for."""
    found: dict[tuple[str, str], Uses] = {}
    for site, judged in uses:
        key = judged.table.name, judged.verdict.columns[0]
        if key not in told and judged.table.name not in ignored and not in_hand_order(judged):
            found.setdefault(key, []).append((site, judged))
    return found


def one_place(name: str, leading: str, uses: Uses) -> object:
    """What a base class asks of the tables of all that inherit from it is written once."""
    if any(name not in (*site.fact.reads[:1], *site.fact.writes) for site, _ in uses):
        return name, leading
    return leading, frozenset((site.at.path, site.at.line, site.fact.text) for site, _ in uses)


def of_heirs(tables: list[tuple[str, str, Uses]], problems: list[Problem]) -> Problem:
    """As the most severe problem, with the other tables named."""
    first = max(problems, key=lambda each: (each.severity or Severity.INFO).rank)
    name = str(first.data["table"])
    columns = {table: uses[0][1].verdict.columns for table, _, uses in tables}
    engines = {table: uses[0][1].table for table, _, uses in tables}
    ordered = [name, *(each for each in columns if each != name)]
    asked = [f"{each}.{','.join(columns[each])}" for each in ordered]
    return replace(
        first,
        message=f"{len(tables)} tables are searched from one place of the code, by {named_columns(asked)}, "
        "and no index of theirs starts with any of it: each call reads a whole table.",
        data={
            **{key: value for key, value in first.data.items() if key not in OF_ONE},
            "columns": asked,
            "suggested_indexes": [create_index(engines[each], columns[each]) for each in ordered],
        },
        statements=add_indexes((engines[each], columns[each]) for each in ordered),
    )


def cause(leading: str, uses: Uses) -> object:
    """What columns of one table have in common that are told as one.

    The sides of an OR, a form in which each field is a search of its own, a list that one function
    sorts whichever of its filters are chosen.
    """
    if all(judged.verdict.why is Why.ONE_SIDE for _, judged in uses):
        return frozenset((site.at.path, site.at.line, site.fact.text) for site, _ in uses)
    # By name alone: a store is often written for each engine.
    functions = {site.fact.scope for site, _ in uses if site.fact.scope}
    if len(functions) == 1 and all(judged.verdict.why is Why.SORT for _, judged in uses):
        return *functions, uses[0][1].verdict.columns[-1]
    if len(functions) in (1, 2) and all(judged.verdict.why is Why.MISSING for _, judged in uses):
        return frozenset(functions)
    return leading


def folded(architecture: Architecture, name: str, several: list[tuple[str, Uses]]) -> Problem:
    """As the problem of the first column, with the others named."""
    first = problem(architecture, name, *several[0])
    uses = [min(each, key=lambda use: by_reach(use[0])) for _, each in several]
    columns = [judged.verdict.columns for _, judged in uses]
    table = uses[0][1].table
    first_ones = list(dict.fromkeys(telling(table, each) for each in columns))
    leads = named(first_ones)
    sides = (
        "sides of an OR without an index make" if is_or(uses) else "each of these searches makes"
    )
    what = "by conditions joined by OR, and" if is_or(uses) else "by"
    none = "none of which has an index" if len(first_ones) > 1 else "which has no index"
    missed = f"{leads} have no index" if is_or(uses) else f"{leads}, {none}"
    evidence = [Evidence(site.at, site.fact.text) for site, _ in uses]
    if table.at is not None:
        evidence.append(Evidence(table.at, f"table {name} is defined here"))
    return replace(
        first,
        message=f"{name} is searched {what} {missed}: {sides} the engine read the whole table."
        + asked_by(min((site for site, _ in uses), key=by_reach).origin),
        evidence=tuple(evidence[:MAX_EVIDENCE]),
        data={
            **{key: value for key, value in first.data.items() if key not in OF_ONE},
            "columns": [f"{name}.{','.join(each)}" for each in columns],
            "suggested_indexes": [create_index(table, each) for each in columns],
        },
        statements=add_indexes((table, each) for each in columns),
    )


def telling(table: Table, columns: tuple[str, ...]) -> str:
    """The first column of an index but for flags, which stand in front to help what follows."""
    return next((each for each in columns if not few_values(table, each)), columns[0])


def is_or(uses: Uses) -> bool:
    return uses[0][1].verdict.why is Why.ONE_SIDE


def in_hand_order(judged: Judged) -> bool:
    """A whole table in the order that somebody put its rows in: no more than people arrange."""
    return (
        judged.verdict.why is Why.SORT
        and judged.table.growth not in FAST_GROWTH
        and placed_by_hand(judged.verdict.columns[-1])
        and not any(p.operator in ("=", "in") and not p.constant for p in judged.predicates)
    )


def sides(judged: Judged) -> Iterator[Judged]:
    """Each side of an OR that misses an index of its own."""
    yield judged
    for columns in judged.verdict.others:
        verdict = replace(judged.verdict, columns=columns, others=())
        yield replace(judged, verdict=verdict)
