"""Searches that a base gives to all repositories and models: `orders.get_by(code=code)`.

The base stands in one file, which class is meant in a second, the call in a third; what each says is told
here, and put together in `linking/models/generic_searches.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.generic_searches.calls import calls
from scaleaudit.languages.python.generic_searches.definitions import definitions, repositories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader


def generic_searches(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    defined = list(definitions(reader))
    yield from defined
    yield from repositories(reader, classes, {each.owner for each in defined})
    yield from calls(reader)
