"""TypeORM: what is asked through constants, services and functions of other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.javascript.typescript import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture

ENTITIES = """
import { Entity, Column, ManyToOne, JoinColumn, PrimaryColumn } from 'typeorm'
@Entity('readers') export class Reader { @PrimaryColumn() cardNumber: string
 @Column() email: string }
@Entity('loans') export class Loan { @PrimaryColumn() id: string
 @ManyToOne(() => Reader) reader: Reader
 @ManyToOne(() => Reader) @JoinColumn({ name: 'lender' }) lender: Reader
 @ManyToOne(() => Reader) @JoinColumn({ referencedColumnName: 'email' }) payer: Reader
 @ManyToOne(() => Loan) before: Loan
 @Column() code: string
 @Column() town: string
 @Column() shelf: string }
"""
HELPERS = """
import { SelectQueryBuilder } from 'typeorm'
export function paged<T>(q: SelectQueryBuilder<T>, since?: string, until?: string) {
  if (since) { q.andWhere(`${q.alias}.id > :since`, { since }); q.orderBy(`${q.alias}.id`, 'ASC') }
  else { q.orderBy(`${q.alias}.id`, 'DESC') }
  return q
}
export const ofTown = (q: SelectQueryBuilder<any>, town: string) => {
  q.andWhere(`${q.alias}.town = :town`, { town })
}
export function visible(q: SelectQueryBuilder<any>) { q.andWhere('loan.shelf = :x', { x: 1 }) }
"""


def linked(files: dict[str, str]) -> Architecture:
    held = {"src/entities.ts": ENTITIES, "src/helpers.ts": HELPERS, **files}
    return link(
        {path: extract(text.encode()) for path, text in held.items()},
        {path: SourceFile(path, "typescript", Role.SOURCE) for path in held},
        "library",
    )


def asked(found: Architecture, path: str) -> list[tuple[list[str], bool]]:
    """Columns and orders of the queries of a file, and whether a part is not known."""
    return [
        ([f"{p.column} {p.operator}" for p in site.fact.predicates], site.fact.partial)
        for site in found.sites(QueryFound)
        if site.at.path == path
    ]


def loans(body: str, *, before: str = "") -> list[tuple[list[str], bool]]:
    return asked(linked({"src/loans.ts": before + body}), "src/loans.ts")


KEPT = """
import { getRepository, getCustomRepository, EntityRepository, Repository } from 'typeorm'
import { Loan } from './entities'
@EntityRepository(Loan) export class LoanRepository extends Repository<Loan> {}
export const Loans = getCustomRepository(LoanRepository)
export const OldLoans = (LoanRepository);
export const loanRepository = dataSource.getRepository<Loan>(Loan)
const ownLoans = getRepository(Loan)
"""


@pytest.mark.parametrize(
    "call",
    [
        "Loans.findOneBy({ code: x })",
        "OldLoans.findOneBy({ code: x })",
        "loanRepository.findOne({ where: { code: x } })",
        "Loans.createQueryBuilder('loan').where('loan.code = :x', { x }).getOne()",
    ],
)
def test_repositories_that_another_file_keeps_in_constants(call: str) -> None:
    found = linked({"src/kept.ts": KEPT, "src/loans.ts": f"export const one = (x) => {call}"})
    assert asked(found, "src/loans.ts") == [(["code ="], False)]


def test_a_constant_of_another_mapper_is_no_repository() -> None:
    assert loans("export const one = (x) => Loans.findOneBy({ code: x })") == []


@pytest.mark.parametrize(
    ("body", "columns", "partial"),
    [
        # what the function gives back goes on
        (
            "paged(loans.createQueryBuilder('loan'), x).andWhere('loan.code = :x', { x }).getMany()",
            ["code =", "id sort"],
            False,
        ),
        # a service's method of the same name; the function's condition counts too
        (
            "this.helpers.ofTown(loans.createQueryBuilder('loan'), x)"
            ".andWhere('loan.code = :x', { x }).getMany()",
            ["code =", "town ="],
            False,
        ),
        # what nobody defines, or names an alias of its own, is not known
        (
            "hidden(loans.createQueryBuilder('loan'), x).andWhere('loan.code = :x', { x }).getMany()",
            ["code ="],
            True,
        ),
        (
            "visible(loans.createQueryBuilder('loan')).andWhere('loan.code = :x', { x }).getMany()",
            ["code ="],
            True,
        ),
    ],
)
def test_a_builder_goes_through_a_function_of_another_file(
    body: str, columns: list[str], partial: bool
) -> None:
    text = f"export const all = (loans: Repository<Loan>, x) => {body}"
    assert loans(text) == [(columns, partial)]


def test_a_builder_in_a_variable_is_handed_on() -> None:
    body = """
