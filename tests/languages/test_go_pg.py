"""What go-pg's tags and chains say."""

from textwrap import dedent

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound, ScopeDefined
from scaleaudit.languages.go import extract

MODELS = """
package shop

type Customer struct {
    tableName struct{} `pg:"people,alias:p"`

    ID        int64
    Email     string    `pg:",unique,notnull"`
    Phone     string    `pg:"mobile,type:varchar(20),unique:reach"`
    Country   string    `pg:",unique:reach"`
    Secret    string    `pg:"-"`
    Orders    []*Order  `pg:"rel:has-many,join_fk:buyer_id"`
    Card      *Card     `pg:"rel:belongs-to"`
    DeletedAt time.Time `pg:",soft_delete"`
    secret    string
}

type Order struct {
    Code    string    `pg:",pk"`
    BuyerID int64
    Buyer   *Customer `pg:"rel:has-one,fk:buyer_id"`
    Shop    *Shop     `pg:"rel:has-one"`
    ShopID  int64
    Items   []Item    `pg:"many2many:order_to_items"`
}

type Plain struct {
    Name string `json:"name"`
}
"""

OLDER = """
package shop

import "github.com/go-pg/pg"

type Book struct {
    tableName struct{} `sql:"library.books,alias:b"`

    Id       int64    `sql:",pk"`
    Title    string   `sql:"name,notnull"`
    AuthorId int64
    Author   *Author
    Pages    []*Page  `pg:"fk:book_id"`
    Notes    []string `sql:",array"`
}

type Page struct {
    Number int `sql:"no"`
}
"""


def test_models() -> None:
    facts = extract(dedent(MODELS).encode()).facts
    customer, order = (f for f in facts if isinstance(f, ModelDefined))
    assert (customer.framework, customer.table, order.table, order.default_table) == (
        "go-pg", "people", "", "orders",
    )  # fmt: skip
    assert [
        (f.name, f.column, f.type, f.nullable, f.unique, f.primary) for f in customer.fields
    ] == [
        ("ID", "id", "BIGINT", False, False, True),
        ("Email", "email", "VARCHAR", False, True, False),
        ("Phone", "mobile", "VARCHAR", True, False, False),
        ("Country", "country", "VARCHAR", True, False, False),
        ("DeletedAt", "deleted_at", "TIMESTAMP", True, False, False),
    ]
    assert [(i.columns, i.unique) for i in customer.indexes] == [(("mobile", "country"), True)]
    assert [(r.name, r.kind, r.column) for r in customer.relations] == [
        ("Orders", "has-many", "buyer_id"),
        ("Card", "has-one", "customer_id"),
    ]
    assert [(f.name, f.primary) for f in order.fields] == [
        ("Code", True), ("BuyerID", False), ("ShopID", False),
    ]  # fmt: skip
    assert [(r.name, r.kind, r.column, r.through) for r in order.relations] == [
        ("Buyer", "belongs-to", "buyer_id", ""),
        ("Shop", "belongs-to", "shop_id", ""),
        ("Items", "many-to-many", "order_id", "order_to_items"),
    ]
    (scope,) = (f for f in facts if isinstance(f, ScopeDefined))
    assert (scope.owner, scope.framework, scope.always) == ("Customer", "go-pg", True)


def test_tags_of_older_versions() -> None:
    facts = extract(dedent(OLDER).encode()).facts
    book, page = (f for f in facts if isinstance(f, ModelDefined))
    assert (book.table, page.default_table) == ("books", "pages")
    assert [(f.column, f.primary) for f in book.fields] == [
        ("id", True), ("name", False), ("author_id", False), ("notes", False),
    ]  # fmt: skip
    assert [(r.name, r.kind, r.column) for r in book.relations] == [
        ("Author", "belongs-to", "author_id"),
        ("Pages", "has-many", "book_id"),
    ]
    of_others = OLDER.replace('import "github.com/go-pg/pg"', "")
    told = [
        f.name for f in extract(dedent(of_others).encode()).facts if isinstance(f, ModelDefined)
    ]
    assert told == ["Book"]  # GORM's first version has a tag `sql` too


def found(body: str, package: str = "github.com/go-pg/pg/v10") -> list[OrmQuery | QueryFound]:
    source = f"""
    package repo
    import (
        "{package}"
        "example.com/shop/model"
    )
    type Repo struct {{ dbConnection *pg.DB }}
    func (impl *Repo) find(tx *pg.Tx, name string, ids []int64) error {{
        var orders []*model.Order
        order := &model.Order{{}}
        {body}
    }}
    """
    kinds = (OrmQuery, QueryFound)
    return [f for f in extract(dedent(source).encode()).facts if isinstance(f, kinds)]


def spelled(query: OrmQuery) -> list[str]:
    return [
        f"{c.path} {c.operator}{f' or {c.branch}' if c.alternative else ''}"
        for c in query.conditions
    ]


