"""Drizzle: tables as constants, and queries on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.drizzle.statements import statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ModelDefined, OrmQuery
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["defined_tables", "found_by_finders", "statements"]

FINDERS = (b"findMany", b"findFirst")


def defined_tables(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    if b"drizzle-orm" in reader.content:
        from scaleaudit.languages.javascript.drizzle.tables import tables

        yield from tables(reader)


def found_by_finders(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    if b"query" in reader.content and reader.says(*FINDERS):
        from scaleaudit.languages.javascript.drizzle.finders import finders

        yield from finders(reader)
