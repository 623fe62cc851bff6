"""Kafka in Go: what is sent and received through each of its clients."""

from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.patterns import SECOND, Arg, Pattern, Receive, Send, Store
from scaleaudit.languages.reader import Reader
from scaleaudit.values import literal_text

SARAMA = "github.com/{IBM,Shopify}/sarama"
KAFKA_GO = "github.com/segmentio/kafka-go"
CONFLUENT = "github.com/confluentinc/confluent-kafka-go/kafka"
FRANZ = "github.com/twmb/franz-go/pkg/kgo"
TOPIC = Arg(-1, ("Topic",))


def names_topic(site: CallSite, reader: Reader) -> bool:
    return TOPIC.node(site, reader) is not None


def kafka_message_of_its_own(site: CallSite, reader: Reader) -> bool:
    """A message that is made to be sent; those that arrive are not made by literals."""
    return bool(literal_text(TOPIC.value(site, reader))) or names_topic(site, reader)


KAFKA: tuple[Pattern, ...] = (
    Store(
        callees=(
            f"{SARAMA}.{{NewSyncProducer,NewAsyncProducer,NewConsumerGroup,NewConsumer,NewClient}}",
        ),
        technology="kafka",
        library="sarama",
    ),
    Send(
        callees=(f"{SARAMA}.ProducerMessage",),
        technology="kafka",
        library="sarama",
        topic=TOPIC,
        when=names_topic,
    ),
    Receive(
        callees=("sarama.ConsumerGroup.Consume", "sarama.Consumer.ConsumePartition"),
        technology="kafka",
        library="sarama",
    ),
    Store(
        callees=(f"{KAFKA_GO}.{{NewReader,ReaderConfig}}",),
        technology="kafka",
        library="kafka-go",
        address=Arg(-1, ("Brokers",)),
        when=lambda site, _: site.name == "NewReader",
    ),
    Receive(
        callees=(f"{KAFKA_GO}.NewReader",),
        technology="kafka",
        library="kafka-go",
        topic=Arg(-1, ("Topic", "GroupTopics")),
    ),
    Store(
        callees=(f"{KAFKA_GO}.{{NewWriter,Writer}}",),
        technology="kafka",
        library="kafka-go",
        address=Arg(-1, ("Brokers", "Addr")),
    ),
    Store(
        callees=(f"{KAFKA_GO}.{{DialLeader,Dial}}",),
        technology="kafka",
        library="kafka-go",
        address=SECOND,
    ),
    Send(
        callees=(f"{KAFKA_GO}.{{NewWriter,Writer,Message}}",),
        technology="kafka",
        library="kafka-go",
        topic=TOPIC,
        when=kafka_message_of_its_own,
    ),
    Store(
        callees=(f"{CONFLUENT}.{{NewProducer,NewConsumer}}",),
        technology="kafka",
        library="confluent-kafka-go",
        address=Arg(-1, ("bootstrap.servers", "metadata.broker.list")),
    ),
    Send(
        callees=(f"{CONFLUENT}.Message",),
        technology="kafka",
        library="confluent-kafka-go",
        topic=TOPIC,
        when=names_topic,
    ),
    Receive(
        callees=(f"{CONFLUENT}.Consumer.{{Subscribe,SubscribeTopics}}",),
        technology="kafka",
        library="confluent-kafka-go",
    ),
    Store(callees=(f"{FRANZ}.SeedBrokers",), technology="kafka", library="franz-go"),
    Receive(callees=(f"{FRANZ}.ConsumeTopics",), technology="kafka", library="franz-go"),
    Send(
        callees=(f"{FRANZ}.Record",),
        technology="kafka",
        library="franz-go",
        topic=TOPIC,
        when=names_topic,
    ),
)
