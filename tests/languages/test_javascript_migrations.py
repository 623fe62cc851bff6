"""Migrations written in JavaScript to steps of a schema, and what the steps come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import ModelDefined, QueryFound
from scaleaudit.languages.javascript.typescript import extract
from scaleaudit.schemas.replay import replay

if TYPE_CHECKING:
    from scaleaudit.schema import Table


def tables(*sources: str) -> dict[str, Table]:
    return replay(
        (f"src/migrations/{number:014}-step.ts", extract(source.encode()))
        for number, source in enumerate(sources, 1)
    ).tables


def columns(table: Table) -> list[tuple[str, str]]:
    return [(column.name, column.type) for column in table.columns]


def indexes(table: Table) -> list[tuple[tuple[str, ...], str]]:
    return [
        (each.columns, "primary" if each.primary else "unique" if each.unique else "")
        for each in table.indexes
    ]


KNEX = """
exports.up = async function (knex) {
  await knex.schema.createTable('loans', (table) => {
    table.increments('id')
    table.uuid('reader_id').notNullable().references('id').inTable('readers').index()
    table.string('code', 40).unique()
    table.integer('copy_id').references('copies.id')
    table.specificType('tags', 'text[]')
    table.boolean('returned')
    table.timestamps(true, true)
    table.index(['code', 'returned'], 'loans_code')
    table.foreign('branch_id').references('id').inTable('branches')
  }).createTable('branches', function (t) { t.bigIncrements() })
}
exports.down = (knex) => knex.schema.dropTable('loans')
"""


def test_knex_creates_tables() -> None:
    found = tables(KNEX)
    loans = found["loans"]
    assert columns(loans) == [
        ("id", "INT"),
        ("reader_id", "UUID"),
        ("code", "VARCHAR"),
        ("copy_id", "INT"),
        ("tags", "TEXT[]"),
        ("returned", "BOOLEAN"),
        ("created_at", "TIMESTAMP"),
        ("updated_at", "TIMESTAMP"),
    ]
    assert indexes(loans) == [
        (("id",), "primary"),
        (("reader_id",), ""),
        (("code",), "unique"),
        (("code", "returned"), ""),
    ]
    assert [(key.columns, key.table) for key in loans.foreign_keys] == [
        (("reader_id",), "readers"),
        (("copy_id",), "copies"),
        (("branch_id",), "branches"),
    ]
    assert columns(found["branches"]) == [("id", "BIGINT")]


def test_knex_changes_tables() -> None:
    later = """
    export async function up(knex: Knex): Promise<void> {
      await knex.schema.alterTable('loans', (t) => {
        t.dropIndex(['code', 'returned'], 'loans_code')
        t.dropUnique(['code'])
        t.renameColumn('copy_id', 'item_id')
        t.text('code').alter()
        t.dropColumn('tags')
        t.timestamp('due').index()
      })
      for (const name of ['branches', 'desks']) {
        await knex.schema.table(name, (t) => { t.string('city').index() })
      }
      await knex.raw('CREATE INDEX loans_item ON loans (item_id)')
      await knex.schema.renameTable('branches', 'libraries')
    }
    export async function down(knex: Knex) { await knex.raw('CREATE INDEX no ON loans (due, id)') }
    """
    found = tables(KNEX, later)
    assert indexes(found["loans"]) == [
        (("id",), "primary"),
        (("reader_id",), ""),
        (("due",), ""),
        (("item_id",), ""),
    ]
    assert ("code", "TEXT") in columns(found["loans"])
    assert "tags" not in dict(columns(found["loans"]))
    assert indexes(found["libraries"]) == [(("id",), "primary"), (("city",), "")]
    assert "branches" not in found


def test_sql_in_typeorm_migrations() -> None:
    found = tables(
        """
        export class Init1614684597235 implements MigrationInterface {
          public async up(queryRunner: QueryRunner): Promise<void> {
            await queryRunner.query(
              `CREATE TABLE "loan" ("id" uuid NOT NULL, "note" jsonb DEFAULT '{}', CONSTRAINT "PK_1" PRIMARY KEY ("id"))`
            )
            await queryRunner.query(`CREATE INDEX "IDX_1" ON "loan" ("note") `)
          }
          public async down(queryRunner: QueryRunner): Promise<void> {
            await queryRunner.query(`DROP INDEX "IDX_1"`)
            await queryRunner.query(`CREATE INDEX "IDX_0" ON "loan" ("id", "note")`)
          }
        }
        """
    )
    assert indexes(found["loan"]) == [(("id",), "primary"), (("note",), "")]


@pytest.mark.parametrize(
    ("key", "engine"),
    [
        ('"id" integer PRIMARY KEY AUTOINCREMENT NOT NULL', "sqlite"),
        ('"id" SERIAL NOT NULL', "postgres"),
        ("`id` int NOT NULL AUTO_INCREMENT", "mysql"),
        ('"id" uuid NOT NULL', "postgres"),
        ("id integer NOT NULL", ""),
    ],
)
def test_the_engine_that_statements_in_migrations_are_written_for(key: str, engine: str) -> None:
    found = tables(
        "export class Init { async up(queryRunner: QueryRunner) { await queryRunner.query("
        f'\'CREATE TABLE "draft" ({key}, "note" text)\');'
        ' await queryRunner.query(\'ALTER TABLE "draft" RENAME TO "loan"\') } }'
    )
    assert found["loan"].dialect == engine


@pytest.mark.parametrize("transaction", ["", ", { transaction }"])
def test_what_stands_beside_a_transaction(transaction: str) -> None:
    found = tables(
        "module.exports = { up: async (queryInterface, Sequelize) =>"
        " queryInterface.sequelize.transaction((transaction) => Promise.all([\n"
        " queryInterface.createTable('loans', { code: Sequelize.TEXT, due: Sequelize.DATE }),\n"
        f" queryInterface.addConstraint('loans', {{ fields: ['code'], type: 'unique' }}{transaction}),\n"
        f" queryInterface.addIndex('loans', ['due'], {{ unique: true }}{transaction}),\n"
        " ])), down: async () => {} }"
    )["loans"]
    assert [(index.columns, index.unique) for index in found.indexes] == [
        (("code",), True),
        (("due",), True),
    ]


def test_objects_in_typeorm_migrations() -> None:
    found = tables(
        """
        export class Init implements MigrationInterface {
          async up(queryRunner: QueryRunner) {
            await queryRunner.createTable(new Table({
              name: 'loan',
              columns: [
                { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
                { name: 'readerId', type: 'int', isNullable: true },
                { name: 'code', type: 'varchar(20)', isUnique: true },
              ],
              foreignKeys: [{ columnNames: ['readerId'], referencedTableName: 'reader', referencedColumnNames: ['id'] }],
            }), true)
            await queryRunner.createIndex('loan', new TableIndex({
              name: 'by_reader', columnNames: ['readerId', 'code'], where: 'code IS NOT NULL',
            }))
            await queryRunner.addColumn('loan', new TableColumn({ name: 'due', type: 'timestamp' }))
            await queryRunner.dropColumn('loan', 'nothing')
          }
        }
        """
    )
    loan = found["loan"]
    assert columns(loan) == [
        ("id", "INT"),
        ("readerId", "INT"),
        ("code", "VARCHAR"),
        ("due", "TIMESTAMP"),
    ]
    assert loan.columns[0].auto_increment
    assert indexes(loan)[:2] == [(("id",), "primary"), (("code",), "unique")]
    assert loan.indexes[2].columns == ("readerId", "code")
    assert loan.indexes[2].where == "code IS NOT NULL"
    assert [key.table for key in loan.foreign_keys] == ["reader"]


def test_sequelize_migrations() -> None:
    found = tables(
        """
        module.exports = {
          up: async (queryInterface, Sequelize) => {
            await queryInterface.createTable('loans', {
              id: { type: Sequelize.UUID, primaryKey: true, allowNull: false },
              readerId: { type: Sequelize.UUID, references: { model: 'readers' } },
              code: { type: Sequelize.STRING(40), unique: true },
              note: Sequelize.TEXT,
            })
            await queryInterface.addIndex('loans', ['readerId', 'code'])
            await queryInterface.addIndex('loans', { fields: [{ name: 'note' }], unique: true, name: 'n' })
            await queryInterface.addColumn('loans', 'due', { type: Sequelize.DATE }, { transaction })
          },
          down: (queryInterface) => queryInterface.dropTable('loans'),
        }
        """,
        """
        async function up({ context: { queryInterface, logger } }) {
          await drop(queryInterface, 'loans', ['readerId', 'code'])
        }
        async function drop(queryInterface, table, names) { await queryInterface.removeIndex(table, names) }
        module.exports = { up, down }
        """,
    )
    loans = found["loans"]
    assert columns(loans) == [
        ("id", "UUID"),
        ("readerId", "UUID"),
        ("code", "VARCHAR"),
        ("note", "TEXT"),
        ("due", "TIMESTAMP"),
    ]
    assert indexes(loans) == [(("id",), "primary"), (("code",), "unique"), (("note",), "unique")]
    assert [(key.columns, key.table) for key in loans.foreign_keys] == [(("readerId",), "readers")]


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("{ deletedAt: null }", "deletedAt is null"),
        ("{ deletedAt: null, code: { [Op.ne]: null } }", "deletedAt is null and code is not null"),
        ("{ code: { [Sequelize.Op.not]: null } }", "code is not null"),
        ("{ state: 'open', late: true }", "state = 'open' and late = true"),
        ("{ state: { [Op.in]: ['a', 'b'] } }", "state in ('a', 'b')"),
    ],
)
def test_rows_of_a_partial_index(where: str, rows: str) -> None:
    begin = "exports.up = async (queryInterface) => {"
    made = tables(
        f"{begin} await queryInterface.createTable('loans', {{ code: Sequelize.TEXT }}) }}",
        f"{begin} await queryInterface.addIndex('loans', ['code'], {{ where: {where} }}) }}",
    )
    assert [index.where for index in made["loans"].indexes] == [rows]
    source = f"""
    const Loan = sequelize.define('Loan', {{ code: DataTypes.TEXT }}, {{
      indexes: [{{ fields: ['code'], where: {where} }}],
    }})
    """
    models = [each for each in extract(source.encode()).facts if isinstance(each, ModelDefined)]
    assert [index.where for index in models[0].indexes] == [rows]


def test_columns_that_tables_have_in_common() -> None:
    made = tables(
        """
        const base = { id: { type: DataTypes.TEXT, primaryKey: true }, tick: { type: DataTypes.BIGINT } }
        export async function up(query) {
          await query.createTable('loans', { ...base, code: { type: DataTypes.STRING }, ...unknown })
        }
        """
    )
    assert columns(made["loans"]) == [("id", "TEXT"), ("tick", "BIGINT"), ("code", "VARCHAR")]
    assert indexes(made["loans"]) == [(("id",), "primary")]


def test_unique_keys_of_several_columns() -> None:
    found = tables(
        """
        module.exports = { up: async (queryInterface, Sequelize) => {
          await queryInterface.createTable('roles', {
            id: { type: Sequelize.INTEGER, primaryKey: true },
            userId: { type: Sequelize.INTEGER },
            roleId: { type: Sequelize.INTEGER },
            place: { type: Sequelize.INTEGER, unique: 'spot' },
            row: { type: Sequelize.INTEGER, unique: 'spot' },
          }, { transaction, uniqueKeys: { once: { fields: ['userId', 'roleId'] } } });
        } }
        """
    )
    assert indexes(found["roles"]) == [
        (("id",), "primary"),
        (("place", "row"), "unique"),
        (("userId", "roleId"), "unique"),
    ]


def test_db_migrate() -> None:
    found = tables(
        """
        exports.up = function (db, cb) {
          async.series([
            db.createTable.bind(db, 'loans', {
              id: { type: 'int', primaryKey: true, autoIncrement: true },
              code: { type: 'string', notNull: true },
            }),
            db.addIndex.bind(db, 'loans', 'loans_code', ['code'], true),
            db.runSql.bind(db, `ALTER TABLE loans ADD COLUMN due date; CREATE INDEX d ON loans (due);`),
          ], cb)
        }
        exports.down = (db, cb) => db.dropTable('loans', cb)
        """,
        "exports.up = (db, cb) => db.removeIndex('loans', 'loans_code', cb)",
    )
    assert columns(found["loans"]) == [("id", "INT"), ("code", "VARCHAR"), ("due", "DATE")]
    assert indexes(found["loans"]) == [(("id",), "primary"), (("due",), "")]


def test_statements_built_at_run_time_are_left_out() -> None:
    found = tables(
        KNEX,
        """
        exports.up = (knex) => knex.raw(`CREATE INDEX a ON loans (${column()}); CREATE INDEX b ON loans (due)`)
        """,
    )
    assert (("due",), "") in indexes(found["loans"])
    assert len(found["loans"].indexes) == 5


def test_a_test_for_existence_put_in_at_run_time() -> None:
    found = tables(
        """
        exports.up = async (knex) => {
          await knex.schema.createTable('loans', (t) => { t.integer('id').primary(); t.date('due') })
          const exists = isSqlite ? 'IF NOT EXISTS' : ''
          await knex.raw(`CREATE INDEX ${exists} loans_due ON loans (due)`)
        }
        """
    )
    assert indexes(found["loans"]) == [(("id",), "primary"), (("due",), "")]


def test_a_script_that_sets_the_database_up() -> None:
    found = tables(
        """
        async function createTables(knex) {
          await knex.schema.createTable('monitors', (t) => { t.increments(); t.string('url').index() })
        }
        """
    )
    assert indexes(found["monitors"]) == [(("id",), "primary"), (("url",), "")]


def test_other_files_say_nothing() -> None:
    assert not extract(b"function up() { return stairs.createTable('x', () => 1) }").facts


def test_methods_of_each_engine() -> None:
    found = tables(
        """
        export class Init1614684597235 implements MigrationInterface {
          public async up(queryRunner: QueryRunner): Promise<void> {
            switch (queryRunner.connection.options.type) {
              case 'sqlite': await this.sqliteUp(queryRunner); break
              case 'postgres': await this.postgresUp(queryRunner); break
            }
            await this.addIndexes(queryRunner)
          }
          public async down(queryRunner: QueryRunner) { await this.postgresDown(queryRunner) }
          public async sqliteUp(queryRunner: QueryRunner) {
            await queryRunner.query(`CREATE TABLE "loan" ("id" integer PRIMARY KEY, "draft" text)`)
          }
          public async postgresUp(queryRunner: QueryRunner) {
            await queryRunner.query(`CREATE TABLE "loan" ("id" uuid NOT NULL, "note" jsonb)`)
          }
          private async addIndexes(queryRunner: QueryRunner) {
            await queryRunner.query(`CREATE INDEX "IDX_1" ON "loan" ("note")`)
            await this.addIndexes(queryRunner)
          }
          public async postgresDown(queryRunner: QueryRunner) {
            await queryRunner.query(`DROP TABLE "loan"`)
          }
        }
        """
    )
    assert columns(found["loan"]) == [("id", "UUID"), ("note", "JSONB")]
    assert indexes(found["loan"]) == [(("note",), "")]


def test_statements_that_a_pool_of_connections_runs() -> None:
    found = tables(
        """
        export default {
          up: async (pool) => {
            await pool.query(sql`
              create table loans (id int primary key, code text, due date);
            `)
            await pool.query('CREATE INDEX loans_due ON loans (due)')
          },
          down: async (pool) => {
            await pool.query(sql`drop table loans`)
          },
        }
        """,
        """
        const step = {
          beforeUp: async (pool) => { await pool.query(sql`create index loans_code on loans (code)`) },
          up: async (pool) => { await pool.query('DROP INDEX loans_due') },
          beforeDown: async (pool) => { await pool.query(sql`create index loans_id_code on loans (id, code)`) },
          down: async (pool) => { await pool.query('CREATE INDEX loans_due ON loans (due)') },
        }
        export default step
        """,
        """
        export default {
          beforeUp: async (pool) => { await pool.query(sql`create index both on loans (due, code)`) },
          up: async () => { /* cannot run in a transaction */ },
          down: async (pool) => { await pool.query(sql`create index old on loans (code, due)`) },
        }
        """,
    )
    assert indexes(found["loans"]) == [(("id",), "primary"), (("due", "code"), "")]


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("{ returned: null }", "returned is null"),
        ("{ returned: { [Op.ne]: null } }", "returned is not null"),
        ("{ returned: { [Op.is]: null }, state: 'open' }", "returned is null and state = 'open'"),
        ("{ state: ['open', 'late'] }", "state in ('open', 'late')"),
        ("{ state: { [Op.ne]: 'lost' } }", "state is not null"),
        ("{ lent: true }", "lent = true"),
    ],
)
def test_conditions_of_partial_indexes(written: str, condition: str) -> None:
    found = tables(
        "module.exports = { up: async (queryInterface, Sequelize) => {\n"
        " await queryInterface.createTable('loans', { code: Sequelize.TEXT, state: Sequelize.TEXT })\n"
        f" await queryInterface.addIndex('loans', ['code'], {{ where: {written}, concurrently: true }})\n"
        " } }"
    )["loans"]
    assert [(each.columns, each.where) for each in found.indexes] == [(("code",), condition)]


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("whereNull('returned_at')", "returned_at is null"),
        ("whereNotNull('returned_at')", "returned_at is not null"),
        ("where('state', 'open').whereNull('gone')", "state is not null and gone is null"),
    ],
)
def test_predicates_of_partial_indexes(written: str, condition: str) -> None:
    found = tables(
        "exports.up = (knex) => knex.schema.createTable('loans', (t) => {\n"
        " t.text('code')\n"
        f" t.index(['code'], 'loans_code', {{ predicate: knex.{written} }})\n"
        "})"
    )["loans"]
    assert [(each.columns, each.where) for each in found.indexes] == [(("code",), condition)]


def test_a_class_that_goes_up_may_still_ask() -> None:
    found = extract(
        b"class Lift { up(n) { return this.level.raw(n) } all() { return db('rides').where('a', 1).first() } }"
    )
    assert [fact for fact in found.facts if isinstance(fact, QueryFound)]


def test_helpers_that_take_what_migrations_run_on() -> None:
    made = tables(
        """
        export const up = async ({ context: queryInterface }) => {
          await shared.createTable(queryInterface, 'loans', {
            id: { type: DataTypes.UUID, primaryKey: true },
            readerId: { type: DataTypes.UUID, field: 'reader_id' },
          }, { transaction })
          await shared.addIndex(queryInterface, 'loans', ['reader_id'])
        }
        """
    )
    assert indexes(made["loans"]) == [(("id",), "primary"), (("reader_id",), "")]


def test_helpers_inside_the_migration() -> None:
    before = """
    exports.up = (queryInterface, Sequelize) => queryInterface.createTable('shelves', {
      id: { type: Sequelize.INTEGER, primaryKey: true },
    })
    """
    after = """
    const up = (queryInterface, Sequelize) => {
      const moved = (from, to) =>
        queryInterface.renameTable(from, to).then(() =>
          queryInterface.addColumn(to, 'keeperId', { type: Sequelize.INTEGER }))
      return prepare(queryInterface).then(() => moved('shelves', 'racks'))
    }
    module.exports = { up }
    """
    made = tables(before, after)
    assert [(name, [column.name for column in table.columns]) for name, table in made.items()] == [
        ("racks", ["id", "keeperId"])
    ]


NODE_PG = """
import { MigrationBuilder } from 'node-pg-migrate'
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.createTable('loans', {
    id: 'id',
    reader_id: { type: 'integer', notNull: true, references: '"readers"(id)' },
    code: { type: 'text', unique: true },
    due: 'timestamptz',
    shelf: { type: 'text' },
  }, { constraints: { unique: [['shelf', 'code']] } })
  pgm.createIndex('loans', 'reader_id', { method: 'hash' })
  pgm.createIndex('loans', ['shelf', { name: 'due', sort: 'DESC' }])
  pgm.addIndex('loans', 'lower(code)', { unique: true, name: 'loans_code' })
  pgm.createIndex('loans', 'due', { where: 'shelf IS NOT NULL' })
  pgm.createIndex('loans', 'id')
  pgm.dropIndex('loans', 'id')
  pgm.addColumns('loans', { copy_id: { type: 'integer' } })
  pgm.addConstraint('loans', 'loans_copy', { unique: ['copy_id', 'due'] })
  pgm.addConstraint('loans', 'loans_due', 'UNIQUE(due, shelf)')
  pgm.alterColumn('loans', 'due', { notNull: true })
}
"""


def test_node_pg_migrate() -> None:
    loans = tables(NODE_PG)["loans"]
    assert indexes(loans) == [
        (("id",), "primary"),
        (("code",), "unique"),
        (("shelf", "code"), "unique"),
        (("reader_id",), ""),
        (("shelf", "due"), ""),
        (("(lower(code))",), "unique"),
        (("due",), ""),
        (("copy_id", "due"), "unique"),
        (("due", "shelf"), "unique"),
    ]
    assert [i.method for i in loans.indexes if i.columns == ("reader_id",)] == ["hash"]
    assert [i.where for i in loans.indexes if i.columns == ("due",)] == ["shelf IS NOT NULL"]
    assert [(k.columns, k.table) for k in loans.foreign_keys] == [(("reader_id",), "readers")]
    assert {c.name: c.nullable for c in loans.columns}["due"] is False
    assert ("copy_id", "INT") in columns(loans)
