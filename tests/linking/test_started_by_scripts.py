"""Stores that a script starts, where no other deployment brings them."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_starters import pom

SCRIPT = """\
docker run -d --name orders-db -p 5432:5432 postgres:16
docker run -d --name queue rabbitmq:3
docker run -d --name web nginx-of-ours
"""
JPA = pom("orders", "spring-boot-starter-data-jpa")
URL = "spring.datasource.url=jdbc:postgresql://orders-db:5432/orders\n"


def stores(files: dict[str, str]) -> set[str]:
    orders = {
        "orders/pom.xml": JPA,
        "orders/src/main/resources/application.properties": URL,
    }
    found = architecture(orders | files)
    return {node.name for node in found.nodes() if node.kind in ("database", "broker", "cache")}


def test_servers_of_a_script_are_deployed() -> None:
    assert stores({"start.sh": SCRIPT}) == {"orders-db", "queue"}


def test_another_deployment_has_the_word() -> None:
    compose = 'services: {orders-db: {image: "postgres:16"}}\n'
    assert stores({"compose.yaml": compose, "start.sh": SCRIPT.replace("orders-db", "pg")}) == {
        "orders-db",
        "queue",
    }


def test_one_script_for_each_kind() -> None:
    other = "docker run -d --name old-db postgres:12\n"
    assert stores({"a/start.sh": SCRIPT, "b/start.sh": other}) == {"orders-db", "queue"}
