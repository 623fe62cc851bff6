"""Messages sent and received on the JVM through services of clouds and other brokers."""

from scaleaudit.languages.java.patterns import takes_more_than
from scaleaudit.languages.patterns import LAST, NONE, SECOND, Arg, Receive, Send

SQS_REQUEST = Arg(0, ("queueUrl", "queueName", "withQueueUrl"))
SNS_REQUEST = Arg(0, ("topicArn", "targetArn", "withTopicArn"))
ROCKET = "org.apache.rocketmq"

OTHER_BROKERS = (
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
