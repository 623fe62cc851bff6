"""Whether of many rows only few come out: the tables are read where their rows are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.sql.blocks import Blocks

MAX_DEPTH = 12  # queries inside each other


def condensed(
    query: exp.Expr | None, blocks: Blocks, one_row: Callable[[exp.Expr], bool], depth: int = 0
) -> bool:
    """`WITH days AS (...), sums AS (SELECT day, COUNT(*) FROM events GROUP BY day) SELECT ...`.

    Each of its sources is such a query, or no table at all (`generate_series`); `one_row` says so of
    aggregates without GROUP BY.
    """
    if query is None or depth > MAX_DEPTH:
        return False
    if isinstance(query, exp.Subquery):
        return condensed(query.this, blocks, one_row, depth + 1)
    if isinstance(query, exp.SetOperation):
        sides = (query.this, query.expression)
        return all(condensed(side, blocks, one_row, depth + 1) for side in sides)
    if not isinstance(query, exp.Select):
        return False
    if query.args.get("group") or query.args.get("distinct") or one_row(query):
        return True
    source = query.args.get("from_")
    if source is None:
        return True
    items = [source.this]
    for item in items:
        items.extend(join.this for join in item.args.get("joins") or ())
    items.extend(join.this for join in query.args.get("joins") or ())
    return all(few(item, blocks, one_row, depth + 1) for item in items)


def few(item: exp.Expr, blocks: Blocks, one_row: Callable[[exp.Expr], bool], depth: int) -> bool:
    if not isinstance(item, exp.Table):
        inner = item.find(exp.Table) is None  # a list of values, a function
        return inner or condensed(item, blocks, one_row, depth)
    if not isinstance(item.this, exp.Identifier):
        return True  # `generate_series(1, 7)`
    cte = blocks.cte(item) if not blocks.table_name(item) else None
    return cte is not None and condensed(cte.this, blocks, one_row, depth)
