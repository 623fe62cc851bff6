"""Searches of tables that fill, which few people or nobody may ever make: told together, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Confidence,
    Evidence,
    Growth,
    Origin,
    Problem,
    Severity,
    Why,
    add_indexes,
    create_index,
    regex,
)
from scaleaudit_rules._telling import called, named, named_columns
from scaleaudit_rules.data._growth_signs import (
    TEXT,
    filled_by_use,
    is_stamp,
    stamped,
    worth_an_index,
)
from scaleaudit_rules.data._table_names import CONFIGURED, KINDS
from scaleaudit_rules.data._tables import FAST_GROWTH, application_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Architecture, Judged, QueryFound, Site

    Use = tuple[Site[QueryFound], Judged]
    Uses = list[Use]

MAX_TOLD = 40  # columns of one finding
OFFERING = (Origin.HANDLER, Origin.UNKNOWN)
CHECKED = "checked"
STAFF = "staff"
OFFERED = "offered"
PARTLY = "partly"
SUBJECTS = {
    CHECKED: "checks of uniqueness of {}",
    STAFF: "lists of the staff of {}",
    OFFERED: "filters that lists of {} offer",
    PARTLY: "searches of {} that are made in several places",
}
MESSAGES = {
    CHECKED: (
        "Each save of {tables} asks whether {columns} is taken, and no index starts with it: the "
        "check reads the whole table, and two saves at the same moment may both pass it. A unique "
        "index answers the one and forbids the other."
    ),
    STAFF: (
        "Pages or commands of the staff search or sort {tables} by columns without an index, "
        "{columns}: each call reads the whole table. Few people wait for it, and it is felt where a "
        "table has grown large."
    ),
    OFFERED: (
        "Lists offer filters and orders by columns of {tables} that have no index, {columns}: each "
        "call that makes use of one reads the whole table. Index those that are asked for, and "
        "offer no others."
    ),
    PARTLY: (
        "Searches of {tables}, to which other parts of the code may add conditions, find or sort rows "
        "by columns without an index, {columns}: unless what is added has one, each call reads the "
        "whole table."
    ),
}
# How queries of validations in Rails, Laravel and Symfony begin.
CHECKS = regex(r"^validates?(?:_\w+)?\b|^unique:|^Rule::unique\b|^UniqueEntity\(")


def only_checked(uses: Uses) -> bool:
    """Nothing but checks asks, when a row is saved."""
    return all(is_check(*use) for use in uses)


def is_check(site: Site[QueryFound], judged: Judged) -> bool:
    """A validation, or a search for another row that says the same."""
    if CHECKS.match(site.fact.text):
        return True
    key = judged.table.primary_key
    return any(p.operator == "!=" and p.column in key for p in judged.predicates) and not any(
        p.operator != "=" and p.column not in key for p in judged.predicates
    )


def worth_telling(uses: Uses) -> Uses:
    """Of what the staff ask by one column; empty where nothing says that the table fills."""
    table = uses[0][1].table
    if any(site.fact.library in TEXT for site, _ in uses) or table.growth in FAST_GROWTH:
        return uses
    if CONFIGURED.search(table.words) or KINDS.search(table.words):
        return []
    if not (filled_by_use(table) or (table.inserted and stamped(table))):
        return []
    return [use for use in uses if not of_few(use)]


def of_few(use: Use) -> bool:
    """A filter that a list offers: of other columns than moments it names the few values there are."""
    site, judged = use
    column = judged.table.column(judged.verdict.columns[0])
    return site.fact.streamed and (column is None or not is_stamp(column.name, column.type))


def offered(architecture: Architecture) -> Iterator[Use]:
    """Filters and orders that no index serves, of tables that fill."""
    for site, mentions in architecture.judged_queries:
        if not site.fact.offered or site.origin not in OFFERING:
            continue
        for judged in mentions:
            table, verdict = judged.table, judged.verdict
            if not verdict.is_problem or verdict.why is Why.HIDDEN or judged.joined:
                continue
            if table.growth is Growth.STATIC or table.columnar or CONFIGURED.search(table.words):
                continue
            if worth_an_index(site, table, verdict.columns[0]):
                yield site, judged


def together(architecture: Architecture, kind: str, found: list[Uses]) -> Iterator[Problem]:
    """One problem for each application; `kind`: who may ask, `STAFF` or `OFFERED`."""
    by_application: dict[str, list[Uses]] = {}
    for uses in found:
        application = application_at(architecture, uses[0][1].table.at)
        by_application.setdefault(application, []).append(uses)
    for application, several in sorted(by_application.items()):
        yield problem(application, kind, sorted(several, key=urgency))


def urgency(uses: Uses) -> tuple[bool, bool, int]:
    """Sort key: tables that fill by use first, then orders, which each visit of a list asks for."""
    ordered = any(judged.verdict.why is Why.SORT for _, judged in uses)
    return not filled_by_use(uses[0][1].table), not ordered, -len(uses)


def problem(application: str, kind: str, several: list[Uses]) -> Problem:
    firsts = [uses[0] for uses in several]
    tables = list(dict.fromkeys(judged.table.name for _, judged in firsts))
    asked = [f"{j.table.name}.{','.join(j.verdict.columns)}" for _, j in firsts]
    one, checks = len(several) == 1, kind == CHECKED
    judged = firsts[0][1]
    wanted = [(each.table, each.verdict.columns) for _, each in firsts[:MAX_TOLD]]
    return Problem(
        subject=asked[0] if one else SUBJECTS[kind].format(called(application)),
        message=MESSAGES[kind].format(tables=named(tables), columns=named_columns(asked)),
        evidence=tuple(Evidence(site.at, site.fact.text) for site, _ in firsts[:MAX_TOLD]),
        data={
            **({"table": judged.table.name} if one else {}),
            "columns": list(judged.verdict.columns) if one else asked[:MAX_TOLD],
            "suggested_indexes": [create_index(*each) for each in wanted],
            "engine": judged.table.dialect or None,
            "origin": firsts[0][0].origin.value,
        },
        severity=Severity.MEDIUM if checks and fills(several) else Severity.LOW,
        confidence=Confidence.MEDIUM if checks else Confidence.LOW,
        # What is checked for being the only one asks for a unique index, which the rows may not allow.
        statements=() if checks else add_indexes(wanted),
    )


def fills(several: list[Uses]) -> bool:
    return any(uses[0][1].table.growth in FAST_GROWTH for uses in several)
