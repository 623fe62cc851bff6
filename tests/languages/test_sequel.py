"""Sequel: migrations, models, data sets."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound, ScopeDefined
from scaleaudit.languages.ruby import extract
from scaleaudit.schemas.replay import replay

ORDERS = """
Sequel.migration do
  change do
    create_table(:orders) do
      primary_key :id
      foreign_key :user_id, :users, null: false, index: true
      foreign_key :shop_id, :shops
      String :code, unique: true
      String :name, size: 20, null: false
      DateTime :made_at
      column :data, :jsonb
      jsonb :more
      Uuid :batch_id
      index [:name, :made_at], unique: true
      index :made_at, name: :by_time
    end
    create_join_table(order_id: :orders, tag_id: :tags)
  end
end
"""
LATER = """
Sequel.migration do
  up do
    alter_table(:orders) do
      add_column :state, String, index: true
      add_index [:shop_id, :state]
      drop_index :made_at, name: :by_time
      drop_column :more
      rename_column :data, :body
    end
    add_index :orders, :name
  end
  down do
    drop_table(:orders)
  end
end
"""


def test_migrations() -> None:
    files = (("db/001.rb", ORDERS), ("db/002.rb", LATER))
    tables = replay((path, extract(text.encode())) for path, text in files).tables
    orders = tables["orders"]
    assert {(column.name, column.type, column.nullable) for column in orders.columns} == {
        ("id", "INT", False),
        ("user_id", "INT", False),
        ("shop_id", "INT", True),
        ("code", "VARCHAR", True),
        ("name", "VARCHAR", False),
        ("made_at", "TIMESTAMP", True),
        ("body", "JSONB", True),
        ("batch_id", "UUID", True),
        ("state", "VARCHAR", True),
    }
    assert {(i.columns, i.unique, i.primary) for i in orders.indexes} == {
        (("id",), True, True),
        (("user_id",), False, False),
        (("code",), True, False),
        (("name", "made_at"), True, False),
        (("state",), False, False),
        (("shop_id", "state"), False, False),
        (("name",), False, False),
    }
    assert {(key.columns, key.table) for key in orders.foreign_keys} == {
        (("user_id",), "users"),
        (("shop_id",), "shops"),
    }
    assert [index.columns for index in tables["orders_tags"].indexes] == [
        ("order_id", "tag_id"),
        ("tag_id", "order_id"),
    ]


def test_migrations_through_blocks_loops_and_conditions() -> None:
    steps = """
Sequel.migration do
  no_transaction
  names = %i[users teams]
  up do
    %i[users teams].each do |table|
      create_table(table) do
        primary_key :id
        String :code
        String :state
      end
      add_index table, %i[code state], name: :"#{table}_by_code"
    end
    { users: :login, teams: :slug }.each do |table, column|
      alter_table(table) { add_column column, String }
    end
    if database_type == :postgres
      with_timeout(self) do
        add_index :users, :login, concurrently: true
        alter_table(:teams) do
          add_index :slug, unique: true, where: {state: nil}
          add_index :code, where: Sequel.~(state: "gone"), name: :known
        end
      end
    end
  end
end
"""
    tables = replay([("db/migrate/1.rb", extract(steps.encode()))]).tables
    assert [(i.columns, i.name) for i in tables["users"].indexes if not i.primary] == [
        (("code", "state"), "users_by_code"),
        (("login",), "users_login_index"),
    ]
    assert [(i.columns, i.unique, i.where) for i in tables["teams"].indexes if not i.primary] == [
        (("code", "state"), False, ""),
        (("slug",), True, "state IS NULL"),
        (("code",), False, "state <> 'gone'"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "class AddUsers < Sequel::Migration",
        "Class.new Sequel::Migration do",
        "Class.new(Sequel::Migration) do",
        "AddUsers = Class.new(::Sequel::Migration) do",
    ],
)
def test_migrations_that_are_classes_of_any_name(head: str) -> None:
    steps = (
        f"{head}\n  def up\n    create_table :users do\n      primary_key :id\n      String :code\n"
        "    end\n  end\n  def down\n    drop_table :users\n  end\nend\n"
    )
    tables = replay([("db/1.rb", extract(steps.encode()))]).tables
    assert [c.name for c in tables["users"].columns] == ["id", "code"]


def test_constraints_are_dropped_without_their_columns() -> None:
    first = """
