"""Which part of the graph to show."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.record import Record
from scaleaudit.reports.overview import number
from scaleaudit.reports.ways import pairs_between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.architecture import Architecture, Edge, Node

SUGGESTED = 5


class Level(StrEnum):
    SERVICE = "service"  # what runs and what it talks to
    MODULE = "module"  # the source files and what they import


class GraphChoice(Record, frozen=True):
    """`focus` is any name of a node; then only what is within `depth` edges of it is shown.
    `between` are two such names; then only the ways of at most `depth` steps are, in both
    directions."""

    level: Level = Level.SERVICE
    focus: str = ""
    depth: int = 1
    between: tuple[str, str] | None = None
    collapse: tuple[str, ...] = ()  # pictures: what is drawn as one, in words of `collapsing`
    tables: bool = False  # pictures: tables and topics too, not only what holds them


class NoWayError(Exception):
    """No way of the chosen length leads between the two; the message is one line."""


class UnknownNodeError(Exception):
    """No node of the level has that name; the message is one line with the nearest names."""


def chosen(architecture: Architecture, choice: GraphChoice) -> tuple[list[Node], list[Edge]]:
    """The nodes and edges of the choice, sorted by id.

    Raises `UnknownNodeError`, `NoWayError`.
    """
    nodes = {node.id: node for node in nodes_of(architecture, choice.level)}
    edges = [e for e in architecture.edges() if e.source in nodes and e.target in nodes]
    if choice.between is not None:
        return _between(architecture, list(nodes.values()), edges, choice)
    if choice.focus:
        kept = _near(named(nodes.values(), choice.focus), edges, choice.depth)
        kept |= {e.source for e in edges if e.kind is EdgeKind.CONTAINS and e.target in kept}
        nodes = {key: node for key, node in nodes.items() if key in kept}
        edges = [edge for edge in edges if edge.source in kept and edge.target in kept]
    return list(nodes.values()), edges


def _between(
    architecture: Architecture, nodes: list[Node], edges: list[Edge], choice: GraphChoice
) -> tuple[list[Node], list[Edge]]:
    """Only what ways take: of other edges between their nodes only that a store holds a table."""
    first, second = choice.between or ("", "")
    starts, ends = named(nodes, first), named(nodes, second)
    there = pairs_between(architecture, starts, ends, choice.depth)
    back = pairs_between(architecture, ends, starts, choice.depth)
    if not there and not back:
        said = f"no way of at most {number(choice.depth, 'step')} leads from {first} to {second}"
        raise NoWayError(f"{said} or back; scaleaudit explain-edge tells what comes near")
    steps = there | back
    kept = {node for step in steps for node in step}
    return [node for node in nodes if node.id in kept], [
        edge
        for edge in edges
        if (edge.source, edge.target) in steps
        or (edge.kind is EdgeKind.CONSUMES and (edge.target, edge.source) in steps)
        or (edge.kind is EdgeKind.CONTAINS and edge.source in kept and edge.target in kept)
    ]


def nodes_of(architecture: Architecture, level: Level) -> list[Node]:
    """What a level shows."""
    if level is Level.SERVICE:
        return [
            node
            for node in architecture.nodes()
            if node.kind not in (NodeKind.MODULE, NodeKind.TEAM)
        ]
    modules = {node.id for node in architecture.nodes(NodeKind.MODULE)}
    shown = set(modules)
    for edge in architecture.edges():
        if edge.source in modules and edge.kind is not EdgeKind.OWNS:
            shown.add(edge.target)
    return [node for node in architecture.nodes() if node.id in shown]


def named(nodes: Iterable[Node], name: str) -> set[str]:
    """The ids of the nodes known by this id, name, path or alias, whatever the case.

    An id, then a name, then the rest: the first kind that fits counts.
    """
    nodes = list(nodes)
    wanted = name.strip().lower()
    for names_of in (_ids, _names, _aliases):
        found = {node.id for node in nodes if wanted in names_of(node)}
        if found:
            return found
    raise UnknownNodeError(_unknown(nodes, name))


def nodes_named(nodes: Iterable[Node], name: str) -> list[Node]:
    """`named`, as nodes in order of their ids."""
    nodes = list(nodes)
    found = named(nodes, name)
    return sorted((node for node in nodes if node.id in found), key=lambda node: node.id)


def _ids(node: Node) -> list[str]:
    return [node.id.lower()]


def _names(node: Node) -> list[str]:
    return [node.name.lower()]


def _aliases(node: Node) -> list[str]:
    return [node.path.lower(), *(alias.lower() for alias in node.aliases)]


def _unknown(nodes: list[Node], name: str) -> str:
    from difflib import get_close_matches

    names = sorted({node.name for node in nodes})
    near = get_close_matches(name, names, n=SUGGESTED, cutoff=0.5)
    if near:
        return f"nothing is named {name}; did you mean {' or '.join(near)}?"
    some = ", ".join(names[:SUGGESTED])
    return f"nothing is named {name}; there are {some}" if some else "the graph is empty"


def _near(start: set[str], edges: Iterable[Edge], depth: int) -> set[str]:
    """The ids within `depth` edges, whatever their direction."""
    beside: dict[str, set[str]] = {}
    for edge in edges:
        beside.setdefault(edge.source, set()).add(edge.target)
        beside.setdefault(edge.target, set()).add(edge.source)
    reached = border = set(start)
    for _ in range(depth):
        border = {n for b in border for n in beside.get(b, ())} - reached
        if not border:
            break
        reached = reached | border
    return reached
