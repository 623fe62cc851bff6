"""Messages that Go code sends and receives, and the brokers that it connects to; `kafka` has its own."""

from collections.abc import Iterator

from scaleaudit.facts import Fact, MessageSent
from scaleaudit.facts.code import REDIS_LIST
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.patterns import (
    FIRST,
    NONE,
    SECOND,
    Arg,
    Pattern,
    Receive,
    Send,
    Store,
)
from scaleaudit.languages.reader import Reader
from scaleaudit.values import UNKNOWN, Literal

AMQP = "github.com/{rabbitmq/amqp091-go,streadway/amqp}"
NATS = "github.com/nats-io/nats"
REDIS = "github.com/{redis/go-redis,go-redis/redis}"
ASYNQ = "github.com/hibiken/asynq"
PUBSUB = "cloud.google.com/go/pubsub"
PAHO = "github.com/eclipse/paho.mqtt.golang"
WATERMILL = "github.com/ThreeDotsLabs"
WATERMILL_AMQP = f"{WATERMILL}/watermill-amqp/pkg/amqp"
SERVICE_BUS = "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
SQS_TYPES = "github.com/aws/{aws-sdk-go,aws-sdk-go-v2}/service/sqs"
SNS_TYPES = "github.com/aws/{aws-sdk-go,aws-sdk-go-v2}/service/sns"


