"""Whether a loop runs what stands in it once for each of several things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

# `begin ... end until found`, `do { ... } while (taken)`: tried again until it works.
TRIED_AGAIN = frozenset(
    {
        "while_modifier",
        "until_modifier",
        "do_statement",
        "do_while_statement",
    }
)
# `while attempts < 50: ... break`: left as soon as something is found.
WHILES = frozenset({"while_statement", "while", "while_expression"})
LEFT = regex(rb"\bbreak\b")
# `while not found: found = ...`: tried again until it works, or read page by page.
UNLESS = regex(r"(?:!|\bnot\s+)\(?\s*([A-Za-z_$][\w$]*)(?![\w$.(\[]|->|\s*[=<>])")
ENDLESS = frozenset({"true", "1", "!0"})  # waits and tries again, or serves for ever


def repeats(reader: Reader, loop: Node, inner: Node) -> bool:
    """Not of a loop that tries again or has no end, nor of what decides whether it goes on."""
    if loop.type in TRIED_AGAIN:
        return False
    condition = loop.child_by_field_name("condition")
    if condition is None and loop.type == "while_statement" and loop.named_children:
        condition = loop.named_children[0]  # Kotlin's grammar names no fields
    if condition is None:
        return not _without_condition(loop) and not _in_head(loop, inner)
    if condition.start_byte <= inner.start_byte < condition.end_byte:
        return False
    if loop.type in WHILES and LEFT.search(reader.content, loop.start_byte, loop.end_byte):
        return False
    text = reader.text(condition)
    if loop.type in WHILES and any(_becomes(reader, loop, name) for name in UNLESS.findall(text)):
        return False
    return text.strip("() ;\t\r\n").lower() not in {*ENDLESS, ""}


def _becomes(reader: Reader, loop: Node, name: str) -> bool:
    """The loop gives the name a value."""
    given = re.compile(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*:?=(?![=>~])")
    return given.search(reader.content, loop.start_byte, loop.end_byte) is not None


def _in_head(loop: Node, inner: Node) -> bool:
    """In what the loop goes over, which is asked for once: `for row in rows():`."""
    if loop.type.startswith(("for", "enhanced_for")):
        body = loop.child_by_field_name("body")
        return body is not None and inner.end_byte <= body.start_byte
    if not loop.type.endswith("comprehension") and loop.type != "generator_expression":
        return False
    clause = next((each for each in loop.named_children if each.type == "for_in_clause"), None)
    over = clause.child_by_field_name("right") if clause is not None else None
    return over is not None and over.start_byte <= inner.start_byte < over.end_byte


def _without_condition(loop: Node) -> bool:
    """`for (;;)`, Go's `for { ... }`."""
    if loop.type != "for_statement" or loop.child_by_field_name("left") is not None:
        return False
    body = loop.child_by_field_name("body")
    if body is None:
        return False
    others = [child for child in loop.named_children if child.id != body.id]
    return not others
