"""Columns that a migration names, also by constants of other files: `table.string(UserField.email)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.named import text_with_names

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration

NAMED = frozenset({"identifier", "member_expression"})


def column(m: Migration, node: Node | None) -> str:
    """The text, or `${name:of:constant}`; empty where it is neither."""
    text = m.text(node)
    if not text and node is not None and node.type in NAMED:
        text = text_with_names(m.reader.value(node))
    return text


def columns(m: Migration, node: Node | None) -> list[str]:
    """The columns of a list, or the one that stands there; none where one is not known."""
    found = m.texts(node)
    if found or node is None:
        return found
    listed = options.literal_of(m.reader, node, "array")
    nodes = [node] if listed is None else [c for c in listed.named_children if c.type != "comment"]
    names = [column(m, each) for each in nodes]
    return names if all(names) else []
