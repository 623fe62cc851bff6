"""What is taken of each record that a relation loads: `orders.map(&:id)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAPPED = regex(rb"\.(?:map|collect|filter_map|flat_map)(?:\(&:|[ ]*&:)([a-z_]\w*)\)?(?![\w?!])")
MAX_BYTES = 120


def taken(reader: RubyReader, whole: Node) -> tuple[str, ...]:
    """The attribute; empty when something else is done with the records, or it is not known."""
    start = max(whole.start_byte, whole.end_byte - MAX_BYTES)
    here = reader.content[start : whole.end_byte + MAX_BYTES]
    end = whole.end_byte - start
    for match in MAPPED.finditer(here):
        if match.end() == end or match.start() == end:
            return (match[1].decode(),)
    return ()
