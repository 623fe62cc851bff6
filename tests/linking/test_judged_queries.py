"""What the rules are given: every query with how its tables' indexes serve it."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

TABLES = """
CREATE TABLE notes (id bigint PRIMARY KEY, tenant_id bigint, code text, label text, at timestamptz);
CREATE INDEX a ON notes (tenant_id, code); CREATE INDEX b ON notes (tenant_id, label);
CREATE TABLE words (id bigint PRIMARY KEY, word text);
CREATE TABLE terms (id bigint PRIMARY KEY, word text);
CREATE INDEX c ON terms (word);
CREATE TABLE pages (id bigint PRIMARY KEY, body text);
"""


def judged(*statements: str) -> list[tuple[str, bool]]:
    lines = "".join(f"    c.execute({text!r})\n" for text in statements)
    found = architecture({"db/schema.sql": TABLES, "app.py": f"def f(c):\n{lines}"})
    return [
        (each.table.name, each.verdict.is_problem)
        for site, mentions in found.judged_queries
        if site.at.path == "app.py"
        for each in mentions
    ]


def test_the_same_order_with_a_limit_and_without() -> None:
    text = "SELECT id FROM notes ORDER BY at"
    assert judged(text, f"{text} LIMIT 5", text) == [
        ("notes", False),
        ("notes", True),
        ("notes", False),
    ]


def test_the_same_question_of_other_tables() -> None:
    text = "SELECT 1 FROM {}, pages WHERE word = %s"
    assert judged(text.format("words"), text.format("terms")) == [
        ("words", True),
        ("terms", False),
    ]


@pytest.mark.parametrize(
    ("other", "added"),
    [("SELECT id FROM notes WHERE label = %s", True),
     ("SELECT id FROM notes WHERE tenant_id = %s AND label = %s", False)],
)  # fmt: skip
def test_a_tenant_that_the_code_leaves_out_is_added_by_a_framework(other: str, added: bool) -> None:
    found = judged("SELECT id FROM notes WHERE code = %s", other)
    assert found[0] == ("notes", not added)
