"""Models, scopes and queries of Active Record, as one file tells them."""

from __future__ import annotations

import pytest

from scaleaudit.facts import (
    Clause,
    Condition,
    ConstantDefined,
    ModelDefined,
    OrmQuery,
    QueryFound,
    RelationFact,
    ScopeDefined,
)
from scaleaudit.languages.ruby import extract
from scaleaudit.values import Literal


def facts(source: str) -> list[object]:
    return list(extract(source.encode()).facts)


def queries(source: str) -> list[OrmQuery]:
    return [each for each in facts(source) if isinstance(each, OrmQuery)]


def query(expression: str) -> OrmQuery:
    """What is looked for; what a look-up makes where it finds nothing is left out."""
    every = queries(f"class A\n  def b(params, x)\n    {expression}\n  end\nend\n")
    (found,) = every if len(every) == 1 else [each for each in every if not each.inserts]
    return found


def model(body: str, opening: str = "class Order < ApplicationRecord") -> ModelDefined:
    (found,) = [f for f in facts(f"{opening}\n{body}\nend\n") if isinstance(f, ModelDefined)]
    return found


def scopes(body: str) -> dict[str, ScopeDefined]:
    found = facts(f"class Order < ApplicationRecord\n{body}\nend\n")
    return {each.name: each for each in found if isinstance(each, ScopeDefined)}


def told(conditions: tuple[Condition, ...]) -> list[str]:
    """`model:function(path) operator`, with the branch of its OR."""
    found = []
    for each in conditions:
        path = f"{each.function}({each.path})" if each.function else each.path
        place = f" |{each.group}.{each.branch}" if each.alternative else ""
        owner = f"{each.model}:" if each.model else ""
        assert (each.clause is Clause.SORT) == (each.operator == "sort")
        found.append(f"{owner}{path} {each.operator}{place}")
    return found


def asked(expression: str) -> list[str]:
    return told(query(expression).conditions)


# -- conditions


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Order.where(state: 1, user_id: x).to_a", ["state =", "user_id ="]),
        ("Order.where(:state => 1)", ["state ="]),
        ("Order.where('state' => x)", ["state ="]),
        ("Order.where(paid_at: nil)", ["paid_at is-null"]),
        ("Order.where(state: [1, 2])", ["state in"]),
        ("Order.where(user_id: users.pluck(:id))", ["user_id in"]),
        ("Order.where(paid_at: a..b)", ["paid_at between"]),
        ("Order.where(paid_at: a..)", ["paid_at >="]),
        ("Order.where(lines: { sku: x })", ["lines.sku ="]),
        ("Order.where('lines.sku' => x)", ["lines:sku ="]),
        ("Order.where.not(state: 1, paid_at: nil)", ["state !=", "paid_at is-not-null"]),
        ("Order.where(user: x)", ["user ="]),
        ("Order.find_by(code: x)", ["code ="]),
        ("Order.find_by!(code: x)", ["code ="]),
        ("Order.\n  where(code: x).\n  to_a", ["code ="]),
        ("Order.find_or_create_by(code: x)", ["code ="]),
        ("Order.find_by_code_and_state(x, 1)", ["code =", "state ="]),
        ("Order.find_all_by_code(x)", ["code ="]),
        ("Order.exists?(code: x)", ["code ="]),
        ("Order.delete_by(code: x)", ["code ="]),
        ("Order.where(paid_at: nil).or(Order.where(state: 1))", ["paid_at is-null |1.1", "state = |1.2"]),
        (
            "Order.where(user_id: x, a: 1).or(Order.where(user_id: x, b: 1))",
            ["user_id =", "a = |1.1", "b = |1.2"],
        ),
    ],
)  # fmt: skip
def test_conditions(expression: str, expected: list[str]) -> None:
    assert asked(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Order.where('paid_at < ?', x)", ["paid_at <"]),
        ("Order.where(['paid_at < ?', x])", ["paid_at <"]),
        ("Order.where('paid_at < :now', now: x)", ["paid_at <"]),
        ("Order.where('lines.sku = ? AND state IS NULL', x)", ["lines:sku =", "state is-null"]),
        ("Order.where('LOWER(code) = ?', x)", ["lower(code) ="]),
        ("Order.where('a = ? OR b = ?', 1, 2)", ["a = |1.1", "b = |1.2"]),
        ('Order.where("#{Line.table_name}.sku = ?", x)', ["Line:sku ="]),
        ('Order.where("#{Shop::Line.table_name}.sku = ?", x)', ["Shop.Line:sku ="]),
        ('Order.where("user_id = #{x.id}")', ["user_id ="]),
        ("Order.where.not('state = ?', 1)", ["state !="]),
        ("Order.joins('JOIN l ON l.order_id = orders.id').where(a: 1)", ["l:order_id in", "a ="]),
        ("Order.where(Order.arel_table[:paid_at].gt(x))", ["Order:paid_at >"]),
        (
            "Order.where(Order.arel_table[:a].eq(nil).or(Line.arel_table[:b].in(x)))",
            ["Order:a is-null |1.1", "Line:b in |1.2"],
        ),
        ("Order.where(Order.arel_table[:code].lower.eq(x))", ["Order:lower(code) ="]),
    ],
)
def test_fragments_and_arel(expression: str, expected: list[str]) -> None:
    assert asked(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Order.order(:paid_at)", ["paid_at sort"]),
        ("Order.order(paid_at: :desc, id: :asc)", ["paid_at sort", "id sort"]),
        ("Order.order('orders.paid_at DESC, code')", ["orders:paid_at sort", "code sort"]),
        ("Order.order(Arel.sql('lower(code) desc'))", ["lower(code) sort"]),
        ("Order.order(Order.arel_table[:paid_at].desc)", ["Order:paid_at sort"]),
        ("Order.order('random()')", []),
        ("Order.reorder(lines: { sku: :asc })", ["lines.sku sort"]),
    ],
)
def test_sorts(expression: str, expected: list[str]) -> None:
    assert asked(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Order.find(:all, :conditions => ['state = ?', 1], :order => 'code')", ["state =", "code sort"]),
        ("Order.find :first, :include => :user, :conditions => { :a => 1 }", ["a ="]),
        ("Order.count(:conditions => 'state = 1')", ["state ="]),
        ("Order.update_all('state = 1', ['code = ?', x])", ["code ="]),
        ("Order.delete_all(:state => 1)", ["state ="]),
    ],
)  # fmt: skip
def test_finders_of_old_versions(expression: str, expected: list[str]) -> None:
    assert asked(expression) == expected


