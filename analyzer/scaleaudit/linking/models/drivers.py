"""The engines that a program's database drivers are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

# Packages that do nothing but connect to one engine, by sqlglot's name of what it speaks. SQLite's
# are left out: they serve the tests of programs that run on another engine.
DRIVERS = {
    "npm": {
        "pg": "postgres", "postgres": "postgres", "pg-promise": "postgres", "pg-native": "postgres",
        "@neondatabase/serverless": "postgres", "@vercel/postgres": "postgres", "mysql": "mysql",
        "mysql2": "mysql", "mariadb": "mysql", "@planetscale/database": "mysql", "mssql": "tsql",
        "tedious": "tsql", "oracledb": "oracle",
    },
    "pypi": {
        "psycopg": "postgres", "psycopg2": "postgres", "psycopg2-binary": "postgres",
        "psycopg-binary": "postgres", "asyncpg": "postgres", "pg8000": "postgres", "aiopg": "postgres",
        "mysqlclient": "mysql", "pymysql": "mysql", "aiomysql": "mysql", "asyncmy": "mysql",
        "mysql-connector-python": "mysql", "mariadb": "mysql", "pymssql": "tsql", "mssql-django": "tsql",
        "oracledb": "oracle", "cx-oracle": "oracle",
    },
    "gem": {"pg": "postgres", "mysql2": "mysql", "trilogy": "mysql", "tiny_tds": "tsql"},
    "go": {
        "github.com/lib/pq": "postgres", "github.com/jackc/pgx": "postgres", "gorm.io/driver/postgres": "postgres",
        "github.com/go-sql-driver/mysql": "mysql", "gorm.io/driver/mysql": "mysql",
        "github.com/denisenkom/go-mssqldb": "tsql", "github.com/microsoft/go-mssqldb": "tsql",
    },
    "maven": {
        "org.postgresql:postgresql": "postgres", "org.postgresql:r2dbc-postgresql": "postgres",
        "com.mysql:mysql-connector-j": "mysql", "mysql:mysql-connector-java": "mysql",
        "org.mariadb.jdbc:mariadb-java-client": "mysql", "com.microsoft.sqlserver:mssql-jdbc": "tsql",
        "com.oracle.database.jdbc:ojdbc8": "oracle", "com.oracle.database.jdbc:ojdbc11": "oracle",
        "io.quarkus:quarkus-jdbc-postgresql": "postgres", "io.quarkus:quarkus-jdbc-mysql": "mysql",
        "io.quarkus:quarkus-jdbc-mariadb": "mysql",
    },
    "nuget": {
        "npgsql": "postgres", "npgsql.entityframeworkcore.postgresql": "postgres",
        "pomelo.entityframeworkcore.mysql": "mysql", "mysql.entityframeworkcore": "mysql",
        "mysqlconnector": "mysql", "mysql.data": "mysql", "microsoft.data.sqlclient": "tsql",
        "system.data.sqlclient": "tsql", "microsoft.entityframeworkcore.sqlserver": "tsql",
    },
    "hex": {"postgrex": "postgres", "myxql": "mysql", "mariaex": "mysql", "tds": "tsql"},
}  # fmt: skip
DRIVERS["gradle"] = DRIVERS["maven"]


def driven_engines(index: FactsIndex) -> set[str]:
    """The engines that the declared drivers are for, with those that a build takes by choice."""
    return {
        engine
        for path, package in index.of(PackageDeclared)
        if index.role(path) is Role.SOURCE
        for name in (*dict(package.dependencies), *package.by_choice)
        if (engine := _engine(package.ecosystem, name))
    }


def _engine(ecosystem: str, name: str) -> str:
    known = DRIVERS.get(ecosystem, {})
    plain = name.lower()
    if ecosystem == "pypi":
        plain = plain.replace("_", "-")
    elif ecosystem == "go":
        plain = plain.partition("/v")[0] if plain.rpartition("/v")[2].isdigit() else plain
    return known.get(plain, "")
