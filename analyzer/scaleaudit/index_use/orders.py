"""Whether an index gives the first rows of an order, so that not all have to be sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.index_use.matching import ORDERED_METHODS, USUAL, few_values, matches
from scaleaudit.index_use.partial_indexes import condition_holds
from scaleaudit.index_use.verdict import Verdict, Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Table


def in_order(
    table: Table,
    asked: Sequence[Predicate],
    sorts: Sequence[Predicate],
    own: Sequence[Predicate],
    predicates: Sequence[Predicate],
) -> Verdict:
    """ORDER BY ... LIMIT: an index on the first key, after columns compared for equality."""
    first = sorts[0]
    equal = {p.column.lower() for p in asked if p.operator == "=" and not p.function}
    for index in table.indexes:
        if index.method not in ORDERED_METHODS or not condition_holds(index, own):
            continue
        for column in index.columns:
            if matches(column, first):
                return Verdict(True, Why.ORDER, index)
            if column.lower() not in equal:
                break
    if any(p.table != table.name and p.clause is not Clause.SORT for p in predicates):
        return Verdict(False, Why.NOT_INDEXABLE)  # another table drives the query
    keys = _telling_keys(table, sorts)
    if not keys:
        return Verdict(False, Why.NOT_INDEXABLE)
    flags = [p.column for p in asked if p.operator == "=" and not USUAL.match(p.column.lower())]
    return Verdict(False, Why.SORT, columns=tuple(dict.fromkeys((*flags, *keys))))


def _telling_keys(table: Table, sorts: Sequence[Predicate]) -> tuple[str, ...]:
    """The keys of an order up to the first that tells rows apart: `is_pinned, written_at`."""
    keys: list[str] = []
    for each in sorts:
        if each.function:
            break
        keys.append(each.column)
        if not few_values(table, each.column):
            by_id = len(keys) > 1 and each.column in table.primary_key
            return () if by_id else tuple(keys)  # an id behind a flag only makes the order sure
    return ()
