"""Migrations of Laravel and Doctrine to steps of a schema, and what the steps come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import FileFacts, TableChanged, TableDefined
from scaleaudit.languages.php import extract
from scaleaudit.schemas.replay import replay

if TYPE_CHECKING:
    from scaleaudit.schema import Table

ENGINE = "<?php return ['default' => env('DB_CONNECTION', '%s'), 'connections' => []];"


def laravel(body: str, more: str = "") -> FileFacts:
    source = f"""<?php
    use Illuminate\\Database\\Migrations\\Migration;
    return new class extends Migration {{
        private array $kept = ['loans', 'returns'];
        public function up(): void {{ {body} }}
        public function down(): void {{ Schema::drop('loans'); }}
        {more}
    }};"""
    return extract(source.encode())


def tables(*bodies: str, engine: str = "pgsql") -> dict[str, Table]:
    files = [
        (f"database/migrations/2024_01_{number:02}_000000_step.php", laravel(body))
        for number, body in enumerate(bodies, 1)
    ]
    files.append(("config/database.php", extract((ENGINE % engine).encode())))
    return replay(files).tables


def indexes(table: Table) -> list[tuple[str, ...]]:
    return [index.columns for index in table.indexes if not index.primary]


LOANS = """
Schema::create('loans', function (Blueprint $table) {
    $table->id();
    $table->foreignId('reader_id')->constrained()->cascadeOnDelete();
    $table->foreignIdFor(Copy::class)->constrained('books')->index();
    $table->string('code', 20)->unique();
    $table->string('note')->nullable()->indexed();
    $table->morphs('item');
    $table->unsignedInteger('desk')->index('desks');
    $table->timestamps();
    $table->softDeletes();
    $table->index(['desk', 'code']);
});
"""


@pytest.mark.parametrize(
    ("column", "keys"),
    [("foreignId('reader_id')->constrained()", 1), ("foreignUuid('r')->references('id')->on('readers')", 1),
     ("string('hash')->references('hash')->on('lines')", 0), ("unsignedInteger('r')->constrained('readers')", 0)],
)  # fmt: skip
def test_only_columns_made_for_keys_become_keys(column: str, keys: int) -> None:
    made = tables(
        f"Schema::create('loans', function (Blueprint $table) {{ $table->{column}; }});",
        engine="mysql",
    )["loans"]
    assert len(made.foreign_keys) == keys
    assert len(indexes(made)) == keys


def test_created_table() -> None:
    loans = tables(LOANS)["loans"]
    assert [(c.name, c.type) for c in loans.columns] == [
        ("id", "BIGINT"),
        ("reader_id", "BIGINT"),
        ("copy_id", "BIGINT"),
        ("code", "VARCHAR"),
        ("note", "VARCHAR"),
        ("item_type", "VARCHAR"),
        ("item_id", "BIGINT"),
        ("desk", "INT UNSIGNED"),
        ("created_at", "TIMESTAMP"),
        ("updated_at", "TIMESTAMP"),
        ("deleted_at", "TIMESTAMP"),
    ]
    assert loans.primary_key == ("id",)
    assert indexes(loans) == [
        ("copy_id",),
        ("code",),
        ("item_type", "item_id"),
        ("desk",),
        ("desk", "code"),
    ]
    assert [(k.columns, k.table) for k in loans.foreign_keys] == [
        (("reader_id",), "readers"),
        (("copy_id",), "books"),
    ]
    assert next(c for c in loans.columns if c.name == "note").nullable
    assert not next(c for c in loans.columns if c.name == "code").nullable


@pytest.mark.parametrize(
    ("engine", "indexed"), [("pgsql", False), ("mysql", True), ("sqlite", True)]
)
def test_keys_have_indexes_where_the_engine_makes_them(engine: str, indexed: bool) -> None:
    """Whoever develops on SQLite and says no more runs on Laravel's usual engine."""
    loans = tables(LOANS, engine=engine)["loans"]
    assert (("reader_id",) in indexes(loans)) is indexed


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("$table->dropIndex(['desk', 'code']);", [("copy_id",), ("code",), ("item_type", "item_id"), ("desk",)]),
        ("$this->kept->dropIndexIfExists($table, ['desk', 'code']);", [("copy_id",), ("code",), ("item_type", "item_id"), ("desk",)]),
        ("$this->dropUniqueIfExists($table, 'loans_code_unique');", [("copy_id",), ("item_type", "item_id"), ("desk",), ("desk", "code")]),
        ("$table->dropIndex('desks');", [("copy_id",), ("code",), ("item_type", "item_id"), ("desk", "code")]),
        ("$table->dropUnique('loans_code_unique');", [("copy_id",), ("item_type", "item_id"), ("desk",), ("desk", "code")]),
        ("$table->dropMorphs('item');", [("copy_id",), ("code",), ("desk",), ("desk", "code")]),
        ("$table->dropColumn(['desk', 'code']);", [("copy_id",), ("item_type", "item_id")]),
        ("$table->renameColumn('desk', 'counter');", [("copy_id",), ("code",), ("item_type", "item_id"), ("counter",), ("counter", "code")]),
        ("$table->string('note', 500)->change();", [("copy_id",), ("code",), ("item_type", "item_id"), ("desk",), ("desk", "code")]),
    ],
)  # fmt: skip
def test_changes(step: str, expected: list[tuple[str, ...]]) -> None:
    changed = f"Schema::table('loans', function (Blueprint $table) {{ {step} }});"
    assert indexes(tables(LOANS, changed)["loans"]) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("DB::raw('desk asc'), DB::raw('`code` DESC')", [("desk", "code")]),
        ("'desk', DB::raw('lower(code)')", [("desk", "(lower(code))")]),
        ("'desk', $more", []),
    ],
)
def test_parts_of_an_index_that_are_written_as_sql(
    columns: str, expected: list[tuple[str, ...]]
) -> None:
    step = f"$table->string('desk'); $table->index([{columns}], 'by_desk');"
    made = f"Schema::create('loans', function (Blueprint $table) {{ {step} }});"
    assert indexes(tables(made)["loans"]) == expected


