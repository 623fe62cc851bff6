"""Sorting by a number drawn for each row, as calls and texts of mappers say it."""

from __future__ import annotations

import re

from scaleaudit.regex import regex

MAX_LENGTH = 200  # of one key to sort by
# `func.random()`, `fn.Rand()`, `Sequelize.literal("RANDOM()")`, `sql`random()``, `fn("RAND")`; the
# languages' own draw one number before the query is made.
DRAWN = regex(
    r"(?<!math\.)(?<!random\.)\b(?:random|rand|newid)\s*\(\s*\)"
    r"|\bfn\(\s*[\"'`](?:random|rand|newid)[\"'`]\s*[,)]",
    re.IGNORECASE,
)


def drawn(key: str) -> bool:
    """Whether a key to sort by, as written, is drawn by chance on the database."""
    return len(key) <= MAX_LENGTH and DRAWN.search(key) is not None
