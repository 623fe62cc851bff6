"""Searches that base classes of services and repositories give to those of all models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import QueryFound
from scaleaudit.languages.javascript.typescript import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture


def linked(files: dict[str, str]) -> Architecture:
    return link(
        {path: extract(text.encode()) for path, text in files.items()},
        {
            path: SourceFile(
                path, "typescript", Role.MIGRATION if "migrations/" in path else Role.SOURCE
            )
            for path in files
        },
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
    "src/base/base.repository.ts": (
        "import { Repository, FindOptionsWhere } from 'typeorm'\n"
        "export abstract class BaseRepository<T> {\n"
        " constructor(protected readonly rows: Repository<T>) {}\n"
        " async byCondition(where: FindOptionsWhere<T>) { return this.rows.findOne({ where }) }\n"
        " async listOf(options: any) { return this.rows.find(options) }\n"
        " async getBy(field: string, value: any) { return this.rows.findOneBy({ [field]: value }) }\n"
        " removeAll = async (filter: any) => this.rows.delete(filter)\n"
        " async findCurrent(filter: any) { return this.rows.find({ where: { ...filter, gone: false } }) }\n}"
    ),
    "src/loans/loan.entity.ts": (
        "import { Entity, Column, PrimaryColumn } from 'typeorm'\n"
        "@Entity('loans') export class Loan { @PrimaryColumn() id: number; @Column() code: string;"
        " @Column() shelf: number; @Column() kind: string; @Column() gone: boolean }"
    ),
    "src/loans/loan.repository.ts": (
        "import { BaseRepository } from '../base/base.repository'\nimport { Loan } from './loan.entity'\n"
        "export class LoanRepository extends BaseRepository<Loan> {}"
    ),
    "src/loans/loan.service.ts": (
        "import { In, MoreThan } from 'typeorm'\nimport { LoanRepository } from './loan.repository'\n"
        "export class Desk {\n constructor(private readonly loans: LoanRepository, private cache: Map<string, any>) {}\n"
        " a(x) { return this.loans.byCondition({ code: x }) }\n"
        " b(x) { return this.loans.listOf({ where: { shelf: MoreThan(x) }, take: 5 }) }\n"
        " c(x) { return this.loans.getBy('kind', x) }\n"
        " d(x) { return this.loans.removeAll({ code: In(x) }) }\n"
        " e(x) { return this.loans.byCondition({ relations: ['reader'] }) }\n"
        " f(x) { return this.loans.getCurrent({ code: x }) }\n"
        " g(x) { return this.cache.getBy('kind', x) }\n}"
    ),
}


def test_searches_of_a_generic_repository_of_typeorm() -> None:
    found = linked(TYPEORM)
    assert asked(found, "this.loans.byCondition({ code") == [("loans", "code", "=")]
    assert asked(found, "this.loans.listOf") == [("loans", "shelf", ">")]
    assert asked(found, "this.loans.getBy") == [("loans", "kind", "=")]
    assert asked(found, "this.loans.removeAll") == [("loans", "code", "in")]
    assert asked(found, "relations") == []
    assert asked(found, "getCurrent") == []
    assert asked(found, "this.cache") == []


def test_what_a_search_or_a_class_below_may_add_is_not_known() -> None:
    def partial(files: dict[str, str], text: str) -> list[bool]:
        sites = linked(files).sites(QueryFound)
        return [site.fact.partial for site in sites if text in site.fact.text]

    service = "src/loans/loan.service.ts"
    current = TYPEORM[service].replace("getCurrent", "findCurrent")
    assert partial(TYPEORM | {service: current}, "this.loans.findCurrent") == [True]
    assert partial(TYPEORM, "this.loans.listOf") == [False]
    repository = "src/loans/loan.repository.ts"
    tenants = TYPEORM[repository].replace(
        "<Loan> {}", "<Loan> { async listOf(o: any) { return super.listOf(this.ofTenant(o)) } }"
    )
    assert partial(TYPEORM | {repository: tenants}, "this.loans.listOf") == [True]
    assert partial(TYPEORM | {repository: tenants}, "this.loans.getBy") == [False]


SEQUELIZE = {
    "models/loan.js": (
        "module.exports = (sequelize, DataTypes) => {\n"
        " const Loan = sequelize.define('Loan', { code: DataTypes.STRING, shelf: DataTypes.INTEGER,"
        " kind: DataTypes.STRING })\n return Loan }"
    ),
    "services/base.service.js": (
        "class BaseService {\n constructor(model) { this.model = model }\n"
        " async getOne(where) { return this.model.findOne({ where }) }\n"
        " list(filter, options) { return this.model.findAll({ where: filter, ...options }) }\n"
        " of(column, value) { return this.model.findAll({ where: { [column]: value } }) }\n}\n"
        "module.exports = BaseService"
    ),
    "services/loan.service.js": (
        "const BaseService = require('./base.service')\nconst { Loan } = require('../models')\n"
        "class LoanService extends BaseService { constructor() { super(Loan) } }\n"
        "module.exports = new LoanService()"
    ),
    "routes/loans.js": (
        "const { Op } = require('sequelize')\n"
        "const loans = require('../services/loan.service')\nconst BaseService = require('../services/base.service')\n"
        "const { Loan } = require('../models')\nconst plain = new BaseService(Loan)\n"
        "exports.f = async (x) => {\n await loans.getOne({ code: x })\n"
        " await loans.list({ shelf: { [Op.gt]: x } }, { limit: 5 })\n"
        " await plain.getBy({ kind: x }); await plain.list({ kind: x })\n}"
    ),
}


def test_services_of_sequelize_that_a_module_hands_out() -> None:
    found = linked(SEQUELIZE)
    assert asked(found, "loans.getOne") == [("loans", "code", "=")]
    assert asked(found, "loans.list") == [("loans", "shelf", ">")]
    assert asked(found, "plain.list") == [("loans", "kind", "=")]
    assert asked(found, "plain.getBy") == []


OBJECTION = {
    "migrations/1_loans.js": (
        "exports.up = (knex) => knex.schema.createTable('loans', (t) => {"
        " t.increments('id'); t.string('code'); t.string('kind'); t.integer('shelf') })"
    ),
    "models/loan.js": (
        "const { Model } = require('objection')\n"
        "module.exports = class Loan extends Model { static get tableName() { return 'loans' } }"
    ),
    "services/base.service.js": (
        "class BaseService {\n constructor(model) { this.model = model }\n"
        " getOne(by) { return this.model.query().findOne(by) }\n"
        " list(by) { return this.model.query(this.trx).where(by) }\n}\nmodule.exports = BaseService"
    ),
    "services/loan.service.js": (
        "const BaseService = require('./base.service')\nconst Loan = require('../models/loan')\n"
        "class LoanService extends BaseService {\n constructor() { super(Loan) }\n"
        " late(x) { return this.list({ kind: x }) }\n"
        " open(x) { return this.model.query().where('shelf', x) }\n}\nmodule.exports = new LoanService()"
    ),
    "routes/loans.js": (
        "const loans = require('../services/loan.service')\n"
        "exports.f = async (x) => loans.getOne({ code: x })"
    ),
}


def test_services_over_models_of_objection() -> None:
    found = linked(OBJECTION)
    assert asked(found, "loans.getOne") == [("loans", "code", "=")]
    assert asked(found, "this.list") == [("loans", "kind", "=")]
    assert asked(found, "this.model.query().where('shelf'") == [("loans", "shelf", "=")]
