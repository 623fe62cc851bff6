"""Pieces of a text of which one is chosen: `"select ... " + (code != null ? "and code = ?" : "")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.values import Join, OneOf, Unknown, Value, join, one_of, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_VARIANTS = 12  # of one text
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


def least(value: Value) -> Value:
    """The text with the shortest piece of each choice."""
    if isinstance(value, Join):
        return join(*map(least, value.parts))
    if isinstance(value, OneOf):
        return least(min(value.choices, key=lambda each: len(text_with_holes(each))))
    return value


def one_choice_each(value: Value) -> list[Value]:
    """The text with each piece that may be chosen, the others being the shortest."""
    parts = value.parts if isinstance(value, Join) else (value,)
    found: dict[Value, None] = {}
    for at, part in enumerate(parts):
        for choice in part.choices if isinstance(part, OneOf) else ():
            whole = [*parts[:at], choice, *parts[at + 1 :]]
            found[join(*map(least, whole))] = None
    return list(found)[:MAX_VARIANTS]
