"""What the findings of the rules on data say, beyond where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Confidence, Phase, Severity

if TYPE_CHECKING:
    from scaleaudit.findings import Finding

SCHEMA = """
CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE orders (
    id          bigserial PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    code        text NOT NULL,
    placed_at   timestamptz NOT NULL DEFAULT now()
);
"""
INSERT = 'def add(c):\n    c.execute("INSERT INTO orders (code) VALUES (%s)")\n'


def statement(text: str) -> str:
    return f'def run(c, x):\n    return c.execute("{text}", (x,)).fetchall()\n'


def handler(text: str) -> str:
    return (
        "from flask import Flask\n\nfrom shop.db import connection\n\napp = Flask(__name__)\n\n\n"
        f'@app.get("/x")\ndef show():\n    return connection().execute("{text}").fetchall()\n'
    )


def test_an_unindexed_query_says_which_index_it_wants() -> None:
    (found,) = find(
        "unindexed-query",
        {
            "db/schema.sql": SCHEMA,
            "shop/add.py": INSERT,
            "shop/a.py": statement("SELECT id FROM orders WHERE code = %s ORDER BY placed_at"),
            "shop/b.py": statement("SELECT id FROM orders WHERE code = %s"),
        },
    )
    assert found.subject == "orders.code"
    assert found.confidence is Confidence.HIGH
    assert found.severity is Severity.HIGH
    assert found.data["table"] == "orders"
    assert found.data["columns"] == ["code", "placed_at"]
    assert found.data["suggested_index"] == (
        "CREATE INDEX CONCURRENTLY orders_code_placed_at_idx ON orders (code, placed_at)"
    )
    assert found.data["engine"] == "postgres"
    places = {evidence.at.path for evidence in found.related}
    assert places | {found.location.path} >= {"shop/a.py", "shop/b.py", "db/schema.sql"}


@pytest.mark.parametrize(
    "more", ["expires_at timestamp", '"expiresAt" timestamp', '"readerId" int']
)
def test_a_table_fills_however_the_words_of_its_columns_are_parted(more: str) -> None:
    column = "readerId" if "readerId" in more else "shelf"
    found = find(
        "unindexed-query",
        {
            "package.json": '{"dependencies": {"objection": "3", "express": "4", "pg": "8"}}',
            "db/schema.sql": f"CREATE TABLE tickets (id serial PRIMARY KEY, shelf text, {more});",
            "src/ticket.js": (
                "import { Model } from 'objection'\n"
                "export class Ticket extends Model { static get tableName() { return 'tickets' } }"
            ),
            "src/app.js": (
                "import express from 'express'\nimport { Ticket } from './ticket'\n"
                "const app = express()\n"
                "app.get('/x', async (req, res) => {\n"
                f"  res.json(await Ticket.query().where('{column}', req.query.x).first())\n}})\n"
            ),
        },
    )
    assert [each.subject for each in found] == [f"tickets.{column}"]


def test_an_order_that_an_index_could_give_is_not_told_as_having_none() -> None:
    (found,) = find(
        "unindexed-query",
        {
            "db/schema.sql": SCHEMA + "CREATE INDEX newest ON orders (placed_at);\n",
            "shop/add.py": INSERT,
            "shop/a.py": statement("SELECT id FROM orders WHERE code = %s ORDER BY placed_at"),
        },
    )
    assert found.message.startswith("orders is searched by code, and no index starts with any of")
    assert found.data["columns"] == ["code", "placed_at"]


def test_a_table_that_nobody_is_seen_to_fill_is_less_sure() -> None:
    (found,) = find(
        "unindexed-query",
        {
            "db/schema.sql": SCHEMA,
            "shop/a.py": statement("SELECT id FROM orders WHERE code = %s"),
        },
    )
    assert (found.severity, found.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)


@pytest.mark.parametrize(
    ("rule", "query"),
    [
        ("unindexed-query", "SELECT id FROM orders WHERE code = %s"),
        ("unbounded-query", "SELECT id FROM orders"),
        ("unindexed-foreign-key", "SELECT id FROM orders WHERE id = %s"),
    ],
)
def test_tables_may_be_ignored(rule: str, query: str) -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT, "shop/views.py": handler(query)}
    assert find(rule, files)
    assert find(rule, files, ignore_tables=("Orders",)) == []


def test_an_ignored_table_may_count_in_32_bits() -> None:
    files = {"db/schema.sql": "CREATE TABLE orders (id serial PRIMARY KEY, at timestamptz);"}
    assert find("int32-key", files)
    assert find("int32-key", files, ignore_tables=("orders",)) == []


@pytest.mark.parametrize(
    ("table", "code", "severity"),
    [
        ("orders (id serial PRIMARY KEY, placed_at timestamptz)", INSERT, Severity.MEDIUM),
        (
            "visits (id serial PRIMARY KEY, placed_at timestamptz)",
            INSERT.replace("orders", "visits"),
            Severity.HIGH,
        ),
        (
            "visits (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, made_at datetime) ENGINE=InnoDB",
            INSERT.replace("orders", "visits"),
            Severity.MEDIUM,
        ),
        ("orders (id serial PRIMARY KEY, code text)", INSERT, Severity.LOW),
        ("orders (id smallserial PRIMARY KEY, code text)", INSERT, Severity.HIGH),
        ("orders (id smallserial PRIMARY KEY, code text)", "", Severity.LOW),
        ("login_events (id serial PRIMARY KEY, code text)", "", Severity.MEDIUM),
        ("users (id serial PRIMARY KEY, email text)", "", Severity.LOW),
        (
            "users (id serial PRIMARY KEY, created_at timestamptz)",
            INSERT.replace("orders", "users"),
            Severity.LOW,
        ),
        ("papers (id serial PRIMARY KEY, title text)", "", Severity.LOW),
        (
            "papers (id serial PRIMARY KEY, code text)",
            INSERT.replace("orders", "papers"),
            Severity.LOW,
        ),
    ],
)
def test_how_soon_a_key_runs_out(table: str, code: str, severity: Severity) -> None:
    files = {"db/schema.sql": f"CREATE TABLE {table};", "shop/add.py": code}
    (found,) = find("int32-key", files)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("", Severity.LOW),
        (INSERT, Severity.LOW),
        (
            INSERT + statement("SELECT 1 FROM orders WHERE customer_id = %s AND id = 5"),
            Severity.LOW,
        ),
        (INSERT + statement("DELETE FROM customers WHERE id = %s"), Severity.MEDIUM),
        (
            INSERT + statement("WITH c AS (SELECT 1) UPDATE customers SET email = %s"),
            Severity.LOW,
        ),
    ],
)
def test_a_foreign_key_matters_as_far_as_it_is_used(code: str, severity: Severity) -> None:
    (found,) = find("unindexed-foreign-key", {"db/schema.sql": SCHEMA, "shop/a.py": code})
    assert found.subject == "orders.customer_id"
    assert found.severity is severity
    assert found.confidence is Confidence.HIGH


def test_a_reference_that_queries_look_up_is_one_finding() -> None:
    asked = INSERT + statement("SELECT id FROM orders WHERE customer_id = %s")
    files = {"db/schema.sql": SCHEMA, "shop/a.py": asked}
    assert find("unindexed-foreign-key", files) == []
    assert [f.subject for f in find("unindexed-query", files)] == ["orders.customer_id"]


LINKS = """
CREATE TABLE people (id bigserial PRIMARY KEY);
CREATE TABLE letters (
    id bigserial PRIMARY KEY,
    a bigint REFERENCES people (id), b bigint REFERENCES people (id),
    c bigint REFERENCES people (id), d bigint REFERENCES people (id)
);
"""
SENT = 'def send(c):\n    c.execute("INSERT INTO letters (a) VALUES (%s)")\n'


def test_references_of_one_cause_are_one_finding() -> None:
    forget = statement("DELETE FROM people WHERE id = %s")
    (deleted,) = find("unindexed-foreign-key", {"db/schema.sql": LINKS, "a.py": SENT + forget})
    assert (deleted.subject, deleted.severity) == ("references to people", Severity.MEDIUM)
    assert deleted.data["columns"] == ["letters.a", "letters.b", "letters.c", "letters.d"]
    (unasked,) = find("unindexed-foreign-key", {"db/schema.sql": LINKS})
    assert (unasked.subject, unasked.severity) == ("references", Severity.LOW)


def test_references_to_several_parents_are_one_finding() -> None:
    schema = "".join(f"CREATE TABLE p{n} (id bigserial PRIMARY KEY);\n" for n in range(4))
    columns = ", ".join(f"c{n} bigint REFERENCES p{n} (id)" for n in range(4))
    schema += f"CREATE TABLE letters (id bigserial PRIMARY KEY, {columns});"
    code = SENT + "".join(
        statement(f"DELETE FROM p{n} WHERE id = %s").replace("run", f"run{n}") for n in range(4)
    )
    (found,) = find("unindexed-foreign-key", {"db/schema.sql": schema, "a.py": code})
    assert found.severity is Severity.MEDIUM
    assert found.data["columns"] == [f"letters.c{n}" for n in range(4)]


def test_keys_of_32_bits_are_one_habit() -> None:
    names = ("users", "visits", "teams", "papers")
    tables = "".join(f"CREATE TABLE {n} (id serial PRIMARY KEY, t text);\n" for n in names)
    (found,) = find("int32-key", {"db/schema.sql": tables})
    assert found.severity is Severity.LOW  # nothing is seen to fill them
    assert found.data["tables"] == ["visits", "papers", "teams", "users"]
    assert found.location.line == 2
    code = {"shop/add.py": INSERT.replace("orders", "visits")}
    (found,) = find("int32-key", {"db/schema.sql": tables, **code})
    assert found.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("thing", "severity"),
    [("expense", Severity.MEDIUM), ("user", Severity.HIGH), ("", Severity.HIGH)],
)
def test_what_happens_to_a_thing_is_less_than_what_people_do(
    thing: str, severity: Severity
) -> None:
    name = f"{thing}_logs".strip("_")
    tables = f"CREATE TABLE {name} (id serial PRIMARY KEY, placed_at timestamptz);\n"
    tables += f"CREATE TABLE {thing}s (id bigserial PRIMARY KEY);" if thing else ""
    code = INSERT.replace("orders", name)
    (found,) = find("int32-key", {"db/schema.sql": tables, "shop/add.py": code})
    assert found.severity is severity


def test_narrow_references_to_one_wide_key_are_one_repair() -> None:
    wide = "CREATE TABLE users (id bigserial PRIMARY KEY, t text);\n"
    few = "".join(
        f"CREATE TABLE t{n} (k uuid PRIMARY KEY, user_id int REFERENCES users (id));\n"
        for n in range(4)
    )
    (found,) = find("int32-key", {"db/schema.sql": wide + few})
    assert found.data["columns"] == [f"t{n}.user_id" for n in range(4)]
    assert "4 columns refer to users.id in fewer bits than it has" in found.message
    one, _ = few.split("\n", 1)
    (found,) = find("int32-key", {"db/schema.sql": wide + one})
    assert found.data["columns"] == ["user_id"]


def test_a_narrow_key_among_wide_ones_was_chosen_for_a_small_table() -> None:
    names = ("users", "papers", "teams", "visits")
    wide = "".join(f"CREATE TABLE {n} (id bigserial PRIMARY KEY, t text);\n" for n in names)
    few = "CREATE TABLE servers (id serial PRIMARY KEY, t text);\n"
    events = "CREATE TABLE clicks (id serial PRIMARY KEY, t text);\n"
    (found,) = find("int32-key", {"db/schema.sql": wide + few + events})
    assert found.data["table"] == "clicks"
    (found,) = find("int32-key", {"db/schema.sql": few})
    assert found.data["table"] == "servers"


def test_keys_of_32_bits_are_one_finding_the_fast_ones_first() -> None:
    names = ("visits", "clicks", "messages", "jobs")
    tables = "".join(
        f"CREATE TABLE {n} (id serial PRIMARY KEY, placed_at timestamptz);\n" for n in names
    )
    code = "".join(INSERT.replace("orders", n).replace("add", f"add_{n}") for n in names)
    slow = "CREATE TABLE teams (id serial PRIMARY KEY, t text);"
    (keys,) = find("int32-key", {"db/schema.sql": tables + slow, "shop/add.py": code})
    assert (keys.subject, keys.severity) == ("keys", Severity.HIGH)
    assert keys.data["tables"] == ["clicks", "jobs", "visits", "messages", "teams"]
    assert keys.message.startswith("5 keys count up in 32 bits,")
    short = "CREATE TABLE rooms (id smallserial PRIMARY KEY, t text);"
    (keys,) = find("int32-key", {"db/schema.sql": tables + short, "shop/add.py": code})
    assert keys.message.startswith("5 keys count up in 16 and 32 bits,")
    two = {"db/schema.sql": tables.split("\n")[0] + slow, "shop/add.py": code}
    (keys,) = find("int32-key", two)
    assert keys.data["tables"] == ["visits", "teams"]


VALIDATED = {
    "Gemfile": 'gem "rails"\ngem "pg"\n',
    "db/schema.rb": """
