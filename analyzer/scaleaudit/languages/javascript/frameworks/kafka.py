"""Kafka in JavaScript: one broker, several libraries, which name its address each in its own way."""

from __future__ import annotations

from scaleaudit.languages.patterns import FIRST, Arg, Pattern, Receive, Send, Store

TOPIC = Arg(-1, ("topic",))
TOPICS = Arg(-1, ("topics", "topic"))
KAFKAJS = "{kafkajs.Kafka,@confluentinc/kafka-javascript.KafkaJS.Kafka}"
RDKAFKA = "{node-rdkafka,@confluentinc/kafka-javascript}"

KAFKA: tuple[Pattern, ...] = (
    Store(
        callees=(KAFKAJS,),
        technology="kafka",
        library="kafkajs",
        address=Arg(-1, ("brokers", "kafkaJS.brokers", "bootstrap.servers")),
    ),
    Send(
        callees=(f"{KAFKAJS}.producer.send", "kafkajs.Producer.send"),
        technology="kafka",
        library="kafkajs",
        topic=TOPIC,
    ),
    Receive(
        callees=(f"{KAFKAJS}.consumer.subscribe", "kafkajs.Consumer.subscribe"),
        technology="kafka",
        library="kafkajs",
        topic=TOPICS,
    ),
    Store(
        callees=("kafka-node.{KafkaClient,ConsumerGroup,ConsumerGroupStream}",),
        technology="kafka",
        library="kafka-node",
        address=Arg(-1, ("kafkaHost",)),
        default="localhost:9092",
        options=0,
    ),
    Send(
        callees=("kafka-node.{Producer,HighLevelProducer}.send",),
        technology="kafka",
        library="kafka-node",
        topic=TOPIC,
    ),
    Receive(
        callees=("kafka-node.Consumer",),
        technology="kafka",
        library="kafka-node",
        topic=TOPIC,
    ),
    Receive(
        callees=("kafka-node.{ConsumerGroup,ConsumerGroupStream}",),
        technology="kafka",
        library="kafka-node",
        topic=Arg(1),
    ),
    Store(
        callees=(
            f"{RDKAFKA}.{{Producer,HighLevelProducer,KafkaConsumer}}",
            f"{RDKAFKA}.{{Producer.createWriteStream,KafkaConsumer.createReadStream}}",
        ),
        technology="kafka",
        library="node-rdkafka",
        address=Arg(-1, ("metadata.broker.list", "bootstrap.servers")),
    ),
    Send(
        callees=(f"{RDKAFKA}.{{Producer,HighLevelProducer}}.produce",),
        technology="kafka",
        library="node-rdkafka",
        topic=FIRST,
    ),
    Receive(
        callees=(f"{RDKAFKA}.KafkaConsumer.subscribe",),
        technology="kafka",
        library="node-rdkafka",
        topic=FIRST,
    ),
    Receive(
        callees=(f"{RDKAFKA}.KafkaConsumer.createReadStream",),
        technology="kafka",
        library="node-rdkafka",
        topic=Arg(-1, ("topics",)),
    ),
)
