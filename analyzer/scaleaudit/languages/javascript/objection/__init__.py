"""Objection: classes over Knex, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["found"]


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    content = reader.content
    if b"tableName" in content:
        from scaleaudit.languages.javascript.objection.models import models

        yield from models(reader)
    if reader.says(b"QueryBuilder", b"query(", b"elatedQuery"):
        from scaleaudit.languages.javascript.objection.queries import queries

        yield from queries(reader)
