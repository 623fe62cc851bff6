"""The graph for programs; its schema is published as `graph-v1.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.findings import Confidence, Step
from scaleaudit.reports import rows
from scaleaudit.reports.explained_edge import trails_of, with_target
from scaleaudit.reports.graph_choice import GraphChoice, Level, chosen

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture, Edge, Endpoint, Node
    from scaleaudit.findings import Evidence
    from scaleaudit.result import ScanResult
    from scaleaudit.source import Location


class AtRow(msgspec.Struct, frozen=True):
    path: str
    line: int


class NoteRow(msgspec.Struct, frozen=True):
    path: str
    line: int
    column: int
    note: str
    step: Step | None
    """What the place is on the way to the target; null: not told apart."""


class TrailRow(msgspec.Struct, frozen=True):
    """One way that led to the edge, in order; the last step is the target's declaration."""

    confidence: Confidence
    steps: list[NoteRow]


class NodeRow(msgspec.Struct, frozen=True):
    id: str
    """`kind:name`, unique."""
    kind: NodeKind
    name: str
    technology: str
    path: str
    """The source folder of a service, the file of a module."""
    aliases: list[str]
    """Other names of it in the repository: compose key, module, image, host."""
    application: str
    """Components of one codebase share it."""
    first_party: bool
    """Its source stands in this repository."""
    replicas: int | None
    """The most that any deployment asks for; null: not said."""
    published: bool
    """Reachable from outside the deployment."""
    entry_point: bool
    """Requests of people come in here first: a gateway, a proxy, a site that nothing stands before."""
    entry_reasons: list[NoteRow]
    """What says so; empty for what is no entry point."""
    at: AtRow | None


class EdgeRow(msgspec.Struct, frozen=True):
    """From the side that opens the connection."""

    source: str
    target: str
    kind: EdgeKind
    confidence: Confidence
    evidence: list[NoteRow]
    """All places that its trails lead over."""
    detail: str
    """What on the target: the database's own name."""
    trails: list[TrailRow]


class EndpointRow(msgspec.Struct, frozen=True):
    component: str
    """Id of a node; empty when no component owns the file."""
    method: str
    path: str
    at: AtRow
    handler: str
    protocol: str


class Graph(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: rows.ToolRow
    root: str
    """The scanned folder as the user named it; all paths are relative to it."""
    level: Literal["service", "module"]
    focus: str
    nodes: list[NodeRow]
    edges: list[EdgeRow]
    endpoints: list[EndpointRow]
    unresolved: list[rows.UnresolvedRow]


def render(result: ScanResult, choice: GraphChoice | None = None) -> str:
    """Raises `UnknownNodeError`."""
    choice = choice or GraphChoice()
    architecture = result.architecture
    nodes, edges = chosen(architecture, choice)
    shown = {node.id for node in nodes}
    return rows.encode(
        Graph(
            version=1,
            tool=rows.ToolRow(),
            root=result.root,
            level="module" if choice.level is Level.MODULE else "service",
            focus=choice.focus,
            nodes=[node_row(node) for node in nodes],
            edges=[edge_row(edge, architecture) for edge in edges],
            endpoints=[
                endpoint_row(each)
                for each in architecture.endpoints
                if _wanted(each.component, shown, choice)
            ],
            unresolved=_unresolved(architecture, shown, choice),
        )
    )


def _wanted(component: str, shown: set[str], choice: GraphChoice) -> bool:
    """What belongs to a shown component; without a focus also what belongs to none."""
    return component in shown or (not choice.focus and choice.level is Level.SERVICE)


def _unresolved(
    architecture: Architecture, shown: set[str], choice: GraphChoice
) -> list[rows.UnresolvedRow]:
    return [
        rows.unresolved_row(each)
        for each in architecture.unresolved
        if _wanted(each.component, shown, choice)
    ]


def node_row(node: Node) -> NodeRow:
    return NodeRow(
        id=node.id,
        kind=node.kind,
        name=node.name,
        technology=node.technology,
        path=node.path,
        aliases=list(node.aliases),
        application=node.application,
        first_party=node.first_party,
        replicas=node.replicas,
        published=node.published,
        entry_point=bool(node.entered),
        entry_reasons=[note_row(each) for each in node.entered],
        at=at_row(node.at) if node.at else None,
    )


def edge_row(edge: Edge, architecture: Architecture) -> EdgeRow:
    target = architecture.node(edge.target)
    return EdgeRow(
        source=edge.source,
        target=edge.target,
        kind=edge.kind,
        confidence=edge.confidence,
        evidence=[note_row(each) for each in edge.evidence],
        detail=edge.detail,
        trails=[
            TrailRow(trail.confidence, [note_row(each) for each in with_target(trail, target)])
            for trail in trails_of(edge)
        ],
    )


def note_row(each: Evidence) -> NoteRow:
    return NoteRow(each.at.path, each.at.line, each.at.column, each.note, each.step)


def endpoint_row(each: Endpoint) -> EndpointRow:
    return EndpointRow(
        component=each.component,
        method=each.method,
        path=each.path,
        at=at_row(each.at),
        handler=each.handler,
        protocol=each.protocol,
    )


def at_row(at: Location) -> AtRow:
    return AtRow(at.path, at.line)


def json_schema() -> dict[str, object]:
    return rows.schema(Graph, "graph-v1.json", "A graph of scaleaudit")
