"""Which kind of node a technology is, by its name or a URL scheme; which run over or stand for another."""

from __future__ import annotations

from scaleaudit.architecture import NodeKind

# URL schemes of stores and brokers. `+driver` is dropped before the look-up.
SCHEMES: dict[str, tuple[NodeKind, str]] = {
    "postgres": (NodeKind.DATABASE, "postgresql"),
    "postgresql": (NodeKind.DATABASE, "postgresql"),
    "postgis": (NodeKind.DATABASE, "postgresql"),
    "pgsql": (NodeKind.DATABASE, "postgresql"),
    "cockroachdb": (NodeKind.DATABASE, "cockroachdb"),
    "mysql": (NodeKind.DATABASE, "mysql"),
    "mysql2": (NodeKind.DATABASE, "mysql"),
    "mariadb": (NodeKind.DATABASE, "mariadb"),
    "sqlserver": (NodeKind.DATABASE, "sqlserver"),
    "mssql": (NodeKind.DATABASE, "sqlserver"),
    "oracle": (NodeKind.DATABASE, "oracle"),
    "mongodb": (NodeKind.DATABASE, "mongodb"),
    "clickhouse": (NodeKind.DATABASE, "clickhouse"),
    "bolt": (NodeKind.DATABASE, "neo4j"),
    "neo4j": (NodeKind.DATABASE, "neo4j"),
    "elasticsearch": (NodeKind.DATABASE, "elasticsearch"),
    "sqlite": (NodeKind.DATABASE, "sqlite"),
    "sqlite3": (NodeKind.DATABASE, "sqlite"),
    "h2": (NodeKind.DATABASE, "h2"),
    "hsqldb": (NodeKind.DATABASE, "hsqldb"),
    "redis": (NodeKind.CACHE, "redis"),
    "rediss": (NodeKind.CACHE, "redis"),
    "valkey": (NodeKind.CACHE, "redis"),
    "memcached": (NodeKind.CACHE, "memcached"),
    "amqp": (NodeKind.BROKER, "rabbitmq"),
    "amqps": (NodeKind.BROKER, "rabbitmq"),
    "kafka": (NodeKind.BROKER, "kafka"),
    "nats": (NodeKind.BROKER, "nats"),
    "mqtt": (NodeKind.BROKER, "mqtt"),
    "s3": (NodeKind.STORAGE, "s3"),
    "sb": (NodeKind.BROKER, "servicebus"),
    "couchbase": (NodeKind.DATABASE, "couchdb"),
    "couchbases": (NodeKind.DATABASE, "couchdb"),
}

# Technologies as facts name them -> kind of node.
KINDS: dict[str, NodeKind] = {tech: kind for kind, tech in SCHEMES.values()} | {
    "cassandra": NodeKind.DATABASE,
    "opensearch": NodeKind.DATABASE,
    "search": NodeKind.DATABASE,
    "dynamodb": NodeKind.DATABASE,
    "influxdb": NodeKind.DATABASE,
    "firestore": NodeKind.DATABASE,
    "boltdb": NodeKind.DATABASE,
    "badger": NodeKind.DATABASE,
    "derby": NodeKind.DATABASE,
    "lmdb": NodeKind.DATABASE,
    "gcs": NodeKind.STORAGE,
    "azure-blob": NodeKind.STORAGE,
    "sqs": NodeKind.BROKER,
    "sns": NodeKind.BROKER,
    "pubsub": NodeKind.BROKER,
    "activemq": NodeKind.BROKER,
    "jms": NodeKind.BROKER,
    "amqp": NodeKind.BROKER,  # 1.0, whose brokers are several; RabbitMQ has clients of its own
    "pulsar": NodeKind.BROKER,
    "rocketmq": NodeKind.BROKER,
    "aws": NodeKind.BROKER,
    "servicebus": NodeKind.BROKER,
    "eventhub": NodeKind.BROKER,
    "kinesis": NodeKind.BROKER,
    "eventbridge": NodeKind.BROKER,
    "azure-queue": NodeKind.BROKER,
    "vector": NodeKind.DATABASE,
    "cosmosdb": NodeKind.DATABASE,
    "azure-table": NodeKind.DATABASE,
    "bigquery": NodeKind.DATABASE,
    "bigtable": NodeKind.DATABASE,
    "spanner": NodeKind.DATABASE,
    "snowflake": NodeKind.DATABASE,
    "redshift": NodeKind.DATABASE,
    "neptune": NodeKind.DATABASE,
    "couchdb": NodeKind.DATABASE,
}

# Stores that speak the language of another: what is said of that one fits them.
COMPATIBLE = {"mariadb": "mysql", "cockroachdb": "postgresql", "valkey": "redis"}

EMBEDDED = {"sqlite", "h2", "hsqldb", "derby", "boltdb", "badger", "lmdb", "leveldb", "locmem",
            "duckdb", "embedded"}  # fmt: skip

# Job queues that run over another store: which technologies may carry them, the usual one first.
CARRIED_BY: dict[str, tuple[str, ...]] = {
    "celery": ("rabbitmq", "redis", "sqs"),
    "laravel-queue": ("redis", "sqs", "rabbitmq"),
    "symfony-messenger": ("rabbitmq", "redis", "sqs"),
    "sidekiq": ("redis",),
    "resque": ("redis",),
    "bullmq": ("redis",),
    "bull": ("redis",),
    "rq": ("redis",),
    "huey": ("redis",),
    "dramatiq": ("rabbitmq", "redis"),
    "asynq": ("redis",),
    "good_job": ("postgresql",),
    "oban": ("postgresql",),
    "solid_queue": ("postgresql", "mysql"),
    "delayed_job": ("postgresql", "mysql"),
    "delayed": ("postgresql", "mysql"),
    "que": ("postgresql",),
    "sneakers": ("rabbitmq",),
    "shoryuken": ("sqs",),
    "masstransit": ("rabbitmq",),
    "jms": ("activemq",),
    "amqp": ("amqp", "activemq", "rabbitmq", "servicebus"),  # the protocol, not one of its brokers
    "spring-cloud-stream": ("kafka", "rabbitmq"),
}
# One service of a provider, of which a program uses parts.
CLOUD = {"s3", "gcs", "azure-blob", "sqs", "sns", "pubsub", "dynamodb", "firestore", "kinesis",
         "servicebus", "eventhub", "eventbridge", "cosmosdb", "azure-table", "bigquery", "bigtable",
         "spanner", "snowflake"}  # fmt: skip