ActiveRecord::Schema[7.1].define(version: 2026_02_01_090000) do
  enable_extension "plpgsql"

  create_table "clubs" do |t|
    t.string "name"
    t.bigint "owner_id"
    t.datetime "created_at"
  end

  create_table "shops" do |t|
    t.string "name"
    t.bigint "owner_id"
    t.datetime "created_at"
  end
end
""",
    "app/models/club.rb": "class Club < ApplicationRecord\n  validates :name, uniqueness: true\nend\n",
    "app/models/shop.rb": "class Shop < ApplicationRecord\n  validates :name, uniqueness: true\nend\n",
}


def test_what_only_validations_ask_is_one_finding() -> None:
    (found,) = find("unindexed-query", VALIDATED)
    assert found.data["columns"] == ["clubs.name", "shops.name"]
    assert found.severity is Severity.LOW
    asked = "class ShopsController < ApplicationController\n  def show\n    Shop.find_by(name: params[:name])\n  end\nend\n"
    told = find("unindexed-query", {**VALIDATED, "app/controllers/shops_controller.rb": asked})
    assert sorted(each.subject for each in told) == ["clubs.name", "shops.name"]


def test_references_that_nothing_asks_for_are_one_finding() -> None:
    schema = "CREATE TABLE shops (id bigserial PRIMARY KEY, name text);\n" + "".join(
        f"CREATE TABLE {name} (id bigserial PRIMARY KEY, shop_id bigint REFERENCES shops (id));\n"
        for name in ("visits", "orders")
    )
    (found,) = find("unindexed-foreign-key", {"db/schema.sql": schema})
    assert found.data["columns"] == ["orders.shop_id", "visits.shop_id"]


def columns_in_lower_case(count: int) -> dict[str, str]:
    columns = ", ".join(f"c{n} text" for n in range(count))
    indexes = "".join(f"CREATE INDEX i{n} ON orders (c{n});\n" for n in range(count))
    code = "".join(
        statement(f"SELECT id FROM orders WHERE lower(c{n}) = %s").replace("run", f"run{n}")
        for n in range(count)
    )
    schema = f"CREATE TABLE orders (id bigserial PRIMARY KEY, {columns}, code text);\n{indexes}"
    return {"db/schema.sql": schema, "shop/a.py": code, "shop/add.py": INSERT}


def test_one_function_around_many_columns_is_one_habit() -> None:
    (found,) = find("non-sargable-predicate", columns_in_lower_case(4))
    assert found.subject == "lower of columns of the application"
    assert found.data["columns"] == [f"orders.c{n}" for n in range(4)]
    assert len([e for e in found.related if e.at.path == "shop/a.py"]) == 3
    assert len(find("non-sargable-predicate", columns_in_lower_case(3))) == 3


def test_a_day_is_compared_as_a_range_and_needs_no_second_index() -> None:
    schema = (
        SCHEMA + "CREATE INDEX placed ON orders (placed_at); CREATE INDEX byc ON orders (code);"
    )
    files = {"db/schema.sql": schema, "shop/add.py": INSERT}
    for condition, proposed in (("date(placed_at) = %s", False), ("lower(code) = %s", True)):
        asked = {**files, "shop/v.py": handler(f"SELECT id FROM orders WHERE {condition}")}
        (found,) = find("non-sargable-predicate", asked)
        assert bool(found.statements) is proposed
        assert bool(found.data["suggested_index"]) is proposed


def test_a_validation_blind_to_case_says_what_makes_it_so() -> None:
    schema = (
        "ActiveRecord::Schema[7.1].define(version: 1) do\n  enable_extension 'plpgsql'\n"
        "  create_table 'stories' do |t|\n    t.string 'code'\n    t.index ['code']\n  end\nend\n"
    )
    model = (
        "class Story < ApplicationRecord\n"
        "  validates :code, uniqueness: { case_sensitive: false }\nend\n"
        "class Job\n  def x\n    Story.create(code: 1)\n  end\nend\n"
    )
    (found,) = find(
        "non-sargable-predicate", {"db/schema.rb": schema, "app/models/story.rb": model}
    )
    assert "`case_sensitive: false`" in found.message


def test_a_foreign_key_of_an_unknown_engine_is_uncertain() -> None:
    schema = (
        "CREATE TABLE a (id int); CREATE TABLE b (a_id int REFERENCES a (id), name varchar(9));"
    )
    (found,) = find("unindexed-foreign-key", {"db/schema.sql": schema})
    assert found.confidence is Confidence.LOW
    assert found.data["suggested_index"] == "CREATE INDEX b_a_id_idx ON b (a_id)"


def test_an_unbounded_query_by_a_flag_says_so() -> None:
    schema = SCHEMA.replace("code ", "paid boolean, kind text, code ")
    files = {"db/schema.sql": schema, "shop/add.py": INSERT}
    flag = {**files, "shop/v.py": handler("SELECT id FROM orders WHERE NOT paid")}
    (found,) = find("unbounded-query", flag)
    assert found.message.startswith("All rows of orders that pass a test of paid are read at once,")
    assert found.severity is Severity.HIGH
    for test in ("kind = %s", "kind = 'open'"):
        kind = {**files, "shop/v.py": handler(f"SELECT id FROM orders WHERE {test}")}
        (found,) = find("unbounded-query", kind)
        assert found.severity is Severity.LOW


@pytest.mark.parametrize(
    ("engine", "index"),
    [
        (
            "enable_extension;",
            'CREATE INDEX CONCURRENTLY auditlog_userid_idx ON "AuditLog" ("userId")',
        ),
        ("ENGINE=InnoDB;", "CREATE INDEX auditlog_userid_idx ON `AuditLog` (`userId`)"),
    ],
)
def test_names_with_capitals_are_quoted_where_the_engine_folds_them(
    engine: str, index: str
) -> None:
    postgres = engine.startswith("enable")
    quote = '"' if postgres else "`"
    schema = (
        f"CREATE TABLE {quote}AuditLog{quote} (id {'bigserial' if postgres else 'bigint'} PRIMARY KEY,"
        f" {quote}userId{quote} bigint, note text) {'' if postgres else engine};"
    )
    code = (
        'def add(c):\n    c.execute("INSERT INTO AuditLog (note) VALUES (%s)")\n'
        'def run(c, x):\n    return c.execute("SELECT id FROM AuditLog WHERE userId = %s", (x,))\n'
    )
    (found,) = find("unindexed-query", {"db/schema.sql": schema, "shop/a.py": code})
    assert found.data["suggested_index"] == index
    assert found.data["table"] == "auditlog"
    assert found.data["columns"] == ["userId"]  # as the schema writes it


def test_names_that_are_words_of_sql_are_quoted() -> None:
    schema = 'CREATE TABLE "order" (id bigserial PRIMARY KEY, "user" bigint, note text);'
    code = (
        "def add(c):\n    c.execute('INSERT INTO \"order\" (note) VALUES (%s)')\n"
        "def run(c, x):\n"
        '    return c.execute(\'SELECT id FROM "order" WHERE "user" = %s\', (x,))\n'
    )
    (found,) = find("unindexed-query", {"db/schema.sql": schema, "shop/a.py": code})
    assert found.data["suggested_index"] == (
        'CREATE INDEX CONCURRENTLY order_user_idx ON "order" ("user")'
    )


def test_only_what_requests_read_is_unbounded() -> None:
    schema = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    (found,) = find("unbounded-query", {**schema, "shop/v.py": handler("SELECT id FROM orders")})
    assert (found.severity, found.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert (
        find("unbounded-query", {**schema, "shop/v.py": statement("SELECT id FROM orders")}) == []
    )


def test_figures_of_one_file_over_one_table_are_one_finding() -> None:
    first = handler("SELECT placed_at FROM orders")
    second = (
        '\n\n@app.get("/y")\ndef codes():\n'
        '    return connection().execute("SELECT code FROM orders").fetchall()\n'
    )
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT, "shop/v.py": first + second}
    (found,) = find("unbounded-query", files)
    assert "shop/v.py" in {each.at.path for each in found.related}


def test_a_table_that_many_files_read_whole_is_one_finding() -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    files |= {f"shop/v{n}.py": handler("SELECT code FROM orders") for n in range(3)}
    texts = {"shop/v0.py": "SELECT id FROM orders", "shop/v1.py": "SELECT placed_at FROM orders"}
    files |= {path: handler(text) for path, text in texts.items()}
    assert len(find("unbounded-query", files)) == 3
    files["shop/w.py"] = handler("SELECT id, code FROM orders")
    (found,) = find("unbounded-query", files)
    assert found.subject == "orders"
    assert "in 4 files" in found.message
    assert found.severity is Severity.HIGH
    files["shop/x.py"] = statement("UPDATE orders SET code = 1 WHERE id = %s")
    (found,) = find("unbounded-query", files)
    assert found.severity is Severity.MEDIUM  # most likely a list that somebody keeps


def test_what_more_places_ask_comes_first() -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    files["shop/a.py"] = handler("SELECT id FROM orders WHERE placed_at > %s")
    files["shop/b.py"] = handler("SELECT id FROM orders WHERE code = %s")
    files["shop/c.py"] = handler("SELECT id FROM orders WHERE code = %s")
    found = find("unindexed-query", files)
    assert [each.subject for each in found] == ["orders.code", "orders.placed_at"]


def test_what_fills_a_database_with_examples_is_no_place_that_asks() -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    files["shop/a.py"] = handler("SELECT id FROM orders WHERE code = %s")
    files["scripts/fill.py"] = (
        'def fill(c):\n    c.execute("SELECT id FROM orders WHERE code = %s", (1,)).fetchall()\n'
    )
    (found,) = find("unindexed-query", files)
    assert [each.at.path for each in found.related] == ["db/schema.sql"]


def test_what_runs_before_every_page_comes_first() -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    files["shop/a.py"] = handler("SELECT id FROM orders WHERE code = %s")
    files["shop/b.py"] = handler("SELECT id FROM orders WHERE code = %s")
    files["shop/middleware/c.py"] = handler("SELECT id FROM orders WHERE placed_at > %s")
    found = find("unindexed-query", files)
    assert [each.subject for each in found] == ["orders.placed_at", "orders.code"]
    files["shop/c.py"] = handler("SELECT code FROM orders WHERE placed_at > %s")
    found = find("unindexed-query", files)  # one place of several is enough
    assert [each.subject for each in found] == ["orders.placed_at", "orders.code"]


def test_what_no_request_asks_runs_before_no_page() -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    files["shop/a.py"] = statement("SELECT id FROM orders WHERE code = %s")
    files["shop/b.py"] = statement("SELECT code FROM orders WHERE code = %s")
    files["shop/middleware/c.py"] = statement("SELECT id FROM orders WHERE placed_at > %s")
    found = find("unindexed-query", files)
    assert [each.subject for each in found] == ["orders.code", "orders.placed_at"]


def test_a_column_that_two_searches_begin_with_is_named_once() -> None:
    schema = (
        "CREATE TABLE visits (id bigserial PRIMARY KEY, gone boolean, paid boolean, code text,"
        " seen_at timestamptz);"
    )
    page = handler("SELECT id FROM visits WHERE code = %s").replace("return", "first =")
    for flag in ("gone", "paid"):
        text = f"SELECT id FROM visits WHERE {flag} = true AND seen_at > %s"
        page += f'    {flag} = connection().execute("{text}").fetchall()\n'
    files = {"db/schema.sql": schema, "shop/a.py": page}
    files["shop/add.py"] = INSERT.replace("orders (code)", "visits (gone)")
    (found,) = find("unindexed-query", files)
    assert found.message.startswith("visits is searched by code and seen_at, none of which has")


def test_a_join_with_a_table_that_nobody_defines_may_leave_few_rows() -> None:
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    text = "SELECT orders.id FROM orders"
    assert find("unbounded-query", {**files, "shop/a.py": handler(text)})
    text += " JOIN picked ON picked.order_id = orders.id"
    assert not find("unbounded-query", {**files, "shop/a.py": handler(text)})


@pytest.mark.parametrize("rule", ["unindexed-query", "unbounded-query"])
@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM nowhere WHERE code = 5",
        "SELECT id FROM nowhere",
        "SELECT id FROM orders WHERE nothing_known = 5",
    ],
)
def test_what_the_schema_does_not_know_is_not_judged(rule: str, text: str) -> None:
    assert find(rule, {"db/schema.sql": SCHEMA, "shop/v.py": handler(text)}) == []


@pytest.mark.parametrize("rule", sorted(["unindexed-query", "unbounded-query", "int32-key"]))
def test_broken_files_are_survived(rule: str) -> None:
    broken = {
        "db/schema.sql": "CREATE TABLE orders (id serial PRIMARY KEY, code text, (((",
        "db/junk.sql": "\0\x01 CREATE TABLE ; ALTER ALTER",
        "shop/v.py": handler("SELECT id FROM orders WHERE ((( code = "),
    }
    assert all(finding.rule == rule for finding in find(rule, broken))


def test_states_of_tables_that_grow_fast_come_first() -> None:
    schema = (
        "CREATE TABLE apples (id bigserial PRIMARY KEY, state text, made_at timestamptz);\n"
        "CREATE TABLE pears (id bigserial PRIMARY KEY, state text, made_at timestamptz);\n"
    )
    code = (
        "def log(c):\n    for x in c.rows:\n"
        "        c.execute(\"INSERT INTO pears (state) VALUES ('new')\")\n\n\n"
        "def add(c):\n    c.execute(\"INSERT INTO pears (state) VALUES ('new')\")\n\n\n"
        "def a(c):\n    return c.execute(\"SELECT id FROM apples WHERE state = 'new'\")\n\n\n"
        "def b(c):\n    return c.execute(\"SELECT id FROM pears WHERE state = 'new'\")\n"
    )
    (finding,) = find("unindexed-state", {"db/schema.sql": schema, "shop/store.py": code})
    assert finding.data["columns"] == ["pears.state", "apples.state"]


@pytest.mark.parametrize(
    ("engine", "condition", "index"),
    [
        (
            "jsonb",
            "body->'device'->>'id' = %s",
            "CREATE INDEX CONCURRENTLY events_body_device_id_idx ON events ((body -> 'device' ->> 'id'))",
        ),
        (
            "jsonb",
            "body @> %s",
            "CREATE INDEX CONCURRENTLY events_body_idx ON events USING gin (body)",
        ),
    ],
)
def test_a_key_inside_a_document_says_which_index_it_wants(
    engine: str, condition: str, index: str
) -> None:
    schema = f"CREATE TABLE events (id bigserial PRIMARY KEY, body {engine} NOT NULL, at timestamptz NOT NULL);\n"
    (found,) = find(
        "json-blob-filter",
        {
            "db/schema.sql": schema,
            "shop/add.py": 'def add(c):\n    c.execute("INSERT INTO events (body) VALUES (%s)")\n',
            "shop/a.py": statement(f"SELECT id FROM events WHERE {condition}"),
        },
    )
    assert found.subject == "events.body"
    assert found.severity is Severity.MEDIUM
    assert found.data["suggested_index"] == index


TENANT_SCHEMA = """
CREATE TABLE workspaces (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE runs (
    id uuid PRIMARY KEY,
    "workspaceId" uuid NOT NULL REFERENCES workspaces (id),
    name text NOT NULL,
    "createdAt" timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX runs_workspace_idx ON runs ("workspaceId");
"""
RUN = (
    "import { Entity, Column, PrimaryColumn } from 'typeorm'\n"
    "@Entity('runs') export class Run {\n @PrimaryColumn() id: string\n @Column() workspaceId: string\n"
    " @Column() name: string\n @Column() createdAt: Date }"
)


@pytest.mark.parametrize(
    ("optional", "count"),
    [
        ("if (workspaceId) list.andWhere('r.workspaceId = :workspaceId', { workspaceId })", 0),
        ("", 2),
    ],
)
def test_a_list_that_a_tenant_asks_for_is_of_the_tenant(optional: str, count: int) -> None:
    code = (
        "import { Run } from './run'\nexport class Runs {\n"
        " constructor(private runs: Repository<Run>) {}\n"
        " async named(name, workspaceId) {\n"
        "  const list = this.runs.createQueryBuilder('r').orderBy('r.createdAt', 'DESC').take(20)\n"
        "  if (name) list.andWhere('r.name = :name', { name })\n"
        f"  {optional}\n  return await list.getMany()\n }}\n"
        " add(run) { return this.runs.save(run) }\n}"
    )
    files = {"db/schema.sql": TENANT_SCHEMA, "src/run.ts": RUN, "src/runs.ts": code}
    assert len(find("unindexed-query", files)) == count


def test_what_stands_above_a_tenant_is_not_the_tenants() -> None:
    owned = [
        f"CREATE TABLE {name} (id bigserial PRIMARY KEY, workspace_id bigint NOT NULL, name text);"
        for name in ("a", "b", "c", "d", "e", "f", "g", "h", "i")
    ]
    schema = "\n".join(
        [
            "CREATE TABLE organizations (id bigserial PRIMARY KEY, theme_id bigint REFERENCES a (id),"
            " user_id bigint, created_at timestamptz);",
            "CREATE TABLE workspaces (id bigserial PRIMARY KEY,"
            " organization_id bigint NOT NULL REFERENCES organizations (id));",
            "CREATE TABLE events (id bigserial PRIMARY KEY, a_id bigint NOT NULL REFERENCES a (id),"
            " kind text, created_at timestamptz NOT NULL);",
            *owned,
        ]
    )
    code = "\n".join(
        f'def add_{table}(c):\n    c.execute("INSERT INTO {table} (created_at) VALUES (now())")\n'
        for table in ("organizations", "events")
    )
    (found,) = find("missing-tenant-key", {"db/schema.sql": schema, "app/store.py": code})
    assert found.data["tables"] == ["events"]


@pytest.mark.parametrize(
    ("method", "count"),
    [("all", 1), ("initials", 1), ("initializeJobs", 0), ("onModuleInit", 0), ("warm_up", 0)],
)
def test_what_is_read_before_the_first_request_is_not_unbounded(method: str, count: int) -> None:
    code = (
        "import { Run } from './run'\nimport express from 'express'\nconst app = express()\n"
        "app.get('/x', async (req, res) => res.json(await new Runs().all()))\n"
        "export class Runs {\n constructor(private runs: Repository<Run>) {}\n"
        f" async {method}() {{ return await this.runs.find() }}\n"
        " add(run) { return this.runs.insert(run) }\n}"
    )
    files = {"db/schema.sql": TENANT_SCHEMA, "src/run.ts": RUN, "src/runs.ts": code}
    assert len(find("unbounded-query", files)) == count


PLACES = """
CREATE TABLE places (
    id bigserial PRIMARY KEY, name text NOT NULL, ordering int, kind text, owner_id bigint,
    created_at timestamptz NOT NULL
);
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT id FROM places ORDER BY ordering LIMIT 1", 0),
        ("SELECT id FROM places ORDER BY sort_order LIMIT 1", 0),
        ("SELECT id FROM places ORDER BY created_at LIMIT 1", 1),
        ("SELECT id FROM places WHERE owner_id = %s ORDER BY ordering LIMIT 1", 1),
    ],
)
def test_a_list_in_an_order_that_somebody_made_stays_short(text: str, told: int) -> None:
    schema = PLACES.replace("ordering int", "ordering int, sort_order int")
    files = {"db/schema.sql": schema, "shop/a.py": statement(text)}
    assert len(find("unindexed-query", files)) == told
    # What code fills by itself is no such list.
    filled = statement("INSERT INTO places (name) VALUES ('a')")
    assert len(find("unindexed-query", {**files, "shop/b.py": filled})) == 1


