"""Databases, caches and search engines of PHP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import FIRST, SECOND, Arg, Pattern, Store
from scaleaudit.languages.php.databases import Hosts, PdoStore

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader


def is_called(name: str) -> Condition:
    """The first argument is this text."""

    def called(site: CallSite, reader: Reader) -> bool:
        return bool(site.args) and reader.text(site.args[0]).strip("'\"") == name

    return called


# Cycle's connections, by their namespace.
CYCLE = (("Postgres", "postgresql"), ("MySQL", "mysql"), ("SQLServer", "sqlserver"))

STORES: tuple[Pattern, ...] = (
    PdoStore(),
    *(
        PdoStore(
            callees=(f"Cycle.Database.Config.{name}.DsnConnectionConfig",),
            library="cycle",
            technology=technology,
        )
        for name, technology in CYCLE
    ),
    *(
        Store(
            callees=(f"Cycle.Database.Config.{name}.TcpConnectionConfig",),
            technology=technology,
            library="cycle",
            host=Arg(1, ("host",)),
            port=Arg(2, ("port",)),
            database=Arg(0, ("database",)),
        )
        for name, technology in CYCLE
    ),
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
    # A queue that jobs are put on by the name of its connection, which is called like its driver.
    *(
        Store(
            callees=("Illuminate.Support.Facades.Queue.connection",),
            technology=technology,
            library="laravel-queue-connection",
            when=is_called(technology),
        )
        for technology in ("rabbitmq", "redis", "sqs", "kafka")
    ),
    Hosts(
        callees=("{Elastic.Elasticsearch,Elasticsearch,OpenSearch}.ClientBuilder.create.setHosts",),
        technology="elasticsearch",
        library="elasticsearch",
    ),
    Store(
        callees=("RdKafka.Conf.set",),
        technology="kafka",
        library="rdkafka",
        address=SECOND,
        when=lambda site, reader: (
            bool(site.args)
            and reader.text(site.args[0])[1:-1] in ("metadata.broker.list", "bootstrap.servers")
        ),
    ),
    Store(
        callees=("Aws.S3.S3Client",),
        technology="s3",
        library="aws-sdk",
        address=Arg(-1, ("endpoint",)),
    ),
)
