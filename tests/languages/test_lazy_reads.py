"""Loops over rows of a query, and what they read of each: one test class a mapper."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import (
    ANY_RELATION,
    ModelDefined,
    RowsVisited,
    ScopeDefined,
    ViewRendered,
)
from scaleaudit.languages import php, python, ruby

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts

DJANGO = "from django.core.paginator import Paginator\nfrom shop.models import Order\n\n"


def visits(extract: Callable[[bytes], FileFacts], source: str) -> list[RowsVisited]:
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, RowsVisited)]


def paths(visit: RowsVisited) -> list[str]:
    return [read.path for read in visit.reads]


class TestDjango:
    def visit(self, body: str, head: str = "def show(request):") -> list[RowsVisited]:
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return visits(python.extract, f"{DJANGO}{head}\n{lines}")

    @pytest.mark.parametrize(
        "body",
        [
            "for o in Order.objects.filter(a=1):\n    print(o.customer.name)",
            "for i, o in enumerate(Order.objects.all()):\n    print(o.customer.name)",
            "return [o.customer.name for o in Order.objects.all()]",
            "qs = Order.objects.all()\nif request.x:\n    qs = qs.filter(a=1)\nreturn {o.customer.name for o in qs}",
            "page = Paginator(Order.objects.all(), 25).get_page(1)\nfor o in page:\n    o.customer.name",
            "p = Paginator(Order.objects.all(), 25)\nfor o in p.page(1).object_list:\n    o.customer.name",
        ],
    )
    def test_what_is_read_of_each_row(self, body: str) -> None:
        (found,) = self.visit(body)
        assert (found.rows.model, paths(found), found.scope) == ("Order", ["customer.name"], "show")
        assert found.rows.eager == ()

    @pytest.mark.parametrize(
        ("chain", "eager"),
        [
            ('select_related("customer__city")', ("customer.city",)),
            ('prefetch_related("lines", "customer")', ("lines", "customer")),
            ("select_related()", (ANY_RELATION,)),
            ("select_related(*NAMES)", (ANY_RELATION,)),
            ("select_related(None)", ()),
            ('prefetch_related(Prefetch("lines", queryset=x))', (f"lines.{ANY_RELATION}", "lines")),
        ],
    )
    def test_what_is_loaded_along(self, chain: str, eager: tuple[str, ...]) -> None:
        (found,) = self.visit(f"for o in Order.objects.{chain}:\n    o.customer.name")
        assert found.rows.eager == eager

    def test_lists_inside_of_lists(self) -> None:
        body = (
            'for o in Order.objects.prefetch_related("lines__product"):\n'
            "    for line in o.lines.all():\n        line.product.name"
        )
        (found,) = self.visit(body)
        assert (found.rows.via, found.rows.eager, paths(found)) == (
            ("lines",), ("product",), ["product.name"],
        )  # fmt: skip

    @pytest.mark.parametrize(
        "body",
        [
            "for o in Order.objects.values('a'):\n    o.customer.name",
            "for o in Order.objects.all()[:5]:\n    o.customer.name",
            "for o in Order.objects.all():\n    o.customer = None\n    o.customer.name",
            "for o in Order.objects.all():\n    o = other(o)\n    o.customer.name",
            "for o in Order.objects.all():\n    o.save()",
            "for o in things():\n    o.customer.name",
            "for o in [1, 2]:\n    o.customer.name",
        ],
    )
    def test_what_is_no_list_of_objects_or_reads_nothing(self, body: str) -> None:
        assert self.visit(body) == []

    def test_rows_of_a_caller_may_come_with_anything(self) -> None:
        head = "def show(orders: QuerySet[Order]):"
        (found,) = self.visit("for o in orders:\n    o.customer.name", head)
        assert found.rows.eager == (ANY_RELATION,)

    def test_a_method_of_a_manager_says_what_it_loads(self) -> None:
        source = (
            "from django.db import models\n\nclass OrderManager(models.Manager):\n"
            '    def listed(self):\n        return self.filter(a=1).select_related("customer")\n'
        )
        found = python.extract(source.encode())
        (scope,) = [fact for fact in found.facts if isinstance(fact, ScopeDefined)]
        assert scope.eager == ("customer",)


class TestActiveRecord:
    def visit(self, body: str) -> list[RowsVisited]:
        return visits(ruby.extract, f"class Report\n  def show(x)\n{body}\n  end\nend\n")

    @pytest.mark.parametrize(
        "body",
        [
            "Order.where(a: 1).each { |o| puts o.customer.name }",
            "Order.where(a: 1).find_each do |o|\n puts o.customer&.name\n end",
            "orders = Order.where(a: 1)\norders = orders.order(:id)\norders.map { |o| o.customer.name }",
            "Order.where(a: 1).to_a.sort_by { |o| o.customer.name }",
            "Order.where(a: 1).each_with_index { |o, i| puts o.customer.name }",
        ],
    )
    def test_what_is_read_of_each_row(self, body: str) -> None:
        (found,) = self.visit(body)
        assert (found.rows.model, paths(found)) == ("Order", ["customer.name"])
        assert (found.rows.eager, found.scope) == ((), "Report.show")

    def test_a_method_by_its_symbol(self) -> None:
        (found,) = self.visit("Order.where(a: 1).map(&:customer)")
        assert paths(found) == ["customer"]

    @pytest.mark.parametrize(
        ("chain", "eager"),
        [
            ("includes(:customer)", ("customer",)),
            ("preload(customer: :city)", ("customer", "customer.city")),
            ("eager_load(:customer, lines: [:product])", ("customer", "lines", "lines.product")),
            ("includes(*NAMES)", (ANY_RELATION,)),
            ("includes(names)", (ANY_RELATION,)),
            ("strict_loading", (ANY_RELATION,)),
            ("joins(:customer)", ()),
        ],
    )
    def test_what_is_loaded_along(self, chain: str, eager: tuple[str, ...]) -> None:
        (found,) = self.visit(f"Order.where(a: 1).{chain}.each {{ |o| o.customer.name }}")
        assert found.rows.eager == eager

    def test_lists_inside_of_lists(self) -> None:
        body = (
            "Order.includes(lines: :product).each do |o|\n"
            "  o.lines.each { |line| puts line.product.name }\nend"
        )
        outer, inner = sorted(self.visit(body), key=lambda each: each.at.line)
        assert paths(outer) == ["lines.each"]
        assert (inner.rows.via, inner.rows.eager, paths(inner)) == (
            ("lines",), ("product",), ["product.name"],
        )  # fmt: skip

    @pytest.mark.parametrize(
        "body",
        [
            "Order.where(a: 1).pluck(:id).each { |o| o.customer.name }",
            "Order.where(a: 1).limit(5).each { |o| o.customer.name }",
            "Order.where(a: 1).each { |o| o.customer = x\n o.customer.name }",
            "Order.where(a: 1).group_by(&:day).each { |o| o.customer.name }",
            "x.each { |o| o.customer.name }",
            "Order.where(a: 1).count.times { |o| o.customer.name }",
        ],
    )
    def test_what_is_no_list_of_records_or_reads_nothing(self, body: str) -> None:
        found = [each for each in self.visit(body) if "customer.name" in paths(each)]
        assert found == []

    def test_associations_and_scopes_say_what_they_load(self) -> None:
        source = (
            "class Order < ApplicationRecord\n"
            "  has_many :lines, -> { includes(:product) }\n  has_many :notes\n"
            "  scope :listed, -> { where(a: 1).preload(:customer) }\nend\n"
        )
        found = ruby.extract(source.encode()).facts
        (model,) = [fact for fact in found if isinstance(fact, ModelDefined)]
        (scope,) = [fact for fact in found if isinstance(fact, ScopeDefined)]
        assert [(r.name, r.loads) for r in model.relations] == [
            ("lines", (ANY_RELATION,)),
            ("notes", ()),
        ]
        assert scope.eager == ("customer",)

    def test_no_rows_are_no_list(self) -> None:
        assert self.visit("Order.none.paginate(page: 1).each { |o| puts o.customer.name }") == []

    def test_actions_leave_rows_for_their_views(self) -> None:
        source = (
            "class OrdersController < ApplicationController\n"
            "  before_action :load_shops, only: [:show]\n\n"
            "  def index\n    @orders = Order.where(a: 1)\n  end\n\n"
            "  def show\n    @order = Order.find(params[:id])\n    render :detail\n  end\n\n"
            "  private\n\n"
            "  def load_shops\n    @shops = Shop.where(a: 1)\n  end\nend\n"
        )
        found = ruby.extract(source.encode()).facts
        views = {
            (each.view, each.name, each.rows.model, each.rows.one)
            for each in found
            if isinstance(each, ViewRendered)
        }
        assert views == {
            ("index", "@orders", "Order", False),
            ("show", "@order", "Order", True),
            ("detail", "@order", "Order", True),
            ("show", "@shops", "Shop", False),
            ("detail", "@shops", "Shop", False),
        }


class TestEloquent:
    def facts(self, body: str) -> list[RowsVisited | ViewRendered]:
        source = (
            "<?php\nnamespace App\\Http\\Controllers;\nuse App\\Models\\Order;\n"
            "class OrderController {\n  public function show($x) {\n" + body + "\n  }\n}\n"
        )
        found = php.extract(source.encode())
        assert found.problem == ""
        return [fact for fact in found.facts if isinstance(fact, (RowsVisited, ViewRendered))]

    @pytest.mark.parametrize(
        "body",
        [
            "foreach (Order::where('a', 1)->get() as $o) { echo $o->customer->name; }",
            "$orders = Order::where('a', 1)->paginate(50);\nforeach ($orders as $i => $o) { echo $o->customer?->name; }",
            "$q = Order::query();\nif ($x) { $q->where('a', 1); }\n$orders = $q->get();\nforeach ($orders as $o) { echo $o->customer->name; }",
            "return Order::where('a', 1)->get()->map(fn (Order $o) => $o->customer->name);",
            "Order::where('a', 1)->get()->each(function ($o) { echo $o->customer->name; });",
        ],
    )
    def test_what_is_read_of_each_row(self, body: str) -> None:
        (found,) = self.facts(body)
        assert isinstance(found, RowsVisited)
        assert (found.rows.model, paths(found), found.rows.eager) == (
            "Order",
            ["customer.name"],
            (),
        )

    @pytest.mark.parametrize(
        ("call", "eager"),
        [
            ("->with('customer:id,name')", ("customer",)),
            ("->with(['customer.city', 'lines'])", ("customer.city", "lines")),
            ("->with(['lines' => fn ($q) => $q->latest()])", ("lines", f"lines.{ANY_RELATION}")),
            ("->with($names)", (ANY_RELATION,)),
            ("->with(self::NAMES)", (ANY_RELATION,)),
        ],
    )
    def test_what_is_loaded_along(self, call: str, eager: tuple[str, ...]) -> None:
        (found,) = self.facts(
            f"foreach (Order::where('a', 1){call}->get() as $o) {{ echo $o->customer->name; }}"
        )
        assert found.rows.eager == eager

    def test_what_is_loaded_later(self) -> None:
        (found,) = self.facts(
            "$orders = Order::where('a', 1)->get();\n$orders->load('customer');\n"
            "foreach ($orders as $o) { echo $o->customer->name; }"
        )
        assert found.rows.eager == ("customer",)

    @pytest.mark.parametrize(
        "body",
        [
            "foreach (Order::where('a', 1)->pluck('b') as $o) { echo $o->customer->name; }",
            "foreach (Order::where('a', 1)->limit(5)->get() as $o) { echo $o->customer->name; }",
            "foreach ($x as $o) { echo $o->customer->name; }",
            "foreach (Order::where('a', 1)->get() as $o) { $o->save(); }",
            "foreach (Order::where('a', 1)->get() as $o) { $o->customer = 1; echo $o->customer; }",
        ],
    )
    def test_what_is_no_list_of_objects_or_reads_nothing(self, body: str) -> None:
        assert self.facts(body) == []

    @pytest.mark.parametrize(
        "handed",
        ["compact('orders')", "['orders' => $orders]", "[])->with('orders', $orders"],
    )
    def test_views_are_handed_rows(self, handed: str) -> None:
        (found,) = self.facts(
            f"$orders = Order::where('a', 1)->get();\nreturn view('orders.index', {handed});"
        )
        assert isinstance(found, ViewRendered)
        assert (found.view, found.name, found.rows.model) == ("orders.index", "orders", "Order")

    def test_models_say_what_always_comes_along(self) -> None:
        source = (
            "<?php\nclass Order extends Model {\n  protected $with = ['customer'];\n"
            "  public function lines() {\n    return $this->hasMany(Line::class)->with('product');\n  }\n"
            "  public function notes() {\n    return $this->hasMany(Note::class);\n  }\n}\n"
        )
        found = php.extract(source.encode()).facts
        (model,) = [fact for fact in found if isinstance(fact, ModelDefined)]
        assert [(r.name, r.loads) for r in model.relations] == [
            ("lines", (ANY_RELATION,)),
            ("notes", ()),
        ]
        (scope,) = [fact for fact in found if isinstance(fact, ScopeDefined)]
        assert (scope.always, scope.eager) == (True, ("customer",))


@pytest.mark.parametrize(
    ("extract", "source"),
    [
        (ruby.extract, "class A\ndef x\n" + "Order.where(a: 1).each do |o|\n" * 200 + "o.b.c\n" * 9000 + "end\n" * 202),
        (php.extract, "<?php\nclass A { function x() {" + "foreach (Order::where('a',1)->get() as $o) {" * 200 + "echo $o->c->d;" * 9000 + "}" * 202),
        (python.extract, DJANGO + "def x():\n" + "    for o in Order.objects.filter(a=1): o.b.c\n" * 3000),
        (python.extract, DJANGO + "x = [" + "[o.b for o in " * 60 + "Order.objects.all()" + "]" * 61),
    ],
    ids=["ruby", "php", "python", "comprehensions"],
)  # fmt: skip
def test_hostile_loops_are_survived(extract: Callable[[bytes], FileFacts], source: str) -> None:
    started = time.process_time()
    problem = extract(source.encode()).problem
    assert problem in ("", "nested too deeply", "syntax not understood") or "too many" in problem
    assert time.process_time() - started < 10  # seconds; bounded by what is looked at, not squared
