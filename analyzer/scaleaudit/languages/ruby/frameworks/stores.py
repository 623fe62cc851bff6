"""Databases, caches, brokers and object stores that Ruby programs connect to."""

from scaleaudit.languages.patterns import FIRST, NONE, Arg, Store
from scaleaudit.languages.ruby.conditions import says_where

HOST = Arg(-1, ("host",))
PORT = Arg(-1, ("port",))
URL = Arg(-1, ("url",))
DATABASE = Arg(-1, ("database",))
SEARCH = Arg(-1, ("url", "urls", "hosts"))

DATABASES = (
    Store(
        callees=("PG.connect", "PG.Connection.{new,open,connect}"),
        technology="postgresql",
        library="pg",
        host=HOST,
        port=PORT,
        database=Arg(-1, ("dbname",)),
    ),
    Store(
        callees=("Mysql2.Client.new", "Trilogy.new"),
        technology="mysql",
        library="mysql2",
        address=NONE,
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=("SQLite3.Database.{new,open}",),
        technology="sqlite",
        library="sqlite3",
    ),
    Store(
        callees=("Sequel.connect",),
        technology="",
        library="sequel",
        host=HOST,
        port=PORT,
        database=DATABASE,
        technology_arg=Arg(-1, ("adapter",)),
    ),
    Store(
        callees=("Sequel.postgres",),
        technology="postgresql",
        library="sequel",
        address=NONE,
        host=HOST,
        port=PORT,
        database=Arg(0, ("database",)),
    ),
    Store(callees=("Sequel.sqlite",), technology="sqlite", library="sequel"),
    Store(
        callees=("ActiveRecord.Base.establish_connection",),
        technology="",
        library="activerecord",
        address=Arg(0, ("url",)),
        host=HOST,
        port=PORT,
        database=DATABASE,
        technology_arg=Arg(-1, ("adapter",)),
        when=says_where,
    ),
    Store(
        callees=("Mongo.{Client,Connection,MongoClient}.new",),
        technology="mongodb",
        library="mongo",
        database=DATABASE,
    ),
    Store(
        callees=("Cassandra.cluster",),
        technology="cassandra",
        library="cassandra-driver",
        address=Arg(-1, ("hosts",)),
    ),
    Store(
        callees=("InfluxDB.Client.new",),
        technology="influxdb",
        library="influxdb",
        host=HOST,
        address=URL,
    ),
    Store(
        callees=("InfluxDB2.Client.new",), technology="influxdb", library="influxdb", address=FIRST
    ),
    Store(
        callees=("Aws.DynamoDB.{Client,Resource}.new",),
        technology="dynamodb",
        library="aws-sdk",
        address=Arg(-1, ("endpoint",)),
    ),
    Store(
        callees=("Elasticsearch.Client.new",),
        technology="elasticsearch",
        library="elasticsearch",
        address=SEARCH,
        host=HOST,
        port=PORT,
        default="http://localhost:9200",
        default_setting="ELASTICSEARCH_URL",
    ),
    Store(
        callees=("OpenSearch.Client.new",),
        technology="opensearch",
        library="opensearch-ruby",
        address=SEARCH,
        host=HOST,
        port=PORT,
        default="http://localhost:9200",
        default_setting="OPENSEARCH_URL",
    ),
)

CACHES = (
    # redis-rb reads REDIS_URL by itself, and else takes localhost (its README).
    Store(
        callees=("Redis.{new,connect}", "RedisClient.{new,config}", "Redis.Store.new"),
        technology="redis",
        library="redis",
        address=URL,
        host=HOST,
        port=PORT,
        default="redis://localhost:6379",
        default_setting="REDIS_URL",
        options=0,
    ),
    Store(
        callees=("ActiveSupport.Cache.{RedisCacheStore,RedisStore}.new",),
        technology="redis",
        library="rails",
        address=Arg(0, ("url",)),
        host=HOST,
        port=PORT,
    ),
    Store(
        callees=("Dalli.Client.new", "ActiveSupport.Cache.MemCacheStore.new"),
        technology="memcached",
        library="dalli",
        default="localhost:11211",
        default_setting="MEMCACHE_SERVERS",
    ),
)

BROKERS = (
    Store(
        callees=("Kafka.new",),
        technology="kafka",
        library="ruby-kafka",
        address=Arg(0, ("seed_brokers",)),
    ),
    Store(
        callees=("Rdkafka.Config.new",),
        technology="kafka",
        library="rdkafka",
        address=Arg(-1, ("bootstrap.servers",)),
    ),
    Store(
        callees=("Bunny.{new,run}", "MarchHare.connect"),
        technology="rabbitmq",
        library="bunny",
        host=Arg(-1, ("host", "hostname")),
        port=PORT,
        default="amqp://localhost:5672",
        options=0,
    ),
    Store(callees=("NATS.{connect,start}",), technology="nats", library="nats-pure"),
    Store(
        callees=("MQTT.Client.{connect,new}",),
        technology="mqtt",
        library="mqtt",
        host=HOST,
        port=PORT,
    ),
)

OBJECTS = (
    Store(
        callees=("Aws.S3.{Client,Resource,Bucket,Object}.new", "Aws.S3.Encryption.Client.new"),
        technology="s3",
        library="aws-sdk",
        address=Arg(-1, ("endpoint",)),
    ),
    Store(
        callees=("Google.Cloud.Storage.new",),
        technology="gcs",
        library="google-cloud-storage",
        address=NONE,
    ),
)

STORES = (*DATABASES, *CACHES, *BROKERS, *OBJECTS)
