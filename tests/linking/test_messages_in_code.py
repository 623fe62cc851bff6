"""Who sends to and receives from which topic, by the clients of each language."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    (
        "main.py",
        """
        import pika
        connection = pika.BlockingConnection(pika.ConnectionParameters(host="rab1"))
        channel = connection.channel()
        channel.exchange_declare(exchange="events", exchange_type="fanout")
        channel.basic_publish(exchange="events", routing_key="", body="x")
        """,
        {"publishes broker:rab1", "publishes topic:events"},
    ),
    (
        "main.py",
        """
        import aio_pika
        async def run():
            connection = await aio_pika.connect_robust("amqp://rab1/")
            channel = await connection.channel()
            queue = await channel.declare_queue("mails")
            await queue.consume(handle)
        """,
        {"consumes broker:rab1", "consumes topic:mails"},
    ),
    (
        "main.py",
        """
        import aio_pika
        async def run():
            connection = await aio_pika.connect_robust("amqp://rab1/")
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(b"x"), routing_key="mails")
        """,
        {"publishes broker:rab1", "publishes topic:mails"},
    ),
    (
        "main.py",
        """
        import boto3
        sqs = boto3.client("sqs")
        def send():
            sqs.send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/123/orders", MessageBody="x")
        """,
        {"publishes broker:sqs", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        import boto3
        sns = boto3.client("sns")
        def send():
            sns.publish(TopicArn="arn:aws:sns:eu-west-1:123:orders", Message="x")
        """,
        {"publishes broker:sns", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        import boto3
        sqs = boto3.resource("sqs")
        queue = sqs.get_queue_by_name(QueueName="orders")
        def send():
            queue.send_message(MessageBody="x")
        """,
        {"publishes broker:sqs", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        from google.cloud import pubsub_v1
        publisher = pubsub_v1.PublisherClient()
        topic = publisher.topic_path("proj", "orders")
        publisher.publish(topic, b"x")
        """,
        {"publishes broker:pubsub", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        import nats
        async def run():
            nc = await nats.connect("nats://n1:4222")
            js = nc.jetstream()
            await js.publish("orders", b"x")
        """,
        {"publishes broker:n1", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        import redis
        r = redis.Redis(host="cache1")
        def send():
            r.rpush("jobs", "x")
        def work():
            while True:
                r.blpop("jobs")
        """,
        {
            "publishes cache:cache1",
            "publishes topic:jobs",
            "consumes cache:cache1",
            "consumes topic:jobs",
            "uses cache:cache1",
        },
    ),
    (
        "main.py",
        """
        import redis
        r = redis.Redis(host="cache1")
        def run():
            r.xreadgroup("g", "c", {"events": ">"})
        """,
        {"consumes cache:cache1", "consumes topic:events", "uses cache:cache1"},
    ),
    (
        "main.py",
        """
        from azure.servicebus import ServiceBusClient
        client = ServiceBusClient.from_connection_string("Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=x")
        sender = client.get_queue_sender(queue_name="orders")
        sender.send_messages("x")
        """,
        {"publishes broker:acme.servicebus.windows.net", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        from azure.eventhub import EventHubProducerClient
        client = EventHubProducerClient.from_connection_string("Endpoint=sb://acme.servicebus.windows.net/", eventhub_name="orders")
        client.send_batch([])
        """,
        {"publishes broker:acme.servicebus.windows.net", "publishes topic:orders"},
    ),
    (
        "main.py",
        """
        from faststream.kafka import KafkaBroker
        broker = KafkaBroker("k1:9092")
        @broker.subscriber("orders")
        async def handle(m): ...
        """,
        {"consumes broker:k1", "consumes topic:orders"},
    ),
    (
        "src/main.ts",
        """
        const amqp = require("amqplib/callback_api");
        amqp.connect("amqp://rab1", (err, conn) => {
          conn.createChannel((err, ch) => {
            const q = "mails";
            ch.consume(q, (msg) => {}, {});
          });
        });
        """,
        {"consumes broker:rab1", "consumes topic:mails"},
    ),
    (
        "src/main.ts",
        """
        const AWS = require("aws-sdk");
        const sqs = new AWS.SQS();
        exports.handler = async () => { await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL || "https://sqs.eu-west-1.amazonaws.com/1/orders", MessageBody: "x" }).promise(); };
        """,
        {"publishes broker:sqs", "publishes topic:orders"},
    ),
    (
        "src/main.ts",
        """
        import { SNSClient, PublishCommand } from "@aws-sdk/client-sns";
        const sns = new SNSClient({});
        export const f = async () => { await sns.send(new PublishCommand({ TopicArn: "arn:aws:sns:eu-west-1:1:orders", Message: "x" })); };
        """,
        {"publishes broker:sns", "publishes topic:orders"},
    ),
    (
        "src/main.ts",
        """
        import { connect, StringCodec } from "nats";
        const nc = await connect({ servers: "nats://n1:4222" });
        const js = nc.jetstream();
        await js.publish("orders", x);
        """,
        {"publishes broker:n1", "publishes topic:orders"},
    ),
    (
        "src/main.ts",
        """
        import nats from "node-nats-streaming";
        const stan = nats.connect("ticketing", "abc", { url: "http://n1:4222" });
        stan.publish("orders", "x");
        """,
        {"publishes broker:n1", "publishes topic:orders"},
    ),
    (
        "src/main.ts",
        """
        import { BullModule } from "@nestjs/bull";
        import { Module } from "@nestjs/common";
        @Module({ imports: [BullModule.forRoot({ redis: { host: "cache1", port: 6379 } }), BullModule.registerQueue({ name: "mails" })] })
        export class M {}
        """,
        {"uses cache:cache1"},
    ),
    (
        "src/main.ts",
        """
        import { ClientsModule, Transport } from "@nestjs/microservices";
        import { Module } from "@nestjs/common";
        @Module({ imports: [ClientsModule.register([{ name: "ORDERS", transport: Transport.RMQ, options: { urls: ["amqp://rab1:5672"], queue: "orders_queue" } }])] })
        export class M {}
        """,
        {"publishes broker:rab1", "publishes topic:orders_queue"},
    ),
    (
        "src/main.ts",
        """
        import { NestFactory } from "@nestjs/core";
        import { MicroserviceOptions, Transport } from "@nestjs/microservices";
        async function bootstrap() {
          const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, { transport: Transport.KAFKA, options: { client: { brokers: ["k1:9092"] }, consumer: { groupId: "g" } } });
          await app.listen();
        }
        bootstrap();
        """,
        {"uses broker:k1"},
    ),
    (
        "src/main.ts",
        """
        import { ClientsModule, Transport } from "@nestjs/microservices";
        import { Module } from "@nestjs/common";
        @Module({ imports: [ClientsModule.register([{ name: "USERS", transport: Transport.TCP, options: { host: "users", port: 3001 } }])] })
        export class M {}
        """,
        {"calls external:users"},
    ),
    (
        "src/main.ts",
        """
        import { ServiceBusClient } from "@azure/service-bus";
        const c = new ServiceBusClient("Endpoint=sb://acme.servicebus.windows.net/");
        const s = c.createSender("orders");
        await s.sendMessages({ body: 1 });
        """,
        {"publishes broker:acme.servicebus.windows.net", "publishes topic:orders"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/aws/aws-sdk-go-v2/service/sqs"
            "github.com/aws/aws-sdk-go-v2/aws"
            "context"
        )

        func main() {
            c := sqs.NewFromConfig(cfg)
            c.SendMessage(context.TODO(), &sqs.SendMessageInput{QueueUrl: aws.String("https://sqs.eu-west-1.amazonaws.com/1/orders")})
        }
        """,
        {"publishes broker:sqs", "publishes topic:orders"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/ThreeDotsLabs/watermill-kafka/v2/pkg/kafka"
        )

        func main() {
            p, _ := kafka.NewPublisher(kafka.PublisherConfig{Brokers: []string{"k1:9092"}}, nil)
            p.Publish("orders", nil)
        }
        """,
        {"publishes broker:k1", "publishes topic:orders"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/ThreeDotsLabs/watermill-amqp/pkg/amqp"
        )

        func main() {
            cfg := amqp.NewDurableQueueConfig("amqp://rab1:5672/")
            p, _ := amqp.NewPublisher(cfg, nil)
            p.Publish("orders", nil)
        }
        """,
        {"publishes broker:rab1", "publishes topic:orders"},
    ),
    (
        "lib/app.rb",
        """
        require "aws-sdk-sqs"
        sqs = Aws::SQS::Client.new
        sqs.send_message(queue_url: "https://sqs.eu-west-1.amazonaws.com/1/orders", message_body: "x")
        """,
        {"publishes broker:sqs", "publishes topic:orders"},
    ),
]


@pytest.mark.parametrize(("path", "code", "expected"), CASES)
def test_what_code_sends_and_receives(
    app_edges: Callable[[dict[str, str]], set[str]], path: str, code: str, expected: set[str]
) -> None:
    assert app_edges({path: dedent(code)}) == expected


@pytest.mark.parametrize(
    ("address", "broker"),
    [("sqs://", "broker:sqs"), ("memory://", "broker:rabbitmq")],
)
def test_a_queue_that_the_scheme_alone_names(address: str, broker: str) -> None:
    files = {
        "requirements.txt": "celery\n",
        "shop/config.py": f'class Config:\n    BROKER_URL = "{address}"\n',
        "shop/tasks.py": """
            from celery import Celery
            from shop import settings

            queue = Celery("shop", broker=settings["BROKER_URL"])

            @queue.task(name="ship")
            def ship():
                pass
        """,
    }
    found = {edge.target for edge in architecture(files).edges(EdgeKind.CONSUMES)}
    assert broker in found