Sequel.migration do
  change do
    create_table :orders do
      primary_key :id
      Integer :user_id
      String :code
      foreign_key [:user_id], :users, name: :fk_orders_user
      unique [:code], name: :uq_code
    end
  end
end
"""
    later = """
Sequel.migration do
  up do
    alter_table :orders do
      drop_foreign_key [:user_id], name: :fk_orders_user
      drop_constraint :uq_code, type: :unique
    end
  end
end
"""
    files = [("db/1.rb", extract(first.encode())), ("db/2.rb", extract(later.encode()))]
    orders = replay(files).tables["orders"]
    assert [c.name for c in orders.columns] == ["id", "user_id", "code"]
    assert not orders.foreign_keys
    assert not [i for i in orders.indexes if not i.primary]


def test_other_files_are_no_migrations() -> None:
    assert extract(b"create_table(:orders) do\n  String :a\nend\n").facts == ()


def queries(code: str) -> list[tuple[str, list[str], bool]]:
    """(model, conditions, whether limited) of each query of a method."""
    found = extract(f"class A\n  def b(x, db)\n    {code}\n  end\nend\n".encode()).facts
    return [
        (
            each.model,
            [f"{c.model}:{c.path} {c.operator}".removeprefix(":") for c in each.conditions],
            each.limited,
        )
        for each in found
        if isinstance(each, OrmQuery)
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Order.where(code: x).all", ["code ="]),
        ("Order.exclude(state: x).order(:made_at).all", ["state !=", "made_at sort"]),
        ("Order.where { made_at > x }.all", ["made_at >"]),
        ("Order.where { (made_at > x) & (state =~ nil) }.all", ["made_at >", "state is-null"]),
        ("Order.where(Sequel[:made_at] > x).all", ["made_at >"]),
        ("Order.where(Sequel[:orders][:code] => x).all", ["orders:code ="]),
        ("Order.where(Sequel.lit('made_at > ?', x)).all", ["made_at >"]),
        ("Order.where(Sequel.ilike(:name, x)).all", ["name search"]),
        ("Order.order(Sequel.desc(:made_at)).all", ["made_at sort"]),
        ("Order.where(a: x).reverse(:made_at).all", ["a =", "made_at sort"]),
        ("Order.where(Sequel.expr(:made_at) < x).all", ["made_at <"]),
        ("Order.where(Sequel.&({ a: x }, { b: x })).all", ["a =", "b ="]),
        ("Order.where(Sequel.~(a: nil)).all", ["a is-not-null"]),
        ("Order.reverse(:made_at).where(a: x).all", ["made_at sort", "a ="]),
        ("Order.dataset.where(a: x).for_update.all", ["a ="]),
        ("Order.filter { made_at > x }.all", ["made_at >"]),
        ("Order.where(a: x).filter { (made_at > x) & (b =~ 1) }.all", ["a =", "made_at >", "b ="]),
        ("Order.reverse(:made_at).all", ["made_at sort"]),
        ("Order.where(Sequel.expr(a: x) & Sequel.expr(b: x)).all", ["a =", "b ="]),
        ("Order.where(a: x).join(:users, id: :user_id).all", ["a =", "users:id =", "user_id ="]),
    ],
)
def test_conditions(code: str, expected: list[str]) -> None:
    assert queries(code) == [("Order", expected, False)]


@pytest.mark.parametrize(
    "code", ["Order.first(code: x)", "Order.find(code: x)", "Order[code: x]", "Order.where(code: x).first", "Order.first!(code: x)"]
)  # fmt: skip
def test_one_row(code: str) -> None:
    assert queries(code) == [("Order", ["code ="], True)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Order.filter('made_at > ?', x).any?", ["made_at >"]),
        ('Order.filter("made_at > ? and state = ?", x, y).all', ["made_at >", "state ="]),
        ("Order.filter('told_at IS NULL').first", ["told_at is-null"]),
        ("Paint.filter('blur', x)", []),
    ],
)
def test_a_text_that_filters(code: str, expected: list[str]) -> None:
    assert queries(code) == ([("Order", expected, "all" not in code)] if expected else [])


def test_a_method_that_gives_back_the_class() -> None:
    code = """
