"""Queries that stand inside others: their rows belong to a row of the query around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause
from scaleaudit.inflection import plural, underscored

if TYPE_CHECKING:
    from scaleaudit.facts import Condition
    from scaleaudit.languages.ruby.active_record.relation import Relation


def correlated(found: Relation) -> list[Condition]:
    """The conditions of a query, with those on the row of a query around as conditions like others.

    `Line.where('lines.order_id = orders.id')` is no query on its own while nothing joins `orders`:
    the engine would refuse it. For each row of the query around, it looks up its own column.
    """
    outer = [each for each in found.outer if each in found.conditions]
    if not outer or found.joined or found.loads or found.via:
        return found.conditions
    path = underscored(found.model)
    own = {"", plural(path.rpartition("/")[2]), plural(path.replace("/", "_"))}
    if all(each.model.lower() not in own for each in outer):
        return found.conditions
    return [
        replace(each, clause=Clause.FILTER, model="") if each in outer else each
        for each in found.conditions
        if each not in outer or each.model.lower() in own
    ]
