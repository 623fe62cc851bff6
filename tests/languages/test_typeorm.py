"""TypeORM: entities, repositories and query builders."""

from __future__ import annotations

from typing import TypeVar

from scaleaudit.facts import Clause, Fact, ModelDefined, OrmQuery, ScopeDefined
from scaleaudit.languages.javascript.typescript import extract

F = TypeVar("F", bound=Fact)
OWN = {"typeorm"}  # other mappers know some of the words, and none of the classes
IMPORT = "import { Entity } from 'typeorm'\n"


def only(source: str, kind: type[F]) -> list[F]:
    found = extract((IMPORT + source).encode())
    assert found.problem == ""
    return [
        fact
        for fact in found.facts
        if isinstance(fact, kind) and getattr(fact, "framework", "") in OWN
    ]


def query(source: str) -> OrmQuery:
    (found,) = only(source, OrmQuery)
    return found


def asked(found: OrmQuery) -> list[tuple[str, str]]:
    return [(each.path, each.operator) for each in found.conditions]


ENTITY = """
@Entity("loans")
@Index(["code", "shelf"], { unique: true, where: "deleted_at IS NULL" })
@Unique("one", ["a", "b"])
export class Loan extends SoftDeletable {
  @PrimaryGeneratedColumn("uuid") id: string
  @Index() @Column({ name: "the_code", type: "varchar", nullable: true }) code: string | null
  @Column() shelf: number
  @Column({ type: "enum", enum: State }) state: State
  @AwareColumn({ type: resolveType("jsonb") }) data: object
  @When("flag", [Index(), Column({ unique: true })]) isbn: string
  @DeleteDateColumn() deletedAt: Date
  @ManyToOne(() => Reader, (reader) => reader.loans, { nullable: false })
  @JoinColumn({ name: "reader_id" })
  reader: Reader
  @ManyToOne("Branch", "loans") branch: Branch
  @OneToOne(() => Card) @JoinColumn() card: Card
  @OneToOne(() => Note, (note) => note.loan) note: Note
  @OneToMany(() => Item, (item) => item.loan) items: Item[]
  @ManyToMany(() => Tag)
  @JoinTable({ name: "loan_tags", joinColumn: { name: "loan_id" }, inverseJoinColumn: { name: "tag_id" } })
  tags: Tag[]
}
export abstract class SoftDeletable { @CreateDateColumn() created_at: Date }
"""


def test_an_entity() -> None:
    loan, base = only(ENTITY, ModelDefined)
    assert (loan.name, loan.table, loan.bases, loan.framework) == (
        "Loan",
        "loans",
        ("SoftDeletable",),
        "typeorm",
    )
    fields = {each.name: each for each in loan.fields}
    assert {name: each.type for name, each in fields.items()} == {
        "id": "UUID",
        "code": "VARCHAR",
        "shelf": "INT",
        "state": "ENUM",
        "data": "JSONB",
        "isbn": "VARCHAR",
        "deletedAt": "TIMESTAMP",
    }
    assert fields["id"].primary
    assert (fields["code"].column, fields["code"].indexed, fields["code"].nullable) == (
        "the_code",
        True,
        True,
    )
    assert fields["isbn"].indexed
    assert fields["isbn"].unique
    assert not fields["shelf"].indexed
    assert [(each.columns, each.unique, each.where) for each in loan.indexes] == [
        (("code", "shelf"), True, "deleted_at IS NULL"),
        (("a", "b"), True, ""),
    ]
    assert base.abstract
    assert [each.name for each in base.fields] == ["created_at"]


def test_decorators_of_the_projects_own() -> None:
    (model,) = only(
        """
        import { JoinColumn } from 'typeorm';
        @SharedEntity('loans')
        @ColumnIndex(['shelf', 'code'])
        export class Loan {
          @ColumnIndex() @SharedColumn() shelf: number;
          @SharedColumn() code: string;
        }
        """,
        ModelDefined,
    )
    assert [(each.name, each.indexed) for each in model.fields] == [
        ("shelf", True),
        ("code", False),
    ]
    assert [each.columns for each in model.indexes] == [("shelf", "code")]