def test_an_index_stays_when_its_key_goes() -> None:
    gone = "Schema::table('loans', fn (Blueprint $t) => $t->dropForeign(['reader_id']));"
    loans = tables(LOANS, gone, engine="mysql")["loans"]
    assert [k.table for k in loans.foreign_keys] == ["books"]
    assert ("reader_id",) in indexes(loans)
    both = f"{gone} Schema::table('loans', fn ($t) => $t->dropIndex('loans_reader_id_foreign'));"
    assert ("reader_id",) not in indexes(tables(LOANS, both, engine="mysql")["loans"])


def test_loops_methods_and_statements() -> None:
    found = tables(
        LOANS + "Schema::create('returns', function (Blueprint $t) { $t->id(); });",
        """
        foreach ($this->kept as $name) {
            Schema::table($name, function (Blueprint $table) use ($name) {
                $table->unsignedBigInteger('branch_id')->index("{$name}_branch");
            });
        }
        DB::statement('CREATE INDEX notes ON loans (note)');
        if (DB::getDriverName() === 'sqlite') { Schema::drop('loans'); } else { Schema::rename('returns', 'handed_in'); }
        """,
    )
    assert indexes(found["handed_in"]) == [("branch_id",)]
    assert indexes(found["loans"])[-2:] == [("branch_id",), ("note",)]
    assert "returns" not in found


def test_constants_of_a_migration_without_a_name() -> None:
    body = "Schema::table(self::TABLE, fn (Blueprint $t) => $t->dropColumn(static::OLD));"
    more = "private const TABLE = 'loans'; private const OLD = 'note';"
    found = [f for f in laravel(body, more).facts if isinstance(f, TableChanged)]
    assert [(f.table, f.action, f.name) for f in found] == [("loans", "drop-column", "note")]


