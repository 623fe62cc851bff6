"""Databases, caches and search engines of PHP."""

from scaleaudit.languages.patterns import FIRST, SECOND, Arg, Pattern, Store
from scaleaudit.languages.php.databases import Hosts, PdoStore

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
