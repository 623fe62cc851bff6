"""An index is written down as the tool takes it that migrates its table."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.index_use import add_indexes
from scaleaudit.index_use.statements import WRITERS
from scaleaudit.schema import Column, Table
from scaleaudit.source import Location


def loans(files: dict[str, str]) -> Table:
    found = architecture(files).schema.tables
    assert len(found) == 1, sorted(found)
    return next(iter(found.values()))


RAILS = (
    "class A < ActiveRecord::Migration[7.0]\n  def change\n"
    "    create_table(:loans) { |t| t.date :due_on }\n  end\nend\n"
)
SEQUEL = "Sequel.migration do\n  change do\n    create_table(:loans) { primary_key :id; Date :due_on }\n  end\nend\n"
SQL = "CREATE TABLE loans (id bigint PRIMARY KEY, due_on date);"
DJANGO = (
    "from django.db import migrations, models\nclass Migration(migrations.Migration):\n"
    "    operations = [migrations.CreateModel(name='Loan', fields=[('id', models.AutoField(primary_key=True)), "
    "('due_on', models.DateField(db_column='due'))], options={'db_table': 'loans'})]\n"
)
DJANGO_MODEL = (
    "from django.db import models\nclass Loan(models.Model):\n    due_on = models.DateField(db_column='due')\n"
    "    class Meta:\n        db_table = 'loans'\n"
)
ALEMBIC = (
    "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\ndown_revision = None\n"
    "def upgrade():\n    op.create_table('loans', sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('due_on', sa.Date))\n"
)
SQLALCHEMY = (
    "from sqlalchemy import Column, Date, Integer\nfrom sqlalchemy.orm import declarative_base\n"
    "Base = declarative_base()\nclass Loan(Base):\n    __tablename__ = 'loans'\n"
    "    id = Column(Integer, primary_key=True)\n    due_on = Column(Date)\n"
)
LARAVEL = (
    "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nreturn new class extends Migration {\n"
    "    public function up() { Schema::create('loans', function (Blueprint $table) "
    "{ $table->id(); $table->date('due_on'); }); }\n};\n"
)
PHINX = (
    "<?php\nclass MakeLoans extends AbstractMigration {\n    public function change() {\n"
    "        $this->table('loans')->addColumn('due_on', 'date')->create();\n    }\n}\n"
)
DOCTRINE = (
    "<?php\nuse Doctrine\\Migrations\\AbstractMigration;\nclass Version1 extends AbstractMigration {\n"
    "    public function up(Schema $schema): void { $this->addSql('CREATE TABLE loans (id INT NOT NULL, "
    "due_on DATE, PRIMARY KEY(id))'); }\n}\n"
)
ENTITY = (
    "<?php\nuse Doctrine\\ORM\\Mapping as ORM;\n#[ORM\\Entity]\n#[ORM\\Table(name: 'loans')]\nclass Loan {\n"
    "    #[ORM\\Id]\n    #[ORM\\Column(type: 'integer')]\n    private int $id;\n"
    "    #[ORM\\Column(name: 'due_on', type: 'date')]\n    private $dueOn;\n}\n"
)
KNEX = (
    "exports.up = (knex) => knex.schema.createTable('loans', (t) => { t.increments('id'); t.date('due_on'); });\n"
    "exports.down = (knex) => knex.schema.dropTable('loans');\n"
)
SEQUELIZE = (
    "module.exports = {\n  up: async (queryInterface, Sequelize) => {\n"
    "    await queryInterface.createTable('loans', { id: { type: Sequelize.INTEGER, primaryKey: true }, "
    "due_on: { type: Sequelize.DATE } });\n  },\n  down: async (queryInterface) => { await "
    "queryInterface.dropTable('loans'); },\n};\n"
)
TYPEORM = (
    "export class Make1600000000000 {\n  async up(queryRunner) { await queryRunner.query("
    "`CREATE TABLE loans (id int PRIMARY KEY, due_on date)`) }\n"
    "  async down(queryRunner) { await queryRunner.query(`DROP TABLE loans`) }\n}\n"
)
TYPEORM_CLASS = (
    "import { Entity, Column, PrimaryGeneratedColumn } from 'typeorm'\n@Entity('loans') export class Loan {\n"
    "  @PrimaryGeneratedColumn() id: number\n  @Column({ name: 'due_on' }) dueOn: Date }\n"
)
NODE_PG = (
    "exports.up = (pgm) => { pgm.createTable('loans', { id: 'id', due_on: { type: 'date' } }); };\n"
    "exports.down = (pgm) => { pgm.dropTable('loans'); };\n"
)
DB_MIGRATE = (
    "exports.up = function (db, done) { db.runSql('CREATE TABLE loans (id int PRIMARY KEY, due_on date)', done); };\n"
    "exports.down = function (db, done) { db.runSql('DROP TABLE loans', done); };\n"
)
KYSELY = (
    "import { Kysely } from 'kysely'\nexport async function up(db: Kysely<any>) {\n"
    "  await db.schema.createTable('loans').addColumn('id', 'integer').addColumn('due_on', 'date').execute()\n}\n"
)
PRISMA = (
    'datasource db {\n  provider = "sqlite"\n}\nmodel Loan {\n  id Int @id\n  dueOn DateTime @map("due_on")\n'
    '  @@map("loans")\n}\n'
)
JPA = (
    'import jakarta.persistence.*;\n@Entity\n@Table(name = "loans")\npublic class Loan {\n'
    '  @Id private Long id;\n  @Column(name = "due_on") private LocalDate dueOn;\n}\n'
)
LIQUIBASE = (
    '<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n<changeSet id="1" author="a">'
    '<createTable tableName="loans"><column name="id" type="int"/><column name="due_on" type="date"/>'
    "</createTable></changeSet></databaseChangeLog>\n"
)
LIQUIBASE_YAML = (
    "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n    changes:\n    - createTable:\n"
    "        tableName: loans\n        columns:\n        - column: {name: id, type: int}\n"
    "        - column: {name: due_on, type: date}\n"
)
EF = (
    "public class Loan { public int Id { get; set; } public DateTime DueOn { get; set; } }\n"
    "public class Shop : DbContext { public DbSet<Loan> Loans { get; set; } }\n"
)
ECTO = (
    "defmodule A do\n  use Ecto.Migration\n  def change do\n    create table(:loans) do\n"
    "      add :due_on, :date\n    end\n  end\nend\n"
)
PEEWEE = (
    "from peewee import DateField, Model\nclass Loan(Model):\n    due_on = DateField()\n"
    "    class Meta:\n        table_name = 'loans'\n"
)
MONGOOSE = (
    "const mongoose = require('mongoose');\nconst loan = new mongoose.Schema({ dueOn: Date });\n"
    "module.exports = mongoose.model('Loan', loan);\n"
)
GORM = (
    'package shop\n\nimport "gorm.io/gorm"\n\ntype Loan struct {\n\tID uint `gorm:"primaryKey"`\n\tDueOn string\n}\n\n'
    "func Start(db *gorm.DB) { db.AutoMigrate(&Loan{}) }\n"
)


def test_a_path_inside_of_documents() -> None:
    table = Table("orders", tool="mongoose", model="Order", at=Location("a.js", 1))
    (written,) = add_indexes([(table, ("to.city", "code"))])
    assert written == 'schema.index({ "to.city": 1, code: 1 });  // of Order'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"db/migrate/20240101000000_a.rb": RAILS}, "add_index :loans, :due_on"),
        ({"db/migrations/001_a.rb": SEQUEL}, "add_index :loans, :due_on"),
        ({"db/migrations/V1__a.sql": SQL}, "CREATE INDEX loans_due_on_idx ON loans (due_on);"),
        (
            {"shop/migrations/0001_initial.py": DJANGO, "shop/models.py": DJANGO_MODEL},
            'models.Index(fields=["due_on"])  # in Meta.indexes of Loan',
        ),
        (
            {"alembic/versions/a1_first.py": ALEMBIC},
            'op.create_index("ix_loans_due_on", "loans", ["due_on"])',
        ),
        (
            {"alembic/versions/a1_first.py": ALEMBIC, "shop/models.py": SQLALCHEMY},
            'op.create_index("ix_loans_due_on", "loans", ["due_on"])',
        ),
        (
            {"shop/models.py": SQLALCHEMY},
            'Index("ix_loans_due_on", "due_on")  # in __table_args__ of Loan',
        ),
        (
            {"database/migrations/2024_01_01_000000_a.php": LARAVEL},
            "Schema::table('loans', fn (Blueprint $table) => $table->index(['due_on']));",
        ),
        (
            {"db/migrations/20240101000000_make_loans.php": PHINX},
            "$this->table('loans')->addIndex(['due_on'])->update();",
        ),
        (
            {"migrations/Version20240101000000.php": DOCTRINE},
            "$this->addSql('CREATE INDEX idx_loans_due_on ON loans (due_on)');",
        ),
        ({"src/Entity/Loan.php": ENTITY}, "#[ORM\\Index(columns: ['due_on'])]  // on class Loan"),
        (
            {"migrations/20240101000000_a.js": KNEX},
            "await knex.schema.alterTable('loans', (table) => table.index(['due_on']));",
        ),
        (
            {"migrations/20240101000000-a.js": SEQUELIZE},
            "await queryInterface.addIndex('loans', ['due_on']);",
        ),
        (
            {"src/migrations/1600000000000-a.ts": TYPEORM, "src/loan.ts": TYPEORM_CLASS},
            "await queryRunner.createIndex('loans', new TableIndex({ columnNames: ['due_on'] }));",
        ),
        ({"src/loan.ts": TYPEORM_CLASS}, "@Index(['dueOn'])  // on class Loan"),
        (
            {"migrations/20240101000000-a.js": DB_MIGRATE},
            "CREATE INDEX loans_due_on_idx ON loans (due_on);",
        ),
        (
            {"migrations/2024-01-01-a.ts": KYSELY},
            "await db.schema.createIndex('loans_due_on_idx').on('loans').columns(['due_on']).execute();",
        ),
        (
            {
                "prisma/schema.prisma": PRISMA,
                "prisma/migrations/20240101000000_a/migration.sql": SQL,
            },
            "@@index([dueOn])  // in model Loan",
        ),
        (
            {"src/main/java/shop/Loan.java": JPA},
            '@Table(indexes = @Index(columnList = "due_on"))  // on class Loan',
        ),
        (
            {
                "src/main/java/shop/Loan.java": JPA,
                "src/main/resources/db/migration/V1__a.sql": SQL,
            },
            "CREATE INDEX loans_due_on_idx ON loans (due_on);",
        ),
        (
            {"src/main/resources/db/changelog/a.xml": LIQUIBASE},
            '<createIndex indexName="loans_due_on_idx" tableName="loans"><column name="due_on"/></createIndex>',
        ),
        (
            {"src/main/resources/db/changelog/a.yaml": LIQUIBASE_YAML},
            "- createIndex: {indexName: loans_due_on_idx, tableName: loans, columns: [{column: {name: due_on}}]}",
        ),
        ({"Shop.cs": EF}, "modelBuilder.Entity<Loan>().HasIndex(row => new { row.DueOn });"),
        ({"priv/repo/migrations/20240101000000_a.exs": ECTO}, "create index(:loans, [:due_on])"),
        ({"shop/models.py": PEEWEE}, 'indexes = ((("due_on",), False),)  # in Meta of Loan'),
        ({"models/loan.js": MONGOOSE}, "schema.index({ dueOn: 1 });  // of Loan"),
        ({"shop/loan.go": GORM}, '`gorm:"index:idx_loans_due_on"`  // on DueOn of Loan'),
    ],
)
def test_in_the_words_of_the_tool_in_use(files: dict[str, str], expected: str) -> None:
    table = loans(files)
    due = next(c.name for c in table.columns if c.name.lower().startswith("due"))
    assert add_indexes([(table, (due,))]) == (expected,)


def table(tool: str, dialect: str = "", name: str = "loans") -> Table:
    columns = (
        Column("due_on", "DATE", attribute="dueOn"),
        Column("state", "VARCHAR"),
        Column("note", "TEXT"),
    )
    at = Location("shop/models.py", 3)
    return Table(name, columns, dialect=dialect, tool=tool, model="Loan", at=at)


def test_on_postgresql_writes_go_on_where_the_tool_can() -> None:
    assert add_indexes(
        [(table("rails", "postgres"), ("due_on",)), (table("rails", "postgres"), ("state",))]
    ) == (
        "disable_ddl_transaction!",
        "add_index :loans, :due_on, algorithm: :concurrently",
        "add_index :loans, :state, algorithm: :concurrently",
    )
    assert add_indexes([(table("ecto", "mysql"), ("due_on", "state"))]) == (
        "create index(:loans, [:due_on, :state])",
    )


@pytest.mark.parametrize("tool", sorted(WRITERS))
@pytest.mark.parametrize("dialect", ["", "postgres"])
def test_every_tool_names_both_columns_and_whose_they_are(tool: str, dialect: str) -> None:
    *_, line = add_indexes([(table(tool, dialect), ("due_on", "state"))])
    assert "state" in line
    assert "due_on" in line or "dueOn" in line
    assert "loans" in line or "Loan" in line
    assert "{" not in line.replace("{ ", "").replace("{indexName", "").replace(
        "{column", ""
    ).replace("{name", "")


@pytest.mark.parametrize(
    ("of", "columns", "expected"),
    [
        (
            table("rails"),
            ("lower(state)",),
            "CREATE INDEX loans_lower_state_idx ON loans (lower(state));",
        ),
        (table("knex", name="a'b"), ("state",), "CREATE INDEX a'b_state_idx ON a'b (state);"),
        (
            table("rails", "mysql"),
            ("state", "note"),
            "CREATE INDEX loans_state_note_idx ON loans (state, note(191));",
        ),
        (
            Table("loans", tool="django", model="User"),  # of a framework: it stands in no file
            ("state",),
            "CREATE INDEX loans_state_idx ON loans (state);",
        ),
        (
            Table("loans", dialect="postgres"),
            ("(year(due_on))", "state"),
            "CREATE INDEX CONCURRENTLY loans_year_due_on_state_idx ON loans ((EXTRACT(year FROM due_on)), state);",
        ),
        (
            Table("loans", dialect="mysql"),
            ("(year(due_on))",),
            "CREATE INDEX loans_year_due_on_idx ON loans ((year(due_on)));",
        ),
        (
            Table("loans", tool="django"),
            ("state",),
            "CREATE INDEX loans_state_idx ON loans (state);",
        ),
    ],
)
def test_sql_for_expressions_odd_names_and_classes_that_were_not_found(
    of: Table, columns: tuple[str, ...], expected: str
) -> None:
    assert add_indexes([(of, columns)]) == (expected,)


@pytest.mark.parametrize(
    ("of", "columns", "expected"),
    [
        (
            table("rails"),
            ("(lower(state))",),
            ('add_index :loans, "lower(state)", name: "loans_lower_state_idx"',),
        ),
        (
            table("rails", "postgres"),
            ("(lower(state))", "due_on"),
            (
                "disable_ddl_transaction!",
                'add_index :loans, "(lower(state)), due_on", name: "loans_lower_state_due_on_idx", '
                "algorithm: :concurrently",
            ),
        ),
        (
            table("ecto"),
            ("(lower(state))",),
            ('create index(:loans, ["lower(state)"], name: :loans_lower_state_idx)',),
        ),
        (
            table("alembic", "mysql"),
            ("(lower(state))",),
            ("op.execute('CREATE INDEX loans_lower_state_idx ON loans ((lower(state)))')",),
        ),
        (
            table("django"),
            ("(upper(state))",),
            (
                'models.Index(Upper("state"), name="loans_upper_state_idx")  # in Meta.indexes of Loan',
            ),
        ),
        (  # the text would end there
            table("rails"),
            ("(state ->> 'a')",),
            ("CREATE INDEX loans_state______a_idx ON loans ((state ->> 'a'));",),
        ),
    ],
)
def test_expressions_in_the_words_of_the_tool_in_use(
    of: Table, columns: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert add_indexes([(of, columns)]) == expected


@pytest.mark.parametrize(
    ("tool", "kind", "expected"),
    [
        ("", "TIMESTAMPTZ", "date(paid_at AT TIME ZONE 'UTC')"),
        ("django", "TIMESTAMP", "date(paid_at AT TIME ZONE 'UTC')"),
        ("", "TIMESTAMP", "date(paid_at)"),
    ],
)
def test_a_day_of_a_moment_is_indexed_in_a_zone(tool: str, kind: str, expected: str) -> None:
    """PostgreSQL: "functions in index expression must be marked IMMUTABLE"."""
    of = Table("loans", (Column("paid_at", kind),), dialect="postgres", tool=tool)
    (line,) = add_indexes([(of, ("(date(paid_at))",))])
    assert line.endswith(f"ON loans (({expected}));")


@pytest.mark.parametrize(
    ("named", "line"),
    [
        ("LOANS", "CREATE INDEX CONCURRENTLY loans_due_on_idx ON loans (due_on);"),
        ("`Loans`", 'CREATE INDEX CONCURRENTLY loans_due_on_idx ON "Loans" (due_on);'),
    ],
)
def test_capitals_without_quotes_are_none_to_postgres(named: str, line: str) -> None:
    mapping = (
        '<hibernate-mapping package="shop"><class name="shop.Loan" table="{}">'
        '<id name="id" column="ID" type="int"/><property name="dueOn" column="DUE_ON" type="date"/>'
        "</class></hibernate-mapping>"
    )
    dump = "SET search_path = public;\nCREATE TABLE {} (id bigserial PRIMARY KEY, due_on date);\n"
    quoted = '"Loans"' if "`" in named else "loans"
    files = {"a/Loan.hbm.xml": mapping.format(named), "schema.sql": dump.format(quoted)}
    table = loans(files)
    assert table.dialect == "postgres"
    assert add_indexes([(table, ("due_on",))]) == (line,)
