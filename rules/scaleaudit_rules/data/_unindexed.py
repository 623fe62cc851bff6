"""What is said of one table that is searched by a column without an index."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import (
    Architecture,
    Clause,
    Confidence,
    Evidence,
    Origin,
    Problem,
    Severity,
    Why,
    add_indexes,
    create_index,
    leading_index,
    regex,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, listed
from scaleaudit_rules.data._growth_signs import TELLS_APART, is_stamp, kept_by_hand
from scaleaudit_rules.data._heat import RELATION, happens, heat
from scaleaudit_rules.data._optional_filters import beside_served_key
from scaleaudit_rules.data._table_names import (
    PEOPLE,
    SHARED_BY_MANY,
)
from scaleaudit_rules.data._tables import (
    DELETES,
    FAST_GROWTH,
    asked_by,
    by_reach,
    may_be_indexed,
    milder,
    passing,
    severity,
)
from scaleaudit_rules.data._whole_reads import FOR_STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.api import Judged, QueryFound, Site, Table, Verdict

    Uses = list[tuple[Site[QueryFound], Judged]]

# What one row or few share: a reference, a name, a number, a token.
ONE_OR_FEW = regex(
    rf"{TELLS_APART.pattern}|_?id$|(?:^|_)(?:name|title|slug|code|key|number|no|uid|path|url)$|^\("
)
# Of queues inside the database: workers empty them.
PASSING = regex(r"^(?:failed_|delayed_)?jobs$|^job_batches$|^(?:good_job|solid_queue)_?\w*$")
POINTS = regex(r"_?u?id$|_uuid$|_key$")
# `UPDATE lines SET product_id = 5 WHERE product_id = 7`: all that one row had is another's now.
HANDED_OVER = regex(
    r"(?is)\bset\s+[`\"\[]?(\w+_?id)[`\"\]]?\s*=.{1,200}?\bwhere\s+[`\"\[]?\1[`\"\]]?\s*="
)
PLAIN_RELATION = regex(r"^[A-Z][\w:]*\.[a-z]+$")  # called as anything may be
MAX_ORDERS = 3  # of the same rows
MAX_COLUMNS = 4  # of an index: the first few find the rows


def problem(
    architecture: Architecture,
    name: str,
    leading: str,
    uses: list[tuple[Site[QueryFound], Judged]],
) -> Problem:
    uses = sorted(uses, key=lambda use: code_first(use[0]))
    site, judged = uses[0]
    table, verdict = judged.table, judged.verdict
    columns = widest(verdict.columns, [use[1].verdict.columns for use in uses])[:MAX_COLUMNS]
    indexes = [columns, *other_orders(columns, uses)]
    engine = table.dialect
    # Who fills a database with examples, or runs the product, adds nothing to what its users ask.
    by_all = [each for each, _ in uses]
    asking = [each for each in by_all if each.origin is not Origin.ADMIN] or by_all
    places = {each.at: Evidence(each.at, each.fact.text) for each in reversed(asking)}
    evidence = [places[at] for at in dict.fromkeys(each.at for each in asking)][:MAX_EVIDENCE]
    if table.at is not None:
        evidence.append(Evidence(table.at, f"table {name} is defined here"))
    doubtful = may_be_indexed(architecture, table, leading)
    walked = walks_an_order(uses)
    made = [create_index(table, each) for each in indexes]
    clauses = list(dict.fromkeys(p.clause.value for _, use in uses for p in use.predicates))
    return Problem(
        subject=f"{name}.{leading[1:-1] if leading.startswith('(') else leading}",
        message=message(
            name,
            without_led(table, verdict),
            extreme=site.fact.aggregate,
            walked=walked,
            orders=[each[-1] for each in indexes],
        )
        + asked_by(site.origin),
        evidence=tuple(evidence),
        data={
            "table": name,
            "columns": list(columns),
            "clause": clauses,
            "engine": engine or None,
            "suggested_index": made[0],
            "origin": site.origin.value,
            "growth": table.growth.value,
            "reason": verdict.why.value,
            **({"suggested_indexes": made} if len(made) > 1 else {}),
        },
        severity=Severity.LOW if doubtful or walked else gravity(architecture, uses),
        confidence=Confidence.LOW if doubtful else confidence(uses),
        weight=heat(architecture, uses),
        statements=add_indexes((table, each) for each in indexes),
    )


def code_first(site: Site[QueryFound]) -> tuple[int, bool, str, int]:
    """Sort key: as `by_reach`, and of equals what code asks before what a model declares."""
    reach, path, line = by_reach(site)
    return reach, RELATION.match(site.fact.text) is not None, path, line


def other_orders(columns: tuple[str, ...], uses: Uses) -> list[tuple[str, ...]]:
    """What asks for the same rows in another order needs an index of its own for that."""
    if uses[0][1].verdict.why is not Why.SORT:
        return []
    sorts = (each.verdict.columns for _, each in uses if each.verdict.why is Why.SORT)
    found = {each[-1]: each for each in sorts if each[-1] not in columns and len(each) > 1}
    return [each for each in found.values() if each[:-1] == columns[: len(each) - 1]][:MAX_ORDERS]


def widest(first: tuple[str, ...], others: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The columns of the search that asks for most, of those that begin as the first one does.

    The message names the columns of the first: an index that begins otherwise would surprise.
    """
    begun = [columns for columns in others if columns[: len(first)] == first]
    asked = Counter(begun)
    return max(begun, key=lambda columns: (len(columns), asked[columns], columns), default=first)