@pytest.mark.parametrize(("column", "told"), [("kind", 1), ("name", 0)])
def test_a_name_that_the_code_knows_is_no_state(column: str, told: int) -> None:
    models = (
        "from django.db import models\n\n\nclass Place(models.Model):\n"
        "    name = models.CharField(max_length=80)\n    kind = models.CharField(max_length=80)\n"
        "    created_at = models.DateTimeField(auto_now_add=True)\n"
    )
    views = (
        "from shop.models import Place\n\n\ndef show(request):\n"
        f"    return list(Place.objects.filter({column}='open'))\n"
    )
    files = {"shop/models.py": models, "shop/views.py": views}
    assert len(find("unindexed-state", files)) == told


def test_the_sides_of_one_or_are_told_once() -> None:
    text = "SELECT id FROM people WHERE old_name = %s OR new_name = %s"
    schema = "CREATE TABLE people (id bigserial PRIMARY KEY, old_name text, new_name text, at timestamptz);\n"
    (found,) = find("unindexed-query", {"db/schema.sql": schema, "shop/a.py": statement(text)})
    assert found.data["columns"] == ["people.new_name", "people.old_name"]
    indexes = found.data["suggested_indexes"]
    assert isinstance(indexes, list)
    assert len(indexes) == 2
    assert "table" not in found.data
    assert "new_name and old_name have no index" in found.message
    # Two searches are two findings.
    apart = statement("SELECT id FROM people WHERE old_name = %s") + statement(
        "SELECT id FROM people WHERE new_name = %s"
    )
    files = {"db/schema.sql": schema, "shop/a.py": apart}
    assert len(find("unindexed-query", files)) == 2


