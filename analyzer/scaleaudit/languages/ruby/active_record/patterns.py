"""Patterns of LIKE that a query is given beside its text: `where("name LIKE ?", "%#{x}%")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

PLACE = regex(
    r"(?P<like>\b(?:i?like|similar\s+to)\s+(?:(?:lower|upper)\s*\(\s*)?)?(?P<place>\?|(?<![:\w]):[a-z_]\w*)",
    2,
)
QUOTED_HOLE = regex(r"'[^'\n]{0,80}\{\}[^'\n]{0,80}'")
TEXTS = frozenset({"string", "chained_string"})
HELD = frozenset({"identifier", "instance_variable"})
MAX_DEPTH = 4


def pattern(reader: RubyReader, node: Node | None, depth: int = 0) -> str:
    """`contains` for a pattern that begins with a wildcard, `like` for one that ends with it."""
    if node is None or depth > MAX_DEPTH:
        return ""
    if node.type in HELD:
        return pattern(reader, reader.assigned_to(reader.hint(node), node), depth + 1)
    if node.type == "binary":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        first = pattern(reader, left, depth + 1)
        last = pattern(reader, right, depth + 1)
        percent = right is not None and right.type in TEXTS and "%" in reader.hint(right)
        return first or ("like" if percent or last == "contains" else "")
    if node.type == "call":  # `"%#{x}%".downcase`
        return pattern(reader, node.child_by_field_name("receiver"), depth + 1)
    if node.type not in TEXTS:
        return ""
    text = reader.text(node).strip("\"'")
    if text.startswith("%"):
        return "contains"
    return "like" if text.endswith("%") and len(text) > 1 else ""


LITERALS = {"contains": "'%x%'", "like": "'x%'"}


def filled(reader: RubyReader, text: str, beside: Sequence[Node]) -> str:
    """A fragment with the patterns in their places; what is compared otherwise stays open.

    `beside`: the arguments that stand behind it.
    """
    text = QUOTED_HOLE.sub(lambda found: found[0].replace("{}", "x"), text)
    if "like" not in text.lower():
        return text
    args = [each for each in beside if each.type not in ("pair", "hash", "comment")]
    options = {
        reader.hint(key).strip(":"): pair.child_by_field_name("value")
        for each in beside
        for pair in (each.named_children if each.type == "hash" else (each,))
        if pair.type == "pair" and (key := pair.child_by_field_name("key")) is not None
    }
    found: list[str] = []
    end = at = 0
    for match in PLACE.finditer(text):
        place = match["place"]
        if place == "?":
            given = args[at] if at < len(args) else None
            at += 1
        else:
            given = options.get(place[1:])
        literal = LITERALS.get(pattern(reader, given), "") if match["like"] else ""
        if literal:
            found += [text[end : match.start("place")], literal]
            end = match.end()
    return "".join([*found, text[end:]])
