"""Conditions of partial indexes, and whether what a query asks keeps to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Index

_CONJUNCTION = regex(r"\band\b", re.IGNORECASE)
_WORDS = regex(r"[A-Za-z_]\w*")
_NEGATED = regex(r"[\s(]*not\b", re.IGNORECASE)
_EMPTY = regex(r"\bis\s+null\s*\)*\s*$", re.IGNORECASE)
_FILLED = regex(r"\bis\s+not\s+null\s*\)*\s*$", re.IGNORECASE)
_NAMED = regex(r"(?:=|(?<!\bnot )\bin\b)[\s(]*(?:any\b[\s(]*(?:array\b[\s\[]*)?)?'", re.IGNORECASE)
_SQL_WORDS = {
    "is",
    "not",
    "null",
    "and",
    "or",
    "in",
    "true",
    "false",
    "any",
    "array",
    "between",
    "like",
}


def condition_holds(index: Index, own: Sequence[Predicate]) -> bool:
    """Whether the query repeats the condition of a partial index, part by part.

    Values are not compared, as they are not known; the kind of comparison is: rows that are asked
    for as empty are not among those that have a value, nor is what is left out among what is named.
    """
    if not index.where:
        return True
    asked = [p for p in own if p.clause is not Clause.SORT and not p.alternative]
    return all(_part_holds(part, asked) for part in _CONJUNCTION.split(index.where))


def _part_holds(part: str, asked: Sequence[Predicate]) -> bool:
    columns = columns_of(part)
    operators = {p.operator for p in asked if p.column.lower() in columns}
    if _NEGATED.match(part):
        return bool(operators)
    if _EMPTY.search(part):
        return "is-null" in operators
    if _FILLED.search(part):
        return bool(operators - {"is-null"})
    if _NAMED.search(part):
        return bool(operators - {"is-null", "is-not-null", "!=", "not-in"})
    return bool(operators)


def of_all_kept(where: str, columns: set[str], gone: re.Pattern[str]) -> bool:
    """Whether a condition leaves out only rows marked as deleted, and those without a value in a column."""
    return all(
        only_not_null(part, columns)
        or (_EMPTY.search(part) is not None and all(map(gone.match, columns_of(part))))
        for part in _CONJUNCTION.split(where)
    )


def columns_of(where: str) -> set[str]:
    """Those that a condition names, lower case."""
    return {w.lower() for w in _WORDS.findall(re.sub(r"'[^']*'", "", where))} - _SQL_WORDS


def only_not_null(where: str, columns: set[str]) -> bool:
    """`WHERE c IS NOT NULL` leaves out only rows that no lookup of c asks for."""
    found = re.fullmatch(
        r"\(*\s*(?:[`\"]?\w+[`\"]?\.)?[`\"]?(\w+)[`\"]?\s+is\s+not\s+null\s*\)*",
        where.strip(),
        re.IGNORECASE,
    )
    return found is not None and found[1].lower() in columns
