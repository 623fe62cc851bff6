"""Searches by several columns, of which another search asks for one alone: one index serves both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import Clause, Why, regex
from scaleaudit_rules.data._growth_signs import OF_A_KIND, TELLS_APART

if TYPE_CHECKING:
    from scaleaudit.api import Judged, QueryFound, Site

    Uses = list[tuple[Site[QueryFound], Judged]]

EQUAL = frozenset({"=", "in"})
# A reference to one of a few kinds leaves many rows: what is asked with it finds them sooner.
KIND = regex(rf"(?i)(?:{OF_A_KIND})_?id$")


def shared(found: dict[tuple[str, str], Uses]) -> dict[tuple[str, str], Uses]:
    """The uses by table and leading column, each under a column that is searched alone as well."""
    alone = {
        key
        for key, uses in found.items()
        if any(missed(judged) and len(judged.verdict.columns) == 1 for _, judged in uses)
    }
    gathered: dict[tuple[str, str], Uses] = {}
    # The order of columns that are all compared by equality is that of the text alone.
    begun: dict[tuple[str, frozenset[str]], str] = {}
    for (name, leading), uses in found.items():
        for site, judged in uses:
            each, first = judged, leading
            if (name, leading) not in alone and (same := all_equal(judged)):
                first = begun.setdefault((name, same), leading)
                each = led_by(judged, first)
                if first != leading:
                    gathered.setdefault((name, first), []).append((site, each))
                    continue
            if missed(judged) and (name, leading) not in alone and not tells_apart(leading):
                others = (c for c in judged.verdict.columns[1:] if (name, c) in alone)
                if is_equal(judged, leading):  # else it is a range or an order, which comes last
                    others = (c for c in others if not KIND.search(c))
                first = next((c for c in others if is_equal(judged, c)), leading)
                each = led_by(judged, first)
            gathered.setdefault((name, first), []).append((site, each))
    return gathered


def all_equal(judged: Judged) -> frozenset[str]:
    """The columns of the index that is missed, where each is compared by equality; else none."""
    columns = judged.verdict.columns
    equal = missed(judged) and len(columns) > 1 and all(is_equal(judged, c) for c in columns)
    return frozenset(columns) if equal else frozenset()


def tells_apart(column: str) -> bool:
    """An address or a token, also as `lower(email)`: an index of its own finds the one row."""
    return TELLS_APART.search(column.lower().rstrip(")").rpartition("(")[2]) is not None


def missed(judged: Judged) -> bool:
    return judged.verdict.why is Why.MISSING and judged.verdict.index is None


def is_equal(judged: Judged, column: str) -> bool:
    """Whether the column itself is compared by equality: only then others help behind it."""
    return any(
        p.column == column and not p.function and p.clause is Clause.FILTER and p.operator in EQUAL
        for p in judged.predicates
    )


def led_by(judged: Judged, first: str) -> Judged:
    """With that column in front."""
    columns = (first, *(each for each in judged.verdict.columns if each != first))
    return replace(judged, verdict=replace(judged.verdict, columns=columns))
