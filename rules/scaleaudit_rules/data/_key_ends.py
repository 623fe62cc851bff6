"""Where a key of few bits ends, and how soon its table comes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Growth, Severity, regex
from scaleaudit_rules.data._growth_signs import kept_by_hand
from scaleaudit_rules.data._table_names import (
    COMES_DAILY,
    MANY_FOR_EACH,
    PEOPLE_AND_GROUPS,
    RECORDED,
    one_or_many,
)

if TYPE_CHECKING:
    from scaleaudit.api import Column, Schema, Table

# Type -> its largest value (manuals of PostgreSQL, MySQL, SQL Server; MySQL's UNSIGNED doubles it).
LARGEST = {
    "INT": 2**31 - 1, "INTEGER": 2**31 - 1, "INT4": 2**31 - 1, "SERIAL": 2**31 - 1, "SERIAL4": 2**31 - 1,
    "MEDIUMINT": 2**23 - 1, "SMALLINT": 2**15 - 1, "INT2": 2**15 - 1, "SMALLSERIAL": 2**15 - 1,
    "SERIAL2": 2**15 - 1, "TINYINT": 2**7 - 1,
}  # fmt: skip
# What is written down of a thing, each time that somebody does something with it.
WRITTEN_DOWN = regex(
    r"(?:^|_)(?:events?|logs?|histor(?:y|ies)|activit(?:y|ies)|audits?|comments?|changes?|revisions?|versions?|attempts?)$"
)
# What a program writes down by itself, many times for each thing that somebody does. What people say to
# each other, hand in and are told of fills such a key in decades.
BY_ITSELF = regex(
    r"(?:^|_)(?:events?|logs?|histor(?:y|ies)|activit(?:y|ies)|visits?|readings?|audits?|clicks?|views?|hits?"
    r"|metrics?|samples?|snapshots?|requests?|measurements?|jobs?)$"
)
FOR_THINGS = 3  # tables that refer to one


def largest(column: Column, engine: str) -> int:
    """The greatest number that the column holds; 0 when it is wide enough or no integer.

    SERIAL in MySQL is a BIGINT UNSIGNED.
    """
    base, _, rest = kind_of(column, engine).partition(" ")
    if engine == "mysql" and base == "SERIAL":
        return 0
    top = LARGEST.get(base, 0)
    return top * 2 + 1 if top and "UNSIGNED" in rest else top


def kind_of(column: Column, engine: str) -> str:
    """Its type; what a mapper calls unsigned has a sign where the engine knows nothing else."""
    return column.type if engine in ("", "mysql") else column.type.replace(" UNSIGNED", "")


def of_a_thing(schema: Schema, table: Table, known: Severity) -> Severity:
    """What several tables refer to is planned, sold or said, not one of the traces of that.

    Nor do the traces of each such thing come to thousands for each user: `expense_logs`, the events of
    an incident. What people look at and click does.
    """
    if known is not Severity.HIGH or largest_of_key(table) < 2**31 - 1:
        return known
    trace = MANY_FOR_EACH.search(table.words)
    thing = table.words[: trace.start()].strip("_") if trace is not None else ""
    things = {other.words for other in schema.tables.values()} & set(one_or_many(thing))
    if thing and any(PEOPLE_AND_GROUPS.search(each) is None for each in things):
        return Severity.MEDIUM
    parents = [schema.table(key.table) for key in table.foreign_keys]
    of_things = [p for p in parents if p is not None and not PEOPLE_AND_GROUPS.search(p.words)]
    if of_things and WRITTEN_DOWN.search(table.words):
        return Severity.MEDIUM
    around = {
        other.name
        for other in schema.tables.values()
        for key in other.foreign_keys
        if key.table == table.name and other is not table
    }
    return Severity.MEDIUM if len(around) >= FOR_THINGS else known


def largest_of_key(table: Table) -> int:
    column = table.column("".join(table.primary_key[:1]))
    return largest(column, table.dialect) or 2**63 if column is not None else 2**63


def severity(table: Table, top: int) -> Severity:
    """Events fill a table in months; what people add now and then, or one row a user, in decades."""
    if table.growth is Growth.APPEND_ONLY and not PEOPLE_AND_GROUPS.search(table.words):
        soon = BY_ITSELF.search(table.words) is not None and top < 2**32 - 1
        soon |= MANY_FOR_EACH.search(table.words) is not None and top < 2**31 - 1
        return Severity.HIGH if soon else Severity.MEDIUM
    if top < 2**31 - 1:  # somebody chose it for a small table, and may have been right
        fills = table.growth is Growth.GROWING or MANY_FOR_EACH.search(table.words) is not None
        return Severity.HIGH if fills else Severity.LOW
    if MANY_FOR_EACH.search(table.words):
        return Severity.MEDIUM
    # Orders, photos and tickets come every day, and yet hardly any product has two thousand million.
    recorded = RECORDED.search(table.words) is not None
    return Severity.MEDIUM if table.growth is Growth.GROWING and recorded else Severity.LOW


def at_its_pace(table: Table, known: Severity) -> Severity:
    """That code adds rows alone says not how many: a site, a goal, a webhook, a list kept by hand."""
    if kept_by_hand(table) and largest_of_key(table) >= 2**31 - 1:
        return Severity.LOW
    daily = any(
        each.search(table.words) is not None for each in (COMES_DAILY, RECORDED, MANY_FOR_EACH)
    )
    slow = table.growth is Growth.GROWING and not daily and largest_of_key(table) >= 2**31 - 1
    return Severity.LOW if slow else known
