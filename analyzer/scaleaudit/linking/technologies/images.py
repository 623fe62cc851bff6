"""What an image says its program is: by the last part of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.regex import FirstFit, regex

if TYPE_CHECKING:
    from collections.abc import Collection

# Words of image names (their last part) -> kind and technology. The first that fits wins.
IMAGES: tuple[tuple[str, NodeKind, str], ...] = (
    (r"postgis|pgautoupgrade|postgres(ql)?|postgresql-\d+(-(centos|rhel|c)\d+s?)?|timescaledb?|supabase-postgres|pgvector|postgresql-repmgr", NodeKind.DATABASE, "postgresql"),
    (r"cockroach(db)?", NodeKind.DATABASE, "cockroachdb"),
    (r"mysql(-server|-\d+(-(centos|rhel|c)\d+s?)?)?|percona(-server)?|vitess|vtgate|vttestserver|proxysql", NodeKind.DATABASE, "mysql"),
    (r"mariadb(-\d+(-(centos|rhel|c)\d+s?)?)?", NodeKind.DATABASE, "mariadb"),
    (r"mssql|mssql-server(-linux|-windows(-\w+)?)?|mssqldocker|azure-sql-edge|sqlserver", NodeKind.DATABASE, "sqlserver"),
    (r"oracle(-xe(-\d+g?)?|-free|database)?|oracledb", NodeKind.DATABASE, "oracle"),
    (r"mongo(db)?(-community-server)?|documentdb(-local)?|ferretdb", NodeKind.DATABASE, "mongodb"),
    (r"cassandra|scylla(db)?", NodeKind.DATABASE, "cassandra"),
    (r"neo4j", NodeKind.DATABASE, "neo4j"),
    (r"influxdb", NodeKind.DATABASE, "influxdb"),
    (r"clickhouse(-server)?", NodeKind.DATABASE, "clickhouse"),
    (r"(aws-)?dynamodb-local", NodeKind.DATABASE, "dynamodb"),
    (r"couchdb|couchbase", NodeKind.DATABASE, "couchdb"),
    (r"(jhipster-)?elasticsearch(-oss)?", NodeKind.DATABASE, "elasticsearch"),
    (r"opensearch", NodeKind.DATABASE, "opensearch"),
    (r"meilisearch|typesense|solr", NodeKind.DATABASE, "search"),
    (r"qdrant|weaviate|milvus|chroma", NodeKind.DATABASE, "vector"),
    (r"redis(-stack|-stack-server|-cluster)?|valkey(-cluster)?|keydb|dragonfly", NodeKind.CACHE, "redis"),
    (r"memcached", NodeKind.CACHE, "memcached"),
    (r"rabbitmq", NodeKind.BROKER, "rabbitmq"),
    (r"(cp-)?kafka(-native)?|redpanda|cp-server", NodeKind.BROKER, "kafka"),
    (r"nats(-streaming)?", NodeKind.BROKER, "nats"),
    (r"(apache-)?activemq(-(artemis|classic|broker|kubernetes))*|artemis|amq-broker(-rhel\d+)?", NodeKind.BROKER, "activemq"),
    (r"pulsar", NodeKind.BROKER, "pulsar"),
    (r"rocketmq", NodeKind.BROKER, "rocketmq"),
    (r"mosquitto|emqx|hivemq\S*", NodeKind.BROKER, "mqtt"),
    (r"localstack|elasticmq|goaws", NodeKind.BROKER, "aws"),
    (r"minio|rustfs|seaweedfs|garage|azurite", NodeKind.STORAGE, "s3"),
)  # fmt: skip

_SYSTEM = regex(
    r"(alpine|debian|ubuntu|scratch|busybox|amazonlinux|fedora|centos|rockylinux|almalinux|ubi\d*"
    r"|wolfi|distroless|static|base|cc)(-|$)"
)

_IMAGES = FirstFit((words, (kind, tech)) for words, kind, tech in IMAGES)

# Third-party programs that are services, with the name people know them by.
KNOWN_SERVICES: tuple[tuple[str, str], ...] = (
    (r"nginx(?!\S*exporter)\S*|openresty\S*|swag", "nginx"),
    (r"traefik\S*", "traefik"),
    (r"haproxy(?!\S*exporter)(-\S+)?", "haproxy"),
    (r"envoy(proxy)?(?!\S*exporter)(-\S+)?", "envoy"),
    (r"caddy(-docker-proxy)?", "caddy"),
    (r"httpd(?!\S*exporter)(-\S+)?|apache2?", "apache"),
    (r"kong|kong-gateway", "kong"),
    (r"krakend(-\S+)?", "krakend"),
    (r"apisix(-\S+)?", "apisix"),
    (r"tyk-gateway", "tyk"),
    (r"express-gateway", "express-gateway"),
    (r"prometheus", "prometheus"),
    (r"grafana\S*", "grafana"),
    (r"(jhipster-)?zipkin\S*", "zipkin"),
    (r"jaeger|all-in-one|jaegertracing", "jaeger"),
    (r"opentelemetry-collector\S*|otelcol\S*", "opentelemetry"),
    (r"loki|loki-\S+", "loki"),
    (r"promtail", "promtail"),
    (r"alloy", "alloy"),
    (r"mimir", "mimir"),
    (r"pyroscope", "pyroscope"),
    (r"tempo|tempo-\S+", "tempo"),
    (r"alertmanager", "alertmanager"),
    (r"kibana(-oss)?|jhipster-console", "kibana"),
    (r"(jhipster-)?logstash\S*", "logstash"),
    (r"fluentd\S*|fluent-bit\S*|fluentbit", "fluentd"),
    (r"(file|metric|heart|packet|audit)beat(-oss)?", "beats"),
    (r"apm-server(-oss)?", "apm-server"),
    (r"vector", "vector"),
    (r"telegraf", "telegraf"),
    (r"(cp-)?kafka-connect(-base)?|cp-server-connect(-base)?", "kafka-connect"),
    (r"(cp-)?schema-registry|apicurio-registry\S*", "schema-registry"),
    (r"logspout\S*", "logspout"),
    (r"graylog2?", "graylog"),
    (r"zookeeper|cp-zookeeper", "zookeeper"),
    (r"consul", "consul"),
    (r"nacos(-server)?", "nacos"),
    (r"jhipster-registry", "eureka"),
    (r"sentinel-dashboard", "sentinel"),
    (r"seata(-server)?", "seata"),
    (r"vault", "vault"),
    (r"etcd", "etcd"),
    (r"keycloak", "keycloak"),
    (r"mailhog|mailpit|maildev|mailcatcher", "mail"),
    (r"pgbouncer|pgpool", "pgbouncer"),
    # Consoles to look into stores, brokers, queues, containers and interfaces with.
    (
        r"adminer|phpmyadmin|pgadmin4?|pgweb|sqlpad|cloudbeaver|dbgate|mongo-express|mongoku|nosqlclient"
        r"|redis-?commander|redis-?insight|phpredisadmin|kafka-ui|kafdrop|akhq|kafka-manager|cmak"
        r"|kafka-(topics|connect)-ui|schema-registry-ui|elasticvue|elasticsearch-head|elasticsearch-hq|cerebro|dejavu"
        r"|ch-ui|tabix|dozzle|portainer(-ce)?|watchtower|swagger-(ui|editor)|graphiql|altair|bull-board"
        r"|dynamodb-admin|minio-console|zoonavigator|attu",
        "console",
    ),
)

# How it is to be found is told to a broker, whoever packed it.
_BY_VARIABLE = dict.fromkeys(
    ("KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS", "KAFKA_ADVERTISED_HOST_NAME"),
    (NodeKind.BROKER, "kafka"),
)

_SERVICES = FirstFit(KNOWN_SERVICES)

# Servers that most systems build themselves: what an image of that name is when nothing here does.
BUILT_SERVERS: tuple[tuple[str, str], ...] = (
    (r"(.*[-_])?eureka([-_]server)?", "eureka"),
    (r"(.*[-_])?(spring-cloud-)?config-?server", "config-server"),
    (r"spring-boot-admin([-_]server)?", "spring-boot-admin"),
)

_BUILT = FirstFit(BUILT_SERVERS)


def of_image(image: str) -> tuple[NodeKind, str] | None:
    """Kind and technology of a third-party image; None when its name says nothing."""
    name = image_name(image).removeprefix("alpine-")
    if "/mssql/server" in image:  # two whose last part says nothing
        name = "mssql-server"
    if "debezium/connect" in image:
        name = "kafka-connect"
    found = _IMAGES.of(name)
    if found is not None:
        return found
    service = _SERVICES.of(name)
    return (NodeKind.SERVICE, service) if service is not None else None


def of_variables(names: Collection[str]) -> tuple[NodeKind, str] | None:
    """The same of an image of any name, by variables that only one program is set up with."""
    return next((what for name, what in _BY_VARIABLE.items() if name in names), None)


def of_foreign_image(image: str) -> str:
    """What an image that nothing in the repository builds is; else its own name."""
    name = image_name(image)
    return _BUILT.of(name) or name


def of_base(image: str) -> str:
    """What an image that code of ours is built on says of it; empty for an operating system."""
    found = of_image(image)
    name = found[1] if found is not None else image_name(image)
    return "" if _SYSTEM.match(name) else name


def image_name(image: str) -> str:
    """`registry.io:5000/team/orders-api:1.2@sha256:..` -> `orders-api`; empty when not known."""
    if image.startswith(("${", "{}")) and "/" not in image:
        return ""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
