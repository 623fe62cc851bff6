"""Patterns that a fragment of SQL is given beside it: `("name ILIKE :q", { q: `%${q}%` })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.builders.values import pattern_operator
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

NAMED = regex(r"(?i:\b(I?LIKE)\s+):(\w+)")
PLACED = regex(r"(?i:\b(I?LIKE)\s+)\?")
PLACES = regex(r"\?\??")
ANY = r"'%'"  # a pattern that begins with a wildcard


def with_patterns(reader: JavaScriptReader, text: str, given: Node | None) -> str:
    """The fragment with its patterns put in, where they are known to begin with a wildcard."""
    given = bare(given)
    if given is None or "like" not in text.lower():
        return text
    if given.type == "object":
        found = assembled(reader, given)
        named = dict(found.always) if found is not None else {}

        def put(match: re.Match[str]) -> str:
            return wild(reader, match, named.get(match[2]))

        return NAMED.sub(put, text)
    listed = [each for each in given.named_children if each.type != "comment"]
    listed = listed if given.type == "array" else [given]

    def place(match: re.Match[str]) -> str:
        number = len(PLACES.findall(text, 0, match.end() - 1))
        return wild(reader, match, listed[number] if number < len(listed) else None)

    return PLACED.sub(place, text)


def wild(reader: JavaScriptReader, match: re.Match[str], pattern: Node | None) -> str:
    if pattern_operator(reader, pattern) != "contains":
        return match[0]
    return f"{match[1]} {ANY}"
