"""Statements of MyBatis, in a mapper file or in an annotation, and what conditions may add to them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause
from scaleaudit.mybatis.parts import HOLE, MAX_CHOICES, choices_of, parts_of, text_with
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import looks_like_sql, read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound

__all__ = ["HOLE", "MAX_STATEMENT", "statements", "statements_of_script"]

MAX_STATEMENT = 20_000  # characters
RANGES = {"<", "<=", ">", ">="}
# An annotation's text that is written as in a mapper file: `@Select("<script>SELECT ...</script>")`.
SCRIPT = regex(r"\s*<script(?:\s[^<>]{0,200})?>")


def statements_of_script(text: str, line: int, scope: str) -> Iterator[QueryFound] | None:
    """Of an annotation's text; None where that is plain SQL."""
    script = SCRIPT.match(text)
    if script is None:
        return None
    return statements(text[script.end() :].partition("</script>")[0], line, scope, apart=True)


def statements(
    body: str, line: int, scope: str, *, apart: bool = False, limited: bool = False
) -> Iterator[QueryFound]:
    """What always stands, and with it each choice about the rows, told where the choice stands.

    `line`: of the first word. `apart`: the body has lines that do not stand there.
    """
    statement = parts_of(body)
    choices = list(islice(choices_of(statement), MAX_CHOICES + 1))
    blank = len(body) - len(body.lstrip())
    base = _read(text_with(statement, frozenset()), line, scope, partial=bool(choices))
    if base is None:
        return
    yield replace(base, limited=base.limited or limited)
    known = asked(base)
    for part, made in choices if len(choices) <= MAX_CHOICES else ():
        place = line if apart else line + body.count("\n", blank, part.at)
        query = _read(text_with(statement, made), place, scope)
        if query is not None and asked(query) - known:
            # How many rows it gives, and in what order, is not what the choice is about.
            filters = tuple(p for p in query.predicates if p.clause is not Clause.SORT)
            # From one day to another: what forms offer for every list.
            between = all(operator in RANGES for _, _, operator in asked(query) - known)
            yield replace(
                query,
                predicates=filters,
                limited=True,
                partial=query.partial or between,
                offered=between and not query.partial,
            )


def _read(statement: str, line: int, scope: str, *, partial: bool = False) -> QueryFound | None:
    if len(statement) > MAX_STATEMENT or not looks_like_sql(statement):
        return None
    return read_query(
        statement,
        Span(line),
        partial=partial or HOLE in statement,
        scope=scope,
        library="mybatis",
    )


def asked(query: QueryFound) -> set[tuple[str, str, str]]:
    return {(p.table, p.column, p.operator) for p in query.predicates if p.clause is Clause.FILTER}
