"""DOT, the language of Graphviz; the only module that knows pydot."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pydot

from scaleaudit.architecture import NodeKind
from scaleaudit.findings import Confidence
from scaleaudit.reports.escaping import dot_string, visible
from scaleaudit.reports.graph_choice import GraphChoice
from scaleaudit.reports.overview import number
from scaleaudit.reports.picture import picture

if TYPE_CHECKING:
    from scaleaudit.architecture import Node
    from scaleaudit.reports.picture import Link, Picture
    from scaleaudit.result import ScanResult

INK = "#1f2937"
GREY = "#64748b"

# Kind: shape, fill, border.
LOOKS = {
    NodeKind.SERVICE: ("box", "#dbeafe", "#1d4ed8"),
    NodeKind.MODULE: ("box", "#f8fafc", "#64748b"),
    NodeKind.DATABASE: ("cylinder", "#dcfce7", "#15803d"),
    NodeKind.TABLE: ("tab", "#f0fdf4", "#15803d"),
    NodeKind.CACHE: ("cylinder", "#fef3c7", "#b45309"),
    NodeKind.BROKER: ("cds", "#fae8ff", "#a21caf"),
    NodeKind.TOPIC: ("note", "#fdf4ff", "#a21caf"),
    NodeKind.STORAGE: ("folder", "#e0f2fe", "#0369a1"),
    NodeKind.EXTERNAL: ("ellipse", "#ffffff", "#64748b"),
    NodeKind.TEAM: ("house", "#ffedd5", "#c2410c"),
}
# What the shapes and colours mean, where the names in them may not tell.
SHAPES = {
    NodeKind.DATABASE: "green: databases",
    NodeKind.TABLE: "tabs: tables",
    NodeKind.CACHE: "yellow: caches",
    NodeKind.BROKER: "violet: brokers",
    NodeKind.TOPIC: "notes: topics",
    NodeKind.STORAGE: "folders: file stores",
    NodeKind.EXTERNAL: "dashed ovals: systems of others",
}
CROWD = 9  # lines that end at one node, for instance a collector
FOREIGN = ("#f1f5f9", "#64748b")  # a service whose source is not here
# In characters that every font has: a picture is looked at on other machines.
GLYPHS = {"solid": "——", "dashed": "- - -", "dotted": "· · ·", "plain": "pale, no arrow:"}
LINES = {"solid": "solid", "dashed": "dashed", "dotted": "dotted", "plain": "solid"}


def render(result: ScanResult, choice: GraphChoice | None = None) -> str:
    """Raises `UnknownNodeError`."""
    drawn = picture(result.architecture, choice or GraphChoice())
    graph = pydot.Dot(
        "architecture",
        graph_type="digraph",
        rankdir="LR",
        nodesep="0.25",
        ranksep="0.9",
        pad="0.3",
        fontname=dot_string("Helvetica"),
        fontsize="12",
        fontcolor=dot_string(GREY),
        label=_caption(result.title, drawn),
        labelloc="t",
        labeljust="l",
    )
    graph.set_node_defaults(
        fontname=dot_string("Helvetica"),
        fontsize="11",
        fontcolor=dot_string(INK),
        style=dot_string("filled"),
        margin=dot_string("0.14,0.07"),
        height="0.35",
    )
    graph.set_edge_defaults(
        fontname=dot_string("Helvetica"),
        fontsize="9",
        fontcolor=dot_string(GREY),
        color=dot_string("#475569"),
        arrowsize="0.7",
    )
    ids = {node.id: f"n{position}" for position, node in enumerate(drawn.nodes)}
    clustered: set[str] = set()
    for position, (name, members) in enumerate(drawn.clusters.items()):
        cluster = pydot.Subgraph(
            f"cluster_a{position}",
            label=dot_string(name),
            style=dot_string("rounded"),
            color=dot_string("#cbd5e1"),
            fontsize="11",
        )
        for node in members:
            cluster.add_node(_node(node, ids))
        graph.add_subgraph(cluster)
        clustered |= {node.id for node in members}
    for node in drawn.nodes:
        if node.id not in clustered:
            graph.add_node(_node(node, ids))
    crowded = _crowded(drawn)
    for link in drawn.links:
        graph.add_edge(_edge(link, ids, pale=link.target in crowded))
    text: str = graph.to_string()
    return text if text.endswith("\n") else f"{text}\n"


def _node(node: Node, ids: dict[str, str]) -> pydot.Node:
    shape, fill, border = LOOKS[node.kind]
    if node.kind is NodeKind.SERVICE and not node.first_party:
        fill, border = FOREIGN
    style = "filled,dashed" if node.kind is NodeKind.EXTERNAL else "filled"
    if shape == "box":
        style += ",rounded"
    lines = [node.name]
    if node.technology and node.technology.lower() != node.name.lower():
        lines.append(node.technology)
    if node.replicas is not None and node.replicas > 1:
        lines[-1] += f" x{node.replicas}"
    return pydot.Node(
        ids[node.id],
        label=_label(lines),
        tooltip=dot_string(node.id),
        shape=shape,
        fillcolor=dot_string(fill),
        color=dot_string(border),
        style=dot_string(style),
    )


def _label(lines: list[str]) -> str:
    """Several centred lines; each is escaped by itself, then joined by DOT's own `\\n`."""
    return '"' + "\\n".join(dot_string(visible(line))[1:-1] for line in lines) + '"'


def _edge(link: Link, ids: dict[str, str], *, pale: bool) -> pydot.Edge:
    look = {"style": LINES[link.style]}
    if pale:  # the lines that all have in common stand back, and do not shape the picture
        look |= {"color": dot_string("#a3b0c2"), "weight": "0"}
    if link.label:
        look["label"] = dot_string(link.label)
    if link.style == "plain":
        look |= {"arrowhead": "none", "color": dot_string("#cbd5e1")}
    elif link.confidence is Confidence.LOW:
        look["color"] = dot_string("#b6c2d1")
    look["tooltip"] = dot_string(f"{link.source} to {link.target}, {number(link.count, 'place')}")
    return _styled(pydot.Edge(ids[link.source], ids[link.target]), look)


def _crowded(drawn: Picture) -> set[str]:
    """The nodes at which so many lines end that they would hide all others."""
    arriving = Counter(link.target for link in drawn.links)
    return {node for node, count in arriving.items() if count >= CROWD}


def _styled(edge: pydot.Edge, look: dict[str, str]) -> pydot.Edge:
    for key, value in look.items():
        edge.set(key, value)
    return edge


def _caption(title: str, drawn: Picture) -> str:
    """What is shown and what the lines mean: some lines, left-justified by DOT's own `\\l`."""
    lines = [f"{title}: {drawn.caption}"]
    if drawn.styles:
        lines.append("     ".join(f"{GLYPHS[s]} {drawn.meaning(s)}" for s in drawn.styles))
    kinds = {node.kind for node in drawn.nodes}
    shapes = list(dict.fromkeys(SHAPES[kind] for kind in SHAPES if kind in kinds))
    if shapes:
        lines.append("     ".join(shapes))
    services = {node.first_party for node in drawn.nodes if node.kind is NodeKind.SERVICE}
    if len(services) > 1:
        lines.append("grey services: their source is not in this repository")
    if _crowded(drawn):
        lines.append(f"pale lines: to what {CROWD} or more connect to")
    return '"' + "".join(f"{dot_string(line)[1:-1]}\\l" for line in lines) + '"'
