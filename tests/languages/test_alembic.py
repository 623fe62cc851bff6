"""Alembic's migrations to steps of a schema, in the order of their revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts, MigrationStep, TableChanged, TableDefined
from scaleaudit.languages.python import extract
from scaleaudit.schemas.replay import replay

if TYPE_CHECKING:
    from scaleaudit.schema import Table


def migration(revision: str, after: str, body: str, more: str = "") -> FileFacts:
    lines = "\n".join(f"    {line}" for line in body.splitlines()) or "    pass"
    return extract(
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '{revision}'\n"
        f"down_revision = {after}\n\n\ndef upgrade():\n{lines}\n\n\ndef downgrade():\n"
        f"    op.drop_table('orders')\n    op.execute('CREATE INDEX undone ON orders (note)')\n{more}".encode()
    )


def tables(**bodies: str) -> dict[str, Table]:
    """Migrations in the order given; their files sort the other way round."""
    found: list[tuple[str, FileFacts]] = []
    before = "None"
    for number, (name, body) in enumerate(bodies.items()):
        revision = f"{99 - number}ab{name}"
        found.append((f"alembic/versions/{revision}_x.py", migration(revision, before, body)))
        before = f"'{revision}'"
    return replay(found).tables


CREATED = (
    "op.create_table('orders',\n"
    "    sa.Column('id', sa.Integer(), nullable=False),\n"
    "    sa.Column('customer_id', sa.Integer(), sa.ForeignKey('customers.id')),\n"
    "    sa.Column('email', sa.String(80), index=True),\n"
    "    sa.Column('code', sa.String(80), unique=True),\n"
    "    sa.Column('note', sa.Text()),\n"
    "    sa.PrimaryKeyConstraint('id'),\n"
    "    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name='fk'),\n"
    ")"
)


def indexed(table: Table) -> list[tuple[tuple[str, ...], bool]]:
    return sorted((index.columns, index.unique) for index in table.indexes)


def test_a_table_with_its_keys() -> None:
    orders = tables(one=CREATED)["orders"]
    assert [column.name for column in orders.columns] == [
        "id", "customer_id", "email", "code", "note",
    ]  # fmt: skip
    assert orders.primary_key == ("id",)
    assert indexed(orders) == [(("code",), True), (("email",), False), (("id",), True)]
    assert [(key.columns, key.table) for key in orders.foreign_keys] == [
        (("shop_id",), "shops"),
        (("customer_id",), "customers"),
    ]


def test_revisions_give_the_order_and_names_of_files_do_not() -> None:
    found = tables(
        one=CREATED,
        two="op.create_index(op.f('ix_note'), 'orders', ['note'])\n"
        "op.add_column('orders', sa.Column('paid', sa.Boolean(), index=True))",
        three="op.drop_index('ix_note', table_name='orders')\nop.drop_column('orders', 'email')",
        four="op.rename_table('orders', 'purchases')",
    )
    assert list(found) == ["purchases"]
    assert indexed(found["purchases"]) == [
        (("code",), True),
        (("id",), True),
        (("paid",), False),
    ]


def test_indexes_on_expressions_and_parts_of_a_table() -> None:
    orders = tables(
        one=CREATED,
        two="op.create_index('a', 'orders', [sa.text('lower(email)')], unique=True)\n"
        "op.create_index('b', 'orders', ['note', sa.text('id DESC')],"
        " postgresql_where=sa.text('note IS NOT NULL'), postgresql_using='BTREE')\n"
        "op.execute('CREATE INDEX CONCURRENTLY c ON orders (customer_id)')\n"
        "op.create_unique_constraint('d', 'orders', ['customer_id', 'code'])",
    )["orders"]
    told = {index.name: (index.columns, index.unique, index.where) for index in orders.indexes}
    assert told["a"] == (("(lower(email))",), True, "")
    assert told["b"] == (("note", "id"), False, "note IS NOT NULL")
    assert told["c"] == (("customer_id",), False, "")
    assert told["d"] == (("customer_id", "code"), True, "")


def test_batches_columns_and_functions_of_the_file() -> None:
    body = (
        "with op.batch_alter_table('orders', schema=None) as batch_op:\n"
        "    batch_op.add_column(sa.Column('shop_id', sa.Integer()))\n"
        "    batch_op.create_index('ix_shop', ['shop_id'])\n"
        "    batch_op.alter_column('note', new_column_name='remark', type_=sa.String())\n"
        "if op.get_bind().dialect.name == 'postgresql':\n"
        "    more()"
    )
    helper = (
        "\n\ndef more():\n    op.create_foreign_key('f', 'orders', 'shops', ['shop_id'], ['id'])\n"
    )
    found = replay(
        [
            ("a/versions/1_x.py", migration("1", "None", CREATED)),
            ("a/versions/0_x.py", migration("2", "('1',)", body, helper)),
        ]
    ).tables["orders"]
    assert (("shop_id",), False) in indexed(found)
    remark = found.column("remark")
    assert remark is not None
    assert remark.type == "VARCHAR"
    assert found.column("note") is None
    assert [k.table for k in found.foreign_keys if k.columns == ("shop_id",)] == ["shops"]


def test_the_way_back_counts_for_nothing() -> None:
    facts = migration("1", "None", CREATED).facts
    schema = [f for f in facts if isinstance(f, (TableDefined, TableChanged))]
    assert [type(fact).__name__ for fact in schema] == ["TableDefined"]
    assert next(f for f in facts if isinstance(f, MigrationStep)).after == ()


def test_a_step_that_only_takes_away_is_kept() -> None:
    found = tables(one=CREATED, two="op.drop_index('ix_orders_email')")
    assert (("email",), False) not in indexed(found["orders"])


def test_circles_and_unknown_revisions_do_no_harm() -> None:
    found = replay(
        [
            ("v/versions/a_x.py", migration("a", "'b'", CREATED)),
            (
                "v/versions/b_x.py",
                migration("b", "'a'", "op.create_index('n', 'orders', ['note'])"),
            ),
            ("v/versions/c_x.py", migration("c", "'gone'", "op.add_column(TABLE, column())")),
        ]
    )
    assert "orders" in found.tables


def test_the_hash_of_a_revision_names_no_engine() -> None:
    found = replay(
        [
            ("v/versions/a_x.py", migration("a", "None", CREATED)),
            ("v/versions/0db2_x.py", migration("0db2", "'a'", "op.drop_column('orders', 'note')")),
            ("v/versions/1_pg_x.py", migration("1", "'0db2'", "op.drop_column('orders', 'code')")),
        ]
    ).tables["orders"]
    assert found.dialect == ""
    assert [column.name for column in found.columns] == ["id", "customer_id", "email"]


def test_tables_and_columns_named_by_constants_loops_and_functions() -> None:
    body = (
        "if TABLE not in skipped():\n"
        "    op.create_index(f'ix_{TABLE}_{COLUMN}', TABLE, [COLUMN])\n"
        "for table, column in PAIRS:\n"
        "    op.create_index(op.f(f'ix_{table}_{column}'), table, [column])\n"
        "for table in ('orders', 'lines'):\n"
        "    op.execute(f'CREATE INDEX ix_{table}_made ON {table} (made)')\n"
        "for table, column in {'orders': 'sent', 'lines': 'sku'}.items():\n"
        "    op.create_index('', table, [column])\n"
        "add_index('orders', column='paid')\n"
        "for table in existing_tables():\n"
        "    op.create_index('ix_unknown', table, ['unknown'])"
    )
    more = (
        "\nTABLE = 'orders'\nCOLUMN = 'note'\nPAIRS = [('orders', 'code'), ('lines', 'code')]\n"
        "\n\ndef add_index(table, column):\n    op.create_index('', table, [column])\n"
    )
    made = [
        (each.table, *each.index.columns)
        for each in migration("a", "None", body, more).facts
        if isinstance(each, TableChanged) and each.index is not None
    ]
    assert made == [
        ("orders", "note"),
        ("orders", "code"),
        ("lines", "code"),
        ("orders", "made"),
        ("lines", "made"),
        ("orders", "sent"),
        ("lines", "sku"),
        ("orders", "paid"),
    ]


def test_names_worked_out_while_it_runs_make_no_index_and_are_said() -> None:
    found = migration(
        "1ab",
        "None",
        f"{CREATED}\nfor name in columns():\n    op.create_index('ix_' + name, 'orders', [name])",
    )
    assert found.problem == "a migration's step is known only when it runs: line 19, create_index"
    assert [each.action for each in found.facts if isinstance(each, TableChanged)] == []
