"""GraphML, for yEd, Gephi and everything else that reads graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from scaleaudit.reports.escaping import visible
from scaleaudit.reports.graph_choice import GraphChoice, chosen

if TYPE_CHECKING:
    from scaleaudit.architecture import Edge, Node
    from scaleaudit.result import ScanResult

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_KEYS = {
    "kind": "string",
    "label": "string",
    "technology": "string",
    "path": "string",
    "application": "string",
    "first_party": "boolean",
    "published": "boolean",
    "replicas": "int",
}
EDGE_KEYS = {"relation": "string", "confidence": "string", "places": "int", "evidence": "string"}


def render(result: ScanResult, choice: GraphChoice | None = None) -> str:
    """Raises `UnknownNodeError`."""
    nodes, edges = chosen(result.architecture, choice or GraphChoice())
    root = ET.Element("graphml", {"xmlns": NAMESPACE})
    for owner, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name, kind in keys.items():
            ET.SubElement(
                root, "key", {"id": name, "for": owner, "attr.name": name, "attr.type": kind}
            )
    graph = ET.SubElement(root, "graph", {"id": "architecture", "edgedefault": "directed"})
    ids = {node.id: f"n{number}" for number, node in enumerate(nodes)}
    for node in nodes:
        _fill(ET.SubElement(graph, "node", {"id": ids[node.id]}), _node_data(node))
    for number, edge in enumerate(edges):
        ends = {"source": ids[edge.source], "target": ids[edge.target]}
        _fill(ET.SubElement(graph, "edge", {"id": f"e{number}", **ends}), _edge_data(edge))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _fill(element: ET.Element, data: dict[str, str]) -> None:
    for key, value in data.items():
        if value:
            ET.SubElement(element, "data", {"key": key}).text = visible(value)


def _node_data(node: Node) -> dict[str, str]:
    return {
        "kind": node.kind.value,
        "label": node.name,
        "technology": node.technology,
        "path": node.path,
        "application": node.application,
        "first_party": str(node.first_party).lower(),
        "published": str(node.published).lower(),
        "replicas": "" if node.replicas is None else str(node.replicas),
    }


def _edge_data(edge: Edge) -> dict[str, str]:
    return {
        "relation": edge.kind.value,
        "confidence": edge.confidence.value,
        "places": str(len(edge.evidence)),
        "evidence": str(edge.evidence[0].at) if edge.evidence else "",
    }