def test_what_is_built_at_run_time_is_partial() -> None:
    assert query("Order.where(params)").partial
    assert query("Order.where(state: 1, **params)").partial
    assert query('Order.where("state = 1 AND #{x}")').partial
    assert not query('Order.where("state = #{x}")').partial
    assert not query("Order.where(state: x)").partial
    assert query("Order.from(rows.select(:id)).pluck(:id)").partial


# -- what a chain does


def flags(expression: str) -> set[str]:
    found = query(expression)
    names = ("limited", "aggregate", "grouped", "streamed", "writes", "deletes", "inserts")
    return {name for name in names if getattr(found, name)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Order.where(a: 1).limit(5).to_a", {"limited"}),
        ("Order.where(a: 1).first", {"limited"}),
        ("Order.where(a: 1).page(2)", {"limited"}),
        ("Order.where(a: 1).count", {"aggregate"}),
        ("Order.where(a: 1).sum(:b)", {"aggregate"}),
        ("Order.where(a: 1).group(:b).count", {"aggregate", "grouped"}),
        ("Order.where(a: 1).find_each { |o| o.x }", {"streamed"}),
        ("Order.where(a: 1).update_all(b: 1)", {"writes"}),
        ("Order.where(a: 1).delete_all", {"writes", "deletes"}),
        ("Order.where(a: 1).to_a", set()),
        ("Order.where(a: 1).map { |o| o.x }", set()),
        ("render json: Order.where(a: 1)", set()),
        ("@orders = Order.where(a: 1)", {"streamed"}),  # who goes on with it loads it
    ],
)
def test_results(expression: str, expected: set[str]) -> None:
    assert flags(expression) == expected


def test_rows_that_are_made() -> None:
    assert query("Order.create!(a: 1)").inserts
    assert query("x.orders.create(a: 1)").via == ("orders",)
    made = queries("def a\n  order = Order.new(a: 1)\n  order.save!\nend\n")
    assert [each.inserts for each in made] == [True]
    assert queries("def a\n  raise Fault::Error.new('x') unless order.save\nend\n") == []


def test_joins_and_scopes() -> None:
    found = query("Order.paid.joins(:user, lines: :product).includes([:tags]).recent.where(a: 1)")
    assert found.loads == ("user", "lines", "lines.product", "tags")
    assert found.scopes == ("paid", "recent")


def test_other_objects_are_none() -> None:
    assert queries("A.new.where(1)\nx.select { |a| a.b }\nlist.first\nHash.new.where(a: 1)") == []
    assert queries("def a(x)\n  x.where(a: 1)\nend\n") == []  # nobody knows of what


# -- where a chain starts


