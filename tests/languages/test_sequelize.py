"""Sequelize: models of every declaration, and what they are asked."""

from __future__ import annotations

from typing import TypeVar

import pytest

from scaleaudit.facts import Fact, ModelDefined, OrmQuery, ScopeDefined
from scaleaudit.languages.javascript.typescript import extract

F = TypeVar("F", bound=Fact)
OWN = {"sequelize"}  # other mappers know some of the words, and none of the classes


def only(source: str, kind: type[F]) -> list[F]:
    found = extract(source.encode())
    assert found.problem == ""
    return [
        fact
        for fact in found.facts
        if isinstance(fact, kind) and getattr(fact, "framework", "") in OWN
    ]


def query(source: str) -> OrmQuery:
    (found,) = (each for each in only(source, OrmQuery) if each.model)
    return found


def asked(found: OrmQuery) -> list[tuple[str, str]]:
    return [(each.path, each.operator) for each in found.conditions]


def test_a_class_with_decorators() -> None:
    source = """
    import { Table, Column } from 'sequelize-typescript'
    @DefaultScope(() => ({ where: { hidden: false } }))
    @Table({ tableName: 'loans', paranoid: true, indexes: [{ fields: ['code', { name: 'shelf' }], unique: true }] })
    class Loan extends IdModel<Loan> {
      @PrimaryKey @Column(DataType.UUID) id: string
      @Unique @Column(DataType.STRING) code: string | null
      @AllowNull(false) @Column({ type: DataType.INTEGER, field: 'the_shelf' }) shelf: number
      @Column(DataType.VIRTUAL) late: boolean
      @ForeignKey(() => Reader) @Index @Column readerId: string
      @BelongsTo(() => Reader, 'readerId') reader: Reader
      @HasMany(() => Item, { foreignKey: 'loanId' }) items: Item[]
      @BelongsToMany(() => Tag, () => LoanTag, 'loanId', 'tagId') tags: Tag[]
    }
    """
    (loan,) = only(source, ModelDefined)
    assert (loan.name, loan.table, loan.framework, loan.bases) == (
        "Loan",
        "loans",
        "sequelize",
        ("IdModel",),
    )
    fields = {each.name: (each.type, each.column) for each in loan.fields}
    assert fields == {
        "id": ("UUID", ""),
        "code": ("VARCHAR", ""),
        "shelf": ("INT", "the_shelf"),
        "readerId": ("VARCHAR", ""),
        "createdAt": ("TIMESTAMP", ""),
        "updatedAt": ("TIMESTAMP", ""),
        "deletedAt": ("TIMESTAMP", ""),
    }
    assert [each.name for each in loan.fields if each.unique] == ["code"]
    assert [each.name for each in loan.fields if each.indexed] == ["readerId"]
    assert [(each.columns, each.unique) for each in loan.indexes] == [(("code", "shelf"), True)]
    relations = [
        (each.name, each.kind, each.target, each.column, each.through) for each in loan.relations
    ]
    assert relations == [
        ("reader", "belongs-to", "Reader", "readerId", ""),
        ("items", "has-many", "Item", "loanId", ""),
        ("tags", "many-to-many", "Tag", "loanId", "LoanTag"),
    ]
    (scope,) = only(source, ScopeDefined)
    assert [(each.path, each.operator) for each in scope.conditions] == [
        ("hidden", "="),
        ("deletedAt", "is-null"),
    ]


def test_a_model_that_is_defined() -> None:
    (loan,) = only(
        """
        module.exports = (sequelize, DataTypes) => {
          const Loan = sequelize.define('loan', {
            id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
            dueDate: DataTypes.DATE,
            code: { type: DataTypes.STRING(20), unique: 'one' },
            shelf: { type: DataTypes.INTEGER, unique: 'one', allowNull: false },
          }, { underscored: true, indexes: [{ fields: ['due_date'], where: { code: null } }] })
          Loan.associate = (models) => {
            Loan.belongsTo(models.Reader, { as: 'owner' })
            Loan.hasMany(models.Item, { foreignKey: 'loanId' })
          }
          return Loan
        }
        """,
        ModelDefined,
    )
    assert (loan.name, loan.default_table) == ("Loan", "loans")
    assert {each.name: each.column for each in loan.fields} == {
        "id": "id",
        "dueDate": "due_date",
        "code": "code",
        "shelf": "shelf",
        "createdAt": "created_at",
        "updatedAt": "updated_at",
    }
    assert [(each.columns, each.unique, each.where) for each in loan.indexes] == [
        (("due_date",), False, "code is null"),
        (("code", "shelf"), True, ""),
    ]
    assert [(each.name, each.column) for each in loan.relations] == [
        ("owner", "owner_id"),
        ("Items", "loanId"),
    ]


