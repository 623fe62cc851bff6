"""Clients that are given the address of all their requests, where those are not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import AddressGiven
from scaleaudit.languages.patterns.arguments import FIRST, Arg
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader


class ClientAddress(Record, frozen=True, kw_only=True):
    """A client is given the address of all its requests: `builder.baseUrl(x)`.

    `always`: whatever the address is, what it is for tells that there is a server.
    """

    callees: tuple[str, ...]
    library: str
    url: Arg = FIRST
    always: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        value = self.url.value(site, reader)
        if value is None and self.always:
            value = UNKNOWN
        if value is not None and (self.always or not isinstance(value, Unknown)):
            yield AddressGiven(reader.span(site.node), value, self.library)