def test_relations() -> None:
    loan = only(ENTITY, ModelDefined)[0]
    found = {
        each.name: (each.kind, each.target, each.column, each.inverse) for each in loan.relations
    }
    assert found == {
        "reader": ("belongs-to", "Reader", "reader_id", "loans"),
        "branch": ("belongs-to", "Branch", "", "loans"),
        "card": ("belongs-to", "Card", "", ""),
        "note": ("has-one", "Note", "", "loan"),
        "items": ("has-many", "Item", "", "loan"),
        "tags": ("many-to-many", "Tag", "loan_id", ""),
    }
    by_name = {each.name: each for each in loan.relations}
    assert by_name["card"].unique
    assert not by_name["reader"].indexed
    assert (by_name["tags"].through, by_name["tags"].other_column) == ("loan_tags", "tag_id")


def test_soft_deletion_narrows_every_query() -> None:
    (scope,) = only(ENTITY, ScopeDefined)
    assert scope.always
    assert [(each.path, each.operator) for each in scope.conditions] == [("deletedAt", "is-null")]


def test_a_schema_without_a_class() -> None:
    (found,) = only(
        """
        export const Loan = new EntitySchema<Loan>({
          name: "loan", tableName: "loans",
          columns: { id: { type: Number, primary: true, generated: true }, code: { type: "varchar", unique: true } },
          relations: { reader: { type: "many-to-one", target: "Reader", joinColumn: { name: "reader_id" } } },
          indices: [{ name: "x", columns: ["code"], unique: false }],
        })
        """,
        ModelDefined,
    )
    assert (found.name, found.table) == ("loan", "loans")
    assert [(each.name, each.primary, each.unique) for each in found.fields] == [
        ("id", True, False),
        ("code", False, True),
    ]
    assert [(each.kind, each.column) for each in found.relations] == [("belongs-to", "reader_id")]
    assert [each.columns for each in found.indexes] == [("code",)]


def test_repositories_by_injection_and_by_type() -> None:
    found = only(
        """
        class Loans {
          constructor(
            @InjectRepository(Loan) private readonly loans: Repository<Loan>,
            private readonly readers: ReaderRepository,
            private readonly source: DataSource,
          ) {}
          a() { return this.loans.findOne({ where: { code: x } }) }
          b() { return this.readers.find({ where: { city: x } }) }
          c() { return this.source.getRepository(Item).countBy({ loan: { id: x } }) }
          d() { return this.source.manager.find(Tag, { where: { name: x } }) }
          e() { const repo = this.source.getRepository(Card); return repo.findOneBy({ number: x }) }
        }
        """,
        OrmQuery,
    )
    assert [(each.model, asked(each)) for each in found] == [
        ("Loan", [("code", "=")]),
        ("ReaderRepository", [("city", "=")]),
        ("Item", [("loan.id", "=")]),
        ("Tag", [("name", "=")]),
        ("Card", [("number", "=")]),
    ]
    assert found[0].limited
    assert found[2].aggregate


def test_a_repository_of_ones_own() -> None:
    source = """
    @EntityRepository(Loan)
    export class LoanRepository extends Repository<Loan> {
      late() { return this.find({ where: { due: LessThan(now) } }) }
    }
    export const ItemRepository = dataSource.getRepository(Item).extend({
      of(loan) { return this.findBy({ loan_id: loan }) },
    })
    """
    proxies = [(m.name, m.bases, m.same_table) for m in only(source, ModelDefined)]
    assert proxies == [("LoanRepository", ("Loan",), True), ("ItemRepository", ("Item",), True)]
    assert [(each.model, asked(each)) for each in only(source, OrmQuery)] == [
        ("Loan", [("due", "<")]),
        ("Item", [("loan_id", "=")]),
    ]


def test_operators() -> None:
    found = query(
        """
        getRepository(Loan).find({
          where: { a: In([1]), b: Not(In(xs)), c: IsNull(), d: Not(IsNull()), e: MoreThan(1), f: Between(1, 2),
                   g: Like("x%"), h: ILike(x), i: Not("y"), j: State.OPEN, reader: { city: x } },
          order: { due: "DESC", reader: { name: "ASC" } }, relations: ["reader", "items.book"], take: 10,
        })
        """
    )
    assert asked(found) == [
        ("a", "in"),
        ("b", "not-in"),
        ("c", "is-null"),
        ("d", "is-not-null"),
        ("e", ">"),
        ("f", "between"),
        ("g", "like"),
        ("h", "search"),
        ("i", "!="),
        ("j", "="),
        ("reader.city", "="),
        ("due", "sort"),
        ("reader.name", "sort"),
    ]
    assert [each.constant for each in found.conditions[9:11]] == [True, False]
    assert found.loads == ("reader", "items.book")
    assert found.limited