def test_a_class_that_is_initialised() -> None:
    (loan,) = only(
        """
        const { DataTypes, Model } = require('sequelize')
        class Loan extends Model {
          static init(sequelize) {
            super.init({ code: DataTypes.STRING }, { sequelize, modelName: 'loan', timestamps: false })
            const { reader } = sequelize.models
            Loan.belongsTo(reader)
          }
        }
        """,
        ModelDefined,
    )
    assert (loan.name, loan.default_table, [each.name for each in loan.fields]) == (
        "Loan",
        "loans",
        ["code"],
    )
    assert [(each.target, each.column) for each in loan.relations] == [("Reader", "")]


def test_operators() -> None:
    found = query(
        """
        Loan.findAll({
          where: {
            a: 1, b: [1, 2], c: null, d: { [Op.gt]: x, [Op.lte]: y }, e: { [Op.ne]: null }, f: { [Op.not]: null },
            g: { [Op.like]: 'x%' }, h: { [Op.iLike]: x }, i: { [Op.in]: xs }, '$reader.city$': x,
            [Op.or]: [{ j: 1 }, { k: 2, l: 3 }], [Op.and]: [{ m: x }],
          },
          order: [['due', 'DESC'], 'code', ['reader', 'name', 'ASC'], [sequelize.literal('random()')]],
          include: [{ model: Reader, as: 'reader', where: { city: x }, include: ['card'] }, { association: 'items' }],
          limit: 5,
        })
        """
    )
    assert found.model == "Loan"
    assert asked(found) == [
        ("a", "="),
        ("b", "in"),
        ("c", "is-null"),
        ("d", ">"),
        ("d", "<="),
        ("e", "is-not-null"),
        ("f", "is-not-null"),
        ("g", "like"),
        ("h", "search"),
        ("i", "in"),
        ("reader.city", "="),
        ("j", "="),
        ("k", "="),
        ("l", "="),
        ("m", "="),
        ("due", "sort"),
        ("code", "sort"),
        ("reader.name", "sort"),
        ("reader.city", "="),
    ]
    assert [each.branch for each in found.conditions if each.alternative] == [1, 2, 2]
    assert found.loads == ("reader", "reader.card", "items")
    assert found.limited
    assert not found.partial


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("[['due', 'DESC'], 'code']", ["due", "code"]),
        ("[['due', direction]]", ["due"]),
        ("[[sequelize.col('Loan.due'), 'DESC'], ['code']]", ["due", "code"]),
        ("[[sequelize.col('reader.\"name\"'), 'ASC']]", ["reader.name"]),
        ("sequelize.literal('\"due\" DESC NULLS LAST')", ["due"]),
        ("[[{ model: Reader, as: 'reader' }, 'name', 'ASC'], ['due']]", ["reader.name", "due"]),
        ("[[sequelize.fn('CONCAT', sequelize.col('a')), 'ASC'], ['due']]", []),
        ("[[args.by, args.direction], ['due', 'ASC']]", []),
        ("'Loans.due DESC, code'", ["due", "code"]),
        ("'lower(code), due'", []),
    ],
)  # fmt: skip
def test_the_order_of_a_list(order: str, expected: list[str]) -> None:
    found = query(f"Loan.findAll({{ order: {order}, limit: 5 }})")
    assert [path for path, operator in asked(found) if operator == "sort"] == expected


def test_an_order_kept_in_a_variable() -> None:
    found = query(
        "async function f() { const order = [['due', 'DESC']]; return Loan.findAll({ order, limit: 5 }) }"
    )
    assert asked(found) == [("due", "sort")]


