"""Steps of a migration that are for one engine of several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

CHOICES = frozenset(
    {
        "if", "unless", "elsif", "if_modifier", "unless_modifier", "conditional", "case", "when",
        "if_statement", "elif_clause", "switch_statement", "ternary_expression",
        "conditional_expression", "match_statement", "case_clause", "switch_case",
    }
)  # fmt: skip
ENGINE = regex(r"adapter|dialect|driver|mysql|maria|postgres|\bpg\b|sqlite|oracle|mssql", re.I)
MAX_CONDITION = 300  # characters


def for_one_engine(reader: Reader, node: Node) -> bool:
    """Under a condition on the engine: that the step is written for one says nothing of which runs."""
    for above in reader.ancestors(node):
        if above.type in reader.CLASSES:
            return False
        if above.type in CHOICES:
            tested = above.child_by_field_name("condition") or above.child_by_field_name("value")
            text = reader.text(tested if tested is not None else above)[:MAX_CONDITION]
            if ENGINE.search(text):
                return True
    return False
