"""Stores that a cloud's provider runs: buckets, tables, warehouses."""

from scaleaudit.languages.patterns import NONE, Arg, Store
from scaleaudit.languages.python.conditions import first_is

URL = Arg(0, ("url",))


def aws(service: str, technology: str) -> Store:
    """A client of an AWS service; its address is AWS's own unless `endpoint_url` is given."""
    return Store(
        callees=(
            "boto3.{client,resource}",
            "boto3.{Session,session.Session}.{client,resource}",
            "{aioboto3,aiobotocore.session}.{Session,get_session}.{client,create_client}",
        ),
        technology=technology,
        library="boto3",
        address=Arg(-1, ("endpoint_url",)),
        when=first_is(service),
    )


CLOUD_STORES = (
    Store(
        callees=("snowflake.connector.connect",),
        technology="snowflake",
        library="snowflake-connector",
        address=NONE,
    ),
    aws("s3", "s3"),
    aws("dynamodb", "dynamodb"),
    aws("sqs", "sqs"),
    aws("sns", "sns"),
    aws("kinesis", "kinesis"),
    Store(
        callees=("google.cloud.storage.Client",),
        technology="gcs",
        library="google-cloud-storage",
        address=NONE,
    ),
    Store(
        callees=(
            "google.cloud.firestore.{Client,AsyncClient}",
            "firebase_admin.{firestore,firestore_async}.client",
        ),
        technology="firestore",
        library="google-cloud-firestore",
        address=NONE,
    ),
    Store(
        callees=("google.cloud.bigquery.Client",),
        technology="bigquery",
        library="google-cloud-bigquery",
        address=NONE,
    ),
    Store(
        callees=("google.cloud.spanner.Client", "google.cloud.spanner_v1.Client"),
        technology="spanner",
        library="google-cloud-spanner",
        address=NONE,
    ),
    Store(
        callees=("google.cloud.bigtable.Client",),
        technology="bigtable",
        library="google-cloud-bigtable",
        address=NONE,
    ),
    Store(
        callees=("azure.cosmos.{CosmosClient,aio.CosmosClient}",),
        technology="cosmosdb",
        library="azure-cosmos",
        address=URL,
    ),
    Store(
        callees=("azure.cosmos.{CosmosClient,aio.CosmosClient}.from_connection_string",),
        technology="cosmosdb",
        library="azure-cosmos",
    ),
    Store(
        callees=("azure.storage.blob.BlobServiceClient.from_connection_string",),
        technology="azure-blob",
        library="azure-storage-blob",
    ),
    Store(
        callees=("azure.storage.blob.BlobServiceClient",),
        technology="azure-blob",
        library="azure-storage-blob",
        address=Arg(0, ("account_url",)),
    ),
    Store(
        callees=("minio.Minio",), technology="s3", library="minio", address=Arg(0, ("endpoint",))
    ),
)