def test_functions_around_columns() -> None:
    found = query(
        "User.findOne({ where: sequelize.where(sequelize.fn('lower', sequelize.col('email')), x) })"
    )
    assert [(c.path, c.operator, c.function) for c in found.conditions] == [("email", "=", "lower")]


@pytest.mark.parametrize(
    ("given", "operator"),
    [
        ("{ [Op.like]: `%${x}%` }", "contains"),
        ("{ [Op.like]: `${x}%` }", "like"),
        ("{ [Op.gte]: x }", ">="),
        ("x", "="),
    ],
)
def test_how_a_function_around_a_column_is_compared(given: str, operator: str) -> None:
    found = query(f"User.findOne({{ where: Sequelize.where(fn('lower', col('email')), {given}) }})")
    assert [(c.path, c.operator, c.function) for c in found.conditions] == [
        ("email", operator, "lower")
    ]


def test_whose_rows_are_read() -> None:
    found = only(
        """
        db.Loan.findOne({ where: { code: x } })
        models.loan.count({ where: { code: x } })
        Database.loanModel.destroy({ where: { code: x } })
        Loan.unscoped().update({ a: 1 }, { where: { code: x } })
        class Loan extends Model { static late() { return this.findAll({ where: { code: x } }) } }
        list.findOne({ code: x }); hash.update(text); Loan.update(id)
        """,
        OrmQuery,
    )
    assert [(each.model, asked(each)) for each in found] == [("Loan", [("code", "=")])] * 5
    assert [each.aggregate for each in found] == [False, True, False, False, False]
    assert [each.writes for each in found] == [False, False, True, True, False]


def test_conditions_that_branches_add() -> None:
    found = only(
        """
        async function f(x) {
          let where = { teamId: x.team }
          if (x.code) { where = { ...where, code: x.code } }
          if (x.old) where[Op.or] = [{ a: 1 }, { b: 2 }]
          return Loan.findAll({ where })
        }
        """,
        OrmQuery,
    )
    assert [[each.path for each in q.conditions] for q in found] == [
        ["teamId"],
        ["teamId", "code"],
        ["teamId", "a", "b"],
    ]


def test_members_that_name_one_index_share_it() -> None:
    source = """
    import { Table, Column, Index, Unique, createIndexDecorator } from 'sequelize-typescript'
    const ByDay = createIndexDecorator({ name: 'by_day', where: { returned: false } })
    const Found = createIndexDecorator({ using: 'GIN' })
    @Table({ tableName: 'loans', timestamps: false })
    class Loan extends Model {
      @Index({ name: 'once', unique: true }) @Index @ByDay @Column readerId: string
      @Index({ name: 'once', unique: true }) @Column itemId: string
      @ByDay @Column day: string
      @Unique('place') @Column shelf: string
      @Unique('place') @Index({ using: 'BTREE' }) @Column box: string
      @Unique({ msg: 'taken' }) @Column code: string
      @Found @Column words: string
      @Index({ type: 'FULLTEXT' }) @Column remark: string
      @Index({ type: 'UNIQUE' }) @Column label: string
      @Other({ name: 'else' }) @Column note: string
    }
    """
    (loan,) = only(source, ModelDefined)
    assert [(i.columns, i.name, i.unique, i.where, i.method) for i in loan.indexes] == [
        (("readerId", "itemId"), "once", True, "", ""),
        (("readerId", "day"), "by_day", False, "returned = false", ""),
        (("shelf", "box"), "place", True, "", ""),
        (("box",), "", False, "", ""),
        (("code",), "", True, "", ""),
        (("words",), "", False, "", "gin"),
        (("remark",), "", False, "", "fulltext"),
        (("label",), "", True, "", ""),
    ]
    assert [f.name for f in loan.fields if f.indexed or f.unique] == ["readerId"]


