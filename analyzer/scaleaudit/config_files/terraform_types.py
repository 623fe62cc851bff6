"""Which Terraform resource types are stores and which run code: data.

Names are those of the providers' registries (hashicorp/aws, google, azurerm, and the smaller
clouds that sell databases).
"""

from __future__ import annotations

from scaleaudit.record import Record


class Store(Record, frozen=True):
    """`technology` may be empty: then the attributes in `engine` say it (see `ENGINES`)."""

    kind: str  # database, cache, broker, topic, bucket
    technology: str = ""
    engine: tuple[str, ...] = ()
    names: tuple[str, ...] = ("name",)
    sizes: tuple[str, ...] = ()
    replica_of: str = ""  # with this attribute it is a copy of another store, not one of its own


# Values of `engine`, `database_version` and the like, by how they begin.
ENGINES = {
    "postgres": "postgresql", "aurora-postgresql": "postgresql", "pg": "postgresql",
    "mysql": "mysql", "aurora": "mysql", "mariadb": "mariadb", "sqlserver": "sqlserver",
    "oracle": "oracle", "redis": "redis", "valkey": "redis", "memcached": "memcached",
    "mongodb": "mongodb", "kafka": "kafka", "rabbitmq": "rabbitmq", "activemq": "activemq",
    "docdb": "mongodb", "opensearch": "opensearch", "elasticsearch": "elasticsearch",
}  # fmt: skip

_RDS_SIZE = ("instance_class", "db_cluster_instance_class")
_AZURE_SIZE = ("sku_name", "capacity")

