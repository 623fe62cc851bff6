"""Several applications work on one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    EdgeKind,
    Evidence,
    Layer,
    NodeKind,
    Phase,
    Problem,
    Severity,
    regex,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Edge
CODE = (".ts", ".tsx", ".js", ".mjs", ".cjs", ".py", ".java", ".kt", ".cs", ".go", ".rb", ".php")
# Ends when the tables stand: it has the schema of the application that it is started for.
PREPARES = regex(r"(?i)(^|[-_.])(migrat(e|ions?|or)|seed(s|er)?)([-_.]|$)")


@rule(
    dimensions=(Dimension.DATA, Dimension.TEAM),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("table-owner", "db-per-service"),
)
def shared_database(architecture: Architecture, _options: object) -> Iterator[Problem]:
    told: set[tuple[str, tuple[str, ...]]] = set()
    for server in architecture.nodes(NodeKind.DATABASE):
        users: dict[str, dict[str, list[Edge]]] = {}
        for edge in architecture.edges_into(server.id, EdgeKind.USES):
            node = architecture.node(edge.source)
            # One codebase as web and worker is one user; exporters and consoles are none.
            if PREPARES.search(node.name):
                continue
            if node.kind is NodeKind.SERVICE and node.first_party and edge.detail:
                users.setdefault(edge.detail, {}).setdefault(node.application, []).append(edge)
        for database, applications in sorted(users.items()):
            # The same applications on the same database of another engine: a choice of one.
            who = (database, tuple(sorted(applications)))
            if len(applications) < 2 or through_one_library(architecture, applications):
                continue
            if who not in told:
                told.add(who)
                yield found(architecture, server.name, database, applications)


def through_one_library(architecture: Architecture, applications: dict[str, list[Edge]]) -> bool:
    """All of them connect in one file, of a library: one codebase, whose schema has one owner."""
    opened: list[set[str]] = []
    for edges in applications.values():
        folder = architecture.node(edges[0].source).path
        places = {step.at.path for edge in edges for step in edge.evidence[:1]}
        opened.append({path for path in places if folder and not path.startswith(f"{folder}/")})
    code = {path for path in set.intersection(*opened) if path.endswith(CODE)}
    return bool(code)


def found(
    architecture: Architecture, server: str, database: str, applications: dict[str, list[Edge]]
) -> Problem:
    names = sorted(
        architecture.node(min(edges, key=lambda e: e.source).source).name
        for edges in applications.values()
    )
    places = [
        Evidence(edge.evidence[-1].at, f"{architecture.node(edge.source).name} uses {database}")
        for _, edges in sorted(applications.items())
        for edge in edges[:1]
        if edge.evidence
    ]
    return Problem(
        subject=f"database {server}/{database}",
        message=(
            f"{', '.join(names)} share the database {database} on {server}: a change of its "
            "schema, its load or its size hits all of them at once."
        ),
        evidence=tuple(sorted(places, key=lambda each: each.at)),
        data={"database": database, "server": server, "applications": names},
    )