class AmqpPublish(Send, frozen=True, kw_only=True):
    """The routing key is what consumers' queues are named after or bound by; else the exchange."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        exchange, key = FIRST.value(site, reader), SECOND.value(site, reader)
        yield MessageSent(
            at=reader.span(site.node),
            technology=self.technology,
            topic=(exchange if key == Literal("") else key) or UNKNOWN,
            library=self.library,
            scope=reader.scope(site.node),
        )


MESSAGING: tuple[Pattern, ...] = (
    # -- RabbitMQ
    Store(
        callees=(f"{AMQP}.{{Dial,DialTLS,DialConfig}}",), technology="rabbitmq", library="amqp091"
    ),
    AmqpPublish(
        callees=(
            "amqp.Channel.{Publish,PublishWithContext,PublishWithDeferredConfirm}",
            "amqp.Channel.PublishWithDeferredConfirmWithContext",
        ),
        technology="rabbitmq",
        library="amqp091",
    ),
    Receive(
        callees=("amqp.Channel.{Consume,ConsumeWithContext,Get}",),
        technology="rabbitmq",
        library="amqp091",
    ),
    Receive(
        callees=("amqp.Channel.QueueBind",),
        technology="rabbitmq",
        library="amqp091",
        topic=Arg(2),  # the exchange
    ),
    # -- Watermill: one way to send and receive over many brokers
    *(
        pattern
        for technology, package, config in (
            ("kafka", f"{WATERMILL}/watermill-kafka/pkg/kafka", "Brokers"),
            ("nats", f"{WATERMILL}/watermill-nats/pkg/{{nats,jetstream}}", "URL"),
            ("redis", f"{WATERMILL}/watermill-redisstream/pkg/redisstream", ""),
            ("pubsub", f"{WATERMILL}/watermill-googlecloud/pkg/googlecloud", ""),
            ("sqs", f"{WATERMILL}/watermill-aws/sqs", ""),
            ("sns", f"{WATERMILL}/watermill-aws/sns", ""),
        )
        for pattern in (
            Store(
                callees=(f"{package}.{{NewPublisher,NewSubscriber}}",),
                technology=technology,
                library="watermill",
                address=NONE,
                host=Arg(-1, (config,)),
            ),
            Send(callees=(f"{package}.NewPublisher.Publish",), technology=technology,
                 library="watermill"),
            Receive(callees=(f"{package}.NewSubscriber.Subscribe",), technology=technology,
                    library="watermill"),
        )
    ),
    Store(
        callees=(
            f"{WATERMILL_AMQP}.{{NewDurableQueueConfig,NewDurablePubSubConfig}}",
            f"{WATERMILL_AMQP}.{{NewNonDurableQueueConfig,NewNonDurablePubSubConfig}}",
        ),
        technology="rabbitmq",
        library="watermill",
    ),
    Send(callees=(f"{WATERMILL_AMQP}.NewPublisher.Publish",), technology="rabbitmq",
         library="watermill"),
    Receive(callees=(f"{WATERMILL_AMQP}.NewSubscriber.Subscribe",), technology="rabbitmq",
            library="watermill"),
    # -- Machinery
    Store(
        callees=("github.com/RichardKnop/machinery/config.Config",
                 "github.com/RichardKnop/machinery/v1/config.Config"),
        technology="",
        library="machinery",
        address=Arg(-1, ("Broker",)),
        when=lambda site, _: "Broker" in site.keywords,
    ),
    # -- Azure
    Store(
        callees=(f"{SERVICE_BUS}.{{NewClient,NewClientFromConnectionString}}",),
        technology="servicebus",
        library="azservicebus",
    ),
    Send(callees=(f"{SERVICE_BUS}.{{NewClient,NewClientFromConnectionString}}.NewSender",),
         technology="servicebus", library="azservicebus"),
    Receive(
        callees=(
            f"{SERVICE_BUS}.{{NewClient,NewClientFromConnectionString}}"
            ".{NewReceiverForQueue,NewReceiverForSubscription}",
        ),
        technology="servicebus",
        library="azservicebus",
    ),
    # -- NATS
    Store(callees=(f"{NATS}.Connect",), technology="nats", library="nats.go"),
    Send(
        callees=(
            f"{NATS}.Conn.{{Publish,PublishRequest,Request,RequestWithContext}}",
            f"{NATS}.JetStreamContext.{{Publish,PublishAsync}}",
        ),
        technology="nats",
        library="nats.go",
    ),
    Receive(
        callees=(
            f"{NATS}.{{Conn,JetStreamContext}}."
            "{Subscribe,QueueSubscribe,SubscribeSync,QueueSubscribeSync,ChanSubscribe,PullSubscribe}",
        ),
        technology="nats",
        library="nats.go",
    ),
    # -- Redis: publish and subscribe
    Send(callees=("redis.Client.Publish",), technology="redis", library="go-redis"),
    Receive(
        callees=("redis.Client.{Subscribe,PSubscribe}",), technology="redis", library="go-redis"
    ),
    Send(callees=("redis.Client.{LPush,RPush}",), technology="redis", library=REDIS_LIST),
    Receive(callees=("redis.Client.{BLPop,BRPop}",), technology="redis", library=REDIS_LIST,
            topic=SECOND),
    Send(
        callees=(f"{REDIS}.XAddArgs",),
        technology="redis",
        library="go-redis",
        topic=Arg(-1, ("Stream",)),
        when=lambda site, _: "Stream" in site.keywords,
    ),
    Receive(
        callees=(f"{REDIS}.{{XReadGroupArgs,XReadArgs}}",),
        technology="redis",
        library="go-redis",
        topic=Arg(-1, ("Streams",)),
        when=lambda site, _: "Streams" in site.keywords,
    ),
    # -- asynq keeps its tasks in Redis
    Store(
        callees=(f"{ASYNQ}.{{NewClient,NewServer}}",),
        technology="redis",
        library="asynq",
        address=Arg(-1, ("Addr", "Addrs")),
    ),
    Send(callees=(f"{ASYNQ}.NewTask",), technology="asynq", library="asynq"),
    Receive(
        callees=(f"{ASYNQ}.ServeMux.{{HandleFunc,Handle}}",), technology="asynq", library="asynq"
    ),
    # -- Amazon and Google
    Send(
        callees=(f"{SQS_TYPES}.{{SendMessageInput,SendMessageBatchInput}}",),
        technology="sqs",
        library="aws-sdk-go",
        topic=Arg(-1, ("QueueUrl",)),
    ),
    Receive(
        callees=(f"{SQS_TYPES}.ReceiveMessageInput",),
        technology="sqs",
        library="aws-sdk-go",
        topic=Arg(-1, ("QueueUrl",)),
    ),
    Send(
        callees=(f"{SNS_TYPES}.PublishInput",),
        technology="sns",
        library="aws-sdk-go",
        topic=Arg(-1, ("TopicArn",)),
        when=lambda site, _: "TopicArn" in site.keywords,
    ),
    Send(
        callees=(f"{PUBSUB}.Topic.Publish",),
        technology="pubsub",
        library="cloud.google.com/go/pubsub",
        topic=NONE,
        client_topic=FIRST,
    ),
    Receive(
        callees=(f"{PUBSUB}.Subscription.Receive",),
        technology="pubsub",
        library="cloud.google.com/go/pubsub",
        topic=NONE,
        client_topic=FIRST,
    ),
    # -- MQTT
    Store(
        callees=(f"{PAHO}.ClientOptions.AddBroker", f"{PAHO}.NewClientOptions.AddBroker"),
        technology="mqtt",
        library="paho.mqtt",
    ),
    Send(callees=(f"{PAHO}.NewClient.Publish", f"{PAHO}.Client.Publish"), technology="mqtt",
         library="paho.mqtt"),
    Receive(callees=(f"{PAHO}.NewClient.Subscribe", f"{PAHO}.Client.Subscribe"), technology="mqtt",
            library="paho.mqtt"),
)  # fmt: skip
