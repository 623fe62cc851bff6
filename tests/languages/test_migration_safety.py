"""What steps of migrations say of those who use the table meanwhile, stack by stack."""

from __future__ import annotations

import pytest

from scaleaudit.facts import FileFacts, MigrationStep, TableChanged
from scaleaudit.languages.javascript import extract as javascript
from scaleaudit.languages.python import extract as python
from scaleaudit.languages.ruby import extract as ruby
from scaleaudit.sql import read_schema


def steps(facts: FileFacts) -> list[TableChanged]:
    return [fact for fact in facts.facts if isinstance(fact, TableChanged)]


def told(found: list[TableChanged]) -> list[tuple[str, str, bool]]:
    return list(dict.fromkeys((s.action, s.table or s.model, s.online) for s in found))


def in_sql(text: str) -> list[TableChanged]:
    return [fact for fact in read_schema(text) if isinstance(fact, TableChanged)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE INDEX a ON t (c)", [("add-index", "t", False)]),
        ("CREATE INDEX CONCURRENTLY a ON t (c)", [("add-index", "t", True)]),
        ("ALTER TABLE t ADD INDEX a (c), ALGORITHM=INPLACE, LOCK=NONE", [("add-index", "t", True)]),
        ("CREATE INDEX a ON t (c) WITH (ONLINE = ON)", [("add-index", "t", True)]),
        ("-- squawk-ignore\nCREATE INDEX a ON t (c)", [("add-index", "t", True)]),
        ("ALTER TABLE t ADD CONSTRAINT k UNIQUE (c)", [("add-index", "t", False)]),
        (
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u (id)",
            [("add-foreign-key", "t", False)],
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u (id) NOT VALID",
            [("add-foreign-key", "t", True)],
        ),
        (
            "ALTER TABLE t ADD COLUMN c bigint REFERENCES u (id)",
            [("add-column", "t", False), ("add-foreign-key", "t", True)],
        ),
        (
            "ALTER TABLE t ADD COLUMN c bigint DEFAULT 1 REFERENCES u (id)",
            [("add-column", "t", False), ("add-foreign-key", "t", False)],
        ),
        ("ALTER TABLE t ADD CHECK (c > 0) NOT VALID", [("add-check", "t", True)]),
        ("ALTER TABLE t ALTER c SET NOT NULL", [("set-not-null", "t", False)]),
    ],
)
def test_statements(statement: str, expected: list[tuple[str, str, bool]]) -> None:
    assert told(in_sql(f"{statement};")) == expected


@pytest.mark.parametrize(
    ("column", "default"),
    [
        ("c text", "none"),
        ("c text DEFAULT NULL", "none"),
        ("c text NOT NULL DEFAULT 'a'", "constant"),
        ("c timestamptz DEFAULT now()", "constant"),
        ("c uuid DEFAULT gen_random_uuid() NOT NULL", "volatile"),
        ("c float DEFAULT (1 + random())", "volatile"),
        ("c bigserial", "volatile"),
        ("c bigint GENERATED ALWAYS AS (a * 2) STORED", "volatile"),
    ],
)
def test_defaults_of_new_columns(column: str, default: str) -> None:
    assert [step.default for step in in_sql(f"ALTER TABLE t ADD COLUMN {column};")] == [default]


@pytest.mark.parametrize(
    ("statement", "whole"),
    [
        ("UPDATE t SET a = b", True),
        ("-- all of them\nUPDATE only public.t AS x SET a = b WHERE a IS NULL", True),
        ("UPDATE t SET a = u.a FROM u WHERE u.id = t.u_id", False),
        ("UPDATE t SET a = 1 WHERE id = 7", False),
        ("UPDATE t SET a = 1 WHERE kind = 'x'", False),
        ("UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT 100)", False),
        ("UPDATE t SET a = $1 WHERE id = $2", False),
        ("UPDATE t SET a = 1 LIMIT 1000", False),
    ],
)
def test_statements_that_write_every_row(statement: str, whole: bool) -> None:
    assert [step.action for step in in_sql(f"{statement};")] == (["backfill"] if whole else [])


