"""What bun's tags and query builders say."""

from textwrap import dedent

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound, ScopeDefined, TableChanged
from scaleaudit.languages.go import extract

MODELS = """
package shop

import "github.com/uptrace/bun"

type User struct {
    bun.BaseModel `bun:"table:people,alias:u"`

    ID        int64     `bun:"id,pk,autoincrement"`
    Email     string    `bun:",unique,notnull"`
    Phone     string    `bun:"mobile,type:varchar(20),unique:reach"`
    Country   string    `bun:",unique:reach"`
    Secret    string    `bun:"-"`
    Orders    []*Order  `bun:"rel:has-many,join:id=buyer_id"`
    DeletedAt time.Time `bun:",soft_delete,nullzero"`
}

type Order struct {
    ID      string  `bun:"type:CHAR(26),nullzero"`
    UserID  int64
    User    *User   `bun:"rel:belongs-to"`
    Items   []Item  `bun:"m2m:order_to_items,join:Order=Item"`
    Total   float64 `bun:",scanonly"`
    Note    *string
}

type Options struct {
    Name string `json:"name"`
}
"""


def test_models() -> None:
    facts = extract(dedent(MODELS).encode()).facts
    user, order = (f for f in facts if isinstance(f, ModelDefined))
    assert (user.framework, user.table, order.table, order.default_table) == (
        "bun", "people", "", "orders",
    )  # fmt: skip
    assert [(f.name, f.column, f.type, f.nullable, f.unique, f.primary) for f in user.fields] == [
        ("ID", "id", "BIGINT", False, False, True),
        ("Email", "email", "VARCHAR", False, True, False),
        ("Phone", "mobile", "VARCHAR", True, False, False),
        ("Country", "country", "VARCHAR", True, False, False),
        ("DeletedAt", "deleted_at", "TIMESTAMP", True, False, False),
    ]
    assert [(i.columns, i.unique) for i in user.indexes] == [(("mobile", "country"), True)]
    assert [(r.name, r.kind, r.column) for r in user.relations] == [
        ("Orders", "has-many", "buyer_id")
    ]
    assert [(f.name, f.primary) for f in order.fields] == [
        ("ID", True), ("UserID", False), ("Note", False),
    ]  # fmt: skip
    assert [(r.name, r.kind, r.column, r.through) for r in order.relations] == [
        ("User", "belongs-to", "user_id", ""),
        ("Items", "many-to-many", "order_id", "order_to_items"),
    ]
    (scope,) = (f for f in facts if isinstance(f, ScopeDefined))
    assert (scope.owner, scope.always) == ("User", True)


def found(body: str) -> list[OrmQuery | QueryFound | TableChanged]:
    source = f"""
    package repo
    import (
        "context"
        "github.com/uptrace/bun"
        "example.com/shop/model"
    )
    type Repo struct {{ db *bun.DB }}
    func (r *Repo) find(ctx context.Context, name string, ids []int64) error {{
        var users []model.User
        user := new(model.User)
        {body}
    }}
    """
    kinds = (OrmQuery, QueryFound, TableChanged)
    return [f for f in extract(dedent(source).encode()).facts if isinstance(f, kinds)]


@pytest.mark.parametrize(
    ("chain", "conditions"),
    [
        ('Where("name = ?", name).Where("age > ?", 3).Scan(ctx)', ["name =", "age >"]),
        ('Where("? = ?", bun.Ident("user.email"), name).\n Scan(ctx)', ["email ="]),
        ('Where("u.id IN (?)", bun.In(ids)).Scan(ctx)', ["id in"]),
        ('Where("?TableAlias.email = ?", name).Limit(1).Scan(ctx)', ["email ="]),
        ('Where("a = ?", name).WhereOr("b = ?", name).Scan(ctx)', ["a = or", "b = or"]),
        ('Where("c = ?", name).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {\n'
         'return q.WhereOr("a = ?", name).WhereOr("b = ?", name)\n}).Scan(ctx)',
         ["c =", "a = or", "b = or"]),
        ('Where("c = ?", name).WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery {\n'
         'return q.Where("a = ?", name)\n}).Scan(ctx)', ["c = or", "a = or"]),
        ('Order("created_at DESC").OrderExpr("? ASC", bun.Ident("name")).Scan(ctx)',
         ["created_at sort", "name sort"]),
        ('Relation("Orders").Where("email = ?", name).Exists(ctx)', ["email ="]),
        ("WherePK().Scan(ctx)", ["pk ="]),
    ],
)  # fmt: skip
def test_one_chain(chain: str, conditions: list[str]) -> None:
    (query,) = found(f"return r.db.NewSelect().Model(&users).{chain}")
    assert isinstance(query, OrmQuery)
    told = [f"{c.path} {c.operator}{' or' if c.alternative else ''}" for c in query.conditions]
    assert (query.framework, query.model, told, query.partial) == (
        "bun", "model.User", conditions, False,
    )  # fmt: skip


