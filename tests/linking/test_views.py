"""Queries on views: what they ask of the tables below."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound
from scaleaudit.sql import view_columns

TABLES = """
CREATE TABLE orders (id uuid PRIMARY KEY, shop_id uuid, state text, code text);
CREATE TABLE shops (id uuid PRIMARY KEY, city text);
"""


def asked(views: str, query: str, file: str = "db/002_views.sql") -> tuple[list[str], list[str]]:
    """The tables that a query reads and its conditions."""
    files = {
        "db/001_tables.sql": TABLES,
        file: views,
        "app.py": f'import psycopg2\n\n\ndef find(cur, x):\n    cur.execute("{query}", (x,))\n',
    }
    (site,) = [site for site in architecture(files).sites(QueryFound) if site.at.path == "app.py"]
    found = site.fact
    return sorted(found.reads), sorted(
        f"{p.table}.{p.column} {p.operator}" for p in found.predicates
    )


def test_a_condition_on_a_view_is_one_on_its_table() -> None:
    views = "CREATE VIEW open_orders AS SELECT o.id, o.code AS name FROM orders o WHERE o.state = 'open';"
    found = asked(views, "SELECT id FROM open_orders WHERE name = %s")
    assert found == (["orders"], ["orders.code =", "orders.state ="])


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("migrations/20200102_b.js", "exports.up = (knex) => knex.schema.raw(`\n{}`)\n"),
        ("db/migrate.py", 'def upgrade(op):\n    op.execute("""{}""")\n'),
        ("database/migrations/2020_b.php", '<?php\nDB::statement("{}");\n'),
    ],
)
def test_views_that_code_makes(file: str, code: str) -> None:
    view = "CREATE OR REPLACE VIEW open_orders AS SELECT id, code FROM orders WHERE state = 'open'"
    found = asked(code.format(view), "SELECT id FROM open_orders WHERE code = %s", file)
    assert found == (["orders"], ["orders.code =", "orders.state ="])


def test_views_of_views_and_all_columns() -> None:
    views = (
        "CREATE VIEW every_order AS SELECT * FROM orders;\n"
        "CREATE VIEW placed (number, city) AS SELECT e.code, s.city FROM every_order e JOIN shops s ON s.id = e.shop_id;"
    )
    tables, conditions = asked(views, "SELECT city FROM placed WHERE number = %s")
    assert tables == ["orders", "shops"]
    assert conditions == ["orders.code =", "orders.shop_id =", "shops.id ="]


@pytest.mark.parametrize(
    "views",
    [
        "CREATE VIEW busy AS SELECT code, count(*) AS n FROM orders GROUP BY code;",
        "CREATE VIEW busy AS SELECT code FROM orders UNION SELECT city AS code FROM shops;",
        "CREATE VIEW busy AS SELECT lower(code) AS code FROM orders;",
        "CREATE MATERIALIZED VIEW busy AS SELECT code FROM orders;",
        "CREATE VIEW busy AS SELECT code FROM orders; CREATE OR REPLACE VIEW busy AS SELECT state AS code FROM orders;",
        "CREATE TABLE busy (code text); CREATE VIEW busy AS SELECT code FROM orders;",
    ],
)
def test_what_is_not_carried_down(views: str) -> None:
    assert asked(views, "SELECT 1 FROM busy WHERE code = %s")[0] == ["busy"]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("SELECT o.id, code FROM orders o", "", (("id", "orders", "id"), ("code", "orders", "code"))),
        ("SELECT o.*, s.city FROM orders o JOIN shops s ON true", "", (("*", "orders", "*"), ("city", "shops", "city"))),
        ("SELECT id FROM orders", "number", (("number", "orders", "id"),)),
        ("SELECT id FROM orders", "a, b", ()),
        ("SELECT id FROM orders LIMIT 3", "", ()),
        ("WITH o AS (SELECT 1 AS id) SELECT id FROM o", "", ()),
        ("SELECT id FROM a JOIN b ON true", "", ()),
        ("not SQL at all (", "", ()),
    ],
)  # fmt: skip
def test_the_columns_of_a_view(
    text: str, names: str, expected: tuple[tuple[str, str, str], ...]
) -> None:
    assert view_columns(text, "postgres", names) == expected


def test_a_sort_or_a_choice_in_a_view_is_not_asked_of_its_tables() -> None:
    views = (
        "CREATE VIEW placed AS SELECT code FROM orders WHERE state = 'open' OR shop_id IS NULL"
        " ORDER BY state;"
    )
    assert asked(views, "SELECT 1 FROM placed WHERE code = %s") == (["orders"], ["orders.code ="])


def test_what_is_written_and_what_is_asked_of_a_table_beside() -> None:
    views = "CREATE VIEW placed AS SELECT code, shop_id FROM orders;"
    written = "INSERT INTO shops (city) SELECT code FROM placed WHERE code = %s"
    assert "orders" not in asked(views, written)[0]
    beside = (
        "SELECT 1 FROM placed p JOIN shops s ON s.id = p.shop_id WHERE p.code = %s AND city = 'a'"
    )
    tables, conditions = asked(views, beside)
    assert tables == ["orders", "shops"]
    assert "orders.code =" in conditions
    assert "orders.city =" not in conditions


def test_all_of_two_tables_tells_of_no_column() -> None:
    views = "CREATE VIEW placed AS SELECT o.*, s.* FROM orders o JOIN shops s ON s.id = o.shop_id;"
    assert asked(views, "SELECT 1 FROM placed WHERE code = %s")[0] == ["placed"]


def test_a_name_that_is_given_in_front_hides_the_columns_own() -> None:
    views = "CREATE VIEW placed (number) AS SELECT code FROM orders;"
    assert asked(views, "SELECT 1 FROM placed WHERE code = %s")[0] == ["placed"]
    assert asked(views, "SELECT 1 FROM placed WHERE number = %s")[0] == ["orders"]