def test_the_model_of_a_table_between_has_a_key_of_both() -> None:
    tie, *elsewhere = only(
        """
        const { DataTypes, Model } = require('sequelize')
        class LoanTag extends Model {
          static init(sequelize) {
            super.init({ id: { type: DataTypes.UUID, primaryKey: true } }, { sequelize, modelName: 'loanTag' })
            const { loan, tag } = sequelize.models
            loan.belongsToMany(tag, { through: LoanTag })
            tag.belongsToMany(loan, { through: LoanTag })
            LoanTag.belongsTo(loan)
          }
        }
        """,
        ModelDefined,
    )
    assert [(each.name, each.abstract, each.same_table) for each in elsewhere] == [
        ("Loan", True, True),
        ("Tag", True, True),
    ]
    assert [(each.columns, each.unique) for each in tie.indexes] == [(("loanId", "tagId"), True)]
    assert [(each.target, each.column) for each in tie.relations] == [("Loan", "")]


def test_one_side_or_the_other_is_always_there() -> None:
    found = only(
        """
        function f(x) {
          return Loan.findAll({ where: {
            ...(x.type ? { type: x.type } : {}),
            ...(x.code ? { code: x.code } : { isbn: x.isbn }),
          } })
        }
        function g(x) {
          const where = { shelf: x.shelf }
          if (x.code) { where.code = x.code; where.open = true } else { where.isbn = x.isbn }
          return Loan.findAll({ where })
        }
        """,
        OrmQuery,
    )
    assert [[each.path for each in q.conditions] for q in found] == [
        ["code"],
        ["isbn"],
        ["code", "type"],
        ["shelf", "code", "open"],
        ["shelf", "isbn"],
    ]


SCOPES = """
const { Model, Op } = require('sequelize');
class Loan extends Model {}
Loan.init({ due: DataTypes.DATE, code: DataTypes.STRING }, { sequelize, scopes: {
  late: { where: { due: { [Op.lt]: now } }, order: [['due', 'ASC']], limit: 9 },
  of(code) { return { where: { code } }; },
  named: (code) => ({ where: { code } }),
  either(code) { if (code) { return { where: { code } }; } return {}; },
} });
"""


def test_named_scopes() -> None:
    found = {each.name: each for each in only(SCOPES, ScopeDefined)}
    told = {
        name: [(c.path, c.operator) for c in each.conditions]
        for name, each in found.items()
        if not each.partial
    }
    assert told == {
        "late": [("due", "<"), ("due", "sort")],
        "of": [("code", "=")],
        "named": [("code", "=")],
    }
    assert found["either"].partial
    assert found["late"].limited


@pytest.mark.parametrize(
    ("call", "scopes", "partial"),
    [
        ("Loan.scope('late').findAll()", ("late",), False),
        ("Loan.scope(['late', { method: ['of', x] }]).findAll()", ("late", "of"), False),
        ("Loan.scope({ method: 'named' }).findAll()", ("named",), False),
        ("Loan.scope(name).findAll()", (), True),
        (
            "const of = { method: ['of', x] }; Loan.scope('defaultScope', of).findAll()",
            ("of",),
            False,
        ),
    ],
)
def test_scopes_that_a_query_names(call: str, scopes: tuple[str, ...], partial: bool) -> None:
    found = query(call)
    assert (found.model, found.scopes, found.partial) == ("Loan", scopes, partial)


def test_scopes_that_a_model_is_given_later() -> None:
    source = """
Loan.addScope("defaultScope", { where: { open: true } });
db.Loan.addScope("of", (code) => ({ where: { code } }));
Loan.addScope("along", (reader) => {
  if (reader) return { include: [{ model: Desk, where: { reader }, required: false }] };
  return { include: [Desk] };
});
Loan.addScope("either", (code) => {
  if (code) return { where: { code } };
  return {};
});
"""
    found = [(f.owner, f.name, len(f.conditions), f.partial) for f in only(source, ScopeDefined)]
    assert found == [
        ("Loan", "of", 1, False),
        ("Loan", "along", 0, False),
        ("Loan", "either", 0, True),
    ]


def test_a_method_added_to_a_model_and_new_rows() -> None:
    own, new = only(
        "Loan.findByCode = function (code) { return this.findOne({ where: { code } }); };\n"
        "function f(a) { return Loan.create(a); }",
        OrmQuery,
    )
    assert (own.model, asked(own)) == ("Loan", [("code", "=")])
    assert (new.model, new.inserts) == ("Loan", True)


