"""Which wider index a query asks for that an index serves only in part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.index_use.matching import (
    EQUALITY,
    RANGE,
    after_tenant,
    matches,
    tells_little,
    used_by,
)
from scaleaudit.index_use.partial_indexes import condition_holds
from scaleaudit.index_use.verdict import Why
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.index_use.verdict import Verdict
    from scaleaudit.schema import Table

MAX_COLUMNS = 4
# What tells one row of a parent apart from the others: names, addresses, digests.
TELLING = regex(
    r"(?:^|_)(?:uuid|guid|token|hash(?:ed)?|digest|checksum|code|email|slug|serial|number|sku|url|uri|path|name|key"
    r"|identifier|title|login|host|ip|fingerprint)$|(?:_id|Id)$"
)
# What the rows are called outside: no two have the same.
OF_ONE_ROW = regex(r"(?i)^(?:public|external|global|unique)_?id$|(?:^|_)(?:uuid|guid)$")


def wider(
    table: Table, own: Sequence[Predicate], verdict: Verdict, *, limited: bool
) -> tuple[str, ...]:
    """The columns of the index that would serve all of what is asked; empty where one does enough.

    Only where the index that serves leaves much to look through: it is not unique, no other index
    goes further, and what is left over is a range or the order of a list that is cut off.
    """
    index = verdict.index
    if verdict.why is not Why.INDEX or index is None or index.unique or index.where:
        return ()
    asked = [
        p for p in own
        if p.clause is not Clause.SORT and not p.alternative and not p.function
        and p.operator in EQUALITY | RANGE
    ]  # fmt: skip
    equal = [p for p in asked if p.operator in EQUALITY]
    ranges = [p for p in asked if p.operator in RANGE]
    sorts = [p for p in own if p.clause is Clause.SORT and not p.function]
    named = {p.column.lower() for p in own}
    used = used_by(index, after_tenant(table, index, named), asked)
    if not used or any(p.operator not in EQUALITY for p in used):
        return ()
    if all(tells_little(table, p) for p in used):
        return ()  # somebody made an index of a flag, knowing which rows it finds
    covered = {p.column.lower() for p in used}
    rest = [
        p for p in equal
        if p.column.lower() not in covered and not tells_little(table, p) and TELLING.search(p.column)
    ]  # fmt: skip
    tail = ranges or (sorts if limited else [])
    tail = [p for p in tail if p.column.lower() not in covered][:1]
    if not tail or _is_key(table, tail):
        return ()  # one more comparison is made on the few rows of one parent
    wanted = list(dict.fromkeys(p.column for p in (*used, *rest, *tail)))[:MAX_COLUMNS]
    if _has(table, {c.lower() for c in wanted}, own):
        return ()
    known = ((name, table.column(name)) for name in wanted)
    return tuple(name if column is None else column.name for name, column in known)


def _is_key(table: Table, tail: Sequence[Predicate]) -> bool:
    """Sorted by the primary key, which engines keep at the end of other indexes, or walk instead."""
    key = {column.lower() for column in table.primary_key}
    return bool(tail) and all(p.column.lower() in key for p in tail)


def _has(table: Table, wanted: set[str], own: Sequence[Predicate]) -> bool:
    """Whether an index begins with two of the columns, or ends the search by itself."""
    for index in table.indexes:
        columns = [re.sub(r"\W", "", column).lower() for column in index.columns]
        if index.unique and set(columns) <= wanted and condition_holds(index, own):
            return True
        if len(columns) > 1 and set(columns[:2]) <= wanted and condition_holds(index, own):
            return True
        if any(matches(column, p) for column in columns[:1] for p in own) and (
            columns[0] in wanted
            and TELLING.search(columns[0])
            and (not columns[0].endswith("id") or OF_ONE_ROW.search(columns[0]))
        ):
            return True  # a column that finds few rows leads an index of its own
    return False
