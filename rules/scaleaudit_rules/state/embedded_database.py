"""The service's database is a file, or lives inside its process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Phase,
    Problem,
    Severity,
    rule,
)
from scaleaudit_rules.state._embedded import EMBEDDED, a_server_is_a_choice, inside_processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Location, Node


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.RELIABILITY),
    layer=Layer.ARCHITECTURE,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("client-server-db",),
)
def embedded_database(architecture: Architecture, _options: object) -> Iterator[Problem]:
    found = inside_processes(architecture)
    choice = bool(found) and a_server_is_a_choice(architecture)
    for (component, technology), reaches in found.items():
        places = [reach.at for reach in reaches]
        yield problem(architecture.node(component), technology, places, choice=choice)


def problem(node: Node, technology: str, places: list[Location], *, choice: bool) -> Problem:
    several = (node.replicas or 0) > 1
    copies = (
        f" {node.replicas} copies are deployed, each with a file of its own." if several else ""
    )
    instead = " It can use a database server instead: choose that." if choice else ""
    grade = Severity.LOW if choice else Severity.MEDIUM
    return Problem(
        subject=f"database of {node.name}",
        message=(
            f"{node.name} keeps its data in {EMBEDDED[technology]}, inside its own process: "
            f"one writer at a time, one machine, no second copy.{copies}{instead}"
        ),
        evidence=tuple(Evidence(at, f"{EMBEDDED[technology]} is opened here") for at in places),
        data={"technology": technology, "replicas": node.replicas},
        severity=Severity.HIGH if several else grade,
    )