def test_the_fields_of_a_form_are_told_once() -> None:
    """Each field searches by itself; the function is one place to look at."""
    schema = (
        "CREATE TABLE people (id bigserial PRIMARY KEY, first text, last text, town text, at timestamptz);\n"
        "CREATE TABLE visits (id bigserial PRIMARY KEY, person_id bigint, shop_id bigint, town_id bigint, "
        "at timestamptz);\n"
        "CREATE INDEX a ON visits (person_id);\nCREATE INDEX b ON visits (shop_id);\n"
        "CREATE INDEX c ON visits (town_id);\n"
    )
    added = 'def add(c):\n    c.execute("INSERT INTO visits (town_id) VALUES (%s)")\n'

    def form(table: str, columns: list[str], rest: str = "") -> str:
        lines = [
            f'    c.execute("SELECT id FROM {table} WHERE {each} = %s{rest}", (x,))'
            for each in columns
        ]
        return "\n".join(["def form(c, x):", *lines, ""])

    files = {"db/schema.sql": schema, "shop/a.py": form("people", ["first", "last", "town"])}
    (found,) = find("unindexed-query", files)
    assert found.data["columns"] == ["people.first", "people.last", "people.town"]
    assert "first, last and town, none of which has an index" in found.message
    files = {"db/schema.sql": schema, "shop/a.py": form("people", ["first", "last"])}
    assert len(find("unindexed-query", files)) == 2
    keys = ["person_id", "shop_id", "town_id"]
    lists = {
        "db/schema.sql": schema,
        "shop/a.py": form("visits", keys, " ORDER BY at DESC LIMIT 10"),
        "shop/b.py": added,
    }
    (found,) = find("missing-composite-index", lists)
    assert found.data["columns"] == [f"visits.{key},at" for key in keys]
    assert "person_id + at, shop_id + at and town_id + at" in found.message


LATEST = "SELECT id FROM {table} WHERE {column} = %s ORDER BY at DESC LIMIT 5"


def asked_for_the_latest(*asked: tuple[str, str], served: bool = True) -> dict[str, str]:
    """Tables that fill, each with an index on one column; a page asks for the latest rows of one."""
    files = {
        "db/schema.sql": "".join(
            f"CREATE TABLE {table} (id bigserial PRIMARY KEY, {column} bigint, at timestamptz);\n"
            f"CREATE INDEX {table}_idx ON {table} ({column});\n"
            for table, column in asked
        )
    }
    for table, column in asked:
        add = f"INSERT INTO {table} ({column}, at) VALUES (%s, now())"
        files[f"shop/{table}.py"] = statement(add)
        if served:
            files[f"shop/{table}_page.py"] = (
                "from flask import Flask\napp = Flask(__name__)\n"
                f"@app.get('/{table}/<int:key>')\ndef page(key):\n"
                f"    return connection().execute('{LATEST.format(table=table, column=column)}', (key,))\n"
            )
        else:
            files[f"shop/{table}_later.py"] = statement(LATEST.format(table=table, column=column))
    return files


@pytest.mark.parametrize(
    ("table", "column", "served", "severity"),
    [
        ("messages", "room_id", True, Severity.MEDIUM),
        ("messages", "room_id", False, Severity.LOW),  # nobody is seen to wait
        ("messages", "puzzle_id", True, Severity.LOW),  # nothing says that it gathers any
    ],
)
def test_second_columns_weigh_by_what_gathers(
    table: str, column: str, served: bool, severity: Severity
) -> None:
    (found,) = find("missing-composite-index", asked_for_the_latest((table, column), served=served))
    assert found.severity is severity
    assert found.data["columns"] == [column, "at"]


def test_rows_gather_for_what_does_not_get_more_itself() -> None:
    files = asked_for_the_latest(("votes", "puzzle_id"))
    files["db/schema.sql"] = (
        "CREATE TABLE puzzles (id bigserial PRIMARY KEY, title text);\n"
        + files["db/schema.sql"].replace(
            "puzzle_id bigint", "puzzle_id bigint REFERENCES puzzles (id)"
        )
    )
    (found,) = find("missing-composite-index", files)
    assert found.severity is Severity.MEDIUM


def test_second_columns_that_weigh_little_are_told_as_one() -> None:
    files = asked_for_the_latest(
        ("messages", "puzzle_id"), ("votes", "puzzle_id"), ("comments", "room_id")
    )
    one, all_others = sorted(
        find("missing-composite-index", files), key=lambda each: each.severity.value != "medium"
    )
    assert (one.data["columns"], one.severity) == (["room_id", "at"], Severity.MEDIUM)
    assert all_others.severity is Severity.LOW
    assert all_others.subject.startswith("Further second columns of searches")
    assert all_others.data["columns"] == ["messages.puzzle_id,at", "votes.puzzle_id,at"]
    assert all_others.data["unserved"] == ["messages.at", "votes.at"]
    statements = [each.removesuffix(";") for each in all_others.statements]
    assert all_others.data["suggested_indexes"] == statements
    assert ["messages" in statements[0], "votes" in statements[1]] == [True, True]
    assert all_others.message.startswith("2 searches")
    assert all_others.message.endswith("which is felt where one of them has gathered many.")


def test_many_second_columns_that_weigh_are_one_habit() -> None:
    files = asked_for_the_latest(("messages", "room_id"), ("votes", "user_id"))
    assert len(find("missing-composite-index", files)) == 2
    files = asked_for_the_latest(
        ("messages", "room_id"), ("votes", "user_id"), ("comments", "room_id")
    )
    (found,) = find("missing-composite-index", files)
    assert found.severity is Severity.MEDIUM
    assert found.subject.startswith("Second columns of searches")
    assert found.message.startswith("3 searches")
    assert found.message.endswith("of which there are more every day.")


def test_searches_that_one_index_serves_are_told_once() -> None:
    schema = SCHEMA.replace("code        text", "code        text,\n    area        text")
    both = statement("SELECT id FROM orders WHERE code = %s AND area = %s")
    files = {"db/schema.sql": schema, "shop/add.py": INSERT, "shop/a.py": both}
    (found,) = find("unindexed-query", files)
    assert "code and area" in found.message
    alone = statement("SELECT id FROM orders WHERE area = %s")
    (found,) = find("unindexed-query", files | {"shop/b.py": alone})
    assert found.subject == "orders.area"
    assert found.data["columns"] == ["area", "code"]
    places = {evidence.at.path for evidence in found.related}
    assert places | {found.location.path} >= {"shop/a.py", "shop/b.py"}


