"""Pieces of a text of which one is chosen: `"select ... " + (code != null ? "and code = ?" : "")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.values import Unknown, Value, one_of, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

BLOCKS = ("block", "statements", "control_structure_body")


def chosen_text(reader: JvmReader, arms: list[Node], depth: int) -> Value:
    """One of several pieces of a sentence; a choice between mere names stays unknown."""
    values = [reader.value(inner(arm), depth + 1) for arm in arms]
    texts = [text_with_holes(value) for value in values]
    pieces = len(values) > 1 and any(" " in text.strip() for text in texts)
    if not pieces or any(isinstance(value, Unknown) for value in values):
        return Unknown(reader.text(arms[0])[:80] if arms else "")
    return one_of(values)


def inner(arm: Node) -> Node:
    """What a block of one expression gives."""
    while arm.type in BLOCKS and len(arm.named_children) == 1:
        arm = arm.named_children[0]
    return arm
