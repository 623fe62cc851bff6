from __future__ import annotations

import random

import networkx as nx

from scaleaudit.architecture.circles import circles, followers, shortest_way


def test_groups_reach_each_other_and_the_largest_comes_first() -> None:
    pairs = [("b", "a"), ("a", "b"), ("x", "y"), ("y", "z"), ("z", "x"), ("b", "x"), ("z", "lone")]
    assert circles(pairs) == [["x", "y", "z"], ["a", "b"]]
    assert circles([("a", "b"), ("b", "c")]) == []


def test_ways_are_those_of_networkx() -> None:
    dice = random.Random(7)
    for _ in range(200):
        names = [str(number) for number in range(dice.randint(2, 12))]
        drawn = [(dice.choice(names), dice.choice(names)) for _ in range(dice.randint(1, 30))]
        pairs = [(source, target) for source, target in drawn if source != target]
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_edges_from(pairs)
        groups = [sorted(g) for g in nx.strongly_connected_components(graph) if len(g) > 1]
        assert circles(pairs) == sorted(groups, key=lambda group: (-len(group), group))
        ahead, back = followers(pairs), followers((target, source) for source, target in pairs)
        for start in ahead:
            for goal in ahead.keys() - {start}:
                way = (
                    nx.shortest_path(graph, start, goal) if nx.has_path(graph, start, goal) else []
                )
                assert shortest_way(ahead, back, start, goal) == way


def test_a_circle_as_large_as_a_repository_is_no_recursion() -> None:
    names = [str(number) for number in range(20_000)]
    pairs = list(zip(names, [*names[1:], names[0]], strict=True))
    assert len(circles(pairs)[0]) == 20_000
