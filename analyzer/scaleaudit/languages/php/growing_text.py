"""A statement that later lines of its block add to, always or under a condition.

$sql = "SELECT * FROM orders WHERE shop = ?";
if ($code) {
    $sql .= " AND code = ?";
}
$this->db->query($sql);
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.sql_strings import with_conditions
from scaleaudit.languages.text_choices import Piece
from scaleaudit.record import Gathering
from scaleaudit.values import Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

BLOCKS = frozenset({"program", "compound_statement"})
ADDING = "augmented_assignment_expression"
CHOICES = frozenset({"if_statement", "else_if_clause"})
MAX_STATEMENTS = 120  # behind the first, up to the use
MAX_OPTIONS = 24  # of one statement
MAX_ABOVE = 4  # nodes from the text to the line it stands on


class Grown(Gathering):
    """The statement with all that is always there, and with what each branch adds to that."""

    always: Value
    optional: list[tuple[Node, Value]] = msgspec.field(default_factory=list)


def grown(reader: PhpReader, node: Node) -> Grown | None:
    """None where nothing is added, or more may happen to the text than can be told."""
    holder = node.parent
    if holder is None or holder.type != "assignment_expression":
        return None
    name, line = holder.child_by_field_name("left"), _line(holder)
    if name is None or line is None or name.type != "variable_name":
        return None
    pieces = _pieces(reader, line, reader.content[name.start_byte : name.end_byte])
    if not pieces:
        return None
    begun = reader.value(node)
    fixed = [each.value for each in pieces if each.place is None]
    found = Grown(join(begun, *fixed))
    arms = {each.place.id: each.place for each in pieces if each.place is not None}
    for arm in list(arms.values())[:MAX_OPTIONS]:
        chosen = [e.value for e in pieces if e.place is None or e.place.id == arm.id]
        found.optional.append((arm, join(begun, *chosen)))
    return found


def _line(node: Node) -> Node | None:
    """The statement of a block that a node stands in."""
    at: Node | None = node
    for _ in range(MAX_ABOVE):
        if at is None or at.parent is None:
            return None
        if at.parent.type in BLOCKS:
            return at
        at = at.parent
    return None


def _pieces(reader: PhpReader, start: Node, name: bytes) -> list[Piece] | None:
    """What the lines behind the first add, in order, up to where the text is used."""
    escaped = re.escape(name)
    word = re.compile(rb"(?<![\w$.>])" + escaped + rb"(?![\w$])")
    # Given anew, added to in another way, or made a part of a larger text.
    changed = re.compile(
        rb"(?<![\w$.>])" + escaped + rb"\s*(?:[-+.*|]?=(?!=)|\+|\.|%|\[|->|\?)"
        rb"|[+.]\s*"
        + escaped
        + rb"(?![\w$])|\{\s*"
        + escaped
        + rb"\s*\}|"
        + with_conditions(escaped)
    )
    found: list[Piece] = []
    line = start.next_named_sibling
    for _ in range(MAX_STATEMENTS):
        if line is None:
            return None
        if word.search(reader.content, line.start_byte, line.end_byte) is not None:
            added = _added(reader, line, name, word)
            if added is None:
                used = changed.search(reader.content, line.start_byte, line.end_byte) is None
                return found if used else None
            found += added
        line = line.next_named_sibling
    return None


def _added(
    reader: PhpReader, line: Node, name: bytes, word: re.Pattern[bytes]
) -> list[Piece] | None:
    """What one line adds; None for any other line."""
    if line.type in CHOICES:
        return _branches(reader, line, name, word)
    value = _addition(reader, line, name)
    return None if value is None else [Piece(value)]


def _addition(reader: PhpReader, line: Node, name: bytes) -> Value | None:
    """`sql += " AND a = 1"`."""
    at = line.named_children[0] if line.named_children else None
    if line.type != "expression_statement" or at is None or at.type != ADDING:
        return None
    left, right = at.child_by_field_name("left"), at.child_by_field_name("right")
    if left is None or right is None or reader.content[left.start_byte : left.end_byte] != name:
        return None
    sign = reader.content[left.end_byte : right.start_byte].strip()
    return reader.value(right) if sign == b".=" else None


def _branches(
    reader: PhpReader, choice: Node, name: bytes, word: re.Pattern[bytes]
) -> list[Piece] | None:
    """What each arm of an `if` adds; None where the test looks at the text, or an arm does more."""
    found: list[Piece] = []
    for at, child in enumerate(choice.children):
        if word.search(reader.content, child.start_byte, child.end_byte) is None:
            continue
        field = choice.field_name_for_child(at)
        if child.type in CHOICES:
            inside = _branches(reader, child, name, word)
        elif field == "body" or child.type in BLOCKS or child.type == "expression_statement":
            inside = _in_arm(reader, child, name, word)
        elif child.type == "else_clause":
            inside = _branches(reader, child, name, word)
        else:
            return None
        if inside is None:
            return None
        found += inside
    return found


def _in_arm(
    reader: PhpReader, arm: Node, name: bytes, word: re.Pattern[bytes]
) -> list[Piece] | None:
    found: list[Piece] = []
    for line in arm.named_children if arm.type in BLOCKS else [arm]:
        if word.search(reader.content, line.start_byte, line.end_byte) is None:
            continue
        value = _addition(reader, line, name)
        if value is None:
            return None
        found.append(Piece(value, arm))
    return found
