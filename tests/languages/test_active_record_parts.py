"""Queries of Active Record that are a part of something: of others, of what several methods build."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, Condition, OrmQuery, RowsVisited, ScopeDefined
from scaleaudit.languages.ruby import extract


def queries(source: str) -> list[OrmQuery]:
    return [f for f in extract(source.encode()).facts if isinstance(f, OrmQuery)]


def in_method(*lines: str) -> list[OrmQuery]:
    return queries("class A\n  def b(x)\n    " + "\n    ".join(lines) + "\n  end\nend\n")


def test_a_method_of_the_class_is_called_on_whatever_rows_there_are() -> None:
    source = """
class Order < ApplicationRecord
  def self.customers
    Customer.where(id: pluck(:customer_id))
  end

  def self.kinds
    distinct.pluck(:kind)
  end

  def self.rare
    where(rare: true).to_a
  end

  def self.export
    Order.pluck(:customer_id)
  end
end
"""
    told = {each.scope: (each.partial, each.grouped) for each in queries(source)}
    assert told == {
        "Order.customers": (True, False),
        "Order.kinds": (True, True),
        "Order.rare": (False, False),
        "Order.export": (False, False),
    }


BUILDER = """
class Search
  def call
    @orders = Order.where(state: 1)
    filter_customer!
    @orders
  end

  private
  def filter_customer!
    @orders = @orders.where(customer_id: customer)
  end
end
"""
CALLER = """
class Search
  def call
    setup!
    filter_customer!
  end

  def setup!
    @orders = Order.where(state: 1)
  end

  def filter_customer!
    @orders = @orders.where(customer_id: customer)
  end
end
"""
CONTROLLER = """
class OrdersController
  before_action :set_orders

  def index
    @orders = @orders.where(state: 1)
  end

  def late
    @orders = @orders.where(late: true)
  end

  def set_orders
    @orders = Order.where(shop_id: shop)
  end
end
"""


@pytest.mark.parametrize("source", [BUILDER, CALLER])
def test_what_several_methods_build_is_known_in_part(source: str) -> None:
    first, last = queries(source)
    assert first.partial
    assert not last.partial  # nobody else adds to it


def test_actions_of_a_controller_do_not_call_each_other() -> None:
    assert {each.partial for each in queries(CONTROLLER)} == {False}


def test_rows_that_are_loaded_are_a_whole_query() -> None:
    (found, *_) = queries(BUILDER.replace("(state: 1)", "(state: 1).to_a"))
    assert not found.partial


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ("Line.where('lines.order_id = orders.id')", [("order_id", Clause.FILTER, "")]),
        ("Shop::Line.where('shop_lines.order_id = orders.id')", [("order_id", Clause.FILTER, "")]),
        (
            "Line.joins(:order).where('lines.order_id = orders.id')",
            [("order_id", Clause.JOIN, "lines"), ("id", Clause.JOIN, "orders")],
        ),
        (
            "Line.joins('JOIN orders').where('lines.order_id = orders.id')",
            [("order_id", Clause.JOIN, "lines"), ("id", Clause.JOIN, "orders")],
        ),
    ],
)
def test_a_row_of_the_query_around_is_compared_with(
    chain: str, expected: list[tuple[str, Clause, str]]
) -> None:
    (found,) = in_method(f"{chain}.where(open: true)")
    told = [(c.path, c.clause, c.model) for c in found.conditions if c.path != "open"]
    assert told == expected


def test_a_subquery_of_the_fragment_is_no_row_around() -> None:
    text = "EXISTS (SELECT 1 FROM lines WHERE lines.order_id = orders.id)"
    (found,) = in_method(f"Order.where('{text}').to_a")
    assert "order_id" in {c.path for c in found.conditions}
    (found,) = in_method(f"Order.where('flags > 1').where('{text}').to_a")
    assert not found.partial


def test_a_column_of_no_certain_table_leaves_the_rest_unknown() -> None:
    (found,) = in_method("Line.where('orders.id = order_id').where(open: true).to_a")
    assert found.partial


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Order.made_by(x).unpaid", ("made_by", "unpaid")),
        ("Order.made_by(x)\n      .unpaid(1)", ("made_by", "unpaid")),
        ("Order.made_by(x).unpaid.first", ("made_by", "unpaid")),
    ],
)
def test_scopes_on_scopes_are_a_query(line: str, expected: tuple[str, ...]) -> None:
    (found,) = in_method(line)
    assert (found.model, found.scopes) == ("Order", expected)


def test_methods_of_the_library_on_a_class_are_no_scopes() -> None:
    assert in_method("Mailer.welcome(x).deliver_later", "Report.new(x).run") == []


@pytest.mark.parametrize(
    "line",
    [
        "lines.merge(Shop::Order.unpaid).to_a",
        "user.lines.merge(Shop::Order.unpaid).to_a",
        "Line.where(a: 1).or(Shop::Order.unpaid.where(b: 1)).to_a",
    ],
)
def test_scopes_of_queries_inside_are_mentioned(line: str) -> None:
    assert "Shop.Order.unpaid" in {name for each in in_method(line) for name in each.beside}


def test_a_finder_of_the_model_itself_is_told() -> None:
    source = (
        "class User < ApplicationRecord\n  def self.find_by_name(x)\n    any(x).first\n  end\nend\n"
    )
    concern = source.replace("def self.", "def ").replace(
        "  def", "  concerning :Names do\n  class_methods do\n  def"
    )
    for each in (source, concern.replace("  end\nend\n", "  end\n  end\n  end\nend\n")):
        facts = extract(each.encode()).facts
        (scope,) = [f for f in facts if isinstance(f, ScopeDefined)]
        assert (scope.owner, scope.name) == ("User", "find_by_name")
        assert scope.partial
        assert scope.implied


def test_the_row_that_all_rows_of_a_list_share_is_loaded_once() -> None:
    source = (
        "class A\n  def b\n    docs = Document.where(track_id: @track.id, kind: 'x')\n"
        "    docs.each { |d| puts d.track.name, d.author.name }\n  end\nend\n"
    )
    (visit,) = [f for f in extract(source.encode()).facts if isinstance(f, RowsVisited)]
    assert visit.rows.eager == ("track",)


def test_a_condition_is_kept_as_it_is_without_a_query_around() -> None:
    (found,) = in_method("Line.where(order_id: x).to_a")
    assert found.conditions == (Condition("order_id", "="),)


HANDED_BACK = """
class OrdersController
  def index
    orders = of_day(Order.where(shop: 1))
    orders = sorted(orders, true)
    orders.where(code: x).first
  end

  def of_day(scope)
    return scope unless day
    scope.where(day: day)
  end

  def sorted(scope, late)
    scope = scope.where(late: true) if late
    scope.order(:number)
  end
