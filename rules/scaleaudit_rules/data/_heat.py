"""How much of a product's use goes by one search: which of several findings comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Origin, regex
from scaleaudit_rules.data._table_names import COMES_DAILY, MANY_FOR_EACH, RECORDED
from scaleaudit_rules.data._tables import FAST_GROWTH, FASTER, readers

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Judged, QueryFound, Site, Table

    Uses = list[tuple[Site[QueryFound], Judged]]

# What runs before every page: who asks, and whether they may.
EVERY_REQUEST = regex(
    r"(?i)middleware|interceptor|(?:^|/)guards?/|(?:^|[._])(?:get_?)?(?:current_?user|authenticate\w*|verify_?token)$"
)
RELATION = regex(r"^[A-Z][\w:]*\.\w+$")  # `Person.payments`: as declared, to be gone with its owner
MAX_PLACES = 10  # that ask; more say no more


def heat(architecture: Architecture, uses: Uses) -> int:
    """How much of the product's use goes that way: a table that fills, and who asks for it.

    Places that requests reach count twice; what happens, is said or handed in fills most.
    """
    table = uses[0][1].table
    grows = min(FASTER.index(table.growth), FASTER.index(FAST_GROWTH[0]))
    read = [
        site.origin
        for site, _ in uses[:MAX_PLACES]
        if not (site.fact.writes or RELATION.match(site.fact.text))
    ]
    places = sum(2 if origin is Origin.HANDLER else 1 for origin in read)
    asked = Origin.HANDLER in read
    central = min(readers(architecture)[table.name], 2 * MAX_PLACES) if asked else 0
    every = any(EVERY_REQUEST.search(f"{s.at.path} {s.fact.scope}") for s, _ in uses[:MAX_PLACES])
    central += 4 * MAX_PLACES if every and asked else 0
    return grows * 100 + (2 * MAX_PLACES if happens(table) else 0) + places + central


def happens(table: Table) -> bool:
    """Named like what happens, is said or handed in: of these there are the most rows."""
    return any(each.search(table.words) for each in (MANY_FOR_EACH, COMES_DAILY, RECORDED))