def test_a_class_whose_options_a_function_hands_on() -> None:
    source = """
    export class Loan extends Model {
      static initModel({ primaryKey, ...options }) {
        super.init({ id: primaryKey, code: { type: DataTypes.STRING }, due: DataTypes.DATE }, { ...options, hooks })
      }
    }
    class Robot { start() { super.init({ speed: { type: Speed.FAST } }, { ...options }) } }
    """
    (loan,) = only(source, ModelDefined)
    assert loan.name == "Loan"
    assert [each.name for each in loan.fields[:3]] == ["id", "code", "due"]


def test_operators_as_they_were_before_symbols() -> None:
    found = query(
        "const Sequelize = require('sequelize');\n"
        "Loan.findAll({ where: { due: { $lt: now }, $or: [{ a: 1 }, { b: 2 }], '$reader.name$': n } })"
    )
    assert asked(found) == [("due", "<"), ("a", "="), ("b", "="), ("reader.name", "=")]


def test_a_model_that_gets_all_it_needs_as_parameters() -> None:
    source = (
        "module.exports = function loan(seq, dataTypes) {\n"
        "  const Loan = seq.define('Loan', { code: { type: dataTypes.STRING, unique: true } });\n"
        "  return Loan;\n};\n"
    )
    (loan,) = only(source, ModelDefined)
    assert (loan.name, loan.default_table) == ("Loan", "Loans")
    assert [each.name for each in loan.fields if each.unique] == ["code"]


def test_any_of_a_list_made_elsewhere() -> None:
    found = query("Loan.findAll({ where: { code: { [Op.or]: codes } } })")
    assert asked(found) == [("code", "in")]


def test_conditions_that_are_put_into_the_options_later() -> None:
    found = only(
        """
        async function list(reader, from, to) {
          const options = { where: {}, limit: 3 };
          options.where.readerId = reader;
          if (from) { options.where.day = from; }
          await Loan.findAll(options);
          const where = { due: {} };
          if (from) where.due[Op.gte] = from;
          where.due[Op.lte] = to;
          return Loan.count({ where });
        }
        """,
        OrmQuery,
    )
    assert [asked(each) for each in found] == [
        [("readerId", "=")],
        [("readerId", "="), ("day", "=")],
        [("due", "<=")],
        [("due", "<="), ("due", ">=")],
    ]


def test_options_that_a_function_cuts_into_pages() -> None:
    found = only(
        """
        const f = (page, reader) => Loan.findAll(paginate({ where: { reader } }, page))
        async function list(req) {
          let options
          options = paginateSearch(req.query, { where: { shelf: req.shelf } })
          if (req.day) { options.where.day = req.day }
          return Loan.findAll(options)
        }
        """,
        OrmQuery,
    )
    assert [(asked(each), each.limited, each.partial) for each in found] == [
        ([("reader", "=")], True, False),
        ([("shelf", "=")], True, False),
        ([("shelf", "="), ("day", "=")], True, False),
    ]


def test_a_model_under_another_name() -> None:
    source = """
    import { ShelfLoan as Loan, Reader } from './models'
    const { Copy: Book } = require('./copies')
    const a = (x) => Loan.findAll({ where: { reader: x } })
    const b = (x) => Reader.findAll({ where: { city: x } })
    const c = (x) => Book.findAll({ where: { shelf: x } })
    """
    assert [each.model for each in only(source, OrmQuery)] == ["ShelfLoan", "Reader", "Copy"]


def test_members_that_are_declared_to_be_a_model() -> None:
    source = """
    class Loans {
      constructor(@InjectModel(Loan) private readonly repo: typeof Loan, private shelf: ModelStatic<Shelf>, private x: X) {}
      one(code) { return this.repo.findOne({ where: { code } }) }
      two(code) { return this.shelf.findAll({ where: { code } }) }
      no(code) { return this.x.findAll({ where: { code } }) }
    }
    """
    assert [each.model for each in only(source, OrmQuery)] == ["Loan", "Shelf"]


