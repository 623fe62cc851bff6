"""Heredocs of Ruby: texts whose bodies stand below the line that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

HEREDOC = regex(rb"<<[~-]?[\"'`]?[A-Za-z_]")
MAX_OPENERS = 8  # of one line


def body_of(reader: RubyReader, opener: Node) -> Node | None:
    """The body of a heredoc; the bodies of one line follow each other below it."""
    line = reader.content.rfind(b"\n", 0, opener.start_byte) + 1
    before = len(HEREDOC.findall(reader.content, line, opener.start_byte))
    at = reader.content.find(b"\n", opener.end_byte)
    body: Node | None = None
    for _ in range(min(before, MAX_OPENERS) + 1):
        body = reader.leaf_at(at) if at >= 0 else None
        while body is not None and body.type != "heredoc_body":
            body = body.parent
        if body is None:
            return None
        at = body.end_byte
    return body


def opener_of(reader: RubyReader, body: Node) -> Node | None:
    """A body begins where the line of its opener ends."""
    line = reader.content.rfind(b"\n", 0, body.start_byte) + 1
    opener = HEREDOC.search(reader.content, line, body.start_byte)
    return reader.leaf_at(opener.start()) if opener is not None else None
