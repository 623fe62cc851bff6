"""Bookshelf: models of every declaration, and what they are asked."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery
from scaleaudit.languages.javascript.typescript import extract


def models(source: str) -> list[ModelDefined]:
    found = extract(f"const bookshelf = require('./bookshelf')\n{source}".encode())
    assert found.problem == ""
    return [
        each
        for each in found.facts
        if isinstance(each, ModelDefined) and each.framework == "bookshelf"
    ]


def query(source: str) -> OrmQuery:
    found = extract(source.encode())
    (only,) = [
        each for each in found.facts if isinstance(each, OrmQuery) and each.framework == "bookshelf"
    ]
    return only


@pytest.mark.parametrize(
    "source",
    [
        "const Loan = bookshelf.Model.extend({ tableName: 'library.loans', %s })",
        "module.exports = bookshelf.model('Loan', { tableName: 'loans', %s })",
        "module.exports = { Loan: Base.extend({ tableName: 'loans', %s }) }",
        "module.exports = bookshelf.model('Loan', Base.extend({ tableName: 'loans', %s }))",
        "class Loan extends bookshelf.Model { get tableName() { return 'loans' }\n%s }",
    ],
)
def test_models_and_their_relations(source: str) -> None:
    relations = (
        "reader() { return this.belongsTo('Reader', 'reader_id') }",
        "fines() { return this.hasMany('Fine') }",
        "shelves() { return this.belongsToMany('Shelf', 'loans_shelves', 'loan_id', 'shelf_id') }",
    )
    (found,) = models(source % ("\n" if "class" in source else ", ").join(relations))
    assert (found.name, found.table) == ("Loan", "loans")
    assert [(r.name, r.kind, r.target, r.column, r.through) for r in found.relations] == [
        ("reader", "belongs-to", "Reader", "reader_id", ""),
        ("fines", "has-many", "Fine", "loan_id", ""),
        ("shelves", "many-to-many", "Shelf", "loan_id", "loans_shelves"),
    ]


@pytest.mark.parametrize(
    ("source", "conditions", "limited"),
    [
        ("Loan.where({ code: x, shelf: y }).fetch()", ["code =", "shelf ="], True),
        (
            "models.Loan.where('due', '<', x).fetchAll({ withRelated: ['reader'] })",
            ["due <"],
            False,
        ),
        ("new Loan({ code: x }).fetch({ require: false })", ["code ="], True),
        ("Loan.forge({ code: x }).fetch()", ["code ="], True),
        (
            "Loan.query('where', 'due', '>', x).orderBy('id').fetchAll()",
            ["due >", "id sort"],
            False,
        ),
        ("Loan.query({ where: { code: x } }).fetchPage()", ["code ="], True),
        (
            "Loan.query((qb) => { qb.where('code', x).andWhere('due', '>', y) }).fetchAll()",
            ["code =", "due >"],
            False,
        ),
    ],
)
def test_queries(source: str, conditions: list[str], limited: bool) -> None:
    found = query(f"async function f(x, y) {{ return await {source} }}")
    assert found.model == "Loan"
    assert [f"{c.path} {c.operator}" for c in found.conditions] == conditions
    assert found.limited is limited
    assert not found.partial


def test_what_is_no_query_of_a_model() -> None:
    found = extract(b"window.fetch(url); api.where({ a: 1 }).fetch(); Loan.fetched()")
    assert not [each for each in found.facts if isinstance(each, OrmQuery)]
    assert models("const Other = Base.extend({ name: 'x' })") == []
    assert not [
        f for f in extract(b"x = M.extend({ tableName: 'a' })").facts if isinstance(f, ModelDefined)
    ]
