"""What stands on the other side of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex
from scaleaudit.values import Literal, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

LITERALS = frozenset({"string", "number", "true", "false", "null"})
# An entry of an enumeration, or a constant by the usual spelling.
ENUMERATED = regex(r"(?:[A-Z]\w*\.)+[A-Z]\w*|[A-Z][A-Z0-9_]+(?:\.\w+)*")
HOLE = "\0"
KNOWN_START = regex(r"[^%_\0]")
WILD_START = regex(r"[%_]")


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
    """`contains` where a pattern begins with a wildcard, `like` where with a letter or a value."""
    node = bare(node)
    if node is None:
        return "search"
    if node.type in ("identifier", "shorthand_property_identifier"):
        node = bare(reader.local(reader.text(node), node)) or node
    pattern = text_with_holes(reader.value(node), HOLE)
    if WILD_START.match(pattern):
        return "contains"
    known = KNOWN_START.match(pattern) is not None
    begun = pattern.startswith(HOLE) and pattern.rstrip(HOLE).endswith("%")
    return "like" if (known or begun) and not any_case else "search"
