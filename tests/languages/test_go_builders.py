"""Go: statements that squirrel and goqu build call by call."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.go import extract


def queries(body: str) -> list[QueryFound]:
    source = (
        'package store\n\nimport sq "github.com/Masterminds/squirrel"\n\n'
        f"func work(id int) {{\n{dedent(body)}\n}}\n"
    )
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def asked(query: QueryFound) -> list[str]:
    return [f"{p.table}.{p.column} {p.operator}" for p in query.predicates]


@pytest.mark.parametrize(
    ("chain", "conditions"),
    [
        ('sq.Select("id").From("labels l").Where("l.space_id = ? AND l.key = ?", a, b).ToSql()',
         ["labels.space_id =", "labels.key ="]),
        ('psql.Select("id").From("labels").Where(sq.Eq{"key": k, "kind": ks}).OrderBy("name DESC").ToSql()',
         ["labels.key =", "labels.kind =", "labels.name sort"]),
        ('sq.Select("u.id").From("users u").Join("orgs o ON o.id = u.org_id").Where(sq.And{sq.Eq{"o.slug": s}, sq.Gt{"u.age": 3}}).ToSql()',
         ["orgs.slug =", "users.age >", "orgs.id =", "users.org_id ="]),
        ('goqu.From("orders").Where(goqu.C("code").Eq(c), goqu.I("orders.kind").In(ks)).Order(goqu.C("at").Desc()).ToSQL()',
         ["orders.code =", "orders.kind in", "orders.at sort"]),
        ('goqu.From("orders").Where(goqu.Ex{"code": c}).Limit(1).ToSQL()', ["orders.code ="]),
    ],
)  # fmt: skip
def test_one_chain(chain: str, conditions: list[str]) -> None:
    (query,) = queries(chain)
    assert (asked(query), query.partial) == (conditions, False)


def test_a_statement_that_is_gone_on_with() -> None:
    found = queries(
        """
        stmt := database.Builder.Select("count(*)").From("labels").Where("space_id = ?", id)
        if key != "" {
            stmt = stmt.Where("LOWER(key) = ?", key)
        }
        if scope > 0 {
            stmt = stmt.Where(sq.Eq{"scope": scope})
        }
        query, args, err := stmt.ToSql()
        """
    )
    assert [[p.column for p in q.predicates] for q in found] == [
        ["space_id", "key"], ["space_id", "scope"],
    ]  # fmt: skip
    assert [q.aggregate for q in found] == [True, True]
    assert [q.at.line for q in found] == [9, 12]


def test_writes() -> None:
    found = queries(
        """
        sq.Update("users").Set("a", 1).Where(sq.Eq{"mail": m}).RunWith(db).Exec()
        sq.Delete("tokens").Where(sq.Lt{"expires": now}).ToSql()
        sq.Insert("tokens").Columns("a").Values(1).ToSql()
        """
    )
    assert [(q.writes, q.inserts, q.reads) for q in found] == [
        (("users",), (), ()), (("tokens",), (), ()), (("tokens",), ("tokens",), ()),
    ]  # fmt: skip
    assert [asked(q) for q in found] == [["users.mail ="], ["tokens.expires <"], []]


def test_a_statement_that_is_handed_on() -> None:
    (query,) = queries('q := sq.Select("id").From("users").Where(sq.Eq{"mail": m})\nlist(ctx, q)')
    assert asked(query) == ["users.mail ="]


def test_a_table_that_is_not_known() -> None:
    made = "name := pick()\n"
    assert queries(f'{made}sq.Select("id").From(name).Where(sq.Eq{{"mail": m}}).ToSql()') == []


def test_names_that_other_files_keep_are_marked() -> None:
    (query,) = queries('sq.Select("id").From(TableUsers).Where(sq.Eq{ColMail: m}).ToSql()')
    assert asked(query) == ["${tableusers}.${colmail} ="]


def facts(source: str) -> list[QueryFound]:
    found = extract(dedent(source).encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def test_a_builder_whose_names_stand_alone() -> None:
    first, second, third = facts(
        """\
        package store

        import (
            "context"

            . "github.com/Masterminds/squirrel"
        )

        func work(id int) {
            one := Select("id").From("labels").Where(And{Eq{"key": id}, Gt{"size": 3}})
            run(one)
            run(Update("labels").Set("seen", true).Where(Eq{"name": id}))
            run(Select("id").From("orders").Where(own{"code": id}))
        }
        """
    )
    assert (asked(first), first.partial) == (["labels.key =", "labels.size >"], False)
    assert (second.writes, asked(second), second.partial) == (("labels",), ["labels.name ="], False)
    assert third.partial


def test_a_beginning_that_is_a_variable_of_the_package() -> None:
    found = facts(
        """\
        package store

        import sq "github.com/Masterminds/squirrel"

        var workers = psql.Select("w.name").From("workers w").LeftJoin("teams t ON t.id = w.team_id")

        func named(name string) {
            workers.Where(sq.Eq{"w.name": name}).RunWith(conn).QueryRow()
        }
        """
    )
    (query,) = [each for each in found if "workers.name =" in asked(each)]
    assert asked(query) == ["workers.name =", "teams.id =", "workers.team_id ="]
    assert query.at.line == 8


def test_what_goes_on_from_a_variable_of_the_package_or_a_function() -> None:
    source = """
    package store

    import sq "github.com/Masterminds/squirrel"

    var clusters sq.SelectBuilder
    var events = sq.Select("id", "state").From("events")

    func init() { clusters = sq.Select("id").From("clusters") }

    func (s *Store) notes() sq.SelectBuilder { return s.builder.Select("id").From("notes") }

    func (s *Store) One(id string) error {
        return s.get(s.db, clusters.Where("external_id = ?", id))
    }
    func (s *Store) Some(f *Filter) error {
        query := clusters.OrderBy("made")
        query = s.filtered(query, f)
        return s.all(s.db, query)
    }
    func (s *Store) Own(f *Filter) error {
        query := events
        query = s.narrowed(query, f)
        return s.all(s.db, query)
    }
    func (s *Store) narrowed(query sq.SelectBuilder, f *Filter) sq.SelectBuilder {
        if f.State != "" {
            query = query.Where("state = ?", f.State)
        }
        return query
    }
    func (s *Store) Events(id string) error {
        query := events.Where(sq.Eq{"resource_id": id}).OrderBy("at DESC")
        return s.all(s.db, query)
    }
    func (s *Store) Note(name string) error {
        return s.get(s.db, s.notes().Where(sq.Eq{"name": name}))
    }
    """
    found = [f for f in extract(dedent(source).encode()).facts if isinstance(f, QueryFound)]
    told = {tuple(asked(query)): query.partial for query in found if query.predicates}
    assert told == {
        ("clusters.external_id =",): False,
        ("clusters.made sort",): True,
        ("events.state =",): False,
        ("events.resource_id =", "events.at sort"): False,
        ("notes.name =",): False,
    }


def test_a_function_that_begins_a_statement_is_given_the_table() -> None:
    found = facts("""
    package store

    import sq "github.com/Masterminds/squirrel"

    func all(table string, owner int) sq.SelectBuilder {
        return sq.Select("id").From(table).Where("owner_id = ?", owner)
    }

    func work(id int) {
        all("labels", id).Where("key = ?", id).ToSql()
        all("spaces", id).Where("code = ?", id).ToSql()
    }
    """)
    assert [asked(query) for query in found] == [
        ["labels.owner_id =", "labels.key ="],
        ["spaces.owner_id =", "spaces.code ="],
    ]


def test_calls_on_lines_of_their_own() -> None:
    found = queries(
        """
        s.exec(s.db, sq.
            Insert("orders").
            SetMap(map[string]any{"code": c}),
        )
        rows := sq.
            Select("id").
            From("orders").
            Where(sq.Eq{"code": c}).
            RunWith(db).
            Query()
        """
    )
    assert [(query.inserts, query.reads, asked(query)) for query in found] == [
        ((), ("orders",), ["orders.code ="]),
        (("orders",), (), []),
    ]
