"""Document stores, caches, search and object stores that Python opens, beside its databases."""

from scaleaudit.languages.patterns import NONE, Arg, Store
from scaleaudit.languages.python.frameworks.cloud_stores import CLOUD_STORES
from scaleaudit.languages.python.frameworks.databases import HOST, HOST_FIRST, PORT, RELATIONAL, URL

DOCUMENTS = (
    Store(
        callees=(
            "pymongo.{MongoClient,AsyncMongoClient}",
            "motor.motor_asyncio.AsyncIOMotorClient",
        ),
        technology="mongodb",
        library="pymongo",
        host=HOST_FIRST,
        default="localhost:27017",
    ),
    Store(
        callees=("mongoengine.connect",),
        technology="mongodb",
        library="mongoengine",
        address=NONE,
        host=HOST,
        database=Arg(0, ("db",)),
        default="localhost:27017",
    ),
    Store(
        callees=("cassandra.cluster.Cluster",),
        technology="cassandra",
        library="cassandra-driver",
        address=Arg(0, ("contact_points",)),
        default="127.0.0.1",
    ),
    Store(
        callees=("{elasticsearch,elasticsearch_async}.{Elasticsearch,AsyncElasticsearch}",),
        technology="elasticsearch",
        library="elasticsearch",
        address=Arg(0, ("hosts", "cloud_id")),
    ),
    Store(
        callees=(
            "elasticsearch_dsl.connections.{create_connection,connections.create_connection}",
        ),
        technology="elasticsearch",
        library="elasticsearch_dsl",
        address=Arg(-1, ("hosts",)),
    ),
    Store(
        callees=("opensearchpy.{OpenSearch,AsyncOpenSearch}",),
        technology="opensearch",
        library="opensearch-py",
        address=Arg(0, ("hosts",)),
    ),
    Store(
        callees=("{meilisearch.Client,typesense.Client,pysolr.Solr}",),
        technology="search",
        library="search",
        address=URL,
    ),
    Store(
        callees=("weaviate.{Client,connect_to_custom,connect_to_local}",),
        technology="vector",
        library="weaviate",
        address=URL,
        host=Arg(-1, ("http_host", "host")),
    ),
    Store(
        callees=("chromadb.{HttpClient,AsyncHttpClient}",),
        technology="vector",
        library="chromadb",
        address=NONE,
        host=HOST_FIRST,
        default="localhost",
    ),
    Store(
        callees=("pymilvus.connections.connect",),
        technology="vector",
        library="pymilvus",
        address=Arg(-1, ("uri",)),
        host=HOST,
        default="localhost",
    ),
    Store(
        callees=("pymilvus.MilvusClient",),
        technology="vector",
        library="pymilvus",
        address=Arg(0, ("uri",)),
    ),
    Store(
        callees=("qdrant_client.{QdrantClient,AsyncQdrantClient}",),
        technology="vector",
        library="qdrant_client",
        address=Arg(-1, ("url",)),
        host=HOST,
    ),
    Store(
        callees=("neo4j.{GraphDatabase,AsyncGraphDatabase}.driver",),
        technology="neo4j",
        library="neo4j",
        address=Arg(0, ("uri",)),
    ),
    Store(
        callees=("clickhouse_driver.Client", "clickhouse_connect.{get_client,get_async_client}"),
        technology="clickhouse",
        library="clickhouse",
        host=HOST_FIRST,
    ),
    Store(
        callees=("influxdb_client.InfluxDBClient", "influxdb.InfluxDBClient"),
        technology="influxdb",
        library="influxdb",
        address=URL,
        host=HOST,
    ),
)

REDIS = (
    Store(
        callees=("redis.{sentinel.Sentinel,asyncio.sentinel.Sentinel,Sentinel}",),
        technology="redis",
        library="redis",
        address=Arg(0, ("sentinels",)),
    ),
    Store(
        callees=("rediscluster.RedisCluster", "redis.asyncio.cluster.RedisCluster"),
        technology="redis",
        library="redis",
        address=Arg(-1, ("startup_nodes",)),
        host=HOST_FIRST,
    ),
    Store(
        callees=("aiocache.{RedisCache,Cache}",),
        technology="redis",
        library="aiocache",
        address=NONE,
        host=Arg(-1, ("endpoint",)),
        port=PORT,
        when=lambda site, reader: (
            site.name == "RedisCache" or any("REDIS" in reader.text(a)[:60] for a in site.args[:1])
        ),
    ),
    Store(
        callees=("flask_caching.Cache",),
        technology="redis",
        library="flask-caching",
        address=Arg(-1, ("CACHE_REDIS_URL",)),
        host=Arg(-1, ("CACHE_REDIS_HOST",)),
        when=lambda site, reader: bool(
            {"CACHE_REDIS_URL", "CACHE_REDIS_HOST"} & site.keywords.keys()
        ),
    ),
    Store(
        callees=(
            "redis.{Redis,StrictRedis,ConnectionPool,BlockingConnectionPool}",
            "redis.asyncio.{Redis,StrictRedis,ConnectionPool}",
            "redis.client.Redis",
            "redis.cluster.RedisCluster",
        ),
        technology="redis",
        library="redis",
        host=HOST_FIRST,
        port=Arg(1, ("port",)),
        default="localhost:6379",
        when=lambda site, reader: "connection_pool" not in site.keywords,
    ),
    Store(
        callees=(
            "redis.{from_url,Redis.from_url,StrictRedis.from_url,ConnectionPool.from_url}",
            "redis.asyncio.{from_url,Redis.from_url,ConnectionPool.from_url}",
            "aioredis.{from_url,create_redis,create_redis_pool,create_pool}",
            "valkey.from_url",
        ),
        technology="redis",
        library="redis",
        address=URL,
    ),
    Store(
        callees=(
            "pymemcache.client.base.Client",
            "pymemcache.Client",
            "pylibmc.Client",
            "memcache.Client",
            "aiomcache.Client",
        ),
        technology="memcached",
        library="memcached",
        address=Arg(0, ("server", "servers", "host")),
    ),
)

STORES = (*RELATIONAL, *DOCUMENTS, *REDIS, *CLOUD_STORES)