def test_a_list_of_conditions_is_or() -> None:
    found = query("getRepository(Loan).find({ where: [{ a: x, b: y }, { c: z }] })")
    assert [(each.path, each.alternative, each.branch) for each in found.conditions] == [
        ("a", True, 1),
        ("b", True, 1),
        ("c", True, 2),
    ]


def test_conditions_that_are_put_together() -> None:
    found = only(
        """
        function f(x) {
          const where = { shelf: 1 }
          if (x.code) where.code = x.code
          where.open = true
          return getRepository(Loan).find({ where })
        }
        function g(x) { return getRepository(Loan).findBy({ a: 1, ...(x && { b: x }) }) }
        function h(filters) { return getRepository(Loan).findBy({ ...filters, a: 1 }) }
        """,
        OrmQuery,
    )
    assert [([each.path for each in q.conditions], q.partial) for q in found] == [
        (["shelf", "open"], False),
        (["shelf", "open", "code"], False),
        (["a"], False),
        (["a", "b"], False),
        (["a"], True),
    ]


def test_brackets_that_a_loop_fills_hide_their_conditions() -> None:
    found = query(
        """
        repo.createQueryBuilder.name
        repo.manager.createQueryBuilder(Loan, "loan")
          .where(new Brackets((qb) => {
            pairs.forEach((pair, at) => { qb.orWhere(`(loan.reader = :r${at})`, { [`r${at}`]: pair }) })
          }))
          .getMany()
        """
    )
    assert (found.model, found.conditions, found.partial) == ("Loan", (), True)


def test_a_query_builder() -> None:
    found = query(
        """
        this.createQueryBuilder.name
        repo.manager.createQueryBuilder(Loan, "loan")
          .leftJoinAndSelect("loan.items", "item")
          .leftJoin("item.book", "book")
          .innerJoin(Branch, "branch", "branch.code = loan.branch_code")
          .where("loan.reader_id = :reader", { reader })
          .andWhere("book.isbn IN (:...isbns)", { isbns })
          .andWhere(new Brackets((qb) => qb.where("loan.dueAt < :now").orWhere("branch.closed = true")))
          .orderBy("loan.createdAt", "DESC").take(5).getMany()
        """
    )
    assert found.model == "Loan"
    assert [(c.path, c.operator, c.model, c.alternative) for c in found.conditions] == [
        ("reader_id", "=", "", False),
        ("items.book.isbn", "in", "", False),
        ("dueAt", "<", "", True),
        ("closed", "=", "Branch", True),
        ("code", "=", "Branch", False),
        ("branch_code", "=", "", False),
        ("createdAt", "sort", "", False),
    ]
    assert found.loads == ("items", "items.book")
    assert found.limited


def test_what_an_outer_join_is_narrowed_by_chooses_no_rows() -> None:
    written = """
        this.createQueryBuilder.name
        repo.manager.createQueryBuilder(Loan, "loan")
          .{}Join("loan.items", "item", "item.state IN (:...states)", {{ states }})
          .getMany()
        """
    (outer,) = query(written.format("left")).conditions
    assert (outer.path, outer.operator, outer.clause) == ("items.state", "=", Clause.JOIN)
    (inner,) = query(written.format("inner")).conditions
    assert (inner.path, inner.operator, inner.clause) == ("items.state", "in", Clause.FILTER)


def test_a_builder_that_is_extended() -> None:
    found = only(
        """
        async function f(x) {
          const qb = getRepository(Loan).createQueryBuilder("l").where("l.shelf = :s", { s: x.s })
          if (x.code) qb.andWhere("l.code = :code", { code: x.code })
          return qb.orderBy("l.id").getMany()
        }
        """,
        OrmQuery,
    )
    assert [[each.path for each in q.conditions] for q in found] == [
        ["shelf", "id"],
        ["shelf", "code", "id"],
    ]


def test_updates_and_deletes_of_a_builder() -> None:
    changed, gone = only(
        """
        dataSource.createQueryBuilder().update(Loan).set({ a: 1 }).where("code = :c", { c }).execute()
        dataSource.createQueryBuilder().delete().from(Item).where({ loan_id: x }).execute()
        """,
        OrmQuery,
    )
    assert (changed.model, changed.writes, changed.deletes, asked(changed)) == (
        "Loan",
        True,
        False,
        [("code", "=")],
    )
    assert (gone.model, gone.deletes, asked(gone)) == ("Item", True, [("loan_id", "=")])


