"""Searches without an index that are one habit: by references, or by one name in many tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import Confidence, Evidence, Problem, Severity
from scaleaudit_rules._telling import all_statements, called, named, named_columns
from scaleaudit_rules.data._growth_signs import REFERENCE
from scaleaudit_rules.data._table_names import one_or_many
from scaleaudit_rules.data._tables import application_at, by_reach

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Judged, QueryFound, Site

    Uses = list[tuple[Site[QueryFound], Judged]]
    Found = list[tuple[Problem, Uses]]

HABIT = 10  # references without an index
ALIKE = 4  # tables that are searched by a column of one name
MAX_TOLD = 200


def as_habits(architecture: Architecture, found: Found) -> tuple[list[Problem], Found]:
    """Of tables that do not grow fast, many of one cause as one; and the problems that are left."""
    told: list[Problem] = []
    rest: Found = []
    few: Found = []
    groups: dict[tuple[str, bool], Found] = {}
    for problem, uses in found:
        table = uses[0][1].table
        if problem.severity is Severity.HIGH or not refers(architecture, uses):
            rest.append((problem, uses))
            continue
        doubtful = problem.confidence is Confidence.LOW  # the engine may index them by itself
        key = application_at(architecture, table.at), doubtful
        groups.setdefault(key, []).append((problem, uses))
    for (application, doubtful), several in groups.items():
        if len(several) < HABIT:
            few += several
        else:
            subject = f"references of {called(application)}"
            told.append(habit(f"{subject}, in doubt" if doubtful else subject, several))
    named_alike, rest = of_one_name(architecture, rest)
    return [*told, *named_alike], rest + few


def of_one_name(architecture: Architecture, found: Found) -> tuple[list[Problem], Found]:
    """Those of many tables with a column of one name, such as `name`, as one; and the others."""
    told: list[Problem] = []
    rest: Found = []
    groups: dict[tuple[str, str], Found] = {}
    for problem, uses in found:
        judged = uses[0][1]
        if problem.severity is Severity.HIGH:
            rest.append((problem, uses))
            continue
        column = judged.verdict.columns[0].lower()
        key = application_at(architecture, judged.table.at), column
        groups.setdefault(key, []).append((problem, uses))
    for (application, column), several in groups.items():
        if len(several) < ALIKE:
            rest += several
        else:
            told.append(alike(f"{column} in tables of {called(application)}", column, several))
    return told, rest


def alike(subject: str, column: str, several: list[tuple[Problem, Uses]]) -> Problem:
    folded = habit(subject, several)
    most_asked = sorted(several, key=lambda each: -len(each[1]))
    columns = [f"{p.data['table']}.{column}" for p, _ in most_asked]
    return replace(
        folded,
        message=(
            f"{len(several)} tables are searched by {named(columns)}, and none has an index "
            "that starts with it: each call reads a whole table."
        ),
        severity=max((p.severity or Severity.INFO for p, _ in several), key=lambda s: s.rank),
        confidence=several[0][0].confidence,
    )


def refers(architecture: Architecture, uses: Uses) -> bool:
    """Whether the column that is searched first leads to another table: by a key, or by its name."""
    table, column = uses[0][1].table, uses[0][1].verdict.columns[0].lower()
    if any(column in (each.lower() for each in key.columns) for key in table.foreign_keys):
        return True
    if REFERENCE.search(column) is None:
        return False
    named = one_or_many(column.removesuffix("_id"))
    return any(each in architecture.schema.tables for each in named)


def habit(subject: str, several: list[tuple[Problem, Uses]]) -> Problem:
    """The references that most places ask for come first."""
    several = sorted(several, key=lambda each: (-len(each[1]), each[0].subject))[:MAX_TOLD]
    columns = [f"{p.data['table']}.{','.join(listed_columns(p))}" for p, _ in several]
    first = several[0][0]
    firsts = [min((site for site, _ in uses), key=by_reach) for _, uses in several]
    return Problem(
        subject=subject,
        message=(
            f"{len(several)} references to other tables are searched and have no index, "
            f"{named_columns(columns)}: each call reads the whole table. Where references are declared, let "
            "an index be declared with them."
        ),
        evidence=tuple(Evidence(site.at, site.fact.text) for site in firsts),
        data={
            "columns": columns,
            "suggested_indexes": [str(p.data["suggested_index"]) for p, _ in several],
            "engine": first.data["engine"],
            "origin": min(firsts, key=by_reach).origin.value,
        },
        severity=max((p.severity or Severity.INFO for p, _ in several), key=lambda s: s.rank),
        # That one of them is seldom asked may be; that none of so many matters is not.
        confidence=Confidence.LOW if first.confidence is Confidence.LOW else Confidence.HIGH,
        weight=first.weight,
        statements=all_statements(p for p, _ in several),
    )


def listed_columns(problem: Problem) -> list[str]:
    columns = problem.data["columns"]
    return [str(each) for each in columns] if isinstance(columns, list) else []
