"""DOT, the language of Graphviz; the only module that knows pydot."""

from __future__ import annotations

from html import escape
from math import ceil, sqrt
from typing import TYPE_CHECKING

import pydot

from scaleaudit.architecture import NodeKind
from scaleaudit.reports.escaping import dot_string, visible
from scaleaudit.reports.graph_choice import GraphChoice
from scaleaudit.reports.looks import FOREIGN, FRAME, GREY, INK, NODES, UNSURE
from scaleaudit.reports.overview import number
from scaleaudit.reports.picture import picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Node
    from scaleaudit.reports.clusters import Cluster
    from scaleaudit.reports.looks import Look
    from scaleaudit.reports.picture import Link, Picture
    from scaleaudit.result import ScanResult

GRID_RATIO = 1.2  # rows to columns of nodes that nothing connects


def render(result: ScanResult, choice: GraphChoice | None = None) -> str:
    """Raises `UnknownNodeError`, `NoWayError`."""
    drawn = picture(result.architecture, choice or GraphChoice())
    graph = pydot.Dot(
        "architecture",
        graph_type="digraph",
        rankdir="LR",
        nodesep="0.22",
        ranksep="0.8",
        pad="0.3",
        newrank="true",
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
        arrowsize="0.6",
    )
    ids = {node.id: f"n{position}" for position, node in enumerate(drawn.nodes)}
    clustered: set[str] = set()
    for position, cluster in enumerate(drawn.clusters):
        graph.add_subgraph(_cluster(cluster, f"cluster_a{position}", drawn, ids, clustered))
    for node in drawn.nodes:
        if node.id not in clustered:
            graph.add_node(_node(node, drawn, ids))
    crowded = drawn.crowded
    for link in drawn.links:
        graph.add_edge(_edge(link, ids, pale=(link.source, link.target) in crowded))
    text: str = graph.to_string()
    return text if text.endswith("\n") else f"{text}\n"


def _cluster(
    cluster: Cluster, name: str, drawn: Picture, ids: dict[str, str], clustered: set[str]
) -> pydot.Subgraph:
    made = pydot.Subgraph(
        name,
        label=dot_string(cluster.label),
        style=dot_string("rounded,dashed" if cluster.aside else "rounded"),
        color=dot_string(FRAME),
        fontsize="11",
        margin="12",
    )
    for node in cluster.nodes:
        made.add_node(_node(node, drawn, ids))
        clustered.add(node.id)
    for position, inner in enumerate(cluster.inner):
        made.add_subgraph(_cluster(inner, f"{name}_{position}", drawn, ids, clustered))
    _in_columns(made, [node for node in cluster.nodes if node.id not in drawn.linked], ids)
    return made


def _in_columns(made: pydot.Subgraph, loose: Sequence[Node], ids: dict[str, str]) -> None:
    """Nodes without lines would stand in one long column."""
    rows = ceil(sqrt(len(loose) * GRID_RATIO))
    for node, right in zip(loose, loose[rows:], strict=False):
        made.add_edge(pydot.Edge(ids[node.id], ids[right.id], style="invis"))


def _look(node: Node) -> Look:
    return FOREIGN if node.kind is NodeKind.SERVICE and not node.first_party else NODES[node.kind]


def _node(node: Node, drawn: Picture, ids: dict[str, str]) -> pydot.Node:
    look = _look(node)
    style = "filled,dashed" if node.kind is NodeKind.EXTERNAL else "filled"
    if look.shape == "box":
        style += ",rounded"
    made = pydot.Node(
        ids[node.id],
        label=_label(drawn.node_lines(node)),
        tooltip=dot_string(node.id),
        shape=look.shape,
        fillcolor=dot_string(look.fill),
        color=dot_string(look.border),
        style=dot_string(style),
    )
    if node.id in drawn.groups:
        made.set("penwidth", "2.5")
    return made


def _label(lines: list[str]) -> str:
    """Several centred lines; each is escaped by itself, then joined by DOT's own `\\n`."""
    return '"' + "\\n".join(dot_string(visible(line))[1:-1] for line in lines) + '"'


def _edge(link: Link, ids: dict[str, str], *, pale: bool) -> pydot.Edge:
    line = link.line
    look = {
        "style": UNSURE if link.unsure else line.style,
        "color": dot_string(f"{line.color}66" if pale else line.color),
        "arrowhead": line.arrow,
    }
    if pale:  # the lines that many have in common stand back, and do not shape the picture
        look["weight"] = "0"
    if link.label:
        look["label"] = dot_string(link.label)
    look["tooltip"] = dot_string(f"{link.source} to {link.target}, {number(link.count, 'place')}")
    edge = pydot.Edge(ids[link.source], ids[link.target])
    for key, value in look.items():
        edge.set(key, value)
    return edge


# -- title and legend ------------------------------------------------------------------------


def _caption(title: str, drawn: Picture) -> str:
    """A table in Graphviz's HTML: the title, what nodes and lines mean, what is not drawn."""
    rows = [
        f'<FONT POINT-SIZE="15" COLOR="{INK}"><B>{_text(title)}</B></FONT>',
        _text(drawn.caption),
    ]
    used = {_look(node) for node in drawn.nodes}
    looks = [look for look in (NODES[NodeKind.SERVICE], FOREIGN, *NODES.values()) if look in used]
    looks = [look for look in dict.fromkeys(looks) if look.meaning]
    if looks:
        rows.append("     ".join(_swatch(look) for look in looks))
    lines = [
        f'<FONT COLOR="{line.color}">{line.glyph}</FONT> {line.meaning}' for line in drawn.lines
    ]
    if drawn.unsure:
        lines.append("- - - to check: low confidence")
    if drawn.groups:
        lines.append("thick border: several drawn as one")
    if lines:
        rows.append("     ".join(lines))
    rows += [_text(note) for note in drawn.notes()]
    cells = "".join(f'<TR><TD ALIGN="LEFT">{row}</TD></TR>' for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{cells}</TABLE>>'


def _swatch(look: Look) -> str:
    mark = "&#9675;" if look.shape == "ellipse" else "&#9632;"
    return f'<FONT COLOR="{look.border}">{mark}</FONT> {_text(look.meaning)}'


def _text(text: str) -> str:
    """Graphviz's HTML has no other markup than tags and entities."""
    return escape(visible(text))
