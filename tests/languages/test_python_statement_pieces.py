"""Statements in SQL that functions of Python put together."""

from __future__ import annotations

import time

import pytest

from scaleaudit.facts import Clause, QueryFound
from scaleaudit.languages import LANGUAGES

PYTHON = next(each for each in LANGUAGES if each.kind == "python")


def statements(*lines: str) -> list[QueryFound]:
    source = "def f(db, code, day):\n" + "".join(f"    {each}\n" for each in lines)
    return [each for each in PYTHON.extract(source.encode()).facts if isinstance(each, QueryFound)]


def asked(*lines: str) -> list[tuple[int, list[str], bool]]:
    """The line, the columns that are filtered, and whether something is unknown."""
    return [
        (
            each.at.line,
            [p.column for p in each.predicates if p.clause is Clause.FILTER],
            each.partial,
        )
        for each in statements(*lines)
    ]


@pytest.mark.parametrize("more", ["sql += {}", "sql = sql + {}", "sql = (sql + {})"])
def test_what_is_always_added(more: str) -> None:
    found = asked(
        'sql = "SELECT id FROM orders"',
        more.format('" WHERE code = %s"'),
        more.format('" AND day > 5"'),
        "db.execute(sql, [code])",
    )
    assert found == [(2, [], True), (2, ["code", "day"], False)]


def test_what_branches_add() -> None:
    found = asked(
        'sql = "SELECT id FROM orders WHERE shop = 1"',
        "if code:",
        '    sql += " AND code = %s"',
        "elif day:",
        '    sql += " AND day = %s"',
        'sql += " ORDER BY id"',
        "if many:",
        '    sql += " LIMIT 5"',
        "db.execute(sql)",
    )
    assert found == [
        (2, ["shop"], True),
        (4, ["shop", "code"], False),
        (6, ["shop", "day"], False),
    ]


def test_a_page_that_a_branch_adds_holds_for_all() -> None:
    found = statements(
        'sql = "SELECT id FROM orders"',
        "if code:",
        '    sql += " WHERE code = %s"',
        "if many:",
        '    sql += " LIMIT 5"',
    )
    assert [each.limited for each in found] == [False, True]


def test_what_another_arm_adds_is_not_of_this_statement() -> None:
    found = asked(
        "if code:",
        '    sql = "SELECT id FROM orders"',
        "else:",
        '    sql = "SELECT id FROM old_orders"',
        '    sql += " WHERE day = %s"',
    )
    assert [(line, columns) for line, columns, _ in found] == [(3, []), (5, []), (5, ["day"])]


def test_a_variable_that_holds_one_statement_after_the_other() -> None:
    found = asked(
        'sql = "SELECT id FROM orders"',
        'sql += " WHERE code = %s"',
        "db.execute(sql)",
        'sql = "SELECT id FROM bills"',
        'sql += " WHERE day = %s"',
        "db.execute(sql)",
    )
    assert found == [(2, [], True), (2, ["code"], False), (5, [], True), (5, ["day"], False)]


@pytest.mark.parametrize("between", ["sql = narrowed(sql)", "if day:\n        sql = other"])
def test_a_variable_that_may_still_hold_it(between: str) -> None:
    found = asked(
        'sql = "SELECT id FROM orders"', between, 'sql += " WHERE code = %s"', "db.execute(sql)"
    )
    assert found[-1][:2] == (2, ["code"])


@pytest.mark.parametrize(
    "line",
    [
        'db.execute(f"SELECT id FROM orders {where} ORDER BY id")',
        'db.execute("SELECT id FROM orders %s ORDER BY id" % where)',
        'db.execute("SELECT id FROM orders {} ORDER BY id".format(where))',
        'db.execute("SELECT id FROM orders " + where)',
    ],
)
def test_a_piece_that_is_put_in(line: str) -> None:
    found = asked('where = ""', "if code:", '    where = "WHERE code = %s"', line)
    assert found[-1] == (5, ["code"], False)


def test_one_piece_or_another() -> None:
    found = asked(
        'where = "code = %s" if code else "day = %s"',
        'db.execute(f"SELECT id FROM orders WHERE {where}")',
    )
    assert [columns for _, columns, partial in found if not partial] == [["code"], ["day"]]


