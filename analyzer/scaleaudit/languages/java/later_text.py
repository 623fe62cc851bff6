"""Text that statements after a string add to the variable that holds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.values import Value

READ = (b".toString()",)  # a builder that is handed on by itself may be added to
MAX_MENTIONS = 80  # of one variable
MAX_CHAIN = 40  # calls in one statement


def added_later(reader: JvmReader, whole: Node, name: bytes) -> list[Value] | None:
    """What the statements of the same block add, up to where the text is used.

    None where something else may happen to it: a condition, a loop, a method that it is given to.
    """
    start = statement_around(whole)
    if start is None or start.parent is None or not name:
        return None
    builder = is_builder(reader, start, name)
    found: list[Value] = []
    word = re.compile(rb"(?<![\w.$])" + re.escape(name) + rb"(?![\w$])")
    end = 0
    for count, match in enumerate(
        word.finditer(reader.content, start.end_byte, start.parent.end_byte)
    ):
        if match.start() < end:
            continue
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        own = statement_around(node) if node is not None else None
        if own is None or own.parent != start.parent or count > MAX_MENTIONS:
            return None
        added = added_by(reader, own, match.end())
        if added is None:
            used = reader.content[match.end() : match.end() + 40].lstrip()
            return found if used.startswith(READ if builder else (*READ, b")", b",")) else None
        found += added
        end = own.end_byte
    return found


def is_builder(reader: JvmReader, start: Node, name: bytes) -> bool:
    """Whether a variable is made as a builder, or added to by `append`, in its first block."""
    end = start.parent.end_byte if start.parent is not None else start.end_byte
    within = reader.content[start.start_byte : end]
    made = rb"\s*(?:\.\s*append\b|=\s*(?:new\s+)?String(?:Builder|Buffer)\s*\()"
    return re.search(re.escape(name) + made, within) is not None


def statement_around(node: Node) -> Node | None:
    at: Node | None = node
    while at is not None and at.parent is not None and at.parent.type != "block":
        at = at.parent
    return at if at is not None and at.parent is not None else None


def added_by(reader: JvmReader, statement: Node, begins: int) -> list[Value] | None:
    """Of `text.append(a).append(b);` and `text += a;`, what is added; None for others."""
    at = statement.named_children[0] if statement.named_children else None
    if statement.type != "expression_statement" or at is None:
        return None
    if at.type == "assignment_expression":
        left, right = at.child_by_field_name("left"), at.child_by_field_name("right")
        sign = reader.content[begins : begins + 4].lstrip()
        if left is None or right is None or left.end_byte != begins or not sign.startswith(b"+="):
            return None
        return [reader.value(right)]
    found: list[Value] = []
    for _ in range(MAX_CHAIN):
        if at is None or at.type != "method_invocation":
            break
        args = reader.arguments_of(at)
        if reader.callee(at).rpartition(".")[2] != "append" or len(args) != 1:
            return None
        found.append(reader.value(args[0]))
        at = at.child_by_field_name("object")
    plain = at is not None and at.type == "identifier" and at.end_byte == begins
    return found[::-1] if plain and found else None
