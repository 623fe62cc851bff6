"""What is known of the connection between two components: each way to it, or what comes near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.findings import Confidence, Evidence, Step, Trail
from scaleaudit.record import Record
from scaleaudit.reports.graph_choice import Level, nodes_named, nodes_of
from scaleaudit.reports.ways import shortest

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture, Edge, Node, Reach, Unresolved

SURE = {Confidence.HIGH: "sure", Confidence.MEDIUM: "likely", Confidence.LOW: "to check"}
"""Confidence in words, as findings have it."""


class Way(Record, frozen=True):
    """One trail: its steps with the target's declaration, the address, and why it is believed."""

    steps: tuple[Evidence, ...]
    confidence: Confidence
    why: str
    address: str = ""  # as far as the repository tells it; `{}` for unknown parts


class Connection(Record, frozen=True):
    edge: Edge
    source: Node
    target: Node
    ways: tuple[Way, ...]


class Explanation(Record, frozen=True):
    """`there` leads from the first to the second, `back` the other way.

    Where there is neither: `unresolved` are calls of the first that might be it, `over` is the
    shortest way over others, as nodes with the edges between them.
    """

    first: tuple[Node, ...]
    second: tuple[Node, ...]
    there: tuple[Connection, ...]
    back: tuple[Connection, ...]
    unresolved: tuple[Unresolved, ...] = ()
    over: tuple[tuple[Node, Edge | None], ...] = ()


def explain(architecture: Architecture, first: str, second: str) -> Explanation:
    """Two components by any of their names; raises `UnknownNodeError`."""
    nodes = nodes_of(architecture, Level.SERVICE)
    one, other = nodes_named(nodes, first), nodes_named(nodes, second)
    starts, ends = {node.id for node in one}, {node.id for node in other}
    there = _between(architecture, starts, ends)
    back = _between(architecture, ends, starts) if starts != ends else ()
    if there or back:
        return Explanation(tuple(one), tuple(other), there, back)
    return Explanation(
        tuple(one),
        tuple(other),
        (),
        (),
        tuple(each for each in architecture.unresolved if each.component in starts),
        tuple((architecture.node(n), edge) for n, edge in shortest(architecture, starts, ends)),
    )


def trails_of(edge: Edge) -> tuple[Trail, ...]:
    """The ways to an edge; one of a single step for each place where none were kept apart."""
    return edge.trails or tuple(Trail((each,), edge.confidence) for each in edge.evidence)


def with_target(trail: Trail, target: Node) -> tuple[Evidence, ...]:
    """The steps, and where the target is declared as the last of them."""
    if target.at is None:
        return trail.steps
    return (*trail.steps, Evidence(target.at, f"{target.name} is declared here", Step.TARGET))


def _between(
    architecture: Architecture, starts: set[str], ends: set[str]
) -> tuple[Connection, ...]:
    found = [
        edge
        for start in sorted(starts)
        for edge in architecture.edges_out_of(start)
        if edge.target in ends and edge.kind is not EdgeKind.OWNS
    ]
    reaches: dict[tuple[str, object], Reach] = {}
    for reach in architecture.reaches if found else ():
        if reach.address:
            reaches.setdefault((reach.component, reach.at), reach)
    return tuple(_connection(architecture, edge, reaches) for edge in found)


def _connection(
    architecture: Architecture, edge: Edge, reaches: dict[tuple[str, object], Reach]
) -> Connection:
    source, target = architecture.node(edge.source), architecture.node(edge.target)
    ways = []
    for trail in sorted(trails_of(edge), key=lambda each: -each.confidence.rank):
        reach = reaches.get((edge.source, trail.steps[0].at)) if trail.steps else None
        told = reach is not None and bool(reach.host)
        why = _why(edge, trail, target, reach)
        address = reach.address if reach is not None and told else ""
        ways.append(Way(with_target(trail, target), trail.confidence, why, address))
    return Connection(edge, source, target, tuple(ways))


def _why(edge: Edge, trail: Trail, target: Node, reach: Reach | None) -> str:
    """Why a trail is believed as much as it is: a clause without a capital and a full stop."""
    step = trail.steps[0].step if trail.steps else None
    told = reach is not None and bool(reach.host)
    said = _SAID.get((step, trail.confidence))
    if edge.kind in (EdgeKind.PUBLISHES, EdgeKind.CONSUMES, EdgeKind.CONTAINS):
        said = (
            "the code names it" if target.kind is NodeKind.TOPIC else "the code's library does so"
        )
    elif edge.kind in (EdgeKind.READS, EdgeKind.WRITES):
        said = "a query in the code names it"
    elif trail.confidence is Confidence.LOW:
        said = f"nothing in the repository is called {target.name}, and it is no public name"
    elif target.kind is NodeKind.EXTERNAL and trail.confidence is Confidence.HIGH:
        said = "the address stands in the repository, and is nobody's that it deploys"
    elif any(each.step is Step.TARGET for each in trail.steps):
        said = "it serves what the code makes a client of"
    elif step is Step.CALL and trail.confidence is Confidence.MEDIUM:
        said = _likely_call(target, told=told)
    said = said or "the places above say so"
    if reach is not None and told and reach.from_default:
        said += "; the address is a default of the code, which a deployment may override"
    return said


def _likely_call(target: Node, *, told: bool) -> str:
    if told:
        return "the repository uses it and does not deploy it"
    if target.kind in (NodeKind.SERVICE, NodeKind.EXTERNAL):
        return "the deployment alone knows the address; the setting's name tells whose it is"
    return (
        f"the repository does not tell the address; this is the {target.technology or 'store'} "
        "of the application"
    )


_SAID: dict[tuple[Step | None, Confidence], str] = {
    (Step.CALL, Confidence.HIGH): "every step from the call to the name of the target was read",
    (Step.CONSTANT, Confidence.HIGH): "the code holds its address",
    (Step.CONSTANT, Confidence.MEDIUM): "the code holds its address; no call was seen that uses it",
    (Step.ROUTE, Confidence.MEDIUM): "a rule of its configuration leads there without naming it",
    (Step.ENVIRONMENT, Confidence.HIGH): "the code or its framework reads this variable",
    (Step.ENVIRONMENT, Confidence.MEDIUM): (
        "the workload is given the address; no code was seen that reads this variable"
    ),
    (Step.SETTING, Confidence.HIGH): "a framework gives this setting its meaning",
    (Step.SETTING, Confidence.MEDIUM): (
        "a framework gives this setting its meaning; the repository does not deploy the target"
    ),
    (Step.ROUTE, Confidence.HIGH): "a rule of its configuration names the target",
    (Step.DEPENDENCY, Confidence.MEDIUM): (
        "the library connects by itself, and the system has one server of its kind"
    ),
}
