"""Messages sent and received on the JVM."""

from scaleaudit.languages.java.bindings import (
    BoundFunction,
    BoundInterface,
    BoundReceive,
    BoundSend,
    in_a_type_with,
)
from scaleaudit.languages.java.patterns import takes, takes_more_than
from scaleaudit.languages.patterns import LAST, NONE, SECOND, Arg, Receive, Send

RABBIT = "org.springframework.amqp.rabbit"
RABBIT_SENDS = f"{RABBIT}.core.RabbitTemplate.{{convertAndSend,convertSendAndReceive,send}}"
SQS_REQUEST = Arg(0, ("queueUrl", "queueName", "withQueueUrl"))
SNS_REQUEST = Arg(0, ("topicArn", "targetArn", "withTopicArn"))

MICRONAUT = "io.micronaut.configuration"
ROCKET = "org.apache.rocketmq"
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
        callees=(f"{ROCKET}.spring.annotation.RocketMQMessageListener",),
        technology="rocketmq",
        library="rocketmq",
        topic=Arg(-1, ("topic",)),
        annotation=True,
    ),
    Send(
        callees=(
            f"{ROCKET}.spring.core.RocketMQTemplate"
            ".{convertAndSend,send,syncSend,asyncSend,sendOneWay,syncSendOrderly,asyncSendOrderly"
            ",sendMessageInTransaction}",
        ),
        technology="rocketmq",
        library="rocketmq",
    ),
    Send(
        callees=(f"{ROCKET}.client.producer.{{DefaultMQProducer,MQProducer}}.{{send,sendOneway}}",),
        technology="rocketmq",
        library="rocketmq",
        topic=NONE,
    ),
    Receive(
        callees=(f"{ROCKET}.client.consumer.DefaultMQPushConsumer.subscribe",),
        technology="rocketmq",
        library="rocketmq",
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
        callees=(
            "org.springframework.data.redis.listener.RedisMessageListenerContainer"
            ".addMessageListener",
            "org.springframework.data.redis.core.{RedisTemplate,StringRedisTemplate}.listenToChannel",
        ),
        technology="redis",
        library="spring-data-redis",
        topic=LAST,
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
