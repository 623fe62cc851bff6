"""SQLAlchemy with what is built on it (Flask-SQLAlchemy, SQLModel), and Alembic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.python.sqlalchemy.migrations import is_migration, migration
from scaleaudit.languages.python.sqlalchemy.models import models
from scaleaudit.languages.python.sqlalchemy.narrowing import narrowings, narrows
from scaleaudit.languages.python.sqlalchemy.queries import FRAMEWORK, queries
from scaleaudit.languages.python.sqlalchemy.repositories import beginnings
from scaleaudit.languages.python.sqlalchemy.searches import searched
from scaleaudit.languages.python.sqlalchemy.starts import spoken
from scaleaudit.languages.python.sqlalchemy.visits import visits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader


def mapped(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """Models and queries of a file, or the steps of the migration that it is."""
    if is_migration(reader):
        reader.schema_told = True
        yield from written_with("alembic", migration(reader))
        return
    yield from models(reader, classes)
    named = spoken(reader)
    if named or searched(reader):
        yield from queries(reader)
        yield from visits(reader)
        yield from beginnings(reader)
    if named or narrows(reader):
        yield from narrowings(reader, FRAMEWORK)
