"""Clients of cloud services: object storage, queues, topics, tables."""

from scaleaudit.languages.patterns import FIRST, NONE, Arg, Pattern, Receive, Send, Store

ENDPOINT = Arg(-1, ("endpoint",))

CLOUD: tuple[Pattern, ...] = (
    Store(
        callees=("@aws-sdk/client-s3.{S3Client,S3}", "aws-sdk.S3", "aws-sdk/clients/s3"),
        technology="s3",
        library="aws-sdk",
        address=ENDPOINT,
    ),
    Store(
        callees=("minio.Client",),
        technology="s3",
        library="minio",
        address=NONE,
        host=Arg(-1, ("endPoint",)),
    ),
    Store(
        callees=("@google-cloud/storage.Storage",),
        technology="gcs",
        library="@google-cloud/storage",
        address=Arg(-1, ("apiEndpoint",)),
    ),
    Store(
        callees=(
            "@azure/storage-blob.BlobServiceClient",
            "@azure/storage-blob.BlobServiceClient.fromConnectionString",
        ),
        technology="azure-blob",
        library="@azure/storage-blob",
    ),
    Store(
        callees=(
            "@aws-sdk/client-dynamodb.{DynamoDBClient,DynamoDB}",
            "aws-sdk.DynamoDB",
            "aws-sdk.DynamoDB.DocumentClient",
        ),
        technology="dynamodb",
        library="aws-sdk",
        address=ENDPOINT,
    ),
    Store(
        callees=("@google-cloud/firestore.Firestore",),
        technology="firestore",
        library="@google-cloud/firestore",
        address=NONE,
    ),
    Send(
        callees=(
            "@aws-sdk/client-sqs.{SendMessageCommand,SendMessageBatchCommand}",
            "@aws-sdk/client-sqs.SQS.{sendMessage,sendMessageBatch}",
            "aws-sdk.SQS.{sendMessage,sendMessageBatch}",
        ),
        technology="sqs",
        library="aws-sdk",
        topic=Arg(-1, ("QueueUrl",)),
    ),
    Receive(
        callees=(
            "@aws-sdk/client-sqs.ReceiveMessageCommand",
            "@aws-sdk/client-sqs.SQS.receiveMessage",
            "aws-sdk.SQS.receiveMessage",
        ),
        technology="sqs",
        library="aws-sdk",
        topic=Arg(-1, ("QueueUrl",)),
    ),
    Receive(
        callees=("sqs-consumer.Consumer.create",),
        technology="sqs",
        library="sqs-consumer",
        topic=Arg(-1, ("queueUrl",)),
    ),
    Send(
        callees=(
            "@aws-sdk/client-sns.{PublishCommand,PublishBatchCommand}",
            "@aws-sdk/client-sns.SNS.publish",
            "aws-sdk.SNS.publish",
        ),
        technology="sns",
        library="aws-sdk",
        topic=Arg(-1, ("TopicArn", "TargetArn")),
    ),
    Send(
        callees=("@google-cloud/pubsub.PubSub.topic.{publish,publishMessage,publishJSON}",),
        technology="pubsub",
        library="@google-cloud/pubsub",
        topic=NONE,
        client_topic=FIRST,
    ),
    Receive(
        callees=("@google-cloud/pubsub.PubSub.subscription",),
        technology="pubsub",
        library="@google-cloud/pubsub",
    ),
    Send(
        callees=("@azure/service-bus.ServiceBusClient.createSender",),
        technology="azure-service-bus",
        library="@azure/service-bus",
    ),
    Receive(
        callees=("@azure/service-bus.ServiceBusClient.createReceiver",),
        technology="azure-service-bus",
        library="@azure/service-bus",
    ),
)
