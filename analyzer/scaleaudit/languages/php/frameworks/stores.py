"""Databases, caches and search engines of PHP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import FIRST, SECOND, Arg, Pattern, Store
from scaleaudit.values import Join, Literal, literal_text

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader


def dsn_of(*drivers: str) -> Condition:
    """The DSN of a `PDO` starts with its driver: `pgsql:host=...`."""

    def begins(site: CallSite, reader: Reader) -> bool:
        found = reader.value(site.args[0]) if site.args else None
        first = found.parts[0] if isinstance(found, Join) else found
        text = literal_text(first) if isinstance(first, Literal) else ""
        return (text or "").partition(":")[0] in drivers

    return begins


def dsn_unknown(site: CallSite, reader: Reader) -> bool:
    return not any(condition(site, reader) for condition in KNOWN)


KNOWN = (dsn_of("mysql"), dsn_of("pgsql"), dsn_of("sqlite"), dsn_of("sqlsrv", "dblib"))

STORES: tuple[Pattern, ...] = (
    Store(callees=("PDO",), technology="mysql", library="pdo", when=KNOWN[0]),
    Store(callees=("PDO",), technology="postgresql", library="pdo", when=KNOWN[1]),
    Store(callees=("PDO",), technology="sqlite", library="pdo", when=KNOWN[2]),
    Store(callees=("PDO",), technology="sqlserver", library="pdo", when=KNOWN[3]),
    Store(callees=("PDO",), technology="", library="pdo", when=dsn_unknown),
    Store(
        callees=("mysqli", "mysqli_connect"),
        technology="mysql",
        library="mysqli",
        host=FIRST,
        database=Arg(3),
        when=lambda site, reader: bool(site.args),
    ),
    Store(callees=("pg_connect", "pg_pconnect"), technology="postgresql", library="pgsql"),
    Store(callees=("SQLite3",), technology="sqlite", library="sqlite3"),
    Store(
        callees=("Redis.{connect,pconnect}",),
        technology="redis",
        library="phpredis",
        host=FIRST,
        port=SECOND,
    ),
    Store(
        callees=("Predis.Client",),
        technology="redis",
        library="predis",
        host=Arg(-1, ("host",)),
        port=Arg(-1, ("port",)),
        default="localhost:6379",
        options=0,
    ),
    Store(
        callees=("Memcached.addServer",),
        technology="memcached",
        library="memcached",
        host=FIRST,
        port=SECOND,
    ),
    Store(callees=("MongoDB.Client",), technology="mongodb", library="mongodb"),
    Store(
        callees=("Doctrine.DBAL.DriverManager.getConnection",),
        technology="",
        technology_arg=Arg(-1, ("driver",)),
        library="doctrine",
        address=Arg(-1, ("url",)),
        host=Arg(-1, ("host",)),
        database=Arg(-1, ("dbname",)),
    ),
    Store(
        callees=("PhpAmqpLib.Connection.{AMQPStreamConnection,AMQPSSLConnection}",),
        technology="rabbitmq",
        library="php-amqplib",
        host=FIRST,
        port=SECOND,
    ),
    Store(
        callees=("Aws.S3.S3Client",),
        technology="s3",
        library="aws-sdk",
        address=Arg(-1, ("endpoint",)),
    ),
)
