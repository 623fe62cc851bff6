"""Schemas: of databases (SQL, migrations, mappers), and of remote services (their definitions)."""

from scaleaudit.extractor import Extractor

SCHEMAS: tuple[Extractor, ...] = (
    # With the dumps of Laravel.
    Extractor(
        "sql",
        ("*.sql", "*.ddl", "database/schema/*-schema.dump", "*.sql.j2", "*.sql.jinja2", "*.sql.erb", "*.sql.tmpl"),
        "scaleaudit.schemas.sql_files",
    ),
    Extractor(
        "mybatis",
        ("*Mapper.xml", "*Dao.xml", "*DAO.xml", "mapper*/*.xml", "mybatis*/*.xml"),
        "scaleaudit.schemas.mybatis",
        needs=(b"<mapper",),
    ),
    Extractor("fizz", ("*.fizz",), "scaleaudit.schemas.fizz", needs=(b"(",)),
    Extractor(
        "prisma", ("*.prisma",), "scaleaudit.schemas.prisma", needs=(b"datasource", b"model")
    ),
    Extractor("protobuf", ("*.proto",), "scaleaudit.schemas.protobuf", needs=(b"service",)),
    Extractor("thrift", ("*.thrift",), "scaleaudit.schemas.thrift", needs=(b"service",)),
    Extractor(
        "sql-in-xml",
        (
            "setup/*.xml", "conf/*.xml", "sql/*.xml", "queries/*.xml", "*quer*.xml", "*Quer*.xml",
            "*sql*.xml", "*Sql*.xml", "*SQL*.xml", "*statement*.xml", "*.jrxml",
        ),
        "scaleaudit.schemas.sql_in_xml",
        needs=(b"SELECT", b"select", b"UPDATE", b"update", b"DELETE", b"delete"),
    ),
    Extractor(
        "graphql",
        ("*.graphql", "*.graphqls", "*.gql"),
        "scaleaudit.schemas.graphql",
        needs=(b"type", b"@join__graph"),
    ),
)  # fmt: skip
