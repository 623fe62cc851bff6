"""Stores in images of any name: what they are built on, and the addresses that lead to them."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.linking.technologies import of_image

SQL_SERVER = "jdbc:sqlserver://db:1433;databaseName=shop"
COMPOSE = """
    services:
      orders:
        build: ./orders
        environment: {{SPRING_DATASOURCE_URL: "{}"}}
      {}:
        {}
    """


def nodes(
    url: str = SQL_SERVER,
    base: str = "acme/base",
    name: str = "db",
    run: str = "build: ./db",
    driver: str = "mssql-jdbc",
    **files: str,
) -> set[str]:
    """What a program and the container that it is given the address of are shown as."""
    given = {
        "compose.yaml": COMPOSE.format(url, name, run),
        "orders/Dockerfile": "FROM eclipse-temurin\n",
        "orders/pom.xml": pom("orders", "spring-boot-starter-data-jpa", driver),
        "db/Dockerfile": f"FROM {base}\nCOPY . /init\nCMD /bin/bash ./entrypoint.sh\n",
        "db/entrypoint.sh": "start-server & sleep 20; load init.sql\n",
    }
    given |= {path.replace("__", "/"): text for path, text in files.items()}
    found = architecture(given)
    return {f"{node.id} {node.technology}" for node in found.nodes()} - {
        "service:orders spring-boot"
    }


@pytest.mark.parametrize(
    "base",
    [
        "microsoft/mssql-server-linux:2017-latest",
        "mcmoe/mssqldocker:v2017",
        "mcr.microsoft.com/azure-sql-edge",
        "mcr.microsoft.com/mssql/server:2022-latest",
    ],
)
def test_sql_server_under_any_of_its_names(base: str) -> None:
    assert nodes("", base) == {"database:db sqlserver"}
    assert nodes(base=base) == {"database:db sqlserver"}


@pytest.mark.parametrize(
    ("image", "technology"),
    [
        ("microsoft/mssql-server-windows-express", "sqlserver"),
        ("mysql/mysql-server:8.0", "mysql"),
        ("centos/mysql-57-centos7", "mysql"),
        ("registry.redhat.io/rhel8/postgresql-13", "postgresql"),
        ("pgautoupgrade/pgautoupgrade:18-alpine", "postgresql"),
        ("rustfs/rustfs:1.0.0", "s3"),
        ("wnameless/oracle-xe-11g", "oracle"),
        ("quay.io/artemiscloud/activemq-artemis-broker-kubernetes", "activemq"),
        ("registry.redhat.io/amq7/amq-broker-rhel8", "activemq"),
        ("acme/mysql-server-exporter", ""),
        ("acme/postgresql-api", ""),
        ("acme/oracle-xe-api", ""),
    ],
)
def test_names_of_images(image: str, technology: str) -> None:
    found = of_image(image)
    assert (found[1] if found is not None else "") == technology


@pytest.mark.parametrize(
    ("url", "driver", "shown"),
    [
        (SQL_SERVER, "mssql-jdbc", "database:db sqlserver"),
        ("jdbc:postgresql://db:5432/shop", "postgresql", "database:db postgresql"),
        ("jdbc:mysql://u:p@db/shop?a=b", "mysql-connector-j", "database:db mysql"),
    ],
)
def test_the_engine_of_the_address(url: str, driver: str, shown: str) -> None:
    assert nodes(url, driver=driver) == {shown}
    assert nodes(url, driver=driver, base="ubuntu:22.04") == {shown}
    assert nodes(url, driver=driver, run="image: acme/shop-data") == {shown}
    settings = {
        "orders__src__main__resources__application.properties": f"spring.datasource.url={url}"
    }
    assert nodes("", driver=driver, **settings) == {shown}


def test_what_an_address_tells_no_store() -> None:
    package = '{"name": "db", "dependencies": {"express": "4"}}'
    service = "service:db"
    assert any(n.startswith(service) for n in nodes(**{"db__package.json": package}))  # code
    assert any(n.startswith(service) for n in nodes(base="haproxy"))
    assert any(n.startswith(service) for n in nodes("http://db:80"))
    assert any(n.startswith(service) for n in nodes("amqp://db:5672"))  # whose protocol it is
    between = nodes("jdbc:sqlserver://db-proxy:1433", name="db-proxy")
    assert "service:db-proxy " in between
    behind = 'build: ./db\n        environment: {BEHIND: "sqlserver://far.acme.dev:1433"}'
    assert any(n.startswith(service) for n in nodes(run=behind))