@pytest.mark.parametrize("first", ["[]", '["shop = 1"]'])
def test_conditions_in_a_list(first: str) -> None:
    found = asked(
        f"wheres = {first}",
        "if code:",
        '    wheres.append("code = %s")',
        "if day:",
        '    wheres.append("day = %s")',
        'where = " AND ".join(wheres)',
        'db.execute(f"SELECT id FROM orders WHERE {where}")',
    )
    always = ["shop"] if "shop" in first else []
    whole = [columns for _, columns, partial in found if not partial]
    assert [*always, "code"] in whole
    assert [*always, "day"] in whole


def test_conditions_in_a_list_that_may_be_empty() -> None:
    found = asked(
        "wheres = []",
        "if code:",
        '    wheres.append("code = %s")',
        "if day:",
        '    wheres.append("day = %s")',
        'where = "WHERE " + " AND ".join(wheres) if wheres else ""',
        'db.execute("SELECT id FROM orders %s" % where)',
    )
    assert [columns for _, columns, partial in found if not partial] == [["code"], ["day"]]


def test_lists_that_are_made_side_by_side() -> None:
    found = asked(
        "wheres, values = [], []",
        "if code:",
        '    wheres.append("code = %s")',
        "    values.append(code)",
        'db.execute("SELECT id FROM orders WHERE " + " AND ".join(wheres), values)',
    )
    assert found[-1] == (6, ["code"], False)


def test_what_is_always_asked_may_be_all() -> None:
    found = asked(
        'wheres = ["shop = 1"]',
        "if code:",
        '    wheres.append("code = %s")',
        'db.execute("SELECT id FROM orders WHERE " + " AND ".join(wheres))',
    )
    whole = [columns for _, columns, partial in found if not partial]
    assert whole == [["shop"], ["shop", "code"]]
    assert asked(
        'wheres = ["shop = 1"]',
        'wheres.append("day = %s")',
        'db.execute("SELECT id FROM orders WHERE " + " AND ".join(wheres))',
    )[-1] == (4, ["shop", "day"], False)


def test_lines_stay_in_their_order() -> None:
    found = asked(
        'lines = ["SELECT id FROM orders"]',
        "if code:",
        '    lines.append("JOIN codes ON codes.id = orders.code_id")',
        'lines.append("WHERE day = %s")',
        'db.execute("\\n".join(lines))',
    )
    assert (4, ["day"], False) in [(line, columns[-1:], known) for line, columns, known in found]


def test_a_statement_in_lines() -> None:
    found = asked(
        'lines = ["SELECT id FROM orders"]',
        "if code:",
        '    lines.append("WHERE code = %s")',
        "elif day:",
        '    lines.append("WHERE day = %s")',
        'lines.append("ORDER BY id")',
        'db.execute(" ".join(lines))',
    )
    assert found == [(2, [], True), (4, ["code"], False), (6, ["day"], False)]


@pytest.mark.parametrize(
    "lines",
    [
        ("where = more(code)", 'db.execute(f"SELECT id FROM orders WHERE {where}")'),
        ('where = " OR ".join(wheres)', 'db.execute(f"SELECT id FROM orders WHERE {where}")'),
        ('db.execute("SELECT id FROM orders WHERE %s" % " AND ".join(code))',),
    ],
)
def test_pieces_that_are_not_known_stay_unknown(lines: tuple[str, ...]) -> None:
    assert all(columns == [] for _, columns, _ in asked(*lines))


def test_hostile_statements_end_soon() -> None:
    started = time.monotonic()
    statements('sql = "SELECT id FROM orders"', *['sql += " AND a = 1"'] * 3_000)
    statements(
        'sql = "SELECT id FROM orders WHERE a = 1"',
        *[f"if x{n}:\n        sql += ' AND a{n} = 1'" for n in range(800)],
    )
    statements(
        *["a0 = 'x = 1' if code else 'y = 1'"],
        *[f"a{n} = f'{{a{n - 1}}} AND {{a{n - 1}}}' if day else 'z = 1'" for n in range(1, 40)],
        'db.execute(f"SELECT id FROM orders WHERE {a39}")',
    )
    assert time.monotonic() - started < 20
