"""Messages sent and received on the JVM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.languages.java.patterns import takes, takes_more_than
from scaleaudit.languages.patterns import NONE, SECOND, Arg, Receive, Send
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

RABBIT = "org.springframework.amqp.rabbit"
RABBIT_SENDS = f"{RABBIT}.core.RabbitTemplate.{{convertAndSend,convertSendAndReceive,send}}"
SQS_REQUEST = Arg(0, ("queueUrl", "queueName", "withQueueUrl"))
SNS_REQUEST = Arg(0, ("topicArn", "targetArn", "withTopicArn"))

STREAM = "org.springframework.cloud.stream"


def destination(topic: Value) -> Value:
    """A binding's name leads to its destination by a setting, and is it by default."""
    if not isinstance(topic, Literal):
        return topic
    return Setting(f"spring.cloud.stream.bindings.{topic.text}.destination", topic)


class BoundSend(Send, frozen=True):
    """A message to a binding of Spring Cloud Stream; the broker is chosen by the class path."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Send.facts(self, site, reader):
            if isinstance(fact, MessageSent):
                yield replace(fact, topic=destination(fact.topic))


class BoundReceive(Receive, frozen=True):
    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Receive.facts(self, site, reader):
            if isinstance(fact, MessageReceived):
                yield replace(fact, topic=destination(fact.topic))


class BoundFunction(Record, frozen=True, kw_only=True):
    """`@Bean Consumer<Order> paid()`: Spring Cloud Stream binds it as `paid-in-0`."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        kind = target.child_by_field_name("type") if target is not None else None
        match = FUNCTION.match(reader.text(kind)[:80]) if kind is not None else None
        if target is None or match is None or not reader.mentions(BOUND):
            return
        name, at = reader.definition_name(target), reader.span(site.node)
        if match[1] != "Supplier":
            topic = destination(Literal(f"{name}-in-0"))
            yield MessageReceived(at, "", topic, "spring-cloud-stream", name)
        if match[1] != "Consumer":
            topic = destination(Literal(f"{name}-out-0"))
            yield MessageSent(at, "", topic, "spring-cloud-stream", name)


FUNCTION = regex(r"(?:java\.util\.function\.)?(Consumer|Function|Supplier)\s*<")
BOUND = r"org\.springframework\.(?:cloud\.(?:stream|function)|messaging\.Message\b)"

