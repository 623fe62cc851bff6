"""Text that some branches add to a statement: `if (code != null) sql.append(" AND code = ?")`.

Each branch is told with all that is always there, as a statement of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.java.later_text import (
    MAX_MENTIONS,
    READ,
    added_by,
    is_builder,
    statement_around,
)
from scaleaudit.record import Gathering
from scaleaudit.values import Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_OPTIONS = 24  # of one statement
BODIES = {"block", "expression_statement", "if_statement"}


class Piece(Gathering):
    """What one statement adds; `place`: the branch that it is in, None for what always is."""

    values: list[Value]
    place: Node | None = None


def optional_texts(
    reader: JvmReader, whole: Node, name: bytes, begun: Value
) -> list[tuple[Node, Value]]:
    """The text with each of the parts that are added under a condition, and where those stand.

    Nothing where more may happen to the variable than can be told.
    """
    pieces = pieces_of(reader, whole, name)
    if pieces is None:
        return []
    found: list[tuple[Node, Value]] = []
    for chosen in pieces:
        if chosen.place is None or len(found) >= MAX_OPTIONS:
            continue
        parts = [
            value
            for each in pieces
            if each.place is None or each is chosen
            for value in each.values
        ]
        found.append((chosen.place, join(begun, *parts)))
    return found


def pieces_of(reader: JvmReader, whole: Node, name: bytes) -> list[Piece] | None:
    """What is added after the first statement, in order, up to where the text is used."""
    start = statement_around(whole)
    if start is None or start.parent is None or not name:
        return None
    word = re.compile(rb"(?<![\w.$\"])" + re.escape(name) + rb"(?![\w$])")
    used = READ if is_builder(reader, start, name) else (*READ, b")", b",", b";")
    pieces: list[Piece] = []
    end = 0
    for count, match in enumerate(
        word.finditer(reader.content, start.end_byte, start.parent.end_byte)
    ):
        if match.start() < end:
            continue
        if count > MAX_MENTIONS:
            return None
        own = below(reader, start.parent, match.start(), match.end())
        if own is None:
            return None
        if own.type == "if_statement":
            inside = branches_of(reader, own, word)
            if inside is None:
                return None
            pieces += inside
            end = own.end_byte
            continue
        added = added_by(reader, own, match.end())
        if added is None:
            after = reader.content[match.end() : match.end() + 40].lstrip()
            return pieces if after.startswith(used) else None
        pieces.append(Piece(added))
        end = own.end_byte
    return None


def below(reader: JvmReader, block: Node, start: int, end: int) -> Node | None:
    """The statement of a block in which bytes stand."""
    at = reader.root.descendant_for_byte_range(start, end)
    while at is not None and at.parent is not None and at.parent.id != block.id:
        at = at.parent
    return at if at is not None and at.parent is not None else None


def branches_of(reader: JvmReader, choice: Node, word: re.Pattern[bytes]) -> list[Piece] | None:
    """What each arm of an `if` adds; None where the test looks at the text, or an arm does more."""
    test = choice.child_by_field_name("condition")
    if test is None or word.search(reader.content, test.start_byte, test.end_byte):
        return None
    found: list[Piece] = []
    for field in ("consequence", "alternative"):
        arm = choice.child_by_field_name(field)
        if arm is None or not word.search(reader.content, arm.start_byte, arm.end_byte):
            continue
        if arm.type == "if_statement":
            inside = branches_of(reader, arm, word)
            if inside is None:
                return None
            found += inside
            continue
        values = added_in(reader, arm, word)
        if values is None:
            return None
        found.append(Piece(values, arm))
    return found


def added_in(reader: JvmReader, arm: Node, word: re.Pattern[bytes]) -> list[Value] | None:
    """All that the statements of one arm add, one after the other."""
    if arm.type not in BODIES:
        return None
    values: list[Value] = []
    for each in [arm] if arm.type == "expression_statement" else arm.named_children:
        match = word.search(reader.content, each.start_byte, each.end_byte)
        if match is None:
            continue
        added = added_by(reader, each, match.end())
        if added is None:
            return None
        values += added
    return values
