"""Uploads that are on the disk only while they are worked on: the same file removes each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

# `fs.unlink(req.file.path)`, `await rm(file.path)`
REMOVED = regex(
    rb"\b(?:unlink|rm|remove)(?:Sync)?\s*\(\s*(?:[\w$]{1,40}\??\.){0,3}\w{0,40}[fF]iles?"
    rb"(?:\[\w{1,20}\])?\??\.path\b"
)
MAX_CALLS = 20
# Where something has failed, or only for some of the files.
SOMETIMES = frozenset({"catch_clause", "if_statement", "ternary_expression", "switch_case"})


def removes_uploads(reader: Reader) -> bool:
    """Whether some function removes what was uploaded, however it ends."""
    found = REMOVED.finditer(reader.content)
    return any(
        always(reader, reader.root.descendant_for_byte_range(match.start(), match.start()))
        for _, match in zip(range(MAX_CALLS), found, strict=False)
    )


def always(reader: Reader, node: Node | None) -> bool:
    if node is None or node.type == "comment":
        return False
    return not any(above.type in SOMETIMES for above in reader.ancestors(node))
