"""The words of a query on classes."""

from __future__ import annotations

import re

from scaleaudit.record import Gathering
from scaleaudit.regex import regex

TOKEN = regex(
    r"(?P<text>'(?:[^']|'')*'|\"[^\"]*\")|(?P<value>[:?]\s?\#\{[^{}]*\}|:[A-Za-z_]\w*|\?\d*)"
    r"|(?P<entity>\#\{\#entityName\})|(?P<hole>[$#]?\{[^{}]*\})"
    r"|(?P<name>[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)|(?P<number>\d[\w.]*)"
    r"|(?P<mark><=|>=|<>|!=|\|\||\S)"
)
# Words of the language that are no paths.
KEYWORDS = frozenset(
    ["select", "from", "where", "and", "or", "not", "in", "like", "between", "is", "null", "empty", "member", "of", "exists", "all", "any", "some", "distinct", "as", "inner", "left", "right", "full", "outer", "cross", "join", "fetch", "on", "with", "group", "by", "having", "order", "asc", "desc", "nulls", "first", "last", "union", "intersect", "except", "case", "when", "then", "else", "end", "true", "false", "escape", "new", "object", "set", "update", "delete", "limit", "offset", "current_date", "current_time", "current_timestamp", "treat", "type", "entry", "key", "value", "index", "local", "datetime", "both", "leading", "trailing", "insert", "into", "values", "versioned", "unknown", "lateral", "rows", "row", "only", "year", "month", "day", "hour", "minute", "second"]
)  # fmt: skip
# Of these, those that people name variables by.
VARIABLES = frozenset({"value", "index", "type", "key", "entry", "day", "row", "object", "member"})
# Those that are attributes where no variable stands in front of attributes.
ATTRIBUTES = VARIABLES | {
    "order",
    "month",
    "year",
    "hour",
    "minute",
    "second",
    "datetime",
    "entity",
}


class Token(Gathering):
    kind: str
    text: str

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "name" else self.text


def tokens_of(text: str) -> list[Token]:
    return [
        Token(match.lastgroup or "", re.sub(r"\s+", "", match[0]) if match["name"] else match[0])
        for match in TOKEN.finditer(text)
    ]


def without_collections(tokens: list[Token]) -> bool:
    """`x member of o.tags`, `o.items is not empty`: no column is compared; whether there was one."""
    found = False
    always = [Token("number", "1"), Token("mark", "="), Token("number", "1")]
    at = 1
    while at < len(tokens):
        start, end = at, at + 1
        if tokens[at].word == "member" and tokens[at - 1].kind in ("value", "name", "text"):
            start -= 2 if tokens[at - 1].word == "not" else 1
            end += 2 if at + 1 < len(tokens) and tokens[at + 1].word == "of" else 1
        elif tokens[at].word == "empty" and tokens[at - 1].word in ("is", "not"):
            start -= 3 if tokens[at - 1].word == "not" else 2
        elif tokens[at].word in ("elements", "indices") and tokens[at - 1].word == "in":
            start -= 3 if tokens[at - 2].word == "not" else 2
            end = next((n + 1 for n in range(at, len(tokens)) if tokens[n].text == ")"), end)
        if end > at + 1 or start < at:
            tokens[max(0, start) : end] = always
            found = True
        at += 1
    return found
