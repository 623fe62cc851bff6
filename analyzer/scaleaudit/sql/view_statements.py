"""Statements that make a view: the query behind it, and which columns it takes as they are."""

from __future__ import annotations

import re

from scaleaudit.facts import QueryFound, ViewDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql.queries import read_query
from scaleaudit.sql.views import view_columns

VIEW_LIBRARY = "sql-view"
_VIEW = regex(
    r"\s*CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:\w+\s*=\s*\S+\s+|SQL\s+SECURITY\s+\w+\s+|TEMP(?:ORARY)?\s+"
    r"|MATERIALIZED\s+|FORCE\s+|RECURSIVE\s+){0,4}VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w.`\"\[\]]+)"
    r"[^;]{0,2000}?\bAS\s+(?=\(*\s*(?:SELECT|WITH)\b)",
    re.IGNORECASE,
)
_KEPT = regex(r"\bMATERIALIZED\b", re.IGNORECASE)
_NAMES = regex(r"\s*\(([^()]{1,4000})\)")
_COMMENTS = regex(r"(?:\s++|--[^\n]*+(?:\n|$)|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/)*", re.DOTALL)


def after_comments(text: str) -> int:
    found = _COMMENTS.match(text)
    return found.end() if found else 0


def view_made(
    text: str, line: int, dialect: str
) -> tuple[QueryFound | None, tuple[ViewDefined, ...]] | None:
    """What one statement says of a view, None where it makes none; `line`: where it begins.

    A plain view has columns; one that is kept as a table of its own is asked for itself.
    """
    view = _VIEW.match(text, after_comments(text))
    if view is None:
        return None
    name = view["name"].rpartition(".")[2].strip('`"[]').lower()
    at = Span(line + text.count("\n", 0, view.start("name")))
    body = text[view.end() :]
    query = read_query(body, at, dialect=dialect, scope=name, library=VIEW_LIBRARY)
    if query is None or _KEPT.search(view[0]) is not None:
        return query, ()
    names = _NAMES.match(text, view.end("name"))
    columns = view_columns(body, dialect, names[1] if names else "")
    return query, (ViewDefined(query.at, query.scope, columns),)
