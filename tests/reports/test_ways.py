"""Ways between two components, and what of a picture is drawn as one."""

from __future__ import annotations

import time

import pytest

from scaleaudit.architecture import Architecture, Edge, EdgeKind, Node, NodeKind
from scaleaudit.reports.graph_choice import GraphChoice, NoWayError, UnknownNodeError, chosen
from scaleaudit.reports.picture import picture
from scaleaudit.reports.ways import pairs_between, shortest
from scaleaudit.source import Location

CALLS, USES = EdgeKind.CALLS, EdgeKind.USES


def service(name: str, path: str = "", application: str = "") -> Node:
    return Node(
        f"service:{name}",
        NodeKind.SERVICE,
        name,
        path=path,
        application=application or path,
        first_party=bool(path),
    )


def calls(*pairs: str) -> list[Edge]:
    """`a b` as an edge from service a to service b."""
    return [
        Edge(f"service:{one}", f"service:{two}", CALLS)
        for one, two in (pair.split() for pair in pairs)
    ]


def system(*pairs: str) -> Architecture:
    names = sorted({name for pair in pairs for name in pair.split()})
    return Architecture([service(name) for name in names], calls(*pairs))


def names(pairs: set[tuple[str, str]]) -> set[str]:
    return {f"{one[8:]} {two[8:]}" for one, two in pairs}


def test_all_simple_ways_of_at_most_so_many_steps() -> None:
    found = system("a b", "b c", "c d", "a c", "b a", "d e", "x d", "c b")

    def ways(most: int) -> set[str]:
        return names(pairs_between(found, {"service:a"}, {"service:d"}, most))

    assert ways(1) == set()
    assert ways(2) == {"a c", "c d"}
    assert ways(3) == {"a b", "b c", "a c", "c d"}
    assert ways(6) == ways(
        3
    )  # `c b` and `b a` are on no simple way, `d e` and `x d` lead elsewhere


def test_messages_lead_from_their_topic_to_who_takes_them() -> None:
    topic, broker = Node("topic:t", NodeKind.TOPIC, "t"), Node("broker:k", NodeKind.BROKER, "k")
    found = Architecture(
        [service("a"), service("b"), service("c"), topic, broker],
        [
            Edge("service:a", "topic:t", EdgeKind.PUBLISHES),
            Edge("service:b", "topic:t", EdgeKind.CONSUMES),
            Edge("service:a", "broker:k", EdgeKind.PUBLISHES),
            Edge("service:b", "broker:k", EdgeKind.CONSUMES),
            Edge("service:c", "broker:k", EdgeKind.CONSUMES),
            Edge("broker:k", "topic:t", EdgeKind.CONTAINS),
        ],
    )
    way = [node for node, _ in shortest(found, {"service:a"}, {"service:b"})]
    assert way == ["service:a", "topic:t", "service:b"]
    assert shortest(found, {"service:a"}, {"service:c"}) == []  # the broker alone proves nothing
    nodes, edges = chosen(found, GraphChoice(between=("a", "b"), depth=6))
    assert [node.name for node in nodes] == ["a", "b", "t"]
    assert [edge.kind for edge in edges] == [EdgeKind.PUBLISHES, EdgeKind.CONSUMES]


def test_ways_are_bounded() -> None:
    """Forty services that all call each other have more ways than anybody can wait for."""
    all_names = [f"s{n}" for n in range(40)]
    found = system(*(f"{a} {b}" for a in all_names for b in all_names if a != b))
    start = time.perf_counter()
    pairs = pairs_between(found, {"service:s0"}, {"service:s39"}, 6)
    assert time.perf_counter() - start < 3
    assert ("service:s0", "service:s39") in pairs


def test_between_is_a_part_of_the_graph() -> None:
    found = system("a b", "b c", "c a", "b x")
    nodes, edges = chosen(found, GraphChoice(between=("a", "c"), depth=6))
    assert [node.name for node in nodes] == ["a", "b", "c"]
    assert len(edges) == 3  # there and back
    drawn = picture(found, GraphChoice(between=("a", "c"), depth=6))
    assert drawn.caption == "ways between a and c of at most 6 steps"
    with pytest.raises(NoWayError, match="no way of at most 1 step leads from a to x or back"):
        chosen(found, GraphChoice(between=("a", "x"), depth=1))
    with pytest.raises(UnknownNodeError, match="nothing is named y"):
        chosen(found, GraphChoice(between=("a", "y"), depth=1))


