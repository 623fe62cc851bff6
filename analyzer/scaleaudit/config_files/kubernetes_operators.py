"""Stores that operators run for a custom resource, with the Services that they make for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.kubernetes_pods import plain
from scaleaudit.config_files.yaml_values import as_map, as_text, inner
from scaleaudit.facts import StoreDeclared
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap


class Operated(Record, frozen=True):
    """`services`: what follows the resource's name in the names of its Services."""

    technology: str
    kind: str
    services: tuple[str, ...] = ("",)


# By API group and kind, as the operators' documentation has them.
OPERATED = {
    ("postgresql.cnpg.io", "Cluster"): Operated("postgresql", "database", ("-rw", "-ro", "-r")),
    ("acid.zalan.do", "postgresql"): Operated("postgresql", "database", ("", "-repl")),
    ("postgres-operator.crunchydata.com", "PostgresCluster"): Operated(
        "postgresql", "database", ("-primary", "-replicas", "-ha", "-pgbouncer")
    ),
    ("kafka.strimzi.io", "Kafka"): Operated(
        "kafka", "broker", ("-kafka-bootstrap", "-kafka-brokers")
    ),
    ("rabbitmq.com", "RabbitmqCluster"): Operated("rabbitmq", "broker"),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): Operated(
        "elasticsearch", "database", ("-es-http",)
    ),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): Operated(
        "mongodb", "database", ("-svc",)
    ),
    ("psmdb.percona.com", "PerconaServerMongoDB"): Operated(
        "mongodb", "database", ("-rs0", "-mongos")
    ),
    ("redis.redis.opstreelabs.in", "Redis"): Operated("redis", "cache"),
    ("redis.redis.opstreelabs.in", "RedisCluster"): Operated("redis", "cache", ("-leader",)),
    ("mysql.oracle.com", "InnoDBCluster"): Operated("mysql", "database"),
    ("k8s.mariadb.com", "MariaDB"): Operated("mariadb", "database", ("", "-primary")),
}
KINDS_OPERATED = frozenset(kind for _, kind in OPERATED)


def operated_store(manifest: YamlMap) -> Iterator[StoreDeclared]:
    """The store that a custom resource asks for; nothing of kinds that are not known."""
    group = as_text(manifest["apiVersion"]).partition("/")[0]
    known = OPERATED.get((group, as_text(manifest["kind"])))
    name = plain(inner(manifest, "metadata", "name"))
    if known is None or not name or "{" in name:
        return
    metadata = as_map(manifest.get("metadata"))
    at = metadata.place("name") if "name" in metadata else manifest.place("kind")
    called = tuple(f"{name}{ending}" for ending in known.services if ending)
    yield StoreDeclared(at, name, known.technology, known.kind, aliases=called)
