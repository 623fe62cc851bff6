"""Queries that pass over rows by their number, in every mapper and builder."""

from __future__ import annotations

import pytest

from scaleaudit.facts import OrmQuery, QueryFound
from scaleaudit.languages import java, javascript, php, python, ruby

DJANGO = "from django.core.paginator import Paginator\nfrom shop.models import Order\n\n\ndef show(request, start):\n"
ALCHEMY = (
    "from sqlalchemy import select\nfrom shop.models import Order\n\n\ndef show(session, start):\n"
)
RAILS = "class OrdersController < ApplicationController\n  def index\n    "
LARAVEL = "<?php\nuse App\\Models\\Order;\nclass OrderController extends Controller {\n  function index($n) {\n    "
KNEX = "const knex = require('knex')(config);\nexport const show = (n) => "
PRISMA = "import { prisma } from './db';\nexport const show = (n) => "
SEQUELIZE = "const { Order } = require('./models');\nconst Sequelize = require('sequelize');\nexport const show = (n) => "
SPRING = (
    "import org.springframework.data.jpa.repository.*;\nimport org.springframework.data.domain.*;\n"
    "interface Orders extends JpaRepository<Order, Long> {\n  "
)


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        (python, DJANGO + "    return Order.objects.filter(a=1)[start:start + 20]\n", True),
        (python, DJANGO + "    return list(Order.objects.filter(a=1)[:20])\n", False),
        (python, DJANGO + "    return list(Order.objects.filter(a=1)[1:])\n", False),
        (
            python,
            DJANGO + "    return Paginator(Order.objects.filter(a=1), 20).page(start)\n",
            True,
        ),
        (
            python,
            DJANGO + "    found = Order.objects.filter(a=1)\n    return Paginator(found, 20)\n",
            True,
        ),
        (
            python,
            ALCHEMY
            + "    return session.query(Order).filter_by(a=1).offset(start).limit(9).all()\n",
            True,
        ),
        (
            python,
            ALCHEMY + "    q = select(Order).where(Order.a == 1)\n"
            "    return session.execute(q.offset(start).limit(9)).all()\n",
            True,
        ),
        (
            python,
            ALCHEMY + "    return session.query(Order).filter_by(a=1).limit(9).all()\n",
            False,
        ),
        (ruby, RAILS + "@o = Order.where(a: 1).page(params[:page]).per(20)\n  end\nend\n", True),
        (ruby, RAILS + "@o = Order.where(a: 1).offset(start).limit(20)\n  end\nend\n", True),
        (ruby, RAILS + "@o = Order.where(a: 1).limit(20)\n  end\nend\n", False),
        (php, LARAVEL + "return Order::where('a', 1)->paginate(20);\n  }\n}\n", True),
        (php, LARAVEL + "return Order::where('a', 1)->skip($n)->take(20)->get();\n  }\n}\n", True),
        (php, LARAVEL + "return Order::where('a', 1)->cursorPaginate(20);\n  }\n}\n", False),
        (javascript, KNEX + "knex('orders').where({ a: 1 }).limit(20).offset(n);\n", True),
        (javascript, KNEX + "knex('orders').where({ a: 1 }).limit(20);\n", False),
        (
            javascript,
            PRISMA + "prisma.order.findMany({ where: { a: 1 }, take: 9, skip: n });\n",
            True,
        ),
        (
            javascript,
            PRISMA
            + "prisma.order.findMany({ where: { a: 1 }, take: 9, skip: 1, cursor: { id: n } });\n",
            False,
        ),
        (
            javascript,
            SEQUELIZE + "Order.findAndCountAll({ where: { a: 1 }, limit: 9, offset: n });\n",
            True,
        ),
        (java, SPRING + "Page<Order> findByState(String state, Pageable page);\n}\n", True),
        (java, SPRING + "List<Order> findFirst10ByState(String state);\n}\n", False),
        (
            java,
            SPRING + '@Query("SELECT o FROM Order o WHERE o.state = ?1")\n'
            "  Page<Order> all(String state, Pageable page);\n}\n",
            True,
        ),
    ],
)
def test_pages_by_their_number(language: object, source: str, expected: bool) -> None:
    facts = language.extract(source.encode()).facts  # type: ignore[attr-defined]
    queries = [fact for fact in facts if isinstance(fact, (OrmQuery, QueryFound))]
    assert queries
    assert [query.skips for query in queries] == [expected] * len(queries)
