"""A piece of source as people read it in a report: on one line, and no longer than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

WIDER = 5  # bytes of source for each character shown: blanks at the beginning of lines fall away
# A call on what the line above gives belongs to it: `Order::where(...)->get()`.
CONTINUED = regex(r" (?=(?:\?->|->|\?\.|!\.|&?\.)[A-Za-z_])")


def one_line(text: str, most: int) -> str:
    """Blanks and line ends as one blank, none before a call in a chain; cut with an ellipsis."""
    joined = CONTINUED.sub("", " ".join(text.split()))
    return joined if len(joined) <= most else f"{joined[: most - 1]}…"


def between(content: bytes, start: int, end: int, most: int) -> str:
    """What stands between two bytes of a file."""
    written = content[start : min(end, start + WIDER * most)]
    return one_line(written.decode("utf-8", "replace"), most)


def excerpt(content: bytes, node: Node, most: int) -> str:
    """The source of an expression."""
    return between(content, node.start_byte, node.end_byte, most)
