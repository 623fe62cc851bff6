"""What a file says of tables through object mappers and query builders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import knex, mikroorm, objection, sequelize, typeorm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    if reader.migrates:
        return
    yield from typeorm.found(reader)
    yield from mikroorm.found(reader)
    yield from objection.found(reader)
    yield from sequelize.found(reader)
    yield from knex.queries(reader)