def test_tables_named_by_the_source() -> None:
    queries = found("""
        r.db.NewSelect().Table("users").Where("email = ?", name).Count(ctx)
        r.db.NewSelect().TableExpr("? AS ?", bun.Ident("users"), bun.Ident("u")).Join("JOIN orders AS o ON o.user_id = u.id").
            Where("o.code = ?", name).Scan(ctx, &ids)
        r.db.NewSelect().TableExpr("(?) AS x", inner).Where("email = ?", name).Scan(ctx)
        r.db.NewDelete().Table("users").Where("email = ?", name).Exec(ctx)
    """)
    assert all(isinstance(q, QueryFound) for q in queries)
    assert [
        (q.reads, q.writes, [f"{p.table}.{p.column}" for p in q.predicates], q.aggregate)
        for q in queries
        if isinstance(q, QueryFound)
    ] == [
        (("users",), (), ["users.email"], True),
        (("users", "orders"), (), ["orders.code", "orders.user_id", "users.id"], False),
        ((), ("users",), ["users.email"], False),
    ]


def test_lines_and_branches_add_to_a_query() -> None:
    queries = found("""
        q := r.db.NewSelect().Model(user).Where("active")
        if name != "" {
            q = q.Where("name = ?", name)
        }
        q.Where("kind = ?", 3)
        q = r.onlyMine(q)
        err := q.Scan(ctx)
        n, err := r.db.NewUpdate().Model((*model.User)(nil)).Set("a = 1").Where("code = ?", name).Exec(ctx)
        r.db.NewSelect().Model(&users).WhereGroup(" AND ", both).Scan(ctx)
    """)
    assert all(isinstance(q, OrmQuery) for q in queries)
    assert [
        (sorted(c.path for c in q.conditions), q.partial, q.writes)
        for q in queries
        if isinstance(q, OrmQuery)
    ] == [
        (["active", "kind", "name"], True, False),
        (["code"], False, True),
        ([], True, False),
    ]


def test_indexes_that_code_makes() -> None:
    steps = found("""
        r.db.NewCreateIndex().Model((*model.User)(nil)).Index("users_email_idx").Unique().Column("email").Exec(ctx)
        r.db.NewCreateIndex().Table("orders").Index("a").Column("user_id").ColumnExpr("? DESC", bun.Ident("id")).
            Where("? IS NULL", bun.Ident("paid_at")).Exec(ctx)
        for index, columns := range map[string][]string{"b": {"code"}, "c": {"kind", "state"}} {
            r.db.NewCreateIndex().Table("items").Index(index).Column(columns...).Exec(ctx)
        }
        for _, each := range []struct{ table string; columns []string }{
            {table: "notes", columns: []string{"author_id"}},
        } {
            r.db.NewCreateIndex().Table(each.table).Column(each.columns...).Exec(ctx)
        }
        r.db.NewCreateIndex().Table(unknown).Column(names...).Exec(ctx)
    """)
    assert [
        (s.table, s.index.columns, s.index.unique, s.index.where)
        for s in steps
        if isinstance(s, TableChanged) and s.index is not None
    ] == [
        ("users", ("email",), True, ""),
        ("orders", ("user_id", "id"), False, "paid_at IS NULL"),
        ("items", ("code",), False, ""),
        ("items", ("kind", "state"), False, ""),
        ("notes", ("author_id",), False, ""),
    ]


def test_a_function_that_begins_a_query_is_given_the_model() -> None:
    source = """
    package repo

    import (
        "context"
        "github.com/uptrace/bun"
    )

    type Repo struct { db *bun.DB }

    func (r *Repo) begun(ctx context.Context, into interface{}) *bun.SelectQuery {
        return r.db.NewSelect().Model(into).Relation("Orders")
    }

    func (r *Repo) ByName(ctx context.Context, name string) (*model.User, error) {
        user := &model.User{}
        return user, r.begun(ctx, user).Where("user.name = ?", name).Scan(ctx)
    }

    func (r *Repo) ByCode(ctx context.Context, code string) error {
        return r.cached(code, func(order *model.Order) error {
            return r.begun(ctx, order).Where("code = ?", code).Scan(ctx)
        })
    }
    """
    told = extract(dedent(source).encode()).facts
    queries = [fact for fact in told if isinstance(fact, OrmQuery)]
    assert [(q.model, [c.path for c in q.conditions], q.partial) for q in queries] == [
        ("model.User", ["name"], False),
        ("model.Order", ["code"], False),
    ]


def test_queries_that_others_are_given() -> None:
    source = """
    package shop
    import "github.com/uptrace/bun"
    func f(ctx context.Context, db *bun.DB, x string) {
        held := db.NewSelect().Model((*User)(nil)).Column("id").Where("country = ?", x)
        db.NewSelect().Model(&orders).Where("user_id IN (?)", held).Scan(ctx)
        db.NewSelect().With("late", db.NewSelect().Model((*Order)(nil)).Where("note = ?", x)).Table("late").Scan(ctx, &all)
        db.NewSelect().Model(&orders).Apply(func(q *bun.SelectQuery) *bun.SelectQuery {
            return q.Where("total > ?", x)
        }).Scan(ctx)
        db.NewSelect().Model(&orders).Apply(ofShop).Scan(ctx)
    }
    type User struct { bun.BaseModel `bun:"table:people"`; ID int64; Country string }
    type Order struct { ID string; UserID int64; Total float64; Note string }
    var orders []Order
    """
    found = [f for f in extract(dedent(source).encode()).facts if isinstance(f, OrmQuery)]
    asked = {(f.at.line, tuple(c.path for c in f.conditions)): f.partial for f in found}
    assert asked[5, ("country",)] is False
    assert asked[7, ("note",)] is False
    assert asked[8, ("total",)] is False
    assert [f.partial for f in found if f.at.line == 11] == [True]
