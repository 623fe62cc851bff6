"""Predicates that are as others are, but for what stands around them."""

from __future__ import annotations

from scaleaudit.facts import Clause, Predicate


def beside_a_join(old: Predicate) -> Predicate:
    """In the ON of an outer join nothing chooses rows: it only tells which of them are joined."""
    if old.clause is not Clause.FILTER:
        return old
    return changed(old, operator="=" if old.operator == "in" else "", clause=Clause.JOIN)


def changed(
    old: Predicate,
    *,
    operator: str = "",
    alternative: bool | None = None,
    group: int = 0,
    branch: int = 0,
    constant: bool = False,
    clause: Clause | None = None,
    apart: bool = False,
) -> Predicate:
    return Predicate(
        old.table,
        old.column,
        operator or old.operator,
        clause or old.clause,
        old.function,
        old.alternative if alternative is None else alternative,
        old.source,
        group or old.group,
        branch or old.branch,
        constant or old.constant,
        apart or old.apart,
        old.beside,
    )


def subject(predicate: Predicate) -> tuple[str, int, str, str, Clause, bool]:
    p = predicate
    return p.table, p.source, p.column, p.function, p.clause, p.alternative
