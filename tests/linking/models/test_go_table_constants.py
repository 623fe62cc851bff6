"""Tables and columns that constants of other files name, in statements that are built call by call."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

NAMES = """\
package store

const (
	TableOrders = "orders"
	TablePeople = "people"
	ColumnMail  = "mail"
)
"""
HEAD = """\
package store

import (
	"example.com/shop/store/names"
	"github.com/doug-martin/goqu/v9"
)

"""


def asked(body: str) -> list[tuple[list[str], bool]]:
    files = {
        "go.mod": "module example.com/shop\n",
        "store/names.go": NAMES,
        "store/orders.go": f"{HEAD}func list(given string, id int) {{\n{body}\n}}\n",
    }
    return [
        ([f"{p.table}.{p.column} {p.operator}" for p in site.fact.predicates], site.fact.partial)
        for site in architecture(files).sites(QueryFound)
    ]


def test_a_table_that_the_package_names_in_another_file() -> None:
    body = 'stmt := goqu.From(TableOrders).Where(goqu.Ex{"code": id})\nstmt.ToSQL()'
    assert asked(body) == [(["orders.code ="], False)]


def test_the_constant_of_another_package() -> None:
    body = 'goqu.From(names.TableOrders).Where(goqu.C("code").Eq(id)).ToSQL()'
    assert asked(body) == [(["orders.code ="], False)]


def test_columns_and_their_tables() -> None:
    body = (
        'goqu.From(goqu.T(TableOrders).As("o")).'
        'Join(goqu.T(TablePeople), goqu.On(goqu.I(TablePeople + ".id").Eq(goqu.I("o.person_id"))))'
        ".Where(goqu.Ex{ColumnMail: id}).ToSQL()"
    )
    assert sorted(asked(body)[0][0]) == [".mail =", "orders.person_id =", "people.id ="]


def test_a_parameter_is_no_constant() -> None:
    assert asked('goqu.From(given).Where(goqu.Ex{"code": id}).ToSQL()') == []


def test_a_name_that_nobody_defines_tells_no_table() -> None:
    assert asked('goqu.From(TableOther).Where(goqu.Ex{"code": id}).ToSQL()') == []