def starts(source: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    return [(each.model, each.via, told(each.conditions)) for each in queries(source)]


def test_relations_of_records() -> None:
    assert starts("def a(user)\n  user.orders.where(a: 1)\nend\n") == [("", ("orders",), ["a ="])]
    assert starts("def a\n  user = User.find(1)\n  user.orders.where(a: 1)\nend\n") == [
        ("User", ("orders",), ["a ="])
    ]
    assert starts("def a\n  User.find_by(code: 1).orders.where(a: 1)\nend\n") == [
        ("User", (), ["code ="]),
        ("User", ("orders",), ["a ="]),
    ]
    each = "def a\n  User.where(b: 1).each do |user|\n    user.orders.where(a: 1)\n  end\nend\n"
    assert starts(each) == [("User", (), ["b ="]), ("User", ("orders",), ["a ="])]
    assert [found.in_loop for found in queries(each)] == [False, True]


def test_instance_variables_that_another_method_sets() -> None:
    source = (
        "class C\n  def show\n    @user.orders.where(a: 1)\n  end\n"
        "  def load\n    @user = User.find(1)\n  end\nend\n"
    )
    assert starts(source) == [("User", ("orders",), ["a ="])]


def test_implicit_self() -> None:
    source = (
        "class Order < ApplicationRecord\n"
        "  def self.latest(x)\n    where(a: x).first\n  end\n"
        "  class << self\n    def one\n      find_by(b: 1)\n    end\n  end\n"
        "  def same\n    self.class.where(c: c)\n  end\n"
        "  def own\n    lines.where(d: 1)\n  end\n"
        "  def other\n    user.orders.where(e: 1)\n  end\n"
        "  def none\n    where(f: 1)\n  end\n"
        "end\n"
    )
    assert starts(source) == [
        ("Order", (), ["a ="]),
        ("Order", (), ["b ="]),
        ("Order", (), ["c ="]),
        ("Order", ("lines",), ["d ="]),
        ("Order", ("user", "orders"), ["e ="]),
    ]


# -- variables


def test_a_query_is_told_when_it_is_whole() -> None:
    source = "def a\n  q = Order.where(a: 1)\n  q = q.where(b: 1)\n  q.order(:c).limit(5)\nend\n"
    assert starts(source) == [("Order", (), ["a =", "b =", "c sort"])]


def test_a_branch_is_a_query_of_its_own() -> None:
    source = (
        "def a(x)\n  q = Order.where(a: 1)\n  q = q.where(b: 1) if x\n"
        "  if x\n    q = q.where(c: 1)\n  end\n  q.order(:d).to_a\nend\n"
    )
    assert starts(source) == [
        ("Order", (), ["a =", "b ="]),
        ("Order", (), ["a =", "c ="]),
        ("Order", (), ["a =", "d sort"]),
    ]


def test_either_of_two_beginnings() -> None:
    source = (
        "def a(x)\n  if x\n    q = Order.where(a: 1)\n  else\n    q = Order.where(b: 1)\n  end\n"
        "  q.order(:c).to_a\nend\n"
    )
    assert starts(source) == [
        ("Order", (), ["a =", "c sort"]),
        ("Order", (), ["b =", "c sort"]),
    ]


def test_what_is_handed_on_is_told_as_it_is() -> None:
    source = (
        "def a(x)\n  q = Order.where(a: 1)\n  if x\n    @b = q.where(b: 1)\n  end\n  show(q)\nend\n"
    )
    assert starts(source) == [("Order", (), ["a ="]), ("Order", (), ["a =", "b ="])]


def test_a_method_of_the_file_that_gives_back_a_query() -> None:
    source = (
        "class C\n  def index\n    base.where(b: 1).limit(2)\n  end\n"
        "  def base\n    Order.where(a: 1)\n  end\nend\n"
    )
    assert starts(source) == [("Order", (), ["a =", "b ="])]


# -- scopes


def test_scopes() -> None:
    found = scopes(
        "  scope :paid, -> { where.not(paid_at: nil) }\n"
        "  scope :of, ->(x) do\n    y = x\n    where(user_id: y)\n  end\n"
        "  scope :late, (lambda do |at|\n    where('due_at < ?', at).order(:due_at)\n  end)\n"
        "  scope :open, proc { paid.where(a: 1) }\n"
        "  scope :any, ->(x) { x ? where(b: x) : all }\n"
        "  scope :shut, -> { where(a: 1).or(where(b: 2)) }\n"
        "  named_scope :old, :conditions => { :a => 1 }, :order => 'b'\n"
        "  named_scope :older, lambda { |x| { :conditions => ['a < ?', x] } }\n"
        "  default_scope { where(deleted_at: nil) }\n"
        "  def self.recent(x)\n    return none unless x\n    where(c: x).limit(3)\n  end\n"
        "  def self.total\n    where(d: 1).count\n  end\n"
    )
    assert {name: told(each.conditions) for name, each in found.items()} == {
        "paid": ["paid_at is-not-null"],
        "of": ["user_id ="],
        "late": ["due_at <", "due_at sort"],
        "open": ["a ="],
        "any": ["b ="],
        "shut": ["a = |1.1", "b = |1.2"],
        "old": ["a =", "b sort"],
        "older": ["a <"],
        "default_scope": ["deleted_at is-null"],
        "recent": ["c ="],
    }
    assert found["open"].scopes == ("paid",)
    assert found["default_scope"].always
    assert not found["paid"].always
    assert found["recent"].limited
    assert {each.owner for each in found.values()} == {"Order"}


def test_a_scope_is_no_query_where_it_stands() -> None:
    body = "  scope :a, -> { where(a: 1) }\n  def self.b\n    where(b: 1)\n  end\n"
    assert queries(f"class Order < ApplicationRecord\n{body}end\n") == []


# -- models


def relations(body: str) -> dict[str, RelationFact]:
    return {each.name: each for each in model(body).relations}


def test_models() -> None:
    assert model("").bases == ("ApplicationRecord",)
    assert model("", "class Order < ActiveRecord::Base").bases == ()
    assert model("  self.table_name = 'old_orders'").table == "old_orders"
    assert model("  set_table_name :old_orders").table == "old_orders"
    assert model('  self.table_name = "#{table_name_prefix}old"').table == "old"
    assert model("  self.abstract_class = true").abstract
    assert model("", "class Shop::Order < ApplicationRecord").name == "Shop.Order"
    assert model("  alias_attribute :total, :sum").fields[0].column == "sum"
    gone = model("  alias_attribute :gone?, :deleted_at?").fields[0]
    assert (gone.name, gone.column) == ("gone", "deleted_at")
    single = model("  validates :x, presence: true", "class Return < Order")
    assert (single.bases, single.same_table) == (("Order",), False)
    assert model("", "class Return < Order").same_table  # nothing says what it is but its base


def test_a_module_with_a_prefix() -> None:
    source = (
        "module Shop\n  def self.table_name_prefix\n    'shop_'\n  end\n"
        "  class OrderLine < ApplicationRecord\n  end\nend\n"
    )
    module, found = [each for each in facts(source) if isinstance(each, ModelDefined)]
    assert (module.name, module.abstract, module.default_table) == ("Shop", True, "shop_")
    assert (found.name, found.default_table) == ("Shop.OrderLine", "shop_order_lines")


@pytest.mark.parametrize(
    "opening",
    [
        "class OrderSerializer < ActiveModel::Serializer",
        "class OrderResource < JSONAPI::Resource",
        "class OrdersController < ApplicationController",
        "class CreateOrders < ActiveRecord::Migration[7.0]",
        "class Order",
        "module OrderHelper",
    ],
)
def test_classes_that_are_no_models(opening: str) -> None:
    source = f"{opening}\n  has_many :lines\nend\n"
    assert [each for each in facts(source) if isinstance(each, ModelDefined)] == []


def test_associations() -> None:
    found = relations(
        "  belongs_to :user\n"
        "  belongs_to :buyer, class_name: 'Shop::Person', foreign_key: :person_id\n"
        "  belongs_to :subject, polymorphic: true\n"
        "  has_many :lines, -> { order(:position) }, dependent: :destroy\n"
        "  has_many :notes, as: :noted\n"
        "  has_many :products, through: :lines, source: :article\n"
        "  has_many :visits, inverse_of: :target\n"
        "  has_one :invoice, :foreign_key => 'sold_id'\n"
        "  has_and_belongs_to_many :tags\n"
        "  has_and_belongs_to_many :offers, join_table: 'x', association_foreign_key: 'y_id'\n"
        "  with_options class_name: 'Mail', dependent: :delete_all do\n    has_many :mails\n  end\n"
    )
    shape = {
        name: (r.kind, r.target, r.column, r.through, r.discriminator) for name, r in found.items()
    }
    assert shape == {
        "user": ("belongs-to", "User", "user_id", "", ""),
        "buyer": ("belongs-to", "Shop.Person", "person_id", "", ""),
        "subject": ("belongs-to", "", "subject_id", "", "subject_type"),
        "lines": ("has-many", "Line", "order_id", "", ""),
        "notes": ("has-many", "Note", "noted_id", "", "noted_type"),
        "products": ("has-many", "Article", "", "lines", ""),
        "visits": ("has-many", "Visit", "", "", ""),
        "invoice": ("has-one", "Invoice", "sold_id", "", ""),
        "tags": ("many-to-many", "Tag", "order_id", "orders_tags", ""),
        "offers": ("many-to-many", "Offer", "order_id", "x", ""),
        "mails": ("has-many", "Mail", "order_id", "", ""),
    }
    assert found["visits"].inverse == "target"
    assert (found["tags"].other_column, found["offers"].other_column) == ("tag_id", "y_id")
    assert not any(each.indexed or each.constrained for each in found.values())


def test_what_an_association_adds_to_its_loading() -> None:
    source = (
        "class Order < ApplicationRecord\n"
        "  has_many :lines, -> { where(gone: false).order(:position) }\n"
        "  has_many :mails, :conditions => ['a = ?', 1], :order => 'b'\n"
        "  has_many :tags\nend\n"
    )
    assert starts(source) == [
        ("Order", ("lines",), ["gone =", "position sort"]),
        ("Order", ("mails",), ["a =", "b sort"]),
    ]


def test_concerns() -> None:
    source = (
        "module Noted\n  extend ActiveSupport::Concern\n  included do\n    has_many :notes, as: :noted\n"
        "    scope :noted, -> { where(noted: true) }\n  end\n"
        "  class_methods do\n    def with(x)\n      where(x: x)\n    end\n  end\nend\n"
    )
    found = facts(source)
    (concern,) = [each for each in found if isinstance(each, ModelDefined)]
    assert (concern.name, concern.abstract) == ("Noted", True)
    assert concern.relations[0].name == "notes"
    assert [(s.owner, s.name) for s in found if isinstance(s, ScopeDefined)] == [
        ("Noted", "noted"),
        ("Noted", "with"),
    ]
    assert model("  include Noted").bases == ("ApplicationRecord", "Noted")


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("validates :code, uniqueness: true", ["code ="]),
        ("validates :code, uniqueness: { scope: [:user_id, :a] }", ["code =", "user_id =", "a ="]),
        ("validates :code, uniqueness: { case_sensitive: false }", ["any-case(code) ="]),
        ("validates_uniqueness_of :code, :scope => :user_id", ["code =", "user_id ="]),
        (
            "validates :code, uniqueness: { conditions: -> { where(a: nil) } }",
            ["code =", "a is-null"],
        ),
        ("acts_as_list scope: :user", ["user_id =", "position sort"]),
        (
            "acts_as_list scope: 'user_id = #{user_id} AND state = \\'open\\''",
            ["user_id =", "state =", "position sort"],
        ),
        ("acts_as_authentic", ["persistence_token ="]),
        ("devise :token_authenticatable", ["authentication_token ="]),
        ("friendly_id :title, use: :slugged", ["slug ="]),
        ("friendly_id :title, use: :finders", ["title ="]),
        ("friendly_id :title, use: :scoped, scope: :shop", ["shop =", "slug ="]),
        ("devise :recoverable", ["reset_password_token ="]),
        ("has_ancestry", ["ancestry ="]),
        ("acts_as_nested_set scope: :root_id", ["root_id =", "lft >=", "rgt <=", "lft sort"]),
    ],
)
def test_queries_that_declarations_make(declaration: str, expected: list[str]) -> None:
    source = f"class Order < ApplicationRecord\n  {declaration}\nend\n"
    assert starts(source) == [("Order", (), expected)]


