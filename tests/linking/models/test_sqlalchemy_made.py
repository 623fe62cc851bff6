"""SQLAlchemy: conditions that functions of this file or another make."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import Clause, QueryFound

MODELS = (
    "from sqlalchemy import Column, Integer, String\nfrom shop.base import Base\n\n\n"
    "class Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)\n"
    "    token = Column(String)\n    state = Column(String)\n"
)
HEAD = "from sqlalchemy import and_, or_\nfrom shop.models import Order\n\n\n"
BY_TOKEN = "def by_token(t):\n    return Order.token == t\n\n\n"


def asked(files: dict[str, str]) -> list[list[tuple[str, str]]]:
    """What each query asks that is known whole."""
    return [
        [(p.column, p.operator) for p in site.fact.predicates if p.clause is Clause.FILTER]
        for site in architecture({"shop/models.py": MODELS} | files).sites(QueryFound)
        if not site.fact.partial
    ]


@pytest.mark.parametrize(
    "made",
    [
        BY_TOKEN,
        "def by_token(t):\n    return and_(Order.token == t)\n\n\n",
        "def by_token(t):\n    value = t.strip()\n    return Order.token.in_([value])\n\n\n",
    ],
)
def test_by_a_function_of_another_file(made: str) -> None:
    ask = "from shop.made import by_token\n\n\ndef a(session, t):\n    session.query(Order).filter({}).first()\n"
    operator = "in" if "in_(" in made else "="
    files = {"shop/made.py": HEAD + made, "shop/ask.py": HEAD + ask.format("by_token(t)")}
    assert asked(files) == [[("token", operator)]]
    files["shop/ask.py"] = HEAD + ask.format("by_token(t), Order.state == t")
    assert sorted(asked(files)[0]) == [("state", "="), ("token", operator)]


@pytest.mark.parametrize("condition", ["~by_token(t)", "or_(by_token(t), Order.state == t)"])
def test_inside_of_others_it_is_not_followed(condition: str) -> None:
    ask = f"from shop.made import by_token\n\n\ndef a(session, t):\n    session.query(Order).filter({condition}).first()\n"
    assert asked({"shop/made.py": HEAD + BY_TOKEN, "shop/ask.py": HEAD + ask}) == []


def test_by_a_function_of_the_file() -> None:
    ask = f"{BY_TOKEN}def a(session, t):\n    session.query(Order).filter(by_token(t)).first()\n"
    assert asked({"shop/ask.py": HEAD + ask}) == [[("token", "=")]]


def test_by_a_method_of_the_class() -> None:
    ask = (
        "class Orders:\n    def _by(self, t):\n        return Order.token == t\n\n"
        "    def one(self, t):\n        return self.session.query(Order).filter(self._by(t)).first()\n"
    )
    assert asked({"shop/ask.py": HEAD + ask}) == [[("token", "=")]]


def test_a_function_with_several_ways_out() -> None:
    made = "def by_token(t):\n    if not t:\n        return Order.state == t\n    return Order.token == t\n\n\n"
    ask = f"{made}def a(session, t):\n    session.query(Order).filter(by_token(t)).first()\n"
    assert asked({"shop/ask.py": HEAD + ask}) == []


def test_what_one_branch_adds_is_not_of_another() -> None:
    ask = (
        "from shop.made import unknown\n\n\ndef a(session, t, own):\n    query = session.query(Order)\n"
        "    if own:\n        query = query.filter(unknown())\n"
        "    if t:\n        query = query.filter(Order.token == t)\n"
        "    return query.all()\n"
    )
    assert [("token", "=")] in asked({"shop/ask.py": HEAD + ask})


HYBRIDS = MODELS.replace("import Column", "import Column, and_") + (
    "\n    @hybrid_method\n    def with_token(self, t):\n        return self.token == t\n"
    "\n    @classmethod\n    def open_with(cls, t):\n        return and_(cls.token == t, cls.state == t)\n"
    "\n    def same(self, t):\n        return self.token == t\n"
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("models.Order.with_token(t)", [[("token", "=")]]),
        ("models.Order.open_with(t)", [[("state", "="), ("token", "=")]]),
        ("models.Order.same(t)", []),  # of a row
        ("models.Order.unknown(t)", []),
        ("models.Order.token == t, models.Order.with_token(t)", [[("token", "="), ("token", "=")]]),
    ],
)
def test_by_a_method_that_the_model_has(
    condition: str, expected: list[list[tuple[str, str]]]
) -> None:
    ask = (
        "from sqlalchemy import or_\nfrom shop import models\n\n\ndef a(session, t):\n"
        f"    session.query(models.Order).filter({condition}).first()\n"
    )
    found = asked({"shop/models.py": HYBRIDS, "shop/ask.py": ask})
    assert [sorted(each) for each in found] == expected


OWN = (
    "from shop.base import db\n\n\nclass Order(db.Model):\n    __tablename__ = 'orders'\n"
    "    id = db.Column(db.Integer, primary_key=True)\n    token = db.Column(db.String)\n"
)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", [[("token", "=")]]),
        ("    def query(self):\n        return others()\n", []),
        ("    query = others()\n", []),
        ("    def __init__(self, query):\n        self.query = query\n", []),
    ],
)
def test_a_row_asks_as_its_class_does(more: str, expected: list[list[tuple[str, str]]]) -> None:
    ask = (
        f"{OWN}{more}    def fetch(self, t):\n        query = self.query.filter_by(token=t)\n"
        "        return query.all()\n"
    )
    assert asked({"shop/models.py": ask}) == expected
