"""Fragments that grow: `conds = "state = 1"; conds << " AND code = 2" if x`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

BRANCHES = frozenset(
    ["if", "unless", "if_modifier", "unless_modifier", "elsif", "else", "case", "when", "while", "until", "for",
     "block", "do_block", "rescue", "conditional", "while_modifier", "until_modifier"]
)  # fmt: skip
# Of which one surely runs.
EXHAUSTIVE = frozenset({"else", "elsif", "case", "when", "block", "do_block", "for", "while"})
MAX_PIECES = 20


def pieces(reader: RubyReader, name: str, held: Node, use: Node) -> Iterator[Node | None]:
    """What is put to a text between its assignment and its use, in order; None for what is not known.

    What only a condition puts there is left out: without it the text stands as it is.
    """
    form = re.compile(rb"(?<![\w@.:])" + re.escape(name.encode()) + rb"\s*(?:<<|\+=|\.concat\b)")
    for count, match in enumerate(
        form.finditer(reader.content, held.end_byte, max(use.start_byte, held.end_byte))
    ):
        leaf = reader.leaf_at(match.start())
        above = leaf.parent if leaf is not None else None
        if above is None or count >= MAX_PIECES:
            yield None
            return
        branches = [
            each.type
            for each in inside(reader, above)
            if not (each.start_byte <= use.start_byte and use.end_byte <= each.end_byte)
        ]
        if not branches:
            yield above.child_by_field_name("right")
        elif any(kind in EXHAUSTIVE for kind in branches) or otherwise(reader, above):
            yield None


def inside(reader: RubyReader, node: Node) -> Iterator[Node]:
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            return
        if above.type in BRANCHES:
            yield above


def otherwise(reader: RubyReader, node: Node) -> bool:
    """Whether the condition around has another branch, which may put something else there."""
    around = next(inside(reader, node), None)
    return around is None or around.child_by_field_name("alternative") is not None
