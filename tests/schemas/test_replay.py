"""Migrations in their order, dumps beside them, several databases in one repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import FileFacts, ForeignKeyFact, IndexFact, TableChanged
from scaleaudit.languages import javascript, ruby
from scaleaudit.schemas import sql_files
from scaleaudit.schemas.ordering import home, is_versioned, running_order, undoes
from scaleaudit.schemas.replay import replay
from scaleaudit.source import Span

if TYPE_CHECKING:
    from scaleaudit.schema import Schema, Table


def schema(**files: str) -> Schema:
    """Keys are paths with `__` for a slash."""
    return replayed({path.replace("__", "/") + ".sql": text for path, text in files.items()})


def replayed(files: dict[str, str]) -> Schema:
    return replay((path, sql_files.extract(text.encode())) for path, text in files.items())


def indexed(table: Table | None) -> list[tuple[str, ...]]:
    assert table is not None
    return [index.columns for index in table.indexes]


def test_later_migrations_change_what_earlier_ones_made() -> None:
    found = replayed(
        {
            "db/migrations/10_last.sql": "DROP INDEX users_name; ALTER TABLE users DROP COLUMN age;",
            "db/migrations/2_index.sql": "CREATE INDEX users_mail ON users (mail);"
            "CREATE INDEX users_name ON users (name); CREATE INDEX a ON users (age, mail);",
            "db/migrations/1_init.sql": "CREATE TABLE users (id serial PRIMARY KEY, name text, mail text, age int);",
        }
    )
    users = found.table("users")
    assert indexed(users) == [("id",), ("mail",)]
    assert users is not None
    assert [c.name for c in users.columns] == ["id", "name", "mail"]
    assert users.at is not None
    assert users.at.path == "db/migrations/1_init.sql"


def test_the_engine_of_production_stands_for_that_of_developers() -> None:
    wide = "CREATE TABLE users (id int PRIMARY KEY, a int, b int, c int, d int);"
    real = "CREATE TABLE users (id bigint PRIMARY KEY, a int, UNIQUE (a));"
    files = {"web/src/resources/db/schema-h2.sql": wide, "web/assembly/pgsql-schema.sql": real}
    assert indexed(replayed(files).table("users")) == [("id",), ("a",)]


@pytest.mark.parametrize(
    "copy",
    ["dumps/multi-demo-backups/acme/shop.sql", "initial_test_db.sql", "old-schema/0001_ddl.sql"],
)
def test_a_copy_of_data_says_nothing_beside_the_migrations(copy: str) -> None:
    wide = "CREATE TABLE users (id int PRIMARY KEY, a int, b int, c int, d int);"
    files = {"db/migrations/1_init.sql": "CREATE TABLE users (id bigint PRIMARY KEY);", copy: wide}
    users = replayed(files).table("users")
    assert users is not None
    assert [c.name for c in users.columns] == ["id"]
    assert len(replayed({copy: wide}).tables) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("V1__init.sql", "V1.1__next.sql", "V2__last.sql", "V10__end.sql"),
        ("0001_init.sql", "0002_next.sql", "0009_last.sql", "0010_end.sql"),
        ("20200101_init.sql", "20200102_next.sql", "20210101_last.sql", "20220101_end.sql"),
        ("2020-01-01-init.sql", "2020-02-01-b.sql", "2020-02-11-c.sql", "2021-01-01-a.sql"),
        ("1_init.up.sql", "2_b.up.sql", "3_c.up.sql", "12_d.up.sql"),
        ("2020_a/up.sql", "2021_b/up.sql", "2022_c/up.sql", "2023_d/up.sql"),
        (
            "01-init.js",
            "20200101120000-b.js",
            "202002010000-c.js",
            "20200202-d.js",
            "20200203000000-e.js",
        ),
        ("20200202_a.go", "20200101120000_b.go"),
        ("schema_version_1.sql", "schema_version_2.sql", "schema_version_10.sql"),
        ("schema.sql", "1_b.sql", "2_c.sql", "R__repeat.sql"),
    ],
)
def test_running_order(names: tuple[str, ...]) -> None:
    paths = [f"db/migration/{name}" for name in names]
    mixed = [*paths[1:], paths[0]]
    assert sorted(mixed, key=running_order) == paths


@pytest.mark.parametrize(
    "path",
    [
        "migrations/1_init.down.sql",
        "migrations/2020_a/down.sql",
        "db/U1__init.sql",
        "sqitch/revert/users.sql",
        "db/rollback/1.sql",
        "x/1.rollback.sql",
    ],
)
def test_files_that_take_a_migration_back(path: str) -> None:
    assert undoes(path)
    assert replayed({path: "CREATE TABLE t (a int)"}).tables == {}


@pytest.mark.parametrize("path", ["db/1_download.sql", "db/countdown.sql", "db/breakdown/1.sql"])
def test_files_that_only_sound_like_it(path: str) -> None:
    assert not undoes(path)


def test_a_script_that_only_drops_is_no_part_of_the_history() -> None:
    found = schema(
        sql__create_tables="CREATE TABLE t (a int)", sql__drop_tables="DROP TABLE t; DROP INDEX i;"
    )
    assert found.table("t") is not None
    assert not is_versioned("sql/drop_tables.sql")
    gone = schema(db__1_init="CREATE TABLE t (a int)", db__2_drop="DROP TABLE t")
    assert gone.table("t") is None


def test_keys_and_indexes_may_stand_before_their_tables() -> None:
    found = schema(
        sql__create_foreign_keys="ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)",
        sql__create_indexes="CREATE INDEX i ON a (b_id)",
        sql__create_tables="CREATE TABLE a (b_id int); CREATE TABLE b (id int)",
    )
    table = found.table("a")
    assert indexed(table) == [("b_id",)]
    assert table is not None
    assert [key.table for key in table.foreign_keys] == ["b"]


def test_a_dump_and_the_migrations_behind_it_may_both_run() -> None:
    made = "CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE INDEX i ON t (a);"
    found = replayed({"db/structure.sql": made, "db/migrations/1_a.sql": made})
    assert indexed(found.table("t")) == [("id",), ("a",)]


def test_a_dump_of_postgres_adds_its_keys_at_the_end() -> None:
    found = schema(
        dump="""
        CREATE TABLE public.t (id integer NOT NULL, u_id integer);
        CREATE SEQUENCE public.t_id_seq AS integer;
        ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);
        COPY public.t (id, u_id) FROM stdin;