STORES = {
    # databases
    "aws_db_instance": Store(
        "database", "", ("engine",), ("identifier", "db_name"), _RDS_SIZE, "replicate_source_db"
    ),
    "aws_rds_cluster": Store(
        "database", "", ("engine",), ("cluster_identifier", "database_name"), _RDS_SIZE,
        "replication_source_identifier",
    ),
    "aws_docdb_cluster": Store("database", "mongodb", names=("cluster_identifier",)),
    "aws_neptune_cluster": Store("database", "neptune", names=("cluster_identifier",)),
    "aws_redshift_cluster": Store(
        "database", "redshift", names=("cluster_identifier",), sizes=("node_type",)
    ),
    "aws_dynamodb_table": Store("database", "dynamodb"),
    "aws_keyspaces_table": Store("database", "cassandra", names=("table_name",)),
    "aws_dsql_cluster": Store("database", "postgresql"),
    "aws_opensearch_domain": Store("database", "opensearch", names=("domain_name",)),
    "aws_elasticsearch_domain": Store("database", "elasticsearch", names=("domain_name",)),
    "google_sql_database_instance": Store(
        "database", "", ("database_version",), sizes=("settings.tier",),
        replica_of="master_instance_name",
    ),
    "google_alloydb_cluster": Store("database", "postgresql", names=("cluster_id",)),
    "google_spanner_instance": Store("database", "spanner", sizes=("num_nodes",)),
    "google_firestore_database": Store("database", "firestore"),
    "google_bigtable_instance": Store("database", "bigtable"),
    "azurerm_postgresql_server": Store("database", "postgresql", sizes=_AZURE_SIZE),
    "azurerm_postgresql_flexible_server": Store("database", "postgresql", sizes=_AZURE_SIZE),
    "azurerm_mysql_server": Store("database", "mysql", sizes=_AZURE_SIZE),
    "azurerm_mysql_flexible_server": Store("database", "mysql", sizes=_AZURE_SIZE),
    "azurerm_mariadb_server": Store("database", "mariadb", sizes=_AZURE_SIZE),
    "azurerm_mssql_server": Store("database", "sqlserver"),
    "azurerm_mssql_managed_instance": Store("database", "sqlserver", sizes=_AZURE_SIZE),
    "azurerm_cosmosdb_account": Store("database", "cosmosdb", ("kind",)),
    "digitalocean_database_cluster": Store("database", "", ("engine",), sizes=("size",)),
    "mongodbatlas_cluster": Store(
        "database", "mongodb", sizes=("provider_instance_size_name",)
    ),
    "mongodbatlas_advanced_cluster": Store("database", "mongodb"),
    "scaleway_rdb_instance": Store("database", "", ("engine",), sizes=("node_type",)),
    "ovh_cloud_project_database": Store("database", "", ("engine",), ("description",)),
    "neon_project": Store("database", "postgresql"),
    "planetscale_database": Store("database", "mysql"),
    # caches
    "aws_elasticache_cluster": Store(
        "cache", "", ("engine",), ("cluster_id",), ("node_type",), "replication_group_id"
    ),
    "aws_elasticache_replication_group": Store(
        "cache", "redis", names=("replication_group_id",), sizes=("node_type",)
    ),
    "aws_elasticache_serverless_cache": Store("cache", "", ("engine",)),
    "aws_memorydb_cluster": Store("cache", "redis", sizes=("node_type",)),
    "google_redis_instance": Store("cache", "redis", sizes=("memory_size_gb",)),
    "google_redis_cluster": Store("cache", "redis"),
    "google_memorystore_instance": Store("cache", "redis", names=("instance_id",)),
    "google_memcache_instance": Store("cache", "memcached"),
    "azurerm_redis_cache": Store("cache", "redis", sizes=("sku_name", "capacity")),
    "azurerm_redis_enterprise_cluster": Store("cache", "redis", sizes=_AZURE_SIZE),
    "azurerm_managed_redis": Store("cache", "redis", sizes=_AZURE_SIZE),
    "upstash_redis_database": Store("cache", "redis", names=("database_name",)),
    # brokers, and what is sent through them
    "aws_msk_cluster": Store(
        "broker", "kafka", names=("cluster_name",), sizes=("broker_node_group_info.instance_type",)
    ),
    "aws_msk_serverless_cluster": Store("broker", "kafka", names=("cluster_name",)),
    "aws_mq_broker": Store(
        "broker", "", ("engine_type",), ("broker_name",), ("host_instance_type",)
    ),
    "google_managed_kafka_cluster": Store("broker", "kafka", names=("cluster_id",)),
    "azurerm_servicebus_namespace": Store("broker", "servicebus", sizes=("sku",)),
    "azurerm_eventhub_namespace": Store("broker", "eventhub", sizes=("sku",)),
    "confluent_kafka_cluster": Store("broker", "kafka", names=("display_name",)),
    "cloudamqp_instance": Store("broker", "rabbitmq", sizes=("plan",)),
    "aws_sqs_queue": Store("topic", "sqs"),
    "aws_sns_topic": Store("topic", "sns"),
    "aws_kinesis_stream": Store("topic", "kinesis", sizes=("shard_count",)),
    "google_pubsub_topic": Store("topic", "pubsub"),
    "google_cloud_tasks_queue": Store("topic", "cloudtasks"),
    "google_managed_kafka_topic": Store("topic", "kafka", names=("topic_id",)),
    "azurerm_servicebus_queue": Store("topic", "servicebus"),
    "azurerm_servicebus_topic": Store("topic", "servicebus"),
    "azurerm_eventhub": Store("topic", "eventhub", sizes=("partition_count",)),
    "azurerm_storage_queue": Store("topic", "azure-queue"),
    "kafka_topic": Store("topic", "kafka", sizes=("partitions",)),
    "confluent_kafka_topic": Store("topic", "kafka", names=("topic_name",)),
    "rabbitmq_queue": Store("topic", "rabbitmq"),
    # buckets
    "aws_s3_bucket": Store("bucket", "s3", names=("bucket",)),
    "google_storage_bucket": Store("bucket", "gcs"),
    "azurerm_storage_account": Store("bucket", "azure-blob", sizes=("account_tier",)),
    "azurerm_storage_container": Store("bucket", "azure-blob"),
    "digitalocean_spaces_bucket": Store("bucket", "s3"),
    "cloudflare_r2_bucket": Store("bucket", "s3"),
    "scaleway_object_bucket": Store("bucket", "s3"),
    "minio_s3_bucket": Store("bucket", "s3", names=("bucket",)),
}  # fmt: skip

# Modules of the public registry, by how their source begins; a version suffix may follow.
MODULES = {
    "terraform-aws-modules/rds/aws": Store(
        "database", "", ("engine",), ("identifier", "db_name"), _RDS_SIZE, "replicate_source_db"
    ),
    "terraform-aws-modules/rds-aurora/aws": Store(
        "database", "", ("engine",), sizes=("instance_class",)
    ),
    "terraform-aws-modules/elasticache/aws": Store(
        "cache", "", ("engine",), ("cluster_id", "replication_group_id"), ("node_type",)
    ),
    "terraform-aws-modules/memory-db/aws": Store("cache", "redis", sizes=("node_type",)),
    "terraform-aws-modules/s3-bucket/aws": Store("bucket", "s3", names=("bucket",)),
    "terraform-aws-modules/sqs/aws": Store("topic", "sqs"),
    "terraform-aws-modules/sns/aws": Store("topic", "sns"),
    "terraform-aws-modules/dynamodb-table/aws": Store("database", "dynamodb"),
    "terraform-aws-modules/msk-kafka-cluster/aws": Store("broker", "kafka"),
    "cloudposse/rds/aws": Store("database", "", ("engine",), sizes=("instance_class",)),
    "cloudposse/rds-cluster/aws": Store("database", "", ("engine",), sizes=("instance_type",)),
    "cloudposse/elasticache-redis/aws": Store("cache", "redis", sizes=("instance_type",)),
    "cloudposse/s3-bucket/aws": Store("bucket", "s3", names=("bucket_name", "name")),
    "terraform-google-modules/sql-db/google//modules/postgresql": Store(
        "database", "postgresql", sizes=("tier",)
    ),
    "terraform-google-modules/sql-db/google//modules/mysql": Store(
        "database", "mysql", sizes=("tier",)
    ),
    "terraform-google-modules/memorystore/google": Store(
        "cache", "redis", sizes=("memory_size_gb",)
    ),
    "terraform-google-modules/pubsub/google": Store("topic", "pubsub", names=("topic",)),
    "terraform-google-modules/cloud-storage/google": Store("bucket", "gcs"),
}  # fmt: skip

