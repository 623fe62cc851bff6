"""What stands on the other side of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

LITERALS = frozenset({"string", "number", "true", "false", "null"})
# An entry of an enumeration, or a constant by the usual spelling.
ENUMERATED = regex(r"(?:[A-Z]\w*\.)+[A-Z]\w*|[A-Z][A-Z0-9_]+(?:\.\w+)*")
KNOWN_START = regex(r"[\"'`][^%_\"'`]")
WILD_START = regex(r"[\"'`][%_]")


def is_constant(reader: JavaScriptReader, node: Node | None) -> bool:
    """A literal or an enumeration's entry that stands there."""
    node = bare(node)
    if node is None:
        return False
    if node.type in LITERALS:
        return True
    if node.type == "array":
        return bool(node.named_children) and all(
            is_constant(reader, each) for each in node.named_children[:50]
        )
    if node.type in ("member_expression", "identifier"):
        if ENUMERATED.fullmatch(reader.text(node)[:200]) is not None:
            return True
        return node.type == "identifier" and isinstance(reader.value(node), Literal)
    return False


def is_null(reader: JavaScriptReader, node: Node | None) -> bool:
    node = bare(node)
    return node is not None and (node.type == "null" or reader.text(node)[:10] == "null")


def pattern_operator(reader: JavaScriptReader, node: Node | None, *, any_case: bool = False) -> str:
    """`like` where the pattern begins with a letter, `contains` where with a wildcard, else `search`."""
    node = bare(node)
    if node is None or node.type not in ("string", "template_string"):
        return "search"
    text = reader.text(node)[:4]
    if WILD_START.match(text):
        return "contains"
    return "like" if KNOWN_START.match(text) and not any_case else "search"
