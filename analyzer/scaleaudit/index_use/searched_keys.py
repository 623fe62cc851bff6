"""Columns that single rows are found by, told by their names: keys, tokens, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.index_use.matching import (
    EQUALITY,
    IDENTIFIES,
    KIND_NAME,
    OWN_KEY,
    RANGE,
    matches,
    same_name,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Index, Table

KEY = regex(
    r"(?:^|_)(?:id|uuid|guid|key|token|hash(?:ed)?|code|email|slug|serial|number|sku|digest|sha\d*|md5|checksum|url|uri)$|id$"
)
KIND = regex(r"(?:type|kind|category)$")
REFERS = regex(r"id$")
# When a row ends: a moment to come of nearly all that are kept.
ENDS = regex(r"(?i)^(?:expir[a-z]*|valid_?(?:until|to|thru|through))(?:_?(?:at|on|date|time))?$")


# Keys to lists that somebody keeps by hand.
LIST_KEY = regex(r"(?:^|_)(?:type|kind|status|gender|sex|severity)_?id$")
KIND_LIST = regex(r"(?:^|_)(?:types?|kinds?|status(?:es)?|genders?|sex(?:es)?|severit(?:y|ies))$")


def leading_rank(predicate: Predicate) -> int:
    """Keys and tokens first: they narrow most."""
    name = predicate.column.lower()
    return 0 if KEY.search(name) else 1


def beside_key_range(found: Index, asked: Sequence[Predicate]) -> list[Predicate]:
    """Keys asked for beside a mere range of what most rows have: the primary key, or an end to come.

    `user_id = ? AND id > ?`: what is new of one user. In parts (LIMIT) the range alone may do.
    `user_id = ? AND expires_at > now()`: what has not ended yet.
    """
    first = [p for p in asked if matches(found.columns[0], p)]
    if not first or any(p.operator not in RANGE for p in first):
        return []
    if not found.primary and not all(_is_open(p) for p in first):
        return []
    return [
        p
        for p in asked
        if p.operator == "="
        and not (p.constant or p.function)
        and p not in first
        and leading_rank(p) == 0
    ]


def _is_open(predicate: Predicate) -> bool:
    """`expires > now()`: true of all rows that nobody has put away yet."""
    return predicate.operator in (">", ">=") and ENDS.search(predicate.column) is not None


def beside_kind(table: Table, found: Index, asked: Sequence[Predicate]) -> list[Predicate]:
    """Keys asked for beside the index of a mere key to a list of kinds, which many rows share.

    `url = ? AND device_type_id = ?`. Ranges and flags are looked at in the rows of the kind: they
    may well be its parts.
    """
    if len(found.columns) != 1 or LIST_KEY.search(found.columns[0].lower()) is None:
        return []
    kind = found.columns[0]
    refers = any(
        len(key.columns) == 1 and same_name(key.columns[0], kind) and KIND_LIST.search(key.table)
        for key in table.foreign_keys
    )
    return [
        p
        for p in asked
        if refers
        and p.operator in EQUALITY
        and not (p.constant or p.function or matches(kind, p))
        and leading_rank(p) == 0
    ]


# What the rows of a table are called outside of it: no two, or hardly any, have the same.
ADDRESS = regex(
    r"(?:^|_)(?:(?:url|uri)(?:_(?:surt|key|path|normali[sz]ed|canonical|text|value))?|surt|slug|sku|username|phone_?(?:number)?)$"
)
# Keys that another system gave: `stripePayoutId`, `external_id`.
FOREIGN_KEY = regex(
    r"^(?:stripe|paypal|adyen|braintree|shopify|github|gitlab|google|facebook|slack|discord|twilio|okta|auth0|hubspot"
    r"|salesforce|zendesk|intercom|external|remote|vendor|third_?party)\w*id$"
)


def key_beside_kind(
    flagged: Index, asked: Sequence[Predicate], selective: Sequence[Predicate]
) -> bool:
    """A key, beside a kind that whoever asks names: any of them, not the rare one of an index.

    `target_id = ? AND link_type = ?` reads all links of a type where only the type has an index,
    `url = ? AND status = 'live'` all that are live: what tells rows apart finds fewer than any state.
    """
    kinds = [p for p in asked if matches(flagged.columns[0], p)]
    if flagged.where or not kinds:
        return False
    if any(names_one(p) for p in selective):
        return True
    if any(p.operator != "=" for p in kinds):
        return False
    if any(p.constant for p in kinds) and not made_for_another_key(flagged, asked):
        return False
    if not KIND.search(kinds[0].column.lower()):
        return False  # of a state, people may look for a rare one
    return any(
        p.operator == "=" and not (p.constant or p.function) and REFERS.search(p.column.lower())
        for p in selective
    )


def made_for_another_key(flagged: Index, asked: Sequence[Predicate]) -> bool:
    """`(noted_type, noted_id)` where `author_id` is asked: an index of the pair, not of rare kinds."""
    if len(flagged.columns) < 2 or any(matches(flagged.columns[1], p) for p in asked):
        return False
    kind, key = KIND_NAME.sub("", flagged.columns[0]), OWN_KEY.sub("", flagged.columns[1])
    return bool(kind) and key != flagged.columns[1] and key.lower().endswith(kind.lower())


def names_one(predicate: Predicate) -> bool:
    """An equality with an address, a token, a digest: as good as the row's own key."""
    name = predicate.column.lower()
    return (
        predicate.operator == "="
        and not (predicate.constant or predicate.function)
        and any(each.search(name) for each in (IDENTIFIES, ADDRESS, FOREIGN_KEY))
    )
