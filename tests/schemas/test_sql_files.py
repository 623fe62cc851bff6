"""Files of SQL: named queries of each tool, views, single statements, and what is none of these."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound, TableChanged, TableDefined
from scaleaudit.schemas import sql_files


def queries(text: str | bytes) -> list[QueryFound]:
    content = text.encode() if isinstance(text, str) else text
    return [fact for fact in sql_files.extract(content).facts if isinstance(fact, QueryFound)]


@pytest.mark.parametrize(
    ("text", "name", "limited"),
    [
        ("-- name: GetUser :one\nSELECT id FROM users WHERE a = $1;", "GetUser", True),
        ("-- name: ListUsers :many\nSELECT id FROM users WHERE a = $1;", "ListUsers", False),
        (
            "-- name: ListUsers :many\nSELECT id FROM users WHERE a = sqlc.arg(b);",
            "ListUsers",
            False,
        ),
        ("-- name: get-user^\nSELECT id FROM users WHERE a = :b;", "get-user", True),
        ("-- :name get-user :? :1\nSELECT id FROM users WHERE a = :b;", "get-user", True),
        ("-- :name all-users :? :*\nSELECT id FROM users WHERE a = :b;", "all-users", False),
        ("/* @name FindUsers */\nSELECT id FROM users WHERE a = :b;", "FindUsers", False),
        ("-- BLOCK select_users\nSELECT id FROM users WHERE a = $b;", "select_users", False),
        ("-- name: plain\n-- more words\nSELECT id FROM users WHERE a = 1;", "plain", False),
    ],
)
def test_named_queries(text: str, name: str, limited: bool) -> None:
    (query,) = queries(text)
    assert (query.scope, query.limited, query.library) == (name, limited, "sql-file")
    assert query.reads == ("users",)
    assert [p.column for p in query.predicates] == ["a"]
    assert query.at.line == text.count("\n") + 1


def test_a_statement_with_parameters_needs_no_name() -> None:
    (query,) = queries("SELECT id FROM users WHERE a = ?;\nSELECT id FROM users;")
    assert query.at.line == 1


def test_data_changes_of_a_script_are_no_queries_of_the_application() -> None:
    script = (
        "CREATE TABLE t (a int); UPDATE t SET a = 1 WHERE a = 2; DELETE FROM t; SELECT a FROM t;"
    )
    assert queries(script) == []


def test_views_are_told_from_queries() -> None:
    (query,) = queries(
        "CREATE OR REPLACE VIEW public.latest AS\nSELECT id FROM users WHERE a = 1 ORDER BY id;"
    )
    assert (query.scope, query.library, query.reads) == ("latest", "sql-view", ("users",))


def test_files_of_microsofts_tools_are_utf_16() -> None:
    text = "-- name: x\nSELECT id FROM users WHERE a = @a;"
    (query,) = queries(b"\xff\xfe" + text.encode("utf-16-le"))
    assert query.reads == ("users",)


def test_a_file_that_is_no_text_says_so() -> None:
    facts = sql_files.extract(b"CREATE TABLE t (a int)" + b"\0" * 20)
    assert facts.facts == ()
    assert facts.problem == "not a text file"


def test_what_stands_in_a_text_is_no_parameter() -> None:
    assert queries("INSERT INTO rules (id, name) VALUES (1, '$t(null_check) ? :a');") == []
    assert queries("SELECT 1 FROM rules WHERE name = ':name';") == []
    assert queries("SELECT 1 FROM rules WHERE name = :name;") != []


def test_words_that_a_template_puts_in() -> None:
    script = (
        "{% if config.wide %}\nCREATE TABLE words (id INT, word TEXT) {{tablespace.data}};\n{% endif %}\n"
        "CREATE INDEX {{sql.if_missing}} words_id\n  ON words USING BTREE (id) {{tablespace.index}};\n"
        "CREATE INDEX a ON {{schema}}_words (word);\n"
    )
    facts = sql_files.extract(script.encode()).facts
    assert [(f.table, f.action) for f in facts if isinstance(f, TableChanged)] == [
        ("words", "add-index")
    ]
    assert [f.table for f in facts if isinstance(f, TableDefined)] == ["words"]


def test_a_template_of_the_names_of_all_tables() -> None:
    script = (
        "CREATE TABLE IF NOT EXISTS {{.prefix}}orders (id INT, code TEXT) {{if .mysql}}CHARACTER SET utf8{{end}};\n"
        "CREATE INDEX {{ .TablePrefix }}by_code ON {{ .TablePrefix }}orders (code);\n"
    )
    facts = sql_files.extract(script.encode()).facts
    assert [f.table for f in facts if isinstance(f, TableDefined)] == ["orders"]
    changed = [f for f in facts if isinstance(f, TableChanged)]
    assert [(f.table, f.index.columns) for f in changed if f.index] == [("orders", ("code",))]


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (
            "CREATE TABLE {{ table }} (id int);",
            "a definition that is not understood: line 1",
        ),
        (
            "SELECT 1;\n-- x\nCREATE INDEX a ON ${t} ((b));",
            "a definition that is not understood: line 3",
        ),
        ("PUT word INTO bag;\nTELL me;", "statements of a language that is not known: line 1"),
        ("{{ config(materialized='table') }}\nSELECT * FROM {{ ref('a') }}", ""),
        ("CREATE TABLE a PARTITION OF b FOR VALUES IN (1);", ""),
        ("CREATE TABLE a AS (SELECT 1);\nGO\nEXEC sp_help;\n/\n", ""),
        ("CREATE FUNCTION a() RETURNS int AS $$ x := 1; $$ LANGUAGE plpgsql;", ""),
        (
            "# nothing\nSET NAMES utf8;\nLOCK TABLES a WRITE;\n/*!40000 ALTER TABLE a DISABLE KEYS */;",
            "",
        ),
    ],
)
def test_what_is_not_understood_is_said(script: str, problem: str) -> None:
    found = sql_files.extract(script.encode()).problem
    assert found.startswith(problem)
    assert bool(found) is bool(problem)


def test_change_sets_of_rare_engines_are_left_out() -> None:
    script = (
        "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE t (a int, b int);\n"
        "--changeset a:2 dbms:oracle,h2 context:x\nCREATE INDEX i ON t (a);\n"
        "--changeset a:3 dbms:postgresql,h2\nCREATE INDEX j ON t (b);\n"
    )
    found = [f for f in sql_files.extract(script.encode()).facts if isinstance(f, TableChanged)]
    assert [(f.index.columns, f.at.line) for f in found if f.index is not None] == [(("b",), 7)]
