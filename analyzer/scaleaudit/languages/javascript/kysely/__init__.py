"""Queries built with Kysely, which names tables and columns as the database does."""

from scaleaudit.languages.javascript.kysely.statements import queries

__all__ = ["queries"]
