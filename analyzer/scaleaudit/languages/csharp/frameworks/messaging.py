"""Messages sent and received by .NET code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageSent
from scaleaudit.languages.patterns import Arg, Receive, Send
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

TYPED = regex(r"\.(?:Publish|Send)\s*<\s*([\w.]+)\s*>\s*\(")
MADE = regex(r"^new\s+([\w.]+)\s*[({]")


class TypedSend(Record, frozen=True, kw_only=True):
    """MassTransit and its like address a message by its type."""

    callees: tuple[str, ...]
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        call = TYPED.search(reader.text(site.node)[:400])
        first = site.args[0] if site.args else None
        if first is not None and first.type == "identifier":
            first = reader.local(reader.text(first), first)
        made = MADE.match(reader.text(first)) if first is not None else None
        found = call or made
        if found is not None:
            topic = Literal(found[1].rpartition(".")[2])
            yield MessageSent(
                reader.span(site.node), "", topic, self.library, reader.scope(site.node)
            )


MESSAGING = (
    TypedSend(
        callees=("{IPublishEndpoint,IBus,ISendEndpoint,ISendEndpointProvider}.{Publish,Send}",),
        library="masstransit",
        when=lambda _, reader: b"MassTransit" in reader.content,
    ),
    Send(
        callees=("{IProducer,Producer}.{ProduceAsync,Produce}",),
        technology="kafka",
        library="confluent-kafka",
    ),
    Receive(
        callees=("{IConsumer,Consumer}.Subscribe",),
        technology="kafka",
        library="confluent-kafka",
    ),
    Send(
        callees=("{IModel,IChannel}.{BasicPublish,BasicPublishAsync}",),
        technology="rabbitmq",
        library="rabbitmq-client",
        topic=Arg(0, ("exchange",)),
    ),
    Receive(
        callees=("{IModel,IChannel}.{BasicConsume,BasicConsumeAsync}",),
        technology="rabbitmq",
        library="rabbitmq-client",
        topic=Arg(0, ("queue",)),
    ),
    Send(
        callees=("ServiceBusClient.CreateSender",),
        technology="azure-service-bus",
        library="azure-service-bus",
    ),
    Receive(
        callees=("ServiceBusClient.{CreateProcessor,CreateReceiver,CreateSessionProcessor}",),
        technology="azure-service-bus",
        library="azure-service-bus",
    ),
)
