"""Messages sent and received on the JVM: Kafka, RabbitMQ, JMS, and what Spring and Micronaut bind."""

from scaleaudit.languages.java.bindings import (
    BoundFunction,
    BoundInterface,
    BoundReceive,
    BoundSend,
    in_a_type_with,
)
from scaleaudit.languages.java.patterns import takes, takes_more_than
from scaleaudit.languages.patterns import NONE, Arg, Receive, Send

RABBIT = "org.springframework.amqp.rabbit"
RABBIT_SENDS = f"{RABBIT}.core.RabbitTemplate.{{convertAndSend,convertSendAndReceive,send}}"

MICRONAUT = "io.micronaut.configuration"
STREAM = "org.springframework.cloud.stream"


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
    # reactor-kafka is given its topics where the receiver is made.
    Receive(
        callees=(
            "org.springframework.kafka.core.reactive.ReactiveKafkaConsumerTemplate"
            ".{receive,receiveAutoAck,receiveAtMostOnce,receiveExactlyOnce}",
            "reactor.kafka.receiver.KafkaReceiver.create",
        ),
        technology="kafka",
        library="reactor-kafka",
        topic=NONE,
    ),
    Send(
        callees=("reactor.kafka.sender.KafkaSender.send",),
        technology="kafka",
        library="reactor-kafka",
        topic=NONE,
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
        callees=(
            "org.apache.kafka.streams.kstream.{KStream,KTable}.{to,through}",
            "org.apache.kafka.streams.kstream.{KStream,KTable}.*.{to,through}",
            "org.apache.kafka.streams.StreamsBuilder.{stream,table}.*.{to,through}",
        ),
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
    Receive(
        callees=(
            f"{RABBIT}.listener.{{SimpleMessageListenerContainer,DirectMessageListenerContainer}}"
            ".{setQueueNames,setQueues,addQueueNames,addQueues}",
            "org.springframework.integration.amqp.dsl.Amqp.{inboundAdapter,inboundGateway}",
        ),
        technology="rabbitmq",
        library="spring-amqp",
        topic=NONE,
    ),
    Send(
        callees=(
            "org.springframework.integration.amqp.dsl.Amqp.{outboundAdapter,outboundGateway}",
        ),
        technology="rabbitmq",
        library="spring-integration",
        topic=NONE,
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
    BoundInterface(callees=(f"{STREAM}.annotation.EnableBinding",)),
    Receive(
        callees=(f"{MICRONAUT}.kafka.annotation.Topic",),
        technology="kafka",
        library="micronaut-kafka",
        topic=Arg(0, ("value", "patterns")),
        annotation=True,
        when=in_a_type_with("KafkaListener"),
    ),
    Send(
        callees=(f"{MICRONAUT}.kafka.annotation.Topic",),
        technology="kafka",
        library="micronaut-kafka",
        topic=Arg(0, ("value",)),
        annotation=True,
        when=in_a_type_with("KafkaClient"),
    ),
    Receive(
        callees=(f"{MICRONAUT}.rabbitmq.annotation.Queue",),
        technology="rabbitmq",
        library="micronaut-rabbitmq",
        topic=Arg(0, ("value",)),
        annotation=True,
        when=in_a_type_with("RabbitListener"),
    ),
)