class OrdersController
  def index
    orders.where(code: x).first
  end

  private

  def orders
    found = Order
    found = found.open if x
    found
  end
end
"""
    asked = [each for each in extract(code.encode()).facts if isinstance(each, OrmQuery)]
    assert [(f.model, [c.path for c in f.conditions]) for f in asked if f.conditions] == [
        ("Order", ["code"])
    ]


def test_tables_by_name() -> None:
    source = b"def a(x)\n  DB[:orders].where(code: x).order(:made_at).limit(2).all\nend\n"
    (found,) = [each for each in extract(source).facts if isinstance(each, QueryFound)]
    assert (found.reads, found.limited, found.library) == (("orders",), True, "sequel")
    assert [(p.table, p.column, p.operator) for p in found.predicates] == [
        ("orders", "code", "="),
        ("orders", "made_at", "sort"),
    ]


@pytest.mark.parametrize("key", ["code: x", ":code => x"])
def test_a_row_of_a_table_by_its_attributes(key: str) -> None:
    source = f"def a(x)\n  DB[:orders][{key}]\n  params[:orders][{key}]\nend\n"
    (found,) = [each for each in extract(source.encode()).facts if isinstance(each, QueryFound)]
    assert (found.reads, found.limited) == (("orders",), True)
    assert [(p.column, p.operator) for p in found.predicates] == [("code", "=")]


@pytest.mark.parametrize("block", ["{ it > x }", "{ |o| o.at > x }", "{ late? }", "{ _1.at > x }"])
def test_a_block_that_is_given_rows_chooses_none(block: str) -> None:
    assert queries(f"Order.where(code: x).filter {block}.first") == [("Order", ["code ="], False)]
    assert queries(f"Order.filter {block}.each {{ |o| o }}") == []


def test_migrations_that_are_classes() -> None:
    first = (
        "class AddOrders < Sequel::Migration\n  def up\n    create_table :orders do\n      primary_key :id\n"
        "      Integer :user_id\n    end\n    alter_table(:orders) { add_index :user_id }\n  end\n"
        "  def down\n    drop_table :orders\n  end\nend\n"
    )
    later = (
        "class AddCode < ::Sequel::Migration\n  def up\n    alter_table(:orders) do\n"
        "      add_column :code, String\n    end\n    add_index :orders, :code\n  end\nend\n"
    )
    files = (("db/migrate/1_a.rb", first), ("db/migrate/2_b.rb", later))
    orders = replay((path, extract(text.encode())) for path, text in files).tables["orders"]
    assert [column.name for column in orders.columns] == ["id", "user_id", "code"]
    assert [each.columns for each in orders.indexes if not each.primary] == [
        ("user_id",),
        ("code",),
    ]


def test_models() -> None:
    source = (
        b"class Order < Sequel::Model(:old_orders)\n  many_to_one :buyer, class: :User, key: :buyer_id\n"
        b"  one_to_many :lines\n  many_to_many :tags, left_key: :o_id, join_table: :taggings\n"
        b"  dataset_module do\n    subset :open, closed_at: nil\n"
        b"    def recent\n      where(state: 1).order(:made_at)\n    end\n  end\nend\n"
    )
    found = extract(source).facts
    (model,) = [each for each in found if isinstance(each, ModelDefined)]
    assert (model.name, model.table, model.bases) == ("Order", "old_orders", ())
    assert [(r.name, r.kind, r.target, r.column, r.through) for r in model.relations] == [
        ("buyer", "belongs-to", "User", "buyer_id", ""),
        ("lines", "has-many", "Line", "order_id", ""),
        ("tags", "many-to-many", "Tag", "o_id", "taggings"),
    ]
    scopes = {each.name: each for each in found if isinstance(each, ScopeDefined)}
    assert [c.path for c in scopes["open"].conditions] == ["closed_at"]
    assert [c.path for c in scopes["recent"].conditions] == ["state", "made_at"]


def test_a_model_on_a_data_set() -> None:
    source = b"class Order < Sequel::Model(DB[:old_orders])\n  one_to_many :lines\nend\n"
    (model,) = [each for each in extract(source).facts if isinstance(each, ModelDefined)]
    assert model.table == "old_orders"


def test_other_lists_are_no_queries() -> None:
    assert queries("x.first(2)\nx.find { |y| y }\nx.reverse") == []
    assert queries("list = [1].join(',')\nHash[a: 1]") == []


@pytest.mark.parametrize(
    ("pattern", "operator"), [('"%#{x}%"', "contains"), ('"#{x}%"', "like"), ("x", "search")]
)
def test_patterns(pattern: str, operator: str) -> None:
    code = f"class A\n  def b(x)\n    Order.where(Sequel.like(:code, {pattern})).all\n  end\nend\n"
    (found,) = [f for f in extract(code.encode()).facts if isinstance(f, OrmQuery)]
    assert [(c.path, c.operator) for c in found.conditions] == [("code", operator)]


CHECKS = """
class Order < Sequel::Model
  def validate
    validates_unique [:shop_id, :code]
    validates_unique :slug, :number
    validates_unique(:name) { |rows| rows.where(open: true) }
  end
