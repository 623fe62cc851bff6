"""Databases, caches and object stores that Go code opens."""

from collections.abc import Iterator

from scaleaudit.facts import Fact, StoreUsed
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.patterns import FIRST, NONE, SECOND, Arg, Pattern, Store
from scaleaudit.languages.reader import Reader
from scaleaudit.values import UNKNOWN, literal_text

# Names under which drivers register with database/sql.
DRIVERS = {
    "postgres": "postgresql",
    "pgx": "postgresql",
    "pgx/v5": "postgresql",
    "cloudsqlpostgres": "postgresql",
    "nrpostgres": "postgresql",
    "mysql": "mysql",
    "nrmysql": "mysql",
    "sqlite3": "sqlite",
    "sqlite": "sqlite",
    "sqlserver": "sqlserver",
    "mssql": "sqlserver",
    "azuresql": "sqlserver",
    "clickhouse": "clickhouse",
    "oracle": "oracle",
    "godror": "oracle",
    "snowflake": "snowflake",
    "libsql": "libsql",
    "duckdb": "duckdb",
}
DIALECTS = {"dialect.Postgres": "postgres", "dialect.MySQL": "mysql", "dialect.SQLite": "sqlite3"}
# Packages that register a driver when they are imported.
DRIVER_PACKAGES = {
    b'"github.com/lib/pq"': "postgresql",
    b'"github.com/jackc/pgx': "postgresql",
    b'"github.com/go-sql-driver/mysql"': "mysql",
    b'"github.com/mattn/go-sqlite3"': "sqlite",
    b'"modernc.org/sqlite"': "sqlite",
    b'"github.com/microsoft/go-mssqldb': "sqlserver",
    b'"github.com/denisenkom/go-mssqldb': "sqlserver",
    b'"github.com/ClickHouse/clickhouse-go': "clickhouse",
}
ENT_CLIENT = "entgo.io/ent/generated"  # what ent writes into the program's own folder `ent`
REDIS = "github.com/{redis/go-redis,go-redis/redis}"
GORM_DRIVERS = (
    ("postgres", "postgresql"),
    ("mysql", "mysql"),
    ("sqlite", "sqlite"),
    ("sqlserver", "sqlserver"),
    ("clickhouse", "clickhouse"),
)


