"""Orders that no index gives, asked for by several lists of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import Why

if TYPE_CHECKING:
    from scaleaudit.api import Judged, QueryFound, Site

    Uses = list[tuple[Site[QueryFound], Judged]]


def orders_once(found: dict[tuple[str, str], Uses]) -> dict[tuple[str, str], Uses]:
    """One order of a table is one finding, also where some of its lists hold a part of the rows."""
    whole = {
        key: uses[0][1].verdict
        for key, uses in found.items()
        if all(judged.verdict.columns == key[1:] and in_order(judged) for _, judged in uses)
    }
    told: dict[tuple[str, str], Uses] = {key: [*found[key]] for key in whole}
    for key, uses in found.items():
        for site, judged in uses if key not in whole else ():
            order = key[0], judged.verdict.columns[-1]
            if in_order(judged) and order in whole:
                told[order].append((site, replace(judged, verdict=whole[order])))
            else:
                told.setdefault(key, []).append((site, judged))
    return told


def in_order(judged: Judged) -> bool:
    return judged.verdict.why is Why.SORT
