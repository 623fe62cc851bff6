"""Text of any size and shape: bounded work, no exception, and no more parsing than candidates."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import sqlglot

from scaleaudit.languages import LANGUAGES
from scaleaudit.schemas import sql_files
from scaleaudit.source import Span
from scaleaudit.sql import looks_like_sql, read_query, read_schema, sql_starts, statements
from scaleaudit.sql.queries import understood_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

PYTHON = next(extractor for extractor in LANGUAGES if extractor.kind == "python")
JAVASCRIPT = next(extractor for extractor in LANGUAGES if extractor.kind == "javascript")
LARGE = 1_000_000
SECONDS = 8.0  # generous: a quadratic step over this much text takes minutes


def within(seconds: float, call: Callable[[], object]) -> None:
    begin = time.process_time()
    call()
    assert time.process_time() - begin < seconds


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("SELECT a FROM t WHERE x IN (" + "1," * (LARGE // 2) + "1)", id="list"),
        pytest.param("SELECT a FROM t WHERE " + "(" * 5_000 + "a" + ")" * 5_000, id="parentheses"),
        pytest.param("SELECT a FROM t WHERE " + "(" * LARGE, id="open"),
        pytest.param("SELECT a FROM t WHERE " + "NOT " * 5_000 + "a", id="not"),
        pytest.param("SELECT a FROM t WHERE a = " + "-" * 15_000 + "1", id="minus"),
        pytest.param("SELECT a FROM t WHERE a = " + "- " * 5_000 + "1", id="signs"),
        pytest.param("SELECT a FROM t WHERE " + "a = 1 OR " * 2_000 + "b", id="or"),
        pytest.param("SELECT " + "CASE WHEN a THEN " * 900 + "1 FROM t", id="case"),
        pytest.param("SELECT a FROM t" + " JOIN u ON a = b" * 1_200, id="joins"),
        pytest.param("SELECT a FROM " + "(SELECT a FROM " * 1_000 + "t", id="subqueries"),
        pytest.param("WITH a AS (" * 1_500 + "SELECT 1 FROM t", id="with"),
        pytest.param("SELECT a FROM t" + " UNION SELECT a FROM t" * 900, id="union"),
        pytest.param("SELECT f(" * 2_500 + " FROM t", id="calls"),
        pytest.param("SELECT a FROM t WHERE a " + "[" * 15_000, id="brackets"),
        pytest.param("SELECT a FROM t WHERE a = 1 " + "{} " * 6_000, id="holes"),
        pytest.param("SELECT a FROM t WHERE a = 1 " + "and ({}) " * 2_000 + "x", id="holes-and"),
        pytest.param("SELECT a FROM t WHERE a = " + "${" * 9_000, id="open-holes"),
        pytest.param("SELECT a FROM t WHERE a = " + "'" * 19_001, id="quotes"),
        pytest.param("SELECT a FROM t WHERE a = " + "/*" * 9_000, id="comments"),
        pytest.param("SELECT a FROM t WHERE a = " + "$$ " * 6_000, id="dollars"),
        pytest.param("SELECT a FROM t " + " " * LARGE + "x", id="spaces"),
        pytest.param("/* x */ " * 100_000 + "SELECT a FROM t", id="leading comments"),
        pytest.param("select a a," * 90_000 + " from t", id="columns"),
        pytest.param("update a " * 100_000, id="updates"),
        pytest.param("SELECT \0\ud800 FROM t WHERE \x1b = '\uffff'", id="odd characters"),
    ],
)
def test_statements_of_any_shape(text: str) -> None:
    def call() -> None:
        query = read_query(text, Span(1))
        assert query is None or query.reads[:1] in ((), ("t",), ("u",))

    within(SECONDS, call)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n" * LARGE, id="empty lines"),
        pytest.param(" " * LARGE + ";", id="spaces"),
        pytest.param(";" * LARGE, id="semicolons"),
        pytest.param("GO\n" * (LARGE // 3), id="go"),
        pytest.param("'" * LARGE, id="quotes"),
        pytest.param("-- +goose Down\n-- +goose Up\n" * 5_000, id="downs"),
        pytest.param("CREATE TABLE t (" + "(" * LARGE, id="parentheses"),
        pytest.param("CREATE TABLE t (a int DEFAULT " + "(" * 100_000 + ")" * 100_000, id="deep"),
        pytest.param("CREATE TABLE t (" + "a int, " * 100_000 + "b int)", id="columns"),
        pytest.param("CREATE TABLE t (a int);" * 20_000, id="tables"),
        pytest.param("CREATE INDEX i ON t (" + "(" * 5_000 + "a" + ")" * 5_000 + ")", id="index"),
        pytest.param("CREATE FUNCTION f() BEGIN ;" * 5_000, id="routines"),
        pytest.param("CREATE TRIGGER x BEGIN " + "a;" * 20_000, id="body"),
        pytest.param("DELIMITER //\n" * 50_000, id="delimiters"),
        pytest.param("INSERT INTO t VALUES " + "(1)," * 250_000, id="rows"),
        pytest.param("COPY t FROM stdin;" * 20_000, id="copies"),
        pytest.param("SELECT a FROM t WHERE b = ?;" * 20_000, id="queries"),
        pytest.param("CREATE VIEW v AS SELECT a FROM t;" * 20_000, id="views"),
        pytest.param("/*" * (LARGE // 2), id="comments"),
        pytest.param("-- a\n" * 200_000 + "b;", id="lines of comments"),
        pytest.param(
            "-- a\n" * 50_000 + "CREATE TRIGGER x BEGIN " + "a;" * 20_000, id="body behind comments"
        ),
        pytest.param("$a$ $b$ " * 100_000, id="dollars"),
    ],
)
def test_scripts_of_any_shape(text: str) -> None:
    within(SECONDS, lambda: list(statements(text)))
    within(2 * SECONDS, lambda: sql_files.extract(text.encode()))


@pytest.mark.parametrize("word", [b"select ", b"SELECT a,", b"update x ", b"with a as ", b"from "])
def test_source_files_of_any_shape(word: bytes) -> None:
    within(SECONDS, lambda: list(sql_starts(word * (LARGE // len(word)))))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"\xff\xfe",
        b"\xff\xfeC\0R\0",
        b"\xef\xbb\xbfCREATE TABLE t (a int)",
        b"\x80" * 99,
    ],
)
def test_bytes_that_are_no_text(content: bytes) -> None:
    facts = sql_files.extract(content)
    assert facts.lines >= 1


def test_a_deep_but_allowed_statement_is_understood() -> None:
    text = "SELECT a FROM t WHERE " + "(" * 20 + "a = 1" + ")" * 20
    query = read_query(text, Span(1))
    assert query is not None
    assert [p.column for p in query.predicates] == ["a"]


def test_long_chains_are_understood() -> None:
    text = "SELECT a FROM t WHERE " + " OR ".join(f"c{n} = {n}" for n in range(150))
    query = read_query(text, Span(1))
    assert query is not None
    assert len(query.predicates) == 150


def test_what_is_too_deep_still_names_its_tables() -> None:
    query = read_query("SELECT a FROM t WHERE " + "(" * 5_000 + "a", Span(1))
    assert query is not None
    assert (query.reads, query.partial) == (("t",), True)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that reach sqlglot."""
    understood_of.cache_clear()
    texts: list[str] = []
    original = sqlglot.parse

    def counting(text: str, **options: object) -> list[exp.Expr | None]:
        texts.append(text)
        return original(text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlglot, "parse", counting)
    return texts


