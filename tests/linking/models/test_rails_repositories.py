"""Small applications of Rails, from their files to the indexes that their queries ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import Clause, QueryFound
from scaleaudit.index_use import judge_query
from scaleaudit.languages.ruby import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture

SCHEMA = """
ActiveRecord::Schema[7.1].define(version: 1) do
  create_table "users" do |t|
    t.string "email"
    t.string "type"
  end
  create_table "orders" do |t|
    t.bigint "user_id"
    t.string "code"
    t.string "name"
    t.datetime "paid_at"
    t.datetime "made_at"
    t.index ["user_id"]
  end
  create_table "order_lines" do |t|
    t.bigint "order_id"
    t.string "sku"
    t.index ["order_id"]
  end
  create_table "notes" do |t|
    t.string "noted_type"
    t.bigint "noted_id"
    t.bigint "author_id"
    t.index ["noted_type", "noted_id"]
  end
end
"""
MODELS = {
    "user.rb": "class User < ApplicationRecord\n  has_many :orders\n  has_many :notes, as: :noted\n"
    "  has_many :authors, through: :notes, source: :author\nend\n",
    "admin.rb": "class Admin < User\nend\n",
    "order.rb": "class Order < ApplicationRecord\n  belongs_to :user\n  has_many :lines, class_name: 'Order::Line'\n"
    "  scope :paid, -> { where.not(paid_at: nil) }\n  scope :late, -> { where('paid_at < ?', 1) }\n"
    "  scope :listed, -> { order(:name) }\nend\n",
    "order/line.rb": "class Order\n  class Line < ApplicationRecord\n    belongs_to :order\n  end\nend\n",
    "note.rb": "class Note < ApplicationRecord\n  belongs_to :noted, polymorphic: true\n"
    "  belongs_to :author, class_name: 'User'\nend\n",
}  # fmt: skip


def linked(code: str, schema: str = SCHEMA, **models: str) -> Architecture:
    texts = {"db/schema.rb": schema, "app/jobs/some_job.rb": code}
    texts |= {f"app/models/{name}": text for name, text in {**MODELS, **models}.items()}
    return link(
        {path: extract(text.encode()) for path, text in texts.items()},
        {path: SourceFile(path, "ruby", Role.SOURCE) for path in texts},
        "shop",
    )


def found(code: str, schema: str = SCHEMA, **models: str) -> list[tuple[QueryFound, set[str]]]:
    """The queries of a job, each with the columns that it asks an index of: `table.a,b`."""
    architecture = linked(code, schema, **models)
    result = []
    for site in architecture.sites(QueryFound):
        if site.at.path not in ("app/jobs/some_job.rb", "app/models/extra.rb"):
            continue
        query = site.fact
        tables = [t for t in map(architecture.schema.table, query.reads) if t is not None]
        wanted = {
            f"{judged.table.name}.{','.join(judged.verdict.columns)}"
            for judged in judge_query(query.predicates, tables, query.limited)
            if judged.verdict.is_problem
        }
        result.append((query, wanted))
    return result


def wanted(line: str) -> set[str]:
    several = found(f"class SomeJob\n  def perform(user, order)\n    {line}\n  end\nend\n")
    return set().union(*(columns for _, columns in several))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Order.find_by(code: x)", {"orders.code"}),
        ("Order.where(user_id: x).to_a", set()),
        ("Order.where(user: user).to_a", set()),
        ("User.find_by(email: x).orders.where(code: x)", {"users.email"}),
        ("user.orders.where(code: x)", set()),
        ("Order.where('paid_at < ?', 1)", {"orders.paid_at"}),
        ("Order.late.where(user_id: x)", set()),
        ("Order.order(:made_at).limit(5)", {"orders.made_at"}),
        ("Order.where(lines: { sku: x }).joins(:lines).to_a", {"order_lines.sku"}),
        ("Order.joins(:lines).where(order_lines: { sku: x })", {"order_lines.sku"}),
        ("Order.joins(:user).where('users.email = ?', 1)", {"users.email"}),
        ("Order::Line.where(sku: x)", {"order_lines.sku"}),
        ("Order.listed.page(params[:page])", {"orders.name"}),
        ("@pagy, @orders = pagy(Order.listed)", {"orders.name"}),
        ("Order.listed.to_a", set()),
        ("user.orders.listed.to_a", set()),
        ("user.authors.to_a", set()),
        ("Ghost.where(code: x)", set()),
    ],
)
def test_what_asks_for_an_index(line: str, expected: set[str]) -> None:
    assert wanted(line) == expected


def test_children_behind_a_polymorphic_table_are_found_by_both_columns() -> None:
    ((query, columns),) = found(
        "class A\n  def b(user)\n    user.authors.where(id: x)\n  end\nend\n"
    )
    asked = {(p.table, p.column) for p in query.predicates if p.clause is Clause.FILTER}
    assert {("notes", "noted_id"), ("notes", "noted_type")} <= asked
    assert columns == set()


def test_a_class_that_shares_a_table_asks_for_its_own_rows() -> None:
    code = "class A\n  def b(x)\n    Admin.where(email: x)\n  end\nend\n"
    ((query, columns),) = found(code)
    assert query.reads == ("users",)
    assert [p.column for p in query.predicates] == ["email"]
    assert columns == {"users.email"}
    mark = 't.string "type"\n'
    alone = SCHEMA.replace(mark, mark + '    t.index ["type"]\n')
    ((_, columns),) = found(code, alone)
    assert columns == {"users.email"}  # the class alone finds too many
    part = SCHEMA.replace(mark, mark + """    t.index ["email"], where: "type = 'Admin'"\n""")
    ((_, columns),) = found(code, part)
    assert columns == set()


def test_a_comparison_blind_to_case_by_engine() -> None:
    extra = "class Extra < ApplicationRecord\n  self.table_name = 'users'\n  validates :email, uniqueness: { case_sensitive: false }\nend\n"
    ((query, _),) = found("", **{"extra.rb": extra})
    assert [p.function for p in query.predicates] == ["lower"]
    mysql = SCHEMA.replace('"users" do', '"users", charset: "utf8mb4" do')
    ((query, _),) = found("", mysql, **{"extra.rb": extra})
    assert [p.function for p in query.predicates] == [""]
    citext = SCHEMA.replace('t.string "email"', 't.citext "email"')
    ((query, _),) = found("", citext, **{"extra.rb": extra})
    assert [p.function for p in query.predicates] == [""]


def test_a_class_that_no_dump_has_a_table_for_is_none() -> None:
    extra = "class Extra < ApplicationRecord\n  belongs_to :user\nend\n"
    several = found(
        "class A\n  def b\n    Extra.where(user_id: x)\n  end\nend\n", **{"extra.rb": extra}
    )
    assert [columns for _, columns in several] == [set()]


def test_a_scope_of_an_enumeration_is_no_gap() -> None:
    order = MODELS["order.rb"].replace("  belongs_to :user\n", "  enum :name, %i[small large]\n")
    code = "class A\n  def b(x)\n    Order.small.where(code: x).to_a\n  end\nend\n"
    ((query, columns),) = found(code, **{"order.rb": order})
    assert not query.partial
    assert {p.column for p in query.predicates} == {"name", "code"}
    assert columns == {"orders.code,name"} or columns == {"orders.code"}


def test_an_enumeration_that_nobody_asks_for_is_no_query() -> None:
    extra = "class Extra < ApplicationRecord\n  self.table_name = 'orders'\n  enum :name, %i[small large]\nend\n"
    assert found("", **{"extra.rb": extra}) == []


def test_tables_that_are_called_after_their_class() -> None:
    schema = SCHEMA.replace('"order_lines"', '"order_line"').replace('"orders"', '"order"')
    ((query, columns),) = found(
        "class A\n  def b(x)\n    Order.find_by(code: x)\n  end\nend\n", schema
    )
    assert (query.reads, columns) == (("order",), {"order.code"})


def test_rows_come_by_look_ups_that_make_them() -> None:
    several = found("class A\n  def b(x)\n    Note.find_or_create_by(author_id: x)\n  end\nend\n")
    assert [query.inserts for query, _ in several] == [(), ("notes",)]
    assert several[0][1] == {"notes.author_id"}


def test_nothing_is_folded_in_a_number() -> None:
    extra = "class Extra < ApplicationRecord\n  self.table_name = 'orders'\n  validates :user_id, uniqueness: { case_sensitive: false }\nend\n"
    ((query, columns),) = found("", **{"extra.rb": extra})
    assert [p.function for p in query.predicates] == [""]
    assert columns == set()


@pytest.mark.parametrize("value", ["x", "Order.where(user_id: x)"])
def test_a_record_of_any_class_is_found_by_its_class_too(value: str) -> None:
    assert wanted(f"Note.where(noted: {value}).to_a") == set()


@pytest.mark.parametrize(
    ("call", "columns"),
    [
        ("user.orders.of_code(x)", set()),  # of one user, whose key has an index
        ("Order.of_code(x)", {"code"}),
        ("order_class.of_code(x)", {"code"}),
        ("nil", {"code"}),  # nobody is seen to call it
    ],
)
def test_a_method_of_the_class_that_is_called_on_rows(call: str, columns: set[str]) -> None:
    method = "  def self.of_code(x)\n    find_by(code: x)\n  end\n"
    order = MODELS["order.rb"].replace("  scope :paid", f"{method}  scope :paid")
    called = f"class A\n  def b(user, x)\n    {call}\n  end\nend\n"
    queries = [site.fact for site in linked(called, **{"order.rb": order}).sites(QueryFound)]
    told = {
        p.column for q in queries if "of_code" in q.scope and not q.partial for p in q.predicates
    }
    assert told == columns


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("nothing", False),
        ("Extra.paid_late.to_a", True),
        ("Extra.public_send(:paid_late)", True),
        ("Extra.public_send(x.fetch('by', 'paid_late'))", True),
    ],
)
def test_a_scope_that_nothing_names_is_asked_by_nobody(use: str, told: bool) -> None:
    extra = (
        "class Extra < ApplicationRecord\n  self.table_name = 'orders'\n"
        "  scope :paid_late, -> { where('paid_at < ?', 1) }\nend\n"
    )
    queries = found(f"class A\n  def b(x)\n    {use}\n  end\nend\n", **{"extra.rb": extra})
    assert ({"orders.paid_at"} in [columns for _, columns in queries]) == told


@pytest.mark.parametrize(
    ("call", "columns"),
    [("user.orders.for_letter(x)", set()), ("Order.for_letter(x)", {"code"})],
)
def test_a_method_of_the_class_that_begins_with_a_scope(call: str, columns: set[str]) -> None:
    """It may be called on rows, as one that begins with `where`."""
    method = "  def self.for_letter(x)\n    Letter.new(coded(x).includes(:user))\n  end\n"
    scope = "  scope :coded, ->(x) { where(code: x) }\n"
    order = MODELS["order.rb"].replace("  scope :paid", f"{method}{scope}  scope :paid")
    called = f"class A\n  def b(user, x)\n    {call}\n  end\nend\n"
    queries = [site.fact for site in linked(called, **{"order.rb": order}).sites(QueryFound)]
    told = {
        p.column for q in queries if "for_letter" in q.scope and not q.partial for p in q.predicates
    }
    assert told == columns


def test_rows_of_a_branch_that_has_none_are_known_in_part() -> None:
    """What the other branch asks for narrows them."""
    code = (
        "class A\n  def b(shop, since)\n    orders = since ? shop.sold_orders_of_all : Order.none\n"
        "    orders.where(code: since).to_a\n  end\nend\n"
    )
    queries = [site.fact for site in linked(code).sites(QueryFound)]
    assert [q.partial for q in queries if "code: since" in q.text] == [True]


def test_the_kind_of_what_a_relation_leads_to_is_asked_for() -> None:
    user = MODELS["user.rb"].replace("end\n", "  has_many :returns\nend\n")
    code = "class A\n  def b(user)\n    user.returns.to_a\n  end\nend\n"
    schema = (
        "ActiveRecord::Schema[7.0].define do\n  create_table :orders do |t|\n"
        "    t.bigint :user_id\n    t.string :type\n    t.index %w[type user_id]\n  end\nend\n"
    )
    files = {"user.rb": user, "return.rb": "class Return < Order\nend\n"}
    queries = [site.fact for site in linked(code, schema=schema, **files).sites(QueryFound)]
    told = [{p.column for p in q.predicates} for q in queries if "returns" in q.text]
    assert told
    assert all(columns == {"type", "user_id"} for columns in told)


def test_no_kind_is_asked_of_a_record_of_one_class() -> None:
    assert wanted("Note.where(author: x).to_a") == {"notes.author_id"}


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("nothing", True),
        ("lists.merge(Extra.late).to_a", False),
        ("Extra.of_user(x).late", False),
        ("Extra.of_user(x)\n      .late.first", False),
        ("Extra.where(user_id: x).or(Extra.late).to_a", False),
    ],
)
def test_a_scope_that_only_narrows_others_is_no_query_of_its_own(use: str, told: bool) -> None:
    extra = (
        "class Extra < ApplicationRecord\n  self.table_name = 'orders'\n"
        "  scope :late, -> { where('paid_at < ?', 1) }\n"
        "  scope :of_user, ->(u) { where(user_id: u) }\nend\n"
    )
    several = found(f"class A\n  def b(x)\n    {use}\n  end\nend\n", **{"extra.rb": extra})
    assert ({"orders.paid_at"} in [columns for _, columns in several]) == told


def test_a_finder_of_the_model_itself_takes_the_place_of_the_made_one() -> None:
    code = "class A\n  def b(x)\n    User.find_by_email(x)\n  end\nend\n"
    ((query, _),) = found(code)
    assert not query.partial
    own = MODELS["user.rb"].replace(
        "end\n", "  def self.find_by_email(x)\n    matching(x).first\n  end\nend\n"
    )
    ((query, _),) = found(code, **{"user.rb": own})
    assert query.partial


def test_what_a_concern_declares_is_asked_of_each_class_that_includes_it() -> None:
    concern = (
        "module Coded\n  extend ActiveSupport::Concern\n  included do\n"
        "    validates :code, uniqueness: true\n  end\nend\n"
    )
    told = found(
        "",
        **{
            "extra.rb": concern,
            "order.rb": "class Order < ApplicationRecord\n  include Coded\nend\n",
            "order/line.rb": "class Order::Line < ApplicationRecord\n  include Coded\nend\n",
        },
    )
    asked = {p.table for query, _ in told for p in query.predicates if p.column == "code"}
    assert asked == {"orders"}  # the other has no such column


def test_a_class_that_several_files_open_is_one() -> None:
    again = "class Order < ApplicationRecord\n  def paid?\n    true\n  end\nend\n"
    code = "class SomeJob\n  def perform(user)\n    Order.find_by(code: x)\n    user.orders.find_by(name: x)\n  end\nend\n"
    told = found(
        code, **{"bank/order.rb": again, "shop/order.rb": MODELS["order.rb"], "order.rb": ""}
    )
    assert [columns for _, columns in told] == [{"orders.code"}, set()]
    assert [len(query.predicates) for query, _ in told] == [1, 2]


@pytest.mark.parametrize(
    ("module", "table"),
    [
        ("module Archived\n  def self.table_name_prefix\n    'archived_'\n  end\nend\n", "archived_orders"),
        (
            "module Archived\n  class << self\n    def table_name_prefix\n      'archived_'\n    end\n  end\nend\n",
            "archived_orders",
        ),
        ("module Archived\nend\n", "orders"),
        ("module Old\n  module Archived\n    def self.table_name_prefix\n      'archived_'\n    end\n  end\nend\n", "orders"),
    ],
)  # fmt: skip
def test_a_module_of_another_file_that_begins_the_names_of_tables(module: str, table: str) -> None:
    schema = SCHEMA.replace('create_table "notes"', 'create_table "archived_orders" do |t|\n    t.string "code"\n  end\n  create_table "notes"')  # fmt: skip
    models = {
        "archived.rb": module,
        "archived/order.rb": "class Archived::Order < ApplicationRecord\n  scope :dear, -> { where('total > ?', 1) }\nend\n",
    }
    [(query, asked)] = found("Archived::Order.find_by(code: x)", schema, **models)
    assert query.reads == (table,)
    assert asked == {f"{table}.code"}


def test_tables_called_by_plurals_of_the_project() -> None:
    table = (
        '  create_table "old_corpora" do |t|\n    t.bigint "user_id"\n    t.string "code"\n  end\n'
    )
    schema = SCHEMA.replace('  create_table "users"', f'{table}  create_table "users"')
    code = "class A\n  def b(user, x)\n    {}\n  end\nend\n"
    models = {
        "old_corpus.rb": "class OldCorpus < ApplicationRecord\nend\n",
        "user.rb": "class User < ApplicationRecord\n  has_many :old_corpora\nend\n",
    }
    rules = {
        "rules.rb": "ActiveSupport::Inflector.inflections do |inflect|\n"
        "  inflect.irregular 'corpus', 'corpora'\nend\n"
    }
    for line, columns in (
        ("OldCorpus.find_by(code: x)", {"old_corpora.code"}),
        ("User.where(email: x).joins(:old_corpora).to_a", {"users.email", "old_corpora.user_id"}),
    ):
        told = found(code.format(line), schema, **models, **rules)
        assert set().union(*(each for _, each in told)) == columns
        unruled = found(code.format(line), schema, **models)
        assert set().union(*(each for _, each in unruled)) == columns & {"users.email"}


@pytest.mark.parametrize(
    ("line", "more", "expected"),
    [
        ("Pin.find_by(token: x)", {}, {"pins.token"}),
        ("Board::Pin.find_by(token: x)", {}, {"board_pins.token"}),
        ("Other::Pin.find_by(token: x)", {}, set()),
        ("Pin.find_by(token: x)", {"pin.rb": "class Pin\nend\n"}, set()),
        ("Pin.find_by(token: x)", {"badge.rb": "class Badge < ApplicationRecord\n  self.table_name = 'pins'\nend\n"}, set()),
        ("Drop.find_by(token: x)", {}, set()),  # a class out of sight may leave out what is deleted
    ],
)  # fmt: skip
def test_models_that_come_with_a_gem(line: str, more: dict[str, str], expected: set[str]) -> None:
    made = "".join(
        f'  create_table "{name}" do |t|\n    t.string "token"\n{rest}  end\n'
        for name, rest in (
            ("pins", ""),
            ("board_pins", ""),
            ("drops", '    t.datetime "deleted_at"\n'),
        )
    )
    schema = SCHEMA.replace('  create_table "users"', f'{made}  create_table "users"')
    several = found(f"class A\n  def b(x)\n    {line}\n  end\nend\n", schema, **more)
    assert set().union(*(columns for _, columns in several)) == expected
