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
from scaleaudit_rules.state._embedded import EMBEDDED, inside_processes

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
    for (component, technology), reaches in found.items():
        yield problem(architecture.node(component), technology, [r.at for r in reaches])


def problem(node: Node, technology: str, places: list[Location]) -> Problem:
    several = (node.replicas or 0) > 1
    copies = (
        f" {node.replicas} copies are deployed, each with a file of its own." if several else ""
    )
    return Problem(
        subject=f"database of {node.name}",
        message=(
            f"{node.name} keeps its data in {EMBEDDED[technology]}, inside its own process: "
            f"one writer at a time, one machine, no second copy.{copies}"
        ),
        evidence=tuple(Evidence(at, f"{EMBEDDED[technology]} is opened here") for at in places),
        data={"technology": technology, "replicas": node.replicas},
        severity=Severity.HIGH if several else Severity.MEDIUM,
    )
