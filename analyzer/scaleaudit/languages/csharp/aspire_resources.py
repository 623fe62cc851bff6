"""What a .NET Aspire host can add to a system: its methods, and what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from scaleaudit.facts import EnvEntry
    from scaleaudit.source import Span

# Methods that add a store: its image, and the scheme of the address that a reference hands out.
STORES = {
    "AddPostgres": ("postgres", "postgresql"),
    "AddAzurePostgresFlexibleServer": ("postgres", "postgresql"),
    "AddSqlServer": ("mcr.microsoft.com/mssql/server", "sqlserver"),
    "AddAzureSqlServer": ("mcr.microsoft.com/mssql/server", "sqlserver"),
    "AddMySql": ("mysql", "mysql"),
    "AddOracle": ("oracle-free", "oracle"),
    "AddMongoDB": ("mongo", "mongodb"),
    "AddRedis": ("redis", "redis"),
    "AddAzureRedis": ("redis", "redis"),
    "AddAzureManagedRedis": ("redis", "redis"),
    "AddGarnet": ("redis", "redis"),
    "AddValkey": ("valkey", "redis"),
    "AddRabbitMQ": ("rabbitmq", "amqp"),
    "AddKafka": ("kafka", "kafka"),
    "AddNats": ("nats", "nats"),
    "AddElasticsearch": ("elasticsearch", "elasticsearch"),
    "AddQdrant": ("qdrant", "http"),
    "AddMilvus": ("milvus", "http"),
    "AddMeilisearch": ("meilisearch", "http"),
    "AddMinioContainer": ("minio", "http"),
    # Names of the first versions.
    "AddPostgresContainer": ("postgres", "postgresql"),
    "AddSqlServerContainer": ("mcr.microsoft.com/mssql/server", "sqlserver"),
    "AddMySqlContainer": ("mysql", "mysql"),
    "AddMongoDBContainer": ("mongo", "mongodb"),
    "AddRedisContainer": ("redis", "redis"),
    "AddRabbitMQContainer": ("rabbitmq", "amqp"),
    "AddKafkaContainer": ("kafka", "kafka"),
    "AddKeycloak": ("keycloak", "http"),
    "AddKeycloakContainer": ("keycloak", "http"),
    "AddSeq": ("datalust/seq", "http"),
    "AddMailPit": ("mailpit", "smtp"),
    "AddMailDev": ("maildev", "smtp"),
    "AddOllama": ("ollama", "http"),
    "AddYarp": ("yarp", "http"),
}
# Services of the cloud: technology and kind.
MANAGED = {
    "AddAzureServiceBus": ("servicebus", "broker"),
    "AddAzureEventHubs": ("eventhub", "broker"),
    "AddAzureCosmosDB": ("cosmosdb", "database"),
    "AddAzureStorage": ("azure-blob", "bucket"),
}
# A part of a store or of a managed service, referred to under a name of its own.
PARTS = {
    "AddDatabase", "AddCosmosDatabase", "AddContainer", "AddBlobs", "AddQueues", "AddTables",
    "AddBlobContainer", "AddBlobService", "AddQueueService", "AddTableService", "AddServiceBusQueue",
    "AddServiceBusTopic", "AddHub",
}  # fmt: skip
# Programs that a folder beside the host holds: `AddNpmApp("web", "../web")`.
FOLDER_APPS = {
    "AddNpmApp", "AddNodeApp", "AddViteApp", "AddJavaScriptApp", "AddBunApp", "AddPythonApp",
    "AddUvicornApp", "AddFlaskApp", "AddGolangApp", "AddDockerfile", "AddSpringApp", "AddJavaApp",
    "AddPythonModule", "AddPythonExecutable", "AddRustApp",
}  # fmt: skip


class Resource(Gathering):
    """One thing that the host starts or knows of; `of` is the store that a part belongs to."""

    name: str
    at: Span
    image: str = ""
    scheme: str = "http"
    project: str = ""
    folder: str = ""
    managed: tuple[str, str] = ("", "")
    of: Resource | None = None
    environment: list[EnvEntry] = msgspec.field(default_factory=list)
    waits: list[str] = msgspec.field(default_factory=list)
    replicas: int | None = None
    published: bool = False
    ends: bool = False  # others wait until it is done

    @property
    def address(self) -> str:
        if self.of is not None:
            return f"{self.of.address}/{self.name}"
        scheme = self.managed[0] or self.scheme
        return f"{scheme}://{self.name}"

    @property
    def is_store(self) -> bool:
        return self.of is not None or bool(self.managed[0]) or self.scheme != "http"
