"""Whether a file uses an imported name only as a type: then TypeScript leaves the import out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

# A decorated class may keep the types of its constructor's parameters at run time.
DECORATOR = regex(rb"\n[ \t]*@[A-Za-z_$]")
# The same letters, but no mention of the name.
OTHER = frozenset(
    [
        "comment",
        "string_fragment",
        "property_identifier",
        "jsx_text",
        "regex_pattern",
        "template_string",
        "statement_identifier",
        "private_property_identifier",
    ]
)
TYPES = frozenset({"type_query", "nested_type_identifier"})  # `typeof x`, `ns.Type`
WORD = frozenset(bytes([byte]) for byte in range(256) if chr(byte).isalnum() or byte in b"_$")
MAX_FOUND = 60  # places of one name; with more of them it is taken for a value


def decorates(content: bytes) -> bool:
    """Whether a decorator stands at the beginning of a line."""
    return b"@" in content and DECORATOR.search(b"\n" + content) is not None


def only_types(reader: Reader, statement: Node, names: Iterable[str]) -> bool:
    """Every name is mentioned, and nowhere but in types."""
    return all(_only_type(reader, statement, name) for name in names)


def _only_type(reader: Reader, statement: Node, name: str) -> bool:
    content, written = reader.content, name.encode()
    mentions, at = 0, -1
    for _ in range(MAX_FOUND):
        at = content.find(written, at + 1)
        end = at + len(written)
        if at < 0:
            return mentions > 0
        if statement.start_byte <= at < statement.end_byte or _inside_word(content, at, end):
            continue
        node = reader.root.descendant_for_byte_range(at, end)
        if node is None or node.type in OTHER:
            continue
        above = node.parent
        typed = node.type == "type_identifier" or (above is not None and above.type in TYPES)
        if not typed:
            return False
        mentions += 1
    return False


def _inside_word(content: bytes, start: int, end: int) -> bool:
    return content[start - 1 : start] in WORD or content[end : end + 1] in WORD
