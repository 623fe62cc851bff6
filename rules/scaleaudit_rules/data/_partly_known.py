"""Searches of which a part is made out of sight, and the part in sight has no index.

What is hidden may be the condition that an index serves, or may be one that narrows nothing (who may
see the rows, which of them are drafts). So only what is seldom asked beside something better is
taken: the newest rows of a table, a moment, a reference, a token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Clause, Growth, Origin, Why
from scaleaudit_rules.data._growth_signs import (
    REFERENCE,
    TELLS_APART,
    filled_by_use,
    is_stamp,
)
from scaleaudit_rules.data._table_names import CONFIGURED, KINDS, RECORDED
from scaleaudit_rules.data._tables import FAST_GROWTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Architecture, Judged, QueryFound, Site

ASKED = (Origin.HANDLER, Origin.UNKNOWN)


def partly_known(architecture: Architecture) -> Iterator[tuple[Site[QueryFound], Judged]]:
    for site, mentions in architecture.judged_queries:
        query = site.fact
        if not query.partial or query.offered or query.writes or site.origin not in ASKED:
            continue
        for judged in mentions:
            if fills(judged) and worth_a_look(site, judged):
                yield site, judged


def fills(judged: Judged) -> bool:
    table = judged.table
    if table.growth is Growth.STATIC or table.columnar:
        return False
    if CONFIGURED.search(table.words) or KINDS.search(table.words):
        return False
    return (
        table.growth in FAST_GROWTH
        or filled_by_use(table)
        or RECORDED.search(table.words) is not None
    )


def worth_a_look(site: Site[QueryFound], judged: Judged) -> bool:
    verdict = judged.verdict
    if not verdict.is_problem or verdict.why is Why.HIDDEN or judged.joined:
        return False
    column = judged.table.column(verdict.columns[0])
    if column is None:
        return False
    stamp = is_stamp(column.name, column.type)
    if verdict.why is Why.SORT:
        return (
            stamp
            and judged.limited
            and not any(
                p.clause is Clause.FILTER and p.operator == "=" and not p.constant
                for p in judged.predicates
            )
        )
    name = column.name.lower()
    return stamp or REFERENCE.search(name) is not None or TELLS_APART.search(name) is not None
