"""Go: statements of squirrel and goqu whose parts stand apart: in fields, lists, maps, functions."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.go import extract

SQUIRREL = 'sq "github.com/Masterminds/squirrel"'
GOQU = '"github.com/doug-martin/goqu/v9"'


def queries(package: str, source: str) -> list[QueryFound]:
    found = extract(f"package store\n\nimport {package}\n\n{dedent(source)}".encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def asked(query: QueryFound) -> list[str]:
    return [f"{p.table}.{p.column} {p.operator}" for p in query.predicates]


def test_methods_that_narrow_what_a_field_holds() -> None:
    found = queries(
        SQUIRREL,
        """\
        type Visits struct {
            parent *Store
            sql    sq.SelectBuilder
        }
        var selectVisit = sq.Select("v.id").From("visits v")
        func (s *Store) Visits() *Visits { return &Visits{parent: s, sql: selectVisit} }
        func (q *Visits) OfGuest(guest string) *Visits {
            q.sql = q.sql.Join("guests g ON g.visit_id = v.id").Where("g.code = ?", guest)
            return q
        }
        func (q *Visits) Of(kind int) *Visits {
            q.sql = q.sql.Where(sq.Eq{"v.kind": kind})
            return q
        }
        """,
    )
    offered = [q for q in found if q.offered]
    assert [asked(q) for q in offered] == [
        ["guests.code =", "guests.visit_id =", "visits.id ="], ["visits.kind ="],
    ]  # fmt: skip
    assert [(q.partial, q.scope) for q in offered] == [
        (True, "Visits.OfGuest"), (True, "Visits.Of"),
    ]  # fmt: skip


def test_a_field_that_a_constructor_fills() -> None:
    first, second, third = queries(
        SQUIRREL,
        """\
        type Tasks struct {
            *Store
            all sq.SelectBuilder
        }
        func New(s *Store) *Tasks {
            t := &Tasks{Store: s}
            t.all = t.builder().Select("*").From("tasks")
            return t
        }
        func (t *Tasks) Of(parent string) {
            text, args, err := t.all.Where(sq.Eq{"parent": parent}).OrderBy("name").ToSql()
            query := t.all.Where(sq.Eq{"kind": parent})
            if sized {
                query = query.Where(sq.Eq{"size": 3})
            }
            t.read(&rows, query)
        }
        """,
    )
    assert asked(first) == ["tasks.parent =", "tasks.name sort"]
    assert (asked(second), second.partial) == (["tasks.kind =", "tasks.size ="], False)
    assert (asked(third), third.partial) == (["tasks.kind ="], False)  # the branch not taken


@pytest.mark.parametrize(
    ("body", "conditions", "partial"),
    [
        ('w := sq.And{sq.Eq{"org": o}}\nif n != "" {\nw = append(w, sq.Eq{"name": n})\n}\n',
         ["users.org =", "users.name ="], False),
        ('var w []sq.Sqlizer\nw = append(w, sq.Eq{"org": o}, sq.Gt{"age": 3})\n',
         ["users.org =", "users.age >"], False),
        ('var w sq.Or\nw = append(w, sq.Eq{"org": o})\nw = append(w, sq.Eq{"name": n})\n',
         ["users.org =", "users.name ="], False),
        ('w := sq.Eq{"org": o}\nif n != "" {\nw["name"] = n\n}\n', ["users.name =", "users.org ="], False),
        ('w := sq.And{sq.Eq{"org": o}}\nw = narrowed(w)\n', ["users.org ="], True),
        ("w := named(n)\n", ["users.name ="], False),
        ("w := either(n)\n", [], True),
    ],
)  # fmt: skip
def test_conditions_that_a_variable_gathers(
    body: str, conditions: list[str], partial: bool
) -> None:
    (query,) = queries(
        SQUIRREL,
        'func named(n string) sq.Sqlizer { return sq.Eq{"name": n} }\n'
        'func either(n string) sq.Sqlizer {\nif n == "" {\nreturn sq.Eq{"a": 1}\n}\nreturn byName(n) }\n'
        f'func work() {{\n{body}sq.Select("id").From("users").Where(w).ToSql()\n}}\n',
    )
    assert (asked(query), query.partial) == (conditions, partial)


def test_a_statement_of_which_each_part_stands_in_a_branch() -> None:
    found = queries(
        '. "github.com/Masterminds/squirrel"',
        """\
        func work() {
            upd := Update("users")
            if named {
                upd = upd.Where(Eq{"name": n})
            }
            run(upd)
        }
        """,
    )
    assert [asked(query) for query in found] == [["users.name ="]]


def test_any_of_a_list_is_alternatives() -> None:
    (query,) = queries(
        SQUIRREL,
        """\
        func work() {
            var w sq.Or
            w = append(w, sq.Eq{"org": o})
            w = append(w, sq.Eq{"name": n})
            sq.Select("id").From("users").Where(w).ToSql()
        }
        """,
    )
    assert [p.alternative for p in query.predicates] == [True, True]


@pytest.mark.parametrize(
    ("chain", "conditions"),
    [
        ('goqu.From(users).Where(users.Col("mail").Eq(m))', ["users.mail ="]),
        ('goqu.From(goqu.T("users").As("u")).Join(goqu.T("orgs").As("o"), goqu.On(goqu.I("u.org").Eq(goqu.I("o.id"))))'
         '.Where(goqu.I("o.slug").Eq(s))', ["orgs.slug =", "users.org =", "orgs.id ="]),
        ('goqu.From("users").Join(goqu.T("orgs"), goqu.On(goqu.Ex{"users.org": goqu.I("orgs.id")})).Where(goqu.C("a").Eq(1))',
         [".a =", "users.org =", "orgs.id ="]),
        ('goqu.From("users").Where(goqu.And(goqu.C("a").Eq(1), goqu.Or(goqu.C("b").Eq(1), goqu.C("c").IsNull())))',
         ["users.a =", "users.b =", "users.c is-null"]),
        ('goqu.From("users").Where(goqu.Ex{"a": goqu.Op{"gt": 1}, "b": []int{1}})', ["users.a >", "users.b in"]),
        ('goqu.From("users").Where(goqu.L("b = ?", 1))', ["users.b ="]),
        ('goqu.From("users").Where(list...)', ["users.size >"]),
    ],
)  # fmt: skip
def test_names_of_goqu(chain: str, conditions: list[str]) -> None:
    (query,) = queries(
        GOQU,
        'var users = goqu.T("users")\nfunc work() {\nlist := []goqu.Expression{}\n'
        f'list = append(list, goqu.C("size").Gt(1))\n{chain}.ToSQL()\n}}\n',
    )
    assert (asked(query), query.partial) == (conditions, False)


def test_figures_that_are_added_column_by_column() -> None:
    found = queries(
        SQUIRREL,
        """\
        func (s *Store) PerDay(days int, kind int) error {
            q := s.builder.Select()
            for i := 0; i < days; i++ {
                q = q.Column(`
                    COALESCE(SUM(CASE WHEN v.at > ? THEN 1 ELSE 0 END), 0)`, i)
            }
            q = q.From("visits AS v").Join("guests AS g ON g.id = v.guest_id")
            if kind > 0 {
                q = q.Where(sq.Eq{"v.kind": kind})
            }
            return s.get(s.db, q)
        }
        """,
    )
    assert len(found) == 2
    assert all(q.aggregate and not q.limited for q in found)
