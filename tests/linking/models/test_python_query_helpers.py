"""SQLAlchemy and peewee: queries that functions begin, narrow, and hand on to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.architecture import Site

MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String
from shop.db import Base
class Customer(Base):
    __tablename__ = "customers"
    id = Column(Integer, primary_key=True)
    email = Column(String)
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(Integer, ForeignKey("customers.id"))
    code = Column(String)
    label = Column(String)
    day = Column(Integer)
"""
PEEWEE = """
from peewee import CharField, Model
class Order(Model):
    code = CharField()
    label = CharField()
    class Meta:
        table_name = "orders"
"""
IMPORTS = (
    "from sqlalchemy import select\nfrom shop.models import Customer, Order\nfrom shop import db\n"
)


def queries_of(files: Mapping[str, str], models: str = MODELS) -> list[Site[QueryFound]]:
    return list(
        architecture({"shop/models.py": models, "shop/__init__.py": "", **files}).sites(QueryFound)
    )


def asked(files: Mapping[str, str], models: str = MODELS) -> set[str]:
    """`orders: code =, day sort` of each query of orders that is wholly known."""
    return {
        ", ".join(f"{p.column} {p.operator}" for p in site.fact.predicates)
        for site in queries_of(files, models)
        if not site.fact.partial and "orders" in site.fact.reads and site.fact.predicates
    }


LISTED = """
def listed(session, code, label):
    query = session.query(Order)
    query = narrowed(query, code)
    return query.filter(Order.label == label).all()
"""


@pytest.mark.parametrize(
    ("helper", "told"),
    [
        ("    return query.filter(Order.code == code)\n", {"label =, code ="}),
        ("    return query.options(sqlalchemy.orm.defer(Order.day))\n", {"label ="}),
        (
            "    if code:\n        query = query.filter(Order.code == code)\n    return query\n",
            {"label =", "label =, code ="},
        ),
        (
            "    if not code:\n        return query\n    return query.filter(Order.code == code)\n",
            {"label =", "label =, code ="},
        ),
        # One that does more than is seen, or may leave another query, is not known.
        ("    query = db.own(query, code)\n    return query.filter(Order.code == code)\n", set()),
        (
            "    if code:\n        return db.orders(code)\n    return query.filter(Order.code == code)\n",
            set(),
        ),
        (
            "    if code:\n        return query.filter(Order.code == code)\n"
            "    return query.filter(Order.day == 1)\n",
            set(),
        ),
        (
            "    return query.filter(Order.customer_id == Customer.id, Customer.email == code)\n",
            set(),
        ),
    ],
)
def test_a_query_goes_on_behind_the_function_that_narrows_it(helper: str, told: set[str]) -> None:
    narrowed = f"def narrowed(query, code=None):\n{helper}"
    together = {"shop/orders.py": IMPORTS + narrowed + LISTED}
    assert asked(together) == told
    apart = {
        "shop/helpers.py": "from shop.models import Customer, Order\nfrom shop import db\n"
        + narrowed,
        "shop/orders.py": IMPORTS + "from shop.helpers import narrowed\n" + LISTED,
    }
    assert asked(apart) == told


def test_a_function_that_cuts_any_query_into_pages() -> None:
    pages = "def paged(query, page):\n    return query.limit(20).offset(20 * page)\n"
    use = (
        "def a(session, page):\n    query = session.query(Order).order_by(Order.day)\n"
        "    query = paged(query, page)\n    return query.all()\n"
    )
    files = {
        "shop/pages.py": "from sqlalchemy import select\n" + pages,
        "shop/orders.py": IMPORTS + "from shop.pages import paged\n" + use,
    }
    assert asked(files) == {"day sort"}
    again = pages.replace("20 * page", "page")
    assert asked({**files, "shop/more.py": "from sqlalchemy import select\n" + again}) == set()


def test_a_name_that_means_several_functions_leaves_the_query_partial() -> None:
    one = "def narrowed(query, code):\n    return query.filter(Order.code == code)\n"
    other = one.replace("Order.code", "Order.day")
    files = {"shop/a.py": IMPORTS + one + LISTED, "shop/b.py": IMPORTS + other}
    assert asked(files) == set()


def test_the_class_that_a_function_joins_is_not_the_one_it_narrows() -> None:
    helper = (
        "def narrowed(query, code):\n"
        "    query = query.join(Customer)\n"
        "    return query.filter(Customer.email == code, Order.code == code)\n"
    )
    (told,) = asked({"shop/orders.py": IMPORTS + helper + LISTED})
    assert "code =" in told
    assert "label =" in told
    assert "email =" in told


BASE = """
def base(session, code):
    query = session.query(Order)
    return query.filter(Order.code == code)
"""


