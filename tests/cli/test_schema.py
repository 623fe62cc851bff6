"""schema, queries."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import sqlglot

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
TABLES = """\
CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    "state" text,
    placed_at timestamptz NOT NULL,
    note text
);
CREATE INDEX orders_open ON orders (customer_id, placed_at) WHERE state = 'open';
CREATE TABLE "user" (id bigserial PRIMARY KEY, "group" text);
"""
CODE = """\
import db


def of_note(note):
    return db.execute("SELECT id FROM orders WHERE note = %s", (note,))


def one(key):
    return db.execute("SELECT note FROM orders WHERE id = %s", (key,))


def other(key):
    return db.execute("SELECT state FROM orders WHERE id = %s", (key,))
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = tmp_path / "shop"
    (shop / "db").mkdir(parents=True)
    (shop / "db" / "schema.sql").write_text(TABLES)
    (shop / "orders.py").write_text(CODE)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)


def document(text: str, name: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(text)
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def test_tables_with_their_places(run: Callable[..., Result]) -> None:
    result = run("schema", "shop", "--table", "orders,cust*")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "shop  2 tables  postgres\n"
        "\n"
        "customers  db/schema.sql:1\n"
        "  id     BIGSERIAL  key\n"
        "  email  TEXT       not null\n"
        "  unique (email)  db/schema.sql:1\n"
        "\n"
        "orders  db/schema.sql:2\n"
        "  id           BIGSERIAL    key\n"
        "  customer_id  BIGINT       not null  -> customers.id\n"
        "  state        TEXT\n"
        "  placed_at    TIMESTAMPTZ  not null\n"
        "  note         TEXT\n"
        "  index (customer_id, placed_at)  where state = 'open'  db/schema.sql:9\n"
    )


def test_the_schema_as_json(run: Callable[..., Result]) -> None:
    found = document(run("schema", "shop", "-f", "json").stdout, "schema-v1.json")
    assert [table["name"] for table in found["tables"]] == ["customers", "orders", "user"]
    orders = found["tables"][1]
    assert orders["indexes"] == [
        {
            "name": "", "columns": ["id"], "unique": True, "primary": True, "where": "", "method": "",
            "at": {"path": "db/schema.sql", "line": 3, "column": 5, "end_line": 3},
        },
        {
            "name": "orders_open", "columns": ["customer_id", "placed_at"], "unique": False,
            "primary": False, "where": "state = 'open'", "method": "",
            "at": {"path": "db/schema.sql", "line": 9, "column": 1, "end_line": 9},
        },
    ]  # fmt: skip


def test_the_schema_as_statements_can_be_parsed_again(run: Callable[..., Result]) -> None:
    text = run("schema", "shop", "--format", "ddl").stdout
    assert 'CREATE TABLE "user" (' in text
    assert '"group" TEXT' in text
    assert (
        "CREATE INDEX orders_open ON orders (customer_id, placed_at) WHERE state = 'open';" in text
    )
    assert "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);" in text
    statements = [each for each in sqlglot.parse(text, dialect="postgres") if each is not None]
    assert [type(each).__name__ for each in statements].count("Create") == 5


def test_the_schema_as_a_diagram(run: Callable[..., Result]) -> None:
    lines = run("schema", "shop", "--format", "mermaid").stdout.splitlines()
    assert lines[0] == "erDiagram"
    assert '  t0 ||--o{ t1 : "customer_id"' in lines
    assert "    BIGINT customer_id FK" in lines


def test_the_schema_as_dot(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("schema", "shop", "--format", "dot", "-o", "er.dot").exit_code == 0
    text = (tmp_path / "er.dot").read_text()
    assert "t1 -> t0" in text
    if shutil.which("dot") is not None:
        drawn = subprocess.run(
            ["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True
        )
        assert drawn.stderr == ""


def test_no_table(run: Callable[..., Result]) -> None:
    assert run("schema", "empty").stdout == "empty  no table is known\n"
    unknown = run("schema", "shop", "--table", "ordrs")
    assert unknown.exit_code == 2
    assert unknown.stderr == "scaleaudit: no table ordrs; 3 tables are known; near: orders\n"


def test_queries_with_what_serves_them(run: Callable[..., Result]) -> None:
    result = run("queries", "shop", "--table", "orders")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "shop  2 ways to ask 1 table, 1 without an index\n"
        "\n"
        "orders  db/schema.sql:2\n"
        "  no index  note =\n"
        "            no index leads with any of it; one on note would serve\n"
        "            orders.py:5  SELECT id FROM orders WHERE note = %s\n"
        "  served    id =\n"
        "            the primary key (id) finds the row\n"
        "            orders.py:9  SELECT note FROM orders WHERE id = %s\n"
        "            orders.py:13  SELECT state FROM orders WHERE id = %s\n"
    )


def test_a_table_that_nothing_asks(run: Callable[..., Result]) -> None:
    assert "  no query on it was found\n" in run("queries", "shop", "--table", "user").stdout
    assert "user" not in run("queries", "shop").stdout


def test_queries_as_json(run: Callable[..., Result]) -> None:
    found = document(run("queries", "shop", "-f", "json", "-t", "orders").stdout, "queries-v1.json")
    (orders,) = found["tables"]
    asked = orders["asked"]
    assert isinstance(asked, list)
    assert [(each["state"], each["index"], each["wanted"]) for each in asked] == [
        ("missing", [], ["note"]),
        ("served", ["id"], []),
    ]
    assert [site["line"] for site in asked[1]["sites"]] == [9, 13]
