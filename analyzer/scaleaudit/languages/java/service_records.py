"""Services that programs of Vert.x publish in its discovery under a name, and ask for by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.facts.code import EVENT_BUS, SERVICE_RECORD
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

LIBRARY = "vertx-service-discovery"
# `new JsonObject().put("name", "orders")`, `record -> record.getName().equals(ORDERS)`.
_TEXT = rb"(\"[\w.-]+\"|[A-Za-z_][\w.]*+(?!\())"
NAMED = regex(
    rb"\.put\(\s*\"name\"\s*,\s*%s|(?<!getType\(\)\.)\b(?:equals|contentEquals|equalsIgnoreCase)\(\s*%s"
    rb"|\b[nN]ame\s*==\s*%s|\"name\"\s+to\s+%s" % ((_TEXT,) * 4)
)
# `"orders".equals(record.getName())`
NAMED_FIRST = regex(rb"(\"[\w.-]+\"|\b[A-Z_][\w.]*)\.equals(?:IgnoreCase)?\(\s*\w+\.getName\(\)")
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
        for node in site.args[:3]:
            name = named_in(node, reader)
            if name is not None:
                record, scope = join(Literal(SERVICE_RECORD), name), reader.scope(site.node)
                yield MessageSent(reader.span(site.node), EVENT_BUS, record, LIBRARY, scope)
                return


def named_in(node: Node, reader: Reader) -> Value | None:
    """The name that a filter asks for; None where it does not tell one."""
    end = min(node.end_byte, node.start_byte + MAX_TEXT)
    for pattern in (NAMED_FIRST, NAMED):
        found = pattern.search(reader.content, node.start_byte, end)
        if found is None:
            continue
        start, stop = next(
            span for span in map(found.span, range(1, pattern.groups + 1)) if span != (-1, -1)
        )
        inside = reader.root.descendant_for_byte_range(start, stop)
        value = reader.value(inside) if inside is not None else None
        if value is not None and not isinstance(value, Unknown):
            return value
    return None


def of_records(_: CallSite, reader: Reader) -> bool:
    """The file speaks of Vert.x' discovery, which a class often has from its base."""
    return b"servicediscovery" in reader.content