def test_what_is_compared_by_equality_leads_before_a_range() -> None:
    schema = SCHEMA.replace("code        text", "code        text,\n    area        text")
    files = {
        "db/schema.sql": schema,
        "shop/add.py": INSERT,
        "shop/a.py": statement("SELECT id FROM orders WHERE code = %s AND area > %s"),
        "shop/b.py": statement("SELECT id FROM orders WHERE area > %s"),
    }
    found = {each.subject: each.data["columns"] for each in find("unindexed-query", files)}
    assert found == {"orders.code": ["code", "area"], "orders.area": ["area"]}


@pytest.mark.parametrize("asked", ["email", "lower(email)"])
def test_what_tells_one_row_apart_keeps_an_index_of_its_own(asked: str) -> None:
    schema = SCHEMA.replace("code        text", "email       text,\n    area        text")
    files = {
        "db/schema.sql": schema,
        "shop/add.py": INSERT.replace("code", "area"),
        "shop/a.py": statement(f"SELECT id FROM orders WHERE {asked} = %s AND area = %s"),
        "shop/b.py": statement("SELECT id FROM orders WHERE area = %s"),
    }
    found = {str(each.data["columns"]) for each in find("unindexed-query", files)}
    first = "(lower(email))" if "(" in asked else asked
    assert found == {"['area']", f"['{first}', 'area']"}


def test_a_reference_to_a_few_kinds_takes_no_search_under_its_index() -> None:
    schema = SCHEMA.replace("code        text", "code        text,\n    order_type_id bigint")
    files = {
        "db/schema.sql": schema,
        "shop/add.py": INSERT,
        "shop/a.py": statement("SELECT id FROM orders WHERE code = %s AND order_type_id = %s"),
        "shop/b.py": statement("SELECT id FROM orders WHERE order_type_id = %s"),
    }
    found = {each.subject: each.data["columns"] for each in find("unindexed-query", files)}
    assert found["orders.code"] == ["code", "order_type_id"]


def test_many_references_without_an_index_are_one_habit() -> None:
    def shop(count: int, insert: str = "") -> dict[str, str]:
        tables = "".join(
            f"CREATE TABLE part{n} (id bigserial PRIMARY KEY, customer_id bigint REFERENCES customers (id), "
            "made_at timestamptz);\n"
            for n in range(count)
        )
        asked = "".join(
            f'    c.execute("SELECT id FROM part{n} WHERE customer_id = %s", (x,))\n'
            for n in range(count)
        )
        code = f"def run(c, x):\n{asked}{insert}"
        return {"db/schema.sql": SCHEMA + tables, "shop/a.py": code}

    assert len(find("unindexed-query", shop(9))) == 9
    (found,) = find("unindexed-query", shop(10))
    assert found.severity is Severity.MEDIUM
    assert found.subject == "references of the application"
    assert found.data["columns"] == [f"part{n}.customer_id" for n in range(10)]
    assert len(found.related) == 9
    # What fills fast is told by itself.
    insert = '    c.execute("INSERT INTO part3 (customer_id) VALUES (%s)", (x,))\n'
    told = {each.subject: each.severity for each in find("unindexed-query", shop(11, insert))}
    assert told == {
        "references of the application": Severity.MEDIUM,
        "part3.customer_id": Severity.HIGH,
    }


def test_references_that_an_engine_may_index_are_a_habit_of_their_own() -> None:
    def parts(word: str, key: str) -> str:
        return "".join(
            f"CREATE TABLE {word}{n} (id {key} PRIMARY KEY, shop_id int REFERENCES shops (id));\n"
            for n in range(10)
        )

    asked = "".join(
        f'    c.execute("SELECT id FROM {word}{n} WHERE shop_id = %s", (x,))\n'
        for word in ("part", "item")
        for n in range(10)
    )
    files = {
        "compose.yaml": "services:\n  one:\n    image: mysql:8\n  two:\n    image: postgres:16\n",
        "a/schema.sql": "CREATE TABLE shops (id bigserial PRIMARY KEY);\n"
        + parts("part", "bigserial"),
        "b/schema.sql": parts("item", "int"),
        "shop/a.py": f"def run(c, x):\n{asked}",
    }
    found = {each.subject: each.confidence for each in find("unindexed-query", files)}
    assert found == {
        "references of the application": Confidence.HIGH,
        "references of the application, in doubt": Confidence.LOW,
    }


RAILS = {
    "db/schema.rb": (
        "ActiveRecord::Schema[7.1].define(version: 1) do\n"
        '  create_table "orders" do |t|\n    t.bigint "customer_id"\n    t.string "code"\n  end\n'
        '  create_table "customers" do |t|\n    t.string "name"\n  end\nend\n'
    ),
    "app/models/customer.rb": "class Customer < ApplicationRecord\n  has_many :orders\nend\n",
    "app/models/order.rb": (
        "class Order < ApplicationRecord\n  scope :coded, ->(code) { where(code: code) }\nend\n"
    ),
    "app/controllers/orders_controller.rb": (
        "class OrdersController < ApplicationController\n"
        "  def create\n    Order.create!(code: params[:code])\n    {}\n  end\nend\n"
    ),
}


@pytest.mark.parametrize(
    ("use", "subject", "severity", "confidence"),
    [
        ("1", "orders.customer_id", Severity.MEDIUM, Confidence.HIGH),  # a relation, not a scope
        (
            "Customer.find(1).orders.where(code: 3).to_a",
            "orders.customer_id",
            Severity.HIGH,
            Confidence.HIGH,
        ),
        ("1", "orders.code", Severity.MEDIUM, Confidence.MEDIUM),
        ("Order.coded(1).to_a", "orders.code", Severity.HIGH, Confidence.HIGH),
    ],
)
def test_a_scope_that_nothing_is_seen_to_use_is_less_sure(
    use: str, subject: str, severity: Severity, confidence: Confidence
) -> None:
    path = "app/controllers/orders_controller.rb"
    found = {f.subject: f for f in find("unindexed-query", RAILS | {path: RAILS[path].format(use)})}
    assert (found[subject].severity, found[subject].confidence) == (severity, confidence)


def test_what_a_view_is_made_of_is_not_read_at_once() -> None:
    body = "SELECT orders.id FROM orders WHERE orders.code <> '{{}}'::text"
    files = {"db/schema.sql": SCHEMA, "shop/add.py": INSERT}
    assert find("unbounded-query", {**files, "db/views/sales_v01.sql": body}) == []


TENANTS = """
CREATE TABLE accounts (id bigserial PRIMARY KEY);
CREATE TABLE users (id bigserial PRIMARY KEY, account_id bigint REFERENCES accounts (id));
{}
"""
OF_A_TENANT = """CREATE TABLE {} (
    id bigserial PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts (id), {},
    created_at timestamptz NOT NULL
);
"""


def of_tenants(tables: dict[str, str]) -> list[Finding]:
    definitions = "".join(OF_A_TENANT.format(name, more) for name, more in tables.items())
    files = {
        f"shop/{name}.py": handler(f"SELECT id FROM {name} WHERE account_id = %s")
        for name in tables
    }
    return find("unbounded-query", {"db/schema.sql": TENANTS.format(definitions), **files})


def test_many_tables_that_are_read_whole_for_a_tenant_are_one_finding() -> None:
    subject = "subject text, author_id bigint REFERENCES users (id)"
    few = of_tenants({"tickets": subject, "notes": subject, "calls": subject})
    assert len(few) == 3
    (many,) = of_tenants(
        {"tickets": subject, "notes": subject, "calls": subject, "letters": subject}
    )
    assert many.data["tables"] == ["calls", "letters", "notes", "tickets"]
    assert "of 4 tables (calls, letters, notes and tickets)" in many.message


@pytest.mark.parametrize(
    ("more", "reported"),
    [
        ("name text", False),
        ("name text, created_by_id bigint REFERENCES users (id)", False),
        ("name text, email text", True),
        ("subject text", True),
        ("name text, author_id bigint REFERENCES users (id)", True),
    ],
)
def test_what_the_people_of_a_tenant_set_up_is_a_short_list(more: str, *, reported: bool) -> None:
    assert bool(of_tenants({"boards": more})) is reported
    assert of_tenants({"products": more})


def test_waiting_for_the_database_reads_no_list() -> None:
    files = {
        "db/schema.sql": SCHEMA,
        "shop/add.py": INSERT,
        "shop/x.py": handler("SELECT id FROM orders").replace("def show", "def await_db_schema"),
    }
    assert not find("unbounded-query", files)


def test_addresses_that_stand_in_one_place_are_one_finding() -> None:
    source = """
    const regions = { a: 'http://10.0.0.1/check', b: 'http://10.0.0.2/check' };
    export const check = (region) => axios.get(regions[region], { timeout: 1000 });
    """
    found = find("hard-coded-endpoint", {"src/check.js": f"import axios from 'axios';\n{source}"})
    assert [each.data["hosts"] for each in found] == [["10.0.0.1", "10.0.0.2"]]


def test_pages_that_a_loop_reads_are_no_query_for_each_row() -> None:
    source = """
    import express from 'express';
    import { PrismaClient } from '@prisma/client';
    const prisma = new PrismaClient();
    const app = express();
    app.get('/orders', async (req, res) => {
      for (let i = 0; i < req.query.pages; i++) {
        send(res, await prisma.order.findMany({ where: { code: req.query.code }, PAGE take: 100 }));
      }
    });
    """
    schema = """
    datasource db {
      provider = "postgresql"
    }
    model Order {
      id   BigInt @id @default(autoincrement())
      code String
    }
    """
    for page, reported in (("skip: i * 100,", False), ("", True)):
        files = {"prisma/schema.prisma": schema, "src/app.ts": source.replace("PAGE", page)}
        assert bool(find("n-plus-one", files)) is reported


