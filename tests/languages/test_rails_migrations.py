"""Rails' migrations to steps of a schema, and what the steps come to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import FileFacts, TableChanged, TableDefined
from scaleaudit.languages.ruby import extract
from scaleaudit.schemas.replay import replay

if TYPE_CHECKING:
    from scaleaudit.schema import Table


def migration(body: str, version: str = "[7.1]", method: str = "change") -> FileFacts:
    return extract(
        f"class Step < ActiveRecord::Migration{version}\n  def {method}\n{body}\n  end\nend\n".encode()
    )


def tables(*bodies: str, version: str = "[7.1]") -> dict[str, Table]:
    return replay(
        (f"db/migrate/{number:03}_step.rb", migration(body, version))
        for number, body in enumerate(bodies)
    ).tables


def indexes(table: Table) -> list[tuple[str, ...]]:
    return [index.columns for index in table.indexes if not index.primary]


LOANS = """
    create_table :loans do |t|
      t.references :reader, null: false, foreign_key: true
      t.belongs_to :copy, index: false, type: :integer, foreign_key: { to_table: :books }
      t.references :item, polymorphic: true
      t.string :code, :note
      t.column "pages", :integer, limit: 2
      t.integer :shelf, index: { unique: true }
      t.timestamps
      t.index [:code, :note], unique: true, where: "note IS NOT NULL"
    end
"""


def test_a_new_table() -> None:
    loans = tables(LOANS)["loans"]
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in loans.columns] == [
        ("id", "BIGINT", False, True),
        ("reader_id", "BIGINT", False, False),
        ("copy_id", "INT", True, False),
        ("item_type", "VARCHAR", True, False),
        ("item_id", "BIGINT", True, False),
        ("code", "VARCHAR", True, False),
        ("note", "VARCHAR", True, False),
        ("pages", "SMALLINT", True, False),
        ("shelf", "INT", True, False),
        ("created_at", "TIMESTAMP", False, False),
        ("updated_at", "TIMESTAMP", False, False),
    ]
    assert [(i.columns, i.unique, i.where) for i in loans.indexes] == [
        (("id",), True, ""),
        (("reader_id",), False, ""),
        (("item_type", "item_id"), False, ""),
        (("shelf",), True, ""),
        (("code", "note"), True, "note IS NOT NULL"),
    ]
    assert [(k.columns, k.table) for k in loans.foreign_keys] == [
        (("reader_id",), "readers"),
        (("copy_id",), "books"),
    ]


@pytest.mark.parametrize(
    ("version", "key", "indexed"),
    [
        ("", "INT", False),
        ("[4.2]", "INT", False),
        ("[5.0]", "INT", True),
        ("[5.1]", "BIGINT", True),
    ],
)
def test_what_a_version_takes_for_granted(version: str, key: str, indexed: bool) -> None:
    body = "create_table(:loans) { |t| t.references :reader }"
    loans = tables(body, version=version)["loans"]
    assert [column.type for column in loans.columns] == [key, key]
    assert indexes(loans) == ([("reader_id",)] if indexed else [])


def test_later_steps() -> None:
    found = tables(
        LOANS,
        "add_index :loans, :copy_id\nadd_index :loans, [:pages, :shelf], name: 'by_place'",
        "remove_index :loans, column: [:code, :note]\nremove_index :loans, name: 'by_place'",
        "add_column :loans, :due_on, :date\nadd_reference :loans, :branch, index: true",
        "rename_column :loans, :due_on, :until\nchange_column :loans, :copy_id, :bigint",
        "remove_reference :loans, :item, polymorphic: true\nremove_column :loans, :note, :string",
        "change_table :loans do |t|\n t.remove :shelf\n t.rename :code, :label\n t.index :label\n end",
        "rename_table :loans, :borrowings\ncreate_table :old\ndrop_table :old",
        "add_foreign_key :borrowings, :branches",
    )
    assert list(found) == ["borrowings"]
    loans = found["borrowings"]
    assert [(c.name, c.type) for c in loans.columns] == [
        ("id", "BIGINT"),
        ("reader_id", "BIGINT"),
        ("copy_id", "BIGINT"),
        ("label", "VARCHAR"),
        ("pages", "SMALLINT"),
        ("created_at", "TIMESTAMP"),
        ("updated_at", "TIMESTAMP"),
        ("until", "DATE"),
        ("branch_id", "BIGINT"),
    ]
    assert indexes(loans) == [("reader_id",), ("copy_id",), ("branch_id",), ("label",)]
    assert ("branch_id",) in [key.columns for key in loans.foreign_keys]


def test_blocks_loops_methods_and_the_way_back() -> None:
    source = b"""
class Old < ActiveRecord::Migration
  def self.up
    say_with_time("loans") do
      create_table("loans", :force => true) { |t| t.column :code, :string }
    end
    %w(code).each { |name| add_index :loans, name }
    [:readers, :copies].each do |table|
      create_table table do |t|
        t.string :name
      end
      add_index table, :name
    end
    more
    reversible do |dir|
      dir.up { add_index :readers, :id, name: "kept" }
      dir.down { drop_table :readers }
    end
    things.each { |name| drop_table name }
  end

  def self.down
    drop_table :loans
  end

  def self.more
    add_column :loans, :due, :datetime unless column_exists?(:loans, :due)
  end
