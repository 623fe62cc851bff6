"""Mapper files of MyBatis: statements in XML, and what conditions may add to them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, FileFacts
from scaleaudit.regex import regex
from scaleaudit.schemas.mybatis_parts import HOLE, MAX_CHOICES, choices_of, parts_of, text_with
from scaleaudit.source import Span
from scaleaudit.sql import looks_like_sql, read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound

MAX_STATEMENTS = 2_000  # of one file
MAX_STATEMENT = 20_000  # characters
MAX_INCLUDED = 3  # fragments inside fragments
MAX_HEAD = 2_000  # characters of an opening tag
STATEMENTS = ("select", "insert", "update", "delete")

_MAPPER = regex(r"<mapper\s[^<>]{0,500}?namespace\s*=\s*[\"']([\w.$]{1,300})[\"']")
_ID = regex(r"\bid\s*=\s*[\"']([^\"']{1,200})[\"']")
_INCLUDE = regex(r"<include\s{1,20}refid\s{0,5}=\s{0,5}[\"']([^\"']{1,200})[\"']\s{0,20}/>")

RANGES = {"<", "<=", ">", ">="}


def extract(content: bytes) -> FileFacts:
    """Queries of library `mybatis`; the scope is the mapper's method: `OrderMapper.byCode`."""
    text = content.decode("utf-8", "replace")
    lines = text.count("\n") + 1
    mapper = _MAPPER.search(text)
    if mapper is None:
        return FileFacts(lines=lines)
    text = without_comments(text)
    name = mapper[1].rpartition(".")[2]
    return FileFacts(tuple(_queries(text, name)), lines=lines)


def _queries(text: str, mapper: str) -> Iterator[QueryFound]:
    fragments = {each: body for each, body, _ in elements(text, "sql")}
    found = sorted((at, name, body) for tag in STATEMENTS for name, body, at in elements(text, tag))
    for at, name, body in found[:MAX_STATEMENTS]:
        yield from _statement(text, at, f"{mapper}.{name}" if name else mapper, body, fragments)


def _statement(
    text: str, at: int, scope: str, body: str, fragments: dict[str, str]
) -> Iterator[QueryFound]:
    """What always stands, and with it each choice about the rows, told where the choice stands."""
    whole = included(body, fragments)
    statement = parts_of(whole)
    choices = list(islice(choices_of(statement), MAX_CHOICES + 1))
    blank = len(body) - len(body.lstrip())
    line = text.count("\n", 0, at + blank) + 1
    base = _read(text_with(statement, frozenset()), line, scope, partial=bool(choices))
    if base is None:
        return
    yield base
    known = asked(base)
    apart = whole.count("\n") != body.count("\n")  # what was included has lines of its own
    for part, made in choices if len(choices) <= MAX_CHOICES else ():
        place = line if apart else line + whole.count("\n", blank, part.at)
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


def included(body: str, fragments: dict[str, str]) -> str:
    """The body with the fragments that it names, and those that they name."""
    whole = body[:MAX_STATEMENT]
    for _ in range(MAX_INCLUDED):
        before = whole
        whole = _INCLUDE.sub(lambda found: fragments.get(found[1].rpartition(".")[2], HOLE), whole)[
            : 2 * MAX_STATEMENT
        ]
        if whole == before:
            break
    return _INCLUDE.sub(HOLE, whole).replace("<![CDATA[", " ").replace("]]>", " ")


def elements(text: str, tag: str) -> Iterator[tuple[str, str, int]]:
    """Id, content and the content's offset of each `<tag>`; they do not nest."""
    at = 0
    for _ in range(MAX_STATEMENTS):
        at = text.find(f"<{tag}", at)
        if at < 0:
            return
        head = text.find(">", at, at + MAX_HEAD)
        begins = text[at + len(tag) + 1 : at + len(tag) + 2].isspace()
        end = text.find(f"</{tag}>", head) if head >= 0 else -1
        if end < 0:
            return
        if begins and text[head - 1] != "/":
            named = _ID.search(text, at, head)
            yield named[1] if named is not None else "", text[head + 1 : end], head + 1
            at = end
        else:
            at = head


def without_comments(text: str) -> str:
    """Comments become blank, line for line, so that places stay."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.extend((text[at:start], re.sub(r"[^\n]", " ", text[start : end + 3])))
        at = end + 3
    return "".join((*parts, text[at:]))
