"""Which database a build unit has a driver for, where neither code nor address tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Packages of PyPI, npm, RubyGems, Go and Cargo that connect to one kind of database.
DRIVERS = (
    (regex(r"^(psycopg(2|2-binary)?|psycopg\[\w+\]|asyncpg|aiopg|pg8000|pg|postgres|pg-promise)$"
           r"|^github\.com/(lib/pq|jackc/pgx)\b|^tokio-postgres$"
           r"|^(sqlx|diesel|diesel-async|sea-orm|sea-orm-migration)\[(sqlx-)?postgres\]$"), "postgresql"),
    (regex(r"^(pymysql|mysqlclient|aiomysql|asyncmy|mysql-connector-python|mysql2?|trilogy)$"
           r"|^github\.com/go-sql-driver/mysql\b|^mysql_async$"
           r"|^(sqlx|diesel|diesel-async|sea-orm|sea-orm-migration)\[(sqlx-)?mysql\]$"), "mysql"),
    (regex(r"^mariadb$"), "mariadb"),
    (regex(r"^(pymssql|aioodbc|mssql|tiny_tds)$|^github\.com/(microsoft|denisenkom)/go-mssqldb\b"),
     "sqlserver"),
    (regex(r"^(oracledb|cx[-_]oracle|ruby-oci8)$|^github\.com/godror/godror\b"), "oracle"),
    (regex(r"^(sqlite3|better-sqlite3|aiosqlite)$|^github\.com/mattn/go-sqlite3\b"
           r"|^modernc\.org/sqlite\b|^rusqlite$"
           r"|^(sqlx|diesel|sea-orm|sea-orm-migration)\[(sqlx-)?sqlite\]$"), "sqlite"),
)  # fmt: skip


def driver_of(dependencies: Iterable[str], deployed: Collection[str]) -> str:
    """The one kind of database with a driver among the dependencies, of several the only one that
    is deployed (tests have an embedded one beside it); empty for none or several."""
    names = [name.lower() for name in dependencies]
    found = {tech for pattern, tech in DRIVERS if any(pattern.match(name) for name in names)}
    found = found if len(found) == 1 else found & set(deployed)
    return found.pop() if len(found) == 1 else ""
