"""Go: statements that go-sqlbuilder builds line by line."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.go import extract

HEAD = """
package store

import "github.com/huandu/go-sqlbuilder"

var orderStruct = sqlbuilder.NewStruct(new(Order)).For(sqlbuilder.PostgreSQL)

"""


def queries(body: str) -> list[QueryFound]:
    found = extract(f"{HEAD}func (s *Store) work(id int) {{\n{dedent(body)}\n}}\n".encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def asked(query: QueryFound) -> list[str]:
    return sorted(f"{p.table}.{p.column} {p.operator}" for p in query.predicates)


@pytest.mark.parametrize(
    ("lines", "conditions", "partial"),
    [
        ('sb := sqlbuilder.NewSelectBuilder()\nsb.Select("id").From("orders")\n'
         'sb.Where(sb.In("state", states...), sb.GreaterThan("made", since))\nsb.OrderBy("made DESC")',
         ["orders.made >", "orders.made sort", "orders.state in"], False),
        ('sb := sqlbuilder.PostgreSQL.NewSelectBuilder()\nsb.Select("o.id")\nsb.From("orders AS o")\n'
         'sb.Join("customers c", "c.id = o.customer_id")\nsb.Where("c.tries < 10", sb.E("o.code", code))',
         ["customers.id =", "customers.tries <", "orders.code =", "orders.customer_id ="], False),
        ('sb := orderStruct.SelectFrom("orders")\nsb.Where("eth IS NULL")\nsb.Where("tries < 1000")',
         ["orders.eth is-null", "orders.tries <"], False),
        ('sb := orderStruct.SelectFrom("orders")\nsb.Where(sb.Or(sb.E("code", a), sb.IsNull("made")))',
         ["orders.code =", "orders.made is-null"], False),
        ('where := []string{sb.E("code", code)}\nsb := orderStruct.SelectFrom("orders")\nsb.Where(where...)',
         ["orders.code ="], False),
        ('sb := sqlbuilder.DeleteFrom("orders")\nsb.Where(sb.LessThan("made", since))', ["orders.made <"], False),
        ('sb := orderStruct.Update("orders", order)\nsb.Where(sb.E("code", order.Code))', ["orders.code ="], False),
        ('sb := sqlbuilder.NewSelectBuilder()\nsb.Select("id").From("orders")\nsb.Where(sb.Exists(inner), sb.E("code", c))',
         ["orders.code ="], True),
        ('sb := sqlbuilder.NewSelectBuilder()\nsb.From("orders")\nsb.JoinWithOption("LEFT", "("+inner+") AS x", "x.a = b")\n'
         'sb.Where(sb.E("orders.code", c))', ["orders.code ="], True),
    ],
)  # fmt: skip
def test_lines_of_one_builder(lines: str, conditions: list[str], partial: bool) -> None:
    (query,) = queries(f"{lines}\nsql, args := sb.Build()")
    assert (asked(query), query.partial) == (conditions, partial)


def test_what_branches_add() -> None:
    found = queries(
        """
        sb := orderStruct.SelectFrom("orders")
        if len(shops) > 0 {
            sb.Where(sb.In("shop_id", shops...))
        }
        if len(states) > 0 {
            sb.Where(sb.In("state", states...))
        }
        sb.OrderBy("made DESC")
        sb.Limit(10)
        sql, args := sb.Build()
        """
    )
    assert [asked(query) for query in found if query.limited] == [
        ["orders.made sort", "orders.shop_id in"],
        ["orders.made sort", "orders.state in"],
    ]


def test_two_builders_of_one_function() -> None:
    found = queries(
        """
        sb := orderStruct.SelectFrom("orders")
        sb.Where(sb.E("code", code))
        sql, args := sb.Build()
        ub := orderStruct.Update("orders", &Order{})
        ub.Set(ub.Assign("tried", "now()"))
        ub.Where(ub.In("id", ids...))
        sql, args = ub.Build()
        """
    )
    assert [(asked(query), query.reads, query.writes) for query in found] == [
        (["orders.code ="], ("orders",), ()),
        (["orders.id in"], (), ("orders",)),
    ]
