"""SQLAlchemy with what is built on it (Flask-SQLAlchemy, SQLModel), and Alembic.

What reads them is imported for the first file that has to do with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.python.sqlalchemy.signs import (
    concerned,
    is_migration,
    narrows,
    searched,
)
from scaleaudit.languages.python.sqlalchemy.starts import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader


def mapped(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """Models and queries of a file, or the steps of the migration that it is."""
    if is_migration(reader):
        from scaleaudit.languages.python.sqlalchemy.migrations import migration

        reader.schema_told = True
        yield from written_with("alembic", migration(reader))
        return
    if concerned(reader):
        from scaleaudit.languages.python.sqlalchemy.models import models

        yield from models(reader, classes)
    named = spoken(reader)
    if named or searched(reader):
        from scaleaudit.languages.python.sqlalchemy.queries import queries
        from scaleaudit.languages.python.sqlalchemy.repositories import beginnings
        from scaleaudit.languages.python.sqlalchemy.visits import visits

        yield from queries(reader)
        yield from visits(reader)
        yield from beginnings(reader)
    if named or narrows(reader):
        from scaleaudit.languages.python.sqlalchemy.narrowing import narrowings
        from scaleaudit.languages.python.sqlalchemy.queries import FRAMEWORK

        yield from narrowings(reader, FRAMEWORK)
