"""Bookshelf: models over Knex, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.bookshelf.models import models
from scaleaudit.languages.javascript.bookshelf.queries import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["found"]


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    yield from models(reader)
    yield from queries(reader)
