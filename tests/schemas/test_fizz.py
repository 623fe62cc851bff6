"""Migrations of pop in fizz."""

from __future__ import annotations

from tests.written import written_file

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.schemas.fizz import extract
from scaleaudit.schemas.replay import replay

MADE = """create_table("orders") {
  t.Column("id", "uuid", {primary: true})
  t.Column("Code", "string", {"size": 40, "default": "none (yet)"})
  t.Column("shop_id", "uuid", {"null": true})
  t.Column("note", "text", {
    "null": true
  })
  t.ForeignKey("shop_id", {"shops": ["id"]}, {"on_delete": "cascade"})
  t.Index(["shop_id", "Code"], {"unique": true})
  t.Timestamps()
}

create_table("tags") {
  t.Column("name", "string", {})
  t.PrimaryKey("name")
  t.DisableTimestamps()
}
"""
LATER = """add_column("orders", "total", "decimal(10,2)", {"null": true})
add_index("orders", "total", {"name": "by_total"})
add_index("orders", ["note", "total"], {})
add_foreign_key("orders", "tag", {"tags": ["name"]}, {})
rename_column("orders", "note", "remark")
change_column("orders", "Code", "text", {})
drop_index("orders", "by_total")
drop_column("orders", "shop_id")
sql("CREATE INDEX by_code ON orders (code);")
rename_table("orders", "sales")
drop_table("tags")
"""


def test_tables() -> None:
    orders, tags = extract(MADE.encode()).facts
    assert isinstance(orders, TableDefined)
    assert isinstance(tags, TableDefined)
    assert [(c.name, c.type, c.nullable) for c in orders.columns] == [
        ("id", "UUID", False),
        ("Code", "VARCHAR", False),
        ("shop_id", "UUID", True),
        ("note", "TEXT", True),
        ("created_at", "TIMESTAMP", False),
        ("updated_at", "TIMESTAMP", False),
    ]
    assert [(i.columns, i.unique, i.primary) for i in orders.indexes] == [
        (("id",), True, True),
        (("shop_id", "Code"), True, False),
    ]
    assert [(k.columns, k.table, k.references) for k in orders.foreign_keys] == [
        (("shop_id",), "shops", ("id",))
    ]
    assert [c.name for c in tags.columns] == ["name"]
    assert [(i.columns, i.unique, i.primary) for i in tags.indexes] == [(("name",), True, True)]


def test_steps() -> None:
    steps = [fact for fact in extract(LATER.encode()).facts if isinstance(fact, TableChanged)]
    assert [(s.table, s.action, s.name) for s in steps] == [
        ("orders", "add-column", ""),
        ("orders", "add-index", ""),
        ("orders", "add-index", ""),
        ("orders", "add-foreign-key", ""),
        ("orders", "rename-column", "remark"),
        ("orders", "alter-type", ""),
        ("orders", "drop-index", "by_total"),
        ("orders", "drop-column", "shop_id"),
        ("orders", "add-index", ""),
        ("orders", "rename", "sales"),
        ("tags", "drop", ""),
    ]
    assert [s.index.columns for s in steps if s.index] == [("total",), ("note", "total"), ("code",)]
    keys = [s.foreign_key for s in steps if s.foreign_key]
    assert [(k.columns, k.table, k.references) for k in keys] == [(("tag",), "tags", ("name",))]


def test_the_schema_that_they_leave() -> None:
    files = {
        "migrations/20200101000000_orders.up.fizz": MADE,
        "migrations/20200101000000_orders.down.fizz": 'drop_table("orders")',
        "migrations/20200102000000_sales.up.fizz": LATER,
        "migrations/20200102000000_sales.down.fizz": 'drop_table("sales")',
    }
    assert written_file("migrations/20200101000000_orders.up.fizz", MADE).kind == "fizz"
    schema = replay([(path, extract(text.encode())) for path, text in files.items()])
    assert set(schema.tables) == {"sales"}
    sales = schema.tables["sales"]
    assert [c.name.lower() for c in sales.columns] == [
        "id", "code", "remark", "created_at", "updated_at", "total",
    ]  # fmt: skip
    assert {tuple(c.lower() for c in i.columns) for i in sales.indexes} == {
        ("id",),
        ("remark", "total"),
        ("code",),
    }
