"""What runs once for each of several things, and what is tried again until it works."""

from __future__ import annotations

from importlib import import_module

import pytest

from scaleaudit.facts import QueryFound

SQL = '"SELECT id FROM orders WHERE code = 1"'
# By language: what a query stands in ($), whether it runs once for each.
CASES = [
    ("python", "def f(c, rows):\n    for r in rows:\n        c.execute($)\n", True),
    ("python", "def f(c, rows):\n    while rows:\n        c.execute($)\n", True),
    ("python", "def f(c, n):\n    while n < 50:\n        if c.execute($):\n            break\n", False),
    ("python", "def f(c):\n    while True:\n        c.execute($)\n", False),
    ("python", "def f(c):\n    while 1:\n        c.execute($)\n", False),
    ("python", "def f(c):\n    for r in (\n        c.execute($)\n    ):\n        pass\n", False),
    ("python", "def f(c, a):\n    for b in a:\n        for r in c.execute($):\n            pass\n", True),
    ("python", "def f(c):\n    return [r for r in c.execute($)]\n", False),
    ("python", "def f(c, a):\n    return [r for b in a for r in c.execute($)]\n", True),
    ("javascript", "async function f() { for (const r of await db.query($)) { g(r) } }", False),
    ("java", "class A { void f() { for (Row r : s.executeQuery($)) { g(r); } } }", False),
    ("java", "class A { void f() { for (Kind k : KINDS) { s.executeQuery($); } } }", False),
    ("java", "class A { void f() { for (Kind k : kinds) { s.executeQuery($); } } }", True),
    ("csharp", "class A { static readonly (Kind k, int n)[] _kinds = []; void F() { foreach (var k in _kinds) { c.Query($); } } }", False),
    ("csharp", "class A { readonly List<Kind> _kinds = []; void F() { foreach (var k in _kinds) { c.Query($); } } }", True),
    ("python", "def f(c):\n    while c.execute($):\n        pass\n", False),
    ("python", "def f(c, a):\n    for b in a:\n        if b:\n            return c.execute($)\n", False),
    ("python", "def f(c, a):\n    return [c.execute($) for b in a]\n", True),
    ("python", "def f(c, a):\n    while a:\n        a = c.execute($)\n", False),
    ("python", "def f(c, a):\n    while a:\n        b = c.execute($)\n", True),
    ("javascript", "async function f() { for (const r of rows) { if (r) return db.query($) } }", False),
    ("javascript", "async function f() { rows.forEach((r) => { return db.query($) }) }", True),
    ("go", "package a\nfunc f() R { for _, r := range rows { return db.Query($) } }", False),
    ("javascript", "async function f() { for (const r of rows) { await db.query($) } }", True),
    ("javascript", "async function f() { while (rows.length) { await db.query($) } }", True),
    ("javascript", "async function f() { for (;;) { await db.query($) } }", False),
    ("javascript", "async function f() { while (true) { await db.query($) } }", False),
    ("javascript", "async function f() { do { x = await db.query($) } while (!x) }", False),
    ("javascript", "async function f() { while (i < 3 && !free) { free = !(await db.query($)); i++ } }", False),
    ("javascript", "async function f() { while (!queue.isEmpty()) { queue = await db.query($) } }", True),
    ("javascript", "async function f() { while (!free) { await db.query($) } }", True),
    ("python", "def f(c, found):\n    while not found:\n        found = c.execute($)\n", False),
    ("java", "class A { void f() { while (!free) { free = s.executeQuery($) == null; } } }", False),
    ("go", "package a\nfunc f() { for _, r := range rows { db.Query($) } }", True),
    ("go", "package a\nfunc f() { for rows.Next() { db.Query($) } }", True),
    ("go", "package a\nfunc f() { for { db.Query($) } }", False),
    ("java", "class A { void f() { for (Row r : rows) { s.executeQuery($); } } }", True),
    ("java", "class A { void f() { while (rs.next()) { s.executeQuery($); } } }", True),
    ("java", "class A { void f() { while (n < 9) { if (s.executeQuery($) == 0) break; } } }", False),
    ("java", "class A { void f() { while (true) { s.executeQuery($); } } }", False),
    ("java", "class A { void f() { do { s.executeQuery($); } while (free); } }", False),
    ("ruby", "def f\n  rows.each { |r| c.execute($) }\nend\n", True),
    ("ruby", "def f\n  loop do\n    c.execute($)\n  end\nend\n", False),
    ("ruby", "def f\n  begin\n    x = 1\n  end until c.execute($)\nend\n", False),
    ("ruby", "def f\n  rows.in_batches { |some| c.execute($) }\nend\n", False),
    ("php", "<?php function f() { foreach ($rows as $r) { $c->query(QUERY); } }", True),
    ("php", "<?php function f() { while (true) { $c->query(QUERY); } }", False),
    ("csharp", "class A { void F() { foreach (var r in rows) { c.Query($); } } }", True),
    ("csharp", "class A { void F() { for (;;) { c.Query($); } } }", False),
    ("kotlin", "fun f() { for (r in rows) { c.query($) } }", True),
    ("kotlin", "fun f() { while (true) { c.query($) } }", False),
    # Each row leads to the next, as up a tree: nothing to be asked for at once.
    ("python", "def f(c, up):\n    while up:\n        row = c.execute($)\n        up = row.parent\n", False),
    ("python", "def f(c, up):\n    while up:\n        row = c.execute($)\n        up = up.parent\n", True),
    ("csharp", "class A { void F() { while (up.HasValue) { var row = c.Query($); up = row.Up; } } }", False),
    ("php", "<?php function f($up) { while ($up) { $row = $c->query(QUERY); $up = $row->up; } }", False),
    ("ruby", "def f(up)\n  while up\n    row = c.execute($)\n    up = row.parent_id\n  end\nend\n", False),
    # As many rounds as the source names: no list that grows.
    ("python", "def f(c):\n    for r in ('a', 'b'):\n        c.execute($)\n", False),
    ("python", "def f(c, some):\n    for r in (*some, 'b'):\n        c.execute($)\n", True),
    ("python", "def f(c):\n    for r in kinds.ALL_KINDS:\n        c.execute($)\n", False),
    ("javascript", "async function f() { for (const r of ['a', 'b']) { await db.query($) } }", False),
    ("javascript", "async function f() { for (const r of KINDS) { await db.query($) } }", False),
    ("php", "<?php function f() { foreach (self::KINDS as $r) { $c->query(QUERY); } }", False),
    ("php", "<?php function f() { foreach (['a', 'b'] as $r) { $c->query(QUERY); } }", False),
    ("php", "<?php function f($a) { foreach ([...$a] as $r) { $c->query(QUERY); } }", True),
    ("ruby", "def f\n  KINDS.each { |r| c.execute($) }\nend\n", False),
    ("ruby", "def f\n  %w[a b].map { |r| c.execute($) }\nend\n", False),
    ("ruby", "def f\n  [*a, b].map { |r| c.execute($) }\nend\n", True),
    ("ruby", "def f\n  rows.each { |o| KINDS.each { |r| c.execute($) } }\nend\n", True),
    # Many at once in each round.
    ("python", "def f(c, a):\n    for part in chunked(a, 500):\n        c.execute($)\n", False),
    ("python", "def f(c, a):\n    for i in range(0, len(a), 500):\n        c.execute($)\n", False),
    ("python", "def f(c, a):\n    for i in range(0, len(a)):\n        c.execute($)\n", True),
    ("python", "def f(c, a):\n    for row in load_chunk(a):\n        c.execute($)\n", True),
    ("javascript", "async function f() { for (const part of _.chunk(ids, 500)) { await db.query($) } }", False),
    ("javascript", "async function f() { for (let i = 0; i < n; i += size) { await db.query($) } }", False),
    ("javascript", "async function f() { for (let i = 0; i < n; i += 1) { await db.query($) } }", True),
    ("java", "class A { void f() { for (List<Long> part : Lists.partition(ids, 500)) { s.executeQuery($); } } }", False),
    ("java", "class A { void f() { for (int i = 0; i < n; i += 500) { s.executeQuery($); } } }", False),
    ("java", "class A { void f() { for (int i = 0; i < n; i++) { s.executeQuery($); } } }", True),
    ("csharp", "class A { void F() { foreach (var part in ids.Chunk(500)) { c.Query($); } } }", False),
    ("php", "<?php function f($a) { foreach (array_chunk($a, 500) as $part) { $c->query(QUERY); } }", False),
    ("ruby", "rows.each do |r|\n  define_method(r) { c.execute($) }\nend\n", False),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "repeated"), CASES)
def test_loops(language: str, text: str, repeated: bool) -> None:
    extract = import_module(f"scaleaudit.languages.{language}").extract
    source = text.replace("QUERY", SQL) if language == "php" else text.replace("$", SQL)
    (query,) = [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]
    assert query.in_loop is repeated
