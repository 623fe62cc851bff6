"""References that searches go by and that have no index: where they are many, one habit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Confidence, Evidence, Problem, Severity
from scaleaudit_rules._telling import all_statements, called, named_columns
from scaleaudit_rules.data._tables import application_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Architecture, Judged, QueryFound, Site

    Uses = list[tuple[Site[QueryFound], Judged]]

HABIT = 10  # references without an index
MAX_TOLD = 200


def as_habits(architecture: Architecture, found: list[tuple[Problem, Uses]]) -> Iterator[Problem]:
    """The problems, but for references of tables that do not grow fast: many of them are one."""
    groups: dict[tuple[str, bool], list[tuple[Problem, Uses]]] = {}
    for problem, uses in found:
        table = uses[0][1].table
        if problem.severity is Severity.HIGH or not refers(uses):
            yield problem
            continue
        doubtful = problem.confidence is Confidence.LOW  # the engine may index them by itself
        key = application_at(architecture, table.at), doubtful
        groups.setdefault(key, []).append((problem, uses))
    for (application, doubtful), several in groups.items():
        if len(several) < HABIT:
            yield from (problem for problem, _ in several)
        else:
            subject = f"references of {called(application)}"
            yield habit(f"{subject}, in doubt" if doubtful else subject, several)


def refers(uses: Uses) -> bool:
    """Whether the column that is searched first leads to another table."""
    table, column = uses[0][1].table, uses[0][1].verdict.columns[0].lower()
    return any(key.columns[0].lower() == column for key in table.foreign_keys)


def habit(subject: str, several: list[tuple[Problem, Uses]]) -> Problem:
    """The references that most places ask for come first."""
    several = sorted(several, key=lambda each: (-len(each[1]), each[0].subject))[:MAX_TOLD]
    columns = [f"{p.data['table']}.{','.join(listed_columns(p))}" for p, _ in several]
    first = several[0][0]
    return Problem(
        subject=subject,
        message=(
            f"{len(several)} references to other tables are searched and have no index, "
            f"{named_columns(columns)}: each call reads the whole table. Where references are declared, let "
            "an index be declared with them."
        ),
        evidence=tuple(Evidence(uses[0][0].at, uses[0][0].fact.text) for _, uses in several),
        data={
            "columns": columns,
            "suggested_indexes": [str(p.data["suggested_index"]) for p, _ in several],
            "engine": first.data["engine"],
            "origin": first.data["origin"],
        },
        severity=first.severity,
        confidence=Confidence.LOW if first.confidence is Confidence.LOW else Confidence.MEDIUM,
        weight=first.weight,
        statements=all_statements(p for p, _ in several),
    )


def listed_columns(problem: Problem) -> list[str]:
    columns = problem.data["columns"]
    return [str(each) for each in columns] if isinstance(columns, list) else []