def test_fragments_that_cannot_be_read() -> None:
    assert query(
        'getRepository(Loan).createQueryBuilder("l").where(`l.${column()} = :x`, { x }).getOne()'
    ).partial
    assert query('getRepository(Loan).createQueryBuilder("l").where(builder).getMany()').partial


def test_what_a_container_hands_out() -> None:
    found = query("Container.get(LoanRepository).findOneBy({ code: x })")
    assert (found.model, asked(found)) == ("LoanRepository", [("code", "=")])
    assert not only("map.get(loan).find({ code: x })", OrmQuery)


def test_nesting_without_end() -> None:
    deep = 2_000
    for inside in (
        "Not(" * deep + "1" + ")" * deep,
        "{ a: " * deep + "1" + " }" * deep,
        "[" * deep + "{ a: 1 }" + "]" * deep,
    ):
        extract(f"{IMPORT}getRepository(Loan).find({{ where: {{ a: {inside} }} }})".encode())
        extract(f"{IMPORT}getRepository(Loan).find({{ where: {inside} }})".encode())
        extract(f"{IMPORT}@Entity({inside}) class A {{ @Column({inside}) b: string }}".encode())
        extract(f"import 'knex'\ndb('t').where({inside}).first()".encode())
        extract(f"Loan.findAll({{ where: {inside} }})".encode())
    many = "db('t')" + ".where('a', 1)" * 3_000 + ".first()"
    extract(f"import 'knex'\n{many}".encode())


def test_ties_between_rows_are_no_queries() -> None:
    assert not only(
        'getRepository(Loan).createQueryBuilder().relation("tags").of(loan).add(tag)', OrmQuery
    )


def test_a_builder_without_conditions_of_its_own_may_get_them_all() -> None:
    base, more = only(
        """
        const qb = getRepository(Loan).createQueryBuilder("l")
        if (x.code) qb.where("l.code = :c", { c: x.code })
        await qb.getMany()
        """,
        OrmQuery,
    )
    assert (base.partial, more.partial) == (True, False)
    assert query('narrowed(getRepository(Loan).createQueryBuilder("l"), input)').partial
    assert not query('Promise.all(getRepository(Loan).createQueryBuilder("l").getMany())').partial


def test_an_entity_that_is_asked_itself() -> None:
    found = query("Loan.createQueryBuilder('l').where('l.code = :x', { x }).getOne()")
    assert (found.model, asked(found)) == ("Loan", [("code", "=")])
    assert (
        only("LoanRepository.createQueryBuilder('l').where('l.code = :x').getOne()", OrmQuery) == []
    )
    assert (
        only("AppDataSource.createQueryBuilder('l').where('l.code = :x').getOne()", OrmQuery) == []
    )


def test_a_builder_that_either_side_of_a_choice_makes() -> None:
    found = only(
        """
        async function f(x) {
          let base
          if (x.old) { base = Archive.createQueryBuilder('l') } else { base = Loan.createQueryBuilder('l') }
          let query = base.leftJoinAndSelect('l.reader', 'reader')
          query = query.where('l.shelf = :s', { s: x.shelf })
          if (x.due) query.andWhere('l.due > :d', { d: x.due })
          return query.getMany()
        }
        """,
        OrmQuery,
    )
    assert [(each.model, [c.path for c in each.conditions]) for each in found] == [
        ("Archive", ["shelf"]),
        ("Archive", ["shelf", "due"]),
        ("Loan", ["shelf"]),
        ("Loan", ["shelf", "due"]),
    ]


def test_values_put_into_a_fragment() -> None:
    found = query(
        "getRepository(Loan).createQueryBuilder('l').where("
        "`l.code = '${x.code}' AND (l.due <= ${now()} OR l.shelf IN (${shelves}))`).getMany()"
    )
    assert [(c.path, c.operator, c.alternative, c.constant) for c in found.conditions] == [
        ("code", "=", False, False),
        ("due", "<=", True, False),
        ("shelf", "in", True, False),
    ]
    assert not found.partial
    between = query(
        "getRepository(Loan).createQueryBuilder('l').where("
        "`l.due BETWEEN '${a}' AND '${b}'`).getMany()"
    )
    assert asked(between) == [("due", "between")]
    for open_end in ("l.code = 1 AND ${more}", "l.code = ${alias}.code", "${column} = 1"):
        text = f"getRepository(Loan).createQueryBuilder('l').where(`{open_end}`).getMany()"
        assert ("code", "=") not in asked(query(text)) or query(text).partial


