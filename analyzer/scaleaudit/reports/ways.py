"""Ways from one component to another over calls, stores and messages.

A way follows what opens connections, and messages from their topic to who takes them: a consumer
opens the connection, but what happens next happens in it.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.architecture import Architecture, Edge

MAX_WAYS = 200
MAX_VISITS = 50_000  # nodes entered while ways are looked for
NO_WAY = frozenset({EdgeKind.IMPORTS, EdgeKind.OWNS, EdgeKind.CONTAINS, EdgeKind.CONSUMES})


def steps_from(architecture: Architecture, here: str) -> list[tuple[str, Edge]]:
    """Where a way may go on, and the edge that it takes, sorted by ids."""
    found = [(e.target, e) for e in architecture.edges_out_of(here) if e.kind not in NO_WAY]
    if architecture.node(here).kind is NodeKind.TOPIC:  # a broker carries many, for others too
        found += [(e.source, e) for e in architecture.edges_into(here, EdgeKind.CONSUMES)]
    return sorted(found, key=lambda pair: pair[0])


def shortest(
    architecture: Architecture, starts: set[str], ends: set[str]
) -> list[tuple[str, Edge | None]]:
    """The nodes of a shortest way, each with the edge that leads to it; empty when there is none."""
    came: dict[str, tuple[str, Edge] | None] = dict.fromkeys(sorted(starts))
    waiting = deque(came)
    while waiting:
        here = waiting.popleft()
        if here in ends:
            return _traced(came, here)
        for follower, edge in steps_from(architecture, here):
            if follower not in came:
                came[follower] = (here, edge)
                waiting.append(follower)
    return []


def _traced(came: dict[str, tuple[str, Edge] | None], end: str) -> list[tuple[str, Edge | None]]:
    way: list[tuple[str, Edge | None]] = []
    at: str | None = end
    while at is not None:
        before = came[at]
        way.append((at, before[1] if before else None))
        at = before[0] if before else None
    return way[::-1]


def pairs_between(
    architecture: Architecture, starts: set[str], ends: set[str], most: int
) -> set[tuple[str, str]]:
    """The steps (from, to) of all simple ways of at most that many steps, the shortest ways first
    and no more than `MAX_WAYS` of them."""
    to_end = _distances(architecture, ends)
    found: set[tuple[str, str]] = set()
    ways = visits = 0
    for length in range(1, most + 1):
        for start in sorted(starts - ends):
            for way in _ways(architecture, start, ends, length, to_end):
                visits += 1
                if way[-1] in ends:
                    found.update(pairwise(way))
                    ways += 1
                if ways == MAX_WAYS or visits > MAX_VISITS:
                    return found
    return found


def _ways(
    architecture: Architecture, start: str, ends: set[str], length: int, to_end: dict[str, int]
) -> Iterator[list[str]]:
    """Simple ways of exactly that many steps to an end, and those given up on the way there."""
    stack = [iter(_followers(architecture, start))]
    way = [start]
    while stack:
        follower = next(stack[-1], None)
        if follower is None:
            stack.pop()
            way.pop()
            continue
        left = length - len(way)
        if follower in way or to_end.get(follower, length) > left:
            continue
        if follower in ends:
            if left == 0:
                yield [*way, follower]
            continue
        way.append(follower)
        yield way
        stack.append(iter(_followers(architecture, follower)))


def _followers(architecture: Architecture, here: str) -> list[str]:
    return list(dict.fromkeys(target for target, _ in steps_from(architecture, here)))


def _distances(architecture: Architecture, ends: set[str]) -> dict[str, int]:
    """Steps from each node to the nearest end."""
    before: dict[str, set[str]] = {}
    for node in architecture.nodes():
        if node.kind is not NodeKind.MODULE:
            for follower in _followers(architecture, node.id):
                before.setdefault(follower, set()).add(node.id)
    found = dict.fromkeys(ends, 0)
    waiting = deque(sorted(ends))
    while waiting:
        here = waiting.popleft()
        for node_id in before.get(here, ()):
            if node_id not in found:
                found[node_id] = found[here] + 1
                waiting.append(node_id)
    return found
