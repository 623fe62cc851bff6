"""Searches that a base class gives to all repositories and services: `this.orders.findWhere({ code })`.

Definitions, the classes that stand for a model, and calls are told apart: they stand in different
files, and are put together in `linking/models/generic_searches.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.generic_searches.naming import KEEPER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Repository, SearchCalled, SearchDefined
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["generic_searches"]

OTHERS = (
    b"mongoose",
    b"describe(",
    b"jest.",
    b"vitest",
)  # another store; what tests ask says nothing


def generic_searches(
    reader: JavaScriptReader,
) -> Iterator[SearchDefined | Repository | SearchCalled]:
    if not reader.says(*KEEPER_NAMES) or reader.says(*OTHERS):
        return
    from scaleaudit.languages.javascript.generic_searches.calls import calls
    from scaleaudit.languages.javascript.generic_searches.definitions import (
        definitions,
        repositories,
    )

    found = list(definitions(reader))
    yield from found
    yield from repositories(reader, {each.owner for each in found})
    yield from calls(reader)
