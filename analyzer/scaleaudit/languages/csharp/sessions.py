"""Where ASP.NET Core keeps sessions: in the distributed cache that is registered beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SessionKept
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

SHARED = r"AddStackExchangeRedisCache|AddDistributedRedisCache|AddRedisDistributedCache"
DATABASE = r"AddDistributedSqlServerCache|AddDistributedPostgreSqlCache"
MEMORY = r"AddDistributedMemoryCache"


class SessionAdded(Record, frozen=True, kw_only=True):
    """`AddSession()`; without a cache in the same file nothing is known."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for store, words in (("cache", SHARED), ("database", DATABASE), ("memory", MEMORY)):
            if reader.mentions(words):
                yield SessionKept(reader.span(site.node), store, "aspnet")
                return
