"""MikroORM, Medusa's data models over it, and Objection."""

from __future__ import annotations

from typing import TypeVar

from scaleaudit.facts import Fact, ModelDefined, OrmQuery, ScopeDefined
from scaleaudit.languages.javascript.typescript import extract

F = TypeVar("F", bound=Fact)
OWN = {"mikroorm", "objection"}  # other mappers know some of the words, and none of the classes
IMPORT = "import { Entity } from '@mikro-orm/core'\n"


def only(source: str, kind: type[F]) -> list[F]:
    found = extract(source.encode())
    assert found.problem == ""
    return [
        fact
        for fact in found.facts
        if isinstance(fact, kind) and getattr(fact, "framework", "") in OWN
    ]


def asked(found: OrmQuery) -> list[tuple[str, str]]:
    return [(each.path, each.operator) for each in found.conditions]


def test_an_entity() -> None:
    source = (
        IMPORT
        + """
    @Entity({ tableName: "loan" })
    @Index({ properties: ["code", "shelf"] })
    @Filter({ name: "deleted", cond: { deleted_at: null }, default: true })
    export class Loan {
      @PrimaryKey() id: number
      @Property({ columnType: "text", nullable: true }) @Unique() code: string | null
      @Index() @Property({ fieldName: "the_shelf" }) shelf: number
      @Property({ persist: false }) late: boolean
      @Enum(() => State) state: State
      @ManyToOne(() => Reader, { fieldName: "reader_id" }) reader: Reader
      @ManyToOne({ entity: () => Branch, nullable: true }) branch: Branch
      @OneToMany(() => Item, (item) => item.loan) items = new Collection<Item>(this)
      @ManyToMany({ entity: () => Tag, pivotTable: "loan_tag" }) tags = new Collection<Tag>(this)
    }
    """
    )
    (loan,) = only(source, ModelDefined)
    assert (loan.name, loan.table, loan.framework) == ("Loan", "loan", "mikroorm")
    assert [(each.name, each.column, each.type) for each in loan.fields] == [
        ("id", "", "INT"),
        ("code", "", "TEXT"),
        ("shelf", "the_shelf", "INT"),
        ("state", "", "ENUM"),
    ]
    assert [each.name for each in loan.fields if each.indexed] == ["shelf"]
    assert [each.name for each in loan.fields if each.unique] == ["code"]
    assert [each.columns for each in loan.indexes] == [("code", "shelf")]
    assert [(each.kind, each.target, each.column, each.inverse) for each in loan.relations] == [
        ("belongs-to", "Reader", "reader_id", ""),
        ("belongs-to", "Branch", "", ""),
        ("has-many", "Item", "", "loan"),
        ("many-to-many", "Tag", "", ""),
    ]
    (scope,) = only(source, ScopeDefined)
    assert scope.always
    assert [(each.path, each.operator) for each in scope.conditions] == [("deleted_at", "is-null")]


def test_finds() -> None:
    found = only(
        IMPORT
        + """
        class Loans {
          constructor(private em: EntityManager, private loans: EntityRepository<Loan>) {}
          a() { return this.em.find(Loan, { reader: { city: x }, due: { $lt: now, $ne: null } },
                                    { orderBy: { due: "asc" }, limit: 5, populate: ["items"] }) }
          b() { return this.loans.findOne({ $or: [{ code: x }, { isbn: x }] }) }
          c() { return this.em.nativeDelete(Item, { loan: id }) }
          d() { return this.em.count(Loan, { shelf: [1, 2] }) }
        }
        """,
        OrmQuery,
    )
    assert [(each.model, asked(each)) for each in found] == [
        ("Loan", [("reader.city", "="), ("due", "<"), ("due", "is-not-null"), ("due", "sort")]),
        ("Loan", [("code", "="), ("isbn", "=")]),
        ("Item", [("loan", "=")]),
        ("Loan", [("shelf", "in")]),
    ]
    assert found[0].loads == ("items",)
    assert [each.limited for each in found] == [True, True, False, False]
    assert found[2].deletes
    assert found[3].aggregate


def test_data_models_of_medusa() -> None:
    (loan,) = only(
        """
        import { model } from "@medusajs/framework/utils"
        export default model.define({ name: "BookLoan", tableName: "book_loan" }, {
          id: model.id({ prefix: "loan" }).primaryKey(),
          code: model.text().unique(),
          shelf: model.number().index().nullable(),
          reader: model.belongsTo(() => Reader, { mappedBy: "loans" }),
          items: model.hasMany(() => Item),
        }).indexes([{ on: ["code", "shelf"], where: "deleted_at IS NULL" }])
        """,
        ModelDefined,
    )
    assert (loan.name, loan.table) == ("BookLoan", "book_loan")
    fields = {each.name: each for each in loan.fields}
    assert list(fields) == ["id", "code", "shelf", "created_at", "updated_at", "deleted_at"]
    assert fields["id"].primary
    assert fields["code"].unique
    assert fields["shelf"].indexed
    assert [(each.kind, each.column, each.indexed) for each in loan.relations] == [
        ("belongs-to", "reader_id", True),
        ("has-many", "", False),
    ]
    assert [each.columns for each in loan.indexes] == [("code", "shelf")]


def test_objection() -> None:
    source = """
    module.exports = class Loan extends Model {
      static get tableName() { return 'loans' }
      static get relationMappings() {
        return {
          reader: { relation: Model.BelongsToOneRelation, modelClass: require('./readers'),
                    join: { from: 'loans.readerId', to: 'readers.id' } },
          tags: { relation: Model.ManyToManyRelation, modelClass: Tag, join: {
                    from: 'loans.id', through: { from: 'loanTags.loanId', to: 'loanTags.tagId' }, to: 'tags.id' } },
        }
      }
      static late() { return this.query().where('due', '<', now).orderBy('due').limit(5) }
      static async search(x) {
        const query = Loan.query().withGraphFetched('[reader, tags]')
        if (x.code) query.where({ code: x.code })
        return query
      }
      static one(code) { return app.models.loans.query().findOne({ code }) }
      static drop(id) { return Loan.query().deleteById(id) }
    }
    """
    (loan,) = only(source, ModelDefined)
    assert (loan.name, loan.table, loan.managers) == ("Loan", "loans", ("loans",))
    relations = [
        (each.name, each.kind, each.target, each.column, each.through, each.other_column)
        for each in loan.relations
    ]
    assert relations == [
        ("reader", "belongs-to", "readers", "readerId", "", ""),
        ("tags", "many-to-many", "tags", "loanId", "loanTags", "tagId"),
    ]
    found = only(source, OrmQuery)
    assert [(each.model, asked(each)) for each in found] == [
        ("Loan", [("due", "<"), ("due", "sort")]),
        ("Loan", []),
        ("Loan", [("code", "=")]),
        ("loans", [("code", "=")]),
        ("Loan", [("id", "=")]),
    ]
    assert found[1].loads == ("reader", "tags")
    assert [each.limited for each in found] == [True, False, False, True, False]
    assert found[4].deletes