SOURCE = b'''
A = "SELECT id FROM users WHERE email = %s"
B = "SELECT id FROM orders WHERE note = %s AND id IN (SELECT order_id FROM lines WHERE a = 1)"
C = "INSERT INTO users (email) VALUES (%s)"
D = "select one of the items from the list"
E = "Update your profile and set a password"
F = "CREATE TABLE users (id int)"
G = "Delete from cart"
H = "SELECT 1"
I = """
  SELECT a FROM (SELECT b FROM t WHERE c = 1) x
  UNION SELECT d FROM u
"""
'''


def test_only_candidates_are_parsed_and_each_once(parsed: list[str]) -> None:
    facts = PYTHON.extract(SOURCE)
    candidates = 4
    assert len(parsed) <= candidates
    assert len(set(parsed)) == len(parsed)
    assert sum(type(fact).__name__ == "QueryFound" for fact in facts.facts) == candidates


def test_a_text_that_many_files_hold_is_parsed_once(parsed: list[str]) -> None:
    for _ in range(3):
        PYTHON.extract(SOURCE)
    assert len(parsed) == len(set(parsed))


def test_a_text_is_parsed_in_as_many_dialects_as_its_marks_need(parsed: list[str]) -> None:
    for text in (
        "SELECT `a` FROM `t` WHERE `b` = ?",
        "SELECT a FROM t WHERE b = $1::int",
        "SELECT TOP 5 a FROM [dbo].[t]",
        "SELECT a FROM t WHERE b = :b",
    ):
        assert read_query(text, Span(1)) is not None
    assert len(parsed) == 4


def test_definitions_and_prose_never_reach_the_parser(parsed: list[str]) -> None:
    read_schema("CREATE TABLE t (a int); ALTER TABLE t ADD b int; INSERT INTO t VALUES (1);")
    sql_files.extract(b"CREATE TABLE t (a int); UPDATE t SET a = 1; SELECT a FROM t;")
    read_query("select the best of all from the list", Span(1))
    JAVASCRIPT.extract(b"import { select } from 'd3'; const t = 'Select a file from the list';")
    assert not looks_like_sql("select the best of all from the list")
    assert parsed == []
