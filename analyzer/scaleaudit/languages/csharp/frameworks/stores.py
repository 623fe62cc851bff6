"""Databases, caches, brokers and object stores that .NET code opens, and files it writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import StoreUsed
from scaleaudit.languages.patterns import NONE, SECOND, Arg, Pattern, Store, Write
from scaleaudit.values import Setting, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

DESIGN_TIME = b"IDesignTimeDbContextFactory<"
CONNECTION = Arg(0, ("connectionString", "ConnectionString"))
DATABASES = (
    ("postgresql", "npgsql", "{UseNpgsql,UsePostgreSql,UsePostgreSQL}", "NpgsqlConnection"),
    ("sqlserver", "sqlclient", "UseSqlServer", "SqlConnection"),
    ("mysql", "mysql", "{UseMySql,UseMySQL}", "MySqlConnection"),
    ("sqlite", "sqlite", "UseSqlite", "{SqliteConnection,SQLiteConnection}"),
    ("oracle", "oracle", "UseOracle", "OracleConnection"),
)


def given(site: CallSite, reader: Reader) -> bool:
    """With an address, and not for the tools of developers alone: these make their own context."""
    return bool(site.args) and not in_design_time_factory(site.node, reader)


def in_design_time_factory(node: Node, reader: Reader) -> bool:
    around: Node | None = node
    while around is not None:
        if around.type == "class_declaration":
            start, body = around.start_byte, around.child_by_field_name("body")
            head = reader.content[start : body.start_byte if body is not None else start]
            return DESIGN_TIME in head
        around = around.parent
    return False


class NamedConnection(Store, frozen=True):
    """.NET Aspire: `AddNpgsqlDbContext<Shop>("shopdb")` reads `ConnectionStrings:shopdb`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Store.facts(self, site, reader):
            yield self._by_name(fact)

    @staticmethod
    def _by_name(fact: Fact) -> Fact:
        name = literal_text(fact.address) if isinstance(fact, StoreUsed) else None
        if not name or "=" in name or "://" in name:
            return fact  # an address, as the drivers' own methods of that name take it
        return replace(fact, address=Setting(f"ConnectionStrings:{name}"))


def hosts_named(site: CallSite, reader: Reader) -> bool:
    """Inside of `UsingRabbitMq((context, configure) => configure.Host(...))`."""
    return b".Host(" in reader.content[site.node.start_byte : site.node.end_byte]


def to_a_path(site: CallSite, reader: Reader) -> bool:
    """`new StreamWriter(path)`: a text, not a stream or the body of a response."""
    first = site.args[0] if site.args else None
    return (
        first is not None
        and re.search(r"(?i)stream|\.body|socket|pipe", reader.text(first)) is None
    )


def opens_for_writing(site: CallSite, reader: Reader) -> bool:
    """`new FileStream(path, FileMode.Create)`, not `FileMode.Open`."""
    mode = " ".join(reader.text(arg)[:60] for arg in site.args[1:3])
    return any(word in mode for word in ("Create", "Append", "Write"))


