"""A query run only where its words stand: walking a whole tree costs half of parsing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import QueryCursor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node, Query

NEAR = 300  # bytes between two places that are looked at in one run
BYTES_A_RUN = 400  # what a walk over the whole tree reads in the time that one run takes


def worthwhile(ranges: Iterable[tuple[int, int]], size: int) -> list[tuple[int, int]] | None:
    """The ranges in order, those near each other as one; None when the whole tree is cheaper."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start - merged[-1][1] <= NEAR:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged if len(merged) * BYTES_A_RUN < size else None


def captures_in(
    query: Query, root: Node, ranges: list[tuple[int, int]], depth: int, pending: int
) -> dict[str, list[Node]]:
    """What the query captures in nodes that touch one of the ranges, each node once."""
    found: dict[str, dict[int, Node]] = {}
    for start, end in ranges:
        cursor = QueryCursor(query, match_limit=pending)
        cursor.set_max_start_depth(depth)
        cursor.set_byte_range(start, end)
        for name, nodes in cursor.captures(root).items():
            found.setdefault(name, {}).update((node.id, node) for node in nodes)
    return {name: list(nodes.values()) for name, nodes in found.items()}