def test_only_the_way_forward_counts() -> None:
    facts = laravel("DB::statement('DROP INDEX old');", "public function other() {}").facts
    assert [f.action for f in facts if isinstance(f, TableChanged)] == ["drop-index"]


def doctrine(body: str) -> dict[str, Table]:
    source = f"""<?php
    namespace DoctrineMigrations;
    use Doctrine\\DBAL\\Schema\\Schema;
    final class Version20240101000000 extends AbstractMigration {{
        public function up(Schema $schema): void {{ {body} }}
        public function down(Schema $schema): void {{ $this->addSql('DROP INDEX IDX_A ON loan'); }}
    }}"""
    return replay([("migrations/Version20240101000000.php", extract(source.encode()))]).tables


def test_doctrine_statements_in_order() -> None:
    found = doctrine("""
        $this->addSql('CREATE TABLE loan (id INT AUTO_INCREMENT NOT NULL, code VARCHAR(9) NOT NULL, INDEX IDX_A (code), INDEX IDX_B (id, code), PRIMARY KEY(id))');
        $this->addSql('DROP INDEX IDX_A ON loan');
        $this->addSql('CREATE UNIQUE INDEX UNIQ_C ON loan (code)');
    """)
    assert [(i.columns, i.unique) for i in found["loan"].indexes if not i.primary] == [
        (("id", "code"), False),
        (("code",), True),
    ]


def test_indexes_of_a_part_of_the_rows() -> None:
    """As the package for PostgreSQL declares them."""
    made = """Schema::create('loans', function (Blueprint $table) {
        $table->string('mail');
        $table->uniqueIndex('mail')->where('closed = false');
        $table->partialIndex('code', fn ($rows) => $rows->whereNull('gone_at'));
    });"""
    found = [(each.columns, each.unique, each.where) for each in tables(made)["loans"].indexes]
    assert found == [(("mail",), True, "closed = false"), (("code",), False, "")]


def test_statements_handed_to_the_connection() -> None:
    """Shopware's steps, whose way forward is `update`."""
    source = """<?php
    namespace Shop\\Migration;
    use Doctrine\\DBAL\\Connection;
    class Migration%d extends MigrationStep {
        public function getCreationTimestamp(): int { return %d; }
        public function update(Connection $connection): void { %s }
        public function updateDestructive(Connection $connection): void {
            $connection->executeStatement('ALTER TABLE loan DROP COLUMN code');
        }
    }"""
    steps = (
        """$sql = <<<'SQL'
            CREATE TABLE IF NOT EXISTS `loan` (
                `id` BINARY(16) NOT NULL PRIMARY KEY, `code` VARCHAR(9) NOT NULL, `due_at` DATETIME NOT NULL,
                INDEX `idx.loan.code` (`code`)
            ) ENGINE=InnoDB
SQL;
        $connection->executeUpdate($sql);""",
        """try { $connection->executeStatement('CREATE INDEX `idx.loan.due_at` ON `loan` (`due_at`)'); }
        catch (\\Exception $e) {}
        $connection->executeStatement('UPDATE `loan` SET code = 1');
        $connection->executeStatement('ALTER TABLE `loan` DROP INDEX `idx.loan.code`');""",
    )
    files = [
        (
            f"src/Migration/Migration{number}.php",
            extract((source % (number, number, body)).encode()),
        )
        for number, body in enumerate(steps, 1)
    ]
    loan = replay(files).tables["loan"]
    assert [column.name for column in loan.columns] == ["id", "code", "due_at"]
    assert indexes(loan) == [("due_at",)]


