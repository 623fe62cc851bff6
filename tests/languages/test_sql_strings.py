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
        ("javascript", "function f() { let q = 'SELECT id FROM users'; q += ' LIMIT 5'; run(q); }"),
        ("javascript", "const q = 'SELECT id FROM users'; run(`${q} LIMIT 5`);"),
        ("javascript", "const q = ['SELECT id FROM users', 'LIMIT 5'].join(' ');"),
        ("typescript", "run({ name: 'users', baseQuery:\n  'SELECT id FROM users' });"),
        ("python", "run(base_sql='SELECT id FROM users')\n"),
        ("typescript", "let q: string = 'SELECT id FROM users'; q = q.concat(' LIMIT 5');"),
        ("python", "def f(c):\n    q = 'SELECT id FROM users'\n    q += ' LIMIT 5'\n    c.execute(q)\n"),
        ("php", '<?php function f() { $q = "SELECT id FROM users"; $q .= " LIMIT 5"; run($q); }'),
        ("csharp", 'class A { void F() { var q = "SELECT id FROM users"; q += " LIMIT 5"; } }'),
        ("python", "def f(c):\n    q = 'SELECT id FROM users'\n    run(c, q, conditions)\n"),
        ("ruby", "def f\n  with_ctes(days_sql, <<~SQL)\n    SELECT id FROM users\n  SQL\nend\n"),
        ("kotlin", 'fun f() { var q = "SELECT id FROM users"; q += " LIMIT 5"; run(q) }'),
    ],
)  # fmt: skip
def test_a_statement_that_goes_on_is_partial(language: str, source: str) -> None:
    assert all(query.partial for query in queries(language, source))


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
