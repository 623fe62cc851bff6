"""One service that many call and that calls many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Count,
    Dimension,
    EdgeKind,
    Evidence,
    Layer,
    NodeKind,
    Options,
    Phase,
    Problem,
    Severity,
    rule,
)
from scaleaudit_rules.coupling._supporting import GATEWAYS, is_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GATEWAY_WORDS = ("gateway", "proxy", "ingress", "edge", "bff", "frontend")


class HubServiceOptions(Options, frozen=True):
    """From how many neighbours on a service counts as a hub."""

    min_callers: Count = 3
    """Distinct services that call it. With three, one team's change waits for three others."""
    min_callees: Count = 3
    """Distinct services that it calls; a leaf that many call is a library with a network."""


@rule(
    dimensions=(Dimension.RELIABILITY, Dimension.TRAFFIC),
    layer=Layer.ARCHITECTURE,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_10K,
    fixes=("seams", "split-module", "cache-aside"),
    options=HubServiceOptions,
)
def hub_service(architecture: Architecture, options: HubServiceOptions) -> Iterator[Problem]:
    services = [n for n in architecture.nodes(NodeKind.SERVICE) if n.first_party]
    for node in services:
        if node.technology in GATEWAYS or any(word in node.name.lower() for word in GATEWAY_WORDS):
            continue
        into = [
            e
            for e in architecture.edges_into(node.id, EdgeKind.CALLS)
            if is_told(e) and first(architecture, e.source)
        ]
        out = [
            e
            for e in architecture.edges_out_of(node.id, EdgeKind.CALLS)
            if is_told(e) and first(architecture, e.target)
        ]
        callers = applications(architecture, (e.source for e in into))
        callees = applications(architecture, (e.target for e in out))
        if len(callers) < options.min_callers or len(callees) < options.min_callees:
            continue
        places = [e.evidence[0] for e in (*out, *into) if e.evidence]
        primary = [Evidence(node.at, f"{node.name} is declared here")] if node.at else []
        yield Problem(
            subject=f"service {node.name}",
            message=(
                f"{', '.join(callers)} call {node.name}, which calls {', '.join(callees)}: its "
                f"capacity and uptime are a ceiling for {len(callers) + len(callees) + 1} of "
                f"{len(services)} services."
            ),
            evidence=(*primary, *places),
            data={"callers": callers, "callees": callees},
        )


def applications(architecture: Architecture, node_ids: Iterable[str]) -> list[str]:
    """A name for each codebase among services: its web and its worker process are one."""
    named: dict[str, str] = {}
    for node in (architecture.node(each) for each in sorted(set(node_ids))):
        key = node.application or node.id
        named[key] = min(named.get(key, node.name), node.name, key=lambda name: (len(name), name))
    return sorted(named.values())


def first(architecture: Architecture, node_id: str) -> bool:
    """Our own services count; what monitors, routes or registers does not."""
    node = architecture.node(node_id)
    return node.kind is NodeKind.SERVICE and node.first_party and node.technology not in GATEWAYS