export function all(loans: Repository<Loan>, x) {
  const query = loans.createQueryBuilder('loan').where('loan.code = :x', { x })
  ofTown(query, 'Delft')
  return query.getMany()
}
"""
    assert loans(body) == [(["code =", "town ="], False)]


def test_a_library_that_cuts_into_pages_adds_nothing() -> None:
    body = """
import { paginate } from 'nestjs-typeorm-paginate'
export function all(loans: Repository<Loan>, x) {
  const query = loans.createQueryBuilder('loan').where('loan.code = :x', { x })
  return paginate(query, { limit: 10, page: 1 })
}
"""
    assert loans(body) == [(["code ="], False)]


BASE = """
export abstract class CrudService<T> {
  constructor(protected readonly repository: Repository<T>) {}
  listBy(where: FindOptionsWhere<T>) { return this.repository.find({ where }) }
}
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("this.listBy({ code: x })", [(["code ="], False)]),
        ("super.getOne({ where: { code: x } })", [(["code ="], False)]),
        ("this.own({ code: x })", []),
        ("this.findThem({ code: x })", []),
    ],
)
def test_methods_of_a_generic_service(call: str, expected: list[tuple[list[str], bool]]) -> None:
    service = (
        "import { InjectRepository } from '@nestjs/typeorm'\n"
        "export class LoansService extends CrudService<Loan> {\n"
        f" found(x) {{ return {call} }}\n findThem(options) {{ return [] }}\n}}\n"
    )
    found = linked({"src/base.ts": BASE, "src/loans.ts": service})
    assert asked(found, "src/loans.ts") == expected


def test_another_file_asks_the_service() -> None:
    service = "import { Repository } from 'typeorm'\nexport class LoansService extends CrudService<Loan> {}\n"
    other = (
        "import { DataSource } from 'typeorm'\n"
        "export class Desk { constructor(private readonly service: Repository<LoansService>) {}\n"
        " one(x) { return this.service.findOne({ where: { code: x } }) } }\n"
    )
    found = linked({"src/base.ts": BASE, "src/service.ts": service, "src/desk.ts": other})
    assert asked(found, "src/desk.ts") == [(["code ="], False)]


@pytest.mark.parametrize(
    ("where", "column"),
    [
        ("{ reader: { cardNumber: x } }", "readerCardNumber"),
        ("{ lender: { cardNumber: x } }", "lender"),
        ("{ payer: { email: x } }", "payerEmail"),
        ("{ before: { id: x } }", "beforeId"),
    ],
)
def test_the_column_of_a_reference_is_named_after_the_key_it_leads_to(
    where: str, column: str
) -> None:
    body = f"export const all = (loans: Repository<Loan>, x) => loans.find({{ where: {where} }})"
    ((columns, partial),) = loans(body)
    assert (columns[0], partial) == (f"{column} =", False)


def test_a_migration_may_spell_that_column_otherwise() -> None:
    step = (
        "export class Init { async up(queryRunner) { await queryRunner.query("
        '\'CREATE TABLE "loans" ("id" text PRIMARY KEY, "reader_card_number" text, "code" text)\''
        ") }\n async down(queryRunner) {} }"
    )
    body = (
        "export const all = (loans: Repository<Loan>, x) =>"
        " loans.find({ where: { reader: { cardNumber: x } } })"
    )
    found = linked({"src/migrations/1-init.ts": step, "src/loans.ts": body})
    assert asked(found, "src/loans.ts") == [(["reader_card_number ="], False)]


def test_a_schema_is_asked_by_the_constant_that_keeps_it() -> None:
    files = {
        "src/copy.entity.js": "const { EntitySchema } = require('typeorm')\n"
        "const copySchema = new EntitySchema({ name: 'copy', columns: { id: { primary: true },"
        " shelfId: { type: 'uuid' } } })\nmodule.exports = copySchema\n",
        "src/copies.js": "const copySchema = require('./copy.entity')\n"
        "const copies = source.getRepository(copySchema)\n"
        "exports.onShelf = (id) => copies.find({ where: { shelfId: id } })\n"
        "exports.built = (id) => copies.createQueryBuilder().where({ shelfId: id }).getMany()\n",
    }
    found = linked(files)
    assert asked(found, "src/copies.js") == [(["shelfId ="], False)] * 2
    assert {table for site in found.sites(QueryFound) for table in site.fact.reads} == {"copy"}
    # A naming strategy of the project's own writes tables in the plural.
    files["src/migrations/1-made.js"] = (
        "module.exports = class { async up(queryRunner) {\n"
        " await queryRunner.query('CREATE TABLE copies (id uuid PRIMARY KEY, \"shelfId\" uuid)') } }\n"
    )
    found = linked(files)
    assert {table for site in found.sites(QueryFound) for table in site.fact.reads} == {"copies"}
