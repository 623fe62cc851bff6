"""The benchmark of missing indexes: its counting, and what it makes of a report."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import indexes
from index_scoring import (
    is_case_found,
    kind_of,
    label_hit,
    pairs,
    same_column,
    table_names,
)

CASE = {"table": "shop_order", "model": "Order", "columns": ["created_at"], "gap": "lead_unindexed"}
PAIR = {"table": "t", "model": None, "columns": ["a", "b"], "gap": "lead_unindexed"}
WIDENED = {"table": "t", "model": None, "columns": ["k", "m"], "gap": "lead_indexed"}
RENAMED = {
    "table": "owners", "model": None, "columns": ["account"], "column_aliases": ["key"], "gap": "lead_unindexed",
}  # fmt: skip


def said(table: str, *columns: str, file: str = "a.py", line: int = 1) -> dict[str, Any]:
    return {"table": table, "columns": list(columns), "file": file, "line": line}


def test_names_are_compared_as_people_do() -> None:
    assert table_names('public."Users"') & table_names("user")
    assert table_names("Spree::Order") & table_names("orders")
    assert table_names("categories") & table_names("Category")
    assert not table_names("user_events") & table_names("users")
    assert same_column("author_id", "author")
    assert same_column("authorId", "author_id")
    assert same_column("lower(email)", "email")
    assert not same_column("paid", "pa")
    assert not same_column("created", "updated")


@pytest.mark.parametrize(
    ("case", "prediction", "found"),
    [
        (CASE, said("Order", "created_at"), True),
        (CASE, said("shop_orders", "createdAt", "x"), True),
        (CASE, said("Order", "x", "created_at"), False),
        (CASE, said("Item", "created_at"), False),
        (PAIR, said("t", "a"), True),
        (PAIR, said("t", "b", "a"), True),
        (PAIR, said("t", "b"), False),
        (PAIR, said("t", "c", "b", "a"), False),
        (WIDENED, said("t", "k"), False),
        (WIDENED, said("t", "m", "k"), True),
        (RENAMED, said("owner", "key"), True),
    ],
)
def test_which_prediction_finds_a_case(
    case: dict[str, Any], prediction: dict[str, Any], found: bool
) -> None:
    assert is_case_found(case, [prediction]) is found


def label(file: str, line: int, columns: list[str], kind: str, **more: Any) -> dict[str, Any]:
    return {
        "file": file,
        "line": line,
        "table": "t",
        "model": "t",
        "columns": columns,
        "label": kind,
        **more,
    }


def test_labels_are_hit_by_place_or_by_their_only_column() -> None:
    labels = [
        label("m.py", 10, ["a"], "indexed"),
        label("m.py", 30, ["b"], "unindexed"),
        label("m.py", 50, ["d", "h"], "indexed"),
    ]
    assert label_hit(said("t", "b", file="m.py", line=31), labels) == 1
    assert label_hit(said("t", "h", file="m.py", line=52), labels) == 2
    assert label_hit(said("t", "h", file="m.py", line=60), labels) is None
    assert label_hit(said("t", "a", file="z.py"), labels) == 0
    assert label_hit(said("t", "d", file="z.py"), labels) is None  # of two columns: by place alone
    assert kind_of(label("m.py", 1, ["a"], "unindexed", benign=True)) == "benign"


def test_rows_of_a_report() -> None:
    def place(path: str, line: int) -> dict[str, Any]:
        return {"path": path, "line": line, "column": 1, "end_line": line}

    report = {
        "findings": [
            {
                "rule": "unindexed-query", "confidence": "high",
                "location": place("a.py", 3), "related": [place("b.py", 4)],
                "data": {"table": "t", "columns": ["a", "b"]},
            },
            {
                "rule": "unindexed-foreign-key", "confidence": "low",
                "location": place("s.sql", 1), "related": [place("s.sql", 2), place("a.py", 9)],
                "data": {"columns": ["t.x_id", "u.y_id"]},
            },
            {
                "rule": "no-timeout", "confidence": "high", "location": place("a.py", 1), "related": [],
                "data": {"columns": ["z"]},
            },
        ]
    }  # fmt: skip
    rows = indexes.rows_of(report, "o/n", "abc")
    assert [(r["table"], r["columns"], r["file"], r["line"]) for r in rows] == [
        ("t", ["a", "b"], "a.py", 3),
        ("t", ["a", "b"], "b.py", 4),
        ("t", ["x_id"], "s.sql", 1),
        ("u", ["y_id"], "s.sql", 2),
    ]
    assert pairs(rows) == 3


def test_columns_that_no_index_serves_stand_first() -> None:
    place = {"path": "a.py", "line": 3, "column": 1, "end_line": 3}
    one = {"table": "t", "columns": ["account_id", "made"], "unserved": ["made"]}
    several = {
        "columns": ["t.account_id,made", "t.account_id,state,made"],
        "unserved": ["t.made", "t.state,made"],
    }
    findings = [
        {
            "rule": "missing-composite-index", "confidence": "medium", "location": place,
            "related": [place], "data": data,
        }
        for data in (one, several)
    ]  # fmt: skip
    rows = indexes.rows_of({"findings": findings}, "o/n", "abc")
    assert [row["columns"] for row in rows] == [
        ["made", "account_id"],
        ["made", "account_id"],
        ["made", "account_id"],
        ["state", "made", "account_id"],
    ]


def test_columns_of_one_finding_without_a_place_of_their_own_count_as_well() -> None:
    place = {"path": "a.py", "line": 3, "column": 1, "end_line": 3}
    finding = {
        "rule": "unindexed-foreign-key", "confidence": "low", "location": place, "related": [],
        "data": {"columns": ["t.x_id", "u.y_id", "v.z_id"]},
    }  # fmt: skip
    rows = indexes.rows_of({"findings": [finding]}, "o/n", "abc")
    assert [(row["table"], row["columns"]) for row in rows] == [
        ("t", ["x_id"]),
        ("u", ["y_id"]),
        ("v", ["z_id"]),
    ]
