"""Conditions written in SQL inside of Python: `text("age > :age")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from scaleaudit.languages.python.sqlalchemy.gathering import Conditions

PARAMETER = regex(r"(?<![:\w]):(\w+)")


def fragment(to: Conditions, text: str) -> None:
    """A condition written in SQL: `text("age > :age")`."""
    if not text:
        to.lost = True
        return
    found = read_query(f"SELECT * FROM t WHERE {PARAMETER.sub('?', text)}", Span(1))
    if found is None or found.partial:
        to.lost = True
        return
    for each in found.predicates:
        if each.clause is Clause.FILTER:
            to.add(
                Condition.of(
                    each, each.column, model=each.table if each.table not in ("t", "") else ""
                )
            )
