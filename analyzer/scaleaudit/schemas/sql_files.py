"""SQL files: definitions of tables, views, and files of named queries."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import RUN_TABLE, FileFacts, QueryFound, TableChanged, ViewDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import (
    after_comments,
    guess_dialect,
    looks_like_sql,
    not_understood,
    read_query,
    read_schema,
    statements,
    view_made,
    without_prefixes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.sql import Statement

MAX_QUERIES = 1_000  # of one file

# sqlc `-- name: GetUser :one`; aiosql `-- name: get-user^`; HugSQL `-- :name get-user :? :1`;
# pgtyped `/* @name GetUser */`; SQL blocks `-- BLOCK get_user`.
_NAMED = regex(
    r"(?:--[ \t]*(?::?name:?|BLOCK)[ \t]+|/\*[ \t\n*]*@name[ \t]+)(?P<name>[\w.-]+)(?P<marks>[^\n*]*)",
    re.IGNORECASE,
)
_ONE_ROW = regex(r":one\b|^[\^$]|^[\w.-]*[\^$]|:1\b")
_PARAMETER = regex(
    r"\$\w+\b|(?<![:\w]):[A-Za-z_]\w*|\?|(?<!@)@[A-Za-z_]\w*|%\(\w+\)s|%s|\bsqlc\.\w+\("
)
# Jinja's and alike: `CREATE INDEX {{if_missing}} a ON b (c) {{tablespace}};`
_WORDS = regex(r"(?<=\s)\{\{[^{}\n]{0,200}\}\}(?=[\s;]|$)")
_LINES = regex(r"\{%[^{}\n]{0,400}%\}")
# What each installation puts before the names of all tables: `{{.prefix}}orders`.
_TABLE_PREFIX = regex(r"(?i)\{\{-?\s*\.?(?:table_?)?prefix\s*-?\}\}(?=[a-z_])")
_RUN = regex(r"INSERT INTO [\w.\"`]*schema_migrations\b")
_VERSION = regex(r"\(\s*'?(\d{8,17})'?\s*[,)]")
_TEXTS = regex(r"'(?:[^']|''){0,5000}+'")
_SQLC = regex(r"\bsqlc\.(?:n?arg|slice)\s*\([^()]*\)")


def extract(content: bytes) -> FileFacts:
    """Facts of a script; views and queries are facts about reading, of library `sql-view`, `sql-file`."""
    text = _decoded(content)
    lines = text.count("\n") + 1
    if text.count("\0") > 8:
        return FileFacts(lines=lines, problem="not a text file")
    dialect = guess_dialect(text)
    plain = without_marks(text)
    facts: list[Fact] = [*read_schema(plain, dialect)]
    problem = not_understood(plain, dialect, {fact.at.line for fact in facts})
    facts.extend(_queries(text, dialect))
    facts.extend(_migrated(text))
    return FileFacts(facts=tuple(facts), lines=lines, problem=problem)


def without_marks(text: str) -> str:
    """The script without what a template language puts in as a word or line of its own, options of
    a statement, and before the names of all tables. What else stands for a part of a name stays.
    """
    text = without_prefixes(text)
    if "{{" not in text and "{%" not in text:
        return text
    return _WORDS.sub(" ", _LINES.sub(" ", _TABLE_PREFIX.sub("", text)))


def _migrated(text: str) -> Iterator[TableChanged]:
    """The newest of the migrations of which a dump of Rails' or Ecto's says that they have run."""
    begin = text.find(RUN_TABLE)
    insert = _RUN.search(text, begin) if begin >= 0 else None
    if insert is not None:
        newest = max(_VERSION.findall(text, insert.start()), key=int, default="")
        if newest:
            at = Span(text.count("\n", 0, insert.start()) + 1)
            yield TableChanged(at, RUN_TABLE, "seed", name=newest)


def _decoded(content: bytes) -> str:
    """UTF-8, or UTF-16 with its mark, which Microsoft's tools write."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(encoding, errors="replace")
    return content.removeprefix(codecs.BOM_UTF8).decode(errors="replace")


def _queries(text: str, dialect: str) -> Iterator[QueryFound | ViewDefined]:
    """Views, named queries, and single statements with parameters; data changes are none."""
    if re.search(r"\b(?:SELECT|UPDATE|DELETE)\b", text, re.IGNORECASE) is None:
        return
    named = _NAMED.search(text) is not None
    count = 0
    for statement in statements(text, dialect):
        view = view_made(statement.text, statement.line, dialect)
        if view is not None:
            query, told = view
            yield from told
        else:
            query = _query(statement, dialect, named=named)
        if query is not None:
            yield query
            count += 1
            if count == MAX_QUERIES:
                return


def _query(statement: Statement, dialect: str, *, named: bool) -> QueryFound | None:
    begin = after_comments(statement.text)
    body = statement.text[begin:]
    if not looks_like_sql(body) or not (named or _PARAMETER.search(_TEXTS.sub("''", body))):
        return None
    label = None
    for label in _NAMED.finditer(statement.text[:begin]):  # noqa: B007
        pass
    if named and label is None:
        return None
    at = Span(statement.line + statement.text.count("\n", 0, begin))
    query = read_query(
        _SQLC.sub("?", body),
        at,
        dialect=dialect,
        scope=label["name"] if label else "",
        library="sql-file",
    )
    if query is None or label is None:
        return query
    one_row = _ONE_ROW.search(label["marks"].strip()) is not None
    return msgspec.structs.replace(query, limited=True) if one_row else query
