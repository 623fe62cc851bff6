"""Schema definitions and migrations: from SQL files and dumps to schema facts."""

from scaleaudit.extractor import Extractor

SCHEMAS: tuple[Extractor, ...] = (
    Extractor("sql", ("*.sql", "*.ddl"), "scaleaudit.schemas.sql_files"),
    Extractor("prisma", ("*.prisma",), "scaleaudit.schemas.prisma", needs=(b"datasource",)),
)