end
"""


def test_what_must_be_unique_is_looked_for() -> None:
    found = [f for f in extract(CHECKS.encode()).facts if isinstance(f, OrmQuery)]
    assert [(f.model, [c.path for c in f.conditions], f.partial) for f in found] == [
        ("Order", ["shop_id", "code"], False),
        ("Order", ["slug"], False),
        ("Order", ["number"], False),
        ("Order", ["name"], True),
    ]


@pytest.mark.parametrize(
    "code", ["Order.where(Sequel.|({ a: x }, { b: x })).all", "Order.where(Sequel.or(a: x, b: x)).all", "Order.where(a: x).or(b: x).all"]
)  # fmt: skip
def test_either_of_two_conditions(code: str) -> None:
    source = f"class A\n  def c(x)\n    {code}\n  end\nend\n"
    (found,) = [f for f in extract(source.encode()).facts if isinstance(f, OrmQuery)]
    assert [(c.path, c.alternative, c.branch) for c in found.conditions] == [
        ("a", True, 1),
        ("b", True, 2),
    ]
    assert not found.partial


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("delete", (True, True, False)),
        ("destroy", (True, True, False)),
        ("update(b: 1)", (True, False, False)),
        ("get(:id)", (False, False, True)),
        ("single_record", (False, False, True)),
    ],
)
def test_what_ends_a_data_set(ending: str, expected: tuple[bool, bool, bool]) -> None:
    source = f"class A\n  def c(x)\n    Order.where(a: x).{ending}\n  end\nend\n"
    (found,) = [f for f in extract(source.encode()).facts if isinstance(f, OrmQuery)]
    assert (found.writes, found.deletes, found.limited) == expected
    assert found.scopes == ()


def test_methods_with_arguments_of_their_own_are_not_known() -> None:
    source = b"class A\n  def c(x)\n    Order.where(a: x).delete(x)\n  end\nend\n"
    (found,) = [f for f in extract(source).facts if isinstance(f, OrmQuery)]
    assert (found.scopes, found.writes) == (("delete",), False)


DATA_SETS = b"""
class Order < Sequel::Model
  one_to_many :lines
  dataset_module do
    where :open, state: 'open'
    exclude :told, told_at: nil
    order :by_name, :name
  end

  def self.of(code)
    first(code: code)
  end

  def late
    lines_dataset.where(late: true).all
    user.orders_dataset.where(code: 1).first
  end
