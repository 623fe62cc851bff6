"""Queues and topics that a cloud's provider runs."""

from scaleaudit.languages.patterns import NONE, Arg, Receive, Send, Store
from scaleaudit.languages.python.conditions import client_is

SERVICE_BUS = (
    "azure.servicebus.{ServiceBusClient,ServiceBusClient.from_connection_string,"
    "aio.ServiceBusClient,aio.ServiceBusClient.from_connection_string}"
)
HUB_CLIENTS = "{EventHubProducerClient,EventHubConsumerClient}"

CLOUD_QUEUES = (
    Send(
        callees=(
            "boto3.resource.{get_queue_by_name,create_queue,Queue}.{send_message,send_messages}",
        ),
        technology="sqs",
        library="boto3",
        topic=NONE,
        client_topic=Arg(0, ("QueueName", "url")),
    ),
    Receive(
        callees=("boto3.resource.{get_queue_by_name,create_queue,Queue}.receive_messages",),
        technology="sqs",
        library="boto3",
        topic=NONE,
        client_topic=Arg(0, ("QueueName", "url")),
    ),
    Send(
        callees=("boto3.resource.{Topic,create_topic}.publish",),
        technology="sns",
        library="boto3",
        topic=NONE,
        client_topic=Arg(0, ("arn", "Name")),
    ),
    Send(
        callees=("boto3.client.put_events",),
        technology="eventbridge",
        library="boto3",
        topic=NONE,
        when=client_is("events"),
    ),
    Send(
        callees=("boto3.client.{put_record,put_records}",),
        technology="kinesis",
        library="boto3",
        topic=Arg(-1, ("StreamName",)),
        when=client_is("kinesis"),
    ),
    Send(
        callees=(f"{SERVICE_BUS}.{{get_queue_sender,get_topic_sender}}.send_messages",),
        technology="servicebus",
        library="azure-servicebus",
        topic=NONE,
        client_topic=Arg(0, ("queue_name", "topic_name")),
    ),
    Receive(
        callees=(f"{SERVICE_BUS}.{{get_queue_receiver,get_subscription_receiver}}",),
        technology="servicebus",
        library="azure-servicebus",
        topic=Arg(0, ("queue_name", "topic_name")),
    ),
    Store(
        callees=(
            f"azure.eventhub.{HUB_CLIENTS}.from_connection_string",
            f"azure.eventhub.aio.{HUB_CLIENTS}.from_connection_string",
        ),
        technology="eventhub",
        library="azure-eventhub",
        address=Arg(0, ("conn_str",)),
    ),
    Send(
        callees=(
            "azure.eventhub.{EventHubProducerClient,aio.EventHubProducerClient}"
            ".from_connection_string.{send_batch,send_event}",
        ),
        technology="eventhub",
        library="azure-eventhub",
        topic=NONE,
        client_topic=Arg(-1, ("eventhub_name",)),
    ),
    Receive(
        callees=(
            "azure.eventhub.{EventHubConsumerClient,aio.EventHubConsumerClient}"
            ".from_connection_string.{receive,receive_batch}",
        ),
        technology="eventhub",
        library="azure-eventhub",
        topic=NONE,
        client_topic=Arg(-1, ("eventhub_name",)),
    ),
    Send(
        callees=("boto3.client.{send_message,send_message_batch}",),
        technology="sqs",
        library="boto3",
        topic=Arg(-1, ("QueueUrl",)),
        when=client_is("sqs"),
    ),
    Receive(
        callees=("boto3.client.receive_message",),
        technology="sqs",
        library="boto3",
        topic=Arg(-1, ("QueueUrl",)),
        when=client_is("sqs"),
    ),
    Send(
        callees=("boto3.client.publish",),
        technology="sns",
        library="boto3",
        topic=Arg(-1, ("TopicArn",)),
        when=client_is("sns"),
    ),
    Send(
        callees=("google.cloud.pubsub_v1.PublisherClient.publish",),
        technology="pubsub",
        library="google-cloud-pubsub",
        topic=Arg(0, ("topic",)),
    ),
    Receive(
        callees=("google.cloud.pubsub_v1.SubscriberClient.subscribe",),
        technology="pubsub",
        library="google-cloud-pubsub",
        topic=Arg(0, ("subscription",)),
    ),
    Store(
        callees=(SERVICE_BUS,),
        technology="servicebus",
        library="azure-servicebus",
        address=Arg(0, ("conn_str", "fully_qualified_namespace")),
    ),
)