@pytest.mark.parametrize(
    ("people", "reported"),
    [
        (
            "CREATE TABLE users (id bigserial PRIMARY KEY, account_id bigint REFERENCES accounts (id));",
            True,
        ),
        ("CREATE TABLE users (id bigserial PRIMARY KEY, email text);", False),
        ("", True),
    ],
)
def test_the_accounts_of_a_ledger_are_no_tenants(people: str, *, reported: bool) -> None:
    carrying = "".join(
        f"CREATE TABLE t{n} (id bigserial PRIMARY KEY, account_id bigint REFERENCES accounts (id));"
        for n in range(9)
    )
    script = (
        f"CREATE TABLE accounts (id bigserial PRIMARY KEY, code text); {people} {carrying}"
        "CREATE TABLE lines (id bigserial PRIMARY KEY, t1_id bigint REFERENCES t1 (id), t2_id bigint"
        " REFERENCES t2 (id), amount int, created_at timestamptz);"
    )
    assert bool(find("missing-tenant-key", {"db/schema.sql": script})) is reported


@pytest.mark.parametrize(
    ("base", "reported"),
    [("'/api/v1'", False), ("process.env.SHOP_URL", True), ("'https://shop.example'", True)],
)
def test_calls_that_only_a_page_can_make(base: str, *, reported: bool) -> None:
    source = f"""
    import axios from 'axios';
    axios.defaults.baseURL = {base};
    export const orders = () => axios.get('/orders');
    """
    assert bool(find("no-timeout", {"src/api.ts": source})) is reported


def test_a_package_that_asks_the_pages_own_server() -> None:
    known = "".join(f"export const a{n} = () => axios.get('/orders/{n}');\n" for n in range(5))
    files = {
        "packages/calls/package.json": '{"name": "calls", "dependencies": {"axios": "1"}}',
        "packages/calls/src/all.ts": f"import axios from 'axios';\n{known}",
        "packages/calls/src/more.ts": "import axios from 'axios';\nexport const b = (u) => axios.get(u);\n",
        "packages/shop/package.json": '{"name": "shop", "dependencies": {"axios": "1", "express": "5"}}',
        "packages/shop/src/mail.ts": "import axios from 'axios';\nexport const c = (u) => axios.get(u);\n",
    }
    assert [each.location.path for each in find("no-timeout", files)] == [
        "packages/shop/src/mail.ts"
    ]


def test_one_sort_behind_several_filters_is_told_once() -> None:
    schema = "CREATE TABLE shares (id bigserial PRIMARY KEY, a bool, b bool, made_at timestamptz);"
    code = """
from flask import Flask

app = Flask(__name__)


@app.get("/shares")
def shares():
    db.execute("INSERT INTO shares (a) VALUES (true)")
    if wanted == "a":
        return db.execute("SELECT id FROM shares WHERE a = true ORDER BY made_at LIMIT 9")
    return db.execute("SELECT id FROM shares WHERE b = true ORDER BY made_at LIMIT 9")
"""
    (found,) = find("unindexed-query", {"db/schema.sql": schema, "views.py": code})
    assert "sorted by made_at" in found.message
    # A store that is written for each engine has the function twice.
    files = {"db/schema.sql": schema, "mysql/views.py": code, "postgres/views.py": code}
    assert len(find("unindexed-query", files)) == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", False),
        (", dependent: :destroy", True),
        ("\n  accepts_nested_attributes_for :late_orders", True),
    ],
)
def test_children_that_nothing_names_are_not_asked_for(more: str, told: bool) -> None:
    model = (
        "class Customer < ApplicationRecord\n"
        f'  has_many :late_orders, class_name: "Order"{more}\nend\n'
    )
    files = {**RAILS, "app/models/customer.rb": model}
    subjects = [each.subject for each in find("unindexed-query", files)]
    assert ("orders.customer_id" in subjects) is told
    for view in ("app/views/orders/show.html.erb", "views/show.erb", "app/views/a/show.rabl"):
        text = "<% @customer.late_orders.each do %>\n"
        text = "child(@customer.late_orders) { attributes :id }\n" if "rabl" in view else text
        found = find("unindexed-query", {**files, view: text})
        assert "orders.customer_id" in [each.subject for each in found]
    checked = {**files, "spec/models/customer_spec.rb": "it { have_many(:late_orders) }\n"}
    again = [each.subject for each in find("unindexed-query", checked)]
    assert ("orders.customer_id" in again) is told


def test_children_of_two_models_that_nothing_names_are_not_asked_for() -> None:
    model = "class {0} < ApplicationRecord\n  has_many :late_orders, class_name: 'Order'\nend\n"
    table = '  create_table "{0}" do |t|\n    t.string "name"\n  end\n'
    schema = RAILS["db/schema.rb"].replace(
        't.bigint "customer_id"\n', 't.bigint "customer_id"\n    t.bigint "shop_id"\n'
    )
    files = {
        **RAILS,
        "db/schema.rb": schema.removesuffix("end\n") + table.format("shops") + "end\n",
        "app/models/customer.rb": model.format("Customer"),
        "app/models/shop.rb": model.format("Shop"),
    }
    told = {each.subject for each in find("unindexed-query", files)}
    assert not told & {"orders.customer_id", "orders.shop_id"}
    view = {"app/views/a/show.html.erb": "<% @customer.late_orders.each do %>\n"}
    told = {each.subject for each in find("unindexed-query", files | view)}
    assert told >= {"orders.customer_id", "orders.shop_id"}


@pytest.mark.parametrize(
    ("more", "severity"),
    [(", dependent: :destroy", Severity.MEDIUM), (", autosave: true", Severity.HIGH)],
)
def test_children_that_only_go_with_their_parent_are_seldom_asked_for(
    more: str, severity: Severity
) -> None:
    model = f"class Customer < ApplicationRecord\n  has_many :late_orders, class_name: 'Order'{more}\nend\n"
    found = find("unindexed-query", {**RAILS, "app/models/customer.rb": model})
    told = {each.subject: each.severity for each in found}
    assert told["orders.customer_id"] is severity
    pages = {
        "config/routes.rb": "Rails.application.routes.draw do\n  resources :late_orders\nend\n"
    }
    found = find("unindexed-query", {**RAILS, **pages, "app/models/customer.rb": model})
    told = {each.subject: each.severity for each in found}
    assert told["orders.customer_id"] is severity


@pytest.mark.parametrize(
    ("use", "severity"),
    [
        ("listed(Order).of_code(1)", Severity.LOW),
        ("model_class.of_code(1)", Severity.MEDIUM),
    ],
)
def test_a_scope_that_no_class_is_asked_for_is_one_of_some_rows(
    use: str, severity: Severity
) -> None:
    order = (
        "class Order < ApplicationRecord\n  scope :of_code, ->(code) { where(code: code) }\nend\n"
    )
    caller = f"class Finder\n  def one(customer)\n    show({use})\n  end\nend\n"
    files = {**RAILS, "app/models/order.rb": order, "app/finder.rb": caller}
    told = {each.subject: each.severity for each in find("unindexed-query", files)}
    assert told.get("orders.code") is severity


@pytest.mark.parametrize(
    ("use", "more", "severity"),
    [
        ("Shop.find(1).late_orders.where(code: 3).to_a", "", Severity.LOW),
        ("Shop.find(1).late_orders.where(code: 3).to_a", ", dependent: nil", Severity.LOW),
        ("Shop.find(1).late_orders.where(code: 3).to_a", ", dependent: :destroy", Severity.MEDIUM),
        ("1", "", Severity.HIGH),
    ],
)
def test_a_relation_that_code_asks_of_another_model_alone(
    use: str, more: str, severity: Severity
) -> None:
    model = (
        "class {0} < ApplicationRecord\n  has_many :late_orders, class_name: 'Order'"
        f"{more}\nend\n"
    )
    table = '  create_table "{0}" do |t|\n    t.string "name"\n  end\n'
    schema = RAILS["db/schema.rb"].replace(
        't.bigint "customer_id"\n',
        't.bigint "customer_id"\n    t.bigint "shop_id"\n    t.index ["shop_id"]\n',
    )
    files = {
        **RAILS,
        "db/schema.rb": schema.removesuffix("end\n") + table.format("shops") + "end\n",
        "app/models/customer.rb": model.format("Customer"),
        "app/models/shop.rb": model.format("Shop"),
        "app/views/a/show.html.erb": "<% @it.late_orders.each do %>\n",
        "app/finder.rb": f"class Finder\n  def one\n    {use}\n  end\nend\n",
    }
    told = {each.subject: each.severity for each in find("unindexed-query", files)}
    assert told["orders.customer_id"] is severity


@pytest.mark.parametrize(
    ("index", "told"), [('t.index ["owner_type", "owner_id"]', False), ("", True)]
)
def test_the_inverse_of_what_leads_to_several_classes(index: str, *, told: bool) -> None:
    schema = (
        "ActiveRecord::Schema[7.1].define(version: 1) do\n"
        '  create_table "parts" do |t|\n    t.bigint "owner_id"\n    t.string "owner_type"\n'
        f'    t.datetime "created_at"\n    {index}\n  end\n'
        '  create_table "people" do |t|\n    t.string "name"\n  end\nend\n'
    )
    files = {
        **RAILS,
        "db/schema.rb": schema,
        "app/models/part.rb": "class Part < ApplicationRecord\n  belongs_to :owner, polymorphic: true\nend\n",
        "app/models/person.rb": "class Person < ApplicationRecord\n  has_many :parts, inverse_of: :owner\nend\n",
    }
    found = [each for each in find("unindexed-query", files) if each.data["table"] == "parts"]
    assert bool(found) is told


@pytest.mark.parametrize(
    ("name", "taken_out", "severity"),
    [
        ("invitations", True, Severity.MEDIUM),
        ("invitations", False, Severity.HIGH),
        ("orders", True, Severity.HIGH),
    ],
)
def test_what_is_used_up_is_taken_out_again(
    name: str, severity: Severity, *, taken_out: bool
) -> None:
    remove = handler("DELETE FROM orders WHERE id = %s") if taken_out else "x = 1\n"
    files = {
        "db/schema.sql": SCHEMA,
        "shop/add.py": INSERT,
        "shop/a.py": handler("SELECT id FROM orders WHERE code = %s"),
        "shop/b.py": remove,
    }
    found = find(
        "unindexed-query", {path: text.replace("orders", name) for path, text in files.items()}
    )
    assert [each.severity for each in found] == [severity]


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("their.merge(Order.where(code: params[:c])).to_a", False),
        ("their.or(Order.where(code: params[:c])).to_a", False),
        ("show(Order.where(code: params[:c]).to_a)", True),
    ],
)
def test_what_narrows_rows_that_are_not_known(use: str, *, told: bool) -> None:
    caller = (
        f"class CodesController < ApplicationController\n  def one(their)\n    {use}\n  end\nend\n"
    )
    order = "class Order < ApplicationRecord\nend\n"
    files = {**RAILS, "app/models/order.rb": order, "app/controllers/codes_controller.rb": caller}
    subjects = [each.subject for each in find("unindexed-query", files)]
    assert ("orders.code" in subjects) is told


