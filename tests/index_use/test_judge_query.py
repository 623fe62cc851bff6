"""Whether an index serves a statement: text against definition, as the rules see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from scaleaudit.facts import Clause, Predicate
from scaleaudit.index_use import Judged, Why, few_values, is_foreign_key_served, judge_query
from scaleaudit.index_use.sentences import sentence
from scaleaudit.schemas import sql_files
from scaleaudit.schemas.replay import replay
from scaleaudit.schemas.tenants import with_tenants
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from scaleaudit.schema import Table

COLUMNS = (
    "id bigint PRIMARY KEY, code text, room_id bigint, starts_at timestamptz, note text, "
    "status text, active boolean, email text UNIQUE, deleted_at timestamptz, kind smallint, at date"
)
OTHERS = """
CREATE TABLE rooms (id bigint PRIMARY KEY, name text, floor_id bigint, number text UNIQUE, is_open boolean);
CREATE TABLE guests (id bigint PRIMARY KEY, room_id bigint, passport text);
"""


def tables(*indexes: str, columns: str = COLUMNS, engine: str = "") -> dict[str, Table]:
    script = f"CREATE TABLE t ({columns}){engine}; {OTHERS} {' ;'.join(indexes)}"
    return with_tenants(replay([("schema.sql", sql_files.extract(script.encode()))]), ()).tables


def verdicts(
    text: str, *indexes: str, columns: str = COLUMNS, constants: bool = False
) -> list[Judged]:
    """Values stand for parameters here, unless `constants` says that they are meant."""
    query = read_query(text, Span(1))
    assert query is not None
    assert not query.partial
    known = tables(*indexes, columns=columns)
    named = [known[name] for name in dict.fromkeys((*query.reads, *query.writes)) if name in known]
    predicates = [structs.replace(p, constant=constants and p.constant) for p in query.predicates]
    return judge_query(predicates, named, query.limited)


ROOM_START = "CREATE INDEX i ON t (room_id, starts_at)"


@pytest.mark.parametrize(
    ("condition", "indexes", "expected"),
    [
        # keys and prefixes
        ("id = 1", [], Why.UNIQUE),
        ("email = 'x'", [], Why.UNIQUE),
        ("id IN (1, 2)", [], Why.UNIQUE),
        ("code = 'x'", [], Why.MISSING),
        ("code = 'x'", ["CREATE INDEX i ON t (code)"], Why.INDEX),
        ("CODE = 'x'", ['CREATE INDEX i ON "T" ("Code")'], Why.INDEX),
        ("room_id = 1", [ROOM_START], Why.INDEX),
        # NULL is in the index; so few ask for it that none is missed
        ("room_id IS NULL", [ROOM_START], Why.INDEX),
        ("note IS NULL", [ROOM_START], Why.FEW_VALUES),
        # each side of an OR holds the condition of its own partial index
        ("id = 1 OR room_id = 2", ["CREATE INDEX i ON t (room_id) WHERE room_id IS NOT NULL"], Why.ALTERNATIVES),
        # a side that asks for a flag, by an index made for that flag
        ("room_id = 1 OR active = true", [ROOM_START], Why.FEW_VALUES),
        ("room_id = 1 OR active = true", [ROOM_START, "CREATE INDEX a ON t (active)"], Why.ALTERNATIVES),
        ("code = 'x' AND (room_id = 1 OR active = true)", [ROOM_START, "CREATE INDEX a ON t (active)"], Why.ALTERNATIVES),
        # rows that an index keeps as empty, whatever the sides ask further
        ("room_id IS NULL AND (note = 'x' OR code = 'y')", [ROOM_START], Why.INDEX),
        ("deleted_at IS NULL AND (note = 'x' OR code = 'y')", ["CREATE INDEX d ON t (deleted_at)"], Why.ONE_SIDE),
        ("room_id = 1 AND starts_at > now()", [ROOM_START], Why.INDEX),
        ("starts_at > now() AND room_id = 1", [ROOM_START], Why.INDEX),
        ("starts_at > now()", [ROOM_START], Why.MISSING),
        ("room_id = 1 AND note = 'x'", [ROOM_START], Why.INDEX),
        ("note = 'x' AND id = 5", [], Why.UNIQUE),
        ("note = 'x' AND code = 'y'", [], Why.MISSING),
        ("room_id > 5", [ROOM_START], Why.INDEX),
        ("room_id BETWEEN 1 AND 2", [ROOM_START], Why.INDEX),
        ("code LIKE 'ab%'", ["CREATE INDEX i ON t (code)"], Why.INDEX),
        ("code LIKE 'ab%'", [], Why.MISSING),
        # what no B-tree serves
        ("code LIKE '%ab'", ["CREATE INDEX i ON t (code)"], Why.NOT_INDEXABLE),
        ("code ILIKE 'ab%'", [], Why.NOT_INDEXABLE),
        ("code <> 'x'", [], Why.NOT_INDEXABLE),
        ("code NOT IN ('x')", [], Why.NOT_INDEXABLE),
        ("coalesce(code, '') = 'x'", [], Why.NOT_INDEXABLE),
        ("code || note = 'x'", [], Why.NOTHING_ASKED),
        ("code = note", [], Why.NOTHING_ASKED),
        # few values
        ("active", [], Why.FEW_VALUES),
        ("active = true", [], Why.FEW_VALUES),
        ("status = 'open'", [], Why.FEW_VALUES),
        ("kind = 3", [], Why.FEW_VALUES),
        ("deleted_at IS NULL", [], Why.NOT_INDEXABLE),
        ("status = 'open' AND code = 'x'", [], Why.MISSING),
        ("status = 'open' AND code = 'x'", ["CREATE INDEX i ON t (status)"], Why.INDEX),
        ("status = 'open' AND code = 'x'", ["CREATE INDEX i ON t (status, note, code)"], Why.INDEX),
        ("status = 'open' AND code = 'x'", ["CREATE INDEX i ON t (note, status)"], Why.MISSING),
        ("status = 'open' AND code = 'x'", ["CREATE INDEX i ON t (id) WHERE status = 'open'"], Why.MISSING),
        ("code = 'x'", ["CREATE INDEX i ON t (status)"], Why.MISSING),
        # partial indexes
        ("code = 'x'", ["CREATE INDEX i ON t (code) WHERE deleted_at IS NULL"], Why.MISSING),
        ("code = 'x' AND deleted_at IS NULL",
         ["CREATE INDEX i ON t (code) WHERE deleted_at IS NULL"], Why.INDEX),
        ("code = 'x' AND deleted_at IS NULL",
         ["CREATE INDEX i ON t (code) WHERE deleted_at IS NULL AND status = 'open'"], Why.MISSING),
        ("code = 'x' AND deleted_at > now()",
         ["CREATE INDEX i ON t (code) WHERE deleted_at IS NULL"], Why.MISSING),
        ("code = 'x' AND deleted_at > now()",
         ["CREATE INDEX i ON t (code) WHERE deleted_at IS NOT NULL"], Why.INDEX),
        ("code = 'x' AND deleted_at IS NULL",
         ["CREATE INDEX i ON t (code) WHERE (deleted_at IS NOT NULL)"], Why.MISSING),
        ("code = 'x' AND status <> 'open'",
         ["CREATE INDEX i ON t (code) WHERE status = 'open'"], Why.MISSING),
        ("code = 'x' AND status IN ('open')",
         ["CREATE INDEX i ON t (code) WHERE status IN ('open', 'late')"], Why.INDEX),
        ("code = 'x' AND status IS NULL",
         ["CREATE INDEX i ON t (code) WHERE (status)::text = ANY (ARRAY['a'::text])"], Why.MISSING),
        ("code = 'x' AND status <> 'open'",
         ["CREATE INDEX i ON t (code) WHERE status NOT IN ('open')"], Why.INDEX),
        ("code = 'x' AND status <> 'open'",
         ["CREATE INDEX i ON t (code) WHERE NOT (status = 'open')"], Why.INDEX),
        ("code = 'x' AND deleted_at > now()",
         ["CREATE INDEX i ON t (code) WHERE NOT deleted_at IS NULL"], Why.INDEX),
        ("code = 'x' AND active <> true",
         ["CREATE INDEX i ON t (code) WHERE active = false"], Why.INDEX),
        # to be among what nearly all rows are narrows nothing
        ("status = 'open' AND active = true",
         ["CREATE INDEX i ON t (room_id) WHERE active = true"], Why.FEW_VALUES),
        # expressions
        ("lower(code) = 'x'", ["CREATE INDEX i ON t (lower(code))"], Why.INDEX),
        ("lower(code) = 'x'", ["CREATE INDEX i ON t (lower((code)::text))"], Why.INDEX),
        ("lower(code) = 'x'", ["CREATE INDEX i ON t (code)"], Why.HIDDEN),
        ("lower(code) = 'x'", [], Why.MISSING),
        ("trim(lower(code)) = 'x'", ["CREATE INDEX i ON t (trim(lower(code)))"], Why.INDEX),
        ("trim(lower(code)) = 'x'", ["CREATE INDEX i ON t (lower(code))"], Why.MISSING),
        ("code = 'x'", ["CREATE INDEX i ON t (lower(code))"], Why.MISSING),
        ("starts_at::date = '2024-01-01'", ["CREATE INDEX i ON t (((starts_at)::date))"], Why.INDEX),
        ("id::text = 'x'", ["CREATE INDEX i ON t ((id::text))"], Why.INDEX),
        ("date(starts_at) = '2024-01-01'", ["CREATE INDEX i ON t (starts_at)"], Why.HIDDEN),
        # alternatives
        ("id = 1 OR email = 'x'", [], Why.ALTERNATIVES),
        ("id = 1 OR code = 'x'", [], Why.ONE_SIDE),
        ("(email = 'x' OR code = 'x') AND active = true", [], Why.ONE_SIDE),
        ("(email = 'x' OR code = 'x') AND status = 'open'", [], Why.FEW_VALUES),
        ("(code = 'x' OR note = 'y') AND (id = 1 OR room_id = 2)", [ROOM_START], Why.ALTERNATIVES),
        ("(id = 1 OR room_id = 2) AND code = 'x' AND (? IS NULL OR note = ?)", [ROOM_START], Why.ALTERNATIVES),
        ("(status = 'a' OR active = true) AND (id = 1 OR code = 'x')", [], Why.ONE_SIDE),
        ("(status = 'a' OR active = true) AND (active = false OR status = 'b')", [], Why.FEW_VALUES),
        ("starts_at < '2024-01-01' OR (room_id IS NULL AND starts_at < '2024-01-02')",
         ["CREATE INDEX j ON t (starts_at)", ROOM_START], Why.ALTERNATIVES),
        ("code = 'x' OR code = 'y'", ["CREATE INDEX i ON t (code)"], Why.INDEX),
        ("room_id = 1 AND (code = 'x' OR note = 'y')", [ROOM_START], Why.INDEX),
        ("id = 1 OR code LIKE '%x'", [], Why.NOT_INDEXABLE),
        ("id = 1 OR active = true", [], Why.FEW_VALUES),
        ("? IS NULL OR code = ?", [], Why.NOT_INDEXABLE),
        # other methods
        ("code = 'x'", ["CREATE INDEX i ON t USING gin (code gin_trgm_ops)"], Why.INDEX),
        ("lower(code) = 'x'", ["CREATE INDEX i ON t USING gin (code gin_trgm_ops)"], Why.HIDDEN),
        # a number is in such an index with the operators of a B-tree, and in any place of it
        ("room_id = 4", ["CREATE INDEX i ON t USING gist (room_id)"], Why.INDEX),
        ("room_id > 4", ["CREATE INDEX i ON t USING gist (code, room_id)"], Why.INDEX),
        ("code > 'x'", ["CREATE INDEX i ON t USING gist (room_id, code)"], Why.MISSING),
        ("code = 'x'", ["CREATE INDEX i ON t USING hash (code)"], Why.INDEX),
        ("code > 'x'", ["CREATE INDEX i ON t USING hash (code)"], Why.MISSING),
        # names of the engine, names nobody knows
        ("ctid = '(0,1)'", [], Why.NOTHING_ASKED),
        ("nowhere = 1", [], Why.UNKNOWN_COLUMNS),
        ("code = 'x' AND nowhere = 1", [], Why.UNKNOWN_COLUMNS),
    ],
)  # fmt: skip
def test_conditions(condition: str, indexes: list[str], expected: Why) -> None:
    query = f"SELECT id FROM t WHERE {condition}"
    found = {judged.verdict.why for judged in verdicts(query, *indexes)} or {Why.NOTHING_ASKED}
    assert found == {expected}


@pytest.mark.parametrize(
    ("order", "indexes", "expected"),
    [
        ("ORDER BY starts_at DESC LIMIT 5", [], Why.SORT),
        ("ORDER BY starts_at DESC LIMIT 5", ["CREATE INDEX i ON t (starts_at)"], Why.ORDER),
        ("ORDER BY id DESC LIMIT 5", [], Why.ORDER),
        ("ORDER BY starts_at, code LIMIT 5", ["CREATE INDEX i ON t (starts_at)"], Why.ORDER),
        ("WHERE room_id = 1 ORDER BY starts_at LIMIT 5", [ROOM_START], Why.INDEX),
        ("WHERE active = true ORDER BY starts_at LIMIT 5",
         ["CREATE INDEX i ON t (active, starts_at)"], Why.ORDER),
        ("WHERE active = true ORDER BY starts_at LIMIT 5", [], Why.SORT),
        ("ORDER BY starts_at LIMIT 5", [ROOM_START], Why.SORT),
        ("ORDER BY status LIMIT 5", [], Why.NOT_INDEXABLE),
        ("ORDER BY lower(code) LIMIT 5", [], Why.NOT_INDEXABLE),
        ("ORDER BY starts_at", [], Why.NOTHING_ASKED),
    ],
)  # fmt: skip
def test_sorts(order: str, indexes: list[str], expected: Why) -> None:
    (judged,) = verdicts(f"SELECT id FROM t {order}", *indexes)
    assert judged.verdict.why is expected


@pytest.mark.parametrize(
    ("order", "columns"),
    [
        ("active DESC, starts_at DESC", ("active", "starts_at")),
        ("status, active, starts_at, code", ("status", "active", "starts_at")),
        ("starts_at, active", ("starts_at",)),
        ("active, status", ()),
        ("active, id", ()),
        ("active, lower(code)", ()),
        ("active, r.name", ()),
    ],
)
def test_an_order_that_a_flag_leads(order: str, columns: tuple[str, ...]) -> None:
    join = "JOIN rooms r ON r.id = t.room_id" if "r." in order else ""
    judged = verdicts(
        f"SELECT t.id FROM t {join} ORDER BY {order.replace(', id', ', t.id')} LIMIT 5"
    )
    assert [j.verdict.columns for j in judged if j.table.name == "t"] == [columns]
    assert judged[0].verdict.is_problem is bool(columns)


@pytest.mark.parametrize(
    ("condition", "columns"),
    [
        ("note = 'x' AND code = 'y'", ("code", "note")),
        ("starts_at > now() AND code = 'y'", ("code", "starts_at")),
        ("code = 'y' ORDER BY starts_at", ("code", "starts_at")),
        ("status = 'x' AND starts_at > now()", ("status", "starts_at")),
        ("lower(code) = 'x'", ("(lower(code))",)),
        ("trim(lower(code)) = 'x'", ("(trim(lower(code)))",)),
        ("id = 1 OR note = 'y'", ("note",)),
    ],
)
def test_the_index_that_is_proposed(condition: str, columns: tuple[str, ...]) -> None:
    (judged,) = verdicts(f"SELECT id FROM t WHERE {condition}")
    assert judged.verdict.is_problem
    assert judged.verdict.columns == columns


def test_what_most_rows_are_is_no_state_to_look_for() -> None:
    columns = "id int PRIMARY KEY, deleted int, kind int"
    (judged,) = verdicts("SELECT id FROM t WHERE deleted = 0", columns=columns, constants=True)
    assert (judged.verdict.why, judged.verdict.columns) == (Why.FEW_VALUES, ())
    (judged,) = verdicts(
        "SELECT id FROM t WHERE deleted = 0 AND kind = 3", columns=columns, constants=True
    )
    assert judged.verdict.columns == ("kind",)


@pytest.mark.parametrize(
    ("condition", "indexes", "expected"),
    [
        ("room_id = 1 AND id > 2", [], Why.MISSING),
        ("room_id = 1 AND id > 2 AND id <= 9 ORDER BY id", [], Why.MISSING),
        ("room_id = 1 AND id > 2", ["CREATE INDEX i ON t (room_id)"], Why.INDEX),
        ("room_id = 1 AND id > 2 ORDER BY id LIMIT 100", [], Why.INDEX),
        ("room_id = 1 AND id = 2", [], Why.UNIQUE),
        ("note = 'x' AND id > 2", [], Why.INDEX),
        ("room_id > 1 AND id > 2", [], Why.INDEX),
        ("id > 2", [], Why.INDEX),
    ],
)
def test_what_is_new_of_one_key(condition: str, indexes: list[str], expected: Why) -> None:
    (judged,) = verdicts(f"SELECT * FROM t WHERE {condition}", *indexes)
    assert judged.verdict.why is expected
    if expected is Why.MISSING:
        assert judged.verdict.columns[0] == "room_id"


def joined(text: str, *indexes: str) -> dict[str, Why]:
    return {judged.table.name: judged.verdict.why for judged in verdicts(text, *indexes)}


def test_children_are_looked_up_for_the_parents_that_are_left() -> None:
    text = "SELECT 1 FROM rooms r JOIN t ON t.room_id = r.id WHERE r.number = 'x'"
    assert joined(text) == {"rooms": Why.UNIQUE, "t": Why.MISSING}
    assert joined(text, ROOM_START)["t"] is Why.INDEX


def test_without_a_condition_both_tables_are_read_anyway() -> None:
    text = "SELECT 1 FROM rooms r JOIN t ON t.room_id = r.id"
    assert Why.MISSING not in joined(text).values()


def test_which_of_many_tables_leads_is_told_by_the_key_to_the_only_one_that_is_narrowed() -> None:
    text = (
        "SELECT 1 FROM rooms r JOIN t ON t.room_id = r.id JOIN guests g ON g.room_id = r.id "
        "WHERE r.number = 'x'"
    )
    assert joined(text) == {"rooms": Why.UNIQUE, "t": Why.MISSING, "guests": Why.MISSING}
    assert joined(f"{text} AND g.passport = 'y'")["t"] is Why.NOTHING_ASKED
    assert joined(text.replace("g.room_id = r.id", "g.id = t.note"))["guests"] is Why.UNIQUE
    beside = text.replace("t.room_id = r.id", "t.note = r.number")
    assert joined(beside)["t"] is Why.NOTHING_ASKED


def test_a_column_without_its_table_belongs_to_the_only_one_that_has_it() -> None:
    text = "SELECT 1 FROM t JOIN guests ON guests.room_id = t.room_id WHERE passport = 'x'"
    assert joined(text)["guests"] is Why.MISSING
    ambiguous = "SELECT 1 FROM t JOIN guests ON guests.id = t.id WHERE room_id = 1"
    assert Why.MISSING not in joined(ambiguous).values()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("room_id = 1 AND expires_at > now()", ("room_id",)),
        ("room_id IN (?) AND valid_until >= ?", ()),  # several: the few of each, or not
        ("room_id = 1 AND valid_until >= ?", ("room_id",)),
        ("expires_at > now()", ()),
        ("room_id = 1 AND expires_at < now()", ()),  # what has ended is put away
        ("room_id = 1 AND expires_at = ?", ()),
        ("note = ? AND expires_at > now()", ()),
        ("room_id = 1 AND starts_at > now()", ()),
    ],
)
def test_what_has_not_ended_yet_of_one_key(condition: str, expected: tuple[str, ...]) -> None:
    known = [f"CREATE INDEX {c} ON t ({c})" for c in ("expires_at", "valid_until", "starts_at")]
    columns = f"expires_at timestamptz, valid_until timestamptz, {COLUMNS}"
    (judged,) = verdicts(f"SELECT code FROM t WHERE {condition}", *known, columns=columns)
    assert judged.verdict.columns == expected
    assert judged.verdict.why is (Why.MISSING if expected else Why.INDEX)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("note = 'mail'", Why.FEW_VALUES),
        ("note IN ('mail', 'call')", Why.FEW_VALUES),
        ("room_id = -1", Why.FEW_VALUES),
        ("note = 'mail' AND starts_at < now()", Why.MISSING),
        ("note = ?", Why.MISSING),
        ("note IN ('mail', ?)", Why.MISSING),
        ("code > 'm'", Why.MISSING),
        ("email = 'root@localhost'", Why.UNIQUE),
    ],
)
def test_a_value_that_stands_in_the_statement_is_one_of_a_few(
    condition: str, expected: Why
) -> None:
    (judged,) = verdicts(f"SELECT id FROM t WHERE {condition}", constants=True)
    assert judged.verdict.why is expected


def test_rows_of_a_list_are_looked_up_one_by_one() -> None:
    text = (
        "UPDATE t SET note = 'x' FROM unnest(:codes, :rooms) AS l (code, room_id) "
        "WHERE t.code = l.code AND t.room_id = l.room_id AND t.note = :note"
    )
    (served,) = verdicts(text, "CREATE INDEX i ON t (code, room_id)")
    assert served.verdict.why is Why.INDEX
    (missing,) = verdicts(text)
    assert missing.verdict.is_problem


def test_what_is_computed_for_each_row_is_not_looked_up() -> None:
    text = (
        "SELECT id FROM t WHERE starts_at = "
        "(SELECT max(x.starts_at) FROM t x WHERE x.room_id = t.room_id)"
    )
    assert next(j.verdict.why for j in verdicts(text)) is Why.NOT_INDEXABLE
    once = "SELECT id FROM t WHERE starts_at = (SELECT max(starts_at) FROM rooms)"
    assert next(j.verdict.why for j in verdicts(once)) is Why.MISSING


def test_a_join_with_a_column_whose_name_is_put_in_is_no_lookup() -> None:
    query = read_query("SELECT 1 FROM t JOIN rooms r ON r.{} = t.code WHERE t.id = ?", Span(1))
    assert query is not None
    assert [p.clause.value for p in query.predicates if p.column == "code"] == ["join"]


def test_the_on_of_an_outer_join_chooses_no_rows() -> None:
    text = "SELECT 1 FROM rooms r LEFT JOIN t ON t.room_id = r.id AND t.starts_at < ?"
    assert Why.MISSING not in joined(text).values()
    text = text.replace("LEFT", "INNER")
    assert joined(text)["t"] is Why.MISSING


def test_a_column_without_its_table_in_one_part_of_a_union() -> None:
    text = (
        "SELECT t.note FROM t JOIN guests ON guests.room_id = t.room_id WHERE t.id = 1 UNION SELECT t.note "
        "FROM t JOIN guests ON guests.room_id = t.room_id WHERE starts_at = 2 AND t.id = 3"
    )
    found = [each.verdict.why for each in verdicts(text) if each.table.name == "t"]
    assert found == [Why.UNIQUE, Why.UNIQUE]


def test_a_table_that_is_not_known_is_not_judged() -> None:
    query = read_query("SELECT 1 FROM elsewhere WHERE code = 'x'", Span(1))
    assert query is not None
    assert judge_query(query.predicates, []) == []


def test_a_tenant_in_front_of_the_indexes_is_named_by_every_query() -> None:
    known = ["CREATE INDEX a ON t (tenant_id, code)", "CREATE INDEX b ON t (tenant_id, note)"]
    columns = "id bigint PRIMARY KEY, tenant_id bigint, code text, note text"
    text = "SELECT id FROM t WHERE code = 'x'"
    assert [j.verdict.why for j in verdicts(text, *known, columns=columns)] == [Why.INDEX]
    named = "SELECT id FROM t WHERE tenant_id = ?"
    assert [j.verdict.why for j in verdicts(named, *known, columns=columns)] == [Why.INDEX]
    assert [j.verdict.why for j in verdicts(text, known[0], columns=columns)] == [Why.MISSING]


@pytest.mark.parametrize(
    ("indexes", "served"),
    [
        ([], False),
        (["CREATE INDEX i ON t (room_id)"], True),
        ([ROOM_START], True),
        (["CREATE INDEX i ON t (starts_at, room_id)"], False),
        (["CREATE INDEX i ON t (room_id) WHERE room_id IS NOT NULL"], True),
        (["CREATE INDEX i ON t (room_id) WHERE t.room_id IS NOT NULL"], True),
        (['CREATE INDEX i ON t (room_id) WHERE ("t"."room_id" IS NOT NULL)'], True),
        (["CREATE INDEX i ON t (room_id) WHERE t.code IS NOT NULL"], False),
        (["CREATE INDEX i ON t (room_id) WHERE active"], False),
        (["CREATE INDEX i ON t USING gin (room_id)"], False),
        (["CREATE INDEX i ON t ((room_id + 1))"], False),
    ],
)
def test_foreign_keys(indexes: list[str], served: bool) -> None:
    assert is_foreign_key_served(tables(*indexes)["t"], ["room_id"]) is served


def test_foreign_keys_of_two_columns() -> None:
    table = tables("CREATE INDEX i ON t (code, room_id)", "CREATE INDEX j ON t (status)")["t"]
    assert is_foreign_key_served(table, ["room_id", "code"])
    assert is_foreign_key_served(table, ["code", "note"])
    assert not is_foreign_key_served(table, ["status", "room_id"])


@pytest.mark.parametrize(
    ("column", "few"),
    [
        ("active boolean", True), ("a enum('x','y')", True), ("is_open int", True), ("a tinyint(1)", True),
        ("order_status text", True), ("deactivated int", True), ("rank smallint", True),
        ("country_id smallint", False), ("code text", False), ("currency_code text", True), ("enable_banking_id int", False),
        ("enable_banking int", True), ("created_at timestamptz", False),
        ("status text UNIQUE", False), ("user_id int", False), ("title text", False),
    ],
)  # fmt: skip
def test_columns_of_few_values(column: str, few: bool) -> None:
    assert few_values(tables(columns=f"id int, {column}")["t"], column.split()[0]) is few


@pytest.mark.parametrize(("method", "expected"), [("btree", Why.ORDER), ("brin", Why.SORT)])
def test_an_index_of_ranges_gives_no_order(method: str, expected: Why) -> None:
    (judged,) = verdicts(
        "SELECT id FROM t ORDER BY starts_at LIMIT 5",
        f"CREATE INDEX i ON t USING {method} (starts_at)",
    )
    assert judged.verdict.why is expected


def test_rows_without_a_match_are_found_by_the_key_that_they_are_joined_by() -> None:
    text = (
        "SELECT 1 FROM t LEFT JOIN rooms r ON r.id = t.room_id WHERE t.email = ? AND r.id IS NULL"
    )
    assert {j.table.name: j.verdict.why for j in verdicts(text)} == {
        "t": Why.UNIQUE,
        "rooms": Why.UNIQUE,
    }


@pytest.mark.parametrize(
    ("condition", "served"),
    [
        ("deleted = 0 AND kind = ?", True),
        ("deleted = 0", True),
        ("deleted = 0 AND kind = ? AND (status = 'a' OR status = 'b')", True),
        ("kind = ?", False),  # nothing is said of the column in front
        ("deleted = 0 AND status = ?", False),
        ("deleted IS NULL AND kind = ?", False),
    ],
)
def test_not_deleted_in_front_of_an_indexed_kind(condition: str, served: bool) -> None:
    index = "CREATE INDEX i ON t (deleted, kind, status)"
    columns = f"deleted boolean, {COLUMNS}"
    (judged,) = verdicts(f"SELECT id FROM t WHERE {condition}", index, columns=columns)
    assert (judged.verdict.why is Why.INDEX) is served


def test_another_kind_in_front_of_an_indexed_kind_is_no_not_deleted() -> None:
    index = "CREATE INDEX i ON t (content_type_id, kind)"
    (judged,) = verdicts(
        "SELECT id FROM t WHERE note = ? AND content_type_id = ? AND kind = ?",
        index,
        columns=f"content_type_id bigint, {COLUMNS}",
    )
    assert judged.verdict.why is Why.MISSING


def test_an_order_by_the_second_part_of_a_key() -> None:
    columns = "shop bigint, id bigint, PRIMARY KEY (shop, id)"
    (judged,) = verdicts("SELECT shop FROM t ORDER BY id LIMIT 5", columns=columns)
    assert (judged.verdict.why, judged.verdict.columns) == (Why.SORT, ("id",))


def test_a_tenant_in_front_of_an_indexed_flag_need_not_be_named() -> None:
    indexes = ["CREATE INDEX a ON t (tenant, status)", "CREATE INDEX b ON t (tenant, code)"]
    (judged,) = verdicts(
        "SELECT id FROM t WHERE status = ?", *indexes, columns=f"tenant text, {COLUMNS}"
    )
    assert judged.verdict.why is Why.INDEX


def test_a_key_to_a_list_of_kinds_serves_nothing_beside_what_tells_rows_apart() -> None:
    """An index that comes with a reference was not made for the few rows in a rare state."""
    columns = "id bigint PRIMARY KEY, code text, kind_id bigint, status bigint"
    lists = [
        "CREATE TABLE room_kinds (id bigint PRIMARY KEY, name text)",
        "CREATE INDEX a ON t (kind_id)",
        "CREATE INDEX b ON t (status)",
    ]
    refers = [
        *lists,
        "ALTER TABLE t ADD FOREIGN KEY (kind_id) REFERENCES room_kinds (id)",
        "ALTER TABLE t ADD FOREIGN KEY (status) REFERENCES room_kinds (id)",
    ]
    for text, indexes, why in (
        ("SELECT id FROM t WHERE code = ? AND kind_id = ?", lists, Why.INDEX),
        ("SELECT id FROM t WHERE code = ? AND kind_id = ?", refers, Why.MISSING),
        ("SELECT id FROM t WHERE code = ? AND status = ?", lists, Why.INDEX),
        ("SELECT id FROM t WHERE code = ? AND status = ?", refers, Why.MISSING),
        ("SELECT id FROM t WHERE status = ? AND code > ?", refers, Why.INDEX),  # its parts
        ("SELECT id FROM t WHERE kind_id = ? AND code > ?", refers, Why.INDEX),
        ("SELECT id FROM t WHERE status = ?", refers, Why.INDEX),
    ):
        (judged,) = verdicts(text, *indexes, columns=columns)
        assert judged.verdict.why is why, text
    assert judged.verdict.served


def test_what_a_list_contains_by_an_index_made_for_it() -> None:
    text = "SELECT * FROM t WHERE note @> 'x' ORDER BY starts_at LIMIT 1"
    (found,) = verdicts(text, "CREATE INDEX g ON t USING gin (note)")
    assert found.verdict.why is Why.INDEX
    (found,) = verdicts(text)
    assert found.verdict.why is Why.SORT


def test_each_side_of_an_or_that_misses_an_index_is_named() -> None:
    (judged,) = verdicts("SELECT id FROM t WHERE code = ? OR email = ? OR note = ?")
    assert judged.verdict.why is Why.ONE_SIDE
    assert (judged.verdict.columns, *judged.verdict.others) == (("code",), ("note",))


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("ORDER BY t.starts_at, r.name LIMIT 5", Why.SORT),
        ("ORDER BY r.name, t.starts_at LIMIT 5", Why.NOTHING_ASKED),
        ("WHERE r.number = ? ORDER BY t.starts_at, r.name LIMIT 5", Why.MISSING),
    ],
)
def test_a_table_joined_for_the_second_key_of_the_order(rest: str, expected: Why) -> None:
    judged = verdicts(f"SELECT t.id FROM t JOIN rooms r ON r.id = t.room_id {rest}")
    assert next((j.verdict.why for j in judged if j.table.name == "t"), None) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("r.is_open = ?", Why.SORT),  # most rooms are, and each is looked up
        ("r.name = ?", Why.MISSING),  # few rooms, and then the rows in them
        ("(r.is_open = ? OR r.floor_id = ?)", Why.NOT_INDEXABLE),
    ],
)
def test_flags_of_what_is_looked_up_leave_the_order_alone(condition: str, expected: Why) -> None:
    text = f"SELECT t.id FROM t JOIN rooms r ON r.id = t.room_id WHERE {condition} ORDER BY t.starts_at LIMIT 5"
    judged = verdicts(text)
    assert next((j.verdict.why for j in judged if j.table.name == "t"), None) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("noted_id = 1 AND noted_type = 'Order'", ("noted_id", "noted_type")),
        ("noted_id = 1 AND kind_type = 'Order'", ("noted_id", "kind_type")),
        ("noted_id = 1 AND told_state = true", ("noted_id",)),
        ("noted_id = 1 AND noted_type = 'Order' AND kind_type = 'x'", ("noted_id", "noted_type")),
        ("object_id = 1 AND content_type_id = 2", ("object_id", "content_type_id")),
        ("noted_type = 'Order' AND noted_id = 1 ORDER BY at", ("noted_id", "noted_type", "at")),
    ],
)
def test_what_a_key_is_a_key_of_belongs_to_its_index(
    condition: str, expected: tuple[str, ...]
) -> None:
    columns = (
        "id bigint PRIMARY KEY, noted_id bigint, noted_type text, kind_type text, object_id bigint, "
        "told_state boolean, content_type_id bigint, at timestamptz"
    )
    (judged,) = verdicts(f"SELECT * FROM t WHERE {condition}", columns=columns)
    assert (judged.verdict.why, judged.verdict.columns) == (Why.MISSING, expected)


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("JOIN rooms r ON r.id = t.room_id ORDER BY t.starts_at LIMIT 5", Why.SORT),
        ("JOIN rooms r ON r.id = t.room_id ORDER BY t.starts_at", Why.NOTHING_ASKED),
        # Either may lead: the rooms of a number may be few, and each room has many rows.
        (
            "JOIN rooms r ON r.id = t.room_id WHERE r.number > ? ORDER BY t.starts_at LIMIT 5",
            Why.NOT_INDEXABLE,
        ),
        ("JOIN rooms r ON r.floor_id = t.room_id ORDER BY t.starts_at LIMIT 5", Why.NOT_INDEXABLE),
    ],
)
def test_a_joined_row_that_is_looked_up_leaves_the_order_alone(rest: str, expected: Why) -> None:
    judged = verdicts(f"SELECT t.id FROM t {rest}")
    assert next(j.verdict.why for j in judged if j.table.name == "t") is expected


def test_rows_in_the_order_of_what_is_joined_to_them() -> None:
    """Few rooms, each of many rows: no index on their names gives the rows in order."""
    judged = verdicts(
        "SELECT t.id FROM t JOIN rooms r ON r.id = t.room_id ORDER BY r.name, t.starts_at LIMIT 5"
    )
    assert not any(j.verdict.is_problem for j in judged)


def test_an_index_that_begins_with_a_kind_is_named_where_it_does_not_do() -> None:
    """Django makes one for the type of each generic key."""
    (judged,) = verdicts(
        "SELECT id FROM t WHERE content_type_id = ? AND starts_at < ?",
        "CREATE INDEX i ON t (content_type_id)",
        columns=f"content_type_id bigint, {COLUMNS}",
    )
    assert (judged.verdict.why, judged.verdict.served) == (Why.MISSING, False)
    assert sentence(judged.verdict, judged.predicates) == (
        "many rows share a value of content_type_id, with which the index (content_type_id) begins; "
        "one on content_type_id, starts_at would serve"
    )


def test_a_checksum_leads_an_index_rather_than_a_size() -> None:
    (judged,) = verdicts(
        "SELECT id FROM t WHERE size = ? AND file_sha256 = ?",
        columns=f"size bigint, file_sha256 text, {COLUMNS}",
    )
    assert judged.verdict.columns == ("file_sha256", "size")


FLAGGED = f"{COLUMNS}, fingerprint_hash text, is_deleted boolean, url text, archived boolean, expired boolean, back_url text, url_key text, url_note text, stripe_payout_id text"
JOINED = (
    "SELECT t.id FROM t JOIN rooms r ON r.id = t.room_id JOIN floors f ON f.id = r.floor_id"
    " WHERE f.house_id = 1 AND "
)
FLOORS = "CREATE TABLE floors (id bigint PRIMARY KEY, house_id bigint); CREATE INDEX h ON floors (house_id)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # children of children: what identifies a row finds it at once
        (f"{JOINED} t.fingerprint_hash = 'x'", (Why.MISSING, ("fingerprint_hash",))),
        # of what many rows share the joins may leave fewer
        (f"{JOINED} t.note = 'x'", (Why.INDEX, ())),
        # children of one row are few
        (
            "SELECT t.id FROM t JOIN rooms r ON r.id = t.room_id WHERE r.floor_id = 1"
            " AND t.fingerprint_hash = 'x'",
            (Why.INDEX, ()),
        ),
    ],
)
def test_rows_reached_over_several_tables(text: str, expected: tuple[Why, tuple[str, ...]]) -> None:
    query = read_query(text, Span(1))
    assert query is not None
    indexes = ["CREATE INDEX i ON t (room_id)", "CREATE INDEX j ON rooms (floor_id)", FLOORS]
    known = tables(*indexes, columns=FLAGGED)
    predicates = [structs.replace(p, constant=False) for p in query.predicates]
    found = judge_query(predicates, [known[name] for name in query.reads], query.limited)
    (judged,) = [each for each in found if each.table.name == "t"]
    assert (judged.verdict.why, judged.verdict.columns) == expected


@pytest.mark.parametrize(
    ("condition", "index", "expected"),
    [
        # what is true of nearly all rows narrows nothing besides others
        ("is_deleted = false AND code = 'x'", "is_deleted", (Why.MISSING, ("code",))),
        ("is_deleted = false AND status = 'x'", "is_deleted", (Why.FEW_VALUES, ("status", "is_deleted"))),
        ("active = true AND code = 'x'", "active", (Why.MISSING, ("code",))),
        ("is_deleted = false AND starts_at > now()", "is_deleted", (Why.MISSING, ("starts_at",))),
        # alone it is as good as an index can be; a state is made for its rare rows
        ("is_deleted = true", "is_deleted", (Why.INDEX, ())),
        ("status = 'open' AND code = 'x'", "status", (Why.INDEX, ())),
        # what tells rows apart finds fewer than any state, be it a rare one
        ("status = 'open' AND url = 'x'", "status", (Why.MISSING, ("url", "status"))),
        ("status = 'open' AND fingerprint_hash = 'x'", "status", (Why.MISSING, ("fingerprint_hash", "status"))),
        ("status = 'open' AND stripe_payout_id = 'x'", "status", (Why.MISSING, ("stripe_payout_id", "status"))),
        ("status = 'open' AND room_id = 1", "status", (Why.INDEX, ())),
        ("status = 'open' AND url LIKE 'x%'", "status", (Why.INDEX, ())),
        ("status = 'open' AND md5(url) = 'x'", "status", (Why.INDEX, ())),
        ("status = 'open' AND deleted_at IS NULL AND url = 'x'", "status) WHERE (deleted_at IS NULL", (Why.INDEX, ())),
        ("status = 'open' AND back_url = 'x'", "status", (Why.MISSING, ("back_url", "status"))),
        ("status = 'open' AND url_key = 'x'", "status", (Why.MISSING, ("url_key", "status"))),
        ("status = 'open' AND url_note = 'x'", "status", (Why.INDEX, ())),
        ("expired = false AND at > now()", "expired", (Why.MISSING, ("at",))),
    ],
)  # fmt: skip
def test_an_index_on_what_nearly_all_rows_have(
    condition: str, index: str, expected: tuple[Why, tuple[str, ...]]
) -> None:
    text = f"SELECT id FROM t WHERE {condition}"
    (judged,) = verdicts(text, f"CREATE INDEX i ON t ({index})", columns=FLAGGED)
    assert (judged.verdict.why, judged.verdict.columns) == expected


def test_an_address_leads_an_index() -> None:
    text = "SELECT id FROM t WHERE note = 'a' AND code = 'c' AND url = 'b'"
    (judged,) = verdicts(text, columns=FLAGGED)
    assert judged.verdict.columns == ("code", "url", "note")


@pytest.mark.parametrize(
    ("condition", "constants", "expected"),
    [
        ("status = 'open'", True, Why.INDEX),
        # a state that whoever asks gives may be one that the index leaves out
        ("status = 'open'", False, Why.FEW_VALUES),
        ("status = 'open' AND code = 'x'", True, Why.INDEX),
        ("status = 'open' AND code = 'x'", False, Why.MISSING),
        ("active = true AND code = 'x'", False, Why.MISSING),
    ],
)
def test_an_index_of_the_rows_of_one_state(condition: str, constants: bool, expected: Why) -> None:
    index = "CREATE INDEX i ON t (room_id) WHERE status = 'open'"
    [judged] = verdicts(f"SELECT 1 FROM t WHERE {condition}", index, constants=constants)
    assert judged.verdict.why is expected


@pytest.mark.parametrize(
    ("indexed", "condition", "expected"),
    [
        ("status", "status = 'open'", Why.INDEX),
        ("note", "status = 'open'", Why.SORT),
        # nearly every row is active: its index leaves all of them to be sorted
        ("active", "active = true", Why.SORT),
    ],
)
def test_the_latest_rows_of_a_kind_that_an_index_finds(
    indexed: str, condition: str, expected: Why
) -> None:
    query = f"SELECT 1 FROM t WHERE {condition} ORDER BY at LIMIT 5"
    [judged] = verdicts(query, f"CREATE INDEX i ON t ({indexed})", constants=True)
    assert judged.verdict.why is expected


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("is_draft", ("at",)),
        ("published", ("at",)),
        ("hidden", ("at",)),
        ("approved_by_staff", ("at",)),
        ("is_sent", ("is_sent", "at")),
    ],
)
def test_what_nearly_every_row_is_does_not_lead_an_index(
    flag: str, expected: tuple[str, ...]
) -> None:
    columns = f"id bigint PRIMARY KEY, {flag} boolean, at timestamptz"
    (ordered,) = verdicts(
        f"SELECT 1 FROM t WHERE {flag} = false ORDER BY at LIMIT 5", columns=columns
    )
    assert (ordered.verdict.why, ordered.verdict.columns) == (Why.SORT, expected)
    (ranged,) = verdicts(f"SELECT 1 FROM t WHERE {flag} = false AND at > now()", columns=columns)
    assert (ranged.verdict.why, ranged.verdict.columns) == (Why.MISSING, expected)


@pytest.mark.parametrize(
    ("condition", "constants", "why"),
    [
        ("target_id = 1 AND link_type = 'related'", False, Why.MISSING),
        ("target_id = 1 AND link_type = 'related'", True, Why.INDEX),  # a rare one, for all we know
        ("target_id > 1 AND link_type = 'related'", False, Why.INDEX),
        ("title = 'x' AND link_type = 'related'", False, Why.INDEX),
    ],
)
def test_an_index_on_a_kind_does_not_find_a_key(condition: str, constants: bool, why: Why) -> None:
    columns = "id bigint PRIMARY KEY, target_id bigint, link_type text, title text"
    judged = verdicts(
        f"SELECT * FROM t WHERE {condition}",
        "CREATE INDEX i ON t (link_type)",
        columns=columns,
        constants=constants,
    )
    assert [each.verdict.why for each in judged] == [why]


@pytest.mark.parametrize(
    ("index", "condition", "why"),
    [
        ("(noted_type, noted_id)", "author_id = ? AND noted_type = 'Order'", Why.MISSING),
        ("(noted_type, old_noted_id)", "author_id = ? AND noted_type = 'Order'", Why.MISSING),
        ("(noted_type, noted_id)", "noted_id = ? AND noted_type = 'Order'", Why.INDEX),
        ("(noted_type, at)", "author_id = ? AND noted_type = 'Order'", Why.INDEX),  # of a rare kind
        ("(noted_type)", "author_id = ? AND noted_type = 'Order'", Why.INDEX),
        ("(noted_type, noted_id)", "at > ? AND noted_type = 'Order'", Why.INDEX),
        ("(noted_type, author_id)", "author_id = ? AND noted_type = 'Order'", Why.INDEX),
    ],
)
def test_an_index_of_a_kind_and_its_key_finds_no_other_key(
    index: str, condition: str, why: Why
) -> None:
    columns = (
        "id bigint PRIMARY KEY, noted_type text, noted_id bigint, old_noted_id bigint, "
        "author_id bigint, at timestamptz"
    )
    judged = verdicts(
        f"SELECT * FROM t WHERE {condition}",
        f"CREATE INDEX i ON t {index}",
        columns=columns,
        constants=True,
    )
    assert [each.verdict.why for each in judged] == [why]


def test_an_order_by_what_is_no_column_leaves_the_conditions_as_they_are() -> None:
    table = tables("CREATE INDEX i ON t (starts_at)")["t"]
    code = Predicate("t", "code", "=", Clause.FILTER)
    total, begins = (Predicate("t", name, "sort", Clause.SORT) for name in ("total", "starts_at"))
    for asked, why, told in (
        ([code, total, begins], Why.MISSING, ("code",)),
        ([code, begins, total], Why.MISSING, ("code", "starts_at")),
        ([begins, total], Why.UNKNOWN_COLUMNS, ()),
        ([Predicate("t", "none", "=", Clause.FILTER), total], Why.UNKNOWN_COLUMNS, ()),
    ):
        (judged,) = judge_query(asked, [table], limited=True)
        assert (judged.verdict.why, judged.verdict.columns) == (why, told)


def columns_missing(text: str, table: str, *indexes: str) -> list[tuple[str, ...]]:
    found = verdicts(text, *indexes, constants=True)
    return [
        each.verdict.columns
        for each in found
        if each.table.name == table and each.verdict.is_problem
    ]


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE t SET status = 'taken' WHERE id IN"
        " (SELECT id FROM t WHERE status = 'new' ORDER BY starts_at LIMIT 1 FOR UPDATE SKIP LOCKED)",
        "WITH next AS (SELECT id FROM t WHERE status = 'new' ORDER BY t.starts_at LIMIT 1)"
        " UPDATE t SET status = 'taken' FROM next WHERE next.id = t.id",
    ],
)
def test_the_first_rows_of_an_inner_select_are_sorted_out_of_all(text: str) -> None:
    assert columns_missing(text, "t") == [("status", "starts_at")]
    assert columns_missing(text, "t", "CREATE INDEX i ON t (status, starts_at)") == []
    whole = text.replace(" LIMIT 1", "")
    assert ("status", "starts_at") not in columns_missing(whole, "t")


def test_an_inner_select_of_several_tables_may_begin_with_either() -> None:
    text = (
        "DELETE FROM rooms WHERE kind = (SELECT g.room_id"
        " FROM t JOIN guests g ON g.id = t.kind ORDER BY t.starts_at LIMIT 1)"
    )
    assert columns_missing(text, "t") == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT r.name, (SELECT count(*) FROM t WHERE t.room_id = r.id) FROM rooms r",
        "SELECT g.passport, (SELECT count(*) FROM t WHERE t.room_id = r.id) FROM guests g JOIN rooms r ON r.id = g.room_id",
        "UPDATE rooms SET floor_id = (SELECT max(t.kind) FROM t WHERE t.room_id = rooms.id)",
    ],
)
def test_what_is_computed_for_each_row_looks_up_its_own(text: str) -> None:
    assert columns_missing(text, "t") == [("room_id",)]
    assert columns_missing(text, "t", "CREATE INDEX i ON t (room_id)") == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT r.name FROM rooms r WHERE EXISTS (SELECT 1 FROM t WHERE t.room_id = r.id)",
        "SELECT r.name FROM rooms r JOIN (SELECT room_id FROM t GROUP BY room_id) s ON s.room_id = r.id",
    ],
)
def test_what_may_be_joined_at_once_looks_up_nothing(text: str) -> None:
    assert columns_missing(text, "t") == []


def test_the_number_of_a_kind_that_code_lists() -> None:
    columns = (
        'id bigint PRIMARY KEY, "OrderStatusId" int, state_id bigint, '
        "type_id int REFERENCES rooms (id)"
    )
    table = tables(columns=columns)["t"]
    assert [few_values(table, each.name) for each in table.columns] == [False, True, False, False]


def test_two_columns_of_one_row_among_several_tables_find_nothing() -> None:
    chosen = (
        "WITH high AS (SELECT id, floor_id FROM rooms WHERE number = 'x') "
        "SELECT t.code FROM t, high WHERE (starts_at >= high.id AND room_id > high.floor_id) OR {}"
    )
    assert columns_missing(chosen.format("at > deleted_at"), "t") == []
    assert columns_missing(chosen.format("at > high.id"), "t") == [("starts_at",)]
