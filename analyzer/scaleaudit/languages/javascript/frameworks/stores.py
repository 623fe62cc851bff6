"""Databases, caches and search engines of JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import FIRST, NONE, SECOND, Arg, Pattern, Store

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite

HOST = Arg(-1, ("host", "hostname", "server"))
PORT = Arg(-1, ("port",))
DATABASE = Arg(-1, ("database",))


def port_first(site: CallSite) -> bool:
    """`new Redis(6379, "host")`."""
    return bool(site.args) and site.args[0].type == "number"


STORES: tuple[Pattern, ...] = (
    # pg: libpq's environment variables, then localhost (its documentation, "Connecting").
    Store(
        callees=(
            "pg.{Pool,Client}",
            "pg.native.{Pool,Client}",
            "pg-pool",
            "@neondatabase/serverless.{Pool,Client}",
        ),
        technology="postgresql",
        library="pg",
        address=Arg(0, ("connectionString",)),
        host=HOST,
        port=PORT,
        database=DATABASE,
        default="localhost",
        default_setting="PGHOST",
        options=0,
    ),
    Store(
        callees=("postgres", "@neondatabase/serverless.neon"),
        technology="postgresql",
        library="postgres",
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    # `const initialised = require("pg-promise")(options)`, then `initialised(url)`.
    Store(
        callees=("pg-promise", "pg-promise.default", "pg-promise.pgp"),
        technology="postgresql",
        library="pg-promise",
        host=HOST,
        port=PORT,
        database=DATABASE,
        of_made=True,
    ),
    Store(
        callees=(
            "{mysql,mysql2,mysql2/promise}.{createConnection,createPool,createPoolCluster}",
            "mariadb.{createConnection,createPool}",
        ),
        technology="mysql",
        library="mysql",
        address=Arg(0, ("uri",)),
        host=HOST,
        port=PORT,
        database=DATABASE,
        default="localhost",
        options=0,
    ),
    Store(
        callees=("mssql.{connect,ConnectionPool}",),
        technology="sqlserver",
        library="mssql",
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=("oracledb.{getConnection,createPool}",),
        technology="oracle",
        library="oracledb",
        address=Arg(-1, ("connectString", "connectionString")),
    ),
    Store(
        callees=("mongoose.{connect,createConnection}",),
        technology="mongodb",
        library="mongoose",
        database=Arg(-1, ("dbName",)),
    ),
    Store(
        callees=("mongodb.MongoClient", "mongodb.MongoClient.connect"),
        technology="mongodb",
        library="mongodb",
        # `new MongoClient(url).connect()` without an address is the client that stands there.
        when=lambda site, reader: bool(site.args),
    ),
    Store(
        callees=("@nestjs/mongoose.MongooseModule.{forRoot,forRootAsync}",),
        technology="mongodb",
        library="@nestjs/mongoose",
        address=Arg(0, ("uri",)),
    ),
    # ioredis and node-redis: localhost:6379 by default.
    Store(
        callees=("{ioredis,ioredis.Redis,ioredis.default}",),
        technology="redis",
        library="ioredis",
        address=Arg(0, ("url", "path")),
        host=HOST,
        port=PORT,
        default="localhost:6379",
        options=0,
        when=lambda site, reader: not port_first(site),
    ),
    Store(
        callees=("{ioredis,ioredis.Redis,ioredis.default}",),
        technology="redis",
        library="ioredis",
        address=NONE,
        host=Arg(1, ("host",)),
        port=FIRST,
        default="localhost",
        when=lambda site, reader: port_first(site),
    ),
    Store(
        callees=("ioredis.Cluster", "ioredis.Redis.Cluster", "redis.createCluster"),
        technology="redis",
        library="ioredis",
        address=Arg(0, ("rootNodes",)),
        when=lambda site, reader: bool(site.args),
    ),
    Store(
        callees=("{redis,@redis/client}.createClient",),
        technology="redis",
        library="redis",
        address=Arg(0, ("url",)),
        host=Arg(-1, ("socket.host", "host")),
        port=Arg(-1, ("socket.port", "port")),
        default="localhost:6379",
        options=0,
        when=lambda site, reader: not port_first(site),
    ),
    Store(
        callees=("redis.createClient",),
        technology="redis",
        library="redis",
        address=NONE,
        host=SECOND,
        port=FIRST,
        default="localhost",
        when=lambda site, reader: port_first(site),
    ),
    Store(
        callees=(
            "@nestjs/cache-manager.CacheModule.{register,registerAsync}",
            "@nestjs/common.CacheModule.{register,registerAsync}",
        ),
        technology="redis",
        library="cache-manager",
        address=Arg(-1, ("url",)),
        host=HOST,
        port=PORT,
        when=lambda site, reader: (
            "redis" in reader.described(site.keywords["store"]).lower()
            if "store" in site.keywords
            else False
        ),
    ),
    Store(
        callees=(
            "@nestjs-modules/ioredis.RedisModule.{forRoot,forRootAsync}",
            "@liaoliaots/nestjs-redis.RedisModule.{forRoot,forRootAsync}",
        ),
        technology="redis",
        library="ioredis",
        address=Arg(-1, ("url", "config.url")),
        host=Arg(-1, ("host", "config.host", "options.host")),
        port=Arg(-1, ("port", "config.port", "options.port")),
    ),
    Store(
        callees=("@upstash/redis.Redis",),
        technology="redis",
        library="@upstash/redis",
        address=Arg(-1, ("url",)),
    ),
    Store(
        callees=("{memjs.Client.create,memcached}",), technology="memcached", library="memcached"
    ),
    Store(
        callees=(
            "better-sqlite3",
            "sqlite3.{Database,cached.Database}",
            "sqlite3.verbose.Database",
            "bun:sqlite.Database",
            "sqlite.DatabaseSync",
        ),
        technology="sqlite",
        library="sqlite3",
    ),
    Store(
        callees=("sqlite.open",),
        technology="sqlite",
        library="sqlite",
        address=Arg(-1, ("filename",)),
    ),
    Store(
        callees=("{nedb,@seald-io/nedb}", "{lowdb,level.Level,lmdb.open}"),
        technology="embedded",
        library="nedb",
        address=Arg(0, ("filename", "path")),
    ),
    Store(
        callees=("{@elastic/elasticsearch,@opensearch-project/opensearch}.Client",),
        technology="elasticsearch",
        library="@elastic/elasticsearch",
        address=Arg(-1, ("node", "nodes", "cloud.id")),
    ),
    Store(
        callees=("{meilisearch,meilisearch.MeiliSearch,meilisearch.Meilisearch}",),
        technology="search",
        library="meilisearch",
        address=Arg(-1, ("host",)),
    ),
    Store(
        callees=("cassandra-driver.Client",),
        technology="cassandra",
        library="cassandra-driver",
        address=Arg(-1, ("contactPoints",)),
    ),
    Store(
        callees=("neo4j-driver.driver",),
        technology="neo4j",
        library="neo4j-driver",
    ),
    Store(
        callees=("@influxdata/influxdb-client.InfluxDB",),
        technology="influxdb",
        library="influxdb",
        address=Arg(0, ("url",)),
    ),
    Store(
        callees=("@clickhouse/client.createClient",),
        technology="clickhouse",
        library="@clickhouse/client",
        address=Arg(-1, ("url", "host")),
    ),
    Store(
        callees=("{etcd3.Etcd3}",),
        technology="etcd",
        library="etcd3",
        address=Arg(-1, ("hosts",)),
    ),
    Store(
        callees=("@qdrant/js-client-rest.QdrantClient",),
        technology="vector",
        library="qdrant",
        address=Arg(-1, ("url",)),
        host=HOST,
        port=PORT,
    ),
    Store(
        callees=("weaviate-ts-client.client", "weaviate-client.connectToCustom"),
        technology="vector",
        library="weaviate",
        host=Arg(-1, ("host", "httpHost")),
    ),
    Store(
        callees=("typesense.Client",),
        technology="search",
        library="typesense",
        address=Arg(-1, ("nodes",)),
    ),
    Store(
        callees=("@supabase/supabase-js.createClient",),
        technology="postgresql",
        library="supabase",
        address=FIRST,
    ),
)
