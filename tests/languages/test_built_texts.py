"""Statements in SQL that a function of JavaScript puts together."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, QueryFound
from scaleaudit.languages.javascript import typescript


def asked(body: str) -> list[tuple[list[str], bool]]:
    """The columns that each statement asks for, and whether a part of it is not known."""
    source = f"async function find(given) {{\n{body}\n}}"
    return [
        (
            [f"{'by ' if p.clause is Clause.SORT else ''}{p.column}" for p in fact.predicates],
            fact.partial,
        )
        for fact in typescript.extract(source.encode()).facts
        if isinstance(fact, QueryFound)
    ]


def test_what_a_branch_adds_is_asked_beside_what_is_always_there() -> None:
    body = """
    let query = `SELECT id FROM loans WHERE room = $1`;
    if (given.reader) {
      query += " AND reader = $2";
    } else if (given.shelf) query = query + " AND shelf = $2";
    query += " ORDER BY due";
    query = `${query} LIMIT 10`;
    return db.query(query, given.values);
    """
    assert asked(body) == [
        (["room", "by due"], True),  # perhaps never asked so
        (["room", "reader", "by due"], False),
        (["room", "shelf", "by due"], False),
    ]


def test_text_that_is_always_added_is_known() -> None:
    body = """
    let query = "SELECT id FROM loans";
    query += " WHERE room = $1";
    const rows = await db.query(query, [1]);
    query += " AND late";
    return rows;
    """
    assert asked(body) == [(["room"], False)]


def test_a_gap_that_a_branch_fills() -> None:
    body = """
    let filter = "";
    if (given.after) {
      filter = "AND due > $/after/";
    }
    return db.any(`SELECT id FROM loans WHERE room = $/room/ ${filter} ORDER BY due`, given);
    """
    assert asked(body) == [(["room", "by due"], True), (["room", "due", "by due"], False)]


@pytest.mark.parametrize(
    "listed",
    [
        'const where = ["room = $1"]; if (given.reader) where.push(`reader = $2`); {use}',
        'const where = ["room = $1", given.reader && "reader = $2"].filter(Boolean); {use}',
        'const where = ["room = $1", ...(given.reader ? ["reader = $2"] : [])]; {use}',
        'const where = []; where.push("room = $1"); for (const r of given) where.push("reader = $2"); {use}',
    ],
)
def test_lists_of_conditions(listed: str) -> None:
    body = listed.replace(
        "{use}", 'return db.query(`SELECT id FROM loans WHERE ${where.join(" AND ")}`);'
    )
    assert asked(body) == [(["room"], True), (["room", "reader"], False)]


def test_conditions_that_are_all_optional() -> None:
    body = """
    let query = "SELECT id FROM loans";
    const where: string[] = [];
    if (given.room) where.push("room = $1");
    if (given.reader) { values.push(given.reader); where.push("reader = $2"); }
    if (where.length) query += " WHERE " + where.map((each) => `(${each})`).join(" AND ");
    return db.query(query + "", values);
    """
    assert [columns for columns, partial in asked(body)] == [[], ["room"], ["reader"]]


def test_ternaries_and_fragments() -> None:
    body = """
    return sql`SELECT id FROM loans WHERE room = ${given.room}
      ${given.reader ? sql`AND reader = ${given.reader}` : sql``}
      ORDER BY ${given.late ? sql`due` : sql`lent`}`;
    """
    assert [columns for columns, _ in asked(body)][1] == ["room", "reader"]


def test_one_of_several_is_not_left_out() -> None:
    body = """
    let query = "SELECT id FROM loans";
    if (given.room) query += " WHERE room = $1";
    else if (given.reader) query += " WHERE reader = $1";
    else throw new Error("what?");
    return db.query(query);
    """
    assert asked(body) == [([], True), (["room"], False), (["reader"], False)]


@pytest.mark.parametrize(
    "step",
    [
        "narrow(where);",  # may add to the list
        "where.unshift(given.more);",
        'given.forEach((each) => where.push("reader = $2"));',
    ],
)
def test_what_else_happens_to_a_list_is_a_gap(step: str) -> None:
    body = f"""
    const where = ["room = $1"];
    {step}
    return db.query(`SELECT id FROM loans WHERE ${{where.join(" AND ")}}`);
    """
    assert asked(body) == [(["room"], True)]


def test_names_of_columns_are_no_conditions() -> None:
    body = """
    const names = ["room", "reader"];
    return db.query(`SELECT id FROM loans WHERE ${names.map((n, i) => `${n} = $${i}`).join(" AND ")}`);
    """
    assert asked(body) == [([], True)]


def test_names_that_lead_to_themselves_end() -> None:
    many = "".join(f"const w{n + 1} = w{n}.filter(Boolean);" for n in range(300))
    body = f"""
    const w0 = w0.filter(Boolean); {many}
    const text = `${{text}} a`;
    return db.query(`SELECT id FROM loans WHERE ${{w300.join(" AND ")}} ${{text}}`);
    """
    assert asked(body) == [([], True)]
