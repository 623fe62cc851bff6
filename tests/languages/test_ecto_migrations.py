"""Ecto's migrations: each step as a change of tables, and the schema that they come to."""

from __future__ import annotations

from scaleaudit.facts import (
    ColumnFact,
    FileFacts,
    ForeignKeyFact,
    IndexFact,
    TableChanged,
    TableDefined,
)
from scaleaudit.languages.elixir import extract
from scaleaudit.schemas.replay import replay
from scaleaudit.schemas.sql_files import extract as extract_sql


def read(body: str, head: str = "use Ecto.Migration") -> FileFacts:
    found = extract(f"defmodule Shop.Repo.Migrations.A do\n{head}\n{body}\nend\n".encode())
    assert found.problem == ""
    return found


def steps(body: str) -> list[TableDefined | TableChanged]:
    return [f for f in read(body).facts if isinstance(f, (TableDefined, TableChanged))]


def up(*lines: str) -> list[TableDefined | TableChanged]:
    return steps("def up do\n" + "\n".join(lines) + "\nend")


def changes(*lines: str) -> list[tuple[str, str, str]]:
    return [(f.table, f.action, f.name) for f in up(*lines) if isinstance(f, TableChanged)]


def indexes(*lines: str) -> list[IndexFact]:
    return [f.index for f in up(*lines) if isinstance(f, TableChanged) and f.index is not None]


def test_a_table() -> None:
    (table,) = up(
        "create table(:orders) do",
        '  add :state, :string, null: false, default: "open"',
        "  add(:total, :decimal)",
        "  add :tags, {:array, :string}",
        "  add :customer_id, references(:customers, on_delete: :delete_all), null: false",
        '  add :voucher, references("vouchers", column: :code, type: :string)',
        "  timestamps(type: :utc_datetime, updated_at: false)",
        "end",
    )
    assert isinstance(table, TableDefined)
    assert table.table == "orders"
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in table.columns] == [
        ("id", "BIGINT", False, True),
        ("state", "VARCHAR", False, False),
        ("total", "DECIMAL", True, False),
        ("tags", "ARRAY", True, False),
        ("customer_id", "BIGINT", False, False),
        ("voucher", "VARCHAR", True, False),
        ("inserted_at", "TIMESTAMP", False, False),
    ]
    assert [(i.columns, i.primary) for i in table.indexes] == [(("id",), True)]
    assert [(k.columns, k.table, k.references) for k in table.foreign_keys] == [
        (("customer_id",), "customers", ("id",)),
        (("voucher",), "vouchers", ("code",)),
    ]


def test_keys_of_tables() -> None:
    found = up(
        "create table(:a, primary_key: false) do",
        "  add :id, :binary_id, primary_key: true",
        "end",
        'create table("b", primary_key: false) do',
        "  add :left_id, :bigint, primary_key: true",
        "  add :right_id, :bigint, primary_key: true",
        "end",
        'create_if_not_exists table(:c, prefix: "private", primary_key: [name: :code, type: :text])',
        "create table(:d, primary_key: false), do: add(:x, :integer)",
    )
    assert all(isinstance(table, TableDefined) for table in found)
    keys = {t.table: [i.columns for i in t.indexes] for t in found if isinstance(t, TableDefined)}
    assert keys == {"a": [("id",)], "b": [("left_id", "right_id")], "c": [("code",)], "d": []}


def test_indexes() -> None:
    found = indexes(
        "create index(:orders, [:state])",
        'create unique_index("orders", [:code, :shop_id], name: :one_code, where: "code IS NOT NULL")',
        'create index(:orders, ["lower(email)", :id], using: "gin", unique: true)',
        "create index(:orders, [:shop_id, desc: :inserted_at], concurrently: true)",
        'create_if_not_exists index(:orders, ["title gin_trgm_ops"], using: :gin)',
        "create index(:orders, :total, include: [:state])",
    )
    assert [(i.columns, i.name, i.unique, i.where, i.method) for i in found] == [
        (("state",), "orders_state_index", False, "", ""),
        (("code", "shop_id"), "one_code", True, "code IS NOT NULL", ""),
        (("(lower(email))", "id"), "orders_loweremail_id_index", True, "", "gin"),
        (("shop_id", "inserted_at"), "orders_shop_id_inserted_at_index", False, "", ""),
        (("title",), "orders_title_index", False, "", "gin"),
        (("total",), "orders_total_index", False, "", ""),
    ]


