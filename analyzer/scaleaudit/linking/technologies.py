"""What an image, a URL scheme or a library says a thing is; data, with one look-up each."""

from __future__ import annotations

import re

from scaleaudit.architecture import NodeKind
from scaleaudit.regex import regex

# Words of image names (their last part) -> kind and technology. The first that fits wins.
IMAGES: tuple[tuple[str, NodeKind, str], ...] = (
    (r"postgis|postgres(ql)?|timescaledb?|supabase-postgres|pgvector|postgresql-repmgr", NodeKind.DATABASE, "postgresql"),
    (r"cockroach(db)?", NodeKind.DATABASE, "cockroachdb"),
    (r"mysql|percona(-server)?|vitess|vtgate|vttestserver|proxysql", NodeKind.DATABASE, "mysql"),
    (r"mariadb", NodeKind.DATABASE, "mariadb"),
    (r"mssql|mssql-server|azure-sql-edge|sqlserver", NodeKind.DATABASE, "sqlserver"),
    (r"oracle(-xe|-free|database)?|oracledb", NodeKind.DATABASE, "oracle"),
    (r"mongo(db)?(-community-server)?|documentdb(-local)?|ferretdb", NodeKind.DATABASE, "mongodb"),
    (r"cassandra|scylla(db)?", NodeKind.DATABASE, "cassandra"),
    (r"neo4j", NodeKind.DATABASE, "neo4j"),
    (r"influxdb", NodeKind.DATABASE, "influxdb"),
    (r"clickhouse(-server)?", NodeKind.DATABASE, "clickhouse"),
    (r"(aws-)?dynamodb-local", NodeKind.DATABASE, "dynamodb"),
    (r"couchdb|couchbase", NodeKind.DATABASE, "couchdb"),
    (r"elasticsearch(-oss)?", NodeKind.DATABASE, "elasticsearch"),
    (r"opensearch", NodeKind.DATABASE, "opensearch"),
    (r"meilisearch|typesense|solr", NodeKind.DATABASE, "search"),
    (r"qdrant|weaviate|milvus|chroma", NodeKind.DATABASE, "vector"),
    (r"redis(-stack|-stack-server|-cluster)?|valkey(-cluster)?|keydb|dragonfly", NodeKind.CACHE, "redis"),
    (r"memcached", NodeKind.CACHE, "memcached"),
    (r"rabbitmq", NodeKind.BROKER, "rabbitmq"),
    (r"(cp-)?kafka|redpanda|cp-server", NodeKind.BROKER, "kafka"),
    (r"nats(-streaming)?", NodeKind.BROKER, "nats"),
    (r"activemq|artemis", NodeKind.BROKER, "activemq"),
    (r"pulsar", NodeKind.BROKER, "pulsar"),
    (r"mosquitto|emqx|hivemq\S*", NodeKind.BROKER, "mqtt"),
    (r"localstack|elasticmq|goaws", NodeKind.BROKER, "aws"),
    (r"minio|seaweedfs|garage|azurite", NodeKind.STORAGE, "s3"),
)  # fmt: skip
_SYSTEM = regex(
    r"(alpine|debian|ubuntu|scratch|busybox|amazonlinux|fedora|centos|rockylinux|almalinux|ubi\d*"
    r"|wolfi|distroless|static|base|cc)(-|$)"
)
_IMAGES = [(regex(rf"^({words})$"), kind, tech) for words, kind, tech in IMAGES]

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
    (r"zipkin\S*", "zipkin"),
    (r"jaeger|all-in-one|jaegertracing", "jaeger"),
    (r"opentelemetry-collector\S*|otelcol\S*", "opentelemetry"),
    (r"loki|loki-\S+", "loki"),
    (r"promtail", "promtail"),
    (r"alloy", "alloy"),
    (r"mimir", "mimir"),
    (r"pyroscope", "pyroscope"),
    (r"tempo|tempo-\S+", "tempo"),
    (r"alertmanager", "alertmanager"),
    (r"kibana", "kibana"),
    (r"logstash\S*", "logstash"),
    (r"fluentd\S*|fluent-bit\S*|fluentbit", "fluentd"),
    (r"(file|metric|heart|packet|audit)beat(-oss)?", "beats"),
    (r"apm-server", "apm-server"),
    (r"vector", "vector"),
    (r"logspout\S*", "logspout"),
    (r"graylog2?", "graylog"),
    (r"zookeeper|cp-zookeeper", "zookeeper"),
    (r"consul", "consul"),
    (r"nacos(-server)?", "nacos"),
    (r"vault", "vault"),
    (r"etcd", "etcd"),
    (r"keycloak", "keycloak"),
    (r"mailhog|mailpit|maildev|mailcatcher", "mail"),
    (r"pgbouncer|pgpool", "pgbouncer"),
)
_SERVICES = [(regex(rf"^({words})$"), tech) for words, tech in KNOWN_SERVICES]