@pytest.fixture
def shop() -> Architecture:
    at = Location("shop/compose.yml", 3)
    stores = [
        Node("database:a-db", NodeKind.DATABASE, "a-db", "mongodb", at=at),
        Node("database:b-db", NodeKind.DATABASE, "b-db", "mysql", at=at),
        Node("cache:c", NodeKind.CACHE, "c", "redis", at=at),
    ]
    services = [
        service("web", "shop/web"),
        service("worker", "shop/web"),
        service("admin-users", "back/users"),
        service("admin-orders", "back/orders"),
    ]
    edges = [
        Edge("service:web", "database:a-db", USES),
        Edge("service:worker", "database:a-db", USES),
        Edge("service:worker", "cache:c", USES),
        Edge("service:admin-users", "database:b-db", USES),
        *calls("web admin-users", "web admin-orders", "admin-users admin-orders"),
    ]
    return Architecture([*stores, *services], edges)


@pytest.mark.parametrize(
    ("words", "nodes", "links"),
    [
        (
            ("application",),
            ["a-db", "admin-orders", "admin-users", "b-db", "c", "web (2 services)"],
            {"web -> a-db: 2 uses", "web -> admin-users: ", "web -> c: "},
        ),
        (
            ("stores",),
            ["admin-orders", "admin-users", "stores (3: mongodb 1, mysql 1, redis 1)", "web", "worker"],
            {"worker -> stores: 2 uses", "web -> stores: ", "admin-users -> stores: "},
        ),
        (("database", "cache"), ["admin-orders", "admin-users", "c", "databases (2: mongodb 1, mysql 1)",
                                 "web", "worker"], {"worker -> databases: ", "worker -> c: "}),
        (
            ("folder",),
            ["a-db", "b-db", "back/ (2 services)", "c", "shop/ (2 services)"],
            {"shop/ -> back/: 2 calls", "back/ -> b-db: "},
        ),
        (
            ("admin-*", "databases"),
            ["admin-* (2 services)", "c", "databases (2: mongodb 1, mysql 1)", "web", "worker"],
            {"web -> admin-*: 2 calls", "admin-* -> databases: "},
        ),
        (("shop/",), ["a-db", "admin-orders", "admin-users", "b-db", "c", "shop/ (2 services)"], set()),
    ],
)  # fmt: skip
def test_collapse(
    shop: Architecture, words: tuple[str, ...], nodes: list[str], links: set[str]
) -> None:
    drawn = picture(shop, GraphChoice(collapse=words))
    shown = {node.id: node for node in drawn.nodes}
    assert (
        sorted(
            f"{node.name} ({node.technology})" if node.id in drawn.groups else node.name
            for node in drawn.nodes
        )
        == nodes
    )
    found = {
        f"{shown[k.source].name} -> {shown[k.target].name}: {k.label if k.pairs > 1 else ''}"
        for k in drawn.links
    }
    assert links <= found


def test_a_pattern_that_fits_nothing(shop: Architecture) -> None:
    with pytest.raises(UnknownNodeError, match="--collapse zzz: no component fits; write applic"):
        picture(shop, GraphChoice(collapse=("zzz",)))


def test_systems_side_by_side_are_framed() -> None:
    nodes = [
        *(service(f"h{n}", f"hotel/cmd/h{n}", "hotel") for n in range(4)),
        *(service(f"m{n}", f"media/m{n}") for n in range(3)),
        Node("database:h", NodeKind.DATABASE, "h", at=Location("hotel/compose.yml", 1)),
        Node("database:x", NodeKind.DATABASE, "x", at=Location("other/compose.yml", 1)),
    ]
    found = Architecture(nodes, calls("h0 h1", "m0 m1"))
    frames = picture(found, GraphChoice()).clusters
    assert [(f.label, [n.name for n in f.nodes], [i.label for i in f.inner]) for f in frames] == [
        ("hotel/", ["h"], ["hotel"]),
        ("media/", ["m0", "m1", "m2"], []),
    ]


def test_folders_that_say_how_it_is_deployed_frame_nothing() -> None:
    def at(folder: str, name: str) -> Node:
        place = Location(f"deploy/{folder}/x.yml", 1)
        return Node(f"service:{name}", NodeKind.SERVICE, name, at=place)

    nodes = [at("docker-compose" if n % 2 else "kubernetes", f"s{n}") for n in range(8)]
    found = Architecture(nodes, calls(*(f"s{n} s{n + 1}" for n in range(7))))
    assert picture(found, GraphChoice()).clusters == []