def test_who_waits() -> None:
    found = up(
        "create index(:orders, [:state])",
        "create index(:orders, [:total], concurrently: true)",
        "# excellent_migrations:safety-assured-for-next-line index_not_concurrently",
        "create index(:orders, [:code])",
        "alter table(:orders) do",
        "  add :a_id, references(:a)",
        "  add :b_id, references(:b, validate: false)",
        "end",
        'create constraint(:orders, :positive, check: "total > 0")',
        'create constraint(:orders, :small, check: "total < 9", validate: false)',
    )
    told = [
        f.online
        for f in found
        if isinstance(f, TableChanged) and f.action in ("add-index", "add-foreign-key", "add-check")
    ]
    assert told == [False, True, True, False, True, False, True]


def test_changes_of_a_table() -> None:
    assert changes(
        "alter table(:orders) do",
        "  add :note, :text",
        '  add_if_not_exists :kind, :string, default: fragment("gen_random_uuid()")',
        "  remove :old",
        "  remove :older, :string",
        "  remove_if_exists :oldest, :string",
        "  modify :total, :bigint",
        "  modify :state, :string, null: false, from: {:string, null: true}",
        "  modify :shop_id, references(:shops), from: references(:stores)",
        "  timestamps()",
        "end",
    ) == [
        ("orders", "add-column", ""),
        ("orders", "add-column", ""),
        ("orders", "drop-column", "old"),
        ("orders", "drop-column", "older"),
        ("orders", "drop-column", "oldest"),
        ("orders", "alter-type", ""),
        ("orders", "set-not-null", "state"),
        ("orders", "add-foreign-key", ""),
        ("orders", "add-column", ""),
        ("orders", "add-column", ""),
    ]


def test_what_a_default_costs() -> None:
    found = up(
        "alter table(:orders) do",
        "  add :a, :text",
        '  add :b, :text, default: "x"',
        '  add :c, :uuid, default: fragment("gen_random_uuid()")',
        "end",
    )
    assert [f.default for f in found if isinstance(f, TableChanged)] == [
        "none",
        "constant",
        "volatile",
    ]


def test_drops_and_renames() -> None:
    assert changes(
        "drop table(:a)",
        "drop_if_exists table(:b)",
        "drop index(:c, [:d])",
        "drop_if_exists index(:c, [:d], name: :own)",
        'drop constraint(:c, "c_d_id_fkey")',
        "rename table(:e), to: table(:f)",
        "rename table(:e), :g, to: :h",
        'rename index(:e, [:g], name: "one"), to: "two"',
    ) == [
        ("a", "drop", ""),
        ("b", "drop", ""),
        ("c", "drop-index", "c_d_index"),
        ("c", "drop-index", "own"),
        ("c", "drop-foreign-key", "c_d_id_fkey"),
        ("e", "rename", "f"),
        ("e", "rename-column", "h"),
        ("e", "rename-index", "two"),
    ]


def test_statements() -> None:
    assert changes(
        'execute "CREATE INDEX CONCURRENTLY by_code ON orders (code)", "DROP INDEX by_code"',
        'execute("""',
        "ALTER TABLE orders ADD COLUMN kind text",
        '""")',
        'repo().query!("CREATE INDEX by_kind ON orders (kind)")',
        'execute(fn -> repo().query!("DROP INDEX by_kind") end)',
        'execute "CREATE INDEX #{name()} ON orders (total)"',
        "execute ~s(UPDATE orders SET kind = 'a')",
    ) == [
        ("orders", "add-index", ""),
        ("orders", "add-column", ""),
        ("orders", "add-index", ""),
        ("", "drop-index", "by_kind"),
        ("orders", "backfill", ""),
    ]


