"""How tables grow, as far as names, seeds and writes tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit.schema import Growth
from scaleaudit.schemas import sql_files
from scaleaudit.schemas.replay import replay, with_growth
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from scaleaudit.facts import QueryFound


def growth(definition: str, *statements: str) -> Growth:
    """Of the table `t`, or the only one."""
    found = replay([("schema.sql", sql_files.extract(definition.encode()))])
    queries: list[QueryFound] = []
    for text in statements:
        query = read_query(text, Span(1))
        assert query is not None
        queries.append(query)
    tables = with_growth(found, queries).tables
    return (tables.get("t") or next(iter(tables.values()))).growth


INSERT = "INSERT INTO t (a) VALUES (?)"
STAMPED = "CREATE TABLE t (id serial PRIMARY KEY, a int, created_at timestamptz)"


@pytest.mark.parametrize(
    ("definition", "statements", "expected"),
    [
        (STAMPED, (), Growth.UNKNOWN),
        (STAMPED, (INSERT,), Growth.APPEND_ONLY),
        (STAMPED, (INSERT, "UPDATE t SET a = 1 WHERE id = 2"), Growth.GROWING),
        (STAMPED, (INSERT, "DELETE FROM t WHERE id = 2"), Growth.GROWING),
        (STAMPED, (f"{INSERT} ON CONFLICT (a) DO UPDATE SET a = 2",), Growth.GROWING),
        (STAMPED, ("SELECT a FROM t",), Growth.UNKNOWN),
        ("CREATE TABLE t (id serial PRIMARY KEY, a int)", (INSERT,), Growth.GROWING),
        ("CREATE TABLE t (user_id bigint PRIMARY KEY, a int)", (INSERT,), Growth.PER_USER),
        ("CREATE TABLE t (id serial, account_id bigint UNIQUE, a int)", (), Growth.PER_USER),
        ("CREATE TABLE t (id serial, user_id bigint, a int, UNIQUE (user_id, a))", (), Growth.UNKNOWN),
        ("CREATE TABLE flyway_schema_history (version int)", (), Growth.STATIC),
        ("CREATE TABLE dbversions (db text PRIMARY KEY, version int)", ("INSERT INTO dbversions VALUES (1, 2)",), Growth.STATIC),
        ("CREATE TABLE t (id int, name text); INSERT INTO t VALUES (1, 'a');", (), Growth.STATIC),
        (
            "CREATE TABLE t (id int, code text, created_at timestamp, updated_at timestamp); INSERT INTO t VALUES (1);",
            (), Growth.STATIC,
        ),
        (
            "CREATE TABLE t (id int, code text, created_at timestamp); INSERT INTO t VALUES (1);",
            (INSERT,), Growth.APPEND_ONLY,
        ),
        ("CREATE TABLE t (id int, code text, paid_at timestamp); INSERT INTO t VALUES (1);", (), Growth.UNKNOWN),
        ("CREATE TABLE t (id int, email text); INSERT INTO t VALUES (1, 'a');", (), Growth.UNKNOWN),
        ("CREATE TABLE t (id int, user_id int); INSERT INTO t VALUES (1, 2);", (), Growth.UNKNOWN),
        ("CREATE TABLE countries (id int, name text)", (), Growth.STATIC),
        ("CREATE TABLE order_status (id int, name text)", (), Growth.STATIC),
        ("CREATE TABLE relationtypes (id int, name text)", (), Growth.STATIC),
        ("CREATE TABLE devicestatus (id int, device_id int)", (), Growth.UNKNOWN),
        ("CREATE TABLE prototypes (id int, name text)", (), Growth.UNKNOWN),
        ("CREATE TABLE certificatestatus (serial text, revoked timestamp)", (), Growth.UNKNOWN),
        ("CREATE TABLE ranks (id int, name text, position smallint)", (), Growth.STATIC),
        ("CREATE TABLE topics (id int, pid int, sort_order int)", (INSERT.replace(" t", " topics"),), Growth.STATIC),
        ("CREATE TABLE drivers (id int, position point)", (), Growth.UNKNOWN),
        ("CREATE TABLE pictures (id int, product_id int, position int)", (), Growth.UNKNOWN),
        ("CREATE TABLE files (id int, uploaded_to int, sort int)", (), Growth.UNKNOWN),
        ("CREATE TABLE tasks (id int, title text, position int)", (), Growth.UNKNOWN),
        ("CREATE TABLE user_roles (user_id int, role_id int)", (), Growth.UNKNOWN),
        ("CREATE TABLE job_parameters (id int, job_id int, value text)", (), Growth.UNKNOWN),
        ("CREATE TABLE t_settings (id int, t_id int REFERENCES t (id))", (), Growth.UNKNOWN),
        ("CREATE TABLE sys_config (config_id int, config_key text)", (), Growth.STATIC),
        ("CREATE TABLE roles (id int, role_key text)", (), Growth.STATIC),
        ("CREATE TABLE sys_menu (menu_id int, parent_id int, name text)", (), Growth.STATIC),
        ("CREATE TABLE sys_dict_data (code int, label text)", (), Growth.STATIC),
        ("CREATE TABLE sys_dept (id int, parent_id int REFERENCES sys_dept (id))", (), Growth.STATIC),
        ("CREATE TABLE subscription_plans (id int, stripe_price_id text)", (), Growth.STATIC),
        ("CREATE TABLE subscription_plans (id int, organization_id int)", (), Growth.UNKNOWN),
        ("CREATE TABLE payment_method (id int, handler text)", (), Growth.STATIC),
        ("CREATE TABLE payment_methods (id int, user_id int, card text)", (), Growth.UNKNOWN),
        ("CREATE TABLE regions (id int, code text)", (), Growth.STATIC),
        ("CREATE TABLE person_languages (id int, person_id int)", (), Growth.UNKNOWN),
    ],
)  # fmt: skip
def test_growth(definition: str, statements: tuple[str, ...], expected: Growth) -> None:
    assert growth(definition, *statements) is expected


def test_roles_that_people_make_are_still_few() -> None:
    definition = "CREATE TABLE roles (id serial PRIMARY KEY, name text)"
    assert growth(definition, "INSERT INTO roles (name) VALUES (?)") is Growth.STATIC


@pytest.mark.parametrize(
    ("table", "columns", "expected"),
    [
        ("plugin", "id int, name text", Growth.UNKNOWN),
        ("coupon_product", "id int, coupon_id int, product_id int", Growth.UNKNOWN),
        ("orders", "id int, total int", Growth.GROWING),
        ("carts", "id int, member_id int", Growth.GROWING),
        ("readers", "id int, email text", Growth.GROWING),
        ("plugin", "id int, full_name text", Growth.UNKNOWN),
    ],
)
def test_a_mapper_has_an_insert_for_every_table(table: str, columns: str, expected: Growth) -> None:
    script = f"CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES (1);"
    found = replay([("schema.sql", sql_files.extract(script.encode()))])
    query = read_query(f"INSERT INTO {table} (id) VALUES (?)", Span(1), library="mybatis")
    assert query is not None
    assert with_growth(found, [query]).tables[table].growth is expected


def test_rows_that_objects_change_too_are_not_only_added() -> None:
    script = "CREATE TABLE order_events (id int, member_id int, created_at timestamp)"
    found = replay([("schema.sql", sql_files.extract(script.encode()))])

    def by(library: str) -> Growth:
        query = read_query("INSERT INTO order_events (id) VALUES (?)", Span(1), library=library)
        assert query is not None
        return with_growth(found, [query]).tables["order_events"].growth

    assert (by("mybatis"), by("sequelize")) == (Growth.APPEND_ONLY, Growth.GROWING)


@pytest.mark.parametrize(
    ("emptying", "scopes", "expected"),
    [
        ("DELETE FROM t", ("rebuild", "rebuild"), Growth.UNKNOWN),
        ("DELETE FROM t", ("clear", "add"), Growth.GROWING),
        ("DELETE FROM t WHERE a = 1", ("rebuild", "rebuild"), Growth.GROWING),
        ("DELETE FROM t", ("", ""), Growth.GROWING),
    ],
)
def test_a_table_that_one_function_makes_anew(
    emptying: str, scopes: tuple[str, str], expected: Growth
) -> None:
    found = replay([("schema.sql", sql_files.extract(b"CREATE TABLE t (id serial, a int);"))])
    queries = [
        msgspec.structs.replace(query, scope=scope)
        for text, scope in zip((emptying, INSERT), scopes, strict=True)
        if (query := read_query(text, Span(1))) is not None
    ]
    assert with_growth(found, queries).tables["t"].growth is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("task_notes", Growth.GROWING), ("task_tags", Growth.UNKNOWN), ("task_statuses", Growth.UNKNOWN)],
)  # fmt: skip
def test_a_list_of_what_happens_is_kept_by_somebody(name: str, expected: Growth) -> None:
    """A mapper inserts into it, as into every table."""
    query = read_query(INSERT.replace(" t ", f" {name} "), Span(1))
    assert query is not None
    schema = replay(
        [("a.sql", sql_files.extract(f"CREATE TABLE {name} (id int, shop_id int);".encode()))]
    )
    found = with_growth(schema, [msgspec.structs.replace(query, library="ef")])
    assert found.tables[name].growth is expected
