"""Kotlin: tables and queries of Exposed."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound
from scaleaudit.languages.kotlin import extract

HEAD = "package shop\n\nimport org.jetbrains.exposed.sql.*\n\n"
TABLES = """\
object OrdersTable : IntIdTable() {
    val code = varchar("order_code", 100).uniqueIndex()
    val shop = reference("shop_id", Shops)
    val buyer = integer("buyer_id").references(Buyers.id).index()
    val note = text("note").nullable()
    val kind = enumerationByName("kind", 10, Kind::class)

    init {
        index(false, kind, note)
    }
}

object Marks : Table("mark") {
    val day = date("day")
    val name = varchar("name", 20)
    override val primaryKey = PrimaryKey(day, name)
}

class Order(id: EntityID<Int>) : IntEntity(id) {
    companion object : IntEntityClass<Order>(OrdersTable)
    var code by OrdersTable.code
}
"""


def test_tables() -> None:
    found = extract(f"{HEAD}{TABLES}".encode())
    assert found.problem == ""
    orders, marks, order = (fact for fact in found.facts if isinstance(fact, ModelDefined))
    assert (orders.name, orders.table, orders.default_table) == ("OrdersTable", "", "Orders")
    assert [(f.name, f.column, f.type, f.unique) for f in orders.fields] == [
        ("id", "id", "INT", False), ("code", "order_code", "VARCHAR", True), ("note", "note", "TEXT", False),
        ("kind", "kind", "VARCHAR", False),
    ]  # fmt: skip
    assert [(r.name, r.target, r.column, r.indexed) for r in orders.relations] == [
        ("shop", "Shops", "shop_id", False), ("buyer", "Buyers", "buyer_id", True),
    ]  # fmt: skip
    assert [(i.columns, i.unique) for i in orders.indexes] == [(("kind", "note"), False)]
    assert (marks.table, [(i.columns, i.primary) for i in marks.indexes]) == (
        "mark", [(("day", "name"), True)],
    )  # fmt: skip
    assert (order.bases, order.same_table) == (("OrdersTable",), True)


def asked(body: str) -> list[tuple[str, list[str], bool]]:
    found = extract(f"{HEAD}fun work(x: String) {{\n{dedent(body)}\n}}\n".encode())
    assert found.problem == ""
    return [
        (q.model, [f"{c.model or '.'} {c.path} {c.operator}" for c in q.conditions], q.partial)
        for q in found.facts
        if isinstance(q, OrmQuery)
    ]


@pytest.mark.parametrize(
    ("body", "model", "conditions", "partial"),
    [
        ("Orders.select { Orders.code eq x }.orderBy(Orders.day to SortOrder.DESC).toList()", "Orders",
         [". code =", ". day sort"], False),
        ("Orders.selectAll().where { (Orders.code eq x) and (Orders.day greater y) }.limit(3)", "Orders",
         [". code =", ". day >"], False),
        ("Order.find { OrdersTable.code inList x }.map { it.code }", "Order", ["OrdersTable code in"], False),
        ("(Orders innerJoin Shops).select { Shops.slug.lowerCase() eq x }", "Orders", ["Shops slug ="], False),
        ("Orders.join(Shops, JoinType.LEFT, Orders.shop, Shops.id).select { Shops.slug eq x }", "Orders",
         ["Shops slug =", ". shop =", "Shops id ="], False),
        ("Orders.update({ Orders.code eq x }) { it[kind] = 3 }", "Orders", [". code ="], False),
        ("Orders.deleteWhere { code eq x }", "Orders", [". code ="], False),
        ("Orders.selectAll().where { Orders.note.isNull() and (Orders.code like y) }", "Orders",
         [". note is-null", ". code search"], False),
        ("Orders.selectAll().where(filter)", "Orders", [], True),
        ("Orders.selectAll().apply { narrowed() }.toList()", "Orders", [], True),
    ],
)  # fmt: skip
def test_one_query(body: str, model: str, conditions: list[str], partial: bool) -> None:
    assert asked(body) == [(model, conditions, partial)]


def test_what_branches_add() -> None:
    found = asked(
        """
        val query = Orders.selectAll().where { Orders.shop eq x }
        if (code != null) {
            query.andWhere { Orders.code eq code }
        }
        return query.map { it }
        """
    )
    assert found == [
        ("Orders", [". shop ="], False),
        ("Orders", [". shop =", ". code ="], False),
    ]


def test_lists_are_no_tables() -> None:
    assert asked("orders.find { it.code eq x }\nrows.select { Orders.code eq x }") == []


def test_a_query_that_a_function_of_the_program_begins() -> None:
    body = "val some = found(x).count()\nval open = Orders.selectAll().where { Orders.code eq x }.toList()"
    assert asked(body) == [("Orders", [". code ="], False)]


def test_tables_and_queries_of_several_files() -> None:
    found = architecture(
        {
            "app/src/main/kotlin/shop/Tables.kt": f"{HEAD}{TABLES}",
            "app/src/main/kotlin/shop/Search.kt": f"{HEAD}class Search {{\n"
            "    fun notes(x: String) = Order.find { OrdersTable.note eq x }.toList()\n"
            "    fun of(x: Int) = OrdersTable.selectAll().where { OrdersTable.shop eq x }.toList()\n}\n",
        }
    )
    told = {
        (p.table.lower(), p.column.lower())
        for site in found.sites(QueryFound)
        for p in site.fact.predicates
    }
    assert told == {("orders", "note"), ("orders", "shop_id")}
