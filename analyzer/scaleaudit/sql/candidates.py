"""Cheap tests that keep everything which is not SQL away from the parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Words of a source file with which a statement may start.
_START = regex(
    rb"\b(?:"
    rb"(?P<select>SELECT)(?=[\s\"'(*`\\])"
    rb"|(?P<update>UPDATE)(?=\s)"
    rb"|(?:INSERT|REPLACE)\s+(?:[A-Z]+\s+){0,3}?INTO\s"
    rb"|DELETE\s+(?:[\w.`\"]+\s+)?FROM\s"
    rb"|MERGE\s+INTO\s"
    rb"|WITH\s+(?:RECURSIVE\s+)?[\w\"`]+\s*(?:\([^()]{0,500}\)\s*)?AS\s+(?:(?:NOT\s+)?MATERIALIZED\s*)?\("
    rb")",
    re.IGNORECASE,
)
# The words it begins with: a search for plain bytes is several times faster than it.
_WORDS = (b"select", b"insert", b"replace", b"update", b"delete", b"merge", b"with")
# What has to follow them, and within how many bytes: longer lists of columns are rare.
_NEEDED = {
    "select": (regex(rb"\bFROM\b", re.IGNORECASE), 2_000),
    "update": (regex(rb"\bSET\b", re.IGNORECASE), 400),
}


def sql_starts(content: bytes, written: bytes | None = None) -> Iterator[int]:
    """Where in a source file statements may start; the time is linear in its length.

    `written`: every word of it once, in small letters, where somebody knows them.
    """
    following = dict.fromkeys(_NEEDED, -1)  # the place of the next such word
    for at in _word_starts(content, _WORDS, written):
        match = _START.match(content, at)
        if match is None:
            continue
        kind = match.lastgroup
        if kind is not None:
            word, reach = _NEEDED[kind]
            if following[kind] < match.end():
                found = word.search(content, match.end())
                following[kind] = found.start() if found else len(content) + reach
            if following[kind] - match.end() > reach:
                continue
        yield at


def _word_starts(content: bytes, words: Iterable[bytes], written: bytes | None) -> list[int]:
    if written is not None:
        words = [word for word in words if word in written]
        if not words:
            return []
    lowered = content.lower()
    found: list[int] = []
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            found.append(at)
            at = lowered.find(word, at + len(word))
    return sorted(found)


_SCHEMA_START = regex(rb"\b(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s|ALTER\s+TABLE\s)", re.IGNORECASE)
_SCHEMA_WORDS = (b"create", b"alter")


def schema_starts(content: bytes, written: bytes | None = None) -> Iterator[int]:
    """Where in a source file statements may start that add to a table."""
    for at in _word_starts(content, _SCHEMA_WORDS, written):
        if _SCHEMA_START.match(content, at):
            yield at


LEADING = regex(r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:(?!\*/).){0,4000}\*/|\(|;)*", re.DOTALL)
NAME = r"[\w$#%.:`\"\[\]{}-]{1,200}"
MAX_LOOKED_AT = 8_000  # characters that decide whether a text is SQL
# An article or pronoun where a table or a column should stand: a sentence.
_ARTICLES = "the|your|this|our|these|those|my|his|her|their|its|which|some|every|each"


def _prose(articles: str) -> re.Pattern[str]:
    word = rf"(?:{articles})\b"
    return regex(
        rf"select\s+{word}\s+(?!from\b)\w|select\b[^'\"`()]*?\bfrom\s+{word}\s"
        rf"|update\s+{word}\s+\w+\s+(?!set\s+\S+\s*=)|delete\s+from\s+{word}\s"
        rf"|insert\s+into\s+{word}\s",
        re.IGNORECASE,
    )


PROSE = _prose(f"{_ARTICLES}|an?")
SHOUTED_PROSE = _prose(_ARTICLES)  # `a` is a fine name of a table where keywords are in capitals
FORMS = {
    "select": regex(r"select[\s\"'(*`\[].*?\bfrom[\s\"'(`\[{]", re.IGNORECASE | re.DOTALL),
    "insert": regex(
        rf"insert\s+(?:or\s+\w+\s+|ignore\s+|low_priority\s+|delayed\s+)*into\s+{NAME}(?:\s+as\s+\w+)?\s*"
        r"(?:\(|values|select|set\b|default|with\b|overriding|table\b)",
        re.IGNORECASE,
    ),
    "replace": regex(rf"replace\s+into\s+{NAME}\s*(?:\(|values|select|set\b)", re.IGNORECASE),
    "update": regex(
        r"update\s+(?:only\s+|or\s+\w+\s+|ignore\s+|low_priority\s+)*(?P<head>[^;]{1,4000}?)"
        r"\s+set\s+\(?\s*[\w.`\"\[\]{}$]+\s*(?:=|,|\[)",
        re.IGNORECASE | re.DOTALL,
    ),
    "delete": regex(
        rf"delete\s+(?:top\s*\(\s*\S+\s*\)\s+)?(?:{NAME}\s+)?from\s+(?:only\s+)?{NAME}"
        r"\s*(?P<tail>where\b|using\b|as\b|inner\b|left\b|join\b|returning\b|order\b|limit\b|;|$|\w+\s+(?:where|using|inner|left|join)\b)",
        re.IGNORECASE,
    ),
    "merge": regex(rf"merge\s+into\s+{NAME}.{{0,4000}}?\busing\b", re.IGNORECASE | re.DOTALL),
    "with": regex(
        r"with\s+(?:recursive\s+)?[\w\"`]+\s*(?:\([^()]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s*)?\(",
        re.IGNORECASE,
    ),
}
# What follows the first table when a lower-case SELECT is a statement and no sentence.
TAIL = regex(
    r"\s*(?:as\s+)?(?:(?!(?:where|join|inner|left|right|full|cross|natural|order|group|having|limit|union"
    r"|offset|fetch|for|on|using|window|intersect|except|tablesample|returning)\b)[a-z_]\w{0,2}\b\s*)?"
    r"(?:$|[;,)]|(?:where|join|inner|left\s+(?:outer\s+)?join|right\s+(?:outer\s+)?join|full|cross|natural"
    r"|order\s+by|group\s+by|having|limit|union|offset|fetch|for\s+(?:update|share|system_time)"
    r"|intersect|except)\b|\{)",
    re.IGNORECASE,
)
FIRST_TABLE = regex(r"\bfrom\s+(?P<name>[\w.`\"\[\]]+)", re.IGNORECASE)
TWO_WORDS = regex(r"(?:^|,)\s*(?!distinct\b|all\b|top\b|case\b|not\b)[a-z_]\w*\s+(?!as\b|over\b)[a-z_]\w*\s*(?:,|$)",
                       re.IGNORECASE)  # fmt: skip


def looks_like_sql(text: str) -> bool:
    """False for anything that is surely no statement on tables; English sentences are none."""
    start = LEADING.match(text[:MAX_LOOKED_AT])
    begin = start.end() if start else 0
    word = text[begin : begin + 8].lower()
    key = next((each for each in FORMS if word.startswith(each)), None)
    if key is None:
        return False
    head = " ".join(text[begin : begin + MAX_LOOKED_AT].split())
    if FORMS[key].match(head) is None:
        return False
    keyword = head[: len(key)]
    if keyword.isupper():
        return SHOUTED_PROSE.match(head[:400]) is None
    return PROSE.match(head[:400]) is None and not _is_sentence(head, keyword)


def _is_sentence(text: str, keyword: str) -> bool:
    """Whether a statement whose keywords are not in capitals reads as English."""
    lowered = text.lower()
    if lowered.startswith("delete"):
        # "Delete from cart" is what a button says.
        return keyword.istitle() and not re.search(r"\bwhere\b|;", lowered)
    if not lowered.startswith("select"):
        return False
    table = FIRST_TABLE.search(text)
    if table is None:
        return False  # FROM ( or FROM "quoted": no sentence has that
    columns = text[len("select") : table.start()]
    if TWO_WORDS.search(columns.strip()) and "(" not in columns:
        return True
    return TAIL.match(text, table.end()) is None and "=" not in text[table.end() :]
