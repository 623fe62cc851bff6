"""Kotlin: databases that Exposed connects to, and properties set in place of Java's setters."""

from __future__ import annotations

import pytest

from scaleaudit.facts import StoreUsed
from scaleaudit.languages.kotlin import extract
from scaleaudit.values import Literal, Setting, Value

URL = "jdbc:postgresql://orders-db/shop"


def stores(imports: str, code: str) -> list[tuple[str, Value]]:
    head = "".join(f"import {name}\n" for name in imports.split())
    found = extract(f"package shop\n{head}fun start(source: DataSource) {{\n{code}\n}}\n".encode())
    assert found.problem == ""
    return [(f.library, f.address) for f in found.facts if isinstance(f, StoreUsed)]


@pytest.mark.parametrize(
    "imports",
    [
        "org.jetbrains.exposed.sql.Database",
        "org.jetbrains.exposed.sql.*",
        "org.jetbrains.exposed.v1.jdbc.Database",
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        f'"{URL}", driver = "org.postgresql.Driver", user = "shop"',
        f'url = "{URL}", user = "shop"',
        f'"{URL}"',
        f'"{URL}", "org.postgresql.Driver"',
    ],
)
def test_exposed_connects_to_an_address(imports: str, given: str) -> None:
    assert stores(imports, f"Database.connect({given})") == [("exposed", Literal(URL))]


def test_exposed_without_blocking() -> None:
    imports = "org.jetbrains.exposed.v1.r2dbc.R2dbcDatabase"
    url = "r2dbc:postgresql://orders-db/shop"
    assert stores(imports, f'R2dbcDatabase.connect("{url}")') == [("exposed", Literal(url))]


@pytest.mark.parametrize(
    "given", ["source", "datasource = source", "{ source.connection }", "source, { it.close() }"]
)
def test_a_data_source_is_told_its_address_elsewhere(given: str) -> None:
    assert stores("org.jetbrains.exposed.sql.Database", f"Database.connect({given})") == []


@pytest.mark.parametrize(
    "code",
    [
        f'val config = HikariConfig()\nconfig.jdbcUrl = "{URL}"',
        f'val config = HikariConfig().apply {{ jdbcUrl = "{URL}"; maximumPoolSize = 3 }}',
        f'val config = HikariConfig()\nconfig.apply {{ this.jdbcUrl = "{URL}" }}',
        f'val config = HikariConfig()\nwith(config) {{ jdbcUrl = "{URL}" }}',
    ],
)
def test_a_property_set_for_a_setter(code: str) -> None:
    imports = "com.zaxxer.hikari.* org.jetbrains.exposed.sql.Database"
    connected = f"{code}\nDatabase.connect(HikariDataSource(config))"
    assert stores(imports, connected) == [("hikaricp", Literal(URL))]


def test_properties_of_other_types() -> None:
    rabbit = 'val f = ConnectionFactory()\nf.host = System.getenv("QUEUE")'
    assert stores("com.rabbitmq.client.ConnectionFactory", rabbit) == [
        ("rabbitmq-client", Setting("QUEUE"))
    ]
    postgres = f'PGSimpleDataSource().apply {{ setURL("{URL}"); user = "shop" }}'
    by_name = f'PGSimpleDataSource().apply {{ url = "{URL}" }}'
    imports = "org.postgresql.ds.PGSimpleDataSource"
    assert stores(imports, by_name) == [("pgjdbc", Literal(URL))]
    assert stores(imports, postgres) == [("pgjdbc", Literal(URL))]


@pytest.mark.parametrize(
    "code",
    [
        f'if (config.jdbcUrl == "{URL}") stop()',
        f'other.jdbcUrl = "{URL}"',
        f'Other().apply {{ jdbcUrl = "{URL}" }}',
        f'make(jdbcUrl = "{URL}")',
    ],
)
def test_what_sets_no_property_of_a_data_source(code: str) -> None:
    config = "val config = HikariConfig()\n"
    assert stores("com.zaxxer.hikari.HikariConfig", config + code) == []