end
"""


def test_a_query_goes_on_through_the_methods_that_it_is_handed_to() -> None:
    found = queries(HANDED_BACK)
    assert [([c.path for c in f.conditions], f.partial) for f in found] == [
        (["shop", "day", "number", "code"], False),
        (["shop", "day", "late"], False),
    ]


def test_a_branch_that_leaves_what_it_is_handed_as_it_is_narrows_for_itself() -> None:
    source = """
class OrdersController
  def index
    orders = of_day(Order.where(shop: 1), day)
    orders.order(:number).limit(5)
  end

  def of_day(scope, day)
    if day.nil?
      scope
    elsif day == "never"
      raise ArgumentError
    else
      scope.where(day: day)
    end
  end
end
"""
    found = queries(source)
    assert [([c.path for c in f.conditions], f.limited) for f in found] == [
        (["shop", "number"], True),
        (["shop", "day"], False),
    ]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("def other(scope)\n    scope = scope.joins(:lines)\n    scope.where(a: 1)\n  end", [True]),
        ("def other(scope)\n    Line.where(order: scope)\n  end", []),
        ("def other(scope)\n    scope.to_a\n  end", []),
        ("def other(scope)\n    scope\n  end", []),
        ("def other(scope)\n    x ? scope : Line.where(order: scope)\n  end", []),
        ("def other(scope)\n    x ? scope.where(a: 1) : scope.where(b: 1)\n  end", []),
        ("def other(*scopes)\n    scopes.where(a: 1)\n  end", []),
    ],
)
def test_a_method_that_does_more_gives_back_what_is_known(
    method: str, expected: list[bool]
) -> None:
    source = f"class A\n  def b\n    other(Order.where(c: 1)).where(d: 1).first\n  end\n  {method}\nend\n"
    last = [f.partial for f in queries(source) if "d" in [c.path for c in f.conditions]]
    assert last == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("policy_scope(Order).order(:at).limit(3)", [("Order", ["at"])]),
        ("policy_scope([:admin, Order]).where(code: x).first", [("Order", ["code"])]),
        ("Pundit.policy_scope!(x, Order).where(code: x).to_a", [("Order", ["code"])]),
        ("authorized_scope(Order.where(shop_id: x)).where(code: x).to_a", [("Order", ["shop_id", "code"])]),
        ("Desk.policy_scope(x, Order).where(code: x).to_a", [("Desk", ["code"])]),
        ("policy_scope(x).where(code: x).to_a", []),
    ],
)  # fmt: skip
def test_rows_that_a_policy_lets_somebody_see(
    line: str, expected: list[tuple[str, list[str]]]
) -> None:
    found = in_method(line)
    assert [(f.model, [c.path for c in f.conditions]) for f in found] == expected
    assert all(each.partial or each.scopes for each in found)


def test_what_a_policy_leaves_is_narrowed_later() -> None:
    found = in_method("orders = policy_scope(Order)", "orders.where(code: x).to_a")
    assert [(f.model, [c.path for c in f.conditions], f.partial) for f in found] == [
        ("Order", ["code"], True)
    ]


GIVEN_BACK = """
class Duplicates
  class << self
    def same(person, shop)
      people_of(shop, person).where(born: person.born).first
    end

    def people_of(shop, person)
      found = Person.where(shop: shop)
      found = found.where.not(id: person.id) if person.persisted?
      found
    end
  end
