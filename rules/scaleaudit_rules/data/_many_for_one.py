"""Whether rows gather for one other row without end: the messages of a channel, the readings of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Growth, regex
from scaleaudit_rules.data._growth_signs import (
    KIND_REFERENCE,
    REFERENCE,
    filled_by_use,
    in_words,
    outgrows_people,
)
from scaleaudit_rules.data._table_names import COMES_DAILY, MANY_FOR_EACH, PEOPLE, RECORDED
from scaleaudit_rules.data._tables import FAST_GROWTH

if TYPE_CHECKING:
    from scaleaudit.api import Schema, Table

# What lasts and is written to, or measured, day by day.
GATHERS = regex(
    r"(?:^|_)(?:user|account|customer|member|owner|author|creator|sender|receiver|recipient|person|profile|actor"
    r"|organi[sz]ation|org|company|tenant|team|workspace|family|shop|store|project|site|app|application"
    r"|device|host|sensor|machine|node|vehicle|server|service|monitor|channel|room|chat|conversation|thread"
    r"|topic|forum|feed|repo|repository|wallet|campaign|bot|agent|client|contact|patient|student|instance)_?id$"
    r"|_by_id$"
)


def many_for_one(schema: Schema, table: Table, columns: list[str]) -> bool:
    """`columns`: what the rows share. There is more of them every day, and it lasts."""
    words = table.words
    daily = (
        table.growth is Growth.APPEND_ONLY
        or any(each.search(words) for each in (RECORDED, COMES_DAILY, MANY_FOR_EACH))
        or (table.growth in FAST_GROWTH and outgrows_people(table))
    )
    return daily and any(gathers(schema, table, column) for column in columns)


def gathers(schema: Schema, table: Table, column: str) -> bool:
    """What it refers to is named so, or is not seen to get more while its rows do."""
    name = in_words(column)
    if GATHERS.search(name) is not None:
        return True
    if REFERENCE.search(name) is None or KIND_REFERENCE.search(name) is not None:
        return False
    keys = (key for key in table.foreign_keys if len(key.columns) == 1)
    parents = [schema.table(key.table) for key in keys if key.columns[0].lower() == column.lower()]
    return any(
        parent is not None
        and parent.growth not in FAST_GROWTH
        and not filled_by_use(parent)
        and not PEOPLE.search(parent.words)
        for parent in parents
    )