def test_attributes_behind_a_name() -> None:
    (model,) = only(
        """const { DataTypes, Model } = require('sequelize')
        const common = { shelf: DataTypes.STRING }
        class Loan extends Model {}
        const schema = { ...common, _id: { type: DataTypes.UUID, primaryKey: true }, reader: DataTypes.UUID }
        Loan.init(schema, { sequelize, modelName: 'Loan', freezeTableName: true })""",
        ModelDefined,
    )
    assert model.table == "Loan"
    assert [each.name for each in model.fields][:3] == ["shelf", "_id", "reader"]


def test_models_that_a_request_or_the_type_of_a_member_tells() -> None:
    carried = query(
        "const { Op } = require('sequelize')\n"
        "function common(x) { return { where: { due: x }, limit: 3 } }\n"
        "const f = (req) => req.app.get('sequelize').models.Loan.findAndCountAll({ ...common(3), order: ['code'] })"
    )
    assert carried.model == "Loan"
    assert asked(carried) == [("due", "="), ("code", "sort")]
    assert carried.limited
    told = query(
        """import { ModelStatic } from 'sequelize'
        interface Props { loans: ModelStatic<Loan> }
        class Loans { private readonly loans: Props['loans']
          of(x) { return this.loans.findAll({ where: { reader: x } }) } }"""
    )
    assert told.model == "Loan"
    assert asked(told) == [("reader", "=")]
    own_type = query(
        """class Loans { private Loan: ModelDef<Loan, LoanCreation>
          private Shelf: ModelDef<Shelf>
          of(x) { return this.Loan.findAll({ where: { reader: x } }) } }"""
    )
    assert (own_type.model, asked(own_type)) == ("Loan", [("reader", "=")])


def test_models_by_their_name_in_text() -> None:
    for held in ("sequelize.model('Loan')", "models['Loan']", 'this.db.models["Loan"]'):
        found = query(f"const f = (x) => {held}.findAll({{ where: {{ code: x }} }})")
        assert (found.model, asked(found)) == ("Loan", [("code", "=")])
    assert only("names['Loan'].findAll({ where: { code: x } })", OrmQuery) == []


def test_conditions_that_are_gathered_and_pieces_of_sql() -> None:
    gathered = query(
        "function f(x, y) { const ways = [{ a: x }]; if (y) ways.push({ b: y })\n"
        " return Loan.findAll({ where: { [Op.or]: ways } }) }"
    )
    assert asked(gathered) == [("a", "="), ("b", "=")]
    assert all(each.alternative for each in gathered.conditions)
    source = (
        "function f(x, y) { const all = [{ a: x }]; if (y) all.push({ b: y })\n"
        " return Loan.findAll({ where: { [Op.and]: all } }) }"
    )
    ways = [(asked(each), each.partial) for each in only(source, OrmQuery)]
    assert ways == [([("a", "=")], False), ([("a", "="), ("b", "=")], False)]
    piece = query("Loan.findAll({ where: Sequelize.literal('due < now()') })")
    assert asked(piece) == [("due", "<")]
    assert query("Loan.findAll({ where: literal(`reader.city = 'x'`) })").partial
    loaded = query(
        "Loan.findAll({ include: [{ association: Loan.associations.reader, where: { city: x } }] })"
    )
    assert asked(loaded) == [("reader.city", "=")]


def test_relations_that_a_file_reads_along() -> None:
    source = """
    Loan.findAll({ include: [{ model: Reader, as: 'reader' }, { model: db.Shelf }, 'copies', Tag] })
    const more = { attributes: ['id'], as: 'late' }
    async function f(reader) { return reader.getLoans() }
    """
    (named,) = (each for each in only(source, OrmQuery) if not each.model)
    assert set(named.loads) == {"reader", "Shelf", "Loans", "late"}
    assert set(query(source).loads) == {"reader", "copies", "Tag"}
    listed = "User.findAll({ include: [Loan, models.Copy, 'tags'] })"
    (named,) = (each for each in only(listed, OrmQuery) if not each.model)
    assert set(named.loads) == {"Loan", "Copy", "tags"}
    declared = "User.hasMany(Loan, { as: 'loans' })"
    assert [each for each in only(declared, OrmQuery) if not each.model] == []


def test_conditions_that_a_function_gathers() -> None:
    source = (
        "function of(x) { const where = {}; if (x) where.code = x; return where }\n"
        "function f(x) { return Loan.findAll({ where: of(x) }) }"
    )
    assert [asked(each) for each in only(source, OrmQuery)] == [[], [("code", "=")]]


