"""Conditions that are gathered before a query takes them, and queries that objects begin with."""

from __future__ import annotations

import pytest

from scaleaudit.facts import OrmQuery, QueryFound, ScopeDefined, TableDefined
from scaleaudit.languages.ruby import extract


def queries(source: str) -> list[OrmQuery]:
    return [f for f in extract(source.encode()).facts if isinstance(f, OrmQuery)]


def asked(source: str) -> list[str]:
    """`a =, b >=` of each query; `?` where something else may be asked too."""
    return [
        ", ".join(f"{c.path} {c.operator}" for c in query.conditions) + " ?" * query.partial
        for query in queries(source)
    ]


def in_method(*lines: str) -> list[str]:
    return asked("class A\n  def b(x)\n    " + "\n    ".join(lines) + "\n  end\nend\n")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("by = { a: x }", "by[:b] = x", "Order.where(by).to_a"), ["a =, b ="]),
        (("by = {}", "by[:a] = x", "by['b'] = 1", "Order.find_by(by)"), ["a =, b ="]),
        (("by = { a: x }", "by[:b] = x if x", "Order.where(by).to_a"), ["a =", "a =, b ="]),
        (
            ("by = {}", "by[:a] = x if x", "by.merge!(b: x) unless x", "Order.where(by).to_a"),
            [" ?", "a =", "b ="],
        ),
        (("by = { a: x }.merge(b: x)", "Order.where(by).to_a"), ["a =, b ="]),
        (("by = { a: x }", "by = by.merge(b: x)", "Order.where(by).to_a"), ["a =, b ="]),
        (("Order.where({ a: x, b: y }.compact).to_a",), [" ?", "a =", "b ="]),
        (("Order.where(a: x, **{ b: y }).to_a",), ["a =, b ="]),
        (("Order.where(params.permit(:a, :b)).to_a",), [" ?", "a =", "b ="]),
        (("Order.find_or_initialize_by(params.permit(:a, :b))",), ["a =, b ="]),
        (("by = {}", "by[:a] = x if x", "Order.find_by(by)"), [" ?", "a ="]),
        # what is not known
        (("by = { a: x }", "more(by)", "Order.where(by).to_a"), ["a = ?"]),
        (("by = { a: x }", "by[x] = 1", "Order.where(by).to_a"), ["a = ?"]),
        (("by = { a: x, b: 1 }", "by.delete(:b)", "Order.where(by).to_a"), ["a =, b = ?"]),
        (("by = { a: x }.merge(x)", "Order.where(by).to_a"), ["a = ?"]),
        (("by = { a: x } if x", "by = other", "Order.where(by).to_a"), [" ?"]),
    ],
)
def test_hashes_that_are_gathered(lines: tuple[str, ...], told: list[str]) -> None:
    assert in_method(*lines) == told


def test_a_hash_that_a_method_of_the_file_gathers() -> None:
    source = """
    class Changes
      def all
        LinkChange.order(:id).where(by_params).limit(9)
      end

      def by_params
        query = { link_type: params.fetch(:link_type) }
        if params[:source]
          query[:source_id] = params[:source]
        end
        query
      end
    end
    """
    assert asked(source) == [
        "id sort, link_type =",
        "id sort, link_type =, source_id =",
    ]
    given = source.replace("by_params", "by_params(params, kind: 1)").replace(
        "def by_params(params, kind: 1)", "def by_params(params, kind: nil)"
    )
    assert asked(given) == asked(source)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ('found = ["a = ?"]', 'found += ["b > ?"]', 'Order.where(found.join(" AND "), x).to_a'),
            ["a =, b >"],
        ),
        (
            ("found = []", 'found << "a = ?" if x', 'found.push("b = 1") if x',
             'Order.where([found.join(" and "), x]).to_a'),
            [" ?", "a =", "b ="],
        ),
        (('Order.where(["a = ?", "b = ?"].join(" AND "), x, x).to_a',), ["a =, b ="]),
        # what is not known
        (('found = ["a = 1"]', 'found << x', 'Order.where(found.join(" AND ")).to_a'), ["a = ?"]),
        (('found = ["a = 1"]', 'more(found)', 'Order.where(found.join(" AND ")).to_a'), ["a = ?"]),
        (('Order.where(["a = ?", "b = ?"].join(" OR "), x, x).to_a',), [" ?"]),
    ],
)  # fmt: skip
def test_fragments_that_a_list_gathers(lines: tuple[str, ...], told: list[str]) -> None:
    assert in_method(*lines) == told


def test_a_scope_with_conditions_that_may_be_given() -> None:
    source = """
    class Order < ApplicationRecord
      def self.matching(params)
        by = { shop_id: params[:shop] }
        by[:code] = params[:code] if params[:code]
        where(by)
      end
    end
    """
    (scope,) = [f for f in extract(source.encode()).facts if isinstance(f, ScopeDefined)]
    assert [c.path for c in scope.conditions] == ["shop_id"]
    assert [[c.path for c in option.conditions] for option in scope.options] == [["code"]]


