"""What a file says of tables through object mappers and query builders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.javascript import (
    bookshelf,
    drizzle,
    knex,
    kysely,
    mikroorm,
    mongoose,
    objection,
    prisma,
    sequelize,
    typeorm,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    if reader.schema_told:
        return
    yield from typeorm.found(reader)
    yield from mikroorm.found(reader)
    yield from objection.found(reader)
    yield from bookshelf.found(reader)
    yield from sequelize.found(reader)
    yield from knex.queries(reader)
    yield from prisma.queries(reader)
    yield from kysely.queries(reader)
    yield from written_with("kysely-migrations", kysely.migrations(reader))
    yield from drizzle.tables(reader)
    yield from drizzle.statements(reader)
    yield from drizzle.finders(reader)
    yield from mongoose.models(reader)
    yield from mongoose.queries(reader)