REPOSITORY = """
class LoanRepository extends BaseRepository {
  constructor() { super(models.Loan) }
  byCode(code) { return this.findBy({ code }) }
  newest(shelf) { return this.model.findOne({ where: { shelf } }) }
  late(day) { return this.findAll({ where: { day } }) }
  own(reader) { return this.getOwn({ reader }) }
  getOwn(options) { return this.cache.get(options) }
}
class Desk { loans = db.Loan
  open(state) { return this.loanModel.findOne({ where: { state } }) } }
function named(x) { return base.findOne(Loan, { name: x }) }
function paged(x) { return base.paginate(Loan, { page: x }) }
class Service { by(x) { return this.loanRepository.findOne({ where: { tag: x } }) } }
"""


def test_repositories_of_the_project_that_are_made_with_a_model() -> None:
    found = only(REPOSITORY, OrmQuery)
    told = [(each.model, asked(each), each.limited) for each in found if each.conditions]
    assert sorted(told) == [
        ("Loan", [("code", "=")], False),
        ("Loan", [("day", "=")], False),
        ("Loan", [("name", "=")], True),
        ("Loan", [("shelf", "=")], True),
        ("Loan", [("state", "=")], True),
        ("Loan", [("tag", "=")], True),
    ]


def test_find_of_older_versions() -> None:
    assert asked(query("Loan.find({ where: { code: x } }).success(f)")) == [("code", "=")]
    assert query("Loan.find({ order: 'due ASC' })").limited
    assert only("Loan.find((each) => each.late); Loan.find({ code: x })", OrmQuery) == []


@pytest.mark.parametrize(
    ("where", "expected", "partial"),
    [
        ("'returned IS NULL'", [("returned", "is-null")], False),
        ("['code = ? AND due < ?', a, b]", [("code", "="), ("due", "<")], False),
        (
            "Sequelize.and({ shelf: x }, 'due < (now() - INTERVAL 1 DAY)')",
            [("shelf", "="), ("due", "<")],
            False,
        ),
        ("'readers.name = 1'", [], True),
    ],
)
def test_conditions_written_in_sql(
    where: str, expected: list[tuple[str, str]], partial: bool
) -> None:
    found = query(f"Loan.findAll({{ where: {where} }})")
    assert (asked(found), found.partial) == (expected, partial)


OLD_CLASS_METHODS = """
module.exports = (sequelize, DataTypes) => {
  const Loan = sequelize.define('Loan', { code: DataTypes.STRING }, {
    classMethods: {
      byCode(code) { return this.findOne({ where: { code } }) },
      late() { const self = this
        return self.findAll({ where: ['due < ?', new Date()] }) },
    },
    instanceMethods: { same() { return this.Model.findAll({ where: { shelf: this.shelf } }) } },
  })
  return Loan
}
"""


def test_methods_inside_a_definition_ask_for_its_model() -> None:
    found = [each for each in only(OLD_CLASS_METHODS, OrmQuery) if each.conditions]
    assert [(each.model, asked(each)) for each in found] == [
        ("Loan", [("code", "=")]),
        ("Loan", [("due", "<")]),
        ("Loan", [("shelf", "=")]),
    ]


DESCRIBED = """
const { DataTypes } = require('sequelize')
module.exports = {
  name: 'Loan',
  schema: { code: { type: DataTypes.STRING, unique: true }, shelf: { type: DataTypes.INTEGER } },
  indexes: [{ fields: ['shelf'] }],
  options: { timestamps: false },
  associations(M) { this.belongsTo(M.Reader) },
  finders(M) { return { static: { of: async (code) => this.findOne({ where: { code } }) } } },
}
"""


def test_an_exported_object_that_describes_a_model() -> None:
    (loan,) = only(DESCRIBED, ModelDefined)
    assert (loan.name, loan.default_table) == ("Loan", "Loans")
    assert [each.name for each in loan.fields] == ["code", "shelf"]
    assert [each.columns for each in loan.indexes] == [("shelf",)]
    assert [(each.name, each.kind) for each in loan.relations] == [("Reader", "belongs-to")]
    assert ("Loan", [("code", "=")]) in [(q.model, asked(q)) for q in only(DESCRIBED, OrmQuery)]
    no_types = DESCRIBED.replace("DataTypes.", "kinds.")
    assert only(no_types, ModelDefined) == []


