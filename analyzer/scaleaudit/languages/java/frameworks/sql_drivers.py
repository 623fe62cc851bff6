"""Databases of SQL that code of the JVM opens without JDBC's own classes: R2DBC, Flyway."""

from scaleaudit.languages.patterns import Arg, Store


def r2dbc(technology: str, callee: str) -> Store:
    """A driver that is told its host step by step."""
    return Store(
        callees=(callee,),
        technology=technology,
        library="r2dbc",
        address=Arg(-1, ("host",)),
        when=lambda site, _: "host" in site.keywords,
    )


SQL_DRIVERS = (
    Store(callees=("io.r2dbc.spi.ConnectionFactories.get",), technology="", library="r2dbc"),
    Store(
        callees=("org.flywaydb.core.Flyway.configure.*.dataSource",),
        technology="",
        library="flyway",
    ),
    r2dbc("postgresql", "io.r2dbc.postgresql.PostgresqlConnectionConfiguration.builder"),
    r2dbc("mysql", "{io.asyncer,dev.miku}.r2dbc.mysql.MySqlConnectionConfiguration.builder"),
    r2dbc("mariadb", "org.mariadb.r2dbc.MariadbConnectionConfiguration.builder"),
)
