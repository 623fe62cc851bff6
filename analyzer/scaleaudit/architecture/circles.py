"""Groups of names that reach each other, and the shortest way between two of them.

networkx knows both; importing it costs a fifth of a second, a third of a scan that links a small
repository anew, and most repositories have modules that import each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Followers = dict[str, dict[str, None]]  # each name's followers, in the order of the pairs


def followers(pairs: Iterable[tuple[str, str]]) -> Followers:
    """All names of the pairs, with those that each leads to."""
    found: Followers = {}
    for source, target in pairs:
        found.setdefault(source, {})[target] = None
        found.setdefault(target, {})
    return found


def circles(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups of two and more that reach each other, each sorted, the largest first."""
    ahead = followers(pairs)
    back = followers((target, source) for source, nexts in ahead.items() for target in nexts)
    groups: list[list[str]] = []
    placed: set[str] = set()
    for start in reversed(_finished(ahead)):
        if start in placed:
            continue
        placed.add(start)
        group = [start]
        for name in group:  # it grows
            for other in back.get(name, ()):
                if other not in placed:
                    placed.add(other)
                    group.append(other)
        if len(group) > 1:
            groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group))


def _finished(ahead: Followers) -> list[str]:
    """All names in the order in which a search in depth leaves them."""
    order: list[str] = []
    seen: set[str] = set()
    for first in ahead:
        if first in seen:
            continue
        seen.add(first)
        path = [(first, iter(ahead[first]))]
        while path:
            name, rest = path[-1]
            inner = next((each for each in rest if each not in seen), None)
            if inner is None:
                path.pop()
                order.append(name)
            else:
                seen.add(inner)
                path.append((inner, iter(ahead[inner])))
    return order


def shortest_way(ahead: Followers, back: Followers, start: str, goal: str) -> list[str]:
    """The names from `start` to `goal` over as few as possible; empty when there is no way.

    Searched from both ends, a step of the smaller border at a time.
    """
    before: dict[str, str | None] = {start: None}
    after: dict[str, str | None] = {goal: None}
    borders = [start], [goal]
    while all(borders):
        forward = len(borders[0]) <= len(borders[1])
        steps, reached, others = (ahead, before, after) if forward else (back, after, before)
        border: list[str] = []
        for name in borders[not forward]:
            for near in steps.get(name, ()):
                if near not in reached:
                    reached[near] = name
                    border.append(near)
                if near in others:
                    return [*reversed(_trail(before, near)), *_trail(after, near)[1:]]
        borders = (border, borders[1]) if forward else (borders[0], border)
    return []


def _trail(known: Mapping[str, str | None], name: str | None) -> list[str]:
    found: list[str] = []
    while name is not None:
        found.append(name)
        name = known[name]
    return found
