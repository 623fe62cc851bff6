"""Code that runs once for each of several things: comprehensions, and functions handed to `Enum`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.syntax import DEFINES, body, local_name, operator, parts
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

OVER = frozenset(
    """
    all? any? chunk_by dedup_by each filter find find_value flat_map flat_map_reduce group_by into map
    map_every map_join map_reduce max_by min_by reduce reduce_while reject scan sort_by split_with
    split_while sum_by take_while uniq_by with_index zip_with count new async_stream async_stream_nolink
    drop_while transform
    """.split()  # noqa: SIM905 - a table to be read
)
OWNERS = frozenset({"Enum", "Stream", "Map", "MapSet", "Task", "Task.Supervisor", "Flow"})

PARTS = regex(rb"\b(?:Enum|Stream)\.chunk_every\b")


def in_loop(reader: ElixirReader, node: Node) -> bool:
    handed = False  # inside of a function that is an argument
    for above in reader.ancestors(node):
        if above.type == "stab_clause" and of_one_key(above):
            return False
        if above.type == "call":
            name = local_name(above)
            if name in DEFINES:
                return False
            if name == b"for":
                inner = body(above)  # what it goes over stands before, and is asked for once
                if inner and node.start_byte >= inner[0].start_byte:
                    return not PARTS.search(reader.content, above.start_byte, inner[0].start_byte)
            if handed and not name:
                owner, called = parts(above)
                if owner in OWNERS and called in OVER:
                    return not over_parts(reader, above)
            handed = False
        elif above.type == "anonymous_function" or captures(above):
            handed = True
    return False


def of_one_key(clause: Node) -> bool:
    """`Enum.reduce(filter, query, fn {:state, state}, query -> ... end)`: a key is there once."""
    given = clause.named_children[0].named_children if clause.named_children else []
    first = given[0] if given and given[0].type == "tuple" else None
    inner = first.named_children if first is not None else []
    return len(inner) == 2 and inner[0].type == "atom"


def over_parts(reader: ElixirReader, call: Node) -> bool:
    """`rows |> Enum.chunk_every(500) |> Enum.each(...)`: once for hundreds of them."""
    piped = call.parent
    if piped is not None and piped.type == "binary_operator" and operator(piped) == b"|>":
        before = piped.named_children[0]
        if before.end_byte <= call.start_byte:
            last = before.named_children[-1] if before.type == "binary_operator" else before
            return PARTS.match(reader.content, last.start_byte, last.end_byte) is not None
    given = call.named_children[-1]
    first = given.named_children[0] if given.named_children else given
    return PARTS.match(reader.content, first.start_byte, first.end_byte) is not None


def captures(node: Node) -> bool:
    """`&Repo.delete(&1)`"""
    return node.type == "unary_operator" and operator(node) == b"&"
