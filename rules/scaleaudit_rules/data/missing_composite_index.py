"""A query looks through all rows of one parent, for want of a second column in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Options,
    Phase,
    Problem,
    Severity,
    rule,
    wider,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, listed
from scaleaudit_rules.data._growth_signs import worth_an_index
from scaleaudit_rules.data._tables import FAST_GROWTH, by_reach, create_index, judged_sites, weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Judged, QueryFound, Site


class MissingCompositeIndexOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables of which one parent never has many rows."""


@rule(
    dimensions=(Dimension.DATA, Dimension.TRAFFIC),
    layer=Layer.ENGINEERING,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_10K,
    fixes=("composite-indexes",),
    options=MissingCompositeIndexOptions,
)
def missing_composite_index(
    architecture: Architecture, options: MissingCompositeIndexOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[tuple[str, frozenset[str]], list[tuple[Site[QueryFound], Judged, tuple[str, ...]]]]
    found = {}
    for site, judged in judged_sites(architecture):
        table = judged.table
        if table.name in ignored or table.growth not in FAST_GROWTH or judged.joined:
            continue
        columns = wider(table, judged.predicates, judged.verdict, limited=site.fact.limited)
        if columns and worth_an_index(site, table):
            key = table.name, frozenset(c.lower() for c in columns)
            found.setdefault(key, []).append((site, judged, columns))
    for key in sorted(found, key=lambda k: (k[0], sorted(k[1]))):
        yield problem(architecture, found[key])


def narrowing(index: tuple[str, ...], columns: tuple[str, ...]) -> list[str]:
    """Those of the columns that an index uses: up to the first of its own that is not asked for.

    A tenant's column may stand in front without being asked for.
    """
    wanted = {column.lower(): column for column in columns}
    asked = [each.lower() in wanted for each in index]
    start = asked.index(True) if True in asked else 0
    end = next((at for at in range(start, len(index)) if not asked[at]), len(index))
    return [wanted[each.lower()] for each in index[start:end]] or list(columns[:1])


def problem(
    architecture: Architecture, uses: list[tuple[Site[QueryFound], Judged, tuple[str, ...]]]
) -> Problem:
    uses = sorted(uses, key=lambda use: by_reach(use[0]))
    site, judged, columns = uses[0]
    table, index = judged.table, judged.verdict.index
    assert index is not None  # `wider` has seen it
    engine = table.dialect
    evidence = [Evidence(each.at, each.fact.text) for each, _, _ in uses[:MAX_EVIDENCE]]
    if index.at is not None:
        evidence.append(Evidence(index.at, f"the index on {listed(index.columns)}"))
    served = narrowing(index.columns, columns)
    rest = [c for c in columns if c not in served]
    return Problem(
        subject=f"{table.name}.{'+'.join(columns)}",
        message=(
            f"{table.name} is searched by {listed(columns)}, and the index ends after "
            f"{listed(tuple(served))}: each call looks through all rows that share it for "
            f"{listed(tuple(rest))}."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "columns": list(columns),
            "clause": list(dict.fromkeys(p.clause.value for p in judged.predicates)),
            "engine": engine or None,
            "suggested_index": create_index(table, columns, engine),
            "origin": site.origin.value,
            "growth": table.growth.value,
            "index": list(index.columns),
        },
        severity=Severity.MEDIUM if len(uses) > 1 else Severity.LOW,
        weight=weight(table, len(uses)),
    )
