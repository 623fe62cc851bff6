"""Texts of which a piece is one of several: what they come to with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.record import Gathering
from scaleaudit.values import Join, Literal, OneOf, Value, join, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_VARIANTS = 12  # of one text
MAX_DEPTH = 4  # choices inside of choices
MAX_PARTS = 64  # of a text that is used in another one
MAX_LENGTH = 50_000
MAX_INSIDE = 2_000  # pieces of pieces of one text


class Piece(Gathering):
    """What a line adds to a text; `place`: the branch that it stands in, None for what always is."""

    value: Value
    place: Node | None = None


def least(value: Value) -> Value:
    """The text with the shortest piece of each choice."""
    if isinstance(value, Join):
        return join(*map(least, value.parts))
    if isinstance(value, OneOf):
        return least(min(value.choices, key=lambda each: len(text_with_holes(each))))
    return value


def one_choice_each(value: Value, depth: int = 0) -> list[Value]:
    """The text with each piece that may be chosen, the others being the shortest."""
    parts = value.parts if isinstance(value, Join) else (value,)
    if depth > MAX_DEPTH:
        return []
    found: dict[Value, None] = {}
    for at, part in enumerate(parts):
        for choice in part.choices if isinstance(part, OneOf) else ():
            for each in one_choice_each(choice, depth + 1) or [choice]:
                whole = [*parts[:at], each, *parts[at + 1 :]]
                found[join(*map(least, whole))] = None
    return list(found)[:MAX_VARIANTS]


def is_small(value: Value) -> bool:
    """Texts may be made of texts that are made of texts, each of several pieces."""
    if isinstance(value, Join) and len(value.parts) > MAX_PARTS:
        return False
    waiting, length = [value], 0
    for _ in range(MAX_INSIDE):
        if not waiting:
            return True
        each = waiting.pop()
        if isinstance(each, Literal):
            length += len(each.text)
        elif isinstance(each, Join):
            waiting.extend(each.parts)
        elif isinstance(each, OneOf):
            waiting.extend(each.choices)
        if length > MAX_LENGTH:
            return False
    return False
