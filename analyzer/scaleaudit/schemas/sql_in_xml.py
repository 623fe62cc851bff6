"""Statements that programs keep in XML: properties, beans, definitions of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape

from scaleaudit.facts import FileFacts
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import looks_like_sql, read_query

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound

MAX_STATEMENTS = 2_000  # of one file
MAX_STATEMENT = 20_000  # characters
# Files with readers of their own, or of tools that build.
OTHERS = regex(
    r"<(?:\w+:)?(?:databaseChangeLog|mapper|project|hibernate-mapping|resources|svg|html|dataset)\b"
)
START = regex(
    r">\s*(?:<!\[CDATA\[)?\s*(?=(?:select|insert\s+into|update|delete\s+from|with)\s)", 2
)  # without regard to case
NAMED = regex(
    r"<[\w:.-]{1,80}\s[^<>]{0,300}?\b(?:key|name|id)\s*=\s*[\"']([^\"'<>]{1,200})[\"'][^<>]{0,300}$"
)
HOLE = regex(r"\$P!?\{[^{}]{0,200}\}|\$\{[^{}]{0,200}\}|#\{[^{}]{0,200}\}")


def extract(content: bytes) -> FileFacts:
    """The scope of a query is the key or name of its element."""
    text = content.decode("utf-8", "replace")
    lines = text.count("\n") + 1
    if OTHERS.search(text[:4_000]) is not None:
        return FileFacts(lines=lines)
    return FileFacts(tuple(_queries(text)), lines=lines)


def _queries(text: str) -> Iterator[QueryFound]:
    for told, match in enumerate(START.finditer(text)):
        if told >= MAX_STATEMENTS:
            return
        statement = _statement(text, match.end())
        if not looks_like_sql(statement):
            continue
        query = read_query(
            statement,
            Span(text.count("\n", 0, match.end()) + 1),
            scope=_name(text, match.start()),
            partial="{}" in statement,
        )
        if query is not None:
            yield query


def _statement(text: str, start: int) -> str:
    """Up to the end of the element; what stands in braces is a value put in later, or a part."""
    in_data = text[:start].rstrip().endswith("<![CDATA[")
    end = text.find("]]>" if in_data else "</", start, start + MAX_STATEMENT)
    if end < 0:
        return ""
    inner = text[start:end]
    return HOLE.sub(_value, inner if in_data else unescape(inner)).strip()


def _value(match: re.Match[str]) -> str:
    return "?" if match[0].startswith(("#", "$P{")) else "{}"


def _name(text: str, end: int) -> str:
    """The key in the opening tag that ends here."""
    start = text.rfind("<", max(0, end - 600), end)
    match = NAMED.match(text[start:end]) if start >= 0 else None
    return match[1] if match is not None else ""