def test_columns_that_are_compared_by_equality_have_no_order() -> None:
    files = {
        "db/schema.sql": SCHEMA,
        "shop/add.py": INSERT,
        "shop/a.py": handler("SELECT id FROM orders WHERE code = 'x' AND placed_at = %s"),
        "shop/b.py": handler("SELECT id FROM orders WHERE placed_at = %s AND code = 'x'"),
    }
    (found,) = find("unindexed-query", files)
    assert {each.at.path for each in found.related} >= {"shop/b.py"}


def test_the_place_is_that_of_code_before_that_of_a_declaration() -> None:
    asking = (
        "class ZebrasController < ApplicationController\n  def one\n"
        "    Order.where(customer_id: params[:id]).to_a\n  end\nend\n"
    )
    files = {**RAILS, "app/controllers/zebras_controller.rb": asking}
    (found,) = [f for f in find("unindexed-query", files) if f.subject == "orders.customer_id"]
    assert found.location.path == "app/controllers/zebras_controller.rb"


def test_a_side_of_an_or_that_another_rule_tells() -> None:
    schema = SCHEMA + "CREATE INDEX by_code ON orders (code);\n"
    either = handler("SELECT id FROM orders WHERE lower(code) = %s OR id = 3")
    alone = handler("SELECT id FROM orders WHERE lower(code) = %s")
    files = {"db/schema.sql": schema, "shop/add.py": INSERT, "shop/a.py": either}
    assert len(find("unindexed-query", files)) == 1
    assert find("unindexed-query", {**files, "shop/b.py": alone}) == []
    assert len(find("non-sargable-predicate", {**files, "shop/b.py": alone})) == 1


def test_what_a_seed_puts_in_once_does_not_grow() -> None:
    """A page for developers may load it: the table is as long as the list in it."""
    making = "Order.create!(code: 'x')\n"
    search = "class Finder\n  def one(code)\n    Order.where(code: code).to_a\n  end\nend\n"
    rows = 't.string "code"\n    t.datetime "created_at"\n'
    schema = RAILS["db/schema.rb"].replace('t.string "code"\n', rows)
    files = {**RAILS, "db/schema.rb": schema, "app/finder.rb": search}
    del files["app/controllers/orders_controller.rb"]
    seeded = find("unindexed-query", {**files, "db/seeds/orders.rb": making})
    filled = find("unindexed-query", {**files, "app/models/maker.rb": making})
    growth = {each.subject: each.data["growth"] for each in seeded}
    assert growth["orders.code"] == "unknown"
    assert {each.subject: each.data["growth"] for each in filled}["orders.code"] == "append-only"


def test_one_order_of_a_table_is_told_once() -> None:
    files = {
        "db/schema.sql": SCHEMA,
        "shop/add.py": INSERT,
        "shop/a.py": handler("SELECT id FROM orders ORDER BY placed_at DESC LIMIT 10"),
        "shop/b.py": handler(
            "SELECT id FROM orders WHERE code <> 'x' AND customer_id > 3 ORDER BY placed_at DESC LIMIT 10"
        ),
        "shop/c.py": handler("SELECT id FROM orders WHERE code = 'x' ORDER BY placed_at LIMIT 10"),
    }
    found = [each for each in find("unindexed-query", files) if "sorted by" in each.message]
    assert [each.subject for each in found] == ["orders.placed_at"]


def test_many_narrow_references_to_one_key_are_one_finding() -> None:
    tables = "CREATE TABLE people (id bigserial PRIMARY KEY);\n" + "".join(
        f"CREATE TABLE t{n} (id bigserial PRIMARY KEY, person_id integer REFERENCES people (id));\n"
        for n in range(4)
    )
    (found,) = find("int32-key", {"db/schema.sql": tables})
    assert found.subject == "references to people.id"
    assert "4 columns refer to people.id in fewer bits than it has" in found.message
    assert len(found.related) == 4
    few = tables.rpartition("CREATE")[0]
    assert len(find("int32-key", {"db/schema.sql": few})) == 3


def test_narrow_references_to_several_keys_are_one_finding_as_grave_as_the_keys() -> None:
    wide = "CREATE TABLE orders (id bigserial PRIMARY KEY);\nCREATE TABLE people (id bigserial PRIMARY KEY);\n"
    narrow = (
        "CREATE TABLE {0} (id bigserial PRIMARY KEY, order_id integer REFERENCES orders (id), "
        "person_id integer REFERENCES people (id));\n"
    )
    tables = wide + narrow.format("drafts") + narrow.format("essays")
    files = {"db/schema.sql": tables.replace("orders (", "visits (")}
    files["shop/add.py"] = INSERT.replace("orders", "visits")
    (found,) = find("int32-key", files)
    assert found.subject == "references to wide keys"
    assert (
        "4 columns refer to people.id and visits.id in fewer bits than these have" in found.message
    )
    assert (found.severity, found.phase) == (Severity.MEDIUM, Phase.TO_100K)


def test_rows_of_one_kind_of_a_tenant_are_few() -> None:
    schema = (
        "CREATE TABLE orgs (id bigint PRIMARY KEY);\n"
        "CREATE TABLE visits (id bigserial PRIMARY KEY, organization_id bigint REFERENCES orgs (id),"
        " kind text, seen_at timestamptz);\n"
    )
    add = INSERT.replace("orders (code)", "visits (kind)")
    whole = handler("SELECT id FROM visits WHERE organization_id = 1")
    part = handler("SELECT id FROM visits WHERE organization_id = 1 AND kind = 'owner'")
    files = {"db/schema.sql": schema, "shop/add.py": add}
    assert len(find("unbounded-query", {**files, "shop/web.py": whole})) == 1
    assert find("unbounded-query", {**files, "shop/web.py": part}) == []


def test_a_guessed_key_that_the_table_does_not_have_is_no_query() -> None:
    files = {
        **RAILS,
        "app/models/customer.rb": "class Customer < ApplicationRecord\n  has_many :orders\nend\n",
    }
    assert "orders.customer_id" in [each.subject for each in find("unindexed-query", files)]
    schema = RAILS["db/schema.rb"].replace('t.bigint "customer_id"', 't.bigint "buyer_id"')
    other = find("unindexed-query", {**files, "db/schema.rb": schema})
    assert "orders.customer_id" not in [each.subject for each in other]


def test_children_are_asked_for_with_what_every_query_of_them_asks() -> None:
    """The index of the tenant finds them; without a standing condition nothing does."""
    schema = (
        RAILS["db/schema.rb"]
        .replace('t.string "code"\n', 't.string "code"\n    t.bigint "shop_id"\n')
        .replace("  end\n  create", '    t.index ["shop_id"]\n  end\n  create', 1)
    )
    model = "class Order < ApplicationRecord\n{}end\n"
    standing = "  default_scope { where(shop_id: Shop.current) }\n"
    files = {**RAILS, "db/schema.rb": schema, "app/models/order.rb": model.format("")}
    without = [each.subject for each in find("unindexed-query", files)]
    files["app/models/order.rb"] = model.format(standing)
    within = [each.subject for each in find("unindexed-query", files)]
    assert ("orders.customer_id" in without, "orders.customer_id" in within) == (True, False)


def test_a_row_found_by_its_key_is_in_no_order() -> None:
    model = "class Order < ApplicationRecord\n  default_scope { order(:code) }\nend\n"
    show = (
        "class OrdersController < ApplicationController\n  def show\n"
        "    {}\n  end\n  def create\n    Order.create!(code: 1)\n  end\nend\n"
    )
    path = "app/controllers/orders_controller.rb"
    files = {**RAILS, "app/models/order.rb": model}
    for line, told in (
        ("Order.includes(:customer).find(params[:id])", False),
        ("Order.includes(:customer).first", True),
    ):
        found = find("unindexed-query", {**files, path: show.format(line)})
        assert ("orders.code" in [each.subject for each in found]) is told


def test_a_reference_by_convention_adds_no_column_to_a_known_table() -> None:
    order = "class Order < ApplicationRecord\n  belongs_to :desk\nend\n"
    desk = "class Desk < ApplicationRecord\n  has_many :orders\nend\n"
    schema = RAILS["db/schema.rb"].replace(
        '  create_table "customers"',
        '  create_table "desks" do |t|\n  end\n  create_table "customers"',
    )
    files = {**RAILS, "app/models/order.rb": order, "app/models/desk.rb": desk}
    found = find("unindexed-query", {**files, "db/schema.rb": schema})
    assert "orders.desk_id" not in [each.subject for each in found]
    known = schema.replace('t.string "code"\n', 't.string "code"\n    t.bigint "desk_id"\n')
    found = find("unindexed-query", {**files, "db/schema.rb": known})
    assert "orders.desk_id" in [each.subject for each in found]


def test_several_columns_of_a_table_stand_in_brackets_after_it() -> None:
    (found,) = find(
        "unindexed-state",
        {
            "db/schema.sql": "CREATE TABLE orders (id bigserial PRIMARY KEY, status text NOT NULL, paid boolean NOT NULL);\n"
            "CREATE TABLE parcels (id bigserial PRIMARY KEY, state text NOT NULL, lost boolean NOT NULL);\n",
            "src/orders.js": """
                export const add = (db) => db.query("INSERT INTO orders (status, paid) VALUES ('new', false)");
                export const open = (db) => db.query("SELECT id FROM orders WHERE status = 'open' AND paid = false");
                export const pack = (db) => db.query("INSERT INTO parcels (state, lost) VALUES ('new', false)");
                export const lost = (db) => db.query("SELECT id FROM parcels WHERE lost = true");
            """,
        },
    )
    assert "orders (status, paid) and parcels.lost" in found.message


