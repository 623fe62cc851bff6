"""The graph as it is drawn: what is too fine is folded, parallel edges are one line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import EdgeKind, Node, NodeKind
from scaleaudit.findings import Confidence
from scaleaudit.reports.clusters import Cluster, clusters
from scaleaudit.reports.collapsing import collapsed
from scaleaudit.reports.graph_choice import Level, chosen, named
from scaleaudit.reports.looks import LEGEND, LINES, Line
from scaleaudit.reports.module_folders import folders
from scaleaudit.reports.overview import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Architecture, Edge
    from scaleaudit.reports.graph_choice import GraphChoice

MAX_NEAR = 40  # nodes near a focus that are drawn with tables and topics; above it, without
MAX_LINES_NEAR = 40  # around a focus; above it, none among its neighbours
CROWD = 9  # lines that start or end at one node, for instance a collector
MAX_NAME = 40  # characters of a name in a picture

# Programs that all others report to, ask or are watched by: lines to them say nothing of one.
BACKGROUND = frozenset({
    "opentelemetry", "jaeger", "zipkin", "prometheus", "grafana", "alertmanager", "skywalking",
    "fluentd", "logstash", "kibana", "eureka", "consul", "nacos", "config-server", "etcd",
    "zookeeper", "vault", "spring-boot-admin", "flagd", "datadog",
})  # fmt: skip

# What a line of several kinds is drawn as: the first of these.
ORDER = (
    EdgeKind.CALLS,
    EdgeKind.WRITES,
    EdgeKind.READS,
    EdgeKind.PUBLISHES,
    EdgeKind.CONSUMES,
    EdgeKind.USES,
    EdgeKind.IMPORTS,
    EdgeKind.CONTAINS,
    EdgeKind.OWNS,
)
SILENT = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.IMPORTS, EdgeKind.CONTAINS)


class Link(msgspec.Struct, frozen=True):
    """All edges from one drawn node to another."""

    source: str
    target: str
    kinds: tuple[EdgeKind, ...]  # in the order of `ORDER`
    count: int  # places in the code or the configuration that speak for it
    confidence: Confidence
    pairs: int = 1  # connections between components that it stands for

    @property
    def line(self) -> Line:
        return LINES[self.kinds[0]]

    @property
    def unsure(self) -> bool:
        return self.confidence is Confidence.LOW

    @property
    def label(self) -> str:
        """What the look of the line does not say."""
        told = [kind.value for kind in self.kinds if kind is not EdgeKind.USES]
        said = "" if len(self.kinds) == 1 and self.kinds[0] in SILENT else ", ".join(told)
        return f"{self.pairs} {said or self.kinds[0].value}" if self.pairs > 1 else said


class Picture(msgspec.Struct, frozen=True):
    """`left_out` counts the lines of nodes that nearly all others have one with, not drawn."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    caption: str
    groups: frozenset[str] = frozenset()  # ids of nodes that stand for several
    left_out: dict[str, int] = {}
    aside: int = 0  # lines among the neighbours of a focus, not drawn
    libraries: int = 0  # that several programs are built with, not drawn

    @property
    def linked(self) -> set[str]:
        """The ids of the nodes that a line starts or ends at."""
        return {end for link in self.links for end in (link.source, link.target)}

    @property
    def clusters(self) -> list[Cluster]:
        return clusters(self.nodes, self.linked, self.left_out)

    @property
    def lines(self) -> list[Line]:
        """The kinds of line that occur, in the order of the legend."""
        used = [link.line for link in self.links]
        return [line for line in LEGEND if line in used]

    @property
    def unsure(self) -> bool:
        return any(link.unsure for link in self.links)

    @property
    def crowded(self) -> frozenset[tuple[str, str]]:
        """The lines of nodes that have so many that they would hide all others."""
        arriving = Counter(link.target for link in self.links)
        leaving = Counter(link.source for link in self.links)
        size = len(self.nodes)
        return frozenset(
            (link.source, link.target)
            for link in self.links
            if arriving[link.target] >= max(CROWD, size // 6)
            or leaving[link.source] >= max(CROWD, size // 3)
        )

    def node_lines(self, node: Node) -> list[str]:
        """What is written in a node, line by line."""
        lines = [node.name if node.kind is NodeKind.MODULE else elided(node.name)]
        if node.technology and node.technology.lower() != node.name.lower():
            lines.append(node.technology)
        if node.replicas is not None and node.replicas > 1:
            lines[-1] += f" x{node.replicas}"
        if node.id in self.left_out:
            lines.append(f"{number(self.left_out[node.id], 'line')} not drawn")
        return lines

    def notes(self) -> list[str]:
        """What the legend has to say besides kinds of nodes and lines."""
        notes = []
        if self.left_out:
            names = [node.name for node in self.nodes if node.id in self.left_out]
            notes.append(
                f"{number(sum(self.left_out.values()), 'line')} not drawn, of {', '.join(names)}: "
                "nearly all have one (--focus draws them)"
            )
        if self.aside:
            notes.append(f"{number(self.aside, 'line')} among its neighbours not drawn")
        if self.libraries:
            notes.append(
                f"{number(self.libraries, 'shared library', 'shared libraries')} not drawn (--focus draws one)"
            )
        if self.crowded:
            notes.append("pale lines: of a node with very many")
        return notes


def elided(name: str) -> str:
    """A host of a cloud, whose name is wider than a system of ten services, without its middle."""
    half = MAX_NAME // 2
    return name if len(name) <= MAX_NAME else f"{name[:half]}\u2026{name[1 - half :]}"


def picture(architecture: Architecture, choice: GraphChoice) -> Picture:
    """Raises `UnknownNodeError`, `NoWayError`."""
    nodes, edges = chosen(architecture, choice)
    whole = choice.level is Level.SERVICE and not choice.focus and not choice.between
    libraries = {node.id for node in nodes if whole and node.kind is NodeKind.LIBRARY}
    nodes = [node for node in nodes if node.id not in libraries]
    edges = [edge for edge in edges if edge.target not in libraries]
    stands_for = {node.id: node.id for node in nodes}
    drawn = {node.id: node for node in nodes}
    if choice.level is Level.MODULE:
        stands_for, drawn = folders(nodes, edges)
        links = _merged(edges, stands_for, stands_for)
        return Picture(
            tuple(drawn[key] for key in sorted(drawn)),
            links,
            _caption(list(drawn.values()), nodes, choice),
        )
    if not choice.tables and _too_fine(nodes, choice):
        stands_for = _holders(nodes, edges)
        drawn = {key: node for key, node in drawn.items() if stands_for.get(key) == key}
    groups, drawn = collapsed(list(drawn.values()), choice.collapse)
    links = _merged(
        edges, {key: groups.get(node, node) for key, node in stands_for.items()}, stands_for
    )
    left_out = {} if choice.focus or choice.between else _background(drawn, links)
    aside = 0
    if choice.focus and len(links) > MAX_LINES_NEAR:
        start = {groups.get(key, key) for key in named(nodes, choice.focus)}
        outward = _outward(links, start)
        aside, links = len(links) - len(outward), outward
    return Picture(
        nodes=tuple(drawn[key] for key in sorted(drawn)),
        links=tuple(k for k in links if k.source not in left_out and k.target not in left_out),
        caption=_caption(list(drawn.values()), nodes, choice),
        groups=frozenset(drawn) - frozenset(stands_for),
        left_out=left_out,
        aside=aside,
        libraries=len(libraries),
    )


def _outward(links: Sequence[Link], start: set[str]) -> tuple[Link, ...]:
    """The lines that lead away from the focus or to it, without those among its neighbours."""
    beside: dict[str, set[str]] = {}
    for link in links:
        beside.setdefault(link.source, set()).add(link.target)
        beside.setdefault(link.target, set()).add(link.source)
    steps = dict.fromkeys(start, 0)
    waiting = sorted(start)
    for here in waiting:
        for near in sorted(beside.get(here, ())):
            if near not in steps:
                steps[near] = steps[here] + 1
                waiting.append(near)
    return tuple(k for k in links if steps.get(k.source, 0) != steps.get(k.target, 0))


def _background(drawn: dict[str, Node], links: Sequence[Link]) -> dict[str, int]:
    """Nodes whose lines would be the most of the picture and say the least."""
    ends = Counter(end for link in links for end in (link.source, link.target))
    return {
        key: ends[key]
        for key, node in sorted(drawn.items())
        if ends[key] >= CROWD
        and node.kind is NodeKind.SERVICE
        and (node.technology.lower() in BACKGROUND or node.name.lower() in BACKGROUND)
    }


def _too_fine(nodes: Sequence[Node], choice: GraphChoice) -> bool:
    """Whether tables and topics are folded: always, but near a focus that has few or is one."""
    if choice.between:
        return len(nodes) > MAX_NEAR
    if not choice.focus:
        return True
    fine = [node for node in nodes if node.kind in (NodeKind.TABLE, NodeKind.TOPIC)]
    in_focus = named(nodes, choice.focus)
    return len(nodes) > MAX_NEAR and not any(node.id in in_focus for node in fine)


def _holders(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, str]:
    """A table stands for its database, a topic for its broker; one that nothing holds for none."""
    fine = {node.id for node in nodes if node.kind in (NodeKind.TABLE, NodeKind.TOPIC)}
    stands_for = {node.id: node.id for node in nodes if node.id not in fine}
    for edge in edges:
        if edge.kind is EdgeKind.CONTAINS and edge.target in fine:
            stands_for.setdefault(edge.target, edge.source)
    return stands_for


def _merged(
    edges: Sequence[Edge], stands_for: dict[str, str], components: dict[str, str]
) -> tuple[Link, ...]:
    """`components` says what an end is before nodes are collapsed: a table is its database."""
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        source, target = stands_for.get(edge.source), stands_for.get(edge.target)
        if source and target and source != target:
            pairs.setdefault((source, target), []).append(edge)
    grouped = set(stands_for.values()) - set(components.values())
    return tuple(
        Link(
            source=source,
            target=target,
            kinds=tuple(kind for kind in ORDER if any(e.kind is kind for e in found)),
            count=sum(len(edge.evidence) for edge in found),
            confidence=max((edge.confidence for edge in found), key=lambda c: c.rank),
            pairs=len({(components.get(e.source), components.get(e.target)) for e in found})
            if {source, target} & grouped
            else 1,
        )
        for (source, target), found in sorted(pairs.items())
    )


def _caption(drawn: list[Node], nodes: list[Node], choice: GraphChoice) -> str:
    if choice.between:
        first, second = choice.between
        return f"ways between {first} and {second} of at most {number(choice.depth, 'step')}"
    if choice.focus:
        return f"{choice.focus} and what is within {number(choice.depth, 'step')}"
    if choice.level is Level.MODULE:
        modules = sum(1 for node in nodes if node.kind is NodeKind.MODULE)
        folders = sum(1 for node in drawn if node.id.startswith("folder:"))
        said = number(modules, "module")
        return f"{said} in {number(folders, 'folder')}" if folders else said
    services = sum(1 for node in nodes if node.kind is NodeKind.SERVICE)
    stores = sum(
        1
        for node in nodes
        if node.kind in (NodeKind.DATABASE, NodeKind.CACHE, NodeKind.STORAGE, NodeKind.BROKER)
    )
    return f"{number(services, 'service')}, {number(stores, 'store')}"
