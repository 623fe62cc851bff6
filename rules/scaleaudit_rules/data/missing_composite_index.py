"""A query looks through all rows of one parent, for want of a second column in the index."""

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
    add_indexes,
    create_index,
    few_values,
    rule,
    wider,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, SEVERAL, called, listed, named, named_columns
from scaleaudit_rules.data._choices import are_choices, few_parts, placed_by_hand
from scaleaudit_rules.data._growth_signs import filled_by_use, worth_an_index
from scaleaudit_rules.data._many_for_one import many_for_one
from scaleaudit_rules.data._table_names import PEOPLE
from scaleaudit_rules.data._tables import (
    FAST_GROWTH,
    application_at,
    by_reach,
    judged_sites,
    weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Judged, QueryFound, Schema, Site, Table

    Uses = list[tuple[Site[QueryFound], Judged, tuple[str, ...]]]

FORM = 3  # ways in which one function lists a table: its filters are given or not
COLUMNS = "<columns>"
LISTED = (
    f"{{table}} is listed by filters that may be given or not, {COLUMNS}, and each time the index ends "
    "after the first: each call looks through all rows that share it."
)
SPREAD = (
    f"searches go on by a column that the index they use does not hold, {COLUMNS}: each looks through "
    "all rows that share the first, "
)
PRESSING = "of which there are more every day."
MILD = "which is felt where one of them has gathered many."


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
    found: dict[tuple[str, frozenset[str]], Uses] = {}
    for site, judged in judged_sites(architecture):
        table = judged.table
        if table.name in ignored or not grows(table) or judged.joined:
            continue
        columns = wider(table, judged.predicates, judged.verdict, limited=judged.limited)
        if columns and worth_an_index(site, table) and not is_short(judged, columns):
            key = table.name, frozenset(c.lower() for c in columns)
            found.setdefault(key, []).append((site, judged, columns))
    forms: dict[object, list[Uses]] = {}
    told: dict[tuple[str, Severity], list[Uses]] = {}
    for key in sorted(found, key=lambda k: (k[0], sorted(k[1]))):
        forms.setdefault(form_of(key, found[key]), []).append(found[key])
    for several in forms.values():
        if len(several) >= FORM:
            yield folded(several, LISTED.format(table=several[0][0][1].table.name))
            continue
        for uses in several:
            grade = Severity.MEDIUM if pressing(architecture.schema, uses) else Severity.LOW
            application = application_at(architecture, uses[0][1].table.at)
            told.setdefault((application, grade), []).append(uses)
    for (application, grade), several in sorted(told.items()):
        if len(several) < (FORM if grade is Severity.MEDIUM else SEVERAL):
            yield from (problem(uses, grade) for uses in several)
        else:
            yield of_application(application, grade, several)


def of_application(application: str, grade: Severity, several: list[Uses]) -> Problem:
    """What several tables or columns have in common as one, with the places."""
    harm = PRESSING if grade is Severity.MEDIUM else MILD
    which = "Second" if grade is Severity.MEDIUM else "Further second"
    return replace(
        folded(several, f"{len(several)} {SPREAD}{harm}"),
        subject=f"{which} columns of searches of {called(application)}",
        severity=grade,
    )


def pressing(schema: Schema, uses: Uses) -> bool:
    """Somebody waits for it, and rows gather for each of what the index finds, without end."""
    return any(
        site.origin is Origin.HANDLER
        and many_for_one(schema, judged.table, served(judged, columns))
        for site, judged, columns in uses
    )


def grows(table: Table) -> bool:
    """Rows come without end, as statements say, or as a mapper fills what belongs to people and time."""
    return table.growth in FAST_GROWTH or (table.inserted and filled_by_use(table))


def is_short(judged: Judged, columns: tuple[str, ...]) -> bool:
    """Few rows share the first columns, or an index would leave out few more of them.

    What people keep in order or choose from, what something is made of, the people of one group; and
    whether a state is past some step, which as a flag parts the rows in two.
    """
    rest, table = rest_of(judged, columns), judged.table
    return (
        PEOPLE.search(table.words) is not None
        or all(map(placed_by_hand, rest))
        or all(few_values(table, column) for column in rest)
        or any(
            are_choices(table, column) or few_parts(table, column)
            for column in served(judged, columns)
        )
    )


def served(judged: Judged, columns: tuple[str, ...]) -> list[str]:
    """Those of the columns by which the index finds rows."""
    rest = rest_of(judged, columns)
    return [column for column in columns if column not in rest]


def rest_of(judged: Judged, columns: tuple[str, ...]) -> list[str]:
    """Those of the columns for which the index does nothing."""
    index = judged.verdict.index
    used = narrowing(index.columns, columns) if index is not None else []
    return [column for column in columns if column not in used]


def form_of(key: tuple[str, frozenset[str]], uses: Uses) -> object:
    """The one function that asks, with the table: its filters are given or not, as somebody wants."""
    functions = {(site.at.path, site.fact.scope) for site, _, _ in uses}
    return (key[0], *functions) if len(functions) == 1 else key


def folded(several: list[Uses], message: str) -> Problem:
    """As the problem of the first, with the others named; `message`: with a hole for the columns."""
    several = sorted(several, key=lambda each: min(by_reach(site) for site, _, _ in each))
    first = problem(several[0], Severity.MEDIUM)
    uses = [min(each, key=lambda use: by_reach(use[0])) for each in several]
    tables = {judged.table.name for _, judged, _ in uses}
    if len(tables) == 1:
        shown = named([" + ".join(columns) for _, _, columns in uses])
    else:
        shown = named_columns([f"{j.table.name}.{','.join(columns)}" for _, j, columns in uses])
    evidence = [Evidence(site.at, site.fact.text) for site, _, _ in uses[:MAX_EVIDENCE]]
    kept = {k: v for k, v in first.data.items() if k not in ("table", "suggested_index", "index")}
    return replace(
        first,
        message=message.replace(COLUMNS, shown),
        evidence=tuple(evidence),
        data={
            **kept,
            "columns": [f"{j.table.name}.{','.join(columns)}" for _, j, columns in uses],
            "unserved": [f"{j.table.name}.{','.join(rest_of(j, c))}" for _, j, c in uses],
            "suggested_indexes": [create_index(j.table, columns) for _, j, columns in uses],
        },
        statements=add_indexes((j.table, columns) for _, j, columns in uses),
    )


def narrowing(index: tuple[str, ...], columns: tuple[str, ...]) -> list[str]:
    """Those of the columns that an index uses: up to the first of its own that is not asked for.

    A tenant's column may stand in front without being asked for.
    """
    wanted = {column.lower(): column for column in columns}
    asked = [each.lower() in wanted for each in index]
    start = asked.index(True) if True in asked else 0
    end = next((at for at in range(start, len(index)) if not asked[at]), len(index))
    return [wanted[each.lower()] for each in index[start:end]] or list(columns[:1])


def problem(uses: Uses, severity: Severity) -> Problem:
    uses = sorted(uses, key=lambda use: by_reach(use[0]))
    site, judged, columns = uses[0]
    table, index = judged.table, judged.verdict.index
    assert index is not None  # `wider` has seen it
    engine = table.dialect
    evidence = [Evidence(each.at, each.fact.text) for each, _, _ in uses[:MAX_EVIDENCE]]
    if index.at is not None:
        evidence.append(Evidence(index.at, f"the index on {listed(index.columns)}"))
    rest = rest_of(judged, columns)
    return Problem(
        subject=f"{table.name}.{'+'.join(columns)}",
        message=(
            f"{table.name} is searched by {listed(columns)}, and the index ends after "
            f"{listed(tuple(served(judged, columns)))}: each call looks through all rows that share it for "
            f"{listed(tuple(rest))}."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "columns": list(columns),
            "unserved": rest,
            "clause": list(dict.fromkeys(p.clause.value for p in judged.predicates)),
            "engine": engine or None,
            "suggested_index": create_index(table, columns),
            "origin": site.origin.value,
            "growth": table.growth.value,
            "index": list(index.columns),
        },
        severity=severity,
        weight=weight(table, len(uses)),
        statements=add_indexes([(table, columns)]),
    )