def test_operators_without_a_sign_as_of_old() -> None:
    assert asked(
        query("Loan.findAll({ where: { due: { gte: x, ne: null }, kind: { size: 1 } } })")
    ) == [
        ("due", ">="),
        ("due", "is-not-null"),
        ("kind", "search"),
    ]


def test_names_that_stand_for_a_model() -> None:
    source = (
        "const { loans } = require('../models'), lists = require('./lists')\n"
        "const kept = db.Loan\n"
        "async function f(x) { const held = this.models.Loan\n"
        " await kept.findOne({ where: { a: x } }); await held.findOne({ where: { b: x } })\n"
        " await loans.findOne({ where: { c: x } }); await lists.findOne({ where: { d: x } })\n"
        " await app.get('models').Loan.findOne({ where: { e: x } }) }"
    )
    found = [(each.model, asked(each)) for each in only(source, OrmQuery) if each.conditions]
    assert found == [
        ("Loan", [("a", "=")]),
        ("Loan", [("b", "=")]),
        ("Loans", [("c", "=")]),
        ("Loan", [("e", "=")]),
    ]


def test_objects_put_together_by_assignment() -> None:
    source = (
        "function f(x, y) { const where = { code: x }\n if (y) { Object.assign(where, { shelf: y }) }\n"
        " return Loan.findAll(Object.assign({ where }, { limit: 5 })) }"
    )
    found = only(source, OrmQuery)
    assert [(asked(each), each.limited) for each in found] == [
        ([("code", "=")], True),
        ([("code", "="), ("shelf", "=")], True),
    ]


@pytest.mark.parametrize(
    ("where", "expected", "partial"),
    [
        ("\"code = '\" + x + \"' AND due < now()\"", [[("code", "="), ("due", "<")]], False),
        ("['Loans.code = ? AND `Loan`.`shelf` = ?', x, y]", [[("code", "="), ("shelf", "=")]], False),
        ("['code = ? OR isbn = ?', x, y]", [[("code", "="), ("isbn", "=")]], False),
        ("util.format(\"code = '%s'\", x)", [[("code", "=")]], False),
        ("listed", [[("code", "=")]], False),
        ("grown", [[("code", "=")]], True),
        ("parts.join(' AND ')", [[("code", "=")], [("code", "="), ("shelf", "=")]], False),
        ("parts.join(' OR ')", [[]], True),
        ("['Reader.name = ?', x]", [[]], True),
    ],
)  # fmt: skip
def test_conditions_in_sql_that_are_put_together(
    where: str, expected: list[list[tuple[str, str]]], partial: bool
) -> None:
    source = (
        "function f(x, y) { var listed = ['code = ?', x], grown = \"code = 1\", parts = ['code = 1']\n"
        " if (y) { grown += ' AND shelf = 2'; parts.push('shelf = ' + y) }\n"
        f" return models.Loan.findAll({{ where: {where} }}) }}"
    )
    found = only(source, OrmQuery)
    assert [asked(each) for each in found] == expected
    assert {each.partial for each in found} == {partial}


def test_conditions_alone_for_what_is_destroyed() -> None:
    assert asked(query("models.Loan.destroy({ code: x })")) == [("code", "=")]
    assert only("models.Loan.destroy({ transaction: t })", OrmQuery) == []
    assert only("loan.destroy()", OrmQuery) == []


def test_a_row_asks_for_its_relations() -> None:
    source = (
        "class Reader extends Model { late(x) { return this.getLoans({ where: { due: x } }) } }\n"
        "const f = (row) => row.getLoans({ where: { due: x } })"
    )
    found = [each for each in only(source, OrmQuery) if each.via]
    assert [(each.model, each.via, asked(each)) for each in found] == [
        ("Reader", ("Loans",), [("due", "=")]),
        ("Reader", ("loans",), [("due", "=")]),
    ]
