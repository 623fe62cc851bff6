"""Messages sent and received by .NET code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.languages.csharp.settings import declared_type
from scaleaudit.languages.patterns import Arg, Pattern, Receive, Send
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.csharp.reader import CSharpReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

TYPED = regex(r"\.(?:Publish\w*|Send\w*|Request\w*|GetResponse)\s*<\s*([\w.]+)\s*[,>]")
MADE = regex(r"^(?:await\s+)?new\s+([\w.]+)\s*[({]")
SUBSCRIBED = regex(
    r"\.(?:Respond|RespondAsync|Subscribe|SubscribeAsync|AddSubscription|Consumer|AddConsumer)\s*<\s*([\w.]+)\s*([,>])"
)
# Buses that hand messages over inside of one process.
IN_PROCESS = regex(rb"using MediatR|UsingInMemory|InMemoryEventBus")
BUSES = (
    "{IPublishEndpoint,IBus,IBusControl,ISendEndpoint,ISendEndpointProvider,ConsumeContext}",
    "{IMessageSession,IMessageHandlerContext,IEndpointInstance,IMessageBus,IMessageContext}",
)
OF_BUSES = rb"MassTransit|NServiceBus|Rebus|Wolverine"


class TypedSend(Record, frozen=True, kw_only=True):
    """MassTransit and its like address a message by its type."""

    callees: tuple[str, ...]
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        call = TYPED.search(reader.text(site.node)[:400])
        first = site.args[0] if site.args else None
        declared = ""
        if first is not None and first.type == "identifier":
            name = reader.text(first)
            first = reader.local(name, first)
            declared = declared_type(cast("CSharpReader", reader), name) if first is None else ""
        made = MADE.match(reader.text(first)[:400]) if first is not None else None
        found = call or made
        known = found[1] if found is not None else declared if EVENT.search(declared) else ""
        topic: Value = Literal(known.rpartition(".")[2]) if known else UNKNOWN
        yield MessageSent(reader.span(site.node), "", topic, self.library, reader.scope(site.node))


EVENT = regex(
    r"^(?!(?:Base|Domain|Integration|Abstract|I)?(?:Event|Message|Command)(?:Base)?$)[A-Z]\w*(?:Event|Message|Command|Notification|Request|Created|Updated|Deleted)$"
)


class TypedReceive(Record, frozen=True, kw_only=True):
    """`bus.Subscribe<OrderPaid, OrderPaidHandler>()`: handlers of events by their type."""

    callees: tuple[str, ...]
    library: str
    lone: bool = False  # the message alone is named, without what handles it
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        called = site.node.child_by_field_name("function")
        match = SUBSCRIBED.search(reader.text(called)[-400:] if called is not None else "")
        if match is not None and (self.lone or match[2] == ","):
            topic = Literal(match[1].rpartition(".")[2])
            yield MessageReceived(reader.span(site.node), "", topic, self.library)


def between_processes(_: CallSite, reader: Reader) -> bool:
    return IN_PROCESS.search(reader.content) is None


MESSAGING: tuple[Pattern, ...] = (
    *(
        TypedSend(
            callees=(f"{buses}.{{Publish,Send,SendLocal,PublishAsync,SendAsync,InvokeAsync}}",),
            library="message-bus",
            when=lambda _, reader: re.search(OF_BUSES, reader.content) is not None,
        )
        for buses in BUSES
    ),
    TypedSend(
        callees=("IRequestClient.GetResponse",),
        library="masstransit",
        when=lambda _, reader: b"MassTransit" in reader.content,
    ),
    # The abstraction over a broker that many systems of services write themselves.
    TypedSend(
        callees=(
            "{IEventBus,IIntegrationEventBus,IEventPublisher,IMessagePublisher}.{Publish,PublishAsync}",
        ),
        library="event-bus",
        when=between_processes,
    ),
    TypedReceive(
        callees=("*.{Subscribe,SubscribeAsync,AddSubscription}",),
        library="event-bus",
        when=lambda site, reader: (
            between_processes(site, reader) and b"EasyNetQ" not in reader.content
        ),
    ),
    # EasyNetQ: messages by their type.
    TypedSend(
        callees=(
            "{IBus,IPubSub}.{PubSub.Publish,PubSub.PublishAsync,Publish,PublishAsync}",
            "IBus.Rpc.{Request,RequestAsync}",
        ),
        library="easynetq",
        when=lambda _, reader: b"EasyNetQ" in reader.content,
    ),
    TypedReceive(
        callees=("*.{Respond,RespondAsync,Subscribe,SubscribeAsync}",),
        library="easynetq",
        lone=True,
        when=lambda _, reader: b"EasyNetQ" in reader.content,
    ),
    # CAP: topics by name.
    Send(
        callees=("ICapPublisher.{Publish,PublishAsync,PublishDelayAsync}",),
        technology="",
        library="cap",
        topic=Arg(0, ("name",)),
    ),
    Receive(callees=("*.CapSubscribe",), technology="", library="cap", annotation=True),
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
        callees=("*.{BasicPublish,BasicPublishAsync}",),
        technology="rabbitmq",
        library="rabbitmq-client",
        topic=Arg(0, ("exchange",)),
        instead=Arg(1, ("routingKey",)),
    ),
    Receive(
        callees=("*.{BasicConsume,BasicConsumeAsync,BasicGet,BasicGetAsync}",),
        technology="rabbitmq",
        library="rabbitmq-client",
        topic=Arg(0, ("queue",)),
    ),
    Send(
        callees=("ServiceBusClient.CreateSender",),
        technology="servicebus",
        library="azure-service-bus",
    ),
    Receive(
        callees=("ServiceBusClient.{CreateProcessor,CreateReceiver,CreateSessionProcessor}",),
        technology="servicebus",
        library="azure-service-bus",
    ),
    Send(
        callees=("{AmazonSQSClient,IAmazonSQS}.{SendMessageAsync,SendMessageBatchAsync}",),
        technology="sqs",
        library="aws-sdk",
    ),
    Receive(
        callees=("{AmazonSQSClient,IAmazonSQS}.ReceiveMessageAsync",),
        technology="sqs",
        library="aws-sdk",
    ),
    Send(
        callees=(
            "{AmazonSimpleNotificationServiceClient,IAmazonSimpleNotificationService}.PublishAsync",
        ),
        technology="sns",
        library="aws-sdk",
    ),
    # Azure Functions: what starts them.
    Receive(
        callees=("*.ServiceBusTrigger",),
        technology="servicebus",
        library="azure-functions",
        annotation=True,
    ),
    Receive(
        callees=("*.QueueTrigger",),
        technology="azure-queue",
        library="azure-functions",
        annotation=True,
    ),
    Receive(
        callees=("*.EventHubTrigger",),
        technology="eventhub",
        library="azure-functions",
        annotation=True,
    ),
    Receive(
        callees=("*.KafkaTrigger",),
        technology="kafka",
        library="azure-functions",
        topic=Arg(1),
        annotation=True,
    ),
    Receive(
        callees=("*.RabbitMQTrigger",),
        technology="rabbitmq",
        library="azure-functions",
        annotation=True,
    ),
)
