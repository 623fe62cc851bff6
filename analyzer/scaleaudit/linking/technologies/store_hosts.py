"""Hosts of stores that say what a store is, and not whose: `mongodb`, `redis-master`, `db`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection

NOBODYS_WORDS = frozenset({
    "db", "database", "mongo", "mongodb", "mysql", "postgres", "postgresql", "pg", "redis", "kafka",
    "rabbitmq", "rabbit", "mq", "broker", "elasticsearch", "cache", "service", "svc", "server",
    "master", "primary", "headless", "host",
})  # fmt: skip
# Services that Strimzi makes for a cluster, and Confluent's chart.
OPERATED = regex(r"-kafka-(bootstrap|brokers)$|-cp-kafka(-headless)?$")


def says_only_its_kind(host: str, technology: str, namespaces: Collection[str]) -> bool:
    """Behind the name itself only a namespace of the cluster may stand."""
    label, _, namespace = host.partition(".")
    if namespace and namespace not in {*namespaces, technology}:
        return False
    words = set(re.findall(r"[a-z]+", label)) - {technology}
    return words <= NOBODYS_WORDS or OPERATED.search(label) is not None
