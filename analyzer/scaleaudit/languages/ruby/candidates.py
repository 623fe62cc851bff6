"""Where the calls that matter stand: found by their bytes, confirmed by the tree.

A search for `.name` in the bytes costs a fraction of a tree query for the same calls, so this
language has no query of its own.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.engine import prefix_tree
from scaleaudit.languages.patterns import expand
from scaleaudit.languages.ruby.frameworks import FRAMEWORKS
from scaleaudit.languages.ruby.names import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_CALLS = 4_000  # of one file
CALLEES = [each for pattern in FRAMEWORKS for name in pattern.callees for each in expand(name)]
NAMES = {callee.rpartition(".")[2] for callee in CALLEES}
# Those that need no receiver: `use Rack::Session::Pool`, `perform_later` inside a job.
BARE = {name.removeprefix("*.") for name in CALLEES if "." not in name.removeprefix("*.")}
# It begins with a literal, which is what makes the search fast.
AFTER_A_DOT = re.compile(rb"\.(?:" + prefix_tree(NAMES).encode() + rb")(?![\w?!:])")
ALONE = re.compile(rb"(?<![\w.:@$])(?:" + prefix_tree(BARE).encode() + rb")[ \t(]")
VERB_ALONE = re.compile(rb"(?<![\w.:@$])(?:" + prefix_tree(VERBS).encode() + rb")[ \t(]")


def calls(content: bytes, root: Node) -> list[Node]:
    """The calls by a name of the tables, in the order of the file."""
    found = list(islice(_confirmed(content, root, AFTER_A_DOT, 1), MAX_CALLS))
    found += islice(_confirmed(content, root, ALONE, 0), MAX_CALLS)
    if b"HTTParty" in content:
        found += islice(_confirmed(content, root, VERB_ALONE, 0), MAX_CALLS)
    return found


def _confirmed(
    content: bytes, root: Node, pattern: re.Pattern[bytes], skipped: int
) -> Iterator[Node]:
    for match in pattern.finditer(content):
        start = match.start() + skipped
        node = root.descendant_for_byte_range(start, start + 1)
        above = node.parent if node is not None and node.type == "identifier" else None
        if above is not None and above.type == "call":
            method = above.child_by_field_name("method")
            if method is not None and method.start_byte == start:
                yield above