end
"""


def test_data_sets_of_models() -> None:
    found = extract(DATA_SETS).facts
    scopes = {each.name: each for each in found if isinstance(each, ScopeDefined)}
    told = {name: [(c.path, c.operator) for c in each.conditions] for name, each in scopes.items()}
    assert told == {
        "open": [("state", "=")],
        "told": [("told_at", "is-not-null")],
        "by_name": [("name", "sort")],
    }
    asked = [
        (f.model, f.via, [c.path for c in f.conditions]) for f in found if isinstance(f, OrmQuery)
    ]
    assert asked == [
        ("Order", (), ["code"]),
        ("Order", ("lines",), ["late"]),
        ("Order", ("user", "orders"), ["code"]),
    ]


def asked(body: str) -> list[tuple[str, str, str]]:
    """(column, operator, function) of the one query of a method of the model's class."""
    code = f"class Order < Sequel::Model\n  def self.found(x)\n    {body}\n  end\nend\n"
    found = [
        fact
        for fact in extract(code.encode()).facts
        if isinstance(fact, (OrmQuery, ScopeDefined)) and not fact.partial
    ]
    assert len(found) == 1, found
    return [(each.path, each.operator, each.function) for each in found[0].conditions]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("where { |o| (o.made_at > x) & (o.total < 5) }.all", [("made_at", ">", ""), ("total", "<", "")]),
        ("where { lower(name) =~ x }.first", [("name", "=", "lower")]),
        ("where { { code => x } }.first", [("code", "=", "")]),
        ("where { (total >= x) & { state: 1 } }.all", [("total", ">=", ""), ("state", "=", "")]),
        ("where(~{sent_at: nil}).where(code: x).all", [("sent_at", "is-not-null", ""), ("code", "=", "")]),
        ("where(Sequel.qualify(:orders, :code) => x).all", [("code", "=", "")]),
        ("where(Sequel.function(:lower, :name) => x).first", [("name", "=", "lower")]),
        ("where(Sequel[:name].ilike(x)).all", [("name", "search", "")]),
        ("where(code: x).reverse_order(:made_at).limit(1).first", [("code", "=", ""), ("made_at", "sort", "")]),
        ("where(code: x).order { made_at.desc }.all", [("code", "=", ""), ("made_at", "sort", "")]),
        ("where_all(code: x)", [("code", "=", "")]),
        ("dataset.where_each(code: x) { |row| row.save }", [("code", "=", "")]),
        ("association_join(:user).where(code: x).all", [("code", "=", "")]),
        (
            "where(Sequel[used: false] & Sequel.expr { made_at > x }).all",
            [("used", "=", ""), ("made_at", ">", "")],
        ),
    ],
)  # fmt: skip
def test_expressions(body: str, expected: list[tuple[str, str, str]]) -> None:
    assert asked(body) == expected


def test_what_is_compared_by_another_expression_is_not_known() -> None:
    code = "class Order < Sequel::Model\n  def self.of(x) = where(Sequel.join([:a, :b]) => x).first\nend\n"
    (found,) = [each for each in extract(code.encode()).facts if isinstance(each, OrmQuery)]
    assert found.partial
    assert found.conditions == ()


def test_locals_of_a_block_with_a_parameter_are_no_columns() -> None:
    code = "class Order < Sequel::Model\n  def self.of(y) = where { |o| y > o.total }.first\nend\n"
    (found,) = [each for each in extract(code.encode()).facts if isinstance(each, OrmQuery)]
    assert found.partial


@pytest.mark.parametrize(
    "start", ["DB[:orders]", "DB.from(:orders)", "User.db[:orders]", "self.db[:orders]"]
)
def test_tables_of_a_database(start: str) -> None:
    code = f"class Report\n  def all(x)\n    {start}.where(code: x).all\n  end\nend\n"
    (found,) = [each for each in extract(code.encode()).facts if isinstance(each, QueryFound)]
    assert [(each.table, each.column) for each in found.predicates] == [("orders", "code")]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("class Order < Shop::Database::Model(:orders)\n  many_to_one :user\nend", "orders"),
        ("class Order < Sequel::Model\n  set_dataset :old_orders\n  many_to_one :user\nend", "old_orders"),
        ("class Order < Sequel::Model\n  set_dataset DB[:old_orders].order(:id)\nend", "old_orders"),
        ("class Order < Sequel::Model(Sequel[:orders].qualify(:shop))\n  many_to_one :user\nend", "orders"),
        ("class Order < Sequel::Model(Sequel[:shop][:orders])\n  many_to_one :user\nend", "orders"),
        ("class Order < Sequel::Model(Sequel.qualify(:shop, :orders))\n  many_to_one :user\nend", "orders"),
        ("class Order < Sequel::Model(DB[:old_orders].where(gone: false))\n  many_to_one :user\nend", "old_orders"),
        ("class Order < Sequel::Model(DB.from(:old_orders))\n  many_to_one :user\nend", "old_orders"),
        ("class Order < Sequel::Model(Shop::Config.db)\n  many_to_one :user\nend", ""),
        ("class Order < Sequel::Model(Shop::ROWS)\n  many_to_one :user\nend", ""),
        ("class Order < Sequel::Model(DB)\n  many_to_one :user\nend", ""),
    ],
)  # fmt: skip
def test_tables_of_models(text: str, table: str) -> None:
    models = [each for each in extract(text.encode()).facts if isinstance(each, ModelDefined)]
    assert [each.table for each in models] == [table]


