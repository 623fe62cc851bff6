"""Columns that single rows are found by, told by their names: keys, tokens, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.index_use.matching import RANGE, matches
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Index

KEY = regex(
    r"(?:^|_)(?:id|uuid|guid|key|token|hash|code|email|slug|serial|number|sku|digest|sha\d*|md5|checksum|url|uri)$|id$"
)


def leading_rank(predicate: Predicate) -> int:
    """Keys and tokens first: they narrow most."""
    name = predicate.column.lower()
    return 0 if KEY.search(name) else 1


def beside_key_range(found: Index, asked: Sequence[Predicate]) -> list[Predicate]:
    """Keys asked for beside a mere range of the primary key, of which a table has most rows.

    `user_id = ? AND id > ?`: what is new of one user. In parts (LIMIT) the range alone may do.
    """
    first = [p for p in asked if matches(found.columns[0], p)]
    if not found.primary or not first or any(p.operator not in RANGE for p in first):
        return []
    return [
        p
        for p in asked
        if p.operator == "="
        and not (p.constant or p.function)
        and p not in first
        and leading_rank(p) == 0
    ]
