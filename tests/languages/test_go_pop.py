"""Go: structs and queries of gobuffalo's pop."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery
from scaleaudit.languages.go import extract

SOURCE = """\
package models

import "github.com/gobuffalo/pop/v6"

type User struct {
    ID    uuid.UUID `db:"id"`
    Email string    `db:"email"`
    Note  string    `db:"-"`
}

func (User) TableName() string { return "accounts" }

type Users []User

func work(tx *pop.Connection, x string) {
    var one User
    many := Users{}
%s
}
"""


def test_a_struct_that_names_its_table() -> None:
    (model,) = (f for f in extract((SOURCE % "").encode()).facts if isinstance(f, ModelDefined))
    assert (model.name, model.table, model.managed) == ("User", "accounts", False)
    assert [(f.name, f.column, f.primary) for f in model.fields] == [
        ("ID", "id", True), ("Email", "email", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "conditions", "limited"),
    [
        ('tx.Where("email = ?", x).First(&one)', [["email ="]], True),
        ('tx.Q().Where("org_id = ?", x).Order("made_at desc").All(&many)', [["org_id =", "made_at sort"]], False),
        ('tx.LeftJoin("orgs", "orgs.id = accounts.org_id").Where("orgs.slug = ?", x).All(&many)',
         [["orgs.slug =", "orgs.id =", "accounts.org_id ="]], False),
        ('tx.Q().InnerJoin("orgs", "orgs.id = accounts.org_id").Where("orgs.slug = ?", x).GroupBy("accounts.id").All(&many)',
         [["orgs.slug =", "orgs.id =", "accounts.org_id ="]], False),
        ('p.GetConnection(ctx).Where("email = ?", x).Exists(&User{})', [["email ="]], True),
        ("tx.Find(&one, id)", [["pk ="]], True),
        ('q := tx.Where("org_id = ?", x)\nif x != "" {\n    q.Where("email = ?", x)\n}\nq.All(&many)',
         [["org_id =", "email ="]], False),
        ('q := tx.Where("org_id = ?", x)\nn, err := q.Count(&User{})\nq.Order("made_at desc")\nq.All(&many)',
         [["org_id ="], ["org_id =", "made_at sort"]], False),
        ('tx.RawQuery("select * from accounts where email = ?", x).All(&many)', [], False),
    ],
)  # fmt: skip
def test_queries(body: str, conditions: list[list[str]], limited: bool) -> None:
    found = extract((SOURCE % dedent(body)).encode())
    assert found.problem == ""
    asked = [fact for fact in found.facts if isinstance(fact, OrmQuery)]
    assert [[f"{c.path} {c.operator}" for c in q.conditions] for q in asked] == conditions
    assert all(q.limited == limited and q.model == "User" for q in asked)


def test_structs_of_other_mappers_are_theirs() -> None:
    source = (SOURCE % "").replace("github.com/gobuffalo/pop/v6", "gorm.io/gorm")
    found = [f for f in extract(source.encode()).facts if isinstance(f, ModelDefined)]
    assert [model.managed for model in found] == [True]


def test_a_struct_with_a_key_is_kept_in_the_table_of_its_name() -> None:
    unnamed = (SOURCE % "").replace('func (User) TableName() string { return "accounts" }', "")
    (model,) = (f for f in extract(unnamed.encode()).facts if isinstance(f, ModelDefined))
    assert (model.name, model.table, model.managed) == ("User", "", False)
    keyless = unnamed.replace('`db:"id"`', '`db:"number"`')
    assert not [f for f in extract(keyless.encode()).facts if isinstance(f, ModelDefined)]
