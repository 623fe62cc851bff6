"""Code that runs only where a cache has lost its answer, or where something else has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

BLOCKS = frozenset({"block", "do_block"})
# `Rails.cache.fetch("a") do`, `cache.fetch_multi(...) { }`, `Discourse.cache.fetch`.
CACHING = regex(r"(?s)^(?:[\w:@]+\.)*[@\w]*cache\.(?:fetch|fetch_multi|get_or_set|getset)\b")
MAX_TEXT = 120


def is_seldom(reader: Reader, node: Node) -> bool:
    for above in reader.ancestors(node):
        if above.type == "rescue":
            return True
        if above.type in reader.FUNCTIONS:
            return False
        call = above.parent if above.type in BLOCKS else None
        if call is not None and call.type == "call":
            end = min(call.start_byte + MAX_TEXT, above.start_byte)
            text = reader.content[call.start_byte : end].decode("utf-8", "replace")
            if CACHING.match(text) is not None:
                return True
    return False