end
"""


def test_a_query_goes_on_from_what_a_method_makes_of_other_things() -> None:
    found = [([c.path for c in f.conditions], f.model, f.limited) for f in queries(GIVEN_BACK)]
    assert (["shop", "born"], "Person", True) in found


CHOSEN = """
class OrdersController < ApplicationController
  NAMES = { "n" => "number", "p" => :price }.freeze
  def index
    @orders = Order.order(ORDER).limit(5)
  end
  def column
    COLUMN
  end
  def direction
    %w[asc desc].include?(params[:way]) ? params[:way] : "desc"
  end
end
"""


@pytest.mark.parametrize(
    ("order", "column", "usual", "offered"),
    [
        ('column + " " + direction', 'params[:sort] || "placed_at"', ["placed_at"], []),
        ('"#{column} #{direction}"', '%w[total kind].include?(params[:sort]) ? params[:sort] : "placed_at"',
         ["placed_at"], ["total", "kind"]),
        ('Arel.sql("#{column} #{direction}")', 'NAMES.fetch(params[:sort], "placed_at")',
         ["placed_at"], ["number", "price"]),
        ("column => :desc", 'NAMES[params[:sort]] || "placed_at"', ["placed_at"], ["number", "price"]),
        ("column", 'case params[:sort]\\n    when "n" then "number"\n    else "placed_at"\n    end',
         ["placed_at"], ["number"]),
        ("column", "params[:sort].presence_in(NAMES.values)", [], ["number", "price"]),
        ("column", "params[:sort]", [], []),
        ("column", 'names.include?(params[:sort]) ? params[:sort] : "placed_at"\n  end\n\n'
         "  def names\n    %w[total kind]", ["placed_at"], ["total", "kind"]),
        ("column", 'names.include?(params[:sort]) ? params[:sort] : "placed_at"\n  end\n\n'
         "  def names\n    names", ["placed_at"], []),
        ("column", '%w[total kind].exclude?(params[:sort]) ? "placed_at" : params[:sort]',
         ["placed_at"], ["total", "kind"]),
        ("column", '{ "n" => "number", "p" => PRICE }.fetch(params[:sort], "placed_at")',
         ["placed_at"], ["number"]),
    ],
)  # fmt: skip
def test_orders_that_are_chosen(
    order: str, column: str, usual: list[str], offered: list[str]
) -> None:
    """By the file's own method: what stands when nothing is chosen, and what may be."""
    found = queries(CHOSEN.replace("ORDER", order).replace("COLUMN", column))
    plain = [c.path for q in found if not q.offered for c in q.conditions]
    assert plain == usual
    assert [c.path for q in found if q.offered for c in q.conditions] == offered
    assert all(q.partial for q in found if q.offered)


def test_pages_of_what_a_variable_holds() -> None:
    source = """
class OrdersController
  def index
    @orders = Order.order(:placed_at)
    @orders = @orders.page(params[:page])
    @paged = api.page(2)
  end
end
"""
    assert [([c.path for c in q.conditions], q.limited) for q in queries(source)] == [
        (["placed_at"], True)
    ]