def test_slugs_that_the_settings_of_all_classes_decide_on() -> None:
    assert starts("class Order < ApplicationRecord\n  friendly_id :title\nend\n") == []


@pytest.mark.parametrize(
    ("declaration", "column"),
    [
        ("acts_as_tree order: 'name'", "parent_id"),
        ("has_closure_tree", "parent_id"),
        ("has_closure_tree parent_column_name: 'above_id'", "above_id"),
        ("acts_as_tree foreign_key: :above_id", "above_id"),
    ],
)
def test_trees_are_associations(declaration: str, column: str) -> None:
    found = relations(f"  {declaration}\n")
    assert {name: (r.kind, r.target, r.column) for name, r in found.items()} == {
        "parent": ("belongs-to", "Order", column),
        "children": ("has-many", "Order", column),
    }


def test_a_class_that_is_given_as_such() -> None:
    found = relations("  has_many :notes, anonymous_class: Shop::Remark\n")
    assert found["notes"].target == "Shop.Remark"


def test_devise_looks_for_addresses_that_are_not_confirmed_yet() -> None:
    source = "class User < ApplicationRecord\n  devise :confirmable\nend\n"
    assert [asked for _, _, asked in starts(source)] == [
        ["confirmation_token ="],
        ["unconfirmed_email ="],
    ]
    facts = extract(source.encode()).facts
    assert [f.seldom for f in facts if isinstance(f, OrmQuery)] == [False, True]


