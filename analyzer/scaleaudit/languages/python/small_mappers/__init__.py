"""peewee and Tortoise: mappers whose models are asked themselves, `Order.select()`, `Order.filter()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.python.small_mappers.starts import (
    MARKS,
    SPOKEN,
    may_be_peewee,
    starts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader


def asked_models(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """Models, queries and steps of migrations of a file; nothing where neither is spoken."""
    content = reader.content
    if reader.says(*SPOKEN):
        from scaleaudit.languages.python.small_mappers.models import models

        yield from models(reader, classes)
    if b"migrator" in content:
        from scaleaudit.languages.python.small_mappers.migrations import index_steps

        yield from written_with("peewee-migrations", index_steps(reader))
    if b".save(" in content:
        from scaleaudit.languages.python.small_mappers.inserts import inserts

        yield from inserts(reader)
    begun, goes_on = starts(reader), may_be_peewee(reader)
    if begun or goes_on or reader.says(*MARKS):
        from scaleaudit.languages.python.small_mappers.queries import queries

        yield from queries(reader, begun)
    if goes_on:
        from scaleaudit.languages.python.small_mappers import peewee
        from scaleaudit.languages.python.sqlalchemy.narrowing import narrowings

        yield from narrowings(reader, "peewee", peewee.take)
