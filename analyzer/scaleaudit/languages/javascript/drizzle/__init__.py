"""Drizzle: tables as constants, and queries on them."""

from scaleaudit.languages.javascript.drizzle.finders import finders
from scaleaudit.languages.javascript.drizzle.statements import statements
from scaleaudit.languages.javascript.drizzle.tables import tables

__all__ = ["finders", "statements", "tables"]
