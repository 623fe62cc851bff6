"""A function around an indexed column keeps the index from being used."""

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
    Why,
    add_indexes,
    create_index,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, all_statements, called, named
from scaleaudit_rules.data._growth_signs import worth_an_index
from scaleaudit_rules.data._tables import (
    FAST_GROWTH,
    application_at,
    by_reach,
    milder,
    severity,
    unserved,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Judged, Location, QueryFound, Site, Table

VALIDATES = ("validates ", "validates(", "validates_uniqueness_of")
# Functions of a time that a half-open range says as well.
PARTS_OF_TIME = {"date", "year", "month", "day", "date_trunc"}


class NonSargablePredicateOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA, Dimension.TRAFFIC),
    layer=Layer.ENGINEERING,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.TO_1K,
    fixes=("sargable", "indexes"),
    options=NonSargablePredicateOptions,
)
def non_sargable_predicate(
    architecture: Architecture, options: NonSargablePredicateOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[tuple[str, str], list[tuple[Site[QueryFound], Judged]]] = {}
    for site, judged in unserved(architecture):
        if judged.verdict.why is Why.HIDDEN and judged.table.name not in ignored:
            key = judged.table.name, judged.verdict.columns[0]
            found.setdefault(key, []).append((site, judged))
    several: dict[tuple[str, str], list[tuple[Problem, str]]] = {}
    for key in sorted(found):
        uses = found[key]
        if any(worth_an_index(site, judged.table) for site, judged in uses):
            told = problem(key[1], uses)
            function = str(told.data["function"])
            advice = cure(function, "the column", [use for use, _ in uses])
            cause = application_at(architecture, uses[0][0].at), function
            several.setdefault(cause, []).append((told, advice))
    for (application, function), told_of in several.items():
        problems = [each for each, _ in told_of]
        if len(problems) < MANY:
            yield from problems
        else:
            advices = list(dict.fromkeys(advice for _, advice in told_of))
            yield habit(application, function, problems, advices)


def problem(expression: str, uses: list[tuple[Site[QueryFound], Judged]]) -> Problem:
    uses = sorted(uses, key=lambda use: by_reach(use[0]))
    site, judged = uses[0]
    table = judged.table
    engine = table.dialect
    predicate = next(p for p in judged.predicates if p.function)
    column, function = predicate.column, predicate.function.replace("(", " of ")
    evidence = [Evidence(each.at, each.fact.text) for each, _ in uses[:MAX_EVIDENCE]]
    place = index_place(table, column)
    if place is not None:
        evidence.append(Evidence(place, f"the index on {column}, which the function hides"))
    grows = table.growth in FAST_GROWTH
    grade = min(severity(table.growth, site.origin), Severity.MEDIUM, key=lambda s: s.rank)
    if all(use.fact.seldom for use, _ in uses):
        grade = milder(grade)
    shown = expression[1:-1] if expression.startswith("(") else expression
    # Where a range of the bare column says the same, the index that is there serves it; of a cast
    # none is proposed either, as the value is to have the column's type.
    wanted = expression.startswith("(") and predicate.function not in PARTS_OF_TIME
    return Problem(
        subject=f"{table.name}.{shown}",
        message=(
            f"{table.name} is searched by {function} of {column}: the index on {column} knows the "
            f"bare values, so each call reads the whole table. {cure(function, column, [use for use, _ in uses])}"
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "columns": [expression],
            "clause": ["filter"],
            "column": column,
            "function": function,
            "engine": engine or None,
            "suggested_index": create_index(table, (expression,)) if wanted else None,
            "origin": site.origin.value,
            "growth": table.growth.value,
        },
        severity=grade,
        confidence=Confidence.HIGH if grows else Confidence.MEDIUM,
        statements=add_indexes([(table, (expression,))]) if wanted else (),
    )


def habit(application: str, function: str, problems: list[Problem], advices: list[str]) -> Problem:
    """One function around many columns is one habit: one finding, the gravest first."""
    problems = sorted(problems, key=lambda p: -p.severity.rank if p.severity else 0)
    columns = [f"{p.data['table']}.{p.data['column']}" for p in problems]
    suggested = [str(p.data["suggested_index"]) for p in problems if p.data["suggested_index"]]
    engines = {p.data["engine"] for p in problems}
    return Problem(
        subject=f"{function} of columns of {called(application)}",
        message=(
            f"{len(problems)} columns are searched by {function}, {named(columns)}: their indexes know "
            f"the bare values, so each call reads the whole table. {' '.join(advices)}"
        ),
        evidence=tuple(p.evidence[0] for p in problems),
        data={
            "tables": list(dict.fromkeys(str(p.data["table"]) for p in problems)),
            "columns": columns,
            "clause": ["filter"],
            "function": function,
            "engine": engines.pop() if len(engines) == 1 else None,
            "suggested_indexes": suggested,
        },
        severity=problems[0].severity,
        confidence=problems[0].confidence,
        statements=all_statements(problems),
    )


def index_place(table: Table, column: str) -> Location | None:
    return next(
        (i.at for i in table.indexes if i.columns and i.columns[0].lower() == column.lower()), None
    )


def cure(function: str, column: str, sites: list[Site[QueryFound]]) -> str:
    if function in PARTS_OF_TIME:
        return f"Compare {column} itself with the beginning and the end of the time meant."
    if all(site.fact.text.startswith(VALIDATES) for site in sites):
        return (
            "`case_sensitive: false` makes the validation do so at each save: leave it out where the "
            "values are kept in one case, else make an index on the expression."
        )
    return "Make an index on the expression, or keep the values as they are compared."
