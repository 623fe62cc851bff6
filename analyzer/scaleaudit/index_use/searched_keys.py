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
KIND = regex(r"(?:type|kind|category)$")
REFERS = regex(r"id$")


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


def key_beside_kind(
    flagged: Index, asked: Sequence[Predicate], selective: Sequence[Predicate]
) -> bool:
    """A key, beside a kind that whoever asks names: any of them, not the rare one of an index.

    `target_id = ? AND link_type = ?` reads all links of a type where only the type has an index.
    """
    kinds = [p for p in asked if matches(flagged.columns[0], p)]
    if flagged.where or not kinds or any(p.constant or p.operator != "=" for p in kinds):
        return False
    if not KIND.search(kinds[0].column.lower()):
        return False  # of a state, people may look for a rare one
    return any(
        p.operator == "=" and not (p.constant or p.function) and REFERS.search(p.column.lower())
        for p in selective
    )
