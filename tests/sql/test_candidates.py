"""What is kept away from the parser: prose, code, and words that only look like a statement."""

from __future__ import annotations

import pytest

from scaleaudit.sql import looks_like_sql, sql_starts


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM users",
        "select id from users",
        "  \n select u.id, name from users u where 1 = 1",
        "select * from users limit 5",
        "Select Id From Users Where Id = 1",
        "(SELECT a FROM t) UNION (SELECT b FROM u)",
        "/* who */ SELECT 1 FROM t",
        "-- who\nSELECT 1 FROM t",
        "SELECT(id)FROM(users)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "with recursive a(n) as (select 1) select * from a",
        "INSERT INTO users (a) VALUES (1)",
        "insert or ignore into users values (1)",
        "REPLACE INTO users SET a = 1",
        "UPDATE users SET a = 1",
        "update users as u set a = 1 where b = 2",
        "UPDATE users u JOIN teams t ON t.id = u.team_id SET u.a = 1",
        "DELETE FROM users",
        "delete from users where id = ?",
        "DELETE u FROM users u JOIN teams t ON t.id = u.team_id",
        "MERGE INTO users u USING incoming i ON u.a = i.a WHEN MATCHED THEN DELETE",
    ],
)
def test_statements(text: str) -> None:
    assert looks_like_sql(text)
    assert list(sql_starts(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "select",
        "Select a file from your computer",
        "select the best option from the list",
        "Select one or more items from the menu below",
        "selected rows from users",
        "Update your profile and set a password",
        "update the settings",
        "Updated users set",
        "Delete from cart",
        "delete from the list of favourites",
        "Insert into the field",
        "insert coin into slot",
        "With great power",
        "Merge into main",
        "Replace into",
        "from users select id",
        "CREATE TABLE t (id int)",
        "selectFrom(users)",
        "import { select } from 'd3-selection'",
    ],
)
def test_prose_and_code(text: str) -> None:
    assert not looks_like_sql(text)


def test_a_select_starts_where_its_from_is_near() -> None:
    near = b"x = 'SELECT " + b"a, " * 300 + b"b FROM t'"
    far = b"x = 'SELECT " + b"a, " * 900 + b"b FROM t'"
    assert list(sql_starts(near)) == [5]
    assert list(sql_starts(far)) == []


def test_each_start_is_given_once_and_in_order() -> None:
    content = b"'SELECT a FROM t' + 'UPDATE t SET a = 1' + 'DELETE FROM t'"
    assert [content[at:].split()[0] for at in sql_starts(content)] == [
        b"SELECT",
        b"UPDATE",
        b"DELETE",
    ]
