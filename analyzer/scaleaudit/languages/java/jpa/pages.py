"""Pages by their number: `Pageable` of Spring Data, `setFirstResult` of JPA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

NUMBERED = regex(rb"\b(?:Pageable|PageRequest)\b")
FIRST_ROW = regex(rb"\.setFirstResult\(\s*(?!0\s*\))|\bfirstResult\s*=\s*(?!0\b)")
MAX_AFTER = 4_000  # bytes


def by_number(reader: JvmReader, node: Node) -> bool:
    """Whether the query of a text, or of the annotated method, begins at a given row."""
    annotation = next((a for a in reader.ancestors(node) if a.type in reader.ANNOTATIONS), None)
    around = reader.function_around(annotation if annotation is not None else node)
    if around is None:
        return False
    start = annotation.end_byte if annotation is not None else node.end_byte
    after = reader.content[start : min(around.end_byte, start + MAX_AFTER)]
    return (NUMBERED if annotation is not None else FIRST_ROW).search(after) is not None