class SqlOpen(Store, frozen=True, kw_only=True):
    """`sql.Open(driver, dsn)`: the driver's name says which database."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        named = literal_text(FIRST.value(site, reader))
        node = FIRST.node(site, reader)
        if named is None and node is not None and node.type == "selector_expression":
            named = DIALECTS.get(reader.text(node)[:40])
        technology = DRIVERS.get(named or "", "")
        if named is None:
            found = {tech for name, tech in DRIVER_PACKAGES.items() if name in reader.content}
            technology = found.pop() if len(found) == 1 else ""
        yield StoreUsed(
            at=reader.span(site.node),
            technology=technology,
            address=SECOND.value(site, reader) or UNKNOWN,
            library=self.library,
            scope=reader.scope(site.node),
        )


STORES: tuple[Pattern, ...] = (
    SqlOpen(callees=("database/sql.Open",), technology="", library="database/sql"),
    SqlOpen(
        callees=(
            "github.com/jmoiron/sqlx.{Open,Connect,MustConnect,MustOpen}",
            "github.com/XSAM/otelsql.Open",
        ),
        technology="",
        library="sqlx",
    ),
    SqlOpen(
        callees=("github.com/{pocketbase/dbx,go-ozzo/ozzo-dbx}.{Open,MustOpen}",),
        technology="",
        library="dbx",
    ),
    SqlOpen(
        callees=("entgo.io/ent/dialect/sql.Open", f"{ENT_CLIENT}.Open"),
        technology="",
        library="ent",
    ),
    SqlOpen(callees=("github.com/jinzhu/gorm.Open",), technology="", library="gorm"),
    SqlOpen(
        callees=("{xorm.io/xorm,github.com/go-xorm/xorm}.{NewEngine,NewEngineWithParams}",),
        technology="",
        library="xorm",
    ),
    Store(
        callees=("github.com/jackc/pgx.{Connect,ConnectConfig}",),
        technology="postgresql",
        library="pgx",
    ),
    Store(
        callees=(
            "github.com/jackc/pgx/pgxpool.{New,NewWithConfig,Connect,ConnectConfig}",
            "github.com/jackc/pgxpool.{New,NewWithConfig,Connect}",
        ),
        technology="postgresql",
        library="pgx",
    ),
    Store(
        callees=("github.com/go-pg/pg.Connect",),
        technology="postgresql",
        library="go-pg",
        address=NONE,
        host=Arg(-1, ("Addr",)),
        database=Arg(-1, ("Database",)),
        default="localhost:5432",
    ),
    Store(
        callees=("github.com/uptrace/bun/driver/pgdriver.WithDSN",),
        technology="postgresql",
        library="bun",
    ),
    Store(
        callees=("github.com/go-sql-driver/mysql.NewConnector",),
        technology="mysql",
        library="go-sql-driver/mysql",
        host=Arg(-1, ("Addr",)),
        database=Arg(-1, ("DBName",)),
    ),
    *(
        Store(
            callees=(f"gorm.io/driver/{driver}.{{Open,New}}",),
            technology=technology,
            library="gorm",
            address=Arg(0, ("DSN",)),
        )
        for driver, technology in GORM_DRIVERS
    ),
    Store(callees=("github.com/glebarez/sqlite.Open",), technology="sqlite", library="gorm"),
    Store(
        callees=("go.mongodb.org/mongo-driver/mongo.{Connect,NewClient}",),
        technology="mongodb",
        library="mongo-driver",
    ),
    Store(
        callees=("{gopkg.in/mgo,github.com/globalsign/mgo}.{Dial,DialWithTimeout}",),
        technology="mongodb",
        library="mgo",
    ),
    Store(
        callees=(f"{REDIS}.{{NewClient,NewClusterClient,NewUniversalClient,NewRing}}",),
        technology="redis",
        library="go-redis",
        host=Arg(-1, ("Addr", "Addrs")),
    ),
    Store(
        callees=(f"{REDIS}.{{NewFailoverClient,NewFailoverClusterClient}}",),
        technology="redis",
        library="go-redis",
        host=Arg(-1, ("SentinelAddrs",)),
    ),
    Store(
        callees=("github.com/gomodule/redigo/redis.{Dial,DialContext}",),
        technology="redis",
        library="redigo",
        address=SECOND,
    ),
    Store(
        callees=("github.com/gomodule/redigo/redis.{DialURL,DialURLContext}",),
        technology="redis",
        library="redigo",
    ),
    Store(
        callees=("github.com/{redis,rueian}/rueidis.NewClient",),
        technology="redis",
        library="rueidis",
        host=Arg(-1, ("InitAddress",)),
    ),
    Store(
        callees=("github.com/bradfitz/gomemcache/memcache.New",),
        technology="memcached",
        library="gomemcache",
    ),
    Store(
        callees=("github.com/elastic/go-elasticsearch.{NewClient,NewTypedClient}",),
        technology="elasticsearch",
        library="go-elasticsearch",
        host=Arg(-1, ("Addresses", "CloudID")),
    ),
    # NewDefaultClient: ELASTICSEARCH_URL, else http://localhost:9200 (its README).
    Store(
        callees=("github.com/elastic/go-elasticsearch.NewDefaultClient",),
        technology="elasticsearch",
        library="go-elasticsearch",
        address=NONE,
        default="http://localhost:9200",
        default_setting="ELASTICSEARCH_URL",
    ),
    Store(
        callees=("github.com/olivere/elastic.{NewClient,NewSimpleClient,Dial}",),
        technology="elasticsearch",
        library="olivere/elastic",
    ),
    Store(
        callees=("github.com/opensearch-project/opensearch-go.NewClient",),
        technology="opensearch",
        library="opensearch-go",
        host=Arg(-1, ("Addresses",)),
    ),
    Store(
        callees=("github.com/minio/minio-go.{New,NewWithRegion}",),
        technology="s3",
        library="minio-go",
    ),
    Store(
        callees=(
            "github.com/aws/aws-sdk-go-v2/service/s3.{NewFromConfig,New}",
            "github.com/aws/aws-sdk-go/service/s3.New",
            "github.com/aws/aws-sdk-go/service/s3/s3manager.{NewUploader,NewDownloader}",
        ),
        technology="s3",
        library="aws-sdk-go",
        address=NONE,
    ),
    Store(
        callees=(
            "github.com/aws/aws-sdk-go-v2/service/dynamodb.{NewFromConfig,New}",
            "github.com/aws/aws-sdk-go/service/dynamodb.New",
        ),
        technology="dynamodb",
        library="aws-sdk-go",
        address=NONE,
    ),
    Store(
        callees=("cloud.google.com/go/storage.NewClient",),
        technology="gcs",
        library="cloud.google.com/go/storage",
        address=NONE,
    ),
    Store(
        callees=("cloud.google.com/go/firestore.NewClient",),
        technology="firestore",
        library="cloud.google.com/go/firestore",
        address=NONE,
        database=FIRST,
    ),
    Store(
        callees=("cloud.google.com/go/spanner.NewClient",),
        technology="spanner",
        library="cloud.google.com/go/spanner",
        address=NONE,
    ),
    Store(
        callees=("cloud.google.com/go/bigquery.NewClient",),
        technology="bigquery",
        library="cloud.google.com/go/bigquery",
        address=NONE,
    ),
    Store(
        callees=("cloud.google.com/go/bigtable.NewClient",),
        technology="bigtable",
        library="cloud.google.com/go/bigtable",
        address=NONE,
    ),
    Store(
        callees=("firebase.google.com/go.App.Firestore",),
        technology="firestore",
        library="firebase",
        address=NONE,
    ),
    Store(
        callees=(
            "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob.{NewClient,NewServiceClient}",
        ),
        technology="azure-blob",
        library="azblob",
    ),
    Store(
        callees=("github.com/couchbase/gocb.Connect",),
        technology="couchdb",
        library="gocb",
    ),
    Store(
        callees=("github.com/qdrant/go-client/qdrant.NewClient",),
        technology="vector",
        library="qdrant",
        host=Arg(-1, ("Host",)),
    ),
    Store(
        callees=("github.com/milvus-io/milvus-sdk-go/client.{NewClient,NewGrpcClient}",),
        technology="vector",
        library="milvus",
        address=Arg(-1, ("Address",)),
    ),
    Store(
        callees=("github.com/gocql/gocql.NewCluster",),
        technology="cassandra",
        library="gocql",
    ),
    Store(
        callees=("github.com/neo4j/neo4j-go-driver/neo4j.{NewDriver,NewDriverWithContext}",),
        technology="neo4j",
        library="neo4j-go-driver",
    ),
    Store(
        callees=("github.com/ClickHouse/clickhouse-go.Open",),
        technology="clickhouse",
        library="clickhouse-go",
        host=Arg(-1, ("Addr",)),
        database=Arg(-1, ("Database",)),
    ),
    Store(
        callees=("github.com/influxdata/influxdb-client-go.NewClient",),
        technology="influxdb",
        library="influxdb-client-go",
    ),
    Store(
        callees=("go.etcd.io/etcd/client.New", "go.etcd.io/etcd/clientv3.New"),
        technology="etcd",
        library="etcd",
        host=Arg(-1, ("Endpoints",)),
    ),
    # Embedded: the database is a file of this machine.
    Store(
        callees=("{go.etcd.io/bbolt,github.com/boltdb/bolt}.Open",),
        technology="boltdb",
        library="bolt",
    ),
    Store(
        callees=("github.com/dgraph-io/badger.Open",),
        technology="badger",
        library="badger",
        address=Arg(0, ("Dir",)),
    ),
    Store(
        callees=("github.com/syndtr/goleveldb/leveldb.OpenFile",),
        technology="leveldb",
        library="goleveldb",
    ),
)
