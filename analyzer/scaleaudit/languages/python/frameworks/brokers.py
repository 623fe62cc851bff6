"""Queues, brokers and task libraries of Python.

Task libraries name a task by its function, so the function's name is the topic on both sides;
a `name=` of its own adds a second topic.
"""

from scaleaudit.facts.code import REDIS_LIST
from scaleaudit.languages.patterns import FIRST, NONE, Arg, Receive, Send, Store
from scaleaudit.languages.python.conditions import of_celery, of_huey, on_actor, on_task
from scaleaudit.languages.python.frameworks.cloud_queues import CLOUD_QUEUES
from scaleaudit.languages.python.tasks import StreamRead, TaskDefined, TaskSent

BOOTSTRAP = Arg(-1, ("bootstrap_servers", "bootstrap.servers"))
ROUTING_KEY = Arg(1, ("routing_key",))
EXCHANGE = Arg(0, ("exchange",))
CHANNEL = "aio_pika.{connect,connect_robust}.channel"

RABBITMQ = (
    Store(
        callees=("pika.ConnectionParameters", "pika.connection.ConnectionParameters"),
        technology="rabbitmq",
        library="pika",
        host=Arg(0, ("host",)),
        port=Arg(1, ("port",)),
        default="localhost",
    ),
    Store(callees=("pika.URLParameters",), technology="rabbitmq", library="pika"),
    Store(
        callees=("aio_pika.{connect,connect_robust}", "kombu.Connection", "aiormq.connect"),
        technology="rabbitmq",
        library="amqp",
        address=Arg(0, ("url", "hostname")),
    ),
    # The names are AMQP's own.
    Send(
        callees=("*.basic_publish",),
        technology="rabbitmq",
        library="pika",
        topic=ROUTING_KEY,
        instead=EXCHANGE,
    ),
    Receive(
        callees=("*.queue_bind",),
        technology="rabbitmq",
        library="pika",
        topic=Arg(1, ("exchange",)),
        when=lambda site, reader: "exchange" in site.keywords,
    ),
    Send(
        callees=(f"{CHANNEL}.default_exchange.publish",),
        technology="rabbitmq",
        library="aio-pika",
        topic=ROUTING_KEY,
    ),
    Send(
        callees=(f"{CHANNEL}.{{declare_exchange,get_exchange}}.publish",),
        technology="rabbitmq",
        library="aio-pika",
        topic=ROUTING_KEY,
        client_topic=Arg(0, ("name",)),
    ),
    Receive(
        callees=(f"{CHANNEL}.{{declare_queue,get_queue}}.{{consume,iterator,get}}",),
        technology="rabbitmq",
        library="aio-pika",
        topic=NONE,
        client_topic=Arg(0, ("name",)),
    ),
    Receive(
        callees=("*.basic_consume",),
        technology="rabbitmq",
        library="pika",
        topic=Arg(0, ("queue",)),
    ),
    Receive(
        callees=("kombu.Queue",), technology="celery", library="kombu", topic=Arg(0, ("name",))
    ),
)

KAFKA = (
    Store(
        callees=(
            "kafka.{KafkaProducer,KafkaConsumer,KafkaAdminClient}",
            "aiokafka.{AIOKafkaProducer,AIOKafkaConsumer}",
            "confluent_kafka.{Producer,Consumer,SerializingProducer,DeserializingConsumer}",
            "confluent_kafka.admin.AdminClient",
        ),
        technology="kafka",
        library="kafka",
        address=BOOTSTRAP,
    ),
    Send(
        callees=(
            "kafka.KafkaProducer.send",
            "aiokafka.AIOKafkaProducer.{send,send_and_wait}",
            "confluent_kafka.{Producer,SerializingProducer}.produce",
        ),
        technology="kafka",
        library="kafka",
        topic=Arg(0, ("topic",)),
    ),
    Receive(
        callees=("kafka.KafkaConsumer", "aiokafka.AIOKafkaConsumer"),
        technology="kafka",
        library="kafka",
        when=lambda site, reader: bool(site.args),
    ),
    Receive(
        callees=(
            "kafka.KafkaConsumer.subscribe",
            "aiokafka.AIOKafkaConsumer.subscribe",
            "confluent_kafka.{Consumer,DeserializingConsumer}.subscribe",
        ),
        technology="kafka",
        library="kafka",
        topic=Arg(0, ("topics",)),
    ),
    Store(
        callees=("faust.App",), technology="kafka", library="faust", address=Arg(-1, ("broker",))
    ),
)

# FastStream: the broker's decorators name what is received and sent.
FASTSTREAM = tuple(
    pattern
    for technology, name, parts in (
        ("kafka", "KafkaBroker", "{kafka,confluent}"),
        ("rabbitmq", "RabbitBroker", "rabbit"),
        ("nats", "NatsBroker", "nats"),
        ("redis", "RedisBroker", "redis"),
    )
    for pattern in (
        Store(
            callees=(f"faststream.{parts}.{name}",),
            technology=technology,
            library="faststream",
            address=Arg(0, ("url", "servers")),
        ),
        Receive(
            callees=(f"faststream.{parts}.{name}.subscriber",),
            technology=technology,
            library="faststream",
            topic=Arg(0, ("queue", "subject", "channel", "stream", "list")),
            annotation=True,
        ),
        Send(
            callees=(f"faststream.{parts}.{name}.publisher",),
            technology=technology,
            library="faststream",
            topic=Arg(0, ("queue", "subject", "channel", "stream", "list")),
            annotation=True,
        ),
        Send(
            callees=(f"faststream.{parts}.{name}.publish",),
            technology=technology,
            library="faststream",
            topic=Arg(1, ("topic", "queue", "subject", "channel", "stream", "list")),
        ),
    )
)

