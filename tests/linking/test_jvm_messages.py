"""Messages of the JVM whose broker the class path chooses and whose topic a setting names."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_link import edges
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind

STREAM = "spring.cloud.stream.bindings.{}.destination={}\n"


def messages(source: str, settings: str, library: str, ending: str = "java") -> set[str]:
    """`publishes x` and `consumes x` of a service with one source file."""
    files = {
        "pom.xml": pom("shop", library),
        f"src/main/java/shop/Messages.{ending}": source,
        "src/main/resources/application.properties": settings,
    }
    found = architecture(files)
    return {
        f"{edge.kind} {edge.target.partition(':')[2]}"
        for edge in found.edges(EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    }


@pytest.mark.parametrize(
    ("library", "broker"),
    [
        ("spring-cloud-stream-binder-kafka", "kafka"),
        ("spring-cloud-starter-stream-rabbit", "rabbitmq"),
    ],
)
def test_the_broker_of_a_binder(library: str, broker: str) -> None:
    source = (
        "import java.util.function.*;\nimport org.springframework.context.annotation.Bean;\n"
        "class Messages { @Bean Consumer<Order> paid() { return o -> {}; }\n"
        "  @Bean Function<A, B> convert() { return null; } }"
    )
    assert messages(source, STREAM.format("paid-in-0", "orders"), library) == {
        f"consumes {broker}",
        "consumes orders",
    }
    assert messages(source, "", library) == set()


def test_the_binder_that_is_there_decides_where_a_variable_names_the_brokers_of_another() -> None:
    source = (
        "import java.util.function.*;\nimport org.springframework.context.annotation.Bean;\n"
        "class Messages { @Bean Consumer<Order> paid() { return o -> {}; } }"
    )

    def reached(library: str) -> set[str]:
        files = {
            "compose.yaml": """
                services:
                  shop:
                    build: ./shop
                    environment: {SPRING_CLOUD_STREAM_KAFKA_BINDER_BROKERS: "log:9092"}
                  log: {image: "apache/kafka:3"}
                  queue: {image: "rabbitmq:4"}
                """,
            "shop/Dockerfile": "FROM eclipse-temurin\n",
            "shop/pom.xml": pom("shop", library),
            "shop/src/main/java/shop/Messages.java": source,
            "shop/src/main/resources/application.properties": STREAM.format("paid-in-0", "orders"),
        }
        found = architecture(files)
        kinds = (EdgeKind.USES, EdgeKind.CONSUMES)
        return {e.target for e in found.edges(*kinds) if e.target.startswith("broker:")}

    assert reached("spring-cloud-stream-binder-rabbit") == {"broker:queue"}
    assert reached("spring-cloud-stream-binder-kafka") == {"broker:log"}


def test_channels_of_older_bindings() -> None:
    source = (
        "import org.springframework.cloud.stream.annotation.*;\n"
        "import org.springframework.cloud.stream.messaging.*;\n"
        'interface Channels { String OUT = "orderOut"; @Output(OUT) MessageChannel out(); }\n'
        "@EnableBinding({Source.class, Channels.class}) class Messages {\n"
        "  @StreamListener(Sink.INPUT) void take(Order o) {} }"
    )
    settings = STREAM.format("orderOut", "orders") + STREAM.format("input", "paid")
    assert messages(source, settings, "spring-cloud-stream-binder-kafka") == {
        "publishes kafka", "publishes orders", "publishes output", "consumes kafka", "consumes paid",
    }  # fmt: skip


def test_functions_of_kotlin() -> None:
    source = (
        "import org.springframework.context.annotation.Bean\n"
        "class Messages {\n  @Bean\n  fun paid(): Consumer<Order> = Consumer { }\n}\n"
    )
    found = messages(
        source, STREAM.format("paid-in-0", "orders"), "spring-cloud-stream-binder-kafka", "kt"
    )
    assert found == {"consumes kafka", "consumes orders"}


def test_channels_of_smallrye() -> None:
    source = (
        "import org.eclipse.microprofile.reactive.messaging.*;\n"
        'class Messages { @Incoming("in") void a() {} @Channel("out") Emitter<String> out;\n'
        '  @Incoming("tick") void b() {} @Outgoing("tick") String c() {} }'
    )
    settings = "mp.messaging.incoming.in.topic=orders\nmp.messaging.outgoing.out.topic=paid\n"
    assert messages(source, settings, "quarkus-messaging-kafka") == {
        "consumes kafka", "consumes orders", "publishes kafka", "publishes paid",
    }  # fmt: skip
    connected = f"{settings}mp.messaging.incoming.tick.connector=smallrye-kafka\n"
    assert "consumes tick" in messages(source, connected, "quarkus-messaging-kafka")


def test_a_protocol_is_spoken_with_the_broker_that_is_deployed() -> None:
    def broker(image: str) -> set[str]:
        found = architecture(
            {
                "compose.yaml": f"services: {{mail: {{image: {image}, ports: ['5672:5672']}}}}",
                "pom.xml": pom("shop", "quarkus-messaging-amqp"),
                "src/main/java/shop/Messages.java": (
                    "import org.eclipse.microprofile.reactive.messaging.*;\n"
                    'class Messages { @Incoming("in") void a() {} }'
                ),
                "src/main/resources/application.properties": "amqp-host=localhost\n",
            }
        )
        return {edge.target for edge in found.edges(EdgeKind.CONSUMES)} - {"topic:in"}

    assert broker("apache/activemq-artemis") == {"broker:mail"}
    assert broker("rabbitmq:3") == {"broker:mail"}
    assert broker("acme/mail") == {"broker:amqp"}


def brokers(settings: str, *libraries: str) -> set[str]:
    found = architecture(
        {
            "compose.yaml": "services: {log: {image: 'apache/kafka:3'}, hare: {image: 'rabbitmq:4'}}",
            "pom.xml": pom("shop", *libraries),
            "src/main/java/shop/Messages.java": (
                "import org.eclipse.microprofile.reactive.messaging.*;\n"
                'class Messages { @Incoming("in") void a() {} }'
            ),
            "src/main/resources/application.properties": settings,
        }
    )
    return {edge.target for edge in found.edges(EdgeKind.CONSUMES)} - {"topic:in"}


def test_the_host_of_a_protocol_is_a_broker_of_no_name() -> None:
    amqp = "quarkus-smallrye-reactive-messaging-amqp"
    assert brokers("amqp-host=mail.acme.dev\n", amqp) == {"broker:mail.acme.dev"}
    assert brokers("amqp-host=hare\n", amqp) == {"broker:hare"}


def test_the_connector_of_a_channel_chooses_among_several() -> None:
    libraries = [f"quarkus-messaging-{each}" for each in ("kafka", "rabbitmq", "amqp")]
    connected = "mp.messaging.incoming.in.connector=smallrye-"
    assert brokers(f"{connected}kafka\n", *libraries) == {"broker:log"}
    assert brokers(f"{connected}rabbitmq\n", *libraries) == {"broker:hare"}
    assert brokers("", *libraries) == set()
    assert brokers(f"{connected}in-memory\n", *libraries) == set()


def test_topics_of_micronaut() -> None:
    source = (
        "import io.micronaut.configuration.kafka.annotation.*;\n"
        '@KafkaListener class Messages { @Topic("orders") void a() {} }\n'
        '@KafkaClient interface Sender { @Topic("paid") void send(String s); }'
    )
    assert messages(source, "", "micronaut-kafka") == {
        "consumes kafka", "consumes orders", "publishes kafka", "publishes paid",
    }  # fmt: skip


def test_a_data_source_under_a_prefix_of_its_own() -> None:
    files = {
        "pom.xml": pom("shop"),
        "src/main/java/shop/Config.java": (
            "import org.springframework.boot.context.properties.ConfigurationProperties;\n"
            'class Config { @Bean @ConfigurationProperties("shop.db") DataSource db() {\n'
            "    return DataSourceBuilder.create().build(); }\n"
            '  @Bean @ConfigurationProperties("shop.other") Other other() { return null; } }'
        ),
        "src/main/resources/application.properties": (
            "shop.db.jdbc-url=jdbc:postgresql://orders-db/shop\nshop.other.url=jdbc:mysql://x/y\n"
        ),
    }
    found = architecture(files)
    (uses,) = edges(found, EdgeKind.USES)
    assert uses.endswith("uses database:orders-db")


def test_a_broker_that_nothing_deploys_is_one_for_all() -> None:
    sent = (
        "import org.springframework.kafka.core.*;\n"
        'class A { KafkaTemplate<String, String> k; void a() { k.send("orders", "x"); } }'
    )
    received = (
        "import org.springframework.kafka.annotation.*;\n"
        'class B { @KafkaListener(topics = "orders") void b(String s) {} }'
    )
    found = architecture(
        {
            "a/pom.xml": pom("a", "spring-kafka"),
            "a/src/main/java/A.java": sent,
            "b/pom.xml": pom("b", "spring-kafka"),
            "b/src/main/java/B.java": received,
        }
    )
    assert edges(found, EdgeKind.PUBLISHES, EdgeKind.CONSUMES) == [
        "service:a publishes broker:kafka",
        "service:a publishes topic:orders",
        "service:b consumes broker:kafka",
        "service:b consumes topic:orders",
    ]


@pytest.mark.parametrize(
    ("imported", "code", "told"),
    [
        ("org.springframework.kafka.core.reactive.ReactiveKafkaConsumerTemplate",
         "ReactiveKafkaConsumerTemplate<String, Order> orders; void a() { orders.receiveAutoAck(); }",
         "consumes kafka"),
        ("reactor.kafka.receiver.KafkaReceiver", "void a() { KafkaReceiver.create(options); }",
         "consumes kafka"),
        ("reactor.kafka.sender.KafkaSender", "KafkaSender<String, Order> out; void a() { out.send(x); }",
         "publishes kafka"),
        ("org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer",
         "void a() { var c = new SimpleMessageListenerContainer(f); c.setQueues(queue()); }",
         "consumes rabbitmq"),
        ("org.apache.rocketmq.spring.core.RocketMQTemplate",
         "RocketMQTemplate out; void a() { out.syncSend(topic(), x); }", "publishes rocketmq"),
        ("org.apache.rocketmq.client.producer.DefaultMQProducer",
         "DefaultMQProducer out; void a() { out.send(x); }", "publishes rocketmq"),
        ("org.springframework.integration.amqp.dsl.Amqp", "Object a() { return Amqp.inboundAdapter(c); }",
         "consumes rabbitmq"),
    ],
)  # fmt: skip
def test_receivers_that_are_given_their_topics_elsewhere(
    imported: str, code: str, told: str
) -> None:
    source = f"import {imported};\nclass Messages {{ {code} }}"
    assert messages(source, "", "spring-kafka") == {told}


def test_a_topic_that_is_called_like_the_constant_of_an_enum() -> None:
    source = (
        "import org.springframework.kafka.core.KafkaTemplate;\n"
        "class Messages { KafkaTemplate<String, Order> out;\n"
        "  void a() { out.send(Topics.ORDERS.name(), order); } }"
    )
    assert messages(source, "", "spring-kafka") == {"publishes kafka", "publishes ORDERS"}


def test_a_listener_of_rocketmq() -> None:
    source = (
        "import org.apache.rocketmq.spring.annotation.RocketMQMessageListener;\n"
        "import org.apache.rocketmq.spring.core.RocketMQListener;\n"
        '@RocketMQMessageListener(consumerGroup = "a", topic = "orders")\n'
        "class Messages implements RocketMQListener<Order> {}"
    )
    assert messages(source, "", "rocketmq-spring-boot-starter") == {
        "consumes rocketmq",
        "consumes orders",
    }


def test_functions_that_a_setting_puts_together_are_bound_by_one_name() -> None:
    source = (
        "import java.util.function.*;\nimport org.springframework.context.annotation.Bean;\n"
        "class Messages { @Bean Function<A, A> weigh() { return null; }\n"
        "  @Bean Function<A, A> wrap() { return null; }\n"
        "  @Bean Function<A, B> stamp() { return null; } }"
    )
    bound = (
        "spring.cloud.function.definition=weigh|wrap|stamp\n"
        + STREAM.format("weighwrapstamp-in-0", "parcels")
        + STREAM.format("weighwrapstamp-out-0", "letters")
        + STREAM.format("wrap-in-0", "boxes")
    )
    assert messages(source, bound, "spring-cloud-stream-binder-kafka") == {
        "consumes kafka",
        "consumes parcels",
        "publishes kafka",
        "publishes letters",
    }
