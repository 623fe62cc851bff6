"""SQLAlchemy: loops over the rows of a query, and what is loaded along with them."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ModelDefined, RowsVisited, ViewRendered
from scaleaudit.languages import python

HEAD = """
from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from shop.models import Customer, Line, Order

"""


def visited(body: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    facts = python.extract((HEAD + body).encode()).facts
    return [
        (fact.rows.model, fact.rows.eager, [read.path for read in fact.reads])
        for fact in facts
        if isinstance(fact, RowsVisited)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "session.query(Order).filter(Order.paid == True).all()",
        "session.query(Order).join(Line)",
        "session.scalars(select(Order).limit(100)).all()",
        "(await session.execute(select(Order))).scalars().unique().all()",
        "Order.query.order_by(Order.id)",
        "Order.query.paginate(page=1, per_page=50).items",
        "list(session.query(Order))",
    ],
)
def test_rows_of_one_class(rows: str) -> None:
    loop = f"async def f(session):\n    for order in {rows}:\n        print(order.customer.name)\n"
    comprehension = f"async def f(session):\n    return [o.customer.name for o in {rows}]\n"
    assert visited(loop) == visited(comprehension) == [("Order", (), ["customer.name"])]


@pytest.mark.parametrize(
    "rows",
    [
        "session.query(Order.id, Order.total)",
        "session.query(Order, Line)",
        "session.query(Order).with_entities(Order.id)",
        "session.query(Order).limit(5)",
        "changed(session.query(Order).all())",
        "session.query(Order).first().lines",
        "orders",
    ],
)
def test_what_is_no_list_of_objects_or_a_short_one(rows: str) -> None:
    assert (
        visited(f"def f(session, orders):\n    for o in {rows}:\n        o.customer.name\n") == []
    )


@pytest.mark.parametrize(
    ("options", "eager"),
    [
        ("joinedload(Order.customer)", ("customer",)),
        ("joinedload(Order.lines).selectinload(Line.product)", ("lines", "lines.product")),
        ("orm.joinedload('lines.product'), joinedload(Order.customer)", ("lines.product", "customer")),
        ("lazyload(Order.customer).joinedload(Customer.region)", ("customer.region",)),
        ("load_only(Order.id)", ()),
        ("*options", ("*",)),
    ],
)  # fmt: skip
def test_relations_that_are_loaded_along(options: str, eager: tuple[str, ...]) -> None:
    body = f"def f(session):\n    return [o.x.y for o in session.query(Order).options({options})]\n"
    assert visited(body) == [("Order", eager, ["x.y"])]


def test_a_query_in_a_variable_that_goes_on() -> None:
    body = """
async def f(session, paid):
    query = select(Order)
    if paid:
        query = query.where(Order.paid)
    query = query.options(joinedload(Order.lines))
    result = await session.execute(query)
    return [(o.lines, o.customer.name) for o in result.scalars().all()]
"""
    assert visited(body) == [("Order", ("lines",), ["lines", "customer.name"])]


def test_a_variable_of_two_queries_is_not_known() -> None:
    body = """
def f(session, paid):
    rows = session.query(Order)
    if paid:
        rows = session.query(Line)
    return [row.customer.name for row in rows]
"""
    assert visited(body) == []


def test_rows_that_a_template_is_handed() -> None:
    body = """
def f():
    page = Order.query.paginate(page=1)
    return render_template("orders.html", orders=page.items, one=Order.query.get(1), title="x")
"""
    facts = python.extract((HEAD + body).encode()).facts
    [view] = [fact for fact in facts if isinstance(fact, ViewRendered)]
    assert (view.view, view.name, view.rows.model) == ("orders.html", "orders", "Order")


@pytest.mark.parametrize(
    ("lazy", "eager"),
    [('lazy="selectin"', True), ("lazy=False", True), ('lazy="select"', False), ("", False)],
)
def test_how_a_relationship_is_loaded(lazy: str, eager: bool) -> None:
    source = f"""
from sqlalchemy.orm import relationship
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customers.id"))
    customer = relationship("Customer", {lazy})
"""
    facts = python.extract(source.encode()).facts
    [model] = [fact for fact in facts if isinstance(fact, ModelDefined)]
    assert [each.eager for each in model.relations] == [eager]
