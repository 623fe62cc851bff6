"""Transports of NestJS microservices: an option object names the broker and its queue."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import MessageReceived, MessageSent, RemoteCall, StoreUsed
from scaleaudit.languages.javascript import options
from scaleaudit.record import Record
from scaleaudit.regex import regex
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
KEPT = regex(rb"\btransport\s*:\s*Transport\.TCP\b")


class NestTransport(Record, frozen=True, kw_only=True):
    """Clients (or, with `serves`, the server) of an application over a broker or plain TCP."""

    callees: tuple[str, ...]
    serves: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("JavaScriptReader", reader)
        for node in _objects(site, own):
            yield from transport_facts(own, node, site.node, serves=self.serves)


def transport_facts(
    reader: JavaScriptReader, described: Node, place: Node, *, serves: bool
) -> Iterator[Fact]:
    """What one option object says; `place` is what the facts stand at."""
    found: dict[str, Node] = {}
    options.members(reader, described, "", found)
    transport = reader.text(found["transport"])[:80] if "transport" in found else ""
    word = transport.rpartition(".")[2].strip("'\"")
    at, scope = reader.span(place), reader.scope(place)
    if word in BROKERS:
        technology, keys = BROKERS[word]
        key = next((each for each in keys if each in found), "")
        address: Value = reader.value(found[key]) if key else UNKNOWN
        yield StoreUsed(at, technology, address, LIBRARY, scope=scope)
        topic = reader.value(found["options.queue"]) if "options.queue" in found else None
        if topic is not None and serves:
            yield MessageReceived(at, technology, topic, LIBRARY)
        elif topic is not None:
            yield MessageSent(at, technology, topic, LIBRARY, scope)
    elif (word == "TCP" or not word) and not serves and "options.host" in found:
        yield RemoteCall(at, LIBRARY, _host(reader, found), protocol="tcp", scope=scope)


def kept_clients(reader: JavaScriptReader) -> Iterator[Fact]:
    """Options of clients that stand in settings of the program's own, for a factory elsewhere.

    Only TCP, which names a host: a broker is what both sides talk to, and told where it is used.
    """
    if b"Transport.TCP" not in reader.content or b"NestFactory" in reader.content:
        return
    for match in islice(KEPT.finditer(reader.content), MAX_CLIENTS):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        around = list(reader.ancestors(node)) if node is not None else []
        described = next((each for each in around if each.type == "object"), None)
        if described is not None and not any(each.type == "arguments" for each in around):
            yield from transport_facts(reader, described, described, serves=False)


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
