"""Messages between processes: RabbitMQ, Redis, NATS, job queues."""

from scaleaudit.facts.code import REDIS_LIST
from scaleaudit.languages.javascript.nest import NestTransport
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

CHANNELS = (
    "amqplib.connect.createChannel",
    "amqplib.connect.createConfirmChannel",
    "amqplib/callback_api.connect.{createChannel,createConfirmChannel}",
    "amqp-connection-manager.connect.createChannel",
    "amqplib.{Channel,ConfirmChannel}",
)
REDIS = "{redis.createClient,redis.createClient.duplicate,ioredis,ioredis.Redis,ioredis.duplicate}"
NATS = "{nats,@nats-io/transport-node}.{connect,NatsConnection}"
BULL = "{bullmq.Queue,bull,bull.Queue,bullmq.FlowProducer,bee-queue}"

MESSAGING: tuple[Pattern, ...] = (
    Store(
        callees=("{amqplib,amqplib/callback_api,amqp-connection-manager}.connect",),
        technology="rabbitmq",
        library="amqplib",
        host=Arg(-1, ("hostname",)),
        default="amqp://localhost",
    ),
    Store(
        callees=("@golevelup/nestjs-rabbitmq.RabbitMQModule.{forRoot,forRootAsync}",),
        technology="rabbitmq",
        library="amqplib",
        address=Arg(-1, ("uri",)),
    ),
    Send(
        callees=tuple(f"{channel}.sendToQueue" for channel in CHANNELS),
        technology="rabbitmq",
        library="amqplib",
    ),
    Send(
        callees=tuple(f"{channel}.publish" for channel in CHANNELS),
        technology="rabbitmq",
        library="amqplib",
        instead=SECOND,  # the default exchange hands on to the queue of that name
    ),
    Receive(
        callees=tuple(f"{channel}.consume" for channel in CHANNELS),
        technology="rabbitmq",
        library="amqplib",
    ),
    # The exchange that a queue listens to.
    Receive(
        callees=tuple(f"{channel}.bindQueue" for channel in CHANNELS),
        technology="rabbitmq",
        library="amqplib",
        topic=SECOND,
    ),
    Send(callees=(f"{REDIS}.publish",), technology="redis", library="redis"),
    Receive(
        callees=(f"{REDIS}.{{subscribe,pSubscribe,psubscribe}}",),
        technology="redis",
        library="redis",
    ),
    Send(callees=(f"{REDIS}.{{lpush,rpush,lPush,rPush}}",), technology="redis", library=REDIS_LIST),
    Receive(
        callees=(f"{REDIS}.{{blpop,brpop,brpoplpush,blPop,brPop,brPopLPush,blmove,blMove}}",),
        technology="redis",
        library=REDIS_LIST,
    ),
    Send(callees=(f"{REDIS}.{{xadd,xAdd}}",), technology="redis", library="redis"),
    # Job queues on redis: the queue's name is the topic.
    Send(
        callees=(f"{BULL}.{{add,addBulk,createJob}}",),
        technology="redis",
        library="bullmq",
        topic=NONE,
        client_topic=FIRST,
    ),
    Receive(callees=("bullmq.Worker",), technology="redis", library="bullmq"),
    Receive(
        callees=("{bull,bull.Queue,bee-queue}.process",),
        technology="redis",
        library="bull",
        topic=NONE,
        client_topic=FIRST,
    ),
    Receive(
        callees=("{@nestjs/bullmq,@nestjs/bull}.Processor",),
        technology="redis",
        library="@nestjs/bullmq",
        topic=Arg(0, ("name",)),
        annotation=True,
    ),
    Store(
        callees=("bullmq.{Queue,Worker}",),
        technology="redis",
        library="bullmq",
        address=Arg(-1, ("connection.url",)),
        host=Arg(-1, ("connection.host",)),
        port=Arg(-1, ("connection.port",)),
        when=lambda site, reader: any(
            name in site.keywords for name in ("connection.host", "connection.url")
        ),
    ),
    Store(
        callees=(
            "{@nestjs/bullmq,@nestjs/bull}.BullModule.{forRoot,forRootAsync,registerQueue,registerQueueAsync}",
        ),
        technology="redis",
        library="bull",
        address=Arg(-1, ("connection.url", "redis.url", "redis", "connection", "url")),
        host=Arg(-1, ("connection.host", "redis.host")),
        port=Arg(-1, ("connection.port", "redis.port")),
        when=lambda site, reader: bool({"connection", "redis", "url"} & site.keywords.keys()),
    ),
    Store(
        callees=("{bull,bull.Queue}",),
        technology="redis",
        library="bull",
        address=Arg(1, ("redis.url",)),
        host=Arg(-1, ("redis.host",)),
        port=Arg(-1, ("redis.port",)),
        default="localhost:6379",
        options=1,
    ),
    Store(
        callees=("{nats,@nats-io/transport-node}.connect",),
        technology="nats",
        library="nats",
        address=Arg(-1, ("servers", "url")),
        default="localhost:4222",
        options=0,
    ),
    Store(
        callees=("node-nats-streaming.connect",),
        technology="nats",
        library="node-nats-streaming",
        address=Arg(-1, ("url", "servers")),
        default="localhost:4222",
        options=2,
    ),
    Send(
        callees=(
            f"{NATS}.{{publish,request}}",
            f"{NATS}.jetstream.publish",
            "{nats,@nats-io/jetstream}.JetStreamClient.publish",
            "node-nats-streaming.{connect,Stan}.publish",
        ),
        technology="nats",
        library="nats",
    ),
    Receive(
        callees=(
            f"{NATS}.subscribe",
            f"{NATS}.jetstream.{{subscribe,pullSubscribe}}",
            "{nats,@nats-io/jetstream}.JetStreamClient.{subscribe,pullSubscribe}",
            "node-nats-streaming.{connect,Stan}.subscribe",
        ),
        technology="nats",
        library="nats",
    ),
    Store(callees=("mqtt.{connect,connectAsync}",), technology="mqtt", library="mqtt"),
    Send(
        callees=("mqtt.{connect,connectAsync}.{publish,publishAsync}", "mqtt.MqttClient.publish"),
        technology="mqtt",
        library="mqtt",
    ),
    Receive(
        callees=(
            "mqtt.{connect,connectAsync}.{subscribe,subscribeAsync}",
            "mqtt.MqttClient.subscribe",
        ),
        technology="mqtt",
        library="mqtt",
    ),
    NestTransport(
        callees=(
            "@nestjs/microservices.ClientsModule.{register,registerAsync}",
            "@nestjs/microservices.ClientProxyFactory.create",
        )
    ),
    NestTransport(callees=("@nestjs/microservices.Client",), annotation=True),
    NestTransport(
        callees=(
            "@nestjs/core.NestFactory.createMicroservice",
            "@nestjs/core.NestFactory.create.connectMicroservice",
        ),
        serves=True,
    ),
    # NestJS: the transport is chosen where the microservice is started.
    Send(
        callees=("@nestjs/microservices.{ClientProxy,ClientKafka,ClientRMQ}.{emit,send}",),
        technology="",
        library="@nestjs/microservices",
        topic=Arg(0, ("cmd",)),
    ),
    Receive(
        callees=("@nestjs/microservices.{MessagePattern,EventPattern}",),
        technology="",
        library="@nestjs/microservices",
        topic=Arg(0, ("cmd",)),
        annotation=True,
    ),
)
