"""Go: statements that are put together from constants, variables, lists and branches."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.go import extract


def queries(source: str) -> list[QueryFound]:
    found = extract(f"package store\n\n{dedent(source)}".encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def asked(source: str) -> list[tuple[str, ...]]:
    """The columns of the predicates of each query whose text is known as a whole."""
    return [tuple(p.column for p in q.predicates) for q in queries(source) if not q.partial]


def test_a_constant_that_statements_begin_with() -> None:
    source = """
    const columns = "id, name"
    const base = `SELECT ` + columns + ` FROM users`
    func find(id int) { const q = base + ` WHERE id = $1`; db.Get(&u, q, id) }
    func named(n string) { db.Get(&u, fmt.Sprintf("%s WHERE name = $1", base), n) }
    """
    found = queries(source)
    assert [query.text for query in found if not query.partial] == [
        "SELECT id, name FROM users WHERE id = $1",
        "SELECT id, name FROM users WHERE name = $1",
    ]
    assert [query.text for query in found if query.partial] == ["SELECT id, name FROM users"]


def test_a_constant_that_another_file_uses() -> None:
    source = """
    const (
        byHall = `SELECT id FROM seats WHERE hall_id = $1`
        allOfThem = `SELECT id FROM seats`
    )
    """
    assert [(query.text, query.partial) for query in queries(source)] == [
        ("SELECT id FROM seats WHERE hall_id = $1", False),
        ("SELECT id FROM seats", True),  # which may be gone on with
    ]


def test_conditions_in_branches_are_statements_of_their_own() -> None:
    source = """
    func (s *S) List(f Filter) {
        query := fmt.Sprintf(`SELECT %s FROM orders WHERE shop_id = $1`, strings.Join(fields, ", "))
        if f.Status != "" {
            query += " AND status = $2"
        }
        if f.Since != nil {
            query = query + " AND created_at > $" + strconv.Itoa(n)
            query += " AND NOT archived"
        }
        query += " ORDER BY created_at"
        if f.Limit > 0 {
            query = fmt.Sprintf("%s LIMIT %d", query, f.Limit)
        }
        s.db.Query(query)
    }
    """
    found = queries(source)
    assert [(tuple(p.column for p in q.predicates), q.limited, q.partial) for q in found] == [
        (("shop_id", "status", "created_at"), True, False),
        (("shop_id", "created_at", "archived", "created_at"), True, False),
    ]
    assert [q.at.line for q in found] == [7, 10]


def test_a_list_of_conditions() -> None:
    source = """
    func (d *DB) List(find *Find) {
        where, args := []string{"tenant_id = ?"}, []any{}
        if v := find.ID; v != nil {
            where, args = append(where, "id = ?"), append(args, *v)
        }
        if v := find.Name; v != nil {
            where, args = append(where, "name = "+placeholder(2)), append(args, *v)
        }
        rows, err := d.db.Query(`SELECT id FROM memo WHERE ` + strings.Join(where, " AND ") + ` LIMIT 5`, args...)
    }
    """
    assert asked(source) == [("tenant_id", "id"), ("tenant_id", "name")]


def test_a_list_that_the_methods_of_a_builder_fill() -> None:
    source = """
    type Builder struct { conditions []string }
    func (b *Builder) WithFeed(id int) *Builder {
        b.conditions = append(b.conditions, "feed_id = $"+strconv.Itoa(len(b.args)+1))
        return b
    }
    func (b *Builder) Fresh() *Builder {
        b.conditions = append(b.conditions, "next_check_at < now()")
        return b
    }
    func (b *Builder) Run() {
        query := `SELECT id FROM feeds`
        if len(b.conditions) > 0 {
            query += " WHERE " + strings.Join(b.conditions, " AND ")
        }
        b.db.Query(query)
    }
    """
    assert asked(source) == [("feed_id",), ("next_check_at",)]


def test_fragments_that_callers_hand_over() -> None:
    source = """
    func (s *S) ByMail(m string) { return s.one("WHERE mail = ?", m) }
    func (s *S) ByName(n string) { return s.one("WHERE name = ?", n) }
    func (s *S) one(where string, arg any) { s.db.QueryRow("SELECT id FROM users "+where, arg) }
    """
    assert asked(source) == [("mail",), ("name",)]


@pytest.mark.parametrize(
    "source",
    [
        'func f() { q := "SELECT id FROM users WHERE a = 1"; q += more(); db.Query(q) }',
        'func f() { q := "SELECT id FROM users WHERE a = 1"; db.Query(q + tail) }',
        'func F(where string) { db.Query("SELECT id FROM users WHERE a = 1 AND " + where) }',
        'func f(w []string) { db.Query("SELECT id FROM users WHERE " + strings.Join(w, " AND ")) }',
        'const baseQuery = "SELECT id FROM users"',
        'func f() { q := "SELECT id FROM users"; run(db, q, where, id) }',
    ],
)
def test_what_is_not_known_to_be_whole(source: str) -> None:
    assert [query.partial for query in queries(source)] == [True]


def test_steps_of_migrations_are_asked_once() -> None:
    source = """
    var steps = []*gormigrate.Migration{{
        ID: "1",
        Migrate: func(tx *gorm.DB) error { return tx.Exec("UPDATE users SET a = 1 WHERE b < 2").Error },
        Rollback: func(tx *gorm.DB) error { return tx.Exec("DELETE FROM users WHERE c = 1").Error },
    }}
    func f() { db.Query("SELECT id FROM users WHERE d = ?") }
    """
    assert asked(source) == [("d",)]


def test_one_statement_of_two() -> None:
    source = """
    func f(byName bool) {
        var q string
        if byName {
            q = "SELECT id FROM users WHERE name = ?"
        } else {
            q = "SELECT id FROM users WHERE mail = ?"
        }
        db.Query(q)
        q = "DELETE FROM sessions WHERE expires < ?"
        db.Exec(q)
    }
    """
    assert asked(source) == [("name",), ("mail",), ("expires",)]


def test_a_number_that_is_put_in_is_no_constant() -> None:
    source = """package a
    func run() {
        db.Get(&u, fmt.Sprintf("SELECT id FROM orders WHERE shop_id = %d AND code = '%s'", n, c))
        db.Get(&u, fmt.Sprintf("SELECT id FROM orders WHERE shop_id = $%d LIMIT %d", n, m))
    }
    """
    found = [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]
    assert [[(p.column, p.constant) for p in f.predicates] for f in found] == [
        [("shop_id", False), ("code", False)],
        [("shop_id", False)],
    ]
    assert [f.limited for f in found] == [False, True]


def test_what_each_installation_puts_before_the_names_of_tables() -> None:
    source = """
    import sq "github.com/Masterminds/squirrel"
    const fixedTablePrefix = "shop_"
    func (s *Store) byCode(c string) { s.db.Query("SELECT id FROM " + s.tablePrefix + "orders WHERE code = $1", c) }
    func (s *Store) bySku(c string) {
        s.db.Query(fmt.Sprintf("SELECT id FROM %slines WHERE sku = $1", s.cfg.TablePrefix), c)
    }
    func (s *Store) fixed(c string) { s.db.Query("SELECT id FROM " + fixedTablePrefix + "orders WHERE code = $1", c) }
    func (s *Store) built(c string) {
        sq.Select("l.id").From(s.tablePrefix + "lines AS l").Where(sq.Eq{"l.lot": c}).RunWith(s.db).Query()
    }
    func (s *Store) open(c string) { s.db.Query("SELECT id FROM " + s.shard + "orders WHERE code = $1", c) }
    """
    assert sorted((*q.reads, q.predicates[0].column) for q in queries(source) if q.predicates) == [
        ("lines", "lot"),
        ("lines", "sku"),
        ("orders", "code"),
        ("shop_orders", "code"),
    ]


def test_conditions_that_a_function_of_the_file_gives_back() -> None:
    source = """
    func (s *S) List(f Filter) {
        where, args := conditions(f)
        s.db.Query(fmt.Sprintf(`SELECT id FROM orders o %s ORDER BY o.code LIMIT 10`, where), args...)
    }
    func conditions(f Filter) (string, []any) {
        var parts []string
        if f.Shop != "" {
            parts = append(parts, "o.shop_id = :shop")
        }
        if f.State != "" {
            parts = append(parts, "o.state = :state")
        }
        if len(parts) == 0 {
            return "", nil
        }
        return "WHERE " + strings.Join(parts, " AND "), nil
    }
    """
    assert sorted(asked(source)) == [("shop_id", "code"), ("state", "code")]


def test_the_tables_that_a_function_of_the_file_chooses_from() -> None:
    source = """
    const stepsTable = "steps"
    func (s *S) Find(k Kind, run string) {
        name, err := kindToTableName(k)
        s.db.QueryRow("SELECT id FROM " + name + " WHERE run_id = $1", run)
    }
    func kindToTableName(k Kind) (string, error) {
        switch k {
        case Step:
            return stepsTable, nil
        case Hook:
            return "hooks", nil
        default:
            return "", fmt.Errorf("no such kind")
        }
    }
    """
    found = sorted((*q.reads, q.predicates[0].column) for q in queries(source))
    assert found == [("hooks", "run_id"), ("steps", "run_id")]


def test_a_function_that_gives_back_itself_ends() -> None:
    source = """
    func where(n int) string { return " WHERE a = " + other(n) }
    func other(n int) string { return "1 AND " + where(n) }
    func list(n int) { db.Query("SELECT id FROM orders" + where(n)) }
    """
    assert [query.partial for query in queries(source)] == [True]


def test_a_function_that_gives_back_different_texts_leaves_the_rest_unknown() -> None:
    source = """
    func list(f Filter) {
        db.Query(fmt.Sprintf("SELECT id FROM orders %s LIMIT 10", ordered(f)))
    }
    func ordered(f Filter) string {
        if f.ByCode {
            return "ORDER BY code"
        }
        return "ORDER BY day"
    }
    """
    assert [query.partial for query in queries(source)] == [True]
