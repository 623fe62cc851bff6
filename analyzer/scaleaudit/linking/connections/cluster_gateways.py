"""Gateways of Kubernetes' Gateway API: the routes that files declare say whom they pass requests to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import NetworkName
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.deployments.cluster import gateway_name
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections


def add_cluster_gateways(connections: Connections) -> None:
    """Edges from the gateways of the repository; of those that others declare nothing is known."""
    charts = connections.components.workloads.values.charts
    gateways: dict[str, list[Component]] = {}
    for component in connections.components.services():
        for name in {gateway_name(workload, charts) for workload in component.workloads} - {""}:
            gateways.setdefault(name, []).append(component)
    for path, route in connections.index.of(NetworkName):
        if not route.through or connections.index.role(path) is not Role.SOURCE:
            continue
        if charts.is_off(route.switch, path):
            continue
        named = (charts.name(each, path) for each in route.through)
        for gateway in [each for called in named for each in gateways.get(called, ())]:
            name = charts.name(route.name, path)
            target = connections.targets.by_name(name, NodeKind.SERVICE, near=gateway)
            if target is not None and target.id != gateway.id:
                note = Evidence(
                    route.at.in_file(path), f"{gateway.name} passes requests on to it", Step.ROUTE
                )
                connections.connect(gateway, target, (note,), Confidence.HIGH)