@pytest.mark.parametrize(
    ("chain", "conditions"),
    [
        ('Where("shop_id in (?)", pg.In(ids)).Where("status = ?", name).Order("created_at DESC").Limit(10).Select()',
         ["shop_id in", "status =", "created_at sort"]),
        ('WhereIn("shop_id IN (?)", ids).Select()', ["shop_id in"]),
        ('Where("\\"order\\".status = ?", name).Column("order.id").Select()', ["status ="]),
        ('Where("a = ?", name).WhereOr("b = ?", name).WhereOr("c = ?", name).Select()',
         ["a = or 1", "b = or 2", "c = or 3"]),
        ('Where("kind = ?", name).WhereGroup(func(q *pg.Query) (*pg.Query, error) {\n'
         'q = q.WhereOr("a = ?", name).\nWhereOr("b = ?", name)\nreturn q, nil\n}).Select()',
         ["kind =", "a = or 1", "b = or 2"]),
        ('Where("kind = ?", name).WhereOrGroup(func(q *orm.Query) (*orm.Query, error) {\n'
         'return q.Where("a = ?", name), nil\n}).Select()', ["kind = or 1", "a = or 2"]),
        ('Relation("Buyer.name").Where("buyer.email = ?", name).First()', ["Buyer.email ="]),
        ('Join("JOIN shops AS s ON s.id = \\"order\\".shop_id").Where("s.code = ?", name).Select()',
         ["shops.code =", "shops.id =", "shop_id ="]),
        ("WherePK().Select()", ["pk ="]),
    ],
)  # fmt: skip
def test_one_chain(chain: str, conditions: list[str]) -> None:
    (query,) = found(f"return impl.dbConnection.Model(&orders).{chain}")
    assert isinstance(query, OrmQuery)
    assert (query.framework, query.model, spelled(query), query.partial) == (
        "go-pg", "model.Order", conditions, False,
    )  # fmt: skip


def test_what_the_last_call_does() -> None:
    queries = found("""
        impl.dbConnection.Model(&orders).Select()
        impl.dbConnection.Model(order).Where("code = ?", name).Select()
        impl.dbConnection.Model(&orders).Where("code = ?", name).Last()
        n, err := impl.dbConnection.Model((*model.Order)(nil)).Where("code = ?", name).Count()
        impl.dbConnection.Model((*model.Order)(nil)).ColumnExpr("sum(total)").Select(&sum)
        ok, err := tx.Model((*model.Order)(nil)).Where("code = ?", name).Exists()
        tx.Model((*model.Order)(nil)).Set("state = 1").Where("code = ?", name).Update()
        tx.ModelContext(ctx, order).Update()
        tx.Model((*model.Order)(nil)).Where("code = ?", name).Delete()
        tx.Model(order).OnConflict("DO NOTHING").Insert()
        n, err = tx.Model((*model.Order)(nil)).CountEstimate(1000)
    """)
    assert [
        (spelled(q), "".join(
            letter for letter, is_so in (
                ("l", q.limited), ("a", q.aggregate), ("w", q.writes), ("d", q.deletes), ("i", q.inserts)
            ) if is_so
        ))
        for q in queries if isinstance(q, OrmQuery)
    ] == [
        ([], ""), (["code ="], "l"), (["code ="], "l"), (["code ="], "a"), ([], "a"), (["code ="], "l"),
        (["code ="], "w"), (["pk ="], "w"), (["code ="], "d"), ([], "i"),
    ]  # fmt: skip


def test_lines_branches_and_unknown_parts() -> None:
    queries = found("""
        q := impl.dbConnection.Model(&orders).Where("active")
        if name != "" {
            q = q.Where("name = ?", name)
        }
        q.Where("kind = ?", 3)
        q = q.Apply(mine)
        count, err := q.SelectAndCount()
        impl.dbConnection.Model(&orders).WhereGroup(func(q *pg.Query) (*pg.Query, error) {
            for _, id := range ids { q = q.WhereOr("id = ?", id) }
            return q, nil
        }).Select()
    """)
    assert [(sorted(spelled(q)), q.partial) for q in queries if isinstance(q, OrmQuery)] == [
        (["active =", "kind =", "name ="], True),
        ([], True),
    ]


def test_files_without_its_import() -> None:
    sure = 'impl.db.Model(&orders).Where("code = ?", name).Select()'
    assert [q.model for q in found(sure, "example.com/own/pg") if isinstance(q, OrmQuery)] == [
        "model.Order"
    ]
    of_gorm = 'impl.db.Model(&orders).Where("code = ?", name).Select("code").Count(&n)'
    told = found(f"{of_gorm}\n{sure}", "gorm.io/gorm")
    assert [q.framework for q in told if isinstance(q, OrmQuery)] == ["gorm"]


def test_tables_named_by_the_source() -> None:
    (query,) = found('impl.db.Model().Table("orders").Where("code = ?", name).Select(&rows)')
    assert isinstance(query, QueryFound)
    assert (query.reads, [p.column for p in query.predicates]) == (("orders",), ["code"])
