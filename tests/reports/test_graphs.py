from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import msgspec
import pytest

from scaleaudit.architecture import Architecture, Edge, EdgeKind, Node, NodeKind
from scaleaudit.reports import as_dot, as_graphml, as_mermaid, as_png, as_svg, graphviz
from scaleaudit.reports.graph_choice import GraphChoice, Level, UnknownNodeError, chosen
from scaleaudit.reports.graphviz import GraphvizError
from scaleaudit.reports.looks import CALLS, DATA, MESSAGES
from scaleaudit.reports.picture import CROWD, picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.result import ScanResult

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")


def test_dot(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_dot.render(shop), "graph.dot")


def star(count: int, technology: str = "", *, outward: bool = False) -> Architecture:
    """`count` services that call one, or that one calls."""
    names = [f"s{n:02}" for n in range(count)]
    nodes = [
        Node("service:hub", NodeKind.SERVICE, "hub", technology),
        *(Node(f"service:{name}", NodeKind.SERVICE, name) for name in names),
    ]
    ends = [(f"service:{name}", "service:hub") for name in names]
    return Architecture(
        nodes, [Edge(*(pair[::-1] if outward else pair), EdgeKind.CALLS) for pair in ends]
    )


@pytest.mark.parametrize("outward", [False, True])
def test_lines_of_a_hub_stand_back(shop: ScanResult, outward: bool) -> None:
    def pale(count: int) -> int:
        drawn = as_dot.render(
            msgspec.structs.replace(shop, architecture=star(count, outward=outward))
        )
        assert ("pale lines" in drawn) == (count >= CROWD)
        return drawn.count("weight=0")

    assert (pale(8), pale(9)) == (0, 9)


def test_lines_to_what_all_report_to_are_counted_not_drawn() -> None:
    architecture = star(12, "opentelemetry")
    drawn = picture(architecture, GraphChoice())
    assert (drawn.links, drawn.left_out) == ((), {"service:hub": 12})
    assert [each.label for each in drawn.clusters] == [
        "no connection known",
        "connected with nearly all: lines not drawn",
    ]
    assert drawn.notes() == ["12 lines not drawn, of hub: nearly all have one (--focus draws them)"]
    assert len(picture(architecture, GraphChoice(focus="hub")).links) == 12
    assert len(picture(star(8, "opentelemetry"), GraphChoice()).links) == 8


def test_shared_libraries_are_counted_in_a_picture_of_the_whole_and_drawn_near_a_focus() -> None:
    base = star(2)
    library = Node("library:events", NodeKind.LIBRARY, "events")
    built = [Edge(f"service:s{n:02}", library.id, EdgeKind.IMPORTS) for n in range(2)]
    architecture = Architecture([*base.nodes(), library], [*base.edges(), *built])
    drawn = picture(architecture, GraphChoice())
    assert library not in drawn.nodes
    assert len(drawn.links) == 2
    assert drawn.notes() == ["1 shared library not drawn (--focus draws one)"]
    near = picture(architecture, GraphChoice(focus="events"))
    assert library in near.nodes
    assert len(near.links) == 2
    assert near.notes() == []


def test_of_many_lines_near_a_focus_those_among_its_neighbours_are_left_out() -> None:
    base = star(12)
    among = [
        Edge(f"service:s{n:02}", f"service:s{m:02}", EdgeKind.CALLS)
        for n in range(12)
        for m in range(n)
    ]
    drawn = picture(Architecture(base.nodes(), [*base.edges(), *among]), GraphChoice(focus="hub"))
    assert len(drawn.links) == 12
    assert "66 lines among its neighbours not drawn" in drawn.notes()


def test_mermaid(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_mermaid.render(shop), "graph.mmd")


def test_graphml(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_graphml.render(shop), "graph.graphml")


def test_tables_are_drawn_on_demand_or_near_the_focus(shop: ScanResult) -> None:
    def drawn(choice: GraphChoice) -> set[str]:
        return {node.name for node in picture(shop.architecture, choice).nodes}

    assert "orders" not in drawn(GraphChoice())
    assert {"orders", "order-paid"} <= drawn(GraphChoice(tables=True))
    assert drawn(GraphChoice(focus="orders")) == {"orders", "shop", "catalog"}
    assert drawn(GraphChoice(focus="kafka", depth=2)) == {"kafka", "order-paid", "catalog"}