def test_a_list_of_rows_that_are_not_known_is_no_query() -> None:
    assert starts("class Order < ApplicationRecord\n  acts_as_list scope: rows_of(1)\nend\n") == []


def test_a_class_by_another_name() -> None:
    source = "class Report\n  OrderModel = ::Shop::Order\n  def rows\n    OrderModel.where(a: x).to_a\n  end\nend\n"
    assert starts(source) == [("Shop.Order", (), ["a ="])]


def test_the_block_of_a_look_up_fills_in_a_new_row() -> None:
    found = query("Order.find_or_create_by(code: x) { |order| order.state = y }")
    assert (told(found.conditions), found.partial) == (["code ="], False)


def test_soft_deletion_is_on_every_query() -> None:
    found = scopes("  acts_as_paranoid")["default_scope"]
    assert (found.always, told(found.conditions)) == (True, ["deleted_at is-null"])


# -- input that nobody writes


@pytest.mark.parametrize(
    "source",
    [
        "class A < ApplicationRecord\n" + "  scope :a, -> { a }\n" * 2_000 + "end",
        "q = Order.where(a: 1)" + ".where(a: 1)" * 5_000,
        "q = q.where(a: 1)\n" * 3_000,
        "def a\n  a.where(a: 1)\nend\ndef b\n  a.where(b: 1)\nend\n",
        "Order.where(" + "{a: " * 2_000 + "1" + "}" * 2_000 + ")",
        "Order.where(" * 3_000,
        "class A < ApplicationRecord\n  has_many\n  scope\n  validates\n  default_scope\nend",
        "class A < ApplicationRecord\n  self.table_name = \n",
        "Order.where(\xff => 1)",
        "x = x.where(a: 1).each { |x| x.y.where(b: 1) }",
    ],
)
def test_bounded(source: str) -> None:
    assert len(facts(source)) < 5_000