STORES: tuple[Pattern, ...] = (
    *(
        Store(
            callees=(f"*.{use}",),
            technology=technology,
            library=library,
            address=CONNECTION,
            when=given,
        )
        for technology, library, use, _ in DATABASES
    ),
    *(
        Store(
            callees=(connection,),
            technology=technology,
            library=library,
            address=CONNECTION,
            when=given,
        )
        for technology, library, _, connection in DATABASES
    ),
    Store(
        callees=("ConnectionMultiplexer.{Connect,ConnectAsync}",),
        technology="redis",
        library="stackexchange.redis",
        address=Arg(0, ("configuration",)),
    ),
    Store(
        callees=("*.AddStackExchangeRedisCache",),
        technology="redis",
        library="stackexchange.redis",
        address=Arg(-1, ("Configuration",)),
    ),
    Store(
        callees=("MongoClient",),
        technology="mongodb",
        library="mongodb-driver",
        default="mongodb://localhost",
    ),
    Store(
        callees=("{ElasticsearchClient,ElasticClient}",),
        technology="elasticsearch",
        library="elasticsearch",
        when=lambda site, reader: (
            bool(site.args)
            and not reader.mentions(r"new\s+(?:Connection|ElasticsearchClient)Settings\s*\(")
        ),
    ),
    # Brokers whose client is made of a configuration object.
    Store(
        callees=("{ProducerConfig,ConsumerConfig,AdminClientConfig}",),
        technology="kafka",
        library="confluent-kafka",
        address=Arg(-1, ("BootstrapServers",)),
    ),
    Store(
        callees=("ConnectionFactory",),
        technology="rabbitmq",
        library="rabbitmq-client",
        address=Arg(-1, ("Uri", "HostName", "Endpoint")),
        default="amqp://localhost",
        when=lambda _, reader: b"RabbitMQ" in reader.content,
    ),
    Store(callees=("RabbitHutch.CreateBus",), technology="rabbitmq", library="easynetq"),
    Store(
        callees=("*.UsingRabbitMq",),
        technology="rabbitmq",
        library="masstransit-rabbitmq",
        address=NONE,
        when=lambda site, reader: not hosts_named(site, reader),
    ),
    Store(
        callees=("*.Host",),
        technology="rabbitmq",
        library="masstransit-rabbitmq",
        when=lambda site, reader: (
            bool(site.args) and reader.mentions("UsingRabbitMq|CreateUsingRabbitMq")
        ),
    ),
    Store(
        callees=("*.UseRabbitMQ",),
        technology="rabbitmq",
        library="cap",
        address=Arg(0, ("HostName",)),
        when=lambda _, reader: b"CAP" in reader.content or b"AddCap" in reader.content,
    ),
    Store(
        callees=("*.UseKafka",),
        technology="kafka",
        library="cap",
        address=Arg(0, ("Servers",)),
        when=lambda _, reader: b"AddCap" in reader.content,
    ),
    Store(
        callees=("*.{UseSqlServerStorage,UsePostgreSqlStorage,UseRedisStorage,UseMongoStorage}",),
        technology="",
        library="hangfire",
        when=given,
    ),
    Store(
        callees=("{ServiceBusClient,ServiceBusAdministrationClient}",),
        technology="servicebus",
        library="azure-service-bus",
    ),
    Store(
        callees=("{EventHubProducerClient,EventHubConsumerClient}",),
        technology="eventhub",
        library="azure-event-hubs",
    ),
    Store(callees=("CosmosClient",), technology="cosmosdb", library="cosmos"),
    Store(callees=("*.UseCosmos",), technology="cosmosdb", library="cosmos", when=given),
    Store(callees=("*.UseMongoDB",), technology="mongodb", library="mongodb-driver", when=given),
    Store(
        callees=("AmazonS3Config",),
        technology="s3",
        library="aws-sdk",
        address=Arg(-1, ("ServiceURL",)),
        when=lambda site, _: "ServiceURL" in site.keywords,
    ),
    Store(
        callees=("{ConnectionSettings,ElasticsearchClientSettings}",),
        technology="elasticsearch",
        library="elasticsearch",
        when=lambda site, reader: (
            bool(site.args) and (b"Nest" in reader.content or b"Elastic" in reader.content)
        ),
    ),
    Store(callees=("BlobServiceClient",), technology="azure-blob", library="azure-storage"),
    Store(
        callees=("AmazonS3Client",),
        technology="s3",
        library="aws-sdk",
        address=Arg(-1, ("ServiceURL",)),
        when=lambda _, reader: b"new AmazonS3Config" not in reader.content,
    ),
    Store(
        callees=("NpgsqlDataSource.Create", "NpgsqlDataSourceBuilder"),
        technology="postgresql",
        library="npgsql",
        address=CONNECTION,
        when=given,
    ),
    Store(
        callees=("*.AddStackExchangeRedis",),
        technology="redis",
        library="stackexchange.redis",
        when=given,
    ),
    Store(
        callees=("{QueueClient,QueueServiceClient}",),
        technology="azure-blob",  # one account of storage holds both
        library="azure-storage",
        when=lambda _, reader: b"Azure.Storage.Queues" in reader.content,
    ),
    Store(
        callees=("NatsOpts",),
        technology="nats",
        library="nats",
        address=Arg(-1, ("Url",)),
        when=lambda site, _: "Url" in site.keywords,
    ),
    Store(
        callees=("AmazonDynamoDBClient",),
        technology="dynamodb",
        library="aws-sdk",
        address=Arg(-1, ("ServiceURL",)),
    ),
    *(
        NamedConnection(callees=(f"*.{call}",), technology=technology, library="aspire", when=given)
        for technology, call in (
            ("postgresql", "{AddNpgsqlDbContext,AddNpgsqlDataSource}"),
            ("sqlserver", "{AddSqlServerDbContext,AddSqlServerClient}"),
            ("redis", "{AddRedisClient,AddRedisDistributedCache,AddRedisOutputCache}"),
            ("mongodb", "AddMongoDBClient"),
            ("rabbitmq", "AddRabbitMQClient"),
            ("mysql", "{AddMySqlDbContext,AddMySqlDataSource}"),
            ("kafka", "{AddKafkaProducer,AddKafkaConsumer}"),
            ("nats", "AddNatsClient"),
            ("elasticsearch", "AddElasticsearchClient"),
            ("servicebus", "AddAzureServiceBusClient"),
            ("azure-blob", "{AddAzureBlobClient,AddAzureBlobServiceClient,AddAzureQueueClient}"),
            ("cosmosdb", "{AddCosmosDbContext,AddAzureCosmosClient}"),
        )
    ),
    Write(
        callees=(
            "File.{WriteAllText,WriteAllBytes,WriteAllLines,AppendAllText,Create,OpenWrite,CreateText}",
            "File.{WriteAllTextAsync,WriteAllBytesAsync,WriteAllLinesAsync,AppendAllTextAsync}",
        ),
        library="system.io",
    ),
    Write(callees=("File.{Copy,Move}",), library="system.io", target=SECOND),
    Write(callees=("FileStream",), library="system.io", when=opens_for_writing),
    Write(
        callees=("StreamWriter",),
        library="system.io",
        when=to_a_path,
    ),
    Write(callees=("Path.GetTempFileName",), library="system.io", target=NONE, purpose="temp"),
)