def test_a_focus_with_many_tables_is_drawn_without_them() -> None:
    nodes = [
        Node("service:web", NodeKind.SERVICE, "web"),
        Node("database:db", NodeKind.DATABASE, "db"),
        *(Node(f"table:db.t{n}", NodeKind.TABLE, f"t{n}") for n in range(50)),
    ]
    edges = [
        *(Edge("service:web", f"table:db.t{n}", EdgeKind.READS) for n in range(50)),
        *(Edge("database:db", f"table:db.t{n}", EdgeKind.CONTAINS) for n in range(50)),
    ]
    architecture = Architecture(nodes, edges)

    def drawn(choice: GraphChoice) -> int:
        return len(picture(architecture, choice).nodes)

    assert drawn(GraphChoice(focus="web")) == 2
    assert drawn(GraphChoice(focus="web", tables=True)) == 52
    assert drawn(GraphChoice(focus="t7")) == 3
    assert drawn(GraphChoice(focus="t7", depth=3)) == 52


def test_what_hides_a_table_takes_its_edges(shop: ScanResult) -> None:
    links = {
        (link.source, link.target): link for link in picture(shop.architecture, GraphChoice()).links
    }
    data = links["service:catalog", "database:shop"]
    assert data.kinds == (EdgeKind.WRITES, EdgeKind.READS, EdgeKind.USES)
    assert (data.line, data.label, data.count, data.unsure) == (DATA, "writes, reads", 4, False)
    sent = links["service:catalog", "broker:kafka"]
    assert (sent.line, sent.label) == (MESSAGES, "publishes")
    mail = links["service:catalog-worker", "external:api.carrier.example"]
    assert (mail.line, mail.unsure) == (CALLS, True)


@pytest.mark.parametrize(
    "name", ["service:catalog", "CATALOG", "catalog", "shop/catalog", "catalog.internal"]
)
def test_a_focus_is_found_by_any_name(shop: ScanResult, name: str) -> None:
    nodes, _ = chosen(shop.architecture, GraphChoice(focus=name, depth=0))
    assert [node.id for node in nodes] == ["service:catalog"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("catalgo", "nothing is named catalgo; did you mean catalog"),
        ("zzz", "nothing is named zzz; there are api.carrier.example, catalog, catalog-worker"),
    ],
)
def test_a_focus_that_is_not_there(shop: ScanResult, name: str, said: str) -> None:
    with pytest.raises(UnknownNodeError) as caught:
        chosen(shop.architecture, GraphChoice(focus=name))
    assert str(caught.value).startswith(said)


def test_an_empty_graph() -> None:
    with pytest.raises(UnknownNodeError, match="the graph is empty"):
        chosen(Architecture([], []), GraphChoice(focus="x"))


def big(count: int) -> Architecture:
    """`count` modules in folders of ten, a ring of imports."""
    nodes = [
        Node(f"module:{n}", NodeKind.MODULE, f"a/f{n // 10}/{n}.py", path=f"a/f{n // 10}/{n}.py")
        for n in range(count)
    ]
    edges = [
        Edge(f"module:{n}", f"module:{(n + 1) % count}", EdgeKind.IMPORTS) for n in range(count)
    ]
    return Architecture(nodes, edges)


def test_many_modules_are_drawn_as_folders() -> None:
    few = picture(big(120), GraphChoice(level=Level.MODULE))
    assert (len(few.nodes), few.caption) == (120, "120 modules")
    many = picture(big(500), GraphChoice(level=Level.MODULE))
    assert (len(many.nodes), len(many.links)) == (50, 50)
    assert many.caption == "500 modules in 50 folders"
    assert (many.nodes[0].name, many.nodes[0].technology) == ("a/f0/", "10 files")
    huge = picture(big(5_000), GraphChoice(level=Level.MODULE))
    assert [node.name for node in huge.nodes] == ["a/"]