def test_doctrine_statements_of_a_loop_over_rows() -> None:
    """Each round knows the entries of its row, by key, by place, or in variables."""
    found = doctrine("""
    $this->addSql('CREATE TABLE shelf (id INT PRIMARY KEY, code TEXT, room TEXT, floor TEXT)');
    foreach (['codes' => ['of' => 'shelf', 'by' => 'lower(code)']] as $name => $row) {
        $this->addSql('CREATE INDEX ' . $name . ' ON ' . $row['of'] . ' (' . $row['by'] . ')');
    }
    foreach ([['shelf', 'room']] as [$table, $column]) {
        $this->addSql("CREATE INDEX by_$column ON $table ($column)");
    }
    foreach ([['on' => 'shelf', 'by' => 'floor']] as ['by' => $column, 'on' => $table]) {
        $this->addSql("CREATE INDEX by_$column ON $table ($column)");
    }
    """)
    assert indexes(found["shelf"]) == [("(lower(code))",), ("room",), ("floor",)]


def test_doctrine_schema_objects() -> None:
    found = doctrine("""
        $loans = $schema->createTable('loan');
        $loans->addColumn('id', 'integer', ['autoincrement' => true, 'notnull' => true]);
        $loans->addColumn('reader_id', 'integer', ['notnull' => true]);
        $loans->addColumn('copy_id', 'integer', ['notnull' => false]);
        $loans->setPrimaryKey(['id']);
        $loans->addForeignKeyConstraint('reader', ['reader_id'], ['id'], []);
        $loans->addForeignKeyConstraint('copy', ['copy_id'], ['id'], []);
        $loans->addIndex(['copy_id', 'reader_id'], 'IDX_1');
        $schema->getTable('loan')->addUniqueIndex(['reader_id', 'id'], 'UNIQ_2');
    """)
    loan = found["loan"]
    assert [(c.name, c.type, c.nullable) for c in loan.columns] == [
        ("id", "INT", False),
        ("reader_id", "INT", False),
        ("copy_id", "INT", True),
    ]
    assert indexes(loan) == [("copy_id", "reader_id"), ("reader_id", "id")]
    assert [k.table for k in loan.foreign_keys] == ["reader", "copy"]


@pytest.mark.parametrize(
    "body",
    [
        "Schema::create($name, function ($t) { $t->id(); });",
        "Schema::create('x', function () { $t->id(); });",
        "Schema::table('x', function (Blueprint $t) { $t->index($columns); $t->string(); $t->{$x}('a'); });",
        "foreach ($unknown as $name) { Schema::table($name, fn (Blueprint $t) => $t->dropColumn('a')); }",
        "$this->up(); $this->again();",
    ],
)
def test_what_is_not_known_is_left_out(body: str) -> None:
    found = laravel(body, "private function again() { $this->again(); }")
    assert not [f for f in found.facts if not hasattr(f, "module")]


def phinx(*bodies: str, down: str = "") -> dict[str, Table]:
    files = [
        (
            f"db/migrations/2024010{number}000000_step.php",
            extract(
                f"""<?php
                use Phinx\\Migration\\AbstractMigration;
                class Step{number} extends AbstractMigration {{
                    public function change(): void {{ {body} }}
                    public function down(): void {{ {down} }}
                }}""".encode()
            ),
        )
        for number, body in enumerate(bodies, 1)
    ]
    return replay(files).tables


SHELVES = """
$this->table('shelves')->addColumn('room', 'string', ['limit' => 20, 'null' => false])
    ->addColumn('visits', 'integer', ['limit' => MysqlAdapter::INT_BIG, 'signed' => false])
    ->addTimestamps()
    ->addIndex('room')->addIndex(['visits', 'room'], ['unique' => true, 'name' => 'busy'])
    ->create();
$loans = $this->table('loans', ['id' => false, 'primary_key' => ['shelf_id', 'no']]);
$loans->addColumn('shelf_id', 'integer')->addColumn('no', 'integer')->addColumn('code', 'char');
$loans->addForeignKey('shelf_id', 'shelves', 'id', ['delete' => 'CASCADE']);
$loans->create();
$this->execute('CREATE INDEX by_code ON loans (code)');
"""


