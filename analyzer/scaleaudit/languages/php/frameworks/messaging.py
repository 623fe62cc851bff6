"""Queues of PHP: Laravel's jobs, Symfony Messenger, AMQP, SQS."""

from scaleaudit.languages.patterns import FIRST, Arg, Pattern, Receive, Send
from scaleaudit.languages.php.requests import Dispatch

FACADES = "Illuminate.Support.Facades"
CHANNEL = "{PhpAmqpLib.Connection.AMQPStreamConnection.channel,PhpAmqpLib.Channel.AMQPChannel}"
QUEUE_URL = Arg(-1, ("QueueUrl",))

MESSAGING: tuple[Pattern, ...] = (
    Dispatch(
        callees=("*.dispatch",),
        technology="laravel-queue",
        library="laravel",
        own=True,
        jobs_only=True,
    ),
    Dispatch(
        callees=("dispatch", "this.dispatch", f"{FACADES}.Bus.dispatch", f"{FACADES}.Queue.push"),
        technology="laravel-queue",
        library="laravel",
        jobs_only=True,
    ),
    Dispatch(
        callees=("Symfony.Component.Messenger.MessageBusInterface.dispatch",),
        technology="symfony-messenger",
        library="symfony-messenger",
    ),
    # The routing key leads to a queue; with the default exchange it is the queue's name.
    Send(
        callees=(f"{CHANNEL}.basic_publish",),
        technology="rabbitmq",
        library="php-amqplib",
        topic=Arg(2, ("routing_key",)),
    ),
    Receive(
        callees=(f"{CHANNEL}.basic_consume",),
        technology="rabbitmq",
        library="php-amqplib",
        topic=Arg(0, ("queue",)),
    ),
    Send(
        callees=("Aws.Sqs.SqsClient.sendMessage",),
        technology="sqs",
        library="aws-sdk",
        topic=QUEUE_URL,
    ),
    Receive(
        callees=("Aws.Sqs.SqsClient.receiveMessage",),
        technology="sqs",
        library="aws-sdk",
        topic=QUEUE_URL,
    ),
    Send(callees=("RdKafka.Producer.newTopic",), technology="kafka", library="rdkafka"),
    Receive(
        callees=("RdKafka.KafkaConsumer.subscribe",),
        technology="kafka",
        library="rdkafka",
        topic=FIRST,
    ),
)
