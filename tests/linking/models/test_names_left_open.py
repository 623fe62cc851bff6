"""Names that only all models together explain: constants, values in rows, names run together."""

from __future__ import annotations

from scaleaudit.facts import (
    Clause,
    ColumnFact,
    Condition,
    ConstantDefined,
    Fact,
    FieldFact,
    FileFacts,
    ModelDefined,
    OrmQuery,
    QueryFound,
    RelationFact,
    TableDefined,
)
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile, Span
from scaleaudit.values import Join, Literal, Name

AT = Span(1)


def asked(*facts: Fact) -> set[tuple[str, str]]:
    """(table, column) of what the query `q` filters by."""
    found = link(
        {"a.java": FileFacts(facts)}, {"a.java": SourceFile("a.java", "java", Role.SOURCE)}, "shop"
    )
    (query,) = [site.fact for site in found.sites(QueryFound) if site.fact.text == "q"]
    assert not query.partial
    return {(p.table, p.column) for p in query.predicates if p.clause is Clause.FILTER}


def model(
    name: str, *attributes: FieldFact | RelationFact, table: str = "", abstract: bool = False
) -> ModelDefined:
    fields = [each for each in attributes if isinstance(each, FieldFact)]
    relations = [each for each in attributes if isinstance(each, RelationFact)]
    return ModelDefined(
        AT, name, "jpa", table, abstract=abstract, fields=tuple(fields), relations=tuple(relations)
    )


def query(*paths: str, of: str = "Order") -> OrmQuery:
    return OrmQuery(AT, "jpa", of, "q", conditions=tuple(Condition(path, "=") for path in paths))


ID = FieldFact("id", primary=True)
CUSTOMER = model("Customer", ID, FieldFact("email"), RelationFact("homeTown", "Town", "belongs-to"))
TOWN = model("Town", ID, FieldFact("zipCode"))


def test_names_run_together() -> None:
    order = model("Order", ID, FieldFact("customerCode"), RelationFact("customer", "Customer", "belongs-to"), table="orders")  # fmt: skip
    found = asked(order, CUSTOMER, TOWN, query("customerEmail", "customerCode", "customerHomeTownZipCode", "customerId"))  # fmt: skip
    assert found == {
        ("customer", "email"),
        ("orders", "customer_code"),
        ("town", "zip_code"),
        ("orders", "customer_id"),
    }


def test_values_in_a_row() -> None:
    money = model("Money", FieldFact("amount"), FieldFact("currency", "cur"), abstract=True)
    price = model(
        "Price", RelationFact("net", "Money", "embedded"), FieldFact("taxRate"), abstract=True
    )
    order = model("Order", ID, RelationFact("price", "Price", "embedded"), table="orders")
    found = asked(
        order, price, money, query("price.net.currency", "priceTaxRate", "price.net.amount")
    )
    assert found == {("orders", "cur"), ("orders", "tax_rate"), ("orders", "amount")}


def test_the_key_of_another_row_is_no_reason_to_look_at_it() -> None:
    order = model(
        "Order", ID, RelationFact("customer", "Customer", "belongs-to", "buyer"), table="orders"
    )
    found = link(
        {"a.java": FileFacts((order, CUSTOMER, TOWN, query("customer.id")))},
        {"a.java": SourceFile("a.java", "java", Role.SOURCE)},
        "shop",
    )
    (asks,) = [site.fact for site in found.sites(QueryFound) if site.fact.text == "q"]
    assert asks.reads == ("orders",)
    assert [(p.column, p.clause) for p in asks.predicates] == [("buyer", Clause.FILTER)]


def test_names_in_constants() -> None:
    order = model("Order", ID, FieldFact("code", "${Columns.CODE}"), FieldFact("day", "${Columns.LOST}"), table="${shop.Tables.ORDERS}")  # fmt: skip
    constants = (
        ConstantDefined(AT, "Tables.PREFIX", Literal("shop_")),
        ConstantDefined(AT, "Tables.ORDERS", Join((Name("Tables.PREFIX"), Literal("orders")))),
        ConstantDefined(AT, "Columns.CODE", Literal("order_code")),
    )
    found = asked(order, *constants, query("code", "day"))
    assert found == {("shop_orders", "order_code"), ("shop_orders", "day")}


def schema_of(*facts: Fact) -> set[str]:
    found = link(
        {
            "a.java": FileFacts(facts),
            "db/migration/V1.sql": FileFacts(
                tuple(f for f in facts if isinstance(f, TableDefined))
            ),
        },
        {
            "a.java": SourceFile("a.java", "java", Role.SOURCE),
            "db/migration/V1.sql": SourceFile("db/migration/V1.sql", "sql", Role.MIGRATION),
        },
        "shop",
    )
    return set(found.schema.tables)


def test_a_model_of_what_migrations_do_not_define() -> None:
    models = [model(f"Order{n}", ID, FieldFact("code")) for n in range(6)]
    defined = [TableDefined(AT, f"order{n}", (ColumnFact("id", "INT"),)) for n in range(6)]
    view = model("OrderInfo", ID, FieldFact("code"), table="order_info_view")
    assert "order_info_view" not in schema_of(view, *models, *defined)
    assert "order_info_view" in schema_of(view, *models, *defined[:3])
    assert "order_info_view" in schema_of(view)
