"""SQL in the strings of every language: statements that go on elsewhere, indexes made by hand."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound, TableChanged
from scaleaudit.languages import LANGUAGES

EXTRACTORS = {extractor.kind: extractor for extractor in LANGUAGES}


def facts(language: str, source: str) -> tuple[object, ...]:
    return EXTRACTORS[language].extract(source.encode()).facts


def queries(language: str, source: str) -> list[QueryFound]:
    return [fact for fact in facts(language, source) if isinstance(fact, QueryFound)]


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("go", 'package x\nfunc f() {\n q := "SELECT id FROM users"\n q += g()\n}\n'),
        ("java", 'class A { static final String A = "a, b";\n static final String B = "select " + A + " from users";\n'
                 ' static final String C = B + " where a = ?"; }'),
        ("go", 'package x\nconst base = "SELECT id FROM users"\nfunc f() { run(base + " LIMIT 5") }\n'),
        ("go", 'package x\nfunc f() {\n q := "SELECT id FROM users"\n run(head + q)\n}\n'),
        ("javascript", "function f() { let q = 'SELECT id FROM users'; q += ' LIMIT 5'; run(q, conditions); }"),
        ("javascript", "const q = 'SELECT id FROM users'; run(`${q} LIMIT 5`);"),
        ("javascript", "const q = ['SELECT id FROM users', 'LIMIT 5'].join(' ');"),
        ("typescript", "run({ name: 'users', baseQuery:\n  'SELECT id FROM users' });"),
        ("python", "run(base_sql='SELECT id FROM users')\n"),
        ("typescript", "let q: string = 'SELECT id FROM users'; q = q.concat(' LIMIT 5');"),
        ("python", "def f(c):\n    q = 'SELECT id FROM users'\n    q += ' LIMIT 5'\n    c.execute(q + more)\n"),
        ("php", '<?php function f() { $q = "SELECT id FROM users"; $q .= " LIMIT 5"; run(more($q) . $q); }'),
        ("csharp", 'class A { void F() { var q = "SELECT id FROM users"; q += " LIMIT 5"; } }'),
        ("python", "def f(c):\n    q = 'SELECT id FROM users'\n    run(c, q, conditions)\n"),
        ("ruby", "def f\n  with_ctes(days_sql, <<~SQL)\n    SELECT id FROM users\n  SQL\nend\n"),
        ("kotlin", 'fun f() { var q = "SELECT id FROM users"; q += " LIMIT 5"; run(q) }'),
        ("java", 'class A { void f() { StringBuilder head = new StringBuilder();\n'
                 ' head.append("SELECT u.id FROM users u JOIN teams t ON u.team_id = t.id");\n'
                 ' run(new StringBuilder(head).append(tail).toString()); } }'),
        ("python", "def f(c, tail):\n    c.execute(f'SELECT id FROM users WHERE team_id = 1{tail}')\n"),
    ],
)  # fmt: skip
def test_a_statement_that_goes_on_is_partial(language: str, source: str) -> None:
    assert queries(language, source)[0].partial


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("go", 'package x\nfunc f() {\n q := "SELECT id FROM users"\n db.Query(q, a+b)\n}\n'),
        ("javascript", "function f() { const q = 'SELECT id FROM users'; return db.query(q, [1 + 2]); }"),
        ("python", "def f(c, where):\n    q = 'SELECT id FROM users'\n    c.execute(q, where.names)\n"),
        ("javascript", "run('SELECT id FROM users');"),
        ("javascript", "const fromDatabase = 'SELECT id FROM users'; run(fromDatabase);"),
        ("python", "def f(c):\n    q = 'SELECT id FROM users'\n    c.execute(q, x + y)\n"),
    ],
)  # fmt: skip
def test_a_statement_that_stands_alone_is_whole(language: str, source: str) -> None:
    (query,) = queries(language, source)
    assert not query.partial


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("go", 'package x\nvar steps = []string{\n `CREATE INDEX i ON users (email)`, "DROP TABLE users",\n}\n'),
        ("python", 'def up(op):\n    op.execute("CREATE INDEX i ON users (email)")\n    op.execute("DROP INDEX j")\n'),
        ("javascript", "exports.up = (db) =>\n  db.raw('ALTER TABLE users ADD INDEX i (email)');\n"),
        ("ruby", "class A\n  def up\n    execute 'CREATE INDEX i ON users (email)'\n  end\nend\n"),
        ("java", 'class A { void up() {\n  run("create index i on users (email)"); run("drop table users"); } }'),
    ],
)  # fmt: skip
def test_indexes_made_by_sql_in_code(language: str, source: str) -> None:
    (change,) = [fact for fact in facts(language, source) if isinstance(fact, TableChanged)]
    assert (change.table, change.action, change.at.line) == (
        "users",
        "add-index",
        source[
            : source.lower().index("users (email)" if language != "javascript" else "alter")
        ].count("\n")
        + 1,
    )
    assert change.index is not None
    assert change.index.columns == ("email",)


@pytest.mark.parametrize(
    "text", ["CREATE INDEX i ON {table} (email)", "CREATE INDEX i ON users ({column})"]
)
def test_an_index_on_what_is_not_known_is_none(text: str) -> None:
    found = facts("python", f'def up(op, table, column):\n    op.execute(f"{text}")\n')
    assert not [fact for fact in found if isinstance(fact, TableChanged)]


BASE = "SELECT count(*) FROM orders o"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("javascript", f"const BASE = `{BASE}`\nexport const of = (x) => db.query(`\n  ${{BASE}}\n  WHERE o.shop_id = ?`, x)"),
        ("javascript", f"const BASE = `{BASE}`\nexport const of = (x) => db.query(BASE + ` WHERE o.shop_id = ?`, x)"),
        ("python", f'BASE = "{BASE}"\ndef of(x):\n    return db.execute(f"{{BASE}} WHERE o.shop_id = %s", [x])'),
        ("python", f'class A:\n    base = "{BASE}"\n    def of(self, x):\n        return db.execute(self.base + " WHERE o.shop_id = %s", [x])'),
        ("java", f'class A {{ static final String BASE = "{BASE}";\n Object of(int x) {{ return jdbc.query(BASE + " WHERE o.shop_id = ?", x); }} }}'),
        ("ruby", f'BASE = "{BASE}"\ndef of(x)\n  DB["#{{BASE}} WHERE o.shop_id = ?", x]\nend'),
        ("php", f'<?php\nclass A {{ const BASE = "{BASE}";\n function of($x) {{ return $this->db->query(self::BASE . " WHERE o.shop_id = ?", [$x]); }} }}'),
    ],
)  # fmt: skip
def test_a_statement_begins_with_the_name_of_another(language: str, code: str) -> None:
    found = queries(language, code)
    assert [[p.column for p in each.predicates] for each in found] == [[], ["shop_id"]]
    assert [each.partial for each in found] == [True, False]


@pytest.mark.parametrize(
    "code",
    [
        f'sql = "{BASE}"\nsql = other(sql)\ndb.execute(sql + " WHERE o.shop_id = %s")',
        f'base = "{BASE}"\ndb.execute("WITH a AS (" + base + ") SELECT 1 FROM a")',
        f'base = "{BASE}"\ndb.execute(base + where(x))',
    ],
)
def test_a_name_that_may_stand_for_something_else_begins_nothing(code: str) -> None:
    found = queries("python", code)
    assert not any(each.predicates for each in found)
    assert all(each.partial for each in found if each.reads == ("orders",))


def test_a_comment_in_a_program_in_parentheses_is_no_statement_and_hides_none() -> None:
    source = (
        "(function () {\n// run('SELECT id FROM gone WHERE a = 1')\n"
        "function f(x) { run('SELECT id FROM users WHERE a = ?', [x]) }\n}());"
    )
    assert [query.reads for query in queries("javascript", source)] == [("users",)]


GROWN = {
    "python": (
        "def f(c, a, b):\n    q = 'SELECT id FROM users WHERE shop = %s'\n    q += ' AND live'\n"
        "    if a:\n        q += ' AND code = %s'\n    elif b:\n        q += ' AND note = %s'\n"
        "    q += ' ORDER BY id'\n    c.execute(q, (a,))\n"
    ),
    "javascript": (
        "async function f(a, b) {\n  let q = 'SELECT id FROM users WHERE shop = $1';\n  q += ' AND live';\n"
        "  if (a) q += ' AND code = $2';\n  else if (b) { q += ' AND note = $3'; }\n"
        "  q += ' ORDER BY id';\n  return pool.query(q, [a]);\n}\n"
    ),
    "php": (
        "<?php function f($a, $b) { $q = 'SELECT id FROM users WHERE shop = ?'; $q .= ' AND live';\n"
        "if ($a) { $q .= ' AND code = ?'; } elseif ($b) { $q .= ' AND note = ?'; }\n"
        "$q .= ' ORDER BY id'; return $this->db->query($q, [$a]); }"
    ),
}


@pytest.mark.parametrize("language", GROWN)
def test_a_statement_with_what_each_branch_adds(language: str) -> None:
    found = queries(language, GROWN[language])
    told = [([p.column for p in q.predicates if p.operator == "="], q.partial) for q in found]
    assert [sorted(columns) for columns, _ in told[1:]] == [["code", "shop"], ["note", "shop"]]
    assert [partial for _, partial in told] == [True, False, False]
    assert all(any(p.column == "id" for p in q.predicates) for q in found[1:])


@pytest.mark.parametrize("language", GROWN)
def test_what_is_always_added_makes_the_statement_whole(language: str) -> None:
    source = GROWN[language]
    begin = source.index("if (" if language != "python" else "    if a")
    end = source.index("$q .= ' ORDER" if language == "php" else "q += ' ORDER")
    source = source[:begin] + ("    " if language == "python" else "") + source[end:]
    *begun, found = queries(language, source)
    assert all(query.partial for query in begun)
    assert not found.partial
    assert {p.column for p in found.predicates} >= {"shop", "id"}


def test_what_another_function_may_add_leaves_the_statement_open() -> None:
    source = (
        "def f(c, a):\n    q = 'SELECT id FROM users WHERE shop = %s'\n"
        "    if a:\n        q += ' AND code = %s'\n    {}\n    c.execute(q)\n"
    )
    open_, whole = (
        [query.partial for query in queries("python", source.format(line))]
        for line in ("q = narrowed(q, a)", "log(q)")
    )
    assert (open_, whole) == ([True, True], [True, False])


def test_the_name_of_a_table_in_a_constant() -> None:
    source = (
        "TABLE = 'users'\n\n\ndef f(c):\n    c.execute(f'SELECT id FROM {TABLE} WHERE a = %s')\n"
    )
    (found,) = queries("python", source)
    assert (found.reads, found.partial) == (("users",), False)
    assert queries("python", f"TABLE = 'orders'\n{source}")[0].reads == ()


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("typescript", "@ViewEntity({ name: 'busy', expression: `{}` })\nexport class Busy {}"),
        ("typescript", "@Entity({ expression: '{}' })\nexport class Busy {}"),
        ("javascript", "const Busy = new EntitySchema({ name: 'Busy', expression: '{}' });"),
        ("java", '@Immutable\n@Subselect("{}")\nclass Busy { }'),
    ],
)
def test_a_statement_that_a_class_stands_for_is_sent_by_nobody(language: str, code: str) -> None:
    assert (
        queries(language, code.replace("{}", "SELECT kind, count(*) FROM visits GROUP BY kind"))
        == []
    )


@pytest.mark.parametrize(
    "code",
    [
        "run({ expression: 'SELECT id FROM visits' });",
        "@ViewEntity({ name: 'a', expression: 'x' })\nclass A { f() { run('SELECT id FROM visits'); } }",
    ],
)
def test_other_statements_of_the_name_are_sent(code: str) -> None:
    assert len(queries("typescript", code)) == 1


@pytest.mark.parametrize(
    ("language", "source", "streamed"),
    [
        ("java", 'class A { String all() { return "SELECT id FROM users"; } }', True),
        ("python", "def all_users():\n    return 'SELECT id FROM users'\n", True),
        ("java", 'class A { String all() { return "SELECT count(*) FROM users"; } }', False),
        ("java", 'class A { List<User> all() { return db.query("SELECT id FROM users"); } }', False),
    ],
)  # fmt: skip
def test_how_rows_are_read_is_up_to_whoever_sends_a_text(
    language: str, source: str, streamed: bool
) -> None:
    (query,) = queries(language, source)
    assert query.streamed is streamed