# -- patterns, chance, enumerations, pages


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('Order.where("code LIKE ?", "%#{x}%").to_a', ["code contains"]),
        ('Order.where("code LIKE ?", "#{x}%").to_a', ["code like"]),
        ('Order.where("code LIKE ?", x).to_a', ["code search"]),
        ('Order.where(["state = ? AND code LIKE ?", 1, "%#{x}"]).to_a', ["state =", "code contains"]),
        ('Order.where("LOWER(code) LIKE :q", q: "%#{x}%").to_a', ["lower(code) contains"]),
        ('q = "%#{x}%"; Order.where("code ILIKE ? OR name ILIKE ?", q, q).to_a',
         ["code contains |1.1", "name contains |1.2"]),
        ('Order.where("code LIKE ?", "%" + x + "%").to_a', ["code contains"]),
        ('Order.where(Order.arel_table[:code].matches("%#{x}%"))', ["Order:code contains"]),
        ('Order.where(Order.arel_table[:code].matches("#{x}%"))', ["Order:code search"]),
    ],
)  # fmt: skip
def test_patterns(expression: str, expected: list[str]) -> None:
    assert asked(expression) == expected


def test_a_hole_inside_quotes_hides_no_condition() -> None:
    found = query("Order.where(\"name ILIKE '%#{params[:q]}%'\").to_a")
    assert (told(found.conditions), found.partial) == (["name contains"], False)


@pytest.mark.parametrize(
    ("expression", "shuffled"),
    [
        ('Order.order("RANDOM()").first', True),
        ('Order.order(Arel.sql("RAND()")).limit(3).to_a', True),
        ('Order.order("RAND(7)").first', False),
        ('Order.order(:code).order("RANDOM()").first', False),
        ("Order.order(:code).first", False),
    ],
)
def test_sorted_by_chance(expression: str, shuffled: bool) -> None:
    assert query(expression).shuffled is shuffled


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("enum status: { open: 0, closed: 1 }", {"open", "not_open", "closed", "not_closed"}),
        ("enum :status, %i[open]", {"open", "not_open"}),
        ("enum :status, { open: 0 }, prefix: true", {"status_open", "not_status_open"}),
        ("enum :status, open: 0, suffix: :order", {"open_order", "not_open_order"}),
        ('enum status: ["on hold"], _prefix: :is', {"is_on_hold", "not_is_on_hold"}),
        ("KINDS = %w[open].freeze\nenum status: KINDS", {"open", "not_open"}),
        ("enum :status, %i[open], scopes: false", set()),
        ("enum status: kinds", set()),
    ],
)
def test_enumerations_give_scopes(body: str, expected: set[str]) -> None:
    found = scopes(body)
    assert set(found) == expected
    for name, scope in found.items():
        operator = "!=" if name.startswith("not_") else "="
        assert told(scope.conditions) == [f"status {operator}"]
        assert scope.implied


