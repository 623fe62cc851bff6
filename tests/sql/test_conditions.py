"""What the conditions of a WHERE or ON ask of each column."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, Predicate
from scaleaudit.source import Span
from scaleaudit.sql import read_query


def predicates(text: str) -> list[Predicate]:
    query = read_query(text, Span(1))
    assert query is not None
    assert not query.partial
    return list(query.predicates)


def where(condition: str) -> list[tuple[str, str, str]]:
    """(column, operator, function) of each predicate."""
    found = predicates(f"SELECT id FROM t WHERE {condition}")
    return [(p.column, p.operator, p.function) for p in found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a = 1", ("a", "=", "")),
        ("1 = a", ("a", "=", "")),
        ("5 < a", ("a", ">", "")),
        ("a >= ?", ("a", ">=", "")),
        ("a <> 1", ("a", "!=", "")),
        ("NOT a = 1", ("a", "!=", "")),
        ("NOT (a < 1)", ("a", ">=", "")),
        ("a BETWEEN 1 AND 2", ("a", "between", "")),
        ("a NOT BETWEEN 1 AND 2", ("a", "!=", "")),
        ("a IN (1, 2)", ("a", "in", "")),
        ("a NOT IN (1, 2)", ("a", "not-in", "")),
        ("a IN (SELECT x FROM u)", ("a", "in", "")),
        ("a = ANY($1)", ("a", "in", "")),
        ("a <> ALL($1)", ("a", "!=", "")),
        ("$1 = ANY(a)", ("a", "search", "")),
        ("a IS NULL", ("a", "is-null", "")),
        ("a IS NOT NULL", ("a", "is-not-null", "")),
        ("NOT (a IS NULL)", ("a", "is-not-null", "")),
        ("a", ("a", "is-true", "")),
        ("NOT a", ("a", "is-true", "")),
        ("NOT (a ~ 'b')", ("a", "!=", "")),
        ("a IS TRUE", ("a", "is-true", "")),
        ("a LIKE 'ab%'", ("a", "like", "")),
        ("a LIKE '%ab'", ("a", "contains", "")),
        ('a LIKE "ab%"', ("a", "like", "")),
        ('a LIKE "%ab"', ("a", "contains", "")),
        ('a = "paid"', ("a", "=", "")),
        ('"paid" = a', ("a", "=", "")),
        (
            'datetime(a, "unixepoch", "localtime") > datetime("now", "-3 days")',
            ("a", ">", "datetime"),
        ),
        ('lower("a") = ?', ("a", "=", "lower")),
        ("a LIKE '_b'", ("a", "search", "")),
        ("a LIKE ?", ("a", "search", "")),
        ("a NOT LIKE 'ab%'", ("a", "search", "")),
        ("a ILIKE 'ab%'", ("a", "search", "")),
        ("a LIKE concat('%', ?, '%')", ("a", "contains", "")),
        ("a ~ '^x'", ("a", "search", "")),
        ("a @> ?", ("a", "search", "")),
        ("MATCH(a) AGAINST (?)", ("a", "search", "")),
        ("to_tsvector(a) @@ plainto_tsquery(?)", ("a", "search", "")),
        ("lower(a) = lower(?)", ("a", "=", "lower")),
        ("trim(lower(a)) = ?", ("a", "=", "trim(lower")),
        ("coalesce(lower(a), '') = ?", ("a", "=", "coalesce")),
        ("a::date = ?", ("a", "=", "cast")),
        ("CAST(a AS date) = ?", ("a", "=", "cast")),
        ("DATE(a) = ?", ("a", "=", "date")),
        ("date_trunc('day', a) = ?", ("a", "=", "date_trunc")),
        ("EXTRACT(year FROM a) = ?", ("a", "=", "extract")),
        ("coalesce(a, 0) = 1", ("a", "=", "coalesce")),
        ("a + 1 > 5", ("a", ">", "+")),
        ("now() - a > interval '1 day'", ("a", ">", "-")),
        ("a < now() - interval '1 day'", ("a", "<", "")),
        ("a->>'k' = ?", ("a", "=", "->k")),
        ("a->'b'->>'k' IN (?)", ("a", "in", "->b.k")),
        ("(a->>'n')::int > 5", ("a", ">", "->n")),
        ("lower(a #>> '{b,c}') = ?", ("a", "=", "->b.c")),
        ("a->>? = 'x'", ("a", "=", "->")),
        ("a['k'] = '1'", ("a", "=", "->k")),
        ("jsonb_extract_path_text(a, 'b', 'c') = ?", ("a", "=", "->b.c")),
        ("JSON_UNQUOTE(JSON_EXTRACT(a, '$.b.c')) = ?", ("a", "=", "->b.c")),
        ("JSON_VALUE(a, '$.b') = ?", ("a", "=", "->b")),
        ("a->'tags' @> ?", ("a", "search", "")),
        ("a COLLATE nocase = ?", ("a", "=", "")),
    ],
)
def test_one_condition(condition: str, expected: tuple[str, str, str]) -> None:
    assert where(condition)[:1] == [expected]


@pytest.mark.parametrize(
    "condition", ["a = b", 'a = "bC"', '"a" = "b"', "t.a > t.b", "1 = 1", "true", "? = ?"]
)
def test_conditions_that_no_index_could_serve(condition: str) -> None:
    assert where(condition) == []


def test_rows_compared_as_a_whole() -> None:
    assert where("(a, b) = (?, ?)") == [("a", "=", ""), ("b", "=", "")]
    assert where("(a, b) > (?, ?)") == [("a", ">", "")]  # the first decides
    assert where("(a, b) IN ((1, 2))") == [("a", "in", ""), ("b", "in", "")]


def alternatives(condition: str) -> list[tuple[str, int, int]]:
    found = predicates(f"SELECT id FROM t WHERE {condition}")
    return [(p.column, p.group, p.branch) for p in found if p.alternative]


def test_sides_of_an_or_are_told_apart() -> None:
    assert alternatives("x = 0 AND (a = 1 OR (b = 2 AND c = 3))") == [
        ("a", 1, 1),
        ("b", 1, 2),
        ("c", 1, 2),
    ]
    assert alternatives("(a = 1 OR b = 2) AND (c = 3 OR d = 4)") == [
        ("a", 1, 1),
        ("b", 1, 2),
        ("c", 2, 1),
        ("d", 2, 2),
    ]


def test_an_or_on_one_column_is_a_list() -> None:
    assert where("a = 1 OR a = 2 OR a IN (3, 4)") == [("a", "in", "")]
    assert alternatives("a = 1 OR a = 2") == []


def test_de_morgan() -> None:
    assert where("NOT (a = 1 OR b = 2)") == [("a", "!=", ""), ("b", "!=", "")]
    assert alternatives("NOT (a = 1 AND b = 2)") == [("a", 1, 1), ("b", 1, 2)]


def test_a_condition_that_a_parameter_switches_off_is_optional() -> None:
    assert where("(? IS NULL OR a = ?) AND b = 1") == [("a", "optional", ""), ("b", "=", "")]


def test_exists_looks_up_the_inner_rows_and_chooses_among_the_outer() -> None:
    found = predicates(
        "SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)"
    )
    assert {(p.table, p.column, p.operator, p.clause) for p in found} == {
        ("users", "id", "search", Clause.FILTER),
        ("orders", "user_id", "=", Clause.JOIN),
    }


@pytest.mark.parametrize(
    "text",
    [
        "WITH w (a) AS (VALUES (1)) SELECT * FROM t JOIN w ON w.a = t.a",
        "SELECT * FROM t JOIN (SELECT x AS a FROM u LIMIT 5) w ON t.a = w.a",
    ],
)
def test_a_join_with_rows_of_no_table_is_a_list(text: str) -> None:
    (found,) = [p for p in predicates(text) if p.table == "t"]
    assert (found.column, found.operator, found.clause) == ("a", "in", Clause.JOIN)


def test_a_column_of_several_tables_is_left_to_the_schema() -> None:
    found = predicates(
        "SELECT 1 FROM users JOIN orders ON orders.user_id = users.id WHERE note = 1"
    )
    assert ("", "note", Clause.FILTER) in [(p.table, p.column, p.clause) for p in found]


def test_a_join_of_columns_without_tables_is_left_to_the_schema() -> None:
    found = predicates("WITH w (a) AS (VALUES (1)) SELECT * FROM w JOIN t ON t_id = a")
    assert [(p.table, p.column, p.clause) for p in found] == [
        ("", "t_id", Clause.JOIN),
        ("", "a", Clause.JOIN),
    ]


def test_using_joins_both_sides() -> None:
    found = predicates("SELECT 1 FROM users JOIN orders USING (user_id) WHERE users.a = 1")
    assert {(p.table, p.column) for p in found if p.clause is Clause.JOIN} == {
        ("users", "user_id"),
        ("orders", "user_id"),
    }


def test_using_with_rows_that_are_given_is_a_list() -> None:
    found = predicates("SELECT a FROM unnest(?) AS asked(user_id) JOIN users USING (user_id)")
    assert [(p.table, p.column, p.operator) for p in found if p.table] == [
        ("users", "user_id", "in")
    ]


def sorts(text: str) -> list[tuple[str, str, str]]:
    return [(p.table, p.column, p.function) for p in predicates(text) if p.clause is Clause.SORT]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("a", [("t", "a", "")]),
        ("a DESC NULLS LAST, b", [("t", "a", ""), ("t", "b", "")]),
        ("2", [("t", "name", "")]),
        ("shown", [("t", "a", "lower")]),
        ("lower(a)", [("t", "a", "lower")]),
        ("a, random()", [("t", "a", "")]),
        ("random()", []),
        ("CASE WHEN a = 1 THEN 0 ELSE 1 END, b", []),
        ("count(*)", []),
    ],
)
def test_order_by(order: str, expected: list[tuple[str, str, str]]) -> None:
    assert sorts(f"SELECT id, name, lower(a) AS shown FROM t ORDER BY {order} LIMIT 5") == expected


def test_a_sort_counts_where_its_rows_come_from_the_table() -> None:
    assert sorts("SELECT a, count(*) FROM t GROUP BY a ORDER BY a LIMIT 5") == []
    assert sorts("SELECT DISTINCT a FROM t ORDER BY a LIMIT 5") == []
    assert sorts("SELECT 1 FROM u WHERE x IN (SELECT y FROM t ORDER BY a)") == []
    assert sorts("SELECT * FROM (SELECT * FROM t ORDER BY a LIMIT 5) x") == [("t", "a", "")]


@pytest.mark.parametrize(
    ("order", "by_chance"),
    [
        ("random()", True),
        ("RAND()", True),
        ("newid()", True),
        ("random() DESC", True),
        ("RAND(7)", False),  # the same order at each call
        ("id, random()", False),
        ("made_at", False),
    ],
)
def test_sorted_by_chance(order: str, by_chance: bool) -> None:
    query = read_query(f"SELECT id FROM quotes ORDER BY {order} LIMIT 1", Span(1))
    assert query is not None
    assert query.shuffled is by_chance
