"""Where the calls that matter stand: found by their bytes, confirmed by the tree.

A search for `.name` in the bytes costs a fraction of a tree query for the same calls, so this
language has no query of its own.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.engine import prefix_tree
from scaleaudit.languages.patterns import expand
from scaleaudit.languages.ruby.frameworks import FRAMEWORKS
from scaleaudit.languages.ruby.names import VERBS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

MAX_CALLS = 4_000  # of one file
MAX_DEPTH = 300  # of a call in the tree
CALLEES = [each for pattern in FRAMEWORKS for name in pattern.callees for each in expand(name)]
NAMES = {callee.rpartition(".")[2] for callee in CALLEES}
# Those that need no receiver: `use Rack::Session::Pool`, `perform_later` inside a job.
BARE = {name.removeprefix("*.") for name in CALLEES if "." not in name.removeprefix("*.")}
# It begins with a literal, which is what makes the search fast.
AFTER_A_DOT = regex(rb"\.(?:" + prefix_tree(NAMES).encode() + rb")(?![\w?!:])")


def alone(names: Iterable[str]) -> re.Pattern[bytes]:
    """Names without a receiver. What stands before is asked after the first letter: to begin with
    fixed letters is what makes the search fast."""
    rests: dict[str, list[str]] = {}
    for name in sorted(names):
        rests.setdefault(name[0], []).append(name[1:])
    trees = [rf"{first}(?<![\w.:@$]{first}){prefix_tree(rest)}" for first, rest in rests.items()]
    return regex(rf"(?:{'|'.join(trees)})[ \t(]".encode())


ALONE = alone(BARE)
VERB_ALONE = alone(VERBS)


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
    cursor = root.walk()
    for match in pattern.finditer(content):
        start = match.start() + skipped
        cursor.reset(root)
        for _ in range(MAX_DEPTH):
            if cursor.goto_first_child_for_byte(start) is None:
                break
        else:
            continue  # what stands that deep is no program
        node = cursor.node
        if node is None or node.type != "identifier" or node.start_byte != start:
            continue
        if cursor.field_name == "method" and cursor.goto_parent():
            above = cursor.node
            if above is not None and above.type == "call":
                yield above