def test_phinx() -> None:
    found = phinx(SHELVES)
    shelves, loans = found["shelves"], found["loans"]
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in shelves.columns] == [
        ("id", "INT", False, True),
        ("room", "VARCHAR", False, False),
        ("visits", "BIGINT UNSIGNED", True, False),
        ("created_at", "TIMESTAMP", True, False),
        ("updated_at", "TIMESTAMP", True, False),
    ]
    assert (shelves.primary_key, loans.primary_key) == (("id",), ("shelf_id", "no"))
    assert indexes(shelves) == [("room",), ("visits", "room")]
    assert [index.unique for index in shelves.indexes] == [True, False, True]
    assert indexes(loans) == [("code",)]
    assert [(key.columns, key.table) for key in loans.foreign_keys] == [(("shelf_id",), "shelves")]


def test_phinx_changes_later() -> None:
    found = phinx(
        SHELVES,
        """
        foreach (['code', 'no'] as $column) {
            $this->table('loans')->addIndex([$column], ['name' => "own_$column"])->save();
        }
        $table = $this->table('shelves');
        $table->removeIndexByName('busy')->removeColumn('visits')->renameColumn('room', 'hall');
        $table->addColumn('floor', 'integer')->addIndex(['floor'])->update();
        """,
        "$this->table('loans')->drop()->save();",
    )
    assert list(found) == ["shelves"]
    assert [column.name for column in found["shelves"].columns] == [
        "id", "hall", "created_at", "updated_at", "floor",
    ]  # fmt: skip
    assert indexes(found["shelves"]) == [("hall",), ("floor",)]


def test_phinx_saves_a_table_that_the_way_back_drops() -> None:
    made = "$this->table('desks')->addColumn('no', 'integer')->addIndex('no')->save();"
    assert "desks" not in phinx(made)
    found = phinx(made, down="$this->table('desks')->drop()->save();")["desks"]
    assert (found.primary_key, indexes(found)) == (("id",), [("no",)])


def test_tables_that_an_installer_makes() -> None:
    source = """<?php
    class Install {
        public function run(): bool {
            try {
                Schema::create('loans', function (Blueprint $table) { $table->id(); $table->string('code'); });
                if (! Schema::hasTable('readers')) {
                    Schema::create('readers', fn (Blueprint $table) => $table->string('mail')->unique());
                }
            } catch (\\Exception $e) { return false; }
            return true;
        }
        public function second(): void {
            Schema::create('shelves', function (Blueprint $table) { $table->id(); });
            Schema::table('loans', function (Blueprint $table) { $table->index(['code']); });
        }
        public function uninstall(): void {
            Schema::create('backups', fn (Blueprint $table) => $table->id());
            Schema::dropIfExists('loans');
        }
        public function one($name): void { Schema::create("data_{$name}", fn (Blueprint $table) => $table->id()); }
    }"""
    facts = extract(source.encode())
    made = [each.table for each in facts.facts if isinstance(each, TableDefined)]
    assert sorted(made) == ["loans", "readers", "shelves"]  # each once
    found = replay([("app/Install.php", facts)]).tables
    assert indexes(found["loans"]) == [("code",)]
    assert indexes(found["readers"]) == [("mail",)]


def test_a_table_that_is_made_inside_of_a_change() -> None:
    """Laravel 3 and 4: `create()` on the Blueprint of `Schema::table`."""
    made = tables(
        "Schema::table('loans', function ($t) {"
        " $t->create(); $t->increments('id'); $t->integer('desk_id'); $t->index('desk_id'); });",
        "Schema::table('loans', function ($t) { $t->string('note'); });",
        "Schema::table('others', function ($t) { $t->string('note'); });",
    )
    assert set(made) == {"loans"}
    assert [column.name for column in made["loans"].columns] == ["id", "desk_id", "note"]
    assert indexes(made["loans"]) == [("desk_id",)]