def test_states_of_aasm_and_what_modules_give() -> None:
    found = scopes(
        "include AASM\naasm column: :state do\n  state :open, initial: true\n  state :sent, :paid\nend"
    )
    assert {name: told(scope.conditions) for name, scope in found.items()} == {
        "open": ["state ="],
        "sent": ["state ="],
        "paid": ["state ="],
    }
    kept = scopes("include Discard::Model")
    assert told(kept["kept"].conditions) == ["discarded_at is-null"]


def test_pages_of_scopes() -> None:
    found = query("Order.recent.page(params[:page])")
    assert (found.model, found.scopes, found.limited) == ("Order", ("recent",), True)
    (found,) = queries("class A\n  def b\n    @pagy, @all = pagy(Order.order(:code))\n  end\nend\n")
    assert (told(found.conditions), found.limited) == (["code sort"], True)
    assert query("Order.order(:code)").limited is False


def test_a_statement_is_no_attribute() -> None:
    assert not [
        q for q in queries("class A\n def b(x)\n Order.find_by_sql(x)\n end\nend") if q.conditions
    ]


HANDED = """
class OrdersController
  def index
    render json: filtered(Order.where(shop_id: params[:shop]))
  end

  private

  def filtered(orders)
    orders = orders.where(code: params[:code])
    orders.order(:paid_at).limit(20)
  end
end
"""


def test_a_query_handed_to_a_method_of_the_file() -> None:
    (found,) = queries(HANDED)
    assert (found.model, found.limited) == ("Order", True)
    assert told(found.conditions) == ["shop_id =", "code =", "paid_at sort"]
    unknown = HANDED.replace("filtered(Order", "filtered(params[:x]) && filtered(Order")
    assert [told(each.conditions) for each in queries(unknown)] == [["shop_id ="]]


@pytest.mark.parametrize(
    ("expression", "makes"),
    [
        ("Order.find_or_create_by(code: x)", True),
        ("Order.where(code: x).first_or_create!", True),
        ("Order.find_or_create_by_code(x)", True),
        ("Order.where(paid_at: nil).order(:id).first_or_create!", False),
        ("Order.find_or_initialize_by(code: x)", False),
        ('Order.find_or_create_by(code: "first")', False),
    ],
)
def test_look_ups_that_make_rows(expression: str, makes: bool) -> None:
    found = queries(f"class A\n  def b(x)\n    {expression}\n  end\nend\n")
    assert [each.inserts for each in found] == ([False, True] if makes else [False])


GROWING = """
class A
  def b(x)
    conds = "state = 1"
    {}
    Order.where(conds).to_a
  end
end
"""


@pytest.mark.parametrize(
    ("line", "expected", "partial"),
    [
        ('conds << " AND code = 2"', ["state =", "code ="], False),
        ('conds << " AND code = 2" if x', ["state ="], False),
        ("conds << x", ["state ="], True),
        ('if x then conds << " AND code = 2" else conds << " AND name = 2" end', ["state ="], True),
        ('x.each {{ |y| conds << " AND code = 2" }}', ["state ="], True),
    ],
)
def test_fragments_that_grow(line: str, expected: list[str], partial: bool) -> None:
    (found,) = queries(GROWING.format(line.replace("{{", "{").replace("}}", "}")))
    assert (told(found.conditions), found.partial) == (expected, partial)


def test_and_with_a_relation_of_the_same_model() -> None:
    code = """
    class Order < ApplicationRecord
      def self.waiting(from)
        where(state: :open).and(where(checked_at: from).or(where(checked_at: nil))).first
      end
    end
    """
    found = [each for each in extract(code.encode()).facts if isinstance(each, OrmQuery)]
    assert [[c.path for c in each.conditions] for each in found] == [
        ["state", "checked_at", "checked_at"]
    ]


@pytest.mark.parametrize(
    ("source", "seldom"),
    [
        ("def a\n  Rails.cache.fetch('a', expires_in: 1.hour) do\n    $\n  end\nend\n", True),
        ("def a\n  @cache.fetch(key) { $ }\nend\n", True),
        ("def a\n  ask\nrescue Timeout::Error\n  $\nend\n", True),
        ("def a\n  params.fetch(:a) { $ }\nend\n", False),
        ("def a\n  rows.each do |row|\n    $\n  end\nend\n", False),
    ],
)
def test_what_a_cache_answers_is_asked_seldom(source: str, seldom: bool) -> None:
    found = facts(source.replace("$", "Order.find_by(code: x)"))
    assert [each.seldom for each in found if isinstance(each, OrmQuery)] == [seldom]