def test_modules_that_all_import_each_other_are_drawn_as_folders() -> None:
    """Dot needs minutes for a thousand lines, and nobody can read them."""
    names = [f"a/f{n % 10}/m{n}.py" for n in range(60)]
    nodes = [Node(f"module:{name}", NodeKind.MODULE, name, path=name) for name in names]
    edges = [
        Edge(one.id, other.id, EdgeKind.IMPORTS) for one in nodes for other in nodes if one != other
    ]
    drawn = picture(Architecture(nodes, edges), GraphChoice(level=Level.MODULE))
    assert (len(drawn.nodes), len(drawn.links)) == (10, 90)
    assert drawn.caption == "60 modules in 10 folders"


def test_the_legend_names_the_kinds_that_are_drawn(shop: ScanResult) -> None:
    text = as_dot.render(shop)
    assert "&#9654;</FONT> calls" in text
    assert "</FONT> cache " in text
    assert "- - - to check: low confidence" in text
    assert "</FONT> table" not in text
    assert "contains" not in text
    with_tables = as_dot.render(shop, GraphChoice(tables=True))
    assert "</FONT> table" in with_tables
    assert "</FONT> contains" in with_tables


def test_mermaid_takes_500_edges(shop: ScanResult) -> None:
    services = [Node(f"service:{n}", NodeKind.SERVICE, f"{n}") for n in range(40)]
    edges = [
        Edge(one.id, other.id, EdgeKind.CALLS)
        for one in services
        for other in services
        if one != other
    ]
    text = as_mermaid.render(
        msgspec.structs.replace(shop, architecture=Architecture(services, edges))
    )
    assert text.count(" --> ") == 500
    assert "  %% 1,060 connections not drawn: Mermaid takes 500\n" in text
    assert len(text) < 50_000


def test_graphml_is_xml_whatever_the_names(nasty: ScanResult) -> None:
    root = ET.fromstring(as_graphml.render(nasty))
    labels = [data.text for data in root.iter() if data.get("key") == "label"]
    assert len(labels) == 2
    assert labels[0] is not None
    assert labels[0].startswith("a\\x1b[31m\\nb|`*<i>@x</i>`")


@needs_dot
def test_pictures(shop: ScanResult, nasty: ScanResult) -> None:
    svg = as_svg.render(shop)
    texts = {text.text for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"catalog-worker", "sessions", "kafka", "api.carrier.example"} <= texts
    assert as_png.render(shop).startswith(b"\x89PNG\r\n")
    hostile = {text.text for text in ET.fromstring(as_svg.render(nasty)).iter() if text.text}
    assert any(text.startswith("a\\x1b[31m\\nb|`*<i>@x</i>`") for text in hostile)


def test_without_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GraphvizError, match=r"svg needs Graphviz .* need nothing$"):
        graphviz.draw("digraph {}", "svg")


def test_graphviz_that_fails_or_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "program", lambda: "dot")

    def fails(*args: object, **kwargs: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], 1, b"", b"Error: syntax\n in line 1\n")

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(GraphvizError, match=r"^dot failed: Error: syntax in line 1$"):
        graphviz.draw("x", "svg")

    def hangs(*args: object, **kwargs: object) -> None:
        raise subprocess.TimeoutExpired("dot", 120)

    monkeypatch.setattr(subprocess, "run", hangs)
    with pytest.raises(GraphvizError, match="--focus NAME draws a part"):
        graphviz.draw("x", "svg")


def test_a_very_long_host_is_drawn_without_its_middle(shop: ScanResult) -> None:
    host = "b-1.orders-cluster.x7fk2p.c4.kafka.eu-central-1.amazonaws.com"
    nodes = [
        Node("broker:far", NodeKind.BROKER, host, "kafka"),
        Node("broker:near", NodeKind.BROKER, "kafka.internal.example.com"),
    ]
    drawn = as_dot.render(msgspec.structs.replace(shop, architecture=Architecture(nodes, [])))
    assert "b-1.orders-cluster.x…ral-1.amazonaws.com" in drawn
    assert "kafka.internal.example.com" in drawn
    assert host not in as_mermaid.render(
        msgspec.structs.replace(shop, architecture=Architecture(nodes, []))
    )