MESSAGING = (
    BoundFunction(callees=("org.springframework.context.annotation.Bean",)),
    # Kafka
    Receive(
        callees=("org.springframework.kafka.annotation.KafkaListener",),
        technology="kafka",
        library="spring-kafka",
        topic=Arg(-1, ("topics", "topicPattern", "topicPartitions")),
        annotation=True,
    ),
    Send(
        callees=(
            "org.springframework.kafka.core.{KafkaTemplate,reactive.ReactiveKafkaProducerTemplate}"
            ".{send,sendDefault}",
        ),
        technology="kafka",
        library="spring-kafka",
    ),
    Send(
        callees=("org.apache.kafka.clients.producer.{KafkaProducer,Producer}.send",),
        technology="kafka",
        library="kafka-clients",
    ),
    Receive(
        callees=("org.apache.kafka.clients.consumer.{KafkaConsumer,Consumer}.subscribe",),
        technology="kafka",
        library="kafka-clients",
    ),
    Receive(
        callees=("org.apache.kafka.streams.StreamsBuilder.{stream,table,globalTable}",),
        technology="kafka",
        library="kafka-streams",
    ),
    Send(
        callees=("org.apache.kafka.streams.kstream.KStream.to",),
        technology="kafka",
        library="kafka-streams",
    ),
    # RabbitMQ. With three arguments and more the first is the exchange, with two the queue.
    Send(
        callees=(RABBIT_SENDS,),
        technology="rabbitmq",
        library="spring-amqp",
        when=takes_more_than(1),
    ),
    Send(
        callees=(RABBIT_SENDS,),
        technology="rabbitmq",
        library="spring-amqp",
        topic=NONE,
        when=takes(1),
    ),
    Receive(
        callees=(f"{RABBIT}.annotation.RabbitListener",),
        technology="rabbitmq",
        library="spring-amqp",
        topic=Arg(-1, ("queues", "queuesToDeclare", "bindings")),
        annotation=True,
    ),
    Receive(
        callees=(f"{RABBIT}.core.RabbitTemplate.{{receive,receiveAndConvert}}",),
        technology="rabbitmq",
        library="spring-amqp",
        when=takes_more_than(0),
    ),
    Send(
        callees=("com.rabbitmq.client.Channel.basicPublish",),
        technology="rabbitmq",
        library="rabbitmq-client",
    ),
    Receive(
        callees=("com.rabbitmq.client.Channel.{basicConsume,basicGet}",),
        technology="rabbitmq",
        library="rabbitmq-client",
    ),
    # JMS
    Send(
        callees=("org.springframework.jms.core.JmsTemplate.{convertAndSend,send,sendAndReceive}",),
        technology="jms",
        library="spring-jms",
        when=takes_more_than(1),
    ),
    Receive(
        callees=("org.springframework.jms.annotation.JmsListener",),
        technology="jms",
        library="spring-jms",
        topic=Arg(-1, ("destination",)),
        annotation=True,
    ),
    # AWS
    Receive(
        callees=(
            "io.awspring.cloud.sqs.annotation.SqsListener",
            "io.awspring.cloud.messaging.listener.annotation.SqsListener",
            "org.springframework.cloud.aws.messaging.listener.annotation.SqsListener",
        ),
        technology="sqs",
        library="spring-cloud-aws",
        topic=Arg(0, ("queueNames", "value")),
        annotation=True,
    ),
    Send(
        callees=(
            "io.awspring.cloud.sqs.operations.SqsTemplate.{send,sendAsync}",
            "io.awspring.cloud.messaging.core.QueueMessagingTemplate.{convertAndSend,send}",
        ),
        technology="sqs",
        library="spring-cloud-aws",
        topic=Arg(0, ("queue",)),
    ),
    Send(
        callees=(
            "software.amazon.awssdk.services.sqs.{SqsClient,SqsAsyncClient}"
            ".{sendMessage,sendMessageBatch}",
            "com.amazonaws.services.sqs.{AmazonSQS,AmazonSQSAsync}.{sendMessage,sendMessageBatch}",
        ),
        technology="sqs",
        library="aws-sdk",
        topic=SQS_REQUEST,
    ),
    Receive(
        callees=(
            "software.amazon.awssdk.services.sqs.{SqsClient,SqsAsyncClient}.receiveMessage",
            "com.amazonaws.services.sqs.{AmazonSQS,AmazonSQSAsync}.receiveMessage",
        ),
        technology="sqs",
        library="aws-sdk",
        topic=SQS_REQUEST,
    ),
    Send(
        callees=(
            "software.amazon.awssdk.services.sns.{SnsClient,SnsAsyncClient}.publish",
            "com.amazonaws.services.sns.{AmazonSNS,AmazonSNSAsync}.publish",
        ),
        technology="sns",
        library="aws-sdk",
        topic=SNS_REQUEST,
    ),
    # Spring Cloud Stream names bindings; the broker is chosen by what is on the class path.
    BoundSend(
        callees=(f"{STREAM}.function.StreamBridge.send",),
        technology="",
        library="spring-cloud-stream",
    ),
    BoundReceive(
        callees=(f"{STREAM}.annotation.StreamListener",),
        technology="",
        library="spring-cloud-stream",
        topic=Arg(0, ("value", "target")),
        annotation=True,
    ),
    BoundSend(
        callees=(f"{STREAM}.annotation.Output",),
        technology="",
        library="spring-cloud-stream",
        topic=Arg(0, ("value",)),
        annotation=True,
    ),
    # SmallRye (Quarkus), Micronaut, Pulsar, Google, Redis, NATS, MQTT
    Receive(
        callees=("org.eclipse.microprofile.reactive.messaging.Incoming",),
        technology="",
        library="smallrye",
        topic=Arg(0, ("value",)),
        annotation=True,
    ),
    Send(
        callees=("org.eclipse.microprofile.reactive.messaging.{Outgoing,Channel}",),
        technology="",
        library="smallrye",
        topic=Arg(0, ("value",)),
        annotation=True,
    ),
    Receive(
        callees=("org.springframework.pulsar.annotation.PulsarListener",),
        technology="pulsar",
        library="spring-pulsar",
        topic=Arg(-1, ("topics",)),
        annotation=True,
    ),
    Send(
        callees=("org.springframework.pulsar.core.PulsarTemplate.send",),
        technology="pulsar",
        library="spring-pulsar",
        when=takes_more_than(1),
    ),
    Send(
        callees=("com.google.cloud.spring.pubsub.core.PubSubTemplate.publish",),
        technology="pubsub",
        library="spring-cloud-gcp",
    ),
    Receive(
        callees=("com.google.cloud.spring.pubsub.core.PubSubTemplate.subscribe",),
        technology="pubsub",
        library="spring-cloud-gcp",
    ),
    Send(
        callees=(
            "org.springframework.data.redis.core.{RedisTemplate,StringRedisTemplate}"
            ".convertAndSend",
        ),
        technology="redis",
        library="spring-data-redis",
    ),
    Send(
        callees=("redis.clients.jedis.{Jedis,JedisPooled}.publish",),
        technology="redis",
        library="jedis",
    ),
    Receive(
        callees=("redis.clients.jedis.{Jedis,JedisPooled}.subscribe",),
        technology="redis",
        library="jedis",
        topic=SECOND,
    ),
    Send(callees=("io.nats.client.Connection.publish",), technology="nats", library="nats"),
    Receive(callees=("io.nats.client.Connection.subscribe",), technology="nats", library="nats"),
    Send(
        callees=(
            "org.eclipse.paho.client.mqttv3.{MqttClient,MqttAsyncClient,IMqttClient}.publish",
        ),
        technology="mqtt",
        library="paho",
    ),
    Receive(
        callees=(
            "org.eclipse.paho.client.mqttv3.{MqttClient,MqttAsyncClient,IMqttClient}.subscribe",
        ),
        technology="mqtt",
        library="paho",
    ),
)
