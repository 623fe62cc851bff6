"""Statements of a migration that write every row of a table."""

from __future__ import annotations

import re

from scaleaudit.regex import regex

MAX_STATEMENT = 20_000  # characters

_UPDATE = regex(
    r"UPDATE\s+(?:ONLY\s+)?(?:[\w`\"\[\]]+\.)?[`\"\[]?(?P<table>\w+)[`\"\]]?"
    r"(?:\s+(?:AS\s+)?(?!SET\b)\w+)?\s+SET\s",
    re.IGNORECASE,
)
# Rows that another table picks may be few.
_JOINED = regex(r"(?<!\bDISTINCT\s)\bFROM\b", re.IGNORECASE)
_WHERE = regex(r"\bWHERE\b", re.IGNORECASE)
# A value, a list or a bound picks some of the rows.
_PICKS = regex(
    r"[?$:@%'{<>]|(?<!\w)\d|\b(?:LIMIT|IN|BETWEEN|LIKE|ILIKE|EXISTS|TRUE|FALSE)\b", re.IGNORECASE
)
_NOTES = regex(r"--[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/")


def fills_whole_table(text: str, start: int) -> str:
    """The table that an UPDATE without a condition on values writes to, else ""."""
    if len(text) > MAX_STATEMENT:
        return ""
    match = _UPDATE.match(text, start)
    if match is None:
        return ""
    rest = _NOTES.sub(" ", text[match.end() :])
    wheres = list(_WHERE.finditer(rest))
    if wheres and _PICKS.search(rest, wheres[-1].end()):
        return ""
    if wheres and _JOINED.search(rest, 0, wheres[-1].start()):
        return ""
    if not wheres and re.search(r"\bLIMIT\b", rest, re.IGNORECASE):
        return ""
    return match["table"].lower()
