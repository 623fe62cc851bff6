"""Where queries of query sets begin: names that hardly anything else is called, found by the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import WORD
from scaleaudit.languages.python.django.chains import outermost, split
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

# Each stands for one name of a chain: its manager, or a method that hardly anything else has.
# It begins with what stands fixed: the search for that is many times faster than any other.
MARKS = regex(
    rb"\.(?:(objects|_default_manager|_base_manager|filter|exclude|order_by|select_related|prefetch_related"
    rb"|values_list|annotate|exists|in_bulk|earliest|latest|get_or_create|update_or_create"
    rb"|bulk_create|iterator|\w+_set|get_queryset|a?first|a?last|all|a?count|a?delete|a?update"
    rb"|a?create)\b(?!\s*=[^=])|a?(get)\((?=\s*(?:\w+\s*=|Q\(|\*\*)))"
)
HELPER = regex(
    rb"a?(?:get|find|fetch|first|one)_(?:\w+_)?or_(?:404|none|None|null|raise\w*|error\w*)"
)
# What each of them ends with, which begins with fixed letters too.
HELPER_END = regex(rb"_or_(?:404|none|None|null|raise\w*|error\w*)\(")
MAX_MARKS = 4_000  # of one file
TOO_MUCH = "too many queries of Django in one file: not all were read"


def chains_of(reader: PythonReader) -> list[Node]:
    """The outermost expressions with a mark, in the order of the source."""
    found: dict[int, Node] = {}
    covered: set[int] = set()
    for count, at in enumerate(marks(reader.content)):
        if count == MAX_MARKS:
            reader.problem = TOO_MUCH
            break
        node = reader.root.descendant_for_byte_range(at, at + 1)
        if node is None or node.type != "identifier" or node.start_byte in covered:
            continue
        holder = node.parent
        if holder is None or holder.type not in ("attribute", "call"):
            continue
        whole = outermost(reader, holder)
        found.setdefault(whole.id, whole)
        _, steps = split(reader, whole)
        for step in steps:
            function = (
                step.node.child_by_field_name("function") if step.kind == "call" else step.node
            )
            name = function.child_by_field_name("attribute") if function is not None else None
            if name is not None:
                covered.add(name.start_byte)
    return sorted(found.values(), key=lambda node: node.start_byte)


def marks(content: bytes) -> list[int]:
    """Where the names stand, in order."""
    found = [match.start(match.lastindex or 0) for match in MARKS.finditer(content)]
    helping = list(helpers(content))
    return sorted([*found, *helping]) if helping else found


def helpers(content: bytes) -> Iterator[int]:
    for match in HELPER_END.finditer(content):
        start = match.start()
        while start and content[start - 1] in WORD:
            start -= 1
        if HELPER.fullmatch(content, start, match.end() - 1) is not None:
            yield start
