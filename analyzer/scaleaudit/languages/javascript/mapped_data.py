"""What a file says of tables through object mappers and query builders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import OrmQuery, written_with
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
from scaleaudit.languages.javascript.generic_searches import generic_searches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    if reader.schema_told:
        return
    yield from as_exported(reader, asked_by_class(reader))
    yield from knex.queries(reader)
    yield from prisma.queries(reader)
    yield from kysely.queries(reader)
    yield from written_with("kysely-migrations", kysely.migrated(reader))
    yield from drizzle.defined_tables(reader)
    yield from drizzle.statements(reader)
    yield from drizzle.found_by_finders(reader)
    yield from mongoose.defined_models(reader)
    yield from mongoose.queries(reader)
    yield from generic_searches(reader)


def asked_by_class(reader: JavaScriptReader) -> Iterator[Fact]:
    yield from typeorm.found(reader)
    yield from mikroorm.found(reader)
    yield from objection.found(reader)
    yield from bookshelf.found(reader)
    yield from sequelize.found(reader)


def as_exported(reader: JavaScriptReader, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Queries on classes by the names that their own files give: `import { Order as Purchase }`."""
    renamed = {**reader.renamed}
    if renamed:
        from scaleaudit.languages.javascript.sequelize.defined import model_name

        for here, there in reader.renamed.items():
            renamed.setdefault(model_name(here), model_name(there))
    for fact in facts:
        if renamed and isinstance(fact, OrmQuery) and fact.model in renamed:
            yield msgspec.structs.replace(fact, model=renamed[fact.model])
        else:
            yield fact
