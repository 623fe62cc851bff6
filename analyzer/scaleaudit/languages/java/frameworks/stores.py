"""Databases, caches, brokers and object stores that code of the JVM opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java.data_sources import ConfiguredSource
from scaleaudit.languages.patterns import NONE, SECOND, Arg, Store
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

PORT = regex(r"^\d+$|[pP]ort|PORT")
JEDIS = "redis.clients.jedis"
REDIS_SPRING = "org.springframework.data.redis.connection"
V2 = "software.amazon.awssdk.services"
V1 = "com.amazonaws.services"
ENDPOINT = Arg(-1, ("endpointOverride", "withEndpointConfiguration", "endpoint"))


def host_and_port(site: CallSite, reader: Reader) -> bool:
    """The second argument is a port, not an object that configures."""
    return len(site.args) > 1 and PORT.search(reader.text(site.args[1])) is not None


def jdbc(library: str, *callees: str) -> Store:
    """The technology stands in the address: `jdbc:postgresql://...`."""
    return Store(callees=callees, technology="", library=library, address=Arg(0))


def aws(technology: str, *callees: str) -> Store:
    return Store(callees=callees, technology=technology, library="aws-sdk", address=ENDPOINT)


STORES = (
    jdbc("jdbc", "java.sql.DriverManager.getConnection"),
    jdbc("hikaricp", "com.zaxxer.hikari.{HikariConfig,HikariDataSource}.setJdbcUrl"),
    Store(
        callees=("org.springframework.boot.jdbc.DataSourceBuilder.create",),
        technology="",
        library="jdbc",
        address=Arg(-1, ("url",)),
        when=lambda site, _: "url" in site.keywords,
    ),
    Store(
        callees=(
            "org.springframework.jdbc.datasource.{DriverManagerDataSource,SingleConnectionDataSource}",
        ),
        technology="",
        library="jdbc",
        when=lambda site, _: bool(site.args),  # else setUrl follows
    ),
    jdbc(
        "jdbc",
        "org.springframework.jdbc.datasource.DriverManagerDataSource.setUrl",
        "org.apache.commons.{dbcp,dbcp2}.BasicDataSource.setUrl",
        "com.alibaba.druid.pool.DruidDataSource.setUrl",
        "com.mchange.v2.c3p0.ComboPooledDataSource.setJdbcUrl",
        "org.apache.tomcat.jdbc.pool.{DataSource,PoolProperties}.setUrl",
    ),
    Store(
        callees=("org.postgresql.ds.{PGSimpleDataSource,PGPoolingDataSource}.{setUrl,setURL}",),
        technology="postgresql",
        library="pgjdbc",
    ),
    Store(
        callees=("com.mysql.cj.jdbc.MysqlDataSource.{setUrl,setURL}",),
        technology="mysql",
        library="mysql-connector",
    ),
    Store(
        callees=("org.h2.jdbcx.{JdbcDataSource.setURL,JdbcDataSource.setUrl}",),
        technology="h2",
        library="h2",
    ),
    Store(callees=("org.h2.jdbcx.JdbcConnectionPool.create",), technology="h2", library="h2"),
    Store(
        callees=("org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder",),
        technology="h2",
        library="spring-jdbc",
        address=NONE,
        default="jdbc:h2:mem:",
    ),
    ConfiguredSource(
        callees=("org.springframework.boot.context.properties.ConfigurationProperties",)
    ),
    Store(
        callees=("io.vertx.ext.mongo.MongoClient.{create,createShared,createNonShared}",),
        technology="mongodb",
        library="vertx",
        address=NONE,
    ),
    Store(
        callees=(
            "io.vertx.redis.RedisClient.create",
            "io.vertx.redis.client.{Redis,RedisAPI}.{createClient,api}",
        ),
        technology="redis",
        library="vertx",
        address=SECOND,
    ),
    Store(
        callees=(
            "io.vertx.{pgclient.PgPool.pool,pgclient.PgBuilder.pool,pgclient.PgConnection.connect}",
        ),
        technology="postgresql",
        library="vertx",
        address=SECOND,
    ),
    Store(
        callees=("io.vertx.mysqlclient.{MySQLPool,MySQLBuilder}.pool",),
        technology="mysql",
        library="vertx",
        address=SECOND,
    ),
    Store(
        callees=(
            "org.springframework.data.elasticsearch.client.ClientConfiguration.builder.connectedTo",
        ),
        technology="elasticsearch",
        library="spring-data-elasticsearch",
    ),
    Store(
        callees=(f"{JEDIS}.{{Jedis,JedisPooled,UnifiedJedis}}",),
        technology="redis",
        library="jedis",
        host=Arg(0),
        port=Arg(1),
        address=Arg(0),
        default="localhost",
    ),
    Store(
        callees=(f"{JEDIS}.JedisPool",),
        technology="redis",
        library="jedis",
        host=Arg(1),
        port=Arg(2),
        default="localhost",
        when=lambda site, reader: not host_and_port(site, reader) and len(site.args) != 1,
    ),
    Store(
        callees=(f"{JEDIS}.JedisPool",),
        technology="redis",
        library="jedis",
        host=Arg(0),
        port=Arg(1),
        address=Arg(0),
        when=lambda site, reader: host_and_port(site, reader) or len(site.args) == 1,
    ),
    Store(
        callees=("io.lettuce.core.{RedisClient,cluster.RedisClusterClient}.create",),
        technology="redis",
        library="lettuce",
    ),
    Store(
        callees=(
            f"{REDIS_SPRING}.{{RedisStandaloneConfiguration,lettuce.LettuceConnectionFactory}}",
        ),
        technology="redis",
        library="spring-data-redis",
        host=Arg(0),
        port=Arg(1),
        when=host_and_port,
    ),
    Store(
        callees=(
            f"{REDIS_SPRING}.RedisStandaloneConfiguration.setHostName",
            f"{REDIS_SPRING}.{{jedis.JedisConnectionFactory,lettuce.LettuceConnectionFactory}}"
            ".setHostName",
        ),
        technology="redis",
        library="spring-data-redis",
    ),
    Store(
        callees=(
            "org.redisson.config.SingleServerConfig.setAddress",
            "org.redisson.config.Config.useSingleServer.setAddress",
        ),
        technology="redis",
        library="redisson",
    ),
    Store(
        callees=(
            "net.spy.memcached.MemcachedClient",
            "net.rubyeye.xmemcached.XMemcachedClientBuilder",
        ),
        technology="memcached",
        library="memcached",
    ),
    Store(
        callees=(
            "com.mongodb.{client.,reactivestreams.client.}MongoClients.create",
            "com.mongodb.{MongoClient,MongoClientURI}",
        ),
        technology="mongodb",
        library="mongodb-driver",
        default="mongodb://localhost",
    ),
    Store(
        callees=(
            "org.elasticsearch.client.RestClient.builder",
            "org.opensearch.client.RestClient.builder",
        ),
        technology="elasticsearch",
        library="elasticsearch",
    ),
    Store(
        callees=(
            "com.datastax.oss.driver.api.core.CqlSession.builder",
            "com.datastax.driver.core.Cluster.builder",
        ),
        technology="cassandra",
        library="cassandra-driver",
        address=Arg(-1, ("addContactPoint", "addContactPoints")),
    ),
    Store(
        callees=("org.neo4j.driver.{,v1.}GraphDatabase.driver",),
        technology="neo4j",
        library="neo4j-driver",
    ),
    Store(
        callees=("com.couchbase.client.java.Cluster.connect",),
        technology="couchbase",
        library="couchbase",
    ),
    Store(
        callees=(
            "com.influxdb.client.InfluxDBClientFactory.create",
            "org.influxdb.InfluxDBFactory.connect",
        ),
        technology="influxdb",
        library="influxdb",
    ),
    Store(
        callees=("com.rabbitmq.client.ConnectionFactory.{setHost,setUri}",),
        technology="rabbitmq",
        library="rabbitmq-client",
    ),
    Store(
        callees=("org.springframework.amqp.rabbit.connection.CachingConnectionFactory",),
        technology="rabbitmq",
        library="spring-amqp",
        when=lambda site, _: len(site.args) > 0,
    ),
    Store(
        callees=(
            "org.springframework.amqp.rabbit.connection.CachingConnectionFactory"
            ".{setHost,setUri,setAddresses}",
        ),
        technology="rabbitmq",
        library="spring-amqp",
    ),
    Store(
        callees=("org.apache.activemq.ActiveMQConnectionFactory",),
        technology="activemq",
        library="activemq",
        default="tcp://localhost:61616",
    ),
    Store(callees=("io.nats.client.Nats.connect",), technology="nats", library="nats"),
    Store(
        callees=("org.eclipse.paho.client.mqttv3.{MqttClient,MqttAsyncClient}",),
        technology="mqtt",
        library="paho",
    ),
    aws(
        "s3",
        f"{V2}.s3.{{S3Client,S3AsyncClient,presigner.S3Presigner}}.{{builder,create}}",
        f"{V1}.s3.AmazonS3ClientBuilder.{{standard,defaultClient}}",
    ),
    aws(
        "dynamodb",
        f"{V2}.dynamodb.{{DynamoDbClient,DynamoDbAsyncClient}}.{{builder,create}}",
        f"{V1}.dynamodbv2.AmazonDynamoDBClientBuilder.{{standard,defaultClient}}",
    ),
    Store(
        callees=("io.minio.MinioClient.builder",),
        technology="s3",
        library="minio",
        address=Arg(-1, ("endpoint",)),
    ),
    Store(
        callees=("com.google.cloud.storage.StorageOptions.{getDefaultInstance,newBuilder}",),
        technology="gcs",
        library="google-cloud-storage",
        address=NONE,
        default="https://storage.googleapis.com",
    ),
    Store(
        callees=("com.azure.storage.blob.BlobServiceClientBuilder",),
        technology="azure-blob",
        library="azure-storage",
        address=Arg(-1, ("connectionString", "endpoint")),
    ),
)
