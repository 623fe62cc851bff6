"""Queries and migrations in JavaScript whose names stand in packages of the same workspace."""

from __future__ import annotations

import json

import pytest
from tests.linking.system import architecture, missing

from scaleaudit.config_files.package_json import extract as read_package
from scaleaudit.facts import FileFacts
from scaleaudit.file_kinds import file_kinds
from scaleaudit.linking.facts_index import FactsIndex
from scaleaudit.linking.imports.modules import Modules
from scaleaudit.source import SourceFile

TABLES = {
    "tables/package.json": '{"name": "@library/tables", "main": "dist/cjs/index.js"}',
    "tables/src/index.ts": "export * from './loan.js'\n",
    "tables/src/loan.ts": (
        "export enum FieldNameLoan { id = 'id', readerId = 'reader_id', code = 'code' }\n"
        "export const TableLoan = 'loan'\n"
    ),
    "backend/package.json": '{"name": "backend", "dependencies": {"@library/tables": "*"}}',
    "backend/migrations/1.js": (
        "const { TableLoan, FieldNameLoan } = require('@library/tables')\n"
        "const up = async function (knex) {\n"
        " await knex.schema.createTable(TableLoan, (table) => {\n"
        "  table.increments(FieldNameLoan.id).primary()\n"
        "  table.integer(FieldNameLoan.readerId).notNullable()\n"
        "  table.string(FieldNameLoan.code)\n"
        "  table.index([FieldNameLoan.readerId], 'idx_loan_reader')\n"
        " })\n}\n"
        "const down = async (knex) => { await knex.schema.dropTable(TableLoan) }\n"
        "module.exports = { up, down }\n"
    ),
    "backend/src/loans.ts": (
        "import { TableLoan, FieldNameLoan } from '@library/tables'\n"
        "export class Loans {\n"
        " of(reader) { return this.knex(TableLoan).where(FieldNameLoan.readerId, reader).select() }\n"
        " one(code) { return this.knex(TableLoan).where(FieldNameLoan.code, code).first() }\n"
        "}\n"
    ),
}


def test_a_migration_names_its_columns_by_constants_of_another_package() -> None:
    found = architecture(TABLES)
    table = found.schema.table("loan")
    assert table is not None
    assert [each.name for each in table.columns] == ["id", "reader_id", "code"]
    assert missing(found) == {("loan", ("code",))}


def test_steps_of_later_migrations_name_columns_so_too() -> None:
    later = (
        "const { TableLoan, FieldNameLoan } = require('@library/tables')\n"
        "exports.up = async (knex) => { await knex.schema.alterTable(TableLoan, (t) => {\n"
        " t.index(FieldNameLoan.code)\n t.dropIndex([FieldNameLoan.readerId], 'idx_loan_reader')\n"
        " t.string(FieldNameLoan.shelf)\n }) }\n"
        "exports.down = async (knex) => {}\n"
    )
    found = architecture({**TABLES, "backend/migrations/2.js": later})
    table = found.schema.table("loan")
    assert table is not None
    assert "shelf" not in [each.name for each in table.columns]  # a constant that nobody defines
    assert missing(found) == {("loan", ("reader_id",))}


def resolved(package: dict[str, object], files: list[str], module: str) -> str | None:
    facts = {path: FileFacts() for path in files}
    facts["tables/package.json"] = read_package(json.dumps(package).encode())
    sources = {path: SourceFile(path, file_kinds()(path) or "") for path in facts}
    return Modules(FactsIndex(facts, sources)).script("backend/src/a.ts", module)


@pytest.mark.parametrize(
    ("package", "module", "file"),
    [
        ({"source": "source/index.ts", "main": "dist/x.js"}, "@l/tables", "tables/source/index.ts"),
        (
            {"exports": {"./loan": {"import": {"default": "./dist/models/loan.js"}}}},
            "@l/tables/loan",
            "tables/src/models/loan.ts",
        ),
        ({"exports": {"./*": "./dist/models/*.js"}}, "@l/tables/loan", "tables/src/models/loan.ts"),
        ({}, "@l/tables/dist/models/loan", "tables/src/models/loan.ts"),
        ({}, "@l/tables/dist/src/models/loan", "tables/src/models/loan.ts"),
        ({"main": "build/server.js"}, "@l/tables", "tables/src/server.ts"),
        ({"main": "dist/server.js"}, "@l/other", None),
        ({"exports": "../../outside.js"}, "@l/tables/none", None),
        ({"exports": {"./*er": "./src/serv*er.ts"}}, "@l/tables/er", "tables/src/server.ts"),
        ({"exports": {"./oo*oo": "./src/serv*er.ts"}}, "@l/tables/oo", None),
    ],
)
def test_what_a_build_makes_is_imported_where_its_source_is(
    package: dict[str, object], module: str, file: str | None
) -> None:
    files = [
        "backend/src/a.ts",
        "tables/source/index.ts",
        "tables/src/models/loan.ts",
        "tables/src/server.ts",
    ]
    assert resolved({"name": "@l/tables", **package}, files, module) == file


STATEMENTS = {
    "src/models/loans.ts": (
        "export const LOANS_TABLE = 'loans'\n"
        "export const late = (db, day) => db.from(LOANS_TABLE).where('due_at', '<', day).select()\n"
        "export const one = (db, code) => db.from(LOANS_TABLE).where('code', code).first()\n"
    ),
    "src/migrations/1.ts": (
        "import { LOANS_TABLE } from '../models/loans.js'\n"
        "export async function up(knex) {\n"
        " await knex.raw(`CREATE TABLE ${LOANS_TABLE} (id int PRIMARY KEY, due_at timestamp, code text)`)\n"
        ' await knex.raw(`CREATE INDEX idx_${LOANS_TABLE}_code ON "${LOANS_TABLE}" USING BTREE (code)`)\n'
        "}\n"
        "export async function down(knex) { await knex.raw(`DROP TABLE ${LOANS_TABLE}`) }\n"
    ),
}


def test_statements_of_a_migration_name_their_table_by_a_constant() -> None:
    found = architecture(STATEMENTS)
    table = found.schema.table("loans")
    assert table is not None
    assert [each.name for each in table.columns] == ["id", "due_at", "code"]
    assert missing(found) == {("loans", ("due_at",))}


def test_an_index_of_such_a_name_can_be_dropped() -> None:
    later = (
        "import { LOANS_TABLE } from '../models/loans.js'\n"
        "export async function up(knex) { await knex.raw(`DROP INDEX idx_${LOANS_TABLE}_code`) }\n"
        "export async function down(knex) {}\n"
    )
    found = architecture({**STATEMENTS, "src/migrations/2.ts": later})
    assert missing(found) == {("loans", ("due_at",)), ("loans", ("code",))}
