"""Relational databases that Go code opens: by the driver's name, by drivers of their own, by mappers."""

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


DATABASES: tuple[Pattern, ...] = (
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
)