JETSTREAM = "nats.{connect,NATS.connect,NATS,aio.client.Client}.jetstream"
NATS = (
    Send(
        callees=(f"{JETSTREAM}.publish",),
        technology="nats",
        library="nats",
        topic=Arg(0, ("subject",)),
    ),
    Receive(
        callees=(f"{JETSTREAM}.{{subscribe,pull_subscribe}}",),
        technology="nats",
        library="nats",
        topic=Arg(0, ("subject",)),
    ),
    Store(
        callees=("nats.connect", "nats.NATS.connect", "nats.aio.client.Client.connect"),
        technology="nats",
        library="nats",
        address=Arg(0, ("servers",)),
        default="localhost:4222",
    ),
    Send(
        callees=(
            "nats.connect.{publish,request}",
            "nats.{NATS,aio.client.Client}.{publish,request}",
        ),
        technology="nats",
        library="nats",
        topic=Arg(0, ("subject",)),
    ),
    Receive(
        callees=("nats.connect.subscribe", "nats.{NATS,aio.client.Client}.subscribe"),
        technology="nats",
        library="nats",
        topic=Arg(0, ("subject",)),
    ),
    Store(
        callees=("paho.mqtt.client.Client.connect",),
        technology="mqtt",
        library="paho",
        address=Arg(0, ("host",)),
    ),
    Send(callees=("paho.mqtt.client.Client.publish",), technology="mqtt", library="paho"),
    Receive(callees=("paho.mqtt.client.Client.subscribe",), technology="mqtt", library="paho"),
)

REDIS_CLIENTS = "redis.{Redis,StrictRedis,from_url,Redis.from_url,asyncio.Redis,asyncio.from_url}"

REDIS = (
    Send(
        callees=(f"{REDIS_CLIENTS}.{{publish,xadd}}",),
        technology="redis",
        library="redis",
    ),
    Receive(
        callees=(f"{REDIS_CLIENTS}.pubsub.{{subscribe,psubscribe}}",),
        technology="redis",
        library="redis",
    ),
    # A list is a queue where somebody waits for its elements.
    Send(callees=(f"{REDIS_CLIENTS}.{{lpush,rpush}}",), technology="redis", library=REDIS_LIST),
    Receive(
        callees=(f"{REDIS_CLIENTS}.{{blpop,brpop,brpoplpush,blmove}}",),
        technology="redis",
        library=REDIS_LIST,
        topic=Arg(0, ("keys",)),
    ),
    StreamRead(callees=(f"{REDIS_CLIENTS}.xread",), streams=Arg(0, ("streams",))),
    StreamRead(callees=(f"{REDIS_CLIENTS}.xreadgroup",), streams=Arg(2, ("streams",))),
)

TASKS = (
    Store(
        callees=("celery.Celery",),
        technology="",
        library="celery",
        address=Arg(2, ("broker",)),
        when=lambda site, reader: "broker" in site.keywords,
    ),
    TaskDefined(callees=("celery.shared_task", "celery.task.task"), library="celery"),
    TaskDefined(callees=("celery.Celery.task",), library="celery"),
    TaskDefined(callees=("*.task",), library="celery", when=of_celery),
    TaskSent(callees=("*.{delay,apply_async}",), library="celery", when=on_task),
    Send(callees=("*.send_task",), technology="celery", library="celery", topic=Arg(0, ("name",))),
    # rq: jobs go to the queue's name, "default" when it has none.
    Send(
        callees=("rq.Queue.{enqueue,enqueue_call,enqueue_in,enqueue_at}",),
        technology="rq",
        library="rq",
        topic=NONE,
        client_topic=Arg(0, ("name",)),
    ),
    Receive(callees=("rq.Worker",), technology="rq", library="rq", topic=Arg(0, ("queues",))),
    TaskDefined(callees=("dramatiq.actor",), library="dramatiq", name=Arg(-1, ("actor_name",))),
    TaskSent(callees=("*.send",), library="dramatiq", when=on_actor),
    TaskSent(callees=("*.send_with_options",), library="dramatiq", when=on_task),
    Store(
        callees=("dramatiq.brokers.redis.RedisBroker",),
        technology="redis",
        library="dramatiq",
        address=Arg(-1, ("url",)),
        host=Arg(-1, ("host",)),
    ),
    Store(
        callees=("dramatiq.brokers.rabbitmq.RabbitmqBroker",),
        technology="rabbitmq",
        library="dramatiq",
        address=Arg(-1, ("url",)),
        host=Arg(-1, ("host",)),
    ),
    TaskDefined(
        callees=("huey.{Huey,RedisHuey,PriorityRedisHuey}.{task,periodic_task}",), library="huey"
    ),
    TaskDefined(callees=("*.{db_task,db_periodic_task}",), library="huey", when=of_huey),
    Store(
        callees=("huey.{RedisHuey,PriorityRedisHuey}",),
        technology="redis",
        library="huey",
        address=Arg(-1, ("url",)),
        host=Arg(-1, ("host",)),
        default="localhost:6379",
    ),
    # The names are these libraries' own.
    TaskSent(callees=("*.kiq",), library="taskiq", when=on_task),
    Send(callees=("*.enqueue_job",), technology="arq", library="arq", topic=FIRST),
    Send(callees=("django_q.tasks.async_task",), technology="django-q", library="django-q"),
)

BROKERS = (*RABBITMQ, *KAFKA, *FASTSTREAM, *CLOUD_QUEUES, *NATS, *REDIS, *TASKS)
