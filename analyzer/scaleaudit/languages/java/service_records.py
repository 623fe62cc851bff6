"""Services that programs of Vert.x publish in its discovery under a name, and ask for by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.facts.code import EVENT_BUS, SERVICE_RECORD
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

LIBRARY = "vertx-service-discovery"
# `new JsonObject().put("name", "orders")`, `record -> record.getName().equals("orders")`.
NAMED = regex(
    r"""\.put\(\s*"name"\s*,\s*"([\w.-]+)"|\bequals(?:IgnoreCase)?\(\s*"([\w.-]+)"|\bname\s*==\s*"([\w.-]+)"
    |"name"\s+to\s+"([\w.-]+)\"""".replace("\n    ", "")
)
MAX_TEXT = 400  # characters of a filter


class RecordPublished(Record, frozen=True, kw_only=True):
    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if site.args:
            name = join(Literal(SERVICE_RECORD), reader.value(site.args[0]))
            yield MessageReceived(reader.span(site.node), EVENT_BUS, name, LIBRARY)


class RecordAsked(Record, frozen=True, kw_only=True):
    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for node in site.args[1:3]:
            found = NAMED.search(reader.text(node)[:MAX_TEXT])
            if found is not None:
                name = Literal(f"{SERVICE_RECORD}{next(filter(None, found.groups()))}")
                scope = reader.scope(site.node)
                yield MessageSent(reader.span(site.node), EVENT_BUS, name, LIBRARY, scope)
                return
