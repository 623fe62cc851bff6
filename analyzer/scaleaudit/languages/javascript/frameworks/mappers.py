"""Query builders and object mappers of JavaScript, which reach several databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import Arg, Pattern, Store
from scaleaudit.values import Join, Literal, Setting

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

HOST = Arg(-1, ("host", "hostname", "server"))
PORT = Arg(-1, ("port",))
DATABASE = Arg(-1, ("database",))


def made_of_address(site: CallSite, reader: Reader) -> bool:
    """`drizzle(process.env.DATABASE_URL)`; a client that is handed in tells its own."""
    node = site.argument(0)
    given = reader.value(node) if node is not None else None
    return isinstance(given, Literal | Setting | Join) or "connection" in site.keywords


MAPPERS: tuple[Pattern, ...] = (
    Store(
        callees=("{knex,knex.knex,knex.default}",),
        technology="",
        technology_arg=Arg(-1, ("client", "dialect")),
        library="knex",
        address=Arg(0, ("connection.connectionString", "connection.filename", "connection")),
        host=Arg(-1, ("connection.host",)),
        port=Arg(-1, ("connection.port",)),
        database=Arg(-1, ("connection.database",)),
    ),
    Store(
        callees=(
            "{sequelize,sequelize.Sequelize,sequelize-typescript.Sequelize}",
            "@nestjs/sequelize.SequelizeModule.{forRoot,forRootAsync}",
        ),
        technology="",
        technology_arg=Arg(-1, ("dialect",)),
        library="sequelize",
        address=Arg(0, ("storage",)),
        host=HOST,
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=(
            "typeorm.{DataSource,createConnection}",
            "@nestjs/typeorm.TypeOrmModule.{forRoot,forRootAsync}",
        ),
        technology="",
        technology_arg=Arg(-1, ("type",)),
        library="typeorm",
        address=Arg(-1, ("url", "replication.master.url")),
        host=Arg(-1, ("host", "replication.master.host")),
        port=PORT,
        database=DATABASE,
    ),
    Store(
        callees=(
            "@mikro-orm/{core,postgresql}.{MikroORM.init,defineConfig}",
            "@mikro-orm/nestjs.MikroOrmModule.{forRoot,forRootAsync}",
        ),
        technology="",
        technology_arg=Arg(-1, ("type",)),
        library="mikro-orm",
        address=Arg(-1, ("clientUrl",)),
        host=HOST,
        port=PORT,
        database=Arg(-1, ("dbName",)),
    ),
    # A client generated from a Prisma schema: the address stands there unless it is given here.
    # The schema that `prisma init` writes reads it from this variable.
    Store(
        callees=("@prisma/client.PrismaClient",),
        technology="",
        library="prisma",
        address=Arg(-1, ("datasourceUrl", "datasources.db.url")),
        default_setting="DATABASE_URL",
        options=0,
    ),
    Store(
        callees=(
            "drizzle-orm/{node-postgres,postgres-js,neon-http,neon-serverless,vercel-postgres}.drizzle",
        ),
        technology="postgresql",
        library="drizzle-orm",
        address=Arg(0, ("connection.connectionString", "connection.url", "connection")),
        host=Arg(-1, ("connection.host",)),
        when=made_of_address,
    ),
    Store(
        callees=("drizzle-orm/{mysql2,planetscale-serverless}.drizzle",),
        technology="mysql",
        library="drizzle-orm",
        address=Arg(0, ("connection.uri", "connection.url", "connection")),
        host=Arg(-1, ("connection.host",)),
        when=made_of_address,
    ),
)
