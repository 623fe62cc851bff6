"""What the bases of a class say: a gRPC service, a consumer of messages, a repeated task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, MessageReceived, ScheduleStarted
from scaleaudit.languages.csharp.conventions import controller, is_controller, page
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.csharp.syntax import CSharpSyntax

GRPC_BASE = regex(r"^(?:\w+\.)*?(\w+)\.\1Base$")
# MassTransit, NServiceBus, Rebus; handlers of events that other programs send.
CONSUMER = regex(r"^(?:IConsumer|IHandleMessages|IIntegrationEventHandler)<([\w.]+)>$")
HOSTED = {"BackgroundService", "IHostedService"}
WAITS = regex(rb"Task\.Delay\s*\(|WaitForNextTickAsync|new\s+(?:System\.Threading\.)?Timer\s*\(")
# The last argument of `Timer` is its period: without one it fires once, a while after some event.
ONCE = regex(
    rb"new\s+(?:System\.Threading\.)?Timer\s*\([^;]{0,300}?,\s*"
    rb"(?:Timeout\.Infinite(?:TimeSpan)?|-1|TimeSpan\.FromMilliseconds\(-1\))\s*\)"
)
# A loop that waits between looks at a queue is a consumer, and one that waits after an error retries.
CONSUMES = regex(
    rb"\.(?:Consume|ReadAllAsync|DequeueAsync|Dequeue|ReceiveMessage\w*|Subscribe)\s*\("
)
LOCKED = regex(
    rb"(?i)distributedlock|acquirelock|trylock|leader|lease|sp_getapplock|advisory|skip locked"
)
REFRESH = regex(r"(?i)refresh|reload|heartbeat|ping|metric|stats|health|warm|evict")
LIBRARIES = ((b"using Rebus", "rebus"), (b"using NServiceBus", "nservicebus"),
             (b"using MassTransit", "masstransit"))  # fmt: skip


def made_to_be(reader: CSharpSyntax, node: Node) -> Iterator[Fact]:
    """The facts that follow from what a class extends and implements."""
    name = reader.definition_name(node)
    bases = reader.base_names(node)
    if any(reader.plain(base) == "PageModel" for base in bases):
        yield from page(reader, node)
    elif is_controller(reader, node):
        yield from controller(reader, node)
    for base in bases:
        written = "".join(reader.text(base).split())[:200]
        served = GRPC_BASE.match(written)
        received = CONSUMER.match(written)
        if served is not None:
            yield EndpointServed(reader.span(base), "*", Literal(served[1]), name, "", "grpc")
        elif received is not None:
            library = next((known for word, known in LIBRARIES if word in reader.content), "")
            if written.startswith("IIntegrationEventHandler"):
                library = "event-bus"
            if library:
                topic = Literal(received[1].rpartition(".")[2])
                yield MessageReceived(reader.span(base), "", topic, library, name)
        elif written in HOSTED:
            yield from repeated(reader, node, name)


def repeated(reader: CSharpSyntax, node: Node, name: str) -> Iterator[Fact]:
    """A hosted service that works in a rhythm of its own."""
    body = ONCE.sub(
        lambda once: b" " * len(once[0]), reader.content[node.start_byte : node.end_byte]
    )
    if WAITS.search(body) is None or CONSUMES.search(body) is not None:
        return
    if b"while" not in body and b"Timer(" not in body:
        return
    if all(after_an_error(node, match.start()) for match in WAITS.finditer(body)):
        return
    at = node.child_by_field_name("name") or node
    yield ScheduleStarted(
        at=reader.span(at),
        library="hosted-service",
        what=name,
        locked=LOCKED.search(body) is not None,
        refresh=REFRESH.search(name) is not None,
        scope=name,
    )


def after_an_error(kind: Node, offset: int) -> bool:
    """What stands so many bytes into a class waits only before it tries again."""
    at: Node | None = kind.descendant_for_byte_range(
        kind.start_byte + offset, kind.start_byte + offset + 1
    )
    while at is not None and at.id != kind.id:
        if at.type == "catch_clause":
            return True
        at = at.parent
    return False