def test_conditions_of_a_part_in_a_block() -> None:
    code = "class Order < Sequel::Model\n  dataset_module do\n    where(:late) { due_at < Date.today }\n  end\nend\n"
    (found,) = [each for each in extract(code.encode()).facts if isinstance(each, ScopeDefined)]
    assert (found.name, [(c.path, c.operator) for c in found.conditions]) == (
        "late",
        [("due_at", "<")],
    )


def test_associations_with_several_keys_and_with_the_class_itself() -> None:
    code = """
    class Page < Sequel::Model
      many_to_one :parent, class: self
      one_to_many :children, class: self, key: :parent_id
      one_to_many :lines, key: %i[book_no page_no]
      one_through_one :author, join_table: :bylines, right_key: [:first, :last]
    end
    """
    facts = extract(code.encode()).facts
    (model,) = [each for each in facts if isinstance(each, ModelDefined)]
    assert [(each.name, each.target, each.column) for each in model.relations] == [
        ("parent", "Page", "parent_id"),
        ("children", "Page", "parent_id"),
        ("author", "Author", "page_id"),
    ]
    (query,) = [each for each in facts if isinstance(each, OrmQuery)]
    assert (query.model, [each.path for each in query.conditions]) == (
        "Line",
        ["book_no", "page_no"],
    )


def test_columns_of_a_variable() -> None:
    code = """
    Sequel.migration do
      up do
        key = %i[page_id version]
        create_table :changes do
          String :page_id
          Integer :version
          index key
        end
      end
    end
    """
    (table,) = replay([("db/001.rb", extract(code.encode()))]).tables.values()
    assert [index.columns for index in table.indexes] == [("page_id", "version")]


def test_the_text_of_a_data_set_is_not_asked() -> None:
    found = extract(
        b"def where(test)\n  User.where(name: test).sql.delete_prefix('SELECT * FROM users')\nend\n"
    )
    assert [q.streamed for q in found.facts if isinstance(q, OrmQuery)] == [True]
    assert not [q for q in found.facts if isinstance(q, QueryFound)]


IN_CODE = """
TAGS = :tags
DB.create_table? :notes do
  primary_key :id
  String :code, index: true
end
DB.create_table(TAGS) { String :name }
DB.add_index :notes, [:code, :id]
DB.run "CREATE TABLE visits (id int primary key, page text)"
class Store
  def down
    @db.create_table(:olds) { String :name }
  end
  def show(pdf)
    pdf.create_table(:cells) { |t| t.text :name }
  end
end
"""
IN_SQL = """
Sequel.migration do
  up do
    run <<-SQL
      CREATE TABLE logs (id bigserial primary key, app text);
      CREATE INDEX logs_app ON logs (app);
    SQL
  end
  down { run "DROP TABLE logs" }
end
"""


def test_tables_that_a_program_makes_itself() -> None:
    tables = replay([("lib/store.rb", extract(IN_CODE.encode()))]).tables
    assert {name: {c.name for c in each.columns} for name, each in tables.items()} == {
        "notes": {"id", "code"},
        "tags": {"name"},
        "visits": {"id", "page"},
    }
    assert {i.columns for i in tables["notes"].indexes} == {("id",), ("code",), ("code", "id")}
    of_rails = extract(b"ActiveRecord::Base\n" + IN_CODE.encode())
    assert not replay([("lib/store.rb", of_rails)]).tables


@pytest.mark.parametrize("opening", ["Sequel", "ROM::SQL", "Hanami::Model"])
def test_migrations_in_sql_and_of_frameworks_on_sequel(opening: str) -> None:
    code = IN_SQL.replace("Sequel.migration", f"{opening}.migration")
    logs = replay([("db/1.rb", extract(code.encode()))]).tables["logs"]
    assert {index.columns for index in logs.indexes} == {("id",), ("app",)}


def test_names_of_tables_that_lead_back_to_themselves_end() -> None:
    source = "TABLES = { a: TABLES[:a] }\nclass A\n  def b(x) = DB[TABLES[:a]].where(code: x).first\nend\n"
    assert extract(source.encode()).problem == ""