end
"""
    found = replay([("db/migrate/001_old.rb", extract(source))]).tables
    assert sorted(found) == ["copies", "loans", "readers"]
    assert [c.name for c in found["loans"].columns] == ["id", "code", "due"]
    assert indexes(found["loans"]) == [("code",)]
    assert indexes(found["readers"]) == [("name",), ("id",)]


def test_a_dump_says_it_all() -> None:
    dump = extract(
        b'ActiveRecord::Schema[7.1].define(version: 2) do\n  create_table "loans" do |t|\n'
        b'    t.string "code"\n  end\nend\n'
    )
    old = migration("create_table(:loans) { |t| t.string :code, :gone }\nadd_index :loans, :code")
    path = "db/migrate/20200101000000_loans.rb"
    found = replay([("db/schema.rb", dump), (path, old)]).tables["loans"]
    assert [c.name for c in found.columns] == ["id", "code"]
    assert indexes(found) == []
    # nor does an engine below the application know better
    engine = replay([("db/schema.rb", dump), (f"engines/desk/{path}", old)]).tables["loans"]
    assert [c.name for c in engine.columns] == ["id", "code"]
    # the dump of another database says nothing of it
    apart = replay([("other/db/schema.rb", dump), (path, old)]).tables["loans"]
    assert [c.name for c in apart.columns] == ["id", "code", "gone"]


def test_what_cannot_be_read_changes_nothing() -> None:
    for body in (
        "add_index table, :x",
        "create_table name do |t|\n t.string :x\n end",
        "add_column",
        "add_index :loans",
        "[1, 2].each",
        "create_table :",
    ):
        kinds = [f for f in migration(body).facts if isinstance(f, (TableDefined, TableChanged))]
        assert kinds == []


def test_methods_that_call_each_other_end() -> None:
    source = "class Loop < ActiveRecord::Migration[7.0]\n  def change\n    one\n  end\n" + "".join(
        f"  def {a}\n    {b}\n    {b}\n    add_index :t, :c\n  end\n"
        for a, b in (("one", "two"), ("two", "one"))
    )
    start = time.perf_counter()
    facts = extract((source + "end\n").encode()).facts
    assert time.perf_counter() - start < 5
    assert any(isinstance(fact, TableChanged) for fact in facts)


def test_indexes_dropped_by_their_columns() -> None:
    named = LOANS + "\nadd_index :loans, [:note, :code], name: 'odd'"
    for step in (
        "remove_index :loans, [:note, :code]",
        "remove_index :loans, column: [:note, :code]",
        "change_table :loans do |t|\n  t.remove_index [:note, :code]\nend",
        "change_table :loans do |t|\n  t.remove_index name: 'odd'\nend",
    ):
        assert ("note", "code") not in indexes(tables(named, step)["loans"]), step
    kept = tables(named, "remove_index :loans, :code")["loans"]
    assert ("note", "code") in indexes(kept)


def test_columns_dropped_by_a_list() -> None:
    found = tables(LOANS, "remove_columns :loans, *%i[code note], type: :string")["loans"]
    assert not {"code", "note"} & {column.name for column in found.columns}
    found = tables(LOANS, "change_table :loans do |t|\n  t.remove_references :item\nend")["loans"]
    assert not {"item_id", "item_type"} & {column.name for column in found.columns}


def test_indexes_renamed_and_made_in_loops() -> None:
    loans = """
    create_table(:loans) { |t| t.integer :reader_id; t.integer :copy_id; t.string :code }
    { loans: :reader_id }.each { |table, column| add_index table, column, name: "by_#{column}" }
    COLUMNS.each { |column| add_index :loans, [column, :code] }
    add_index :loans, :code, name: "old"
    rename_index :loans, "old", "new"
    """
    later = 'change_table(:loans) { |t| t.rename_index "new", "newer" }\nremove_index :loans, name: "newer"'
    text = f"class Step < ActiveRecord::Migration[7.1]\n COLUMNS = %w[copy_id].freeze\n def change\n{loans}\n end\nend"
    source = extract(text.encode())
    found = replay([("db/migrate/001_a.rb", source), ("db/migrate/002_b.rb", migration(later))])
    assert indexes(found.tables["loans"]) == [("reader_id",), ("copy_id", "code")]


@pytest.mark.parametrize(
    ("before", "after", "dialect"),
    [
        ("", "", "mysql"),
        ("if connection.adapter_name =~ /mysql/i\n", "end\n", ""),
        ("unless sqlite?\n", "end\n", ""),
        ("case ActiveRecord::Base.connection.adapter_name\nwhen 'Mysql2'\n", "end\n", ""),
        ("if column_exists?(:loans, :note)\n", "end\n", "mysql"),
    ],
)
def test_a_statement_for_one_engine_of_several(before: str, after: str, dialect: str) -> None:
    found = tables(LOANS, f"{before}execute 'ALTER TABLE `loans` MODIFY `note` TEXT'\n{after}")
    assert found["loans"].dialect == dialect