def test_what_runs() -> None:
    """Not the way back; functions of the module, conditions and loops over lists that stand there."""
    found = steps(
        """
@tables ~w(a b)a
@column :state

def change do
  for table <- @tables do
    create index(table, [@column])
  end
  Enum.each([:c, :d], fn table -> create index(table, [:x]) end)
  if Mix.env() != :test do
    more()
  end
  flush()
end

def down do
  drop table(:orders)
end

defp more, do: create(index(:e, [:y]))
"""
    )
    assert [(f.table, getattr(f, "action", "")) for f in found] == [
        ("a", "add-index"),
        ("b", "add-index"),
        ("c", "add-index"),
        ("d", "add-index"),
        ("e", "add-index"),
    ]
    for head in ("use Shop.Migration", "use(Ecto.Migration)"):
        assert len(read("def change, do: drop(table(:a))", head).facts) >= 1
    plain = read("def change, do: drop(table(:a))", "import Shop.Tables").facts
    assert not [f for f in plain if isinstance(f, TableChanged)]


def schema_of(files: dict[str, str]) -> dict[str, list[tuple[str, ...]]]:
    facts = {
        path: (extract_sql if path.endswith(".sql") else extract)(text.encode())
        for path, text in files.items()
    }
    schema = replay(facts.items())
    return {
        name: [index.columns for index in table.indexes] for name, table in schema.tables.items()
    }


def migration(*lines: str) -> str:
    return "\n".join(
        ["defmodule A do", "use Ecto.Migration", "def change do", *lines, "end", "end"]
    )


def test_in_their_order() -> None:
    first = migration("create table(:a) do", "add :b, :string", "add :c, :string", "end",
                      "create index(:a, [:b])", "create index(:a, [:c])")  # fmt: skip
    second = migration("drop index(:a, [:b])", "create index(:a, [:b, :c])")
    other = migration("create table(:a)", "create table(:z)")
    assert schema_of(
        {
            "priv/repo/migrations/20240102000000_second.exs": second,
            "priv/repo/migrations/20240101000000_first.exs": first,
            "priv/logs/migrations/20230101000000_other.exs": other,
        }
    ) == {"a": [("id",), ("c",), ("b", "c")], "z": [("id",)]}


def test_a_dump_stands_for_the_migrations_of_its_database() -> None:
    files = {
        "priv/repo/structure.sql": "CREATE TABLE public.a (id bigint NOT NULL, b text);\n"
        "CREATE INDEX a_b_index ON public.a USING btree (b);\n",
        "priv/repo/migrations/20240101000000_first.exs": migration("create index(:a, [:gone])"),
        "priv/logs/migrations/20230101000000_other.exs": migration("create table(:z)"),
    }
    assert schema_of(files) == {"a": [("b",)], "z": [("id",)]}


def test_migrations_behind_a_dump() -> None:
    """A dump says which have run; those after it run on it."""
    dump = "CREATE TABLE public.a (id bigint NOT NULL, b text);\n"
    runs = (
        "CREATE TABLE public.schema_migrations (version bigint NOT NULL);\n"
        'INSERT INTO public."schema_migrations" (version) VALUES (20240101000000);\n'
        'INSERT INTO public."schema_migrations" (version) VALUES (20240301000000);\n'
    )
    later = {
        "priv/repo/migrations/20240201000000_older.exs": migration("create index(:a, [:old])"),
        "priv/repo/migrations/20240401000000_newer.exs": migration("create index(:a, [:b])"),
    }
    told = schema_of({"priv/repo/structure.sql": dump + runs, **later})
    assert told["a"] == [("b",)]
    assert schema_of({"priv/repo/structure.sql": dump, **later})["a"] == []


def test_facts_in_full() -> None:
    found = up("alter table(:a) do", "  add :b_id, references(:b, name: :own), null: false", "end")
    at = found[0].at
    assert found == [
        TableChanged(
            at, "a", "add-column", ColumnFact("b_id", "BIGINT", False, at=at), default="none"
        ),
        TableChanged(
            at, "a", "add-foreign-key",
            foreign_key=ForeignKeyFact(("b_id",), "b", ("id",), at, "own"),
        ),
    ]  # fmt: skip
    assert at.line == 5