# Servers that most systems build themselves: what an image of that name is when nothing here does.
BUILT_SERVERS: tuple[tuple[str, str], ...] = (
    (r"(.*[-_])?eureka([-_]server)?", "eureka"),
    (r"(.*[-_])?(spring-cloud-)?config-?server", "config-server"),
    (r"spring-boot-admin([-_]server)?", "spring-boot-admin"),
)
_BUILT = [(regex(rf"^({words})$"), tech) for words, tech in BUILT_SERVERS]

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
    "pulsar": NodeKind.BROKER,
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
    "solid_queue": ("postgresql", "mysql"),
    "delayed_job": ("postgresql", "mysql"),
    "delayed": ("postgresql", "mysql"),
    "que": ("postgresql",),
    "sneakers": ("rabbitmq",),
    "shoryuken": ("sqs",),
    "masstransit": ("rabbitmq",),
    "jms": ("activemq",),
    "spring-cloud-stream": ("kafka", "rabbitmq"),
}
# A dependency that tells what kind of program a package is, the more telling ones first.
FRAMEWORK_DEPENDENCIES: tuple[tuple[str, str], ...] = (
    (r"(^|:)spring-cloud-starter-(netflix-)?eureka-server", "eureka"),
    (r"(^|:)spring-cloud-config-server", "config-server"),
    (r"(^|:)spring-cloud-starter-(gateway|netflix-zuul|zuul)", "spring-gateway"),
    (r"(^|:)spring-boot-admin-starter-server", "spring-boot-admin"),
    (r"(^|:)spring-cloud-(starter-)?(netflix-)?turbine", "turbine"),
    (r"(^|:)spring-cloud-(starter-)?(netflix-)?hystrix-dashboard", "hystrix-dashboard"),
    (r"(^|:)zipkin-(autoconfigure-ui|server)$|(^|:)spring-cloud-sleuth-zipkin-stream$", "zipkin"),
    (r"(^|:)spring-boot", "spring-boot"),
    (r"(^|:)quarkus", "quarkus"),
    (r"(^|:)micronaut", "micronaut"),
    (r"^django$", "django"),
    (r"^fastapi$", "fastapi"),
    (r"^flask$", "flask"),
    (r"^rails$", "rails"),
    (r"^sinatra$", "sinatra"),
    (r"^@nestjs/core$", "nestjs"),
    (r"^next$", "next"),
    (r"^express-gateway$", "express-gateway"),
    (r"^express$", "express"),
    (r"^fastify$", "fastify"),
    (r"^koa$", "koa"),
    (r"^@hapi/hapi$", "hapi"),
    (r"^hono$", "hono"),
    (r"^nuxt$", "nuxt"),
    (r"^(@remix-run|@react-router)/(node|serve)$", "remix"),
    (r"^@sveltejs/kit$", "sveltekit"),
    (r"^(react|vue|svelte|@angular/core)$", "web-frontend"),
    (r"^laravel/framework$", "laravel"),
    (r"^laravel/lumen-framework$", "lumen"),
    (r"^slim/slim$", "slim"),
    (r"^symfony/", "symfony"),
    (r"^Aspire\.Hosting", "aspire"),
    (r"^Yarp\.ReverseProxy", "yarp"),
    (r"^Ocelot($|\.)", "ocelot"),
    (r"^Microsoft\.AspNetCore", "aspnet"),
    (r"gin-gonic/gin", "gin"),
    (r"labstack/echo", "echo"),
    (r"go-chi/chi", "chi"),
)
_FRAMEWORKS = [(regex(words, re.IGNORECASE), tech) for words, tech in FRAMEWORK_DEPENDENCIES]
ECOSYSTEM_NAMES = {
    "npm": "node", "pypi": "python", "maven": "java", "gradle": "java", "go": "go",
    "gem": "ruby", "composer": "php", "nuget": "dotnet",
}  # fmt: skip


