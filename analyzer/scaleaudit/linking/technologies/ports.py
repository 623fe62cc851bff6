"""Ports that programs listen on unless told otherwise, and what a port tells of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.technologies.kinds import KINDS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.architecture import NodeKind

# Where programs listen unless told otherwise: their own manuals. Clients of Eureka and of Spring's
# configuration server look for them there.
DEFAULT_PORTS = {
    "mysql": "3306", "mariadb": "3306", "postgresql": "5432", "mongodb": "27017",
    "sqlserver": "1433", "redis": "6379", "memcached": "11211", "influxdb": "8086",
    "rabbitmq": "5672", "kafka": "9092", "nats": "4222", "activemq": "61616", "cassandra": "9042",
    "elasticsearch": "9200", "opensearch": "9200", "neo4j": "7687", "zookeeper": "2181",
    "zipkin": "9411", "consul": "8500", "rocketmq": "9876", "vault": "8200", "etcd": "2379", "prometheus": "9090",
    "kibana": "5601", "eureka": "8761", "config-server": "8888",
}  # fmt: skip
# Programs of these answer there while nothing in the repository says otherwise.
FRAMEWORK_PORTS = {
    "spring-boot": "8080",
    "spring-gateway": "8080",
    "quarkus": "8080",
    "micronaut": "8080",
}

# Of these a port tells the store, in images that somebody filled with data of their own.
PORTS = {
    DEFAULT_PORTS[technology]: (KINDS[technology], technology)
    for technology in (
        "mysql", "postgresql", "mongodb", "sqlserver", "redis", "influxdb", "rabbitmq", "cassandra",
    )
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
