"""What the code beside a query takes of each row."""

from __future__ import annotations

import pytest

from scaleaudit.facts import OrmQuery
from scaleaudit.languages import python, ruby

DJANGO = "from shop.models import Order\n\n\ndef show(a):\n    return "
ALCHEMY = "from sqlalchemy import select\nfrom shop.models import Order\n\n\ndef show(session, a):\n    return "
RAILS = "class OrdersController < ApplicationController\n  def index\n    "


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        (python, DJANGO + "[o.id for o in Order.objects.filter(a=a)]\n", ("id",)),
        (
            python,
            DJANGO + "{o.id: o.name for o in Order.objects.filter(a=a) if o.paid}\n",
            ("id", "name", "paid"),
        ),
        (python, DJANGO + "[o.label() for o in Order.objects.filter(a=a)]\n", ()),
        (python, DJANGO + "[o.customer.name for o in Order.objects.filter(a=a)]\n", ()),
        (python, DJANGO + "[shown(o) for o in Order.objects.filter(a=a)]\n", ()),
        (python, DJANGO + "[(o.id, o) for o in Order.objects.filter(a=a)]\n", ()),
        (python, DJANGO + "list(Order.objects.filter(a=a))\n", ()),
        (
            python,
            ALCHEMY + "[o.id for o in session.query(Order).filter(Order.a == a).all()]\n",
            ("id",),
        ),
        (ruby, RAILS + "@ids = Order.where(a: 1).map(&:code)\n  end\nend\n", ("code",)),
        (ruby, RAILS + "@ids = Order.where(a: 1).map(&:code).uniq\n  end\nend\n", ("code",)),
        (ruby, RAILS + "@ids = Order.where(a: 1).map { |o| label(o) }\n  end\nend\n", ()),
        (ruby, RAILS + "@ids = Order.where(a: 1).to_a\n  end\nend\n", ()),
    ],
)
def test_taken_of_each_row(language: object, source: str, expected: tuple[str, ...]) -> None:
    facts = language.extract(source.encode()).facts  # type: ignore[attr-defined]
    (query,) = [fact for fact in facts if isinstance(fact, OrmQuery)]
    assert query.taken == expected
