"""Whose indexes come by themselves, where only the drivers tell the engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.written import written

from scaleaudit.linking.models.engines import opened_engines
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.result import ScanResult
    from scaleaudit.rules import Rule
    from scaleaudit.schema import Table

MIGRATION = """
module.exports = {
  up: async (queryInterface, Sequelize) => {
    await queryInterface.createTable('members', { id: { type: Sequelize.BIGINT, primaryKey: true } });
    await queryInterface.createTable('loans', {
      id: { type: Sequelize.BIGINT, primaryKey: true },
      member_id: { type: Sequelize.BIGINT, references: { model: 'members', key: 'id' } },
      note: Sequelize.TEXT,
    }, { uniqueKeys: { one_note: { fields: ['note', 'member_id'] } } });
  },
  down: async (queryInterface) => { await queryInterface.dropTable('loans'); },
};
"""


def scanned(files: Sequence[tuple[str, str]], rules: Sequence[Rule]) -> ScanResult:
    return scan(written(dict(files)), rules)


def loans(*manifests: tuple[str, str]) -> Table:
    files = [("migrations/20240101000000-first.js", MIGRATION), *manifests]
    table = scanned(files, []).architecture.schema.table("loans")
    assert table is not None
    return table


def package(*names: str) -> tuple[str, str]:
    return "package.json", json.dumps({"name": "shop", "dependencies": dict.fromkeys(names, "1")})


@pytest.mark.parametrize(
    ("manifest", "dialect", "own"),
    [
        (package("mysql2", "sqlite3"), "mysql", True),
        (package("pg", "pg-hstore"), "postgres", False),
        (package("pg", "mysql2"), "", False),
        (package("express"), "", False),
        (("requirements.txt", "PyMySQL==1.1\n"), "mysql", True),
        (("go.mod", "module a\n\nrequire github.com/jackc/pgx/v5 v5.1.0\n"), "postgres", False),
        (("Gemfile", "gem 'trilogy'\n"), "mysql", True),
    ],
)
def test_the_driver_tells_the_engine(manifest: tuple[str, str], dialect: str, own: bool) -> None:
    table = loans(manifest)
    assert table.dialect == dialect
    assert any(index.columns == ("member_id",) for index in table.indexes) is own


def test_a_connection_says_more_than_a_driver() -> None:
    service = "services:\n  db:\n    image: postgres:17\n  web:\n    build: .\n    environment:\n      DATABASE_URL: postgres://db/shop\n"
    table = loans(package("mysql2"), ("compose.yaml", service))
    assert table.dialect == "postgres"


def test_unique_keys_of_the_whole_table() -> None:
    unique = [index.columns for index in loans().indexes if index.unique and not index.primary]
    assert unique == [("note", "member_id")]


SETTINGS = "module.exports = {{ production: {{ dialect: {}, host: process.env.HOST }} }};"
COMPOSE = "services:\n  db:\n    image: postgres:17\n  web:\n    build: .\n"
BOTH = package("pg", "mysql2")


@pytest.mark.parametrize(
    ("files", "dialect"),
    [
        ([("config/db.js", SETTINGS.format("process.env.DIALECT || 'mysql'"))], "mysql"),
        ([("config/db.js", SETTINGS.format("env.DIALECT ?? 'mariadb'")), BOTH], "mysql"),
        ([("config/db.js", SETTINGS.format("'postgres'")), BOTH], "postgres"),
        ([("compose.yaml", COMPOSE), package("pg")], "postgres"),
        ([("compose.yaml", COMPOSE), BOTH], ""),
        ([("compose.yaml", COMPOSE), ("config/db.js", SETTINGS.format("x || 'mysql'"))], ""),
        ([("config/db.js", SETTINGS.replace("production", "test").format("x || 'mysql'"))], ""),
    ],
)
def test_signs_of_several_engines_leave_it_open(files: list[tuple[str, str]], dialect: str) -> None:
    table = loans(*files)
    assert table.dialect == dialect
    own = any(index.columns == ("member_id",) for index in table.indexes)
    assert own is (dialect == "mysql")


QUERIES = """
import { Loan } from './models';
app.get('/loans/:id', async (req) => { await Loan.create({ note: 'x' }); });
app.get('/loans', async (req) => Loan.findAll({ where: { member_id: req.params.id } }));
"""


@pytest.mark.parametrize(
    ("driver", "told"),
    [
        (package("sequelize", "pg"), ("high", "high")),
        (package("sequelize", "pg", "mysql2"), ("low", "low")),
    ],
)
def test_what_an_engine_may_index_itself_is_told_with_care(
    driver: tuple[str, str], told: tuple[str, str]
) -> None:
    model = (
        "const { Sequelize, DataTypes } = require('sequelize');\n"
        "const Loan = sequelize.define('Loan', { member_id: DataTypes.BIGINT, note: DataTypes.TEXT },"
        " { tableName: 'loans', timestamps: false });\n"
    )
    files = [
        ("migrations/20240101000000-first.js", MIGRATION), driver, ("src/models.js", model),
        ("src/server.js", "const express = require('express');\nconst app = express();\n" + QUERIES),
    ]  # fmt: skip
    (found,) = [f for f in scanned(files, load_rules()).findings if f.rule == "unindexed-query"]
    assert (found.severity.value, found.confidence.value) == told


LARAVEL = (
    "database/migrations/2024_01_01_000000_first.php",
    "<?php return new class extends Migration { public function up(): void {"
    " Schema::create('members', function (Blueprint $t) { $t->id(); });"
    " Schema::create('loans', function (Blueprint $t) { $t->id();"
    " $t->foreignId('member_id')->constrained(); }); } };",
)
DEFAULT = "<?php return ['default' => env('DB_CONNECTION', '{}'), 'connections' => []];"


@pytest.mark.parametrize(
    ("settings", "deployed", "dialect"),
    [
        ("mysql", [], "mysql"),
        ("pgsql", [], "postgres"),
        ("mysql", [("compose.yaml", COMPOSE)], "postgres"),  # the default that the framework ships
        ("sqlite", [("compose.yaml", COMPOSE)], "postgres"),
    ],
)
def test_a_default_that_the_deployment_contradicts(
    settings: str, deployed: list[tuple[str, str]], dialect: str
) -> None:
    files = [LARAVEL, ("config/database.php", DEFAULT.format(settings)), *deployed]
    table = scanned(files, []).architecture.schema.table("loans")
    assert table is not None
    assert table.dialect == dialect


SHELVES = """
from sqlalchemy import Column, ForeignKey, Integer, create_engine
from sqlalchemy.orm import declarative_base