1;2
\\.
        ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
        CREATE UNIQUE INDEX x ON public.t USING btree (u_id) WHERE (u_id > 0);
        ALTER TABLE ONLY public.t ADD CONSTRAINT f FOREIGN KEY (u_id) REFERENCES public.u(id);
        """
    )
    table = found.table("t")
    assert table is not None
    assert table.dialect == "postgres"
    assert table.seeded
    assert table.primary_key == ("id",)
    assert [c.auto_increment for c in table.columns] == [True, False]
    assert [(i.columns, i.unique, i.where) for i in table.indexes if not i.primary] == [
        (("u_id",), True, "(u_id > 0)")
    ]


def test_a_dump_that_first_takes_away_what_it_makes_below() -> None:
    """`pg_dump --clean --if-exists`."""
    dump = """
        ALTER TABLE IF EXISTS ONLY public.orders DROP CONSTRAINT IF EXISTS orders_pkey;
        ALTER TABLE IF EXISTS public.orders ALTER COLUMN id DROP DEFAULT;
        DROP INDEX IF EXISTS public.orders_code_idx;
        DROP TABLE IF EXISTS public.orders;
        CREATE TABLE public.orders (id bigint NOT NULL, code text);
        ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
        CREATE INDEX orders_code_idx ON public.orders USING btree (code);
        """
    table = replayed({"db/structure.sql": dump}).table("orders")
    assert table is not None
    assert table.primary_key == ("id",)
    assert indexed(table) == [("id",), ("code",)]


def test_mysql_makes_an_index_for_each_foreign_key_and_postgres_none() -> None:
    table = "CREATE TABLE a (id int PRIMARY KEY, b_id int, FOREIGN KEY (b_id) REFERENCES b (id))"
    assert indexed(schema(x=f"{table} ENGINE=InnoDB").table("a")) == [("id",), ("b_id",)]
    assert indexed(schema(x=f"{table}; SELECT 1::int, now()::date").table("a")) == [("id",)]
    led = table.replace("FOREIGN", "KEY i (b_id, id), FOREIGN")
    assert indexed(schema(x=f"{led} ENGINE=InnoDB").table("a")) == [("id",), ("b_id", "id")]


def test_renames_carry_indexes_and_references() -> None:
    found = schema(
        db__1="CREATE TABLE a (id int PRIMARY KEY, x int); CREATE INDEX i ON a (x);"
        "CREATE TABLE b (a_id int REFERENCES a (id));",
        db__2="ALTER TABLE a RENAME COLUMN x TO y; ALTER TABLE a RENAME TO c;",
    )
    assert found.table("a") is None
    assert indexed(found.table("c")) == [("id",), ("y",)]
    referring = found.table("b")
    assert referring is not None
    assert [key.table for key in referring.foreign_keys] == ["c"]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ("DROP INDEX i", [("id",)]),
        ("ALTER INDEX i RENAME TO j; DROP INDEX j", [("id",)]),
        ("ALTER TABLE t RENAME INDEX i TO j; DROP INDEX j", [("id",)]),
        ("DROP INDEX i ON t", [("id",)]),
        ("ALTER TABLE t DROP INDEX i", [("id",)]),
        ("ALTER TABLE t DROP CONSTRAINT i", [("id",)]),
        ("ALTER TABLE t DROP PRIMARY KEY", [("a", "b")]),
        ("ALTER TABLE t DROP CONSTRAINT t_pkey", [("a", "b")]),
        ("ALTER TABLE t DROP COLUMN b", [("id",)]),
        ("DROP INDEX other", [("id",), ("a", "b")]),
        ("DROP INDEX i; CREATE INDEX i ON t (b)", [("id",), ("b",)]),
        # Made anew under another name before the old one goes, as where nothing may wait.
        ("CREATE INDEX j ON t (a, b); DROP INDEX i", [("id",), ("a", "b")]),
        ("CREATE INDEX j ON t (a, b); DROP INDEX j", [("id",), ("a", "b")]),
        ("CREATE INDEX j ON t (a, b); DROP INDEX i; DROP INDEX j", [("id",)]),
        ("CREATE INDEX j ON t (a, b); DROP INDEX j; DROP INDEX i", [("id",)]),
        (
            "CREATE INDEX j ON t (a, b); ALTER INDEX j RENAME TO k; DROP INDEX i; DROP INDEX j",
            [("id",), ("a", "b")],
        ),
        ("CREATE INDEX j ON t (a, b); ALTER TABLE t DROP COLUMN b; DROP INDEX i", [("id",)]),
    ],
)
def test_dropped_indexes(change: str, left: list[tuple[str, ...]]) -> None:
    made = "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX i ON t (a, b);"
    assert indexed(schema(db__1=made, db__2=change).table("t")) == left


def test_a_drop_of_nobody_knows_what_drops_nothing() -> None:
    table = (
        "module.exports = { up: async (q) => { await q.createTable('loans', {"
        " reader: { type: INTEGER, references: { model: 'readers', key: 'id' } } });"
        " await q.removeIndex(TABLE, NAME); await q.removeConstraint(TABLE, NAME) } }"
    )
    found = replay([("migrations/1.js", javascript.extract(table.encode()))]).tables["loans"]
    assert [key.table for key in found.foreign_keys] == ["readers"]


def test_mysql_keeps_an_index_for_the_columns_that_are_left() -> None:
    made = "CREATE TABLE t (a int, b int, KEY i (a, b)) ENGINE=InnoDB;"
    found = schema(db__1=made, db__2="ALTER TABLE `t` DROP COLUMN `a`;")
    assert indexed(found.table("t")) == [("b",)]


def test_types_may_widen_later() -> None:
    found = schema(
        db__1="CREATE TABLE t (id serial PRIMARY KEY)",
        db__2="ALTER TABLE t ALTER COLUMN id TYPE bigint",
    )
    table = found.table("t")
    assert table is not None
    assert (table.columns[0].type, table.columns[0].auto_increment) == ("BIGINT", True)


def test_a_column_may_be_forbidden_to_be_null_later() -> None:
    found = schema(
        db__migrations__1_init="CREATE TABLE users (id serial PRIMARY KEY, mail text, name text);",
        db__migrations__2_mail="ALTER TABLE users ALTER COLUMN mail SET NOT NULL;",
    )
    users = found.table("users")
    assert users is not None
    assert {c.name for c in users.columns if c.nullable} == {"name"}


def test_of_variants_for_several_engines_one_counts() -> None:
    found = replayed(
        {
            "db/mysql/1.sql": "CREATE TABLE t (id INT AUTO_INCREMENT) ENGINE=InnoDB",
            "db/postgres/1.sql": "CREATE TABLE t (id bigserial)",
            "db/sqlite/1.sql": "CREATE TABLE t (id INTEGER)",
            "db/common/2.sql": "CREATE TABLE u (id int)",
        }
    )
    table = found.table("t")
    assert table is not None
    assert (table.dialect, table.columns[0].type) == ("postgres", "BIGSERIAL")
    assert found.table("u") is not None


def test_the_engine_that_a_folder_names_is_surer_than_quotes() -> None:
    found = replayed({"sqlite/migrations/1.sql": "CREATE TABLE `t` (`id` integer PRIMARY KEY)"})
    table = found.table("t")
    assert table is not None
    assert table.dialect == "sqlite"


def test_each_folder_has_a_database_of_its_own() -> None:
    found = replayed(
        {
            "orders/db/migrations/1.sql": "CREATE TABLE t (a int, b int)",
            "users/db/migrations/1.sql": "CREATE TABLE t (a int); DROP TABLE IF EXISTS x;",
            "users/db/migrations/2.sql": "DROP TABLE t",
        }
    )
    table = found.table("t")
    assert table is not None
    assert len(table.columns) == 2
    assert home("orders/db/migrations/1.sql") == "orders"
    assert home("admin/sql/updates/1.sql") == "admin"


@pytest.mark.parametrize("folder", ["packages/client", "apps/desktop"])
def test_the_copy_that_a_device_keeps_is_not_the_table_of_the_server(folder: str) -> None:
    found = replayed(
        {
            "apps/server/migrations/001_a.sql": "CREATE TABLE people (id int PRIMARY KEY, email text UNIQUE);",
            f"{folder}/migrations/001_a.sql": "CREATE TABLE people (id int PRIMARY KEY, email text, seen text, at text);",
        }
    ).tables["people"]
    assert found.at is not None
    assert found.at.path == "apps/server/migrations/001_a.sql"


@pytest.mark.parametrize(
    ("early", "later", "known"),
    [
        ("db/migration/archive/V2__orders", "db/migration/V3__index", {"orders", "users"}),
        ("db/migration/archived/V2_1__orders", "db/migration/V2.9__index", {"orders", "users"}),
        ("db/migration/archive/V5__orders", "db/migration/V3__index", {"users"}),  # begun anew
        ("db/archive/V2__orders", "db/migration/V3__index", {"users"}),
        ("db/migration/archive/02_orders", "db/migration/03_index", {"users"}),
    ],
)
def test_flyway_runs_what_lies_in_the_folders_below_its_own(
    early: str, later: str, known: set[str]
) -> None:
    found = replayed(
        {
            f"{early}.sql": "CREATE TABLE orders (id int PRIMARY KEY, code text);",
            f"{later}.sql": "CREATE TABLE users (id int); CREATE INDEX a ON orders (code);",
        }
    )
    assert set(found.tables) == known
    if "orders" in known:
        assert indexed(found.table("orders")) == [("id",), ("code",)]


def test_early_migrations_in_a_folder_below_belong_to_the_same_database() -> None:
    found = replayed(
        {
            "app/liquibase/legacy/schema1.sql": "CREATE TABLE t (a int, b int, c int)",
            "app/liquibase/2.0/t.sql": "CREATE TABLE t2 (a int); DROP TABLE t;"
            " ALTER TABLE t2 RENAME TO t;",
        }
    )
    table = found.table("t")
    assert table is not None
    assert [column.name for column in table.columns] == ["a"]
    assert home("legacy/db/migrations/1.sql") == "legacy"


def test_a_change_finds_the_only_table_of_its_name() -> None:
    found = replayed(
        {
            "a/db/1.sql": "CREATE TABLE t (x int)",
            "tools/add_index.sql": "CREATE INDEX i ON t (x)",
            "tools/none.sql": "CREATE INDEX i ON nowhere (x)",
        }
    )
    assert indexed(found.table("t")) == [("x",)]


def test_of_several_tables_of_a_name_a_change_finds_the_nearest() -> None:
    tables = {
        "app/ddl/create/full.sql": "CREATE TABLE t (x int, y int)",
        "docs/example/full.sql": "CREATE TABLE t (x int)",
    }
    change = "CREATE INDEX i ON t (x)"
    assert indexed(replayed(tables | {"app/ddl/fix/add.sql": change}).table("t")) == [("x",)]
    # of the smaller table alone, which does not stand
    assert indexed(replayed(tables | {"docs/fix/add.sql": change}).table("t")) == []
    # near none: told of all that there are
    assert indexed(replayed(tables | {"src/fix/add.sql": change}).table("t")) == [("x",)]


def test_the_order_of_the_files_given_does_not_matter() -> None:
    files = {
        "db/1.sql": "CREATE TABLE t (a int)",
        "db/2.sql": "ALTER TABLE t ADD b int",
        "db/3.sql": "CREATE INDEX i ON t (b)",
    }
    assert replayed(files) == replayed(dict(reversed(files.items())))


def test_a_program_among_migrations_runs_on_every_engine_whatever_its_name() -> None:
    first = "class A < ActiveRecord::Migration[7.1]\n def change\n create_table(:loans) { |t| t.references :reader, index: false, foreign_key: true }\n end\nend"
    columns = "class {}\n def change\n add_column :loans, :{}, :string\n end\nend"
    files = {
        "db/migrate/1_a.rb": first,
        "db/migrate/2_widen_mysql_text.rb": columns.format(
            "B < ActiveRecord::Migration[7.1]", "code"
        ),
        "db/migrate/3_postgres_comment.rb": columns.format(
            "C < ActiveRecord::Migration[7.1]", "note"
        ),
    }
    loans = replay((path, ruby.extract(text.encode())) for path, text in files.items()).tables[
        "loans"
    ]
    assert [column.name for column in loans.columns] == ["id", "reader_id", "code", "note"]
    assert (loans.dialect, indexed(loans)) == ("", [("id",)])


def test_what_rails_writes_stands_before_other_dumps_beside_it() -> None:
    written = b"""
    ActiveRecord::Schema[7.0].define(version: 2024_01_01) do
      create_table "classes", force: :cascade do |t|
        t.string "letter"
        t.index ["letter"], name: "of_letter"
      end
    end
    """
    rows = b"""
    DROP INDEX of_letter; DROP INDEX of_name;
    CREATE TABLE classes (id integer, letter text, title text, note text);
    CREATE TABLE notes (id integer PRIMARY KEY, body text);
    """
    found = replay(
        [
            ("db/schema.rb", ruby.extract(written)),
            ("db/static.sql", sql_files.extract(rows)),
        ]
    )
    assert indexed(found.table("classes")) == [("id",), ("letter",)]
    assert indexed(found.table("notes")) == [("id",)]


def test_a_database_for_trying_things_out_stands_back() -> None:
    found = replayed(
        {
            "docker/psql/schema/00.sql": "CREATE TABLE loans (id int PRIMARY KEY, code text, a int, b int);"
            "CREATE INDEX loans_code ON loans (code);",
            "migrations/20240101000000_init.sql": "CREATE TABLE loans (id int PRIMARY KEY, due date);",
        }
    )
    assert indexed(found.table("loans")) == [("id",)]
    alone = replayed({"docker/psql/schema/00.sql": "CREATE TABLE loans (id int PRIMARY KEY);"})
    assert alone.table("loans") is not None


def test_a_table_made_like_another_has_its_columns_and_none_of_its_keys() -> None:
    orders = "CREATE TABLE orders (id int PRIMARY KEY, buyer int REFERENCES buyers (id), at date);"
    found = schema(
        db__1_orders=f"{orders} CREATE INDEX o_at ON orders (at);",
        db__2_drafts="CREATE TABLE drafts AS SELECT * FROM orders; CREATE TABLE old LIKE orders;"
        " ALTER TABLE drafts ADD PRIMARY KEY (id); CREATE TABLE lost AS SELECT * FROM nowhere;",
    )
    drafts = found.table("drafts")
    assert drafts is not None
    assert [column.name for column in drafts.columns] == ["id", "buyer", "at"]
    assert (indexed(drafts), drafts.foreign_keys) == ([("id",)], ())
    assert indexed(found.table("old")) == [("id",), ("at",)]
    assert found.table("lost") is None


def test_a_file_that_only_quotes_as_mysql_does_is_of_the_engine_of_its_folder() -> None:
    """MySQL would make an index for the key; SQLite does not."""
    found = schema(
        drizzle__0000_a="CREATE TABLE `a` (`id` text PRIMARY KEY NOT NULL);",
        drizzle__0001_b="CREATE TABLE `b` (`id` integer PRIMARY KEY NOT NULL, `c` text);",
        drizzle__0002_c="CREATE TABLE `c` (`a` text NOT NULL, `b` integer NOT NULL,"
        " FOREIGN KEY (`b`) REFERENCES `b`(`id`));",
    )
    assert indexed(found.table("c")) == []


def test_a_key_with_an_index_of_its_own_makes_none_beside_another() -> None:
    at = Span(1)
    key = ForeignKeyFact(("buyer",), "buyers")
    change = TableChanged(
        at, "orders", "add-foreign-key", foreign_key=key, index=IndexFact(("buyer",))
    )
    table = sql_files.extract(b"CREATE TABLE orders (id int, buyer int, day date);")
    index = sql_files.extract(b"CREATE INDEX o ON orders (buyer, day);")
    added = FileFacts(facts=(change,))
    alone = replay([("db/1_a.sql", table), ("db/2_b.sql", added)])
    assert indexed(alone.table("orders")) == [("buyer",)]
    beside = replay([("db/1_a.sql", table), ("db/2_b.sql", index), ("db/3_c.sql", added)])
    assert indexed(beside.table("orders")) == [("buyer", "day")]
