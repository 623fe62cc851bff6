"""Code that runs only where a cache has lost its answer, or where something else has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.blocks_around import BLOCKS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

# `Rails.cache.fetch("a") do`, `cache.fetch_multi(...) { }`, `Discourse.cache.fetch`.
CACHING = regex(r"(?s)^(?:[\w:@]+\.)*[@\w]*cache\.(?:fetch|fetch_multi|get_or_set|getset)\b")
MAX_TEXT = 120


def is_seldom(reader: Reader, node: Node) -> bool:
    inner = node
    for above in reader.ancestors(node):
        kind = above.type
        if kind == "rescue":
            return True
        if kind in reader.FUNCTIONS:
            return False
        if kind == "call" and inner.type in BLOCKS:
            end = min(above.start_byte + MAX_TEXT, inner.start_byte)
            text = reader.content[above.start_byte : end].decode("utf-8", "replace")
            if CACHING.match(text) is not None:
                return True
        inner = above
    return False
