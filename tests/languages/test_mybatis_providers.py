"""Statements of MyBatis that a provider builds call by call."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.java import extract


def asked(body: str) -> list[tuple[list[str], bool]]:
    source = (
        "import org.apache.ibatis.jdbc.SQL;\nclass OrderSql {\n"
        f"  String find(String code, String kind) {{\n{dedent(body)}\n  }}\n}}\n"
    )
    found = extract(source.encode())
    assert found.problem == ""
    return [
        ([f"{p.table}.{p.column} {p.operator}" for p in fact.predicates], fact.partial)
        for fact in found.facts
        if isinstance(fact, QueryFound)
    ]


@pytest.mark.parametrize(
    "body",
    [
        'return new SQL().SELECT("*").FROM("orders").WHERE("code = #{code}", "day < #{day}").toString();',
        'return new SQL() {{ SELECT("*"); FROM("orders"); WHERE("code = #{code}"); WHERE("day < #{day}"); }}.toString();',
        'SQL sql = new SQL(); sql.SELECT("id"); sql.FROM("orders"); sql.WHERE("code = #{code} AND day < #{day}"); return sql.toString();',
    ],
)
def test_each_way_to_write_it(body: str) -> None:
    assert asked(body) == [(["orders.code =", "orders.day <"], False)]


def test_what_stands_in_a_branch_is_a_choice() -> None:
    body = """
    return new SQL() {{
        SELECT("o.id"); FROM("orders o"); LEFT_OUTER_JOIN("shops s ON s.id = o.shop_id");
        WHERE("s.city = #{city}");
        if (kind != null) { WHERE("o.kind = #{kind}"); }
        ORDER_BY("o.day");
    }}.toString();
    """
    always, chosen = asked(body)
    assert always[1]
    assert {"shops.city =", "orders.kind ="} <= set(chosen[0])


def test_changes() -> None:
    body = 'return new SQL().UPDATE("orders").SET("kind = #{kind}").WHERE("code = #{code}").OR().WHERE("mail = #{code}").toString();'
    ((conditions, _),) = asked(body)
    assert conditions == ["orders.code =", "orders.mail ="]


def test_two_statements_of_one_method_are_not_told_apart() -> None:
    body = 'return new SQL().SELECT("*").FROM("orders").toString() + new SQL().SELECT("*").FROM("lines").WHERE("sku = 1");'
    assert asked(body) == []
