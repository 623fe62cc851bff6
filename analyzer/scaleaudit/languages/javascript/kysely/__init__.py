"""Kysely, which names tables and columns as the database does: statements and migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound, TableChanged, TableDefined
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["migrated", "queries"]

STARTS = (b"selectFrom", b"updateTable", b"deleteFrom", b"insertInto", b"replaceInto", b"mergeInto")


def queries(reader: JavaScriptReader) -> Iterator[QueryFound]:
    if reader.says(*STARTS):
        from scaleaudit.languages.javascript.kysely.statements import queries as told

        yield from told(reader)


def migrated(reader: JavaScriptReader) -> Iterator[TableDefined | TableChanged]:
    if reader.says(b"schema", b"sql"):
        from scaleaudit.languages.javascript.kysely.migrations import migrations

        yield from migrations(reader)