def test_alternatives_that_are_gathered_in_a_list() -> None:
    several = only(
        """import { FindOptionsWhere } from 'typeorm'
        class Bans { constructor(private readonly bans: Repository<Ban>) {}
          find(o) {
            const ways: FindOptionsWhere<Ban>[] = [{ reader: o.reader }]
            if (o.card) ways.push({ card: o.card })
            return this.bans.find({ where: ways })
          }
        }""",
        OrmQuery,
    )
    assert [asked(each) for each in several] == [
        [("reader", "=")],
        [("reader", "="), ("card", "=")],
    ]
    assert [each.alternative for each in several[1].conditions] == [True, True]


def test_what_is_not_known_is_no_key() -> None:
    source = "class A { constructor(private r: Repository<Loan>) {} f(x) { return this.r.%s } }"
    unknown = query(source % "find({ where: x })")
    assert unknown.conditions == ()
    assert unknown.partial
    assert query(source % "findBy(x)").conditions == ()
    assert asked(query(source % "delete(x)")) == [("id", "=")]


def test_a_service_for_one_entity() -> None:
    found = query(
        "export class LoanService extends RecordService<Loan> {\n"
        " late(x) { return this.repo.find({ where: { due: x } }) } }"
    )
    assert found.model == "Loan"
    assert asked(found) == [("due", "=")]


def test_a_builder_that_a_method_returns() -> None:
    found = only(
        """class Loans { constructor(private readonly loans: Repository<Loan>) {}
          private of(reader) {
            const qb = this.loans.createQueryBuilder('loan').where('loan.reader = :reader', { reader })
            if (this.lost) qb.andWhere('loan.lost = true')
            return qb
          }
          late(reader) { return this.of(reader).andWhere('loan.due < now()').getOne() }
        }
        class Others { of(x) { return x } f(x) { return this.of(x).getMany() } }""",
        OrmQuery,
    )
    assert [asked(each) for each in found] == [
        [("reader", "="), ("due", "<")],
        [("reader", "="), ("due", "<"), ("lost", "=")],
    ]
    assert found[0].limited


def test_how_long_an_interval_lasts_is_a_value() -> None:
    found = query("""
    loans.createQueryBuilder("loan").where('LOWER("loan"."code") = :code', { code })
      .andWhere(`now() - INTERVAL '${days} days' <= "loan"."due"`).getMany()
    const loans = getRepository(Loan)
    """)
    assert (asked(found), found.partial) == ([("code", "="), ("due", ">=")], False)


def test_the_query_that_a_view_is_made_of_is_sent_by_nobody() -> None:
    source = """
@ViewEntity({
  expression: (source: DataSource) => source.createQueryBuilder().select("loan.kind")
    .from(Loan, "loan").where("loan.open = true"),
})
export class OpenLoan {
  @ViewColumn() kind: string
}
"""
    assert only(source, OrmQuery) == []
    assert len(only(source.replace("ViewEntity", "Other"), OrmQuery)) == 1


def test_a_repository_that_a_method_answers_with() -> None:
    source = """class Loans {
      private async loanRepo(): Promise<Repository<Loan>> { return (await this.manager()).getRepository(Loan) }
      async of(id) { const repo = await this.loanRepo(); return repo.find({ where: { reader: id } }) }
      async built(id) {
        const repo = await this.loanRepo()
        return repo.createQueryBuilder('l').where('l.reader = :id', { id }).getMany()
      }
    }"""
    found = only(source, OrmQuery)
    assert [(each.model, asked(each)) for each in found] == [("Loan", [("reader", "=")])] * 2
    assert only(source.replace(": Promise<Repository<Loan>>", ""), OrmQuery) == []


def test_relations_of_decorators_that_wrap_those_of_typeorm() -> None:
    source = """
    @Entity() class Loan { @PrimaryColumn() id: number
      @TenantManyToOne(() => Reader, (it) => it.loans) reader: Reader
      @TenantOneToMany(() => Item, (it) => it.loan) items: Item[]
      @ShowsOneToMany("items") shown: boolean }
    """
    (loan,) = only(source, ModelDefined)
    assert [(each.name, each.kind, each.target) for each in loan.relations] == [
        ("reader", "belongs-to", "Reader"),
        ("items", "has-many", "Item"),
    ]
