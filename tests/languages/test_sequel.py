"""Sequel: migrations, models, data sets."""

from __future__ import annotations

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


def test_other_files_are_no_migrations() -> None:
    assert extract(b"create_table(:orders) do\n  String :a\nend\n").facts == ()
