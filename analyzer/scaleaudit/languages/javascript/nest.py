"""Transports of NestJS microservices: an option object names the broker and its queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import MessageReceived, MessageSent, RemoteCall, StoreUsed
from scaleaudit.languages.javascript import options
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

LIBRARY = "@nestjs/microservices"
# The last word of the transport -> technology, and where its options hold the address.
BROKERS = {
    "RMQ": ("rabbitmq", ("options.urls",)),
    "KAFKA": ("kafka", ("options.client.brokers",)),
    "REDIS": ("redis", ("options.url", "options.host")),
    "NATS": ("nats", ("options.servers", "options.url")),
    "MQTT": ("mqtt", ("options.url",)),
}
MAX_CLIENTS = 50  # of one module


class NestTransport(Record, frozen=True, kw_only=True):
    """Clients (or, with `serves`, the server) of an application over a broker or plain TCP."""

    callees: tuple[str, ...]
    serves: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("JavaScriptReader", reader)
        for node in _objects(site, own):
            found: dict[str, Node] = {}
            options.members(own, node, "", found)
            transport = reader.text(found["transport"])[:80] if "transport" in found else ""
            word = transport.rpartition(".")[2].strip("'\"")
            if word in BROKERS:
                yield from self._broker(site, reader, found, *BROKERS[word])
            elif (word == "TCP" or not word) and not self.serves and "options.host" in found:
                yield RemoteCall(
                    reader.span(site.node),
                    LIBRARY,
                    _host(reader, found),
                    protocol="tcp",
                    scope=reader.scope(site.node),
                )

    def _broker(
        self,
        site: CallSite,
        reader: Reader,
        found: dict[str, Node],
        technology: str,
        keys: tuple[str, ...],
    ) -> Iterator[Fact]:
        at = reader.span(site.node)
        key = next((each for each in keys if each in found), "")
        address: Value = reader.value(found[key]) if key else UNKNOWN
        yield StoreUsed(at, technology, address, LIBRARY, scope=reader.scope(site.node))
        queue = found.get("options.queue")
        if queue is None:
            return
        topic = reader.value(queue)
        if self.serves:
            yield MessageReceived(at, technology, topic, LIBRARY)
        else:
            yield MessageSent(at, technology, topic, LIBRARY, reader.scope(site.node))


def _objects(site: CallSite, reader: JavaScriptReader) -> Iterator[Node]:
    """The option objects among the arguments, those of a list one by one."""
    for argument in site.args:
        for node in reader.each(argument)[:MAX_CLIENTS]:
            found = options.literal_of(reader, node, "object")
            if found is not None:
                yield found


def _host(reader: Reader, found: dict[str, Node]) -> Value:
    host = join(Literal("tcp://"), reader.value(found["options.host"]))
    port = found.get("options.port")
    return host if port is None else join(host, Literal(":"), reader.value(port))
