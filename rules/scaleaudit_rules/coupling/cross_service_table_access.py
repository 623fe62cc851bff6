"""An application reads or writes a table that belongs to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    EdgeKind,
    Growth,
    Layer,
    NodeKind,
    Phase,
    Problem,
    Severity,
    regex,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Edge, Node

# Where workspaces keep what several programs are built with.
LIBRARY = regex(r"(?:^|/)(?:packages|libs?|libraries|shared|common)/[^/]+/")


@rule(
    dimensions=(Dimension.TEAM, Dimension.DATA),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_10K,
    fixes=("table-owner", "contracts"),
)
def cross_service_table_access(architecture: Architecture, _options: object) -> Iterator[Problem]:
    between: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in accesses(architecture):
        name = problem.subject.partition(" -> ")[0]
        verb = "writes to" if problem.data["writes"] else "reads"
        between.setdefault((name, verb, str(problem.data["owner"])), []).append(problem)
    for (name, verb, owner), found in between.items():
        if len(found) < MANY:
            yield from found
        else:
            yield of_many(name, verb, owner, found)


def of_many(name: str, verb: str, owner: str, found: list[Problem]) -> Problem:
    """One application goes past another in one way, whichever table it needs."""
    tables = [str(each.data["table"]) for each in found]
    return replace(
        found[0],
        subject=f"{name} {verb} tables of {owner}",
        message=(
            f"{name} {verb} {len(tables)} tables that belong to {owner}, {named(tables)}: "
            "their columns are a contract that nobody wrote down."
        ),
        evidence=tuple(each.evidence[0] for each in found if each.evidence)[:MAX_EVIDENCE],
        data={"tables": tables, "owner": owner, "writes": verb != "reads"},
    )


def accesses(architecture: Architecture) -> Iterator[Problem]:
    for table in architecture.nodes(NodeKind.TABLE):
        if not table.path:  # its database is not known: one name may be two tables
            continue
        by_application: dict[str, list[Edge]] = {}
        for edge in architecture.edges_into(table.id, EdgeKind.READS, EdgeKind.WRITES):
            source = architecture.node(edge.source)
            if source.first_party and not by_scripts(edge):
                by_application.setdefault(source.application, []).append(edge)
        if len(by_application) < 2:
            continue
        owner = owner_of(architecture, table, by_application)
        if owner is None or of_library(architecture, table, by_application):
            continue
        for application, edges in sorted(by_application.items()):
            if application != owner and not in_shared_code(
                architecture, edges, by_application[owner]
            ):
                problem = access(architecture, table, owner, edges)
                if problem is not None:
                    yield problem


def by_scripts(edge: Edge) -> bool:
    """Of what makes tables and their views when something is deployed: it owns none of them."""
    places = [step.at.path for step in edge.evidence]
    return bool(places) and all(path.endswith(".sql") for path in places)


def of_library(architecture: Architecture, table: Node, users: dict[str, list[Edge]]) -> bool:
    """A library that all of them are built with defines the table: the contract is its code."""
    known = architecture.schema.table(table.name)
    path = known.at.path if known is not None and known.at is not None else ""
    folders = [architecture.node(edges[0].source).path for edges in users.values()]
    apart = all(folder and not path.startswith(f"{folder}/") for folder in folders)
    by_class = known is not None and known.model != "" and not path.endswith(".sql")
    return apart and (by_class or LIBRARY.search(path) is not None)


def in_shared_code(architecture: Architecture, edges: list[Edge], owners: list[Edge]) -> bool:
    """All that an application does with the table stands in files that the owner is built with."""
    folder = architecture.node(edges[0].source).path
    places = {step.at.path for edge in edges for step in edge.evidence[:1]}
    theirs = {step.at.path for edge in owners for step in edge.evidence[:1]}
    inside = [path for path in places if not folder or path.startswith(f"{folder}/")]
    return bool(places) and not inside and places <= theirs


def owner_of(architecture: Architecture, table: Node, users: dict[str, list[Edge]]) -> str | None:
    """Whose folder defines the table; else the only writer; None when that is a tie."""
    known = architecture.schema.table(table.name)
    if known is not None and known.at is not None:
        inside = [a for a in users if a != "." and known.at.path.startswith(f"{a}/")]
        if len(inside) == 1:
            return inside[0]
    writes = {
        application: sum(len(e.evidence) for e in edges if e.kind is EdgeKind.WRITES)
        for application, edges in users.items()
    }
    most = max(writes.values())
    leaders = [application for application, count in writes.items() if count == most]
    return leaders[0] if most and len(leaders) == 1 else None


def access(
    architecture: Architecture, table: Node, owner: str, edges: list[Edge]
) -> Problem | None:
    writes = [edge for edge in edges if edge.kind is EdgeKind.WRITES]
    known = architecture.schema.table(table.name)
    if not writes and known is not None and known.growth is Growth.STATIC:
        return None  # reference data, read by everybody
    chosen = writes or edges
    verb = "writes to" if writes else "reads"
    name = architecture.node(chosen[0].source).name  # of its processes the one whose code does it
    return Problem(
        subject=f"{name} -> table {table.name}",
        message=(
            f"{name} {verb} table {table.name}, which belongs to {name_of(architecture, owner)}: "
            "its columns are a contract that nobody wrote down."
        ),
        evidence=tuple(piece for edge in chosen for piece in edge.evidence),
        data={"table": table.name, "owner": name_of(architecture, owner), "writes": bool(writes)},
        severity=Severity.HIGH if writes else Severity.MEDIUM,
    )


def name_of(architecture: Architecture, application: str) -> str:
    nodes = [n for n in architecture.nodes(NodeKind.SERVICE) if n.application == application]
    return nodes[0].name if nodes else application