def of_image(image: str) -> tuple[NodeKind, str] | None:
    """Kind and technology of a third-party image; None when its name says nothing."""
    name = image_name(image)
    if "/mssql/server" in image:  # the only one whose last part says nothing
        name = "mssql-server"
    for pattern, kind, technology in _IMAGES:
        if pattern.match(name):
            return kind, technology
    for service, technology in _SERVICES:
        if service.match(name):
            return NodeKind.SERVICE, technology
    return None


def of_foreign_image(image: str) -> str:
    """What an image that nothing in the repository builds is; else its own name."""
    name = image_name(image)
    return next((tech for pattern, tech in _BUILT if pattern.match(name)), name)


# Ports that one kind of store listens on, for images that somebody filled with data of their own.
PORTS = {
    "3306": (NodeKind.DATABASE, "mysql"), "5432": (NodeKind.DATABASE, "postgresql"),
    "27017": (NodeKind.DATABASE, "mongodb"), "1433": (NodeKind.DATABASE, "sqlserver"),
    "6379": (NodeKind.CACHE, "redis"), "8086": (NodeKind.DATABASE, "influxdb"),
    "5672": (NodeKind.BROKER, "rabbitmq"), "9042": (NodeKind.DATABASE, "cassandra"),
}  # fmt: skip
# Frameworks that send pages, whatever else they do.
FRONT_ENDS = frozenset({"next", "nuxt", "remix", "sveltekit", "web-frontend"})
# Where programs listen unless told otherwise: their own manuals. Clients of Eureka and of Spring's
# configuration server look for them there.
DEFAULT_PORTS = {
    "mysql": "3306", "mariadb": "3306", "postgresql": "5432", "mongodb": "27017",
    "sqlserver": "1433", "redis": "6379", "memcached": "11211", "influxdb": "8086",
    "rabbitmq": "5672", "kafka": "9092", "nats": "4222", "activemq": "61616", "cassandra": "9042",
    "elasticsearch": "9200", "opensearch": "9200", "neo4j": "7687", "zookeeper": "2181",
    "zipkin": "9411", "consul": "8500", "vault": "8200", "etcd": "2379", "prometheus": "9090",
    "kibana": "5601", "eureka": "8761", "config-server": "8888",
}  # fmt: skip
_STORE_NAME = regex(
    r"(^|[-_.])(db|database|mysql(db)?|postgres(ql|db)?|pg|mongo(db)?|redis|influxdb|rabbitmq|cassandra|mssql)$"
)


def of_port(name: str, ports: tuple[str, ...]) -> tuple[NodeKind, str] | None:
    """A store by its own name and the port that it listens on; None when either is missing."""
    if not _STORE_NAME.search(name):
        return None
    found = {
        PORTS[p]
        for p in (port.rpartition(":")[2].partition("/")[0] for port in ports)
        if p in PORTS
    }
    return found.pop() if len(found) == 1 else None


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


def of_dependencies(dependencies: tuple[tuple[str, str], ...], ecosystem: str) -> str:
    """The framework that a package is built on, else its ecosystem."""
    names = [name for name, _ in dependencies]
    for pattern, technology in _FRAMEWORKS:
        if any(pattern.search(name) for name in names):
            return technology
    return ECOSYSTEM_NAMES.get(ecosystem, ecosystem)