def rails(body: str) -> list[TableChanged]:
    source = f"class S < ActiveRecord::Migration[7.1]\n  def change\n{body}\n  end\nend\n"
    return steps(ruby(source.encode()))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("add_index :orders, :a", [("add-index", "orders", False)]),
        ("add_index :orders, :a, algorithm: :concurrently", [("add-index", "orders", True)]),
        ("add_concurrent_index :orders, :a", [("add-index", "orders", True)]),
        ("safety_assured { add_index :orders, :a }", [("add-index", "orders", True)]),
        (
            "add_foreign_key :orders, :users, validate: false",
            [("add-foreign-key", "orders", True)],
        ),
        ("change_column_null :orders, :a, false", [("set-not-null", "orders", False)]),
        ("change_column_null :orders, :a, true", []),
        ('add_check_constraint :orders, "a > 0"', [("add-check", "orders", False)]),
        (
            'add_check_constraint :orders, "a > 0", validate: false',
            [("add-check", "orders", True)],
        ),
        (
            "add_reference :orders, :shop, index: { algorithm: :concurrently }",
            [("add-column", "orders", False), ("add-index", "orders", True)],
        ),
        ("Order.update_all(a: 1)", [("backfill", "orders", False)]),
        ("Order.where(b: 1).update_all(a: 1)", []),
        ('execute "CREATE INDEX CONCURRENTLY i ON orders (a)"', [("add-index", "orders", True)]),
        ('execute <<~SQL\n  UPDATE orders SET a = b\nSQL', [("backfill", "orders", False)]),
    ],
)  # fmt: skip
def test_rails(line: str, expected: list[tuple[str, str, bool]]) -> None:
    assert told(rails(line)) == expected


def test_rails_defaults() -> None:
    found = rails(
        'add_column :orders, :a, :uuid, default: -> { "gen_random_uuid()" }\n'
        "add_column :orders, :b, :integer, default: 0\nadd_column :orders, :c, :integer"
    )
    assert [step.default for step in found] == ["volatile", "constant", "none"]


def alembic(line: str) -> FileFacts:
    return python(
        f'"""x\n\nCreate Date: 2025-06-10 09:00\n"""\nrevision = "b"\ndown_revision = "a"\n\n\n'
        f"def upgrade():\n    {line}\n".encode()
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("op.create_index('i', 'orders', ['a'])", [("add-index", "orders", False)]),
        (
            "op.create_index('i', 'orders', ['a'], postgresql_concurrently=True)",
            [("add-index", "orders", True)],
        ),
        ("op.alter_column('orders', 'a', nullable=False)", [("set-not-null", "orders", False)]),
        ("op.alter_column('orders', 'a', nullable=False, existing_nullable=False)", []),
        (
            "op.create_foreign_key('f', 'orders', 'users', ['u'], ['id'], postgresql_not_valid=True)",
            [("add-foreign-key", "orders", True)],
        ),
        (
            "op.create_check_constraint('k', 'orders', 'a > 0')",
            [("add-check", "orders", False)],
        ),
        ("op.execute('UPDATE orders SET a = 1')", [("backfill", "orders", False)]),
    ],
)
def test_alembic(line: str, expected: list[tuple[str, str, bool]]) -> None:
    assert told(steps(alembic(line))) == expected


def test_alembic_defaults_and_day() -> None:
    facts = alembic(
        "op.add_column('t', sa.Column('a', sa.Uuid(), server_default=sa.text('gen_random_uuid()')))"
    )
    assert [step.default for step in steps(facts)] == ["volatile"]
    assert [fact.made for fact in facts.facts if isinstance(fact, MigrationStep)] == [20250610]


