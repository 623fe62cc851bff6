"""Kysely, which names tables and columns as the database does: statements and migrations."""

from scaleaudit.languages.javascript.kysely.migrations import migrations
from scaleaudit.languages.javascript.kysely.statements import queries

__all__ = ["migrations", "queries"]
