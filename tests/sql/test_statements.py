"""Scripts are cut where their statements end, whatever stands between quotes."""

from __future__ import annotations

import pytest

from scaleaudit.sql import Statement, statements


def cut(script: str, dialect: str = "") -> list[str]:
    return [statement.text for statement in statements(script, dialect)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a; b;", ["a", "b"]),
        ("a;;\n;b", ["a", "b"]),
        ("a 'x;y'; b", ["a 'x;y'", "b"]),
        ("a 'it''s;'; b", ["a 'it''s;'", "b"]),
        ('a "x;y"; b', ['a "x;y"', "b"]),
        ("a `x;y`; b", ["a `x;y`", "b"]),
        ("a -- x;y\n; b", ["a -- x;y", "b"]),
        ("a /* x;y */; b", ["a /* x;y */", "b"]),
        ("a $$ x;y $$; b", ["a $$ x;y $$", "b"]),
        ("a $f$ x;$$;y $f$; b", ["a $f$ x;$$;y $f$", "b"]),
        (
            "CREATE FUNCTION f() AS $$ BEGIN x; END; $$ LANGUAGE plpgsql; b; c",
            ["CREATE FUNCTION f() AS $$ BEGIN x; END; $$ LANGUAGE plpgsql", "b", "c"],
        ),
        ("CREATE PROCEDURE f() BEGIN x; y; END; b", ["CREATE PROCEDURE f() BEGIN x; y; END", "b"]),
        ("a E'x\\';y'; b", ["a E'x\\';y'", "b"]),
        ("a 'never closed; b", ["a 'never closed; b"]),
        ("a\nGO\nb\ngo\n", ["a", "b"]),
        ("\\connect x\na; b", ["a", "b"]),
    ],
)
def test_cut(script: str, expected: list[str]) -> None:
    assert cut(script) == expected


def test_backslashes_escape_in_mysql_alone() -> None:
    script = r"a 'x\'; b; c'; d"
    assert cut(script, "mysql") == [r"a 'x\'; b; c'", "d"]
    assert cut(script) == [r"a 'x\'", "b", "c'; d"]


def test_data_of_copy_is_left_out() -> None:
    assert cut("COPY t (a) FROM stdin;\n1;2\n'x\n\\.\n\nb;") == ["COPY t (a) FROM stdin", "b"]


@pytest.mark.parametrize(
    "before",
    [
        "--\n-- Data for Name: t; Type: TABLE DATA; Schema: public\n--\n\n",
        "/* the rows; there are few */\n",
        "-- " + "so long a note " * 3_000 + "\n",
    ],
)
def test_data_of_copy_behind_comments_is_left_out(before: str) -> None:
    script = f"a;\n{before}COPY t (a) FROM stdin;\n1\tit's; odd\n\\.\n\nb;"
    assert cut(script) == ["a", f"{before}COPY t (a) FROM stdin", "b"]


def test_bodies_of_routines_behind_comments_stay_whole() -> None:
    body = "-- counts; keeps\nCREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE u SET a = 1; b; END"
    assert cut(f"{body}; c") == [body, "c"]


def test_bodies_of_routines_stay_whole() -> None:
    body = "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE u SET a = 1; DELETE FROM v; END"
    assert cut(f"{body}; b") == [body, "b"]


def test_delimiters_of_mysql() -> None:
    script = "a;\nDELIMITER //\nCREATE PROCEDURE p() BEGIN x; y; END//\nDELIMITER ;\nb;"
    assert [text.split()[0] for text in cut(script)][:2] == ["a", "CREATE"]
    assert cut(script)[-1] == "b"
    assert "x; y;" in cut(script)[1]


@pytest.mark.parametrize(
    "script",
    [
        "-- +goose Up\na;\n-- +goose Down\ngone;",
        "-- +migrate Up\na;\n-- +migrate Down\ngone;",
        "-- migrate:up\na;\n-- migrate:down\ngone;",
        "-- Up Migration\na;\n\n-- Down Migration\ngone;",
        "--- up migration\na;\n-- - DOWN  migration\ngone;",
        "-- rambler up\na;\n-- rambler down\ngone;",
        "# --- !Ups\na;\n# --- !Downs\ngone;",
        "-- +goose Down\ngone;\n-- +goose Up\na;",
    ],
)
def test_what_undoes_a_migration_is_left_out(script: str) -> None:
    (statement,) = cut(script)
    assert statement.endswith("a")


def test_words_about_a_way_back_are_no_way_back() -> None:
    script = "-- Down migration is not needed here.\nCREATE TABLE a (b int);"
    assert [each.text.splitlines()[-1] for each in statements(script)] == ["CREATE TABLE a (b int)"]


@pytest.mark.parametrize(
    ("engines", "told"),
    [
        ("h2", 0),
        ("h2, oracle", 0),
        ('"h2,hsqldb" runOnChange:true', 0),
        ("h2,postgresql", 1),
        ("!h2", 1),
    ],
)
def test_change_sets_of_rare_engines_are_left_out(engines: str, told: int) -> None:
    script = f"--liquibase formatted sql\n--changeset a:1 dbms:{engines}\nCREATE TABLE a (b int);"
    assert sum("CREATE" in each.text for each in statements(script)) == told


def test_lines_are_those_of_the_script() -> None:
    script = "a;\n\n-- +goose Down\ngone;\n-- +goose Up\nb\n;  c;"
    assert [(each.line, each.text.splitlines()[-1]) for each in statements(script)] == [
        (1, "a"),
        (5, "b"),
        (7, "c"),
    ]


def test_a_huge_statement_is_known_by_its_beginning() -> None:
    script = "INSERT INTO t VALUES " + "(1)," * 150_000 + "(2); b"
    first, second = statements(script)
    assert len(first.text) == 1_000
    assert second == Statement("b", 1)
