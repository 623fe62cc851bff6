"""Relational databases that Python opens, by their drivers and mappers."""

from scaleaudit.languages.patterns import FIRST, NONE, Arg, Store
from scaleaudit.languages.python.conditions import on_disk

HOST = Arg(-1, ("host", "server"))
HOST_FIRST = Arg(0, ("host",))
PORT = Arg(-1, ("port",))
DATABASE = Arg(-1, ("database", "dbname", "db"))
URL = Arg(0, ("url",))

RELATIONAL = (
    Store(
        callees=(
            "psycopg2.connect",
            "psycopg.{connect,Connection.connect,AsyncConnection.connect}",
        ),
        technology="postgresql",
        library="psycopg",
        address=Arg(0, ("dsn", "conninfo")),
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=(
            "psycopg_pool.{ConnectionPool,AsyncConnectionPool}",
            "psycopg2.pool.{SimpleConnectionPool,ThreadedConnectionPool}",
        ),
        technology="postgresql",
        library="psycopg",
        address=Arg(0, ("conninfo", "dsn")),
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=("asyncpg.{connect,create_pool}", "aiopg.{connect,create_pool}"),
        technology="postgresql",
        library="asyncpg",
        address=Arg(0, ("dsn",)),
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=(
            "MySQLdb.{connect,Connection}",
            "pymysql.{connect,Connection}",
            "mysql.connector.connect",
            "aiomysql.{connect,create_pool}",
        ),
        technology="mysql",
        library="mysql",
        address=NONE,
        host=HOST_FIRST,
        port=PORT,
        database=DATABASE,
        default="localhost",
    ),
    Store(callees=("{pymssql,pyodbc}.connect",), technology="sqlserver", library="odbc", host=HOST),
    Store(
        callees=("{oracledb,cx_Oracle}.connect",),
        technology="oracle",
        library="oracledb",
        address=Arg(-1, ("dsn",)),
    ),
    Store(
        callees=("{sqlite3,aiosqlite}.connect",),
        technology="sqlite",
        library="sqlite3",
        address=Arg(0, ("database",)),
        when=on_disk,
    ),
    # The URL tells which database it is.
    Store(
        callees=(
            "sqlalchemy.{create_engine,create_async_engine}",
            "sqlalchemy.engine.create_engine",
            "sqlalchemy.ext.asyncio.create_async_engine",
            "sqlalchemy.future.create_engine",
            "sqlmodel.create_engine",
        ),
        technology="",
        library="sqlalchemy",
        address=URL,
    ),
    Store(callees=("databases.Database",), technology="", library="databases", address=URL),
    Store(callees=("playhouse.db_url.connect",), technology="", library="peewee", address=URL),
    Store(
        callees=("tortoise.Tortoise.init", "tortoise.contrib.fastapi.register_tortoise"),
        technology="",
        library="tortoise",
        address=Arg(-1, ("db_url",)),
    ),
    Store(
        callees=(
            "peewee.PostgresqlDatabase",
            "playhouse.pool.{PooledPostgresqlDatabase,PooledPostgresqlExtDatabase}",
            "playhouse.postgres_ext.PostgresqlExtDatabase",
        ),
        technology="postgresql",
        library="peewee",
        address=NONE,
        host=HOST,
        port=PORT,
        database=FIRST,
    ),
    Store(
        callees=(
            "peewee.MySQLDatabase",
            "playhouse.pool.PooledMySQLDatabase",
            "playhouse.mysql_ext.{MySQLConnectorDatabase,MariaDBConnectorDatabase}",
        ),
        technology="mysql",
        library="peewee",
        address=NONE,
        host=HOST,
        port=PORT,
        database=FIRST,
    ),
    Store(
        callees=(
            "peewee.SqliteDatabase",
            "playhouse.pool.{PooledSqliteDatabase,PooledSqliteExtDatabase}",
            "playhouse.sqlite_ext.{SqliteExtDatabase,CSqliteExtDatabase}",
            "playhouse.sqliteq.SqliteQueueDatabase",
            "playhouse.apsw_ext.APSWDatabase",
        ),
        technology="sqlite",
        library="peewee",
        when=on_disk,
    ),
)
