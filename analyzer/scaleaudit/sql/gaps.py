"""Definitions of which the host language puts a part in at run time."""

from __future__ import annotations

import re

from scaleaudit.regex import regex

# Where IF [NOT] EXISTS may stand, and nothing else: `CREATE INDEX ${ifNotExists} orders_idx ON ...`.
_EXISTENCE = (
    r"(\b(?:create\s+(?:unique\s+)?index(?:\s+concurrently)?|create\s+table|drop\s+(?:table|index)"
    r"|(?:add|drop)\s+column)\s+)%s\s+(?=[\w\"`\[])"
)
_AT_BRACES = regex(_EXISTENCE % re.escape("{}"), re.IGNORECASE)
_AT_NULL = regex(_EXISTENCE % "\0", re.IGNORECASE)


def without_existence(text: str) -> str:
    """The text without holes (`{}`, or a NUL) that can only be a test whether the thing is there."""
    return _AT_NULL.sub(r"\1", _AT_BRACES.sub(r"\1", text))


# `${table.prefix}orders`, `${schema}.orders`: what Liquibase and Flyway put before names of tables.
_PREFIX = regex(r"(?<![\w$}])\$\{[\w.-]{1,80}\}\.?(?=[A-Za-z])")


def without_prefixes(text: str) -> str:
    """The text without properties that begin a name; classes and queries know the name alone."""
    return _PREFIX.sub("", text) if "${" in text else text
