"""Schema definitions, migrations and mapper files: from SQL to facts about schemas and queries."""

from scaleaudit.extractor import Extractor

SCHEMAS: tuple[Extractor, ...] = (
    Extractor("sql", ("*.sql", "*.ddl"), "scaleaudit.schemas.sql_files"),
    Extractor(
        "mybatis",
        ("*Mapper.xml", "*Dao.xml", "*DAO.xml", "mapper*/*.xml", "mybatis*/*.xml"),
        "scaleaudit.schemas.mybatis",
        needs=(b"<mapper",),
    ),
    Extractor("prisma", ("*.prisma",), "scaleaudit.schemas.prisma", needs=(b"datasource",)),
)