def django(operations: str, before: str = "") -> FileFacts:
    return python(
        "# Generated by Django 5.0 on 2025-06-10 09:00\nfrom django.db import migrations, models\n"
        f"{before}\n\nclass Migration(migrations.Migration):\n    operations = [{operations}]\n".encode()
    )


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (
            "migrations.AddField('Order', 'paid', models.BooleanField(default=False))",
            [("add-column", "order", False)],
        ),
        (
            "migrations.AddField('order', 'shop', models.ForeignKey('s.Shop', null=True, on_delete=1))",
            [
                ("add-column", "order", False),
                ("add-index", "order", False),
                ("add-foreign-key", "order", True),
            ],
        ),
        (
            "migrations.AddField('order', 'tags', models.ManyToManyField('s.Tag'))",
            [],
        ),
        (
            "migrations.AddIndex('order', models.Index(fields=['a'], name='i'))",
            [("add-index", "order", False)],
        ),
        (
            "AddIndexConcurrently('order', models.Index(fields=['a'], name='i'))",
            [("add-index", "order", True)],
        ),
        (
            "AddConstraintNotValid('order', models.CheckConstraint(check=models.Q(a__gt=0), name='k'))",
            [("add-check", "order", True)],
        ),
        (
            "migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField('order', 'a')])",
            [],
        ),
        (
            "migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField('order', 'a')])",
            [("drop-column", "order", False)],
        ),
        (
            "migrations.RunSQL('CREATE INDEX i ON shop_order (a)', reverse_sql='DROP INDEX i')",
            [("add-index", "shop_order", False)],
        ),
        ("migrations.RenameModel('Order', 'Sale')", [("rename", "order", False)]),
        ("migrations.RunPython(fill)", [("backfill", "order", False)]),
        ("migrations.RunPython(some)", []),
    ],
)
def test_django(operation: str, expected: list[tuple[str, str, bool]]) -> None:
    functions = (
        "def fill(apps, schema_editor):\n    Order = apps.get_model('shop', 'Order')\n"
        "    Order.objects.update(paid=True)\n\n\n"
        "def some(apps, schema_editor):\n    Order = apps.get_model('shop', 'Order')\n"
        "    Order.objects.filter(kind=1).update(paid=True)\n"
    )
    assert told(steps(django(operation, functions))) == expected


def test_django_reads_hundreds_of_operations_and_says_where_it_stops() -> None:
    one = "migrations.RemoveField('order', 'a{}')"
    many = django(", ".join(one.format(number) for number in range(700)))
    assert (len(steps(many)), many.problem) == (700, "")
    more = django(",\n".join(one.format(number) for number in range(5_010)))
    assert len(steps(more)) == 5_000
    assert more.problem == "more than 5000 operations: line 5006"


def test_django_tells_the_day_and_no_revision() -> None:
    found = [fact for fact in django("").facts if isinstance(fact, MigrationStep)]
    assert [(step.revision, step.made) for step in found] == [("", 20250610)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("await q.addIndex('t', ['a'])", [("add-index", "t", False)]),
        ("await q.addIndex('t', ['a'], { concurrently: true })", [("add-index", "t", True)]),
        (
            "await q.createIndex('t', new TableIndex({ columnNames: ['a'], isConcurrent: true }))",
            [("add-index", "t", True)],
        ),
        ("await q.query('CREATE INDEX CONCURRENTLY i ON t (a)')", [("add-index", "t", True)]),
        ("await q.bulkUpdate('t', { a: 1 }, {})", [("backfill", "t", False)]),
        ("await q.bulkUpdate('t', { a: 1 }, { id: 7 })", []),
        ("await knex('t').update({ a: 1 })", [("backfill", "t", False)]),
        ("await knex('t').where({ b: 1 }).update({ a: 1 })", []),
        (
            "await knex.schema.alterTable('t', (t) => { t.dropNullable('a') })",
            [("set-not-null", "t", False)],
        ),
    ],
)
def test_javascript(line: str, expected: list[tuple[str, str, bool]]) -> None:
    source = f"exports.up = async (knex, q) => {{ {line} }}\nexports.down = async (knex) => {{ knex.schema.dropTable('t') }}\n"
    assert told(steps(javascript(source.encode()))) == expected


def test_knex_defaults() -> None:
    source = (
        "exports.up = (knex) => knex.schema.alterTable('t', (t) => {"
        " t.uuid('a').defaultTo(knex.raw('gen_random_uuid()')); t.integer('b').defaultTo(1) })\n"
        "exports.down = (knex) => knex.schema.dropTable('t')\n"
    )
    assert [step.default for step in steps(javascript(source.encode()))] == ["volatile", ""]
