"""What the rule on migrations says, and of which of them."""

from __future__ import annotations

from tests.rules.findings import find

from scaleaudit.findings import Confidence, Severity

FIRST = "migrations/20240110090000_init.sql"
NEXT = "migrations/20250610090000_next.sql"
TABLE = (
    "CREATE TABLE orders (id bigserial PRIMARY KEY, a bigint, b text, c integer, at timestamptz);"
)
INSERT = 'def add(c):\n    c.execute("INSERT INTO orders (a) VALUES (%s)", (1,))\n'


def kinds(statement: str, **more: str) -> list[str]:
    files = {FIRST: TABLE, NEXT: statement, "add.py": INSERT}
    found = find(
        "unsafe-migration", files | {path.replace("__", "."): text for path, text in more.items()}
    )
    return sorted(str(finding.data["kind"]) for finding in found)


def test_severity_and_confidence_follow_the_table() -> None:
    files = {FIRST: TABLE, NEXT: "CREATE INDEX i ON orders (a);"}
    (quiet,) = find("unsafe-migration", files)
    assert (quiet.severity, quiet.confidence) == (Severity.LOW, Confidence.MEDIUM)
    (filled,) = find("unsafe-migration", {**files, "add.py": INSERT})
    assert (filled.severity, filled.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert filled.message == (
        "The migration builds an index on orders.a: nothing can write to the table until it is done."
    )
    assert filled.data["instead"] == "CREATE INDEX CONCURRENTLY, outside a transaction"
    (fresh,) = find(
        "unsafe-migration",
        {
            FIRST: TABLE,
            NEXT: "ALTER TABLE orders ADD COLUMN n text; CREATE INDEX i ON orders (n);",
            "add.py": INSERT,
        },
    )
    assert fresh.severity is Severity.MEDIUM


def test_only_the_newest_are_judged() -> None:
    files = {FIRST: TABLE, "migrations/20250101090000_i.sql": "CREATE INDEX i ON orders (a);"}
    files |= {"add.py": INSERT}
    files |= {
        f"migrations/202502{day:02}090000_x.sql": f"ALTER TABLE orders ADD COLUMN x{day} text;"
        for day in range(1, 11)
    }
    assert not find("unsafe-migration", files)
    assert len(find("unsafe-migration", files, recent=11)) == 1


def test_what_is_a_year_older_than_the_newest_is_not_judged() -> None:
    files = {FIRST: TABLE, "migrations/20240601090000_i.sql": "CREATE INDEX i ON orders (a);"}
    assert len(find("unsafe-migration", files)) == 1
    assert not find("unsafe-migration", {**files, NEXT: "ALTER TABLE orders ADD COLUMN n text;"})


def test_many_are_one_finding_that_tells_the_habit() -> None:
    (found,) = find(
        "unsafe-migration",
        {
            FIRST: TABLE,
            NEXT: "CREATE INDEX i ON orders (a); CREATE INDEX j ON orders (b);",
            "migrations/20250611090000_more.sql": (
                "CREATE INDEX k ON orders (c);\nALTER TABLE orders RENAME COLUMN b TO d;"
            ),
        },
    )
    assert found.message == (
        "2 of the 2 newest migrations stop a table in use or the version that runs (orders.a, "
        "orders.b and orders.c): build an index under a write lock (3 times), rename a column (once)."
    )
    assert found.data["kinds"] == ["index: 3", "rename-column: 1"]
    assert len(found.related) == 3


def test_a_type_counts_where_rows_change() -> None:
    assert kinds("ALTER TABLE orders ALTER COLUMN c TYPE bigint;") == ["alter-type"]
    assert kinds("ALTER TABLE orders ALTER COLUMN b TYPE varchar(90);") == []
    assert kinds("ALTER TABLE orders ALTER COLUMN gone TYPE bigint;") == []


def test_a_proof_spares_the_reading() -> None:
    assert kinds("ALTER TABLE orders ALTER COLUMN b SET NOT NULL;") == ["set-not-null"]
    proof = "ALTER TABLE orders ADD CHECK (b IS NOT NULL) NOT VALID;"
    assert kinds(f"{proof} ALTER TABLE orders ALTER COLUMN b SET NOT NULL;") == []


def test_a_constant_default_is_slow_only_on_an_old_engine() -> None:
    step = "ALTER TABLE orders ADD COLUMN d integer NOT NULL DEFAULT 0;"
    compose = "services:\n  db:\n    image: postgres:{}\n"
    assert kinds(step) == []
    assert kinds(step, compose__yaml=compose.format("16-alpine")) == []
    assert kinds(step, compose__yaml=compose.format("10.4")) == ["add-column"]


def test_a_dropped_column_counts_while_queries_name_it() -> None:
    drop = "ALTER TABLE orders DROP COLUMN b;"
    assert kinds(drop) == []
    asks = 'def f(c, x):\n    return c.execute("SELECT id FROM orders WHERE b = %s", (x,))\n'
    assert kinds(drop, f__py=asks) == ["drop-column"]


def test_a_table_that_gets_a_view_of_its_old_name_is_not_told() -> None:
    rename = "ALTER TABLE orders RENAME TO sales;"
    assert kinds(rename) == ["rename-table"]
    assert kinds(f"{rename} CREATE VIEW orders AS SELECT * FROM sales;") == []


def test_a_new_table_may_change_for_a_while() -> None:
    young = {FIRST: TABLE, "migrations/20240215090000_i.sql": "CREATE INDEX i ON orders (a);"}
    assert not find("unsafe-migration", young)
    counted = {"migrations/1_init.sql": TABLE}
    counted |= {f"migrations/{n}_x.sql": "ALTER TABLE orders ADD x text;" for n in range(2, 6)}
    index = "CREATE INDEX i ON orders (a);"
    assert not find("unsafe-migration", {**counted, "migrations/5_x.sql": index})
    assert len(find("unsafe-migration", {**counted, "migrations/6_x.sql": index})) == 1


def test_tables_can_be_left_out() -> None:
    files = {FIRST: TABLE, NEXT: "CREATE INDEX i ON orders (a);"}
    assert not find("unsafe-migration", files, ignore_tables=("orders",))


def test_what_ran_on_a_quiet_table_is_done_with() -> None:
    files = {FIRST: TABLE, NEXT: "CREATE INDEX i ON orders (a);"}
    assert len(find("unsafe-migration", files)) == 1
    files |= {"migrations/20250611090000_after.sql": "ALTER TABLE orders ADD COLUMN n text;"}
    assert not find("unsafe-migration", files)
    assert len(find("unsafe-migration", {**files, "add.py": INSERT})) == 1


def test_several_migrations_are_one_habit() -> None:
    files = {FIRST: TABLE, NEXT: "CREATE INDEX i ON orders (a);", "add.py": INSERT}
    files |= {"migrations/20250611090000_after.sql": "CREATE INDEX j ON orders (b);"}
    (found,) = find("unsafe-migration", files)
    assert found.subject == "migrations"
