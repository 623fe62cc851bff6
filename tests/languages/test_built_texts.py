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


def test_an_arm_that_leaves_with_a_text_of_its_own() -> None:
    body = """
    let query = "SELECT id FROM loans";
    if (given.room) {
      query += " WHERE room = $1";
      return db.query(query);
    }
    query += " WHERE reader = $1";
    return db.query(query);
    """
    assert asked(body) == [(["reader"], False)]
    # One that only reads it is where the text is whole.
    read = body.replace('query += " WHERE room = $1";\n', "")
    assert asked(read) == [([], False)]


@pytest.mark.parametrize(
    "query",
    [
        'const query = "SELECT id FROM loans" + " " + "WHERE room = $1";',
        'let query = "SELECT id FROM loans"; query += " "; query += "WHERE room = $1";',
        "let query = `SELECT id FROM loans`; query += `\n`; query += `WHERE room = $1`;",
    ],
)
def test_white_space_of_its_own_parts_words(query: str) -> None:
    assert asked(f"{query} return db.query(query);") == [(["room"], False)]


@pytest.mark.parametrize("nothing", ["''", "' '", "``", "` `", "null", "undefined", "false"])
def test_an_arm_that_adds_nothing(nothing: str) -> None:
    body = f"""
    const more = given.reader ? " AND reader = $2" : {nothing};
    return db.query(`SELECT id FROM loans WHERE room = $1${{more}}`);
    """
    assert asked(body) == [(["room"], True), (["room", "reader"], False)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('given.more || "AND reader = 2"', [["room"], ["room", "reader"]]),
        ('given.more ?? "AND reader = 2"', [["room"], ["room", "reader"]]),
        ('(given.reader && "AND reader = 2") || ""', [["room"], ["room", "reader"]]),
        ('(given.reader ? "AND reader = 2" : "").trim()', [["room"], ["room", "reader"]]),
        (
            'given.reader ? "AND reader = 2" : "AND shelf = 2"',
            [["room"], ["room", "reader"], ["room", "shelf"]],
        ),
        ('(given.reader ? "AND reader = 2" : "").replace(a, b)', [["room"]]),
    ],
)
def test_what_an_expression_chooses(more: str, expected: list[list[str]]) -> None:
    found = asked(f"return db.query(`SELECT id FROM loans WHERE room = 1 ${{{more}}}`);")
    assert [columns for columns, _ in found] == expected
    assert [partial for _, partial in found] == [True, *[False] * (len(expected) - 1)]


@pytest.mark.parametrize(
    "listed",
    [
        'const where = ["room = 1", // where it is\n "reader = 2"];',
        'const base = ["room = 1"]; const where = [...base, "reader = 2"];',
        'const where = ["room " + "= 1"]; where.push("reader" + " = 2");',
        'const where = []; where.push("room = 1", "reader = 2");',
        'const first = ["room = 1"]; first.push("reader = 2"); const where = first;',
        'const all = ["room = 1", "reader = 2"]; const where = all.map((each) => each);',
        'const all = ["room = 1", "reader = 2"]; const where = all.map((w: string) => `(${w})`);',
        'const where = ["room = 1", "reader = 2"]; log(where.length); where.some(check);',
        'const where = ["room = 1", "reader = 2"]; const others = []; others.push("shelf = 3");',
        'const where = ["room = 1", "reader = 2"]; given.where.push("shelf = 3");',
    ],
)
def test_lists_of_what_is_always_asked(listed: str) -> None:
    use = 'return db.query(`SELECT id FROM loans WHERE ${where.join(" AND ")}`);'
    assert asked(f"{listed} {use}") == [(["room", "reader"], False)]


def test_lists_of_which_a_part_is_not_known() -> None:
    use = 'return db.query(`SELECT id FROM loans WHERE ${where.join(" AND ")}`);'
    for spread in ("...given.all", "...(given.late ? given.list : [])"):
        assert asked(f'const where = [{spread}, "reader = 2"]; {use}') == [(["reader"], True)]
    either = '...(given.late ? ["late = 1"] : ["shelf = 2"])'
    assert asked(f'const where = ["room = 1", {either}]; {use}') == [
        (["room"], True),
        (["room", "late"], False),
        (["room", "shelf"], False),
    ]
    changed = '["room = 1"].flatMap((each) => each)'
    assert asked(f"const where = {changed}; {use}") == [([], True)]


def test_conditions_of_which_one_is_enough_stay_together() -> None:
    body = """
    const where = ["room = 1 OR shelf = 2", "reader = 3"];
    return db.query(`SELECT id FROM loans WHERE ${where.join(" AND ")}`);
    """
    (query,) = (
        fact
        for fact in typescript.extract(f"function f() {{{body}}}".encode()).facts
        if isinstance(fact, QueryFound)
    )
    alternatives = {p.column: p.alternative for p in query.predicates}
    assert alternatives == {"room": True, "shelf": True, "reader": False}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            'switch (a) { case 1: q += " WHERE room = 1"; break; default: q += " WHERE shelf = 2"; }',
            [([], True), (["room"], False), (["shelf"], False)],
        ),
        (
            'switch (a) { case 1: q += " WHERE room = 1"; break; case 2: log(a); }',
            [([], True), (["room"], False)],
        ),
        ('try { q += " WHERE room = 1"; } catch (e) { log(e); }', [(["room"], False)]),
        ('{ q += " WHERE room = 1"; }', [(["room"], False)]),
        ('while (a()) { q += " WHERE room = 1"; }', [([], True), (["room"], False)]),
        ('do { q += " WHERE room = 1"; } while (a());', [([], True), (["room"], False)]),
        (
            'if (a) { q += " WHERE room = 1"; if (b) { q += " AND shelf = 2"; } }',
            [([], True), (["room"], False), (["room", "shelf"], False)],
        ),
        ('let qq = ""; qq += " WHERE room = 1"; $q += " WHERE room = 1";', [([], False)]),
    ],
)
def test_statements_that_add_to_a_text(steps: str, expected: list[tuple[list[str], bool]]) -> None:
    body = f'let q = "SELECT id FROM loans"; {steps} return db.query(q);'
    assert asked(body) == expected


def test_a_text_that_is_put_in_where_it_was_added_to() -> None:
    def put_in(steps: str) -> list[tuple[list[str], bool]]:
        return asked(f"{steps} return db.query(`SELECT id FROM loans WHERE room = 1 ${{filter}}`);")

    either = "if (given.late) filter = 'AND due > 1'; else filter = 'AND lent > 1';"
    known = [(["room"], True), (["room", "due"], False), (["room", "lent"], False)]
    for begun in ("let filter;", "let filter = null;", "let filter = '';", "let filter = ``;"):
        assert put_in(f"{begun} {either}") == known, begun
    summed = "let filter = 'AND a = 1'; filter = filter + ' AND b = 2' + ' AND c = 3';"
    assert put_in(summed) == [(["room", "a", "b", "c"], False)]
    assert put_in("let filter = ''; filter = head + filter;")[0][1] is True


def test_a_use_in_an_inner_block() -> None:
    body = """
    const where = ["room = 1"];
    if (given.late) {
      where.push("late = 2");
      return db.query(`SELECT id FROM loans WHERE ${where.join(" AND ")}`);
    }
    """
    assert asked(body) == [(["room", "late"], False)]


def test_a_value_or_null_is_a_value() -> None:
    body = "return db.query(sql`UPDATE loans SET due = COALESCE(${given.due %s}, due) WHERE room = ${given.room}`)"
    assert asked(body % "|| null") == asked(body % "?? null") == [(["room"], False)]
    assert asked(body % "|| ''") == [(["room"], True)]
