"""TypeORM: entities, repositories, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

# What a file holds that asks something of a repository, a manager or a builder.
ASKS = (
    b"typeorm",
    b"epository",
    b"epositories",
    b"epo.",
    b"epo_.",
    b"QueryBuilder",
    b"ntityManager",
    b".findOneBy",
    b".findBy(",
    b".countBy(",
    b".existsBy(",
)

__all__ = ["found"]


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    content = reader.content
    if b"@mikro-orm/" in content or not reader.says(*ASKS):
        return
    from scaleaudit.languages.javascript.typeorm.entities import entities
    from scaleaudit.languages.javascript.typeorm.entity_schemas import entity_schemas
    from scaleaudit.languages.javascript.typeorm.finds import finds
    from scaleaudit.languages.javascript.typeorm.narrowing import narrowing
    from scaleaudit.languages.javascript.typeorm.query_builder import Builders
    from scaleaudit.languages.javascript.typeorm.receivers import Receivers
    from scaleaudit.languages.javascript.typeorm.repositories import repositories

    yield from entities(reader)
    yield from entity_schemas(reader)
    yield from repositories(reader)
    receivers = Receivers(reader)
    yield from finds(reader, receivers)
    yield from Builders(reader, receivers).queries()
    yield from narrowing(reader)
