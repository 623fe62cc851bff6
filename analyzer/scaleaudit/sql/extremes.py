"""`SELECT MAX(a) FROM t`: the first row of an order, found at once where an index keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_AROUND = 4  # calls around the aggregate: COALESCE, casts, a number added
NARROWING = ("where", "joins", "group", "having", "distinct", "laterals", "with_", "order", "limit")
AROUND = (exp.Coalesce, exp.Cast, exp.Add, exp.Sub)


def extreme(node: exp.Expr) -> exp.Column | None:
    """The one column whose greatest or least value of a whole table is all that a SELECT asks."""
    if not isinstance(node, exp.Select) or any(node.args.get(part) for part in NARROWING):
        return None
    source = node.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table) or source.this.args.get("joins"):
        return None
    return _only(node.expressions)


def _only(chosen: Sequence[exp.Expr]) -> exp.Column | None:
    found = [_column(each.unalias()) for each in chosen]
    first = found[0] if found else None
    if first is None or any(each is None or each.name != first.name for each in found):
        return None
    return first


def _column(chosen: exp.Expr) -> exp.Column | None:
    at: exp.Expr | None = chosen.unnest()
    for _ in range(MAX_AROUND):
        if not isinstance(at, AROUND):
            break
        at = at.this.unnest() if isinstance(at.this, exp.Expr) else None
    if not isinstance(at, (exp.Max, exp.Min)) or at.expressions:
        return None
    inner = at.this
    return inner if isinstance(inner, exp.Column) and inner.name else None
