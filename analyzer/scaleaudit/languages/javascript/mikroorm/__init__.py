"""MikroORM: entities, and what its entity manager and repositories are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["found"]


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    if b"medusa" in reader.content:
        from scaleaudit.languages.javascript.mikroorm.medusa import data_models

        yield from data_models(reader)
    if b"@mikro-orm/" in reader.content:
        from scaleaudit.languages.javascript.mikroorm.entities import entities
        from scaleaudit.languages.javascript.mikroorm.finds import finds

        yield from entities(reader)
        yield from finds(reader)
