"""Mongoose: schemas of collections, and queries on their models."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery
from scaleaudit.languages.javascript import typescript

SCHEMA = """
import mongoose, { Schema } from "mongoose";
const orderSchema = new Schema<Order>({
  code: { type: String, unique: true, required: true },
  state: { type: String, enum: ["open", "paid"], index: true },
  customer: { type: Schema.Types.ObjectId, ref: "Customer", index: true },
  tags: [String],
  sentAt: { type: Date, expires: 3600 },
  note: String,
}, { timestamps: true });
orderSchema.index({ customer: 1, createdAt: -1 }, { unique: true, name: "mine" });
orderSchema.index({ note: "text" });
orderSchema.virtual("lines", { ref: "Line", localField: "_id", foreignField: "order" });
export const OrderModel = mongoose.models.Order || mongoose.model<Order>("Order", orderSchema);
"""

NEST = """
import { Prop, Schema, SchemaFactory, InjectModel } from "@nestjs/mongoose";
@Schema({ timestamps: true, collection: "kittens" })
export class Cat {
  @Prop({ index: true }) name: string;
  @Prop({ type: Types.ObjectId, ref: "Owner" })
  owner: Owner;
}
export const CatSchema = SchemaFactory.createForClass(Cat);
CatSchema.index({ age: 1 });
export class CatService {
  constructor(@InjectModel(Cat.name) private readonly catModel: Model<CatDocument>) {}
  all(name: string) { return this.catModel.find({ name }).exec(); }
}
"""


def model(source: str) -> ModelDefined:
    facts = typescript.extract(source.encode()).facts
    return next(fact for fact in facts if isinstance(fact, ModelDefined))


def queries(source: str) -> list[OrmQuery]:
    facts = typescript.extract(source.encode()).facts
    return [fact for fact in facts if isinstance(fact, OrmQuery) and fact.framework == "mongoose"]


def told(query: OrmQuery) -> list[str]:
    return [
        f"{f'~{c.branch} ' if c.alternative else ''}{c.path} {c.operator}{'!' if c.constant else ''}"
        for c in query.conditions
    ]


def test_schemas() -> None:
    order = model(SCHEMA)
    assert (order.name, order.default_table, order.managers) == ("OrderModel", "orders", ("Order",))
    assert [(f.name, f.type, f.unique, f.indexed) for f in order.fields] == [
        ("_id", "OBJECTID", False, False),
        ("code", "STRING", True, False),
        ("state", "ENUM", False, True),
        ("tags", "ARRAY", False, False),
        ("sentAt", "TIMESTAMP", False, True),
        ("note", "STRING", False, False),
        ("createdAt", "TIMESTAMP", False, False),
        ("updatedAt", "TIMESTAMP", False, False),
    ]
    assert [(i.columns, i.unique, i.name, i.method) for i in order.indexes] == [
        (("customer", "createdAt"), True, "mine", ""),
        (("note",), False, "", "text"),
    ]
    assert [(r.name, r.target, r.kind, r.column, r.indexed) for r in order.relations] == [
        ("customer", "Customer", "belongs-to", "customer", True),
        ("lines", "Line", "has-many", "order", False),
    ]


def test_a_schema_inside_a_function_under_a_name_that_a_constant_keeps() -> None:
    found = model(
        """
        import { Schema } from "mongoose"
        export const LOAN = "Loan"
        const compile = (db) => {
          const LoanSchema = new Schema<ILoan>({ code: String })
          const Loan = db.model<ILoan, ILoanModel>(LOAN, LoanSchema)
          return Loan
        }
        """
    )
    assert (found.name, found.default_table) == ("Loan", "loans")
    assert [each.name for each in found.fields] == ["_id", "code"]


def test_documents_inside_a_document_have_paths_of_their_own() -> None:
    order = model(
        "const mongoose = require('mongoose');\n"
        "const line = new Schema({ sku: { type: String, index: true }, item: { type: ObjectId, ref: 'Item' } });\n"
        "const schema = new Schema({ to: { city: { type: String, index: true }, zip: String }, lines: [line],\n"
        "  loc: { type: { type: String }, coordinates: [Number] }, any: {}, more: { type: { a: Number } } });\n"
        "const Order = mongoose.model('Order', schema);\n"
    )
    assert [(f.name, f.type, f.indexed) for f in order.fields][1:] == [
        ("to", "DOCUMENT", False),
        ("to.city", "STRING", True),
        ("to.zip", "STRING", False),
        ("lines", "ARRAY", False),
        ("lines.sku", "STRING", True),
        ("lines.item", "OBJECTID", False),
        ("loc", "DOCUMENT", False),
        ("loc.type", "STRING", False),
        ("loc.coordinates", "ARRAY", False),
        ("any", "DOCUMENT", False),
        ("more", "DOCUMENT", False),
        ("more.a", "DOUBLE", False),
    ]
    assert order.relations == ()


def test_statics_ask_of_the_model_that_the_schema_makes() -> None:
    found = queries(
        "import { Schema, model } from 'mongoose';\nconst schema = new Schema({ code: String });\n"
        "schema.statics.byCode = function (code) { return this.findOne({ code }); };\n"
        "schema.static('all', async function () { return [1].map(() => this.find({ a })); });\n"
        "schema.methods.own = function () { return this.find({ b }); };\n"
        "export const Order = model('Order', schema);\n"
    )
    assert [(q.model, *told(q)) for q in found] == [("Order", "code ="), ("Order", "a =")]


def test_classes_of_nest() -> None:
    cat = model(NEST)
    assert (cat.name, cat.table) == ("Cat", "kittens")
    assert [(f.name, f.indexed) for f in cat.fields][:2] == [("_id", False), ("name", True)]
    assert [r.name for r in cat.relations] == ["owner"]
    assert [i.columns for i in cat.indexes] == [("age",)]
    (query,) = queries(NEST)
    assert (query.model, told(query)) == ("Cat", ["name ="])


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("{ state: 'open', owner }", ["state =!", "owner ="]),
        ("{ total: { $gte: 1, $lt: 9 } }", ["total >=!", "total <!"]),
        ("{ id: { $in: ids }, gone: { $exists: false } }", ["id in", "gone is-null!"]),
        ("{ $or: [{ a }, { b, c }] }", ["~1 a =", "~2 b =", "~2 c ="]),
        ("{ $and: [{ a }, { b: null }] }", ["a =", "b is-null"]),
        ("{ name: /^x/, title: /y/i }", ["name like", "title search"]),
        ("{ name: pattern }", ["name search"]),
        ("{ name: { $not: { $eq: x } } }", ["name !="]),
    ],
)
def test_filters(filter_: str, expected: list[str]) -> None:
    (query,) = queries(
        f"async function f() {{ const pattern = new RegExp(q);\n await Order.find({filter_}); }}"
    )
    assert (query.model, told(query), query.partial) == ("Order", expected, False)


def test_methods() -> None:
    found = queries(
        """
        await Order.findOne({ a });
        await Order.findById(id);
        await Order.updateMany({ a }, { $set: { b } });
        await Order.deleteOne({ a });
        await Order.countDocuments({ a });
        await Order.create({ a });
        await Order.find({ a }).sort("-createdAt name").limit(5).populate("customer");
        await Order.aggregate([{ $match: { a } }, { $sort: { b: 1 } }, { $group: { _id: "$c" } }]);
        for await (const each of Order.find({ a }).cursor()) {}
        orders.find((each) => each.a);
        """
    )
    flags = ("limited", "aggregate", "grouped", "streamed", "writes", "deletes", "inserts")
    assert [({f for f in flags if getattr(q, f)}, told(q)) for q in found] == [
        ({"limited"}, ["a ="]),
        ({"limited"}, []),
        ({"writes"}, ["a ="]),
        ({"limited", "writes", "deletes"}, ["a ="]),
        ({"aggregate"}, ["a ="]),
        ({"inserts"}, []),
        ({"limited"}, ["a =", "createdAt sort", "name sort"]),
        ({"grouped"}, ["a =", "b sort"]),
        ({"streamed"}, ["a ="]),
    ]
    assert found[6].loads == ("customer",)


@pytest.mark.parametrize("filter_", ["query", "{ ...query }", "{ $where: 'x' }", "build(q)"])
def test_what_is_not_known_is_partial(filter_: str) -> None:
    (query,) = queries(f"function f(query) {{ return Order.find({filter_}) }}")
    assert query.partial


def test_classes_of_packages_are_no_models() -> None:
    source = """
    import { NestFactory } from "@nestjs/core";
    const app = await NestFactory.create(AppModule);
    """
    assert not queries(source)


def test_repositories_of_the_project_that_are_made_with_a_model() -> None:
    found = queries(
        "class LoanRepository extends BaseRepository<Loan> { constructor() { super(LoanModel, LoanEntity) }\n"
        " byCode(x: string) { return this.find({ code: x }) }\n"
        " byDay(x: string) { return this.MongooseModel.findOne({ day: x }) } }\n"
        "class Service { by(x: string) { return this.loanRepository.find({ tag: x }) } }"
    )
    assert [(each.model, told(each)) for each in found] == [
        ("LoanModel", ["code ="]),
        ("LoanModel", ["day ="]),
        ("Loan", ["tag ="]),
    ]
