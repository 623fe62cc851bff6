"""Job queues and brokers: who sends what; classes that receive stand in `jobs.py`."""

from scaleaudit.facts.code import REDIS_LIST
from scaleaudit.languages.patterns import FIRST, Arg, Receive, Send
from scaleaudit.languages.ruby.conditions import of_job_class
from scaleaudit.languages.ruby.sending import JobSent

TOPIC = Arg(-1, ("topic",))
QUEUE_URL = Arg(-1, ("queue_url",))
CHANNEL = "{Bunny.new,Bunny.run,MarchHare.connect}.{create_channel,channel}"
KAFKA_PRODUCERS = "{Kafka.new,Rdkafka.Config.new}.{producer,async_producer}"

JOBS = (
    JobSent(callees=("*.perform_later",), library="active_job", when=of_job_class),
    JobSent(
        callees=("*.deliver_later", "*.deliver_later!"),
        library="active_job",
        fixed="ActionMailer.MailDeliveryJob",
    ),
    JobSent(
        callees=("*.{perform_async,perform_in,perform_at,perform_bulk}",),
        library="sidekiq",
        when=of_job_class,
    ),
    JobSent(
        callees=("Resque.{enqueue,enqueue_in,enqueue_at,enqueue_to}",),
        library="resque",
        argument=True,
    ),
)

BROKERS = (
    Send(
        callees=(
            "Kafka.new.deliver_message",
            f"{KAFKA_PRODUCERS}.produce",
            "DeliveryBoy.{deliver,deliver_async,produce}",
            "{WaterDrop.Producer.new,Karafka.producer}.{produce_async,produce_sync}",
            "WaterDrop.{AsyncProducer,SyncProducer}.call",
            "Racecar.{produce_async,produce_sync}",
        ),
        technology="kafka",
        library="kafka",
        topic=TOPIC,
    ),
    Receive(
        callees=("{Kafka.new,Rdkafka.Config.new}.consumer.subscribe",),
        technology="kafka",
        library="kafka",
    ),
    Receive(callees=("Kafka.new.each_message",), technology="kafka", library="kafka", topic=TOPIC),
    Send(
        callees=(
            f"{CHANNEL}.default_exchange.publish",
            f"{CHANNEL}.{{topic,direct,exchange}}.publish",
        ),
        technology="rabbitmq",
        library="bunny",
        topic=Arg(-1, ("routing_key",)),
        client_topic=FIRST,
    ),
    Send(
        callees=(f"{CHANNEL}.{{queue,fanout}}.publish",),
        technology="rabbitmq",
        library="bunny",
        topic=Arg(-1, ("routing_key",)),
        client_topic=FIRST,
    ),
    Receive(
        callees=(f"{CHANNEL}.queue.{{subscribe,subscribe_with}}",),
        technology="rabbitmq",
        library="bunny",
        topic=Arg(-1, ("queue",)),
        client_topic=FIRST,
    ),
    Receive(
        callees=(f"{CHANNEL}.queue.bind",),
        technology="rabbitmq",
        library="bunny",
        when=lambda site, reader: bool(site.args) and site.args[0].type == "string",
    ),
    Send(callees=("Redis.new.{lpush,rpush}",), technology="redis", library=REDIS_LIST),
    Receive(callees=("Redis.new.{blpop,brpop}",), technology="redis", library=REDIS_LIST),
    Send(callees=("Redis.new.{publish,xadd}",), technology="redis", library="redis"),
    Receive(callees=("Redis.new.{subscribe,psubscribe}",), technology="redis", library="redis"),
    Send(callees=("Hutch.publish",), technology="rabbitmq", library="hutch"),
    Send(
        callees=("Sneakers.publish",),
        technology="rabbitmq",
        library="sneakers",
        topic=Arg(-1, ("to_queue", "routing_key")),
    ),
    Send(
        callees=("Aws.SQS.Client.new.{send_message,send_message_batch}",),
        technology="sqs",
        library="aws-sdk",
        topic=QUEUE_URL,
    ),
    Receive(
        callees=("Aws.SQS.Client.new.receive_message",),
        technology="sqs",
        library="aws-sdk",
        topic=QUEUE_URL,
    ),
    Receive(
        callees=("Aws.SQS.QueuePoller.new.poll",),
        technology="sqs",
        library="aws-sdk",
        topic=Arg(-1, ("queue_url",)),
        client_topic=FIRST,
    ),
    Send(
        callees=("Aws.SNS.{Client,Resource}.new.publish",),
        technology="sns",
        library="aws-sdk",
        topic=Arg(-1, ("topic_arn", "target_arn")),
    ),
    Send(
        callees=("Google.Cloud.{Pubsub,PubSub}.new.{topic,publisher}.publish",),
        technology="pubsub",
        library="google-cloud-pubsub",
        topic=Arg(-1, ("topic",)),
        client_topic=FIRST,
    ),
    Receive(
        callees=("Google.Cloud.{Pubsub,PubSub}.new.{subscription,subscriber}.listen",),
        technology="pubsub",
        library="google-cloud-pubsub",
        topic=Arg(-1, ("subscription",)),
        client_topic=FIRST,
    ),
)

MESSAGING = (*JOBS, *BROKERS)
