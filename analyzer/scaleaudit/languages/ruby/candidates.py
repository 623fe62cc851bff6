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

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_CALLS = 4_000  # of one file
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


def calls(reader: RubyReader) -> list[Node]:
    """The calls by a name of the tables, in the order of the file."""
    found = list(islice(_confirmed(reader, AFTER_A_DOT, 1), MAX_CALLS))
    found += islice(_confirmed(reader, ALONE, 0), MAX_CALLS)
    if b"HTTParty" in reader.content:
        found += islice(_confirmed(reader, VERB_ALONE, 0), MAX_CALLS)
    return found


def _confirmed(reader: RubyReader, pattern: re.Pattern[bytes], skipped: int) -> Iterator[Node]:
    for match in pattern.finditer(reader.content):
        start = match.start() + skipped
        leaf = reader.leaf_at(start)
        if leaf is None or leaf.type != "identifier" or leaf.start_byte != start:
            continue
        above = leaf.parent
        if above is None or above.type != "call":
            continue
        if above.child_by_field_name("method") == leaf:
            yield above
