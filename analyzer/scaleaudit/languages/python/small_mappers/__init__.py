"""peewee and Tortoise: mappers whose models are asked themselves, `Order.select()`, `Order.filter()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.python.small_mappers import peewee
from scaleaudit.languages.python.small_mappers.inserts import inserts
from scaleaudit.languages.python.small_mappers.migrations import index_steps
from scaleaudit.languages.python.small_mappers.models import models
from scaleaudit.languages.python.small_mappers.queries import may_be_peewee, queries
from scaleaudit.languages.python.sqlalchemy.narrowing import narrowings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader


def asked_models(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """Models, queries and steps of migrations of a file; nothing where neither is spoken."""
    yield from models(reader, classes)
    yield from written_with("peewee-migrations", index_steps(reader))
    yield from inserts(reader)
    yield from queries(reader)
    if may_be_peewee(reader):
        yield from narrowings(reader, "peewee", peewee.take)