def test_a_method_of_the_class_may_be_asked_of_a_part_of_the_rows() -> None:
    source = "class Order < ApplicationRecord\n  def self.newest\n    {}\n  end\nend\n"
    (found,) = queries(source.format("order(:created_at).last"))
    assert found.partial
    (found,) = queries(source.format("find_by(code: 1)"))
    assert not found.partial


@pytest.mark.parametrize(
    ("body", "seldom"),
    [
        ("Rails.cache.fetch('a') { $('SELECT id FROM shops WHERE city = 1') }", True),
        ("Rails.cache.fetch('a') do\n $(<<~SQL)\n  SELECT id FROM shops WHERE city = 1\n SQL\nend", True),
        ("shops.each { $('SELECT id FROM shops WHERE city = 1') }", False),
    ],
)  # fmt: skip
def test_statements_that_a_cache_answers_are_asked_seldom(body: str, seldom: bool) -> None:
    found = facts(f"def run\n{body.replace('$', 'connection.select_all')}\nend\n")
    assert [each.seldom for each in found if isinstance(each, QueryFound)] == [seldom]


@pytest.mark.parametrize(
    ("name", "body", "made"),
    [
        ("self.taken", "create!(code: x)", [True]),
        ("self.taken", "order = create(code: x)\n    order.notify", [True]),
        ("self.taken", "create! do |order|\n      order.code = x\n    end", [True]),
        ("taken", "create!(code: x)", []),  # of a record
    ],
)
def test_a_class_makes_rows_of_itself(name: str, body: str, made: list[bool]) -> None:
    of_class = f"class Order < ApplicationRecord\n  def {name}(x)\n    {body}\n  end\nend\n"
    assert [each.inserts for each in queries(of_class)] == made
    assert queries(of_class.replace(" < ApplicationRecord", "")) == []


CHOSEN = """class Orders
  def read(x, y)
    filter = %s
    Order.where(filter).to_a
  end
end
"""


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ('x ? ["code = ?", x] : { state: y }', [["code"], ["state"]]),
        ('if x\n ["code = ?", x]\n elsif y\n { state: y }\n end', [["code"], ["state"]]),
        ('x ? ["code = ?", x] : nil', [["code"]]),
        ('x ? ["code = ?", x] : others', []),  # of which nothing is known
    ],
)
def test_one_of_several_conditions_in_a_variable(choice: str, expected: list[list[str]]) -> None:
    known = [each for each in queries(CHOSEN % choice) if not each.partial]
    assert [[c.path for c in each.conditions] for each in known] == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("irregular 'corpus', 'corpora'", {"corpus": "corpora"}),
        ("irregular('day_off', 'days_off')", {"day_off": "days_off"}),
        (r"plural /^(.*)([Hh])edron$/i, '\1\2edra'", {"edron": "edra"}),
        (r"singular /([Hh])edra\z/i, '\1edron'", {"edron": "edra"}),
        (r"plural /^(yak)$/i, '\1en'", {"yak": "yaken"}),
        (r"plural(/yak$/i, '\0en')", {"yak": "yaken"}),
        (r"plural %r{^Yak}, '\0s'", {}),
        (r"plural /([aeiou])$/i, '\1s'", {}),
        ("uncountable %w( bison moss )", {"bison": "bison", "moss": "moss"}),
        ("acronym 'API'", {}),
        ("# inflect.irregular 'goose', 'geese'", {}),
    ],
)
def test_plurals_of_the_project(rule: str, expected: dict[str, str]) -> None:
    text = f"ActiveSupport::Inflector.inflections(:en) do |inflect|\n  inflect.{rule}\nend\n"
    facts = extract(text.encode()).facts
    told = [fact for fact in facts if isinstance(fact, ConstantDefined)]
    assert {
        fact.name.rpartition(".")[2]: fact.value.text
        for fact in told
        if isinstance(fact.value, Literal)
    } == expected


@pytest.mark.parametrize(
    ("line", "body", "found"),
    [
        ("LoanType < Library::Base", "belongs_to :desk", True),
        ("LoanType < Library::Base", "field :desk, String", False),
        ("LoanType < Types::BaseObject", "belongs_to :desk", False),
        ("LoanForm < Library::Base", "validates :desk, presence: true", False),
        ("LoanSerializer < Library::Base", "belongs_to :desk", False),
    ],
)
def test_models_called_as_other_classes_are(line: str, body: str, found: bool) -> None:
    models = [e for e in facts(f"class {line}\n  {body}\nend\n") if isinstance(e, ModelDefined)]
    assert bool(models) is found
