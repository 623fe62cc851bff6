"""Rows in one state are looked for in a growing table without an index."""

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
    create_index,
    few_values,
    rule,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, called, listed, named_columns
from scaleaudit_rules.data._growth_signs import stamped, worth_an_index
from scaleaudit_rules.data._tables import (
    FAST_GROWTH,
    application_at,
    by_reach,
    judged_sites,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Judged, QueryFound, Site

    Uses = list[tuple[Site[QueryFound], Judged]]


class UnindexedStateOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ENGINEERING,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    phase=Phase.TO_10K,
    fixes=("indexes",),
    options=UnindexedStateOptions,
)
def unindexed_state(
    architecture: Architecture, options: UnindexedStateOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[tuple[str, str], Uses] = {}
    for site, whole in judged_sites(architecture):
        table = whole.table
        if whole.verdict.why is not Why.FEW_VALUES or whole.joined:
            continue
        if table.name in ignored or site.origin is Origin.ADMIN:
            continue
        fills = table.inserted or stamped(table)
        if table.growth not in FAST_GROWTH and not (fills and worth_an_index(site, table)):
            continue
        for judged in by_state(whole):
            state = judged.verdict.columns[0]
            # Else a name that the code knows is no state.
            if table.growth in FAST_GROWTH or few_values(table, state.strip("()")):
                found.setdefault((table.name, state), []).append((site, judged))
    by_application: dict[str, list[Uses]] = {}
    for key in sorted(found):
        table = found[key][0][1].table
        application = application_at(architecture, table.at)
        by_application.setdefault(application, []).append(found[key])
    for application, states in sorted(by_application.items()):
        yield problem(application, sorted(states, key=urgency))


def by_state(judged: Judged) -> list[Judged]:
    """One for each side of an OR: every side needs an index of its own."""
    verdict = judged.verdict
    sides = [columns for columns in (verdict.columns, *verdict.others) if columns]
    return [replace(judged, verdict=replace(verdict, columns=columns)) for columns in sides]


def urgency(uses: Uses) -> tuple[bool, int]:
    """Sort key: tables that grow fast first, then what most people wait for."""
    grows = uses[0][1].table.growth in FAST_GROWTH
    return not grows, min(by_reach(site)[0] for site, _ in uses)


def problem(application: str, states: list[Uses]) -> Problem:
    """All of an application as one: most of them are fine as they are."""
    firsts = [min(uses, key=lambda use: by_reach(use[0])) for uses in states]
    subjects = [f"{j.table.name}.{','.join(j.verdict.columns)}" for _, j in firsts]
    one = len(states) == 1
    judged = firsts[0][1]
    indexes = [create_index(j.table, j.verdict.columns) for _, j in firsts]
    if one:
        columns = listed(judged.verdict.columns)
        message = (
            f"{judged.table.name} is searched by {columns} alone, and no index leads with it: each "
            "call reads the whole table. Where the state asked for is rare, an index of its rows "
            "alone finds them."
        )
    else:
        message = (
            f"{len(states)} states and flags are searched without an index, {named_columns(subjects)}: "
            "each call reads the whole table. Where the state asked for is rare (open, unsent, "
            "failed), an index of its rows alone finds them."
        )
    evidence = [Evidence(site.at, site.fact.text) for site, _ in firsts[:MAX_EVIDENCE]]
    data: dict[str, str | int | float | bool | list[str] | None]
    if one:
        data = {
            "table": judged.table.name,
            "columns": list(judged.verdict.columns),
            "suggested_index": indexes[0],
        }
    else:
        data = {"columns": subjects[:MAX_EVIDENCE], "suggested_indexes": indexes[:MAX_EVIDENCE]}
    return Problem(
        subject=subjects[0] if one else f"states of {called(application)}",
        message=message,
        evidence=tuple(evidence),
        data={**data, "engine": judged.table.dialect or None},
    )
