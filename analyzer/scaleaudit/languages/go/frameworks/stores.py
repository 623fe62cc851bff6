"""Document stores, caches, object stores and whatever else than relational databases Go code opens."""

from scaleaudit.languages.patterns import FIRST, NONE, SECOND, Arg, Pattern, Store

REDIS = "github.com/{redis/go-redis,go-redis/redis}"

STORES: tuple[Pattern, ...] = (
    Store(
        callees=("go.mongodb.org/mongo-driver/mongo.{Connect,NewClient}",),
        technology="mongodb",
        library="mongo-driver",
    ),
    Store(
        callees=("github.com/zeromicro/go-zero/core/stores/mon.{NewModel,MustNewModel}",),
        technology="mongodb",
        library="go-zero",
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
