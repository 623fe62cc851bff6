"""Go: structs and queries of xorm."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound
from scaleaudit.languages.go import extract

HEAD = 'package shop\n\nimport (\n\t"xorm.io/builder"\n\t"xorm.io/xorm"\n)\n\n'


def queries(body: str) -> list[OrmQuery]:
    source = f"{HEAD}func work(x *xorm.Engine, id int64) {{\n{dedent(body)}\n}}\n"
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, OrmQuery)]


def test_a_struct_with_tags() -> None:
    source = """
    type Issue struct {
        Base    `xorm:"extends"`
        ID      int64  `xorm:"pk autoincr"`
        RepoID  int64  `xorm:"INDEX UNIQUE(repo_index)"`
        Index   int64  `xorm:"UNIQUE(repo_index)"`
        Title   string `xorm:"varchar(50) not null default '' 'name'"`
        Poster  string `xorm:"not null BIGINT(20) index(who) poster_id"`
        Labels  []*Label `xorm:"-"`
        Created time.Time `xorm:"created"`
    }
    func (*Issue) TableName() string { return "issues" }
    """
    facts = extract(f"{HEAD}{dedent(source)}".encode()).facts
    (issue,) = [fact for fact in facts if isinstance(fact, ModelDefined)]
    assert (issue.framework, issue.table, issue.bases) == ("xorm", "issues", ("Base",))
    assert [(f.name, f.column, f.type) for f in issue.fields] == [
        ("ID", "id", "BIGINT"), ("RepoID", "repo_id", "BIGINT"), ("Index", "index", "BIGINT"),
        ("Title", "name", "VARCHAR"), ("Poster", "poster_id", "BIGINT"), ("Created", "created", "TIMESTAMP"),
    ]  # fmt: skip
    assert [f.name for f in issue.fields if f.indexed] == ["RepoID"]
    assert [f.name for f in issue.fields if f.primary] == ["ID"]
    assert [(i.columns, i.unique) for i in issue.indexes] == [
        (("repo_id", "index"), True), (("poster_id",), False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "model", "conditions"),
    [
        ('var u User\nx.Where("name = ?", n).And("age > ?", a).Get(&u)', "User", ["name =", "age >"]),
        ("has, err := x.Get(&User{Name: n})", "User", ["Name ="]),
        ("u := &User{Name: n}\nhas, err := x.Get(u)", "User", ["Name ="]),
        ("u := &User{}\nu.Name = n\nhas, err := x.Get(u)\nu.Age = a", "User", ["Name ="]),
        ('var u User\nu.Name = n\nu.Age == a\nhas, err := x.Where("a = 1").Get(&u)', "User", ["a =", "Name ="]),
        ('var l []*User\nx.In("id", ids).Asc("name").Find(&l)', "User", ["id in", "name sort"]),
        ('var l []User\nx.Where(builder.Eq{"a": 1, "b": b}).OrderBy("c DESC").Find(&l)', "User", ["a =", "b =", "c sort"]),
        ('l := make([]*User, 0)\nx.Where(builder.And(builder.Gt{"a": 1}, builder.In("b", bs))).Find(&l)', "User", ["a >", "b in"]),
        ('c := builder.NewCond()\nc = c.And(builder.Neq{"a": 1})\nc = c.And(builder.IsNull{"b"})\nn, err := x.Where(c).Count(new(User))',
         "User", ["a !=", "b is-null"]),
        ('x.ID(id).Cols("name").Update(&User{Name: n})', "User", ["pk ="]),
        ('x.Where("a = ?", 1).Delete(new(User))', "User", ["a ="]),
        ('var l []*User\nx.Join("INNER", "team t", "t.id = user.team_id").Where("t.org = ?", o).Find(&l)', "User",
         ["team.org =", "team.id =", "user.team_id ="]),
    ],
)  # fmt: skip
def test_one_chain(body: str, model: str, conditions: list[str]) -> None:
    (query,) = queries(body)
    assert (query.model, [f"{c.path} {c.operator}" for c in query.conditions]) == (
        model,
        conditions,
    )
    assert not query.partial


def test_a_session_that_lines_add_to() -> None:
    found = queries(
        """
        sess := x.NewSession()
        sess.Where("org_id = ?", org)
        if closed {
            sess.And("is_closed = ?", true)
        }
        if label > 0 {
            sess.Where("label_id = ?", label)
        }
        var l []*Issue
        err := sess.Limit(10).Find(&l)
        sess.Insert(&Issue{})
        var i Issue
        sess.Where("name = ?", n).Get(&i)
        """
    )
    assert [[c.path for c in q.conditions] for q in found] == [
        ["org_id", "is_closed"], ["org_id", "label_id"], [], ["name"],
    ]  # fmt: skip
    assert [q.inserts for q in found] == [False, False, True, False]


def test_alternatives() -> None:
    (query,) = queries(
        'var l []User\nx.Where(builder.Or(builder.Eq{"a": x}, builder.Eq{"b": y})).Find(&l)'
    )
    assert [(c.path, c.alternative, c.branch) for c in query.conditions] == [
        ("a", True, 1), ("b", True, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "var l []User\nx.Where(cond).Find(&l)",
        "func(u *User) { x.Get(u) }(nil)",
        "var l []User\ns := GetSession(owner, offset, limit)\ns.Find(&l)",
        "var l []User\nvisible(x).Where(\"a = ?\", 1).Find(&l)\ns.mine().Find(&l)",
    ],
)  # fmt: skip
def test_what_is_not_known(body: str) -> None:
    assert any(query.partial for query in queries(body))


def test_a_table_by_its_name() -> None:
    source = f'{HEAD}func f(x *xorm.Engine) {{ x.Table("team_user").Where("uid = ?", id).Count() }}'
    (query,) = [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]
    assert [(p.table, p.column) for p in query.predicates] == [("team_user", "uid")]