def gravity(architecture: Architecture, uses: Uses) -> Severity:
    """How bad it is once the table has grown; what somebody keeps, or uses up, hardly does."""
    site, judged = uses[0]
    grade = severity(judged.table.growth, site.origin)
    if not seems_to_fill(judged.table, judged.verdict.columns[0]):
        grade = milder(grade)
    if all(
        seldom_asked(each, judged) or beside_served_key(architecture, each) for each, judged in uses
    ):
        grade = milder(grade)
    if all(each.fact.declared and each.fact.seldom for each, _ in uses):
        grade = milder(grade)  # asked of some rows alone, if ever
    sorted_alone = all(each.verdict.why is Why.SORT for _, each in uses)
    if sorted_alone and not happens(judged.table):
        grade = milder(grade)  # a page of people or of things: most often a list of the staff's
    short = kept_by_hand(judged.table) or judged.table.name in passing(architecture)
    short = short or SHARED_BY_MANY.search(judged.table.words) is not None
    return milder(grade) if short else grade


def seems_to_fill(table: Table, column: str) -> bool:
    """Code fills it, its name says so, or the search is for what refers to or is one of many."""
    if table.growth in FAST_GROWTH or happens(table) or PEOPLE.search(table.words):
        return True
    return any(each.search(column.lower()) for each in (TELLS_APART, POINTS))


def seldom_asked(site: Site[QueryFound], judged: Judged) -> bool:
    """By the staff, when something is deleted or merged with another, or where no caller was seen.

    A relation is there for whoever reads it; whether anybody does cannot be told of a single word.
    """
    if site.fact.declared or site.fact.seldom or FOR_STAFF.search(site.at.path):
        return True
    if PLAIN_RELATION.match(site.fact.text):
        return True
    if PASSING.match(judged.table.name.lower()):
        return True
    if site.fact.writes and HANDED_OVER.search(site.fact.text):
        return True
    deletes = site.fact.writes and DELETES.search(site.fact.text) is not None
    # A token that was used is thrown away with each visit.
    return bool(deletes) and not any(map(TELLS_APART.search, judged.verdict.columns))


def walks_an_order(uses: Uses) -> bool:
    """Each search is of many rows, and cut off in the order of a moment that an index keeps.

    The engine may go through that index until enough rows fit. Where few rows do, as of one person,
    that is most of the table.
    """
    return all(
        judged.limited
        and not site.fact.aggregate
        and judged.verdict.why is Why.MISSING
        and ONE_OR_FEW.search(judged.verdict.columns[0].lower()) is None
        and ordered_by_moment(judged)
        for site, judged in uses
    )


def ordered_by_moment(judged: Judged) -> bool:
    table = judged.table
    by = next((p.column for p in judged.predicates if p.clause is Clause.SORT), None)
    column = table.column(by) if by else None
    return (
        column is not None
        and is_stamp(column.name, column.type)
        and leading_index(table, column.name) is not None
    )


def without_led(table: Table, verdict: Verdict) -> Verdict:
    """Of what no index starts with: a sort that one could give is not among it."""
    led = {index.columns[0] for index in table.indexes if index.columns}
    kept = (*verdict.columns[:1], *(each for each in verdict.columns[1:] if each not in led))
    return replace(verdict, columns=kept) if verdict.why is Why.MISSING else verdict


def message(
    table: str,
    verdict: Verdict,
    *,
    extreme: bool = False,
    walked: bool = False,
    orders: Sequence[str] = (),
) -> str:
    """What is searched, and what an index lacks.

    `extreme`: the query asks for nothing but the greatest or the least value of a column; `walked`:
    it is cut off in an order that an index keeps; `orders`: all in which the same rows are asked for.
    """
    why, columns = verdict.why, verdict.columns
    what = listed(columns)
    if why is Why.MISSING and verdict.index is not None:
        few = verdict.index.columns[0]
        return (
            f"{table} is searched by {what}, and the only index begins with {few}, of which many "
            "rows share a value: each call reads a large part of the table."
        )
    if why is Why.SORT and extreme:
        return (
            f"The greatest or least {columns[-1]} of {table} is asked for, and no index keeps that "
            "order: each call reads the whole table for one value."
        )
    if why is Why.SORT:
        return (
            f"{table} is sorted by {' or by '.join(orders or columns[-1:])} and cut off, and no "
            f"index gives that order: "
            "each call reads and sorts the whole table for a few rows."
        )
    if why is Why.ONE_SIDE:
        return (
            f"{table} is searched by conditions joined by OR, and {what} has no index: one side "
            "of an OR without an index makes each call read the whole table."
        )
    if walked:
        return (
            f"{table} is searched by {what}, and no index starts with any of it: each call goes "
            "through the rows in the order that it asks for, until enough of them fit."
        )
    return f"{table} is searched by {what}, and no index starts with any of it: each call reads the whole table."


def confidence(uses: Uses) -> Confidence:
    """High where something is seen to ask, and the table to grow."""
    judged = uses[0][1]
    seen = not all(each.fact.declared for each, _ in uses)
    sure = seen and judged.verdict.why is Why.MISSING and not judged.joined
    return Confidence.HIGH if sure and judged.table.growth in FAST_GROWTH else Confidence.MEDIUM