@pytest.mark.parametrize(
    "going_on",
    [
        "def b(s):\n    return base(s, 1).filter(Order.label == 2).all()\n",
        "def b(s, x):\n    q = base(s, 1)\n    q = q.filter(Order.label == 2)\n    return q.all()\n",
    ],
)
def test_a_query_goes_on_from_what_a_function_gives(going_on: str) -> None:
    told = {"code =", "code =, label ="}
    assert asked({"shop/orders.py": IMPORTS + BASE + going_on}) == told


def test_a_query_goes_on_from_what_a_function_of_another_file_gives() -> None:
    use = "def b(s):\n    return base(s, 1).filter(Order.label == 2).all()\n"
    files = {
        "shop/queries.py": IMPORTS + BASE,
        "shop/orders.py": IMPORTS + "from shop.queries import base\n" + use,
    }
    assert asked(files) == {"code =", "code =, label ="}


def test_a_query_goes_on_from_what_a_method_gives() -> None:
    source = (
        "class Orders:\n"
        "    def _all(self):\n        return self.session.query(Order).order_by(Order.day)\n"
        "    def coded(self, code):\n        return self._all().filter(Order.code == code).all()\n"
    )
    assert asked({"shop/orders.py": IMPORTS + source}) == {"day sort", "day sort, code ="}


@pytest.mark.parametrize(
    "body",
    [
        "    if code:\n        return session.query(Order)\n    return code\n",
        "    query = session.query(Order)\n    if code:\n"
        "        query = query.filter(Order.code == code)\n    return query\n",
        "    return session.query(Order).filter(Order.code == code).all()\n",
    ],
)
def test_what_a_function_may_give_or_not_is_no_beginning(body: str) -> None:
    base = f"def base(session, code):\n{body}"
    use = "def b(s):\n    return base(s, 1).filter(Order.label == 2).all()\n"
    assert not any("label" in each for each in asked({"shop/orders.py": IMPORTS + base + use}))


def test_peewee_goes_on_in_both_ways() -> None:
    helpers = (
        "from shop.models import Order\n"
        "def narrowed(query, code=None):\n"
        "    if code:\n        query = query.where(Order.code == code)\n"
        "    return query\n"
        "def labelled(label):\n    return Order.select().where(Order.label == label)\n"
    )
    use = (
        "from shop.models import Order\nfrom shop import helpers\n"
        "def a(code):\n    query = Order.select()\n    query = helpers.narrowed(query, code)\n"
        "    return list(query)\n"
        "def b(code):\n    return helpers.labelled('x').where(Order.code == code).get()\n"
    )
    files = {"shop/helpers.py": helpers, "shop/orders.py": use}
    assert asked(files, PEEWEE) == {"code =", "label =", "label =, code ="}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("by = {'code': x}\n    by['label'] = y", {"code =, label ="}),
        ("by = dict(code=x)", {"code ="}),
        ("by = {'code': x}\n    if y:\n        by['label'] = y", {"code =", "code =, label ="}),
        ("by = {'code': x}\n    db.fill(by)", set()),
        ("by = {'code': x}\n    by.update(y)", set()),
        ("by = {'code': x, **y}", set()),
        ("by = y", set()),
    ],
)
def test_conditions_that_are_gathered_in_a_dictionary(lines: str, told: set[str]) -> None:
    source = f"def b(session, x, y):\n    {lines}\n    return session.query(Order).filter_by(**by).all()\n"
    assert asked({"shop/orders.py": IMPORTS + source}) == told


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        ("Order.visible_to(user).filter(Order.code == code)", {("orders", "code", True)}),
        (
            "models.Order.visible_to(user).filter(models.Order.code == code)",
            {("orders", "code", True)},
        ),
        ("Order.visible_to(user).filter(Customer.email == code)", set()),
        ("Shelf.visible_to(user).filter(Order.code == code)", set()),
        (
            "OrderLogic.late(user) \\\n        .filter(Order.code == code)",
            {("orders", "code", False)},
        ),
    ],
)
def test_a_query_that_a_method_of_a_class_begins(
    begun: str, told: set[tuple[str, str, bool]]
) -> None:
    """Of the method of a class of rows that is not known, nothing but that it gives such rows."""
    logic = "class OrderLogic:\n    @classmethod\n    def late(cls, user):\n        return Order.query\n"
    files = {
        "shop/logic.py": f"{IMPORTS}\n{logic}",
        "shop/found.py": f"{IMPORTS}from shop import models\nfrom shop.shelves import Shelf\n"
        f"from shop.logic import OrderLogic\n\ndef found(user, code):\n    return {begun}.all()\n",
    }
    assert {
        (site.fact.reads[0], predicate.column, site.fact.partial)
        for site in queries_of(files)
        if site.at.path == "shop/found.py"
        for predicate in site.fact.predicates
    } == told
