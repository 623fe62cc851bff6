"""Which databases, caches and buckets a line of code opens."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    (
        "main.py",
        """
        from sqlalchemy import create_engine
        from sqlalchemy.engine import URL
        url = URL.create(drivername="postgresql+psycopg2", host="pgdb", database="orders")
        engine = create_engine(url)
        """,
        {"uses database:pgdb"},
    ),
    (
        "main.py",
        """
        import mysql.connector
        cfg = {"host": "mydb", "user": "u", "database": "x"}
        c = mysql.connector.connect(**cfg)
        """,
        {"uses database:mydb"},
    ),
    (
        "main.py",
        """
        from redis.sentinel import Sentinel
        s = Sentinel([("sent1", 26379)])
        m = s.master_for("mymaster")
        """,
        {"uses cache:sent1"},
    ),
    (
        "main.py",
        """
        from rediscluster import RedisCluster
        r = RedisCluster(host="cache1", port=6379)
        """,
        {"uses cache:cache1"},
    ),
    (
        "main.py",
        """
        from pymemcache.client.base import Client
        c = Client(("mc1", 11211))
        """,
        {"uses cache:mc1"},
    ),
    (
        "main.py",
        """
        from elasticsearch import Elasticsearch
        es = Elasticsearch([{"host": "es1", "port": 9200}])
        """,
        {"uses database:es1"},
    ),
    (
        "main.py",
        """
        from opensearchpy import OpenSearch
        es = OpenSearch(hosts=[{"host": "es1", "port": 9200}])
        """,
        {"uses database:es1"},
    ),
    (
        "main.py",
        """
        from qdrant_client import QdrantClient
        c = QdrantClient(host="qd1", port=6333)
        """,
        {"uses database:qd1"},
    ),
    (
        "main.py",
        """
        import weaviate
        c = weaviate.Client("http://wv1:8080")
        """,
        {"uses database:wv1"},
    ),
    (
        "main.py",
        """
        import chromadb
        c = chromadb.HttpClient(host="chroma1", port=8000)
        """,
        {"uses database:chroma1"},
    ),
    (
        "main.py",
        """
        from pymilvus import connections
        connections.connect(host="milvus1", port="19530")
        """,
        {"uses database:milvus1"},
    ),
    (
        "main.py",
        """
        from google.cloud import bigquery
        c = bigquery.Client()
        """,
        {"uses database:bigquery"},
    ),
    (
        "main.py",
        """
        from azure.cosmos import CosmosClient
        c = CosmosClient("https://acc.documents.azure.com", credential="k")
        """,
        {"uses database:acc.documents.azure.com"},
    ),
    (
        "main.py",
        """
        from aiocache import Cache
        c = Cache(Cache.REDIS, endpoint="cache1", port=6379)
        """,
        {"uses cache:cache1"},
    ),
    (
        "src/main.ts",
        """
        const pgp = require("pg-promise")();
        const db = pgp("postgres://u@pgdb/x");
        """,
        {"uses database:pgdb"},
    ),
    (
        "src/main.ts",
        """
        import { drizzle } from "drizzle-orm/node-postgres";
        export const db = drizzle(process.env.DATABASE_URL!);
        """,
        {"uses database:postgresql"},
    ),
    (
        "src/main.ts",
        """
        import { drizzle } from "drizzle-orm/mysql2";
        export const db = drizzle("mysql://u@mydb/x");
        """,
        {"uses database:mydb"},
    ),
    (
        "src/main.ts",
        """
        import { Module } from "@nestjs/common";
        import { ConfigModule, ConfigService } from "@nestjs/config";
        import { MongooseModule } from "@nestjs/mongoose";
        @Module({ imports: [MongooseModule.forRootAsync({
          imports: [ConfigModule],
          useFactory: (config: ConfigService) => ({ uri: config.get<string>("MONGODB_URI") }),
          inject: [ConfigService],
        })] })
        export class AppModule {}
        """,
        {"uses database:mongodb"},
    ),
    (
        "src/main.ts",
        """
        import { TypeOrmModule } from "@nestjs/typeorm";
        import { ConfigService } from "@nestjs/config";
        import { Module } from "@nestjs/common";
        @Module({ imports: [TypeOrmModule.forRootAsync({
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({ type: "postgres", host: config.get("DB_HOST"), port: 5432 }),
        })] })
        export class AppModule {}
        """,
        {"uses database:postgresql"},
    ),
    (
        "src/main.ts",
        """
        import { SequelizeModule } from "@nestjs/sequelize";
        import { Module } from "@nestjs/common";
        @Module({ imports: [SequelizeModule.forRoot({ dialect: "mysql", host: "mydb" })] })
        export class AppModule {}
        """,
        {"uses database:mydb"},
    ),
    (
        "src/main.ts",
        """
        const knex = require("knex")({ client: "pg", connection: { host: "pgdb" } });
        const rows = knex("attachment").where({ id: 1 });
        """,
        {"uses database:pgdb"},
    ),
    (
        "src/main.ts",
        """
        const redis = require("redis");
        const c = redis.createClient(6379, "cache1");
        """,
        {"uses cache:cache1"},
    ),
    (
        "src/main.ts",
        """
        import Redis, { Cluster } from "ioredis";
        const r = new Cluster([{ host: "cache1", port: 7000 }]);
        """,
        {"uses cache:cache1"},
    ),
    (
        "src/main.ts",
        """
        import { CacheModule } from "@nestjs/cache-manager";
        import * as redisStore from "cache-manager-redis-store";
        import { Module } from "@nestjs/common";
        @Module({ imports: [CacheModule.register({ store: redisStore, host: "cache1", port: 6379 })] })
        export class AppModule {}
        """,
        {"uses cache:cache1"},
    ),
    (
        "src/main.ts",
        """
        import { QdrantClient } from "@qdrant/js-client-rest";
        const c = new QdrantClient({ url: "http://qd1:6333" });
        """,
        {"uses database:qd1"},
    ),
    (
        "src/main.ts",
        """
        import { MeiliSearch } from "meilisearch";
        const c = new MeiliSearch({ host: "http://ms1:7700" });
        """,
        {"uses database:ms1"},
    ),
    (
        "src/main.ts",
        """
        import { CosmosClient } from "@azure/cosmos";
        const c = new CosmosClient({ endpoint: "https://acc.documents.azure.com" });
        """,
        {"uses database:acc.documents.azure.com"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "cloud.google.com/go/spanner"
            "context"
        )

        func main() {
            c, _ := spanner.NewClient(context.Background(), "projects/p/instances/i/databases/d")
            _ = c
        }
        """,
        {"uses database:spanner"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/influxdata/influxdb-client-go/v2"
        )

        func main() {
            c := influxdb2.NewClient("http://influx1:8086", "t")
            _ = c
        }
        """,
        {"uses database:influx1"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "entgo.io/ent/dialect/sql"
            "entgo.io/ent/dialect"
        )

        func main() {
            drv, _ := sql.Open(dialect.Postgres, "host=pgdb user=u")
            _ = drv
        }
        """,
        {"uses database:pgdb"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "acme.io/app/ent"
        )

        func main() {
            c, _ := ent.Open("mysql", "u:p@tcp(mydb:3306)/x")
            _ = c
        }
        """,
        {"uses database:mydb"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/couchbase/gocb/v2"
        )

        func main() {
            c, _ := gocb.Connect("couchbase://cb1", gocb.ClusterOptions{})
            _ = c
        }
        """,
        {"uses database:cb1"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/aws/aws-sdk-go/aws/session"
            "github.com/aws/aws-sdk-go/service/s3/s3manager"
        )

        func main() {
            u := s3manager.NewUploader(session.Must(session.NewSession()))
            _ = u
        }
        """,
        {"uses storage:s3"},
    ),
]


@pytest.mark.parametrize(("path", "code", "expected"), CASES)
def test_what_code_opens(
    app_edges: Callable[[dict[str, str]], set[str]], path: str, code: str, expected: set[str]
) -> None:
    assert app_edges({path: dedent(code)}) == expected
