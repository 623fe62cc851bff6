"""Names of tables that a function completes: `$this->getTable("orders")`, `tableName("orders", $config)`.

What an installation puts before the names of all its tables is left away wherever tables are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

MAX_TEXT = 200
# The function's name tells what it makes; its first argument is the only text.
COMPLETED = regex(
    r"^(?:[$\\]?\w+(?:\(\))?(?:->|::|\\))*\w*(?:[tT]able|[pP]refix)\w*"
    r"\(\s*(['\"])([A-Za-z_]\w*)\1\s*(?:,[^()'\"]*)?(?:\)|$)"
)
HOLE_BEFORE = regex(r"^\{[^{}]{0,40}\}(?=[A-Za-z_])")


def completed(text: str) -> str:
    """The bare name that a call completes; empty where the text is no such call."""
    found = COMPLETED.match(text[:MAX_TEXT])
    return found[2] if found is not None else ""


def table_text(reader: PhpReader, node: Node) -> str:
    """The name of a table without what each installation puts before it."""
    if node.type in CALLS:
        bare = completed(reader.text(node)[:MAX_TEXT])
        if bare:
            return bare
    text = text_with_holes(reader.value(node))
    return HOLE_BEFORE.sub("", text) if "{" in text else text