def test_calls_through_one_library_in_two_files_are_one_finding() -> None:
    call = "import {library}\n\n\ndef ask(x):\n    return {library}.get('https://a.example.org/' + x{more})\n"
    alike = {f"shop/{name}.py": call.format(library="requests", more="") for name in ("a", "b")}
    (found,) = find("no-timeout", alike)
    assert found.data["calls"] == 2
    other = {"shop/c.py": call.format(library="httpx", more=", timeout=None")}
    assert len(find("no-timeout", {**alike, **other})) == 2


def test_the_same_rows_in_two_orders_need_two_indexes() -> None:
    schema = SCHEMA.replace(
        "code        text", "paid boolean NOT NULL,\n    seen_at timestamptz,\n    code text"
    )
    ask = "SELECT id FROM orders WHERE paid = false ORDER BY {} DESC LIMIT 20"
    (found,) = find(
        "unindexed-query",
        {
            "db/schema.sql": schema,
            "shop/add.py": INSERT,
            "shop/a.py": handler(ask.format("placed_at")),
            "shop/b.py": handler(ask.format("seen_at")),
        },
    )
    assert "sorted by placed_at or by seen_at and cut off" in found.message
    assert found.data["columns"] == ["paid", "placed_at"]
    assert [each.partition(" ON ")[2] for each in found.statements] == [
        "orders (paid, placed_at);",
        "orders (paid, seen_at);",
    ]


CACHED = """
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Shop;

public class Product { public int Id { get; set; } public DateTime CreatedAt { get; set; } public int UserId { get; set; } }
public class ShopContext : DbContext { public DbSet<Product> Products { get; set; } }

[ApiController]
[Route("products")]
public class ProductsController(ShopContext db, IMemoryCache cache) : ControllerBase
{
    [HttpGet]
    public async Task<object> All() => %s;
}
"""


def test_a_table_that_a_cache_holds_whole_is_known_to_be_small() -> None:
    asked = "await db.Products.ToListAsync()"
    files = {
        "db/schema.sql": (
            "CREATE TABLE Products (Id bigint PRIMARY KEY, CreatedAt timestamp, User_Id bigint, Shop_Id bigint);"
        ),
        "Shop/Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
        "Shop/Products.cs": CACHED % asked,
    }
    assert len(find("unbounded-query", files)) == 1
    cached = f'await cache.GetOrCreateAsync("all", async entry => {asked})'
    assert find("unbounded-query", {**files, "Shop/Products.cs": CACHED % cached}) == []


@pytest.mark.parametrize(
    ("table", "severity"),
    [
        ("websites", Severity.LOW),
        ("orders", Severity.LOW),
        ("price_journals", Severity.MEDIUM),
        ("login_attempts", Severity.MEDIUM),
    ],
)
def test_keys_end_at_the_pace_of_their_tables(table: str, severity: Severity) -> None:
    schema = f"CREATE TABLE {table} (id serial PRIMARY KEY, code text, updated_at timestamptz);\n"
    change = f"{INSERT.replace('orders', table)}\n\ndef change(db):\n    db.execute('UPDATE {table} SET code = 1 WHERE id = 1')\n"
    (found,) = find("int32-key", {"db/schema.sql": schema, "shop/add.py": change})
    assert found.severity is severity


@pytest.mark.parametrize(
    ("table", "severity"),
    [
        ("websites", Severity.MEDIUM),
        ("orders", Severity.HIGH),
        ("districts", Severity.LOW),
    ],
)
def test_a_table_read_whole_is_as_bad_as_its_rows_are_many(table: str, severity: Severity) -> None:
    schema = (
        f"CREATE TABLE {table} (id bigserial PRIMARY KEY, code text, updated_at timestamptz);\n"
    )
    change = f"{INSERT.replace('orders', table)}\n\ndef change(db):\n    db.execute('UPDATE {table} SET code = 1 WHERE id = 1')\n"
    files = {"db/schema.sql": schema, "shop/add.py": change}
    (found,) = find(
        "unbounded-query", files | {"shop/web.py": handler(f"SELECT id, code FROM {table}")}
    )
    assert found.severity is severity


@pytest.mark.parametrize(
    ("table", "columns", "changed", "severity"),
    [
        ("papers", "title text", False, Severity.HIGH),
        ("papers", "title text", True, Severity.MEDIUM),
        ("papers", "shop_id bigint, desk_id bigint", True, Severity.HIGH),
        ("projects", "title text", False, Severity.MEDIUM),
    ],
)
def test_a_table_read_whole_that_is_only_added_to(
    table: str, columns: str, severity: Severity, *, changed: bool
) -> None:
    schema = f"CREATE TABLE {table} (id bigserial PRIMARY KEY, code text, {columns}, placed_at timestamptz);\n"
    change = f"\n\ndef change(db):\n    db.execute('UPDATE {table} SET code = 1 WHERE id = 1')\n"
    files = {
        "db/schema.sql": schema,
        "shop/add.py": INSERT.replace("orders", table) + (change if changed else ""),
        "shop/web.py": handler(f"SELECT id, code FROM {table}"),
    }
    (found,) = find("unbounded-query", files)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("table", "severity"), [("customers", Severity.MEDIUM), ("orders", Severity.HIGH)]
)
def test_a_page_of_a_list_weighs_what_its_rows_are(table: str, severity: Severity) -> None:
    schema = (
        f"CREATE TABLE {table} (id bigserial PRIMARY KEY, code text, created_at timestamptz);\n"
    )
    files = {"db/schema.sql": schema, "shop/add.py": INSERT.replace("orders", table)}
    page = handler(f"SELECT id, code FROM {table} ORDER BY created_at DESC LIMIT 20")
    (found,) = find("unindexed-query", files | {"shop/web.py": page})
    assert found.severity is severity


def test_accounts_of_what_people_belong_to_are_no_tenants() -> None:
    """A family has accounts and people, and each of them one account that is shown first."""
    carrying = "".join(
        f"CREATE TABLE t{n} (id bigserial PRIMARY KEY, account_id bigint REFERENCES accounts (id));"
        for n in range(8)
    )
    lines = (
        "CREATE TABLE entries (id bigserial PRIMARY KEY, t1_id bigint REFERENCES t1 (id), "
        "note text, created_at timestamptz);"
    )
    of = "account_id bigint REFERENCES accounts (id), family_id bigint"
    for family, reported in ((" REFERENCES families (id)", False), ("", True)):
        script = (
            "CREATE TABLE families (id bigserial PRIMARY KEY, title text);"
            f"CREATE TABLE accounts (id bigserial PRIMARY KEY, code text, household bigint{family});"
            f"CREATE TABLE users (id bigserial PRIMARY KEY, {of}); {carrying} {lines}"
        )
        code = INSERT.replace("orders", "entries")
        files = {"db/schema.sql": script, "shop/add.py": code}
        assert bool(find("missing-tenant-key", files)) is reported


@pytest.mark.parametrize(
    ("name", "severity"), [("orders", Severity.HIGH), ("projects", Severity.MEDIUM)]
)
def test_what_groups_of_people_share_are_few_rows(name: str, severity: Severity) -> None:
    schema = f"CREATE TABLE {name} (id bigserial PRIMARY KEY, title text, at timestamptz);"
    files = {
        "db/schema.sql": schema,
        "shop/add.py": INSERT.replace("orders", name),
        "shop/views.py": handler(f"SELECT id FROM {name} WHERE title = %s"),
    }
    (found,) = find("unindexed-query", files)
    assert found.severity is severity


def test_what_happens_to_an_incident_is_less_than_what_people_click() -> None:
    schema = (
        "CREATE TABLE incidents (id bigserial PRIMARY KEY, title text);"
        "CREATE TABLE events (id serial PRIMARY KEY, {} bigint REFERENCES {} (id), placed_at timestamptz);"
        "CREATE TABLE users (id bigserial PRIMARY KEY);"
    )
    code = {"shop/add.py": INSERT.replace("orders", "events")}
    grades = [
        find("int32-key", {"db/schema.sql": schema.format(*of), **code})[0].severity
        for of in (("incident_id", "incidents"), ("user_id", "users"))
    ]
    assert grades == [Severity.MEDIUM, Severity.HIGH]


def test_the_first_of_those_who_run_it_needs_no_index() -> None:
    schema = "CREATE TABLE users (id bigserial PRIMARY KEY, code text, {} boolean, created_at timestamptz);"
    add = INSERT.replace("orders", "users")
    for flag, told in (("is_superuser", False), ("is_listed", True)):
        files = {
            "db/schema.sql": schema.format(flag),
            "shop/add.py": add,
            "shop/views.py": handler(
                f"SELECT id FROM users WHERE {flag} = true ORDER BY created_at LIMIT 1"
            ),
        }
        assert bool(find("unindexed-query", files)) is told


def test_a_flag_in_front_of_an_index_is_not_what_a_table_is_searched_by() -> None:
    schema = "CREATE TABLE users (id bigserial PRIMARY KEY, is_api boolean, code text, uid text, seen_at timestamptz);"
    asked = ("is_api = true AND seen_at > %s", "code = %s", "uid = %s")
    views = "from flask import Flask\nfrom shop.db import connection\n\napp = Flask(__name__)\n\n\n@app.get('/x')\ndef show(x):\n"
    views += "".join(
        f'    connection().execute("SELECT id FROM users WHERE {each}", (x,)).fetchall()\n'
        for each in asked
    )
    files = {
        "db/schema.sql": schema,
        "shop/add.py": INSERT.replace("orders", "users"),
        "shop/views.py": views,
    }
    (found,) = find("unindexed-query", files)
    assert "searched by seen_at" in found.message or "seen_at and" in found.message
    assert "is_api" not in found.message


def test_a_sentence_has_no_brackets_around_an_expression() -> None:
    files = {
        "db/schema.sql": SCHEMA,
        "shop/add.py": INSERT,
        "shop/a.py": statement("SELECT id FROM orders WHERE upper(trim(code)) = %s"),
    }
    (found,) = find("unindexed-query", files)
    assert "orders is searched by upper(trim(code)), and" in found.message
    assert any("((upper(trim(code))))" in each for each in found.statements)
