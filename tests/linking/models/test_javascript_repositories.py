"""TypeORM, Sequelize and Objection in whole repositories: from classes to tables and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import QueryFound
from scaleaudit.languages.javascript.typescript import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture


def linked(files: dict[str, str]) -> Architecture:
    roles = {p: Role.MIGRATION if "/migrations/" in p else Role.SOURCE for p in files}
    return link(
        {path: extract(text.encode()) for path, text in files.items()},
        {path: SourceFile(path, "typescript", role) for path, role in roles.items()},
        "library",
    )


def asked(found: Architecture, text: str) -> list[tuple[str, str, str]]:
    return [
        (p.table, p.column, p.operator)
        for site in found.sites(QueryFound)
        if text in site.fact.text
        for p in site.fact.predicates
    ]


TYPEORM = {
    "src/models/base.ts": (
        "import { PrimaryColumn, DeleteDateColumn } from 'typeorm'\n"
        "export abstract class Base { @PrimaryColumn() id: string\n @DeleteDateColumn() deletedAt: Date }"
    ),
    "src/models/reader.ts": (
        "import { Entity, Column, OneToMany } from 'typeorm'\n"
        "@Entity() export class LibraryReader extends Base {\n"
        " @Column() cityName: string\n @OneToMany(() => Loan, (loan) => loan.reader) loans: Loan[] }"
    ),
    "src/models/loan.ts": (
        "import { Entity, ManyToOne, JoinColumn, Index, Column } from 'typeorm'\n"
        "@Entity() export class Loan extends Base {\n @Index() @Column() code: string\n"
        " @ManyToOne(() => LibraryReader, (r) => r.loans) @JoinColumn({ name: 'reader_id' }) reader: LibraryReader }"
    ),
    "src/repositories/loans.ts": (
        "import { EntityRepository, Repository } from 'typeorm'\n"
        "@EntityRepository(Loan) export class LoanRepository extends Repository<Loan> {}"
    ),
    "src/migrations/1600000000000-init.ts": (
        "export class Init { async up(queryRunner) { await queryRunner.query("
        '`CREATE TABLE "library_reader" ("id" text PRIMARY KEY, "city_name" text, "deleted_at" timestamp)`'
        ") } }"
    ),
    "src/services/loans.ts": (
        "class Loans {\n constructor(private loans: LoanRepository, private readers: Repository<LibraryReader>) {}\n"
        " one(x) { return this.loans.findOne({ where: { code: x } }) }\n"
        " city(x) { return this.readers.find({ where: { cityName: x } }) }\n"
        " both(x) { return this.loans.createQueryBuilder('l').leftJoin('l.reader', 'r')"
        ".where('r.cityName = :x', { x }).getMany() }\n}"
    ),
}


def test_repositories_entities_and_migrations_of_typeorm() -> None:
    found = linked(TYPEORM)
    assert asked(found, "this.loans.findOne") == [
        ("loan", "code", "="),
        ("loan", "deletedAt", "is-null"),
    ]
    assert asked(found, "this.readers.find") == [
        ("library_reader", "city_name", "="),
        ("library_reader", "deleted_at", "is-null"),
    ]
    builder = asked(found, "createQueryBuilder")
    assert ("loan", "reader_id", "=") in builder
    assert ("library_reader", "city_name", "=") in builder
    loans = found.schema.tables["loan"]
    assert [index.columns for index in loans.indexes if not index.primary] == [("code",)]


def test_children_are_told_once_however_many_repositories_a_model_has() -> None:
    eager = TYPEORM["src/models/reader.ts"].replace("loan.reader)", "loan.reader, { eager: true })")
    found = linked(TYPEORM | {"src/models/reader.ts": eager})
    texts = [s.fact.text for s in found.sites(QueryFound) if s.fact.text.endswith(".loans")]
    assert texts == ["LibraryReader.loans"]
    assert ("loan", "reader_id", "=") in asked(found, "LibraryReader.loans")


def test_models_of_sequelize_beside_their_migrations() -> None:
    found = linked(
        {
            "server/models/Loan.ts": (
                "import { Table, Column, BelongsTo } from 'sequelize-typescript'\n"
                "@Table({ tableName: 'loans', paranoid: true }) class Loan extends Model {\n"
                " @Column(DataType.STRING) code: string\n @BelongsTo(() => Reader, 'readerId') reader: Reader }"
            ),
            "server/models/Reader.ts": (
                "import { Table, Column } from 'sequelize-typescript'\n"
                "@Table({ tableName: 'readers' }) class Reader extends Model { @Column city: string }"
            ),
            "server/migrations/20200101000000-loans.js": (
                "module.exports = { up: async (queryInterface, Sequelize) => {\n"
                " await queryInterface.createTable('loans', { id: { type: Sequelize.UUID, primaryKey: true },"
                " code: Sequelize.STRING, readerId: Sequelize.UUID, deletedAt: Sequelize.DATE })\n"
                " await queryInterface.addIndex('loans', ['readerId']) } }"
            ),
            "server/routes/loans.ts": (
                "async function f(x) { return Loan.findAll({ where: { code: x },"
                " include: [{ model: Reader, as: 'reader', where: { city: x } }] }) }"
            ),
        }
    )
    predicates = asked(found, "Loan.findAll")
    assert predicates[0] == ("loans", "code", "=")
    assert ("loans", "deletedAt", "is-null") in predicates
    assert ("readers", "city", "=") in predicates
    assert ("loans", "readerId", "=") in predicates
    indexes = [index.columns for index in found.schema.tables["loans"].indexes]
    assert indexes == [("id",), ("readerId",)]


def test_models_that_a_container_names_after_their_tables() -> None:
    found = linked(
        {
            "server/models/loans.js": (
                "module.exports = class Loan extends Model { static get tableName() { return 'loans' } }"
            ),
            "server/migrations/1.js": (
                "exports.up = (knex) => knex.schema.createTable('loans', (t) => {"
                " t.increments(); t.string('code') })"
            ),
            "server/jobs/late.js": "app.models.loans.query().where('code', x).first()",
        }
    )
    assert asked(found, "models.loans") == [("loans", "code", "=")]


def test_entities_behind_the_name_of_a_module_that_holds_them_all() -> None:
    files = {
        "src/entities/deposit.ts": (
            "import { Entity, Column, PrimaryColumn } from 'typeorm'\n"
            "@Entity() export class Deposit { @PrimaryColumn() id: number; @Column() code: string }"
        ),
        "src/deposits.ts": (
            "import { entities } from './database'\nimport { DataSource } from 'typeorm'\n"
            "export class Deposits {\n constructor(private db: DataSource) {}\n"
            " one(x) { return this.db.getRepository(entities.Deposit).findOne({ where: { code: x } }) }\n}"
        ),
    }
    assert asked(linked(files), "findOne") == [("deposit", "code", "=")]
    local = files["src/deposits.ts"].replace("import { entities } from './database'\n", "")
    assert asked(linked(files | {"src/deposits.ts": local}), "findOne") == []


def test_one_to_one_is_unique_where_no_migration_makes_the_table() -> None:
    entity = (
        "import { Entity, OneToOne, JoinColumn, PrimaryColumn } from 'typeorm'\n"
        "@Entity() export class Seat { @PrimaryColumn() id: number }\n"
        "@Entity() export class Ticket { @PrimaryColumn() id: number\n"
        " @OneToOne(() => Seat) @JoinColumn({ name: 'seat_id' }) seat: Seat }"
    )
    migration = (
        "export class A1600000000000 { async up(queryRunner) { await queryRunner.query("
        "`CREATE TABLE ticket (id int PRIMARY KEY, seat_id int)`) } async down(queryRunner) { } }"
    )

    def unique(files: dict[str, str]) -> list[tuple[str, ...]]:
        table = linked(files).schema.table("ticket")
        assert table is not None
        return [index.columns for index in table.indexes if index.unique and not index.primary]

    files = {"src/ticket.ts": entity}
    assert unique(files) == [("seat_id",)]
    path = "src/migrations/1600000000000-a.ts"
    assert unique(files | {path: migration}) == []
    told = migration.replace("seat_id int)", "seat_id int, UNIQUE (seat_id))")
    assert unique(files | {path: told}) == [("seat_id",)]


def test_children_of_typeorm_are_read_only_where_a_query_names_them() -> None:
    """`@OneToMany` often stands there for the other end alone."""
    reads = {
        "src/a.ts": "class A { constructor(private readers: Repository<LibraryReader>) {}\n %s }"
    }
    listing = " all() { return this.readers.find({ relations: ['loans'] }) }"
    unnamed = linked(TYPEORM)
    assert asked(unnamed, "LibraryReader.loans") == []
    named = linked(TYPEORM | {path: text % listing for path, text in reads.items()})
    assert ("loan", "reader_id", "=") in asked(named, "LibraryReader.loans")
    eager = TYPEORM["src/models/reader.ts"].replace("loan.reader)", "loan.reader, { eager: true })")
    always = linked(TYPEORM | {"src/models/reader.ts": eager})
    assert ("loan", "reader_id", "=") in asked(always, "LibraryReader.loans")


def test_models_that_files_are_handed_without_a_name() -> None:
    def model(table: str, column: str, said: str) -> str:
        return (
            f"import Sequelize from 'sequelize'\nconst tableName = '{table}'\n"
            f"export default (db) => {{ const Model = db.define({said}, {{ {column}: {{ type: Sequelize.INTEGER }} }},"
            " { timestamps: false })\n return Model }"
        )

    def controller(column: str) -> str:
        return (
            "export default (db, Model) => { Model.of = async (id) =>"
            f" Model.findAll({{ where: {{ {column}: id }} }})\n return Model }}"
        )

    found = linked(
        {
            "api/models/definitions/loans.js": model("Loans", "reader_id", "tableName"),
            "api/models/definitions/readerLoans.js": model("ReaderLoans", "loan_id", "tableName"),
            "api/models/definitions/tokens.js": model("Tokens", "code", "'Tokens'"),
            "api/models/TableLoans.js": controller("reader_id"),
            "api/models/readerLoansQueries.js": controller("loan_id"),
            "api/models/Tableoans.js": controller("code"),
            "api/models/openLists.js": controller("reader_id"),
            "api/models/plainLists.js": controller("reader_id"),
            "api/models/TableReaderLoans.js": controller("loan_id"),
        }
    )
    assert asked(found, "Model.findAll") == [
        ("loans", "reader_id", "="),
        ("readerloans", "loan_id", "="),
        ("readerloans", "loan_id", "="),
    ]


def defined(name: str, table: str, columns: str, options: str = "") -> str:
    return (
        "module.exports = (sequelize, DataTypes) => {\n"
        f" const {name} = sequelize.define('{name}', {{ id: {{ type: DataTypes.INTEGER, primaryKey: true }},"
        f" {columns} }}, {{ tableName: '{table}'{options} }})\n return {name}\n}}"
    )


def test_associations_of_sequelize_may_stand_beside_the_models() -> None:
    found = linked(
        {
            "models/reader.js": defined("Reader", "readers", "city: DataTypes.STRING"),
            "models/loan.js": defined(
                "Loan", "loans", "dueOn: DataTypes.DATE", ", underscored: true"
            ),
            "models/tag.js": defined("Tag", "tags", "label: DataTypes.STRING"),
            "models/loanTag.js": defined("LoanTag", "loan_tags", "note: DataTypes.STRING"),
            "models/index.js": (
                "const db = require('./all')\n"
                "db.Reader.hasMany(db.Loan, { as: 'loans', foreignKey: 'readerId' })\n"
                "db.Loan.belongsTo(db.Reader, { as: 'reader' })\n"
                "db.Loan.belongsToMany(db.Tag, { through: db.LoanTag, foreignKey: 'loanId', otherKey: 'tagId' })\n"
                "db.Unknown.hasMany(db.Loan)\n"
            ),
            "services/readers.js": "const f = (reader) => reader.findOne({ where: { id: 1 } }).getLoans()",
            "services/loans.js": (
                "async function inCity(db, city) {\n"
                " return db.Loan.findAll({ include: [{ model: db.Reader, as: 'reader', where: { city } }] })\n}"
            ),
        }
    )
    told = asked(found, "db.Loan.findAll")
    assert ("readers", "city", "=") in told
    assert ("loans", "reader_id", "=") in told
    assert ("loans", "reader_id", "=") in asked(found, "Reader.loans")
    assert asked(found, "Loan.Tags") == []  # nobody reads them along
    between = found.schema.tables["loan_tags"]
    assert ["loanId", "tagId"] in [list(index.columns) for index in between.indexes if index.unique]
    assert "unknowns" not in found.schema.tables


KNEX = {
    "db/migrations/20200101_loans.js": (
        "exports.up = (knex) => knex.schema.createTable('library_loans', (t) => {\n"
        " t.bigIncrements('id'); t.bigInteger('reader_id'); t.string('due'); t.timestamp('created_at') })\n"
        "exports.down = (knex) => knex.schema.dropTable('library_loans')"
    ),
}


def test_names_that_settings_of_knex_turn_into_those_of_the_schema() -> None:
    source = (
        "import { knex } from './db'\n"
        "export const one = (readerId) => knex('libraryLoans').where({ readerId, due: 1 }).first()\n"
        "export const other = (x) => knex('library_loans').where({ unknownName: x })"
    )
    found = linked(KNEX | {"src/loans.ts": source})
    assert asked(found, "readerId, due") == [
        ("library_loans", "reader_id", "="),
        ("library_loans", "due", "="),
    ]
    assert asked(found, "unknownName") == [("library_loans", "unknownname", "=")]
    (site,) = [s for s in found.sites(QueryFound) if "readerId, due" in s.fact.text]
    assert site.fact.reads == ("library_loans",)


def test_tables_of_sequelize_that_keep_the_names_of_their_models() -> None:
    migration = (
        "module.exports = { up: async (queryInterface, Sequelize) => {\n"
        " await queryInterface.createTable('lib_loan', { id: { type: Sequelize.UUID, primaryKey: true },"
        " reader_id: Sequelize.UUID }) }, down: async () => {} }"
    )
    model = (
        "module.exports = (sequelize, DataTypes) => {\n"
        " const loan = sequelize.define('lib_loan', { id: { type: DataTypes.UUID, primaryKey: true },"
        " reader_id: DataTypes.UUID }, {})\n return loan }"
    )
    found = linked(
        {
            "server/migrations/20200101-loan.js": migration,
            "server/models/library_loan.js": model,
            "server/lib/loans.js": (
                "const db = require('../models')\n"
                "const open = (x) => db.LibraryLoan.findAll({ where: { reader_id: x } })"
            ),
        }
    )
    assert "lib_loans" not in found.schema.tables
    assert asked(found, "db.LibraryLoan") == [("lib_loan", "reader_id", "=")]


def test_models_of_sequelize_whose_definition_is_out_of_sight() -> None:
    migration = (
        "module.exports = { up: async (queryInterface, Sequelize) => {\n"
        " await queryInterface.createTable('Loans', { id: { type: Sequelize.INTEGER, primaryKey: true },"
        " readerId: Sequelize.INTEGER }) }, down: async () => {} }"
    )
    files = {
        "forge/migrations/20200101-loan.js": migration,
        "forge/models/index.js": "const { Model } = require('sequelize')\nload(Model)",
        "forge/routes/loans.js": (
            "const one = (app, x) => app.db.models.Loan.findOne({ where: { readerId: x } })\n"
            "const two = (app, x) => app.db.models.Shelf.findOne({ where: { readerId: x } })"
        ),
    }
    found = linked(files)
    assert asked(found, "models.Loan") == [("loans", "readerId", "=")]
    assert asked(found, "models.Shelf") == []
    del files["forge/models/index.js"]
    assert asked(linked(files), "models.Loan") == []


def test_models_of_bookshelf_over_migrations_of_knex() -> None:
    found = linked(
        KNEX
        | {
            "src/models/loan.js": (
                "const bookshelf = require('../bookshelf')\n"
                "module.exports = bookshelf.model('Loan', { tableName: 'library_loans' })"
            ),
            "src/models/reader.js": (
                "const bookshelf = require('../bookshelf')\n"
                "module.exports = bookshelf.model('Reader', { tableName: 'readers',"
                " loans() { return this.hasMany('Loan', 'reader_id') } })"
            ),
            "src/routes.js": (
                "const Loan = require('./models/loan')\n"
                "const one = (x) => Loan.where({ reader_id: x }).fetchAll()\n"
                "const two = (x) => api.Order.where({ reader_id: x }).fetchAll()"
            ),
        }
    )
    assert asked(found, "Loan.where") == [("library_loans", "reader_id", "=")]
    assert asked(found, "Order.where") == []
    assert ("library_loans", "reader_id", "=") in asked(found, "Reader.loans")


def test_tables_named_by_constants_of_other_files() -> None:
    files = {
        "src/tables.ts": (
            "export enum TableName { Loans = 'loans' }\nexport const READERS_TABLE = 'readers'\n"
            "export class Copy { static NAME = 'copies' }"
        ),
        "src/migrations/1-init.ts": (
            "import { TableName, Copy } from '../tables'\n"
            "export async function up(knex) {\n"
            " await knex.schema.createTable(TableName.Loans, (t) => { t.uuid('id').primary(); t.uuid('readerId').index() })\n"
            " await knex.schema.createTable(Copy.NAME, (t) => { t.uuid('id').primary() })\n"
            " await knex.schema.createTable(Unknown.NAME, (t) => { t.uuid('id').primary() })\n}"
        ),
        "src/dal.ts": (
            "import { TableName, READERS_TABLE } from './tables'\n"
            "export const one = (db) => db(TableName.Loans).where({ readerId: x }).first()\n"
            "export const two = (db) => db(READERS_TABLE)"
            ".join(TableName.Loans, `${TableName.Loans}.readerId`, `${READERS_TABLE}.id`)"
            ".where(`${READERS_TABLE}.city`, x).first()\n"
            "export const three = (db) => db(Nobody.Knows).where({ shelf: x }).first()"
        ),
    }
    found = linked(files)
    assert asked(found, "db(TableName.Loans)") == [("loans", "readerid", "=")]
    assert asked(found, "db(READERS_TABLE)") == [
        ("readers", "city", "="),
        ("loans", "readerid", "="),
        ("readers", "id", "="),
    ]
    assert asked(found, "Nobody") == []
    assert {"loans", "copies"} <= set(found.schema.tables)
    assert not any("$" in name for name in found.schema.tables)
    assert [each.columns for each in found.schema.tables["loans"].indexes] == [
        ("id",),
        ("readerId",),
    ]


def test_columns_of_a_class_named_by_constants_of_other_files() -> None:
    files = {
        "src/columns.ts": "export enum LoanColumns { reader = 'reader_id', shelf = 'shelf' }",
        "src/loan.ts": (
            "import { Model } from 'objection'\n"
            "export class Loan extends Model { static get tableName() { return 'loans' } }"
        ),
        "src/store.ts": (
            "import { Loan } from './loan'\nimport { LoanColumns } from './columns'\n"
            "export const one = (x) => Loan.query().where(LoanColumns.reader, '>=', x)\n"
            "export const two = (x) => Loan.query().where(LoanColumns.lost, x)"
        ),
        "src/migrations/1-init.ts": (
            "export async function up(knex) {\n await knex.schema.createTable('loans', (t) => {"
            " t.increments('id'); t.integer('reader_id'); t.text('shelf') })\n}"
        ),
    }
    found = linked(files)
    assert asked(found, "Loan.query()") == [("loans", "reader_id", ">=")]
    assert [site.fact.partial for site in found.sites(QueryFound)] == [False, True]


FROZEN = {
    "models/loan.js": (
        "const { DataTypes } = require('sequelize')\n"
        "module.exports = (sequelize) => sequelize.define('Loan', { reader: DataTypes.STRING })"
    ),
    "api/loans.js": (
        "const f = (req) => req.app.get('sequelize').models.Loan.findAll({ where: { reader: req.id } })"
    ),
}


def test_tables_named_by_an_object_of_constants_that_is_imported_whole() -> None:
    files = {
        "src/constants.js": "module.exports = { LOANS_TABLE_NAME: 'loans', READERS_TABLE_NAME: 'readers', DAYS: 3 }",
        "src/migrations/1-init.js": (
            "var constants = require('../constants.js')\n"
            "exports.up = function (knex, Promise) { return Promise.all([\n"
            " knex.schema.createTable(constants.READERS_TABLE_NAME, function (t) { t.increments('id') }),\n"
            " knex.schema.createTable(constants.LOANS_TABLE_NAME, function (t) { t.increments('id')\n"
            "  t.integer('reader_id').unsigned()\n"
            "  t.foreign('reader_id').references(constants.READERS_TABLE_NAME + '.id') }),\n"
            " knex.schema.createTable(elsewhere.ORDERS, function (t) { t.increments('id') })])\n}"
        ),
    }
    tables = linked(files).schema.tables
    assert set(tables) == {"loans", "readers"}
    assert [each.table for each in tables["loans"].foreign_keys] == ["readers"]


def test_tables_of_sequelize_are_called_as_their_models_where_settings_say_so() -> None:
    settings = "const params = { define: { freezeTableName: true } }; new Sequelize(params)"
    plain = linked(FROZEN)
    frozen = linked({**FROZEN, "models/index.js": settings})
    other = linked({**FROZEN, "models/index.js": settings.replace("true", "false")})
    assert asked(plain, "models.Loan") == [("loans", "reader", "=")]
    assert asked(frozen, "models.Loan") == [("loan", "reader", "=")]
    assert asked(other, "models.Loan") == [("loans", "reader", "=")]
