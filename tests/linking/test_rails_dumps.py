"""Rails writes one of two dumps after each migration, and leaves the other as it once was."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

RUBY = """
    ActiveRecord::Schema{version}.define({said}) do
      create_table "orders", force: :cascade do |t|
        t.string "code"
        t.index ["code"], name: "by_code"
      end
    end
    """
SQL = """
    CREATE TABLE orders (id bigint PRIMARY KEY, code text);
    CREATE TABLE schema_migrations (version varchar(255) NOT NULL);
    INSERT INTO "schema_migrations" (version) VALUES
    ('20190101000000'),
    ('20200701115721');
    """


def is_indexed(files: dict[str, str]) -> bool:
    table = architecture(files).schema.table("orders")
    assert table is not None
    return ("code",) in [index.columns for index in table.indexes]


@pytest.mark.parametrize(
    ("said", "indexed"),
    [
        ("version: 2021_04_07_094208", True),
        ("version: 20210407094208", True),
        ("version: 2019_01_01_000000", False),
        ("version: 2020_07_01_115721", True),  # both of one day: as before, Rails' own tells more
    ],
)
def test_the_dump_with_the_newer_migrations_counts(said: str, indexed: bool) -> None:
    for version in ("", "[7.1]"):
        ruby = RUBY.format(version=version, said=said)
        assert is_indexed({"db/schema.rb": ruby, "db/structure.sql": SQL}) is indexed


def test_dumps_of_other_databases_stand_beside() -> None:
    """`db/queue_schema.rb` of Solid Queue says version 1 for ever."""
    queue = RUBY.format(version="", said="version: 1").replace("orders", "jobs")
    found = architecture({"db/queue_schema.rb": queue, "db/structure.sql": SQL}).schema
    assert [table.name for table in found.tables.values()] == [
        "jobs",
        "orders",
        "schema_migrations",
    ]


MADE = """
    <?php
    return new class extends Migration {
        public function up(): void {
            Schema::create('orders', function (Blueprint $table) {
                $table->id();
                $table->string('code')->index();
            });
        }
    };
    """
LEFT_OVER = """
    CREATE TABLE `orders` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `code` varchar(255), `note` text,
      `a` int, `b` int, PRIMARY KEY (`id`));
    CREATE TABLE `reports` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`));
    """


@pytest.mark.parametrize("path", ["shop.sql", "database/shop.sql"])
def test_what_the_migrations_of_laravel_make_stands_before_a_dump_beside_them(path: str) -> None:
    files = {
        "composer.json": '{"require": {"laravel/framework": "^11"}}',
        "database/migrations/2024_01_01_000000_create_orders_table.php": MADE,
    }
    orders = architecture(files | {path: LEFT_OVER}).schema.table("orders")
    assert orders is not None
    assert [each.name for each in orders.columns] == ["id", "code"]
    assert is_indexed(files | {path: LEFT_OVER})
    assert architecture(files | {path: LEFT_OVER}).schema.table("reports") is not None
    # Its own dump is what the migrations before came to.
    own = architecture(files | {"database/schema/mysql-schema.sql": LEFT_OVER}).schema.table(
        "orders"
    )
    assert own is not None
    assert len(own.columns) > 2