Base = declarative_base()
engine = create_engine("{}")


class Shelf(Base):
    __tablename__ = "shelves"
    id = Column(Integer, primary_key=True)
"""


@pytest.mark.parametrize(
    ("address", "drivers", "dialect"),
    [
        ("sqlite:///shop.db", "sqlalchemy", "sqlite"),
        ("sqlite:///shop.db", "sqlalchemy\npsycopg2", "postgres"),  # the file is for tests
    ],
)
def test_a_file_is_the_engine_where_nothing_else_can_be(
    address: str, drivers: str, dialect: str
) -> None:
    files = [("shop/models.py", SHELVES.format(address)), ("requirements.txt", drivers)]
    table = scanned(files, []).architecture.schema.table("shelves")
    assert table is not None
    assert table.dialect == dialect


POM = """<project><artifactId>shop</artifactId><dependencies>
<dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId></dependency></dependencies>
<profiles>{}</profiles></project>
"""
PROFILE = """<profile><id>{1}</id><activation><activeByDefault>false</activeByDefault></activation><dependencies>
<dependency><groupId>{0}</groupId><artifactId>{1}</artifactId></dependency></dependencies></profile>"""
POSTGRES = PROFILE.format("io.quarkus", "quarkus-jdbc-postgresql")
MYSQL = PROFILE.format("io.quarkus", "quarkus-jdbc-mysql")
INSIDE = (
    "src/main/resources/application.properties",
    "spring.datasource.url=jdbc:h2:file:/data/shop\n",
)


@pytest.mark.parametrize(
    ("files", "dialect", "engines"),
    [
        ([("pom.xml", POM.format("")), INSIDE], "", {"h2"}),  # a server may stand in for it
        ([("pom.xml", POM.format(MYSQL + POSTGRES)), INSIDE], "", {"mysql", "postgres"}),
        ([("pom.xml", POM.format(POSTGRES)), INSIDE], "postgres", set()),
        ([("pom.xml", POM.format(""))], "", set()),
    ],
)
def test_what_a_build_brings_when_asked_and_what_a_program_starts_with(
    files: list[tuple[str, str]], dialect: str, engines: set[str]
) -> None:
    table = loans(*files)
    migration = ("migrations/20240101000000-first.js", MIGRATION)
    assert table.dialect == dialect
    assert scanned([migration, *files], []).architecture.schema.engines == engines


def test_what_code_opens_beside_databases_is_no_engine() -> None:
    assert opened_engines({"sqlite", "redis", "h2"}) == {"sqlite", "h2"}
