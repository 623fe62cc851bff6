"""Commands of `manage.py` that run until somebody stops them: programs of their own, not errands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

COMMAND = regex(rb"(?m)^class Command\(")
LOOP = regex(rb"(?m)^[ \t]+while\b")
ALWAYS = regex(r"\(?\s*(?:True|1)\s*\)?$")
# What a signal or whoever starts the command decides, not the work that is left.
ASKED = regex(r"(?i)stop|shut|exit|quit|term|kill|signal|running|once|loop|forever|daemon|options")
PAUSES = regex(rb"\bsleep\(|\.wait\(|\bpause\.")
LOOPS = frozenset({"while_statement", "for_statement"})
INNER = frozenset({"function_definition", "class_definition", "lambda"})
MAX_LOOPS = 40
MAX_NODES = 2_000


def runs_for_ever(reader: PythonReader) -> bool:
    """Whether the file is a command with a loop that pauses and has no end of its own."""
    content = reader.content
    if b"class Command(" not in content or b"while" not in content:
        return False
    if COMMAND.search(content) is None:
        return False
    if PAUSES.search(content) is None:
        return False
    for _, match in zip(range(MAX_LOOPS), LOOP.finditer(content), strict=False):
        at = match.end() - 1
        node = reader.root.descendant_for_byte_range(at, at + 1)
        loop = node.parent if node is not None else None
        if loop is not None and loop.type == "while_statement" and endless(reader, loop):
            return True
    return False


def endless(reader: PythonReader, loop: Node) -> bool:
    condition, body = loop.child_by_field_name("condition"), loop.child_by_field_name("body")
    if condition is None or body is None:
        return False
    if PAUSES.search(reader.content[body.start_byte : body.end_byte]) is None:
        return False
    written = reader.text(condition)
    if not ALWAYS.match(written):
        return condition.type != "comparison_operator" and ASKED.search(written) is not None
    return all(asked_for(reader, end, body) for end in ends(body))


def ends(body: Node) -> Iterator[Node]:
    """What leaves the loop, but by an error."""
    waiting, seen = [(body, False)], 0
    while waiting and seen < MAX_NODES:
        node, inside = waiting.pop()
        seen += 1
        if node.type == "return_statement" or (node.type == "break_statement" and not inside):
            yield node
        for child in node.named_children:
            if child.type not in INNER:
                waiting.append((child, inside or child.type in LOOPS))


def asked_for(reader: PythonReader, end: Node, body: Node) -> bool:
    """Behind a question that whoever starts or stops the command answers."""
    for above in reader.ancestors(end):
        if above.id == body.id:
            return False
        if above.type in ("if_statement", "elif_clause"):
            condition = above.child_by_field_name("condition")
            if condition is not None and ASKED.search(reader.text(condition)):
                return True
        elif (
            above.type == "except_clause"
            and b"Interrupt" in reader.content[above.start_byte : above.start_byte + 60]
        ):
            return True
    return False
