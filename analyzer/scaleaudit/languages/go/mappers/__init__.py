"""Object mappers of Go: structs that are tables, and chains of calls that are queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.mappers import (
    bun_models,
    bun_queries,
    ent_dump,
    ent_models,
    ent_queries,
    gorm_indexes,
    gorm_models,
    gorm_queries,
    gorm_scopes,
    line_builders,
    pg_models,
    pg_queries,
    pop,
    table_builders,
    xorm_models,
    xorm_queries,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader


def mapped(reader: GoReader) -> Iterator[Fact]:
    """Models and queries of the file."""
    yield from bun_models.models(reader)
    yield from bun_queries.queries(reader)
    yield from ent_dump.tables(reader)
    yield from ent_models.models(reader)
    yield from ent_queries.queries(reader)
    yield from gorm_models.models(reader)
    yield from gorm_indexes.indexes(reader)
    yield from gorm_queries.queries(reader)
    yield from gorm_scopes.narrowings(reader)
    yield from pg_models.models(reader)
    yield from pg_queries.queries(reader)
    yield from pop.models(reader)
    yield from pop.queries(reader)
    yield from xorm_models.models(reader)
    yield from xorm_queries.queries(reader)
    yield from table_builders.queries(reader)
    yield from line_builders.queries(reader)
