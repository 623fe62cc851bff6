"""Lists of what is not over yet, which stay short."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, Predicate
from scaleaudit_rules.data.list_without_pagination import is_open

FLAGS = """
acknowledged answered closed complete completed dismissed done finished handled is_read open pending
processed read resolved running seen sent undone unread unseen viewed was_sent
"""
OTHERS = "active already_read name opened_by ready status"
GONE = "archived_at deleted_at hidden_at parent_id removed_at reply_to_id trashed_at ancestor_path"
ENDS = "ended_at finished_at handled_by_id read_at"


@pytest.mark.parametrize(
    ("columns", "operator", "constant", "expected"),
    [
        (FLAGS, "=", True, True),
        (FLAGS, "=", False, False),
        (OTHERS, "=", True, False),
        (GONE, "is-null", False, False),
        (ENDS, "is-null", False, True),
    ],
)
def test_what_is_not_over_yet(columns: str, operator: str, constant: bool, expected: bool) -> None:
    for name in columns.split():
        test = Predicate("tasks", name.title(), operator, Clause.FILTER, constant=constant)
        assert is_open(test) is expected, name