Path = tuple[str, ...]


class Workload(Record, frozen=True):
    """Where a resource type keeps what it runs; paths go through blocks and end in attributes.

    `container` is the path of the blocks that hold image, command and environment. `variables`
    is the path of a map of environment variables, `env` the type of blocks of one variable each.
    `published`: the paths of which one being true (or merely there, with a trailing `*`) opens
    it to the outside.
    """

    kind: str = "service"
    names: tuple[Path, ...] = (("name",),)
    container: Path = ()
    image: tuple[Path, ...] = (("image",),)
    env: str = "env"
    variables: Path = ()
    command: tuple[str, ...] = ("command", "args")
    port: tuple[Path, ...] = ()
    replicas: tuple[Path, ...] = ()
    published: tuple[Path, ...] = ()


_POD = ("spec", "template", "spec", "container")
_K8S_NAME = (("metadata", "name"),)
_K8S_PORT = (("port", "container_port"),)
_DEPLOYMENT = Workload(
    names=_K8S_NAME, container=_POD, port=_K8S_PORT, replicas=(("spec", "replicas"),)
)
_JOB = Workload("job", names=_K8S_NAME, container=_POD)
_CRON = Workload(
    "cron",
    names=_K8S_NAME,
    container=("spec", "job_template", "spec", "template", "spec", "container"),
)
_AZURE_APP = Workload(
    image=(("site_config", "application_stack", "docker_image_name"),),
    env="", variables=("app_settings",), command=(), published=(("*",),),
    replicas=(("site_config", "worker_count"),),
)  # fmt: skip

WORKLOADS = {
    "aws_lambda_function": Workload(
        names=(("function_name",),), image=(("image_uri",),), env="",
        variables=("environment", "variables"), command=("handler",),
    ),
    "aws_apprunner_service": Workload(
        names=(("service_name",),),
        image=(("source_configuration", "image_repository", "image_identifier"),), env="",
        variables=(
            "source_configuration", "image_repository", "image_configuration",
            "runtime_environment_variables",
        ),
        port=(("source_configuration", "image_repository", "image_configuration", "port"),),
        published=(("*",),),
    ),
    "google_cloud_run_service": Workload(
        container=("template", "spec", "containers"), port=(("ports", "container_port"),),
        published=(("*",),),
    ),
    "google_cloud_run_v2_service": Workload(
        container=("template", "containers"), port=(("ports", "container_port"),),
        replicas=(("template", "scaling", "min_instance_count"),), published=(("*",),),
    ),
    "google_cloud_run_v2_job": Workload("job", container=("template", "template", "containers")),
    "google_cloudfunctions_function": Workload(
        env="", variables=("environment_variables",), command=("entry_point",)
    ),
    "google_cloudfunctions2_function": Workload(
        env="", variables=("service_config", "environment_variables"), command=()
    ),
    "azurerm_container_app": Workload(
        container=("template", "container"), port=(("ingress", "target_port"),),
        replicas=(("template", "min_replicas"),), published=(("ingress", "external_enabled"),),
    ),
    "azurerm_container_app_job": Workload("job", container=("template", "container")),
    "azurerm_container_group": Workload(
        container=("container",), env="", variables=("environment_variables",),
        command=("commands",), port=(("ports", "port"),),
    ),
    "azurerm_linux_web_app": _AZURE_APP,
    "azurerm_windows_web_app": _AZURE_APP,
    "azurerm_linux_function_app": _AZURE_APP,
    "azurerm_windows_function_app": _AZURE_APP,
    "kubernetes_deployment": _DEPLOYMENT,
    "kubernetes_deployment_v1": _DEPLOYMENT,
    "kubernetes_stateful_set": _DEPLOYMENT,
    "kubernetes_stateful_set_v1": _DEPLOYMENT,
    "kubernetes_daemonset": _DEPLOYMENT,
    "kubernetes_daemon_set_v1": _DEPLOYMENT,
    "kubernetes_job": _JOB,
    "kubernetes_job_v1": _JOB,
    "kubernetes_cron_job": _CRON,
    "kubernetes_cron_job_v1": _CRON,
    "heroku_app": Workload(env="", variables=("config_vars",), command=(), published=(("*",),)),
}  # fmt: skip
