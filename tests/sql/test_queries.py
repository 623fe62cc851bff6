"""Statements of every dialect and driver, read into facts."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, Predicate, QueryFound
from scaleaudit.source import Span
from scaleaudit.sql import read_query


def read(text: str, *, dialect: str = "", partial: bool = False) -> QueryFound:
    query = read_query(text, Span(1), dialect=dialect, partial=partial)
    assert query is not None, text
    return query


def conditions(query: QueryFound) -> list[tuple[str, str, str]]:
    return [(p.table, p.column, p.operator) for p in query.predicates]


USERS_BY_EMAIL = [("users", "email", "=")]


@pytest.mark.parametrize(
    "value",
    [
        "%s", "%(email)s", "?", "?1", "$1", "$1::text", "?1::::text", ":email\\:\\:text", ":email", "@email", "'%s'", "'x'",
        "#{email}", "#{user.email,jdbcType=VARCHAR}", "${email}", "{}", "'{}'", "%v", "{{ email }}",
        "$/email/", "$(email)", "$<user.email>", "$[ email ]", "%[1]s", "lower(?)", "coalesce($1, '')", "cast(? as text)",
    ],
)  # fmt: skip
def test_placeholders_of_every_driver_stand_for_a_value(value: str) -> None:
    query = read(f"SELECT id FROM users WHERE email = {value}")
    assert conditions(query) == USERS_BY_EMAIL
    assert query.predicates[0].function == ""
    assert query.predicates[0].constant == (value == "'x'")


@pytest.mark.parametrize(
    ("test", "constant"),
    [("b > 0", True), ("b <= -1.5", True), ("b < ?", False), ("b < '2020-01-01'", False)],
)
def test_a_number_that_stands_there_makes_a_kind_of_the_rest(test: str, constant: bool) -> None:
    query = read_query(f"SELECT a FROM t WHERE {test}", Span(1))
    assert query is not None
    assert query.predicates[0].constant is constant
    assert not query.partial


@pytest.mark.parametrize("text", ["$/more:raw/", "$(more^)", "$1:raw"])
def test_what_pg_promise_puts_in_as_text_is_not_known(text: str) -> None:
    query = read_query(f"SELECT id FROM users WHERE email = $1 AND {text}", Span(1))
    assert query is not None
    assert conditions(query) == USERS_BY_EMAIL
    assert query.partial


def test_a_text_that_is_put_in_hides_nothing() -> None:
    query = read_query("SELECT id FROM users WHERE email = '{}'", Span(1), partial=True)
    assert query is not None
    assert not query.partial


@pytest.mark.parametrize(
    "values",
    ["%s", "(%s)", "(?, ?, ?)", "({})", "(${ids})", "$1", "(:ids)", "($/ids:csv/)", "($1:list)"],
)
def test_lists_of_values(values: str) -> None:
    assert conditions(read(f"SELECT id FROM users WHERE role_id IN {values}")) == [
        ("users", "role_id", "in")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM users WHERE email = %s {}",
        "SELECT id FROM users {} WHERE email = %s",
        "SELECT id FROM users WHERE email = %s AND {}",
        "SELECT id FROM users WHERE email = %s AND ({})",
        "SELECT id FROM users WHERE email = %s ${where} {} LIMIT 5",
        "SELECT id FROM users WHERE email = %s AND {} = %s",
        "SELECT id FROM users WHERE email = %s AND {} IN (%s)",
        "SELECT id FROM users WHERE email = %s AND users.{} = 1",
        "SELECT id FROM users {} JOIN teams ON teams.id = users.team_id WHERE email = %s",
        "SELECT id FROM users JOIN {} ON users.id = {}.user_id WHERE email = %s",
        "SELECT id FROM users WHERE email = %s and %s",
    ],
)
def test_a_hole_that_may_hide_a_condition_makes_the_fact_partial(text: str) -> None:
    assert read(text).partial


@pytest.mark.parametrize(
    "text",
    [
        "SELECT {} FROM users WHERE email = %s",
        "SELECT id FROM users WHERE email = {}",
        "SELECT id FROM users WHERE email = %s ORDER BY {}",
        "SELECT id FROM users WHERE email = %s ORDER BY id LIMIT {}",
    ],
)
def test_a_hole_that_hides_nothing_is_harmless(text: str) -> None:
    query = read(text, partial=True)
    assert conditions(query)[:1] == USERS_BY_EMAIL
    assert not query.partial


@pytest.mark.parametrize("name", ["{}", "%s", "tbl_%s", "prefix_{}", "{}users", "${table}"])
def test_a_table_whose_name_is_a_hole_is_not_known(name: str) -> None:
    query = read(f"SELECT id FROM {name} WHERE a = 1")
    assert (query.reads, query.writes, query.partial) == ((), (), True)


def test_text_lost_without_a_mark_makes_the_fact_partial() -> None:
    assert read("SELECT id FROM users WHERE email = 'x'", partial=True).partial


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ('SELECT "id" FROM public."Users" WHERE "eMail" = $1', "postgres"),
        ("SELECT id FROM ONLY users WHERE email = $1 FOR UPDATE SKIP LOCKED", "postgres"),
        ("SELECT `id` FROM `shop`.`users` WHERE `email` = ?", "mysql"),
        ("SELECT STRAIGHT_JOIN id FROM users FORCE INDEX (x) WHERE email = ?", "mysql"),
        ("SELECT id FROM users INDEXED BY x WHERE email = ?1", "sqlite"),
        ("SELECT [id] FROM [dbo].[Users] WITH (NOLOCK) WHERE [Email] = @email", "tsql"),
        ("SELECT id FROM users u WHERE u.email = :1", "oracle"),
        ("select id from users where email = ?;", ""),
        ("-- by mail\nSELECT id /* key */ FROM users -- all\n WHERE email = ?", ""),
        ("SELECT id FROM users WHERE email <=> ?", "mysql"),
        ("SELECT id FROM users WHERE email IS NOT DISTINCT FROM $1", "postgres"),
    ],
)
def test_dialects(text: str, dialect: str) -> None:
    for given in (dialect, ""):  # the dialect is a hint: without it the marks in the text do
        query = read(text, dialect=given)
        assert query.reads == ("users",)
        assert conditions(query) == USERS_BY_EMAIL


@pytest.mark.parametrize(
    ("clause", "dialect"),
    [("LIMIT 5", ""), ("LIMIT ?", ""), ("LIMIT 10, 5", "mysql"), ("LIMIT 5 OFFSET $2", "postgres"),
     ("FETCH FIRST 5 ROWS ONLY", ""), ("OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY", "tsql"),
     ("LIMIT {}", "")],
)  # fmt: skip
def test_every_form_of_a_limit(clause: str, dialect: str) -> None:
    assert read(f"SELECT id FROM users ORDER BY id {clause}", dialect=dialect).limited


def test_limits_of_tsql_and_oracle_stand_elsewhere() -> None:
    assert read("SELECT TOP 10 id FROM [dbo].[users] ORDER BY id").limited
    assert read("SELECT TOP (@n) id FROM users ORDER BY id", dialect="tsql").limited
    assert read("SELECT id FROM users WHERE ROWNUM <= 10").limited
    assert not read("SELECT id FROM users WHERE id IN (SELECT id FROM x LIMIT 5)").limited


def test_a_limit_of_the_only_source_is_one_of_the_query() -> None:
    assert read("SELECT * FROM (SELECT id FROM users LIMIT 5) u").limited
    assert read("WITH u AS (SELECT id FROM users LIMIT 5) SELECT * FROM u").limited
    assert not read(
        "WITH u AS (SELECT id FROM users LIMIT 5) SELECT * FROM u JOIN orders o ON o.user_id = u.id"
    ).limited


@pytest.mark.parametrize(
    ("text", "aggregate", "grouped"),
    [
        ("SELECT count(*) FROM t UNION ALL SELECT max(a) FROM u UNION SELECT 1", True, False),
        ("SELECT count(*) FROM t UNION ALL SELECT a FROM u", False, False),
        ("SELECT count(*) FROM users", True, False),
        ("SELECT coalesce(max(id), 0) + 1 FROM users", True, False),
        ("SELECT EXISTS (SELECT 1 FROM users)", True, False),
        ("SELECT kind, count(*) FROM users GROUP BY kind", False, True),
        ("SELECT DISTINCT kind FROM users", False, True),
        ("SELECT id, count(*) OVER () FROM users", False, False),
        ("SELECT id, (SELECT count(*) FROM orders) FROM users", False, False),
        ("SELECT n FROM (SELECT count(*) AS n FROM users) x", True, False),
        (
            "SELECT kind, n FROM (SELECT kind, count(*) AS n FROM users GROUP BY kind) x",
            False,
            True,
        ),
        ("SELECT id FROM (SELECT id FROM users) x", False, False),
        (
            "WITH hours AS (SELECT generate_series(now(), now(), '1 hour') AS hour), "
            "before AS (SELECT count(*) AS n FROM users), "
            "each_hour AS (SELECT h.hour, count(u.id) AS n FROM hours h LEFT JOIN users u ON u.at >= h.hour GROUP BY h.hour) "
            "SELECT hour, sum(n) OVER (ORDER BY hour) + (SELECT n FROM before) FROM each_hour ORDER BY hour",
            False,
            True,
        ),
        (
            "WITH sums AS (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) "
            "SELECT u.name, s.n FROM users u JOIN sums s ON s.user_id = u.id",
            False,
            False,
        ),
        (
            "SELECT kind FROM users GROUP BY kind UNION SELECT DISTINCT kind FROM orders",
            False,
            True,
        ),
        (
            "SELECT a.n, b.m FROM (SELECT COUNT(*) AS n FROM t) AS a JOIN (SELECT MAX(i) AS m FROM u) AS b",
            True,
            False,
        ),
        ("SELECT a.n, u.i FROM (SELECT COUNT(*) AS n FROM t) AS a JOIN u ON 1 = 1", False, False),
        ("SELECT u.i, a.n FROM u JOIN (SELECT COUNT(*) AS n FROM t) AS a ON 1 = 1", False, False),
    ],
)
def test_aggregates(text: str, aggregate: bool, grouped: bool) -> None:
    query = read(text)
    assert (query.aggregate, query.grouped) == (aggregate, grouped)


@pytest.mark.parametrize(
    ("text", "reads", "writes", "inserts"),
    [
        ("INSERT INTO users (a) VALUES (?)", (), ("users",), ("users",)),
        ("INSERT IGNORE INTO users SET a = ?", (), ("users",), ("users",)),
        ("REPLACE INTO users (a) VALUES (?)", (), ("users",), ("users",)),
        ("INSERT INTO archive (a) SELECT a FROM users", ("users",), ("archive",), ("archive",)),
        ("INSERT INTO users (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2",
         (), ("users",), ("users",)),
        ("UPDATE users SET a = 1 WHERE id = 2", (), ("users",), ()),
        ("UPDATE u SET a = 1 FROM users u WHERE u.id = 2", ("users",), ("users",), ()),
        ("UPDATE users u JOIN orders o ON o.user_id = u.id SET u.a = 1 WHERE o.b = 2",
         ("orders",), ("users",), ()),
        ("DELETE FROM users WHERE id = 2", (), ("users",), ()),
        ("DELETE u FROM users u JOIN orders o ON o.user_id = u.id", ("orders",), ("users",), ()),
        ("DELETE FROM users USING orders WHERE orders.user_id = users.id",
         ("orders",), ("users",), ()),
        ("MERGE INTO users u USING incoming i ON u.a = i.a WHEN MATCHED THEN UPDATE SET b = 1",
         ("incoming",), ("users",), ("users",)),
        ("WITH gone AS (DELETE FROM users RETURNING id) SELECT * FROM gone", (), ("users",), ()),
    ],
)  # fmt: skip
def test_what_a_statement_reads_and_writes(
    text: str, reads: tuple[str, ...], writes: tuple[str, ...], inserts: tuple[str, ...]
) -> None:
    query = read(text)
    if "UPDATE u SET" not in text:
        assert query.reads == reads
    assert (query.writes, query.inserts) == (writes, inserts)


def test_names_of_ctes_and_functions_are_no_tables() -> None:
    query = read(
        "WITH RECURSIVE tree AS (SELECT id FROM nodes WHERE parent_id = $1 UNION ALL "
        "SELECT n.id FROM nodes n JOIN tree t ON n.parent_id = t.id) "
        "SELECT * FROM tree, generate_series(1, 5) g"
    )
    assert query.reads == ("nodes",)


def test_a_cte_may_bear_the_name_of_its_table() -> None:
    assert read("WITH users AS (SELECT * FROM users WHERE a = 1) SELECT * FROM users").reads == (
        "users",
    )


@pytest.mark.parametrize("schema", ["information_schema", "pg_catalog", "sys"])
def test_catalogues_of_the_engine_are_not_our_tables(schema: str) -> None:
    assert read_query(f"SELECT * FROM {schema}.tables WHERE name = 'x'", Span(1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM users WHERE email = = ?",
        "SELECT id FROM users WHERE (email = ?",
        "SELECT id, FROM users WHERE",
        "SELECT id FROM users WHERE email ~~~ ? ~~~",
    ],
)
def test_broken_statements_still_name_their_tables(text: str) -> None:
    query = read(text)
    assert query.reads == ("users",)
    assert query.partial
    assert query.predicates == ()


def test_broken_writes_name_their_tables() -> None:
    query = read("INSERT INTO users (a) VALUES (?) ON BROKEN (( DO SELECT 1 FROM orders")
    assert (query.reads, query.writes, query.inserts) == (("orders",), ("users",), ("users",))
    assert read("DELETE FROM users WHERE (( a = ").reads == ()


def test_text_for_people_is_one_short_line() -> None:
    query = read("SELECT id\n   FROM users\n WHERE " + " AND ".join(f"c{n} = ?" for n in range(99)))
    assert query.text.startswith("SELECT id FROM users WHERE c0 = ?")
    assert len(query.text) == 200
    assert query.text.endswith("…")


def test_the_callers_context_is_kept() -> None:
    at = Span(7, 3)
    query = read_query("SELECT id FROM users", at, in_loop=True, scope="View.get", library="orm")
    assert query is not None
    assert (query.at, query.in_loop, query.scope, query.library) == (at, True, "View.get", "orm")


def test_joins_tell_their_mentions_apart() -> None:
    query = read("SELECT * FROM nodes a JOIN nodes b ON b.parent_id = a.id WHERE a.name = ?")
    assert query.predicates == (
        Predicate("nodes", "name", "=", Clause.FILTER, source=1),
        Predicate("nodes", "parent_id", "=", Clause.JOIN, source=2),
        Predicate("nodes", "id", "=", Clause.JOIN, source=1),
    )


def test_the_alias_of_a_table_that_is_not_known_is_no_table() -> None:
    found = read(
        "SELECT s.id, {} FROM {} s INNER JOIN {} u ON s.user_id = u.id WHERE u.name = ? ORDER BY {} {}"
    )
    assert (found.reads, found.partial) == ((), True)


def test_a_quoted_hole_is_no_table() -> None:
    assert read('SELECT MAX(id) FROM "{}" WHERE a = ?').reads == ()
    assert read("DELETE FROM `{}` WHERE a = ?").writes == ()


def test_a_column_that_is_put_in_later_is_a_condition_that_is_not_known() -> None:
    assert read("SELECT id FROM users WHERE org = ? AND %s = ?").partial
    assert not read("SELECT id FROM users WHERE org = ? AND %s = ANY(tags)").partial


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("LIMIT 20 OFFSET ?", True),
        ("LIMIT ?, 20", True),
        ("OFFSET :n ROWS FETCH NEXT 20 ROWS ONLY", True),
        ("LIMIT 20 OFFSET 1", False),
        ("LIMIT 20", False),
    ],
)
def test_rows_passed_over_by_their_number(end: str, expected: bool) -> None:
    query = read_query(f"SELECT id FROM orders ORDER BY id {end}", Span(1))
    assert query is not None
    assert query.skips is expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT MAX(number) FROM invoices",
        "SELECT COALESCE(MIN(i.number), 0) + 1 AS next FROM invoices i",
        "SELECT MIN(number), MAX(number) FROM invoices",
    ],
)
def test_the_greatest_and_the_least_of_a_table_are_the_first_of_an_order(text: str) -> None:
    query = read(text)
    assert conditions(query) == [("invoices", "number", "sort")]
    assert query.limited
    assert query.aggregate


@pytest.mark.parametrize(
    "text",
    [
        "SELECT MAX(number) FROM invoices GROUP BY shop_id",
        "SELECT MAX(number), SUM(total) FROM invoices",
        "SELECT MAX(LENGTH(number)) FROM invoices",
    ],
)
def test_what_is_worked_out_of_every_row_has_no_order(text: str) -> None:
    assert conditions(read(text)) == []


def test_the_greatest_of_some_rows_asks_for_those() -> None:
    query = read("SELECT MAX(number) FROM invoices WHERE shop_id = ?")
    assert conditions(query) == [("invoices", "shop_id", "=")]
    assert not query.limited


@pytest.mark.parametrize(
    "order",
    [
        "created_at %s LIMIT 10", "created_at {} LIMIT $2", "created_at ${dir} NULLS LAST LIMIT 10",
        "created_at {direction}", "created_at %[2]s OFFSET 3",
    ],
)  # fmt: skip
def test_a_direction_that_is_put_in_hides_nothing(order: str) -> None:
    query = read(f"SELECT id FROM users WHERE email = $1 ORDER BY {order}")
    assert conditions(query) == [*USERS_BY_EMAIL, ("users", "created_at", "sort")]
    assert not query.partial


@pytest.mark.parametrize("order", ["%s %s LIMIT 10", "{} {}, {} {} LIMIT 10", "${a} ${b} LIMIT 1"])
def test_an_order_that_is_put_in_leaves_the_conditions(order: str) -> None:
    query = read(f"SELECT id FROM users WHERE email = $1 ORDER BY {order}")
    assert conditions(query) == USERS_BY_EMAIL
    assert query.limited
    assert not query.partial


def test_what_follows_an_order_may_be_a_limit() -> None:
    query = read("SELECT id FROM users WHERE email = $1 ORDER BY created_at {}", partial=True)
    assert query.partial


def joined(text: str) -> list[str]:
    query = read_query(text, Span(1))
    assert query is not None
    return [f"{p.table}.{p.column}" for p in query.predicates if p.clause is Clause.JOIN]


def test_an_outer_join_looks_for_the_side_that_may_be_missing() -> None:
    text = "SELECT 1 FROM posts p LEFT JOIN themes t ON t.id = p.theme_id"
    assert joined(f"{text} WHERE p.state = 'new'") == ["themes.id"]
    assert joined(f"{text} WHERE t.id IS NULL") == ["themes.id"]
    both = ["themes.id", "posts.theme_id"]
    assert joined(text.replace("LEFT ", "")) == both
    assert joined(f"{text} WHERE t.name = ?") == both  # then it is an inner join
    assert joined(f"{text} WHERE state = 'new'") == both  # whose that is is not known
    assert joined(text.replace("LEFT", "RIGHT")) == both


def test_passwords_of_addresses_in_a_statement_are_not_shown() -> None:
    found = read_query("SELECT id FROM feeds WHERE url = 'redis://app:hunter2@cache/1'", Span(1))
    assert found is not None
    assert found.text == "SELECT id FROM feeds WHERE url = 'redis://app:***@cache/1'"
