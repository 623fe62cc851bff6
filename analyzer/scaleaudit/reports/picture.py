"""The graph as it is drawn: what is too fine is folded, parallel edges are one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import EdgeKind, Node, NodeKind
from scaleaudit.findings import Confidence
from scaleaudit.reports.graph_choice import Level, chosen, named
from scaleaudit.reports.overview import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Architecture, Edge
    from scaleaudit.reports.graph_choice import GraphChoice

MAX_NEAR = 40  # nodes near a focus that are drawn with tables and topics; above it, without
MAX_MODULES = 120  # drawn as single files; above it, folders are drawn
MAX_IMPORTS = 450  # lines between them; with a thousand nothing can be read, and dot needs minutes

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
STYLES = {
    EdgeKind.CALLS: "solid",
    EdgeKind.WRITES: "dashed",
    EdgeKind.READS: "dashed",
    EdgeKind.USES: "dashed",
    EdgeKind.PUBLISHES: "dotted",
    EdgeKind.CONSUMES: "dotted",
    EdgeKind.IMPORTS: "solid",
    EdgeKind.CONTAINS: "plain",
    EdgeKind.OWNS: "plain",
}
LEGEND = {
    "solid": "calls",
    "dashed": "reads, writes, uses",
    "dotted": "publishes, consumes",
    "plain": "contains",
}


class Link(msgspec.Struct, frozen=True):
    """All edges from one drawn node to another."""

    source: str
    target: str
    kinds: tuple[EdgeKind, ...]  # in the order of `ORDER`
    count: int  # places in the code or the configuration that speak for it
    confidence: Confidence

    @property
    def style(self) -> str:
        return STYLES[self.kinds[0]]

    @property
    def label(self) -> str:
        """What the style of the line does not say."""
        silent = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.IMPORTS, EdgeKind.CONTAINS)
        if len(self.kinds) == 1 and self.kinds[0] in silent:
            return ""
        told = [kind.value for kind in self.kinds if kind is not EdgeKind.USES]
        return ", ".join(told)


class Picture(msgspec.Struct, frozen=True):
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    caption: str

    @property
    def clusters(self) -> dict[str, tuple[Node, ...]]:
        """Components of one application, where there are several of it."""
        members: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.application and node.kind in (NodeKind.SERVICE, NodeKind.MODULE):
                members.setdefault(node.application, []).append(node)
        return {name: tuple(found) for name, found in sorted(members.items()) if len(found) > 1}

    @property
    def styles(self) -> list[str]:
        """The styles of line that occur, in the order of the legend."""
        used = {link.style for link in self.links}
        return [style for style in LEGEND if style in used]

    def meaning(self, style: str) -> str:
        imports = any(EdgeKind.IMPORTS in link.kinds for link in self.links)
        return "imports" if style == "solid" and imports else LEGEND[style]


def picture(architecture: Architecture, choice: GraphChoice) -> Picture:
    """Raises `UnknownNodeError` for a focus that is not there."""
    nodes, edges = chosen(architecture, choice)
    stands_for = {node.id: node.id for node in nodes}
    drawn = {node.id: node for node in nodes}
    if choice.level is Level.SERVICE and not choice.tables and _too_fine(nodes, choice):
        stands_for = _holders(nodes, edges)
        drawn = {key: node for key, node in drawn.items() if stands_for.get(key) == key}
    if choice.level is Level.MODULE:
        stands_for, drawn = _folders(nodes, edges)
    return Picture(
        nodes=tuple(drawn[key] for key in sorted(drawn)),
        links=_merged(edges, stands_for),
        caption=_caption(list(drawn.values()), nodes, choice),
    )


def _too_fine(nodes: Sequence[Node], choice: GraphChoice) -> bool:
    """Whether tables and topics are folded: always, but near a focus that has few or is one."""
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


def _folders(
    nodes: Sequence[Node], edges: Sequence[Edge]
) -> tuple[dict[str, str], dict[str, Node]]:
    """Modules as they are, or as the deepest folders that can be drawn with their imports."""
    modules = [node for node in nodes if node.kind is NodeKind.MODULE]
    others = {node.id: node for node in nodes if node.kind is not NodeKind.MODULE}
    if len(modules) <= MAX_MODULES and len(edges) <= MAX_IMPORTS:
        return {node.id: node.id for node in nodes}, {node.id: node for node in nodes}
    folder_of = {node.id: (node.path or node.name).split("/")[:-1] for node in modules}
    depth = max(len(parts) for parts in folder_of.values())
    while depth > 1 and _too_many(folder_of, edges, depth):
        depth -= 1
    stands_for = {key: key for key in others}
    members: dict[str, list[Node]] = {}
    for node in modules:
        folder = "/".join(folder_of[node.id][:depth]) or "."
        stands_for[node.id] = f"folder:{folder}"
        members.setdefault(folder, []).append(node)
    drawn = dict(others)
    for folder, found in members.items():
        applications = {node.application for node in found}
        drawn[f"folder:{folder}"] = Node(
            id=f"folder:{folder}",
            kind=NodeKind.MODULE,
            name=f"{folder}/",
            technology=number(len(found), "file"),
            application=applications.pop() if len(applications) == 1 else "",
            first_party=True,
        )
    return stands_for, drawn


def _too_many(folder_of: dict[str, list[str]], edges: Sequence[Edge], depth: int) -> bool:
    """Whether folders of that depth, or the imports between them, are more than can be drawn."""
    cut = {key: tuple(parts[:depth]) for key, parts in folder_of.items()}
    if len(set(cut.values())) > MAX_MODULES:
        return True
    pairs = {(cut.get(edge.source), cut.get(edge.target)) for edge in edges}
    return sum(source != target for source, target in pairs) > MAX_IMPORTS


def _merged(edges: Sequence[Edge], stands_for: dict[str, str]) -> tuple[Link, ...]:
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        source, target = stands_for.get(edge.source), stands_for.get(edge.target)
        if source and target and source != target:
            pairs.setdefault((source, target), []).append(edge)
    return tuple(
        Link(
            source=source,
            target=target,
            kinds=tuple(kind for kind in ORDER if any(e.kind is kind for e in found)),
            count=sum(len(edge.evidence) for edge in found),
            confidence=max((edge.confidence for edge in found), key=lambda c: c.rank),
        )
        for (source, target), found in sorted(pairs.items())
    )


def _caption(drawn: list[Node], nodes: list[Node], choice: GraphChoice) -> str:
    if choice.focus:
        return f"{choice.focus} and what is within {number(choice.depth, 'step')}"
    if choice.level is Level.MODULE:
        modules = sum(1 for node in nodes if node.kind is NodeKind.MODULE)
        folders = sum(1 for node in drawn if node.id.startswith("folder:"))
        said = number(modules, "module")
        return f"{said} in {number(folders, 'folder')}" if folders else said
    services = sum(1 for node in drawn if node.kind is NodeKind.SERVICE)
    stores = sum(
        1
        for node in drawn
        if node.kind in (NodeKind.DATABASE, NodeKind.CACHE, NodeKind.STORAGE, NodeKind.BROKER)
    )
    return f"{number(services, 'service')}, {number(stores, 'store')}"