def test_a_parameter_that_only_branches_extend() -> None:
    source = """
    class EventsController
      def index
        @events = narrowed(Event.all)
      end

      def narrowed(events)
        events = events.where(kind: params[:kind]) if params[:kind]
        events = events.where("seen_at >= ?", params[:from]) if params[:from]
        events
      end
    end
    """
    assert asked(source) == ["kind =", "seen_at >="]


@pytest.mark.parametrize(
    "given", ["relation = Order.all", "relation = Order", "relation: Order.all", "relation: Order"]
)
def test_an_object_that_begins_with_a_query(given: str) -> None:
    source = f"""
    class OrdersQuery
      attr_reader :filters, :relation

      def initialize({given})
        @relation = relation
      end

      def late
        relation.where("due_at < ?", Time.now).order(:due_at)
      end

      def of(customer)
        @relation.where(customer_id: customer)
      end
    end
    """
    assert asked(source) == ["due_at <, due_at sort", "customer_id ="]
    assert {query.model for query in queries(source)} == {"Order"}


def test_nothing_is_known_of_a_query_that_somebody_hands_over() -> None:
    source = """
    class OrdersQuery
      def initialize(relation)
        @relation = relation
      end

      def late
        @relation.where(due_at: nil)
      end
    end
    """
    assert asked(source) == []


def test_a_statement_with_its_values_in_a_list() -> None:
    source = b"""
    class Order < ApplicationRecord
      def self.raw(x)
        find_by_sql(["SELECT * FROM orders WHERE code = ?", x])
        connection.execute(["SELECT * FROM orders", "WHERE code = 1"].join(" "))
      end
    end
    """
    found = [f for f in extract(source).facts if isinstance(f, QueryFound)]
    assert [(q.text, q.partial) for q in found] == [
        ("SELECT * FROM orders WHERE code = ?", False),
        ("SELECT * FROM orders", True),
    ]


def test_a_table_of_clickhouse() -> None:
    source = b"""
    class CreateLogs < ActiveRecord::Migration[7.1]
      def change
        options = "MergeTree PRIMARY KEY (shop_id, logged_at)"
        create_table :logs, id: false, options: do |t|
          t.string :shop_id
        end
      end
    end
    """
    (table,) = [f for f in extract(source).facts if isinstance(f, TableDefined)]
    assert (table.table, table.dialect) == ("logs", "clickhouse")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "enumerize :state, in: [:open, :sent], scope: true",
            {"with_state": "state in", "without_state": "state not-in"},
        ),
        (
            "enumerize :state, in: %w[open], scope: :having_state",
            {"having_state": "state in", "without_state": "state not-in"},
        ),
        ("enumerize :state, in: [:open], scope: :shallow", {"open": "state =", "not_open": "state !="}),
        ("enumerize :state, in: [:open]", {}),
        (
            "state_machine :status, initial: :open do\n  event(:send) { }\nend",
            {"with_status": "status in", "with_statuses": "status in",
             "without_status": "status not-in", "without_statuses": "status not-in"},
        ),
    ],
)  # fmt: skip
def test_scopes_that_states_of_gems_give(body: str, told: dict[str, str]) -> None:
    source = f"class Order < ApplicationRecord\n{body}\nend\n"
    scopes = [f for f in extract(source.encode()).facts if isinstance(f, ScopeDefined)]
    found = {s.name: ", ".join(f"{c.path} {c.operator}" for c in s.conditions) for s in scopes}
    assert found == told
    assert all(scope.implied for scope in scopes)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Order.all.then { |found| found.where(a: x) }.to_a", "a ="),
        ("Order.where(b: x).tap { |found| found.where!(a: x) if x }", "b =, a ="),
        ("[Order].each { |model| model.where(a: x).delete_all }", "a ="),
        ("Order.order(Arel.sql('CASE WHEN a = 1 THEN 0 END'), :b).limit(3)", ""),
        ("Order.order(x, :b).limit(3)", ""),
        ("Order.order(x => :desc, b: :asc).limit(3)", ""),
        ("Order.order(:a).reorder(:b).limit(3)", "b sort"),
        ("Order.where(name => x).to_a", " ?"),
        ("Order.where('orders.a' => x, \"#{x}_id\" => 1).to_a", "a = ?"),
    ],
)
def test_blocks_orders_and_keys(line: str, told: str) -> None:
    assert told in in_method(line)
    assert all("x" not in each and "b" not in each for each in in_method(line) if not told)


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("COALESCE(invoices.shop_id, customers.shop_id) = ?", ["a ="]),
        ("coalesce(orders.b, orders.c) = ?", ["a = ?"]),  # the table may have an index on it
    ],
)
def test_the_first_value_of_several_tables(fragment: str, told: list[str]) -> None:
    assert in_method(f'Order.where("{fragment}", x).where(a: x).to_a') == told


def test_a_column_of_ones_own_for_what_is_discarded() -> None:
    source = b"""
    class ApplicationRecord < ActiveRecord::Base
      include Discard::Model
      self.discard_column = :deleted_at
      default_scope { kept }
    end
    """
    scopes = {f.name: f for f in extract(source).facts if isinstance(f, ScopeDefined)}
    assert [c.path for c in scopes["kept"].conditions] == ["deleted_at"]
    assert scopes["with_discarded"].conditions == ()
    assert scopes["default_scope"].scopes == ("kept",)
