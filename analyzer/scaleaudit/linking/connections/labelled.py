"""Proxies that find their routes by themselves: labels of containers, routes of a cluster.

The proxied workload says that it wants to be reached; the proxy is the program that reads such
labels. Where that program runs somewhere else, the workload is reached from outside all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.deployments.cluster import IN_CLUSTER
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.deployments.workload import Workload

MAX_PROXIES = 3
_TRAEFIK = regex(
    r"(?i)^traefik\.((http|tcp|udp)\.(routers|services)\.|frontend(s)?\.|backend|port$|domain$)"
)
_NGINX_PROXY = regex(r"nginx-proxy|jwilder")
_CONTROLLER = regex(
    r"(^|[-_.])(ingress|traefik|kong|contour|emissary|ambassador|apisix|haproxy)"
    r"([-_.](nginx|ingress|controller|gateway|proxy|\d[\w.]*))*$"
)


def add_labelled(connections: Connections) -> None:
    """Edges from such a proxy to what asks for it; else the workload counts as routed to."""
    services = list(connections.components.services())
    for asks, is_proxy in _KINDS:
        proxies = [c for c in services if is_proxy(c)]
        for component in services:
            for workload in component.workloads:
                key = asks(workload)
                if key:
                    _add(connections, proxies, component, workload, key)
    _add_controller(connections, services)


def _add(
    connections: Connections,
    proxies: list[Component],
    component: Component,
    workload: Workload,
    key: str,
) -> None:
    if component in proxies:
        return  # its own dashboard
    beside = [c for c in proxies if any(w.path == workload.path for w in c.workloads)]
    note = Evidence(workload.at, f"{component.name} asks for requests by {key}", Step.ROUTE)
    if not proxies:
        workload.published = True
        workload.routes.append(note)
    for proxy in (beside or proxies)[:MAX_PROXIES]:  # each reads the labels of all
        sure = Confidence.HIGH if len(beside or proxies) == 1 else Confidence.MEDIUM
        connections.connect(proxy, component, (note,), sure)


def _by_traefik_label(workload: Workload) -> str:
    labels = {key.lower(): text for key, text in workload.fact.labels}
    if labels.get("traefik.enable", "").lower() == "false":
        return ""
    found = next((key for key, _ in workload.fact.labels if _TRAEFIK.match(key)), "")
    if not found and labels.get("traefik.enable", "").lower() == "true":
        found = "traefik.enable"
    return found


def _by_caddy_label(workload: Workload) -> str:
    keys = [key for key, _ in workload.fact.labels]
    return next((key for key in keys if key.startswith("caddy") and "reverse_proxy" in key), "")


def _by_virtual_host(workload: Workload) -> str:
    given = workload.environment.get("VIRTUAL_HOST")
    return "VIRTUAL_HOST" if given is not None and workload.fact.source == "compose" else ""


def _is_caddy(component: Component) -> bool:
    return component.technology == "caddy"


def _is_traefik(component: Component) -> bool:
    return component.technology == "traefik"


def _is_nginx_proxy(component: Component) -> bool:
    return any(_NGINX_PROXY.search(workload.image) for workload in component.workloads)


_KINDS = (
    (_by_traefik_label, _is_traefik),
    (_by_caddy_label, _is_caddy),
    (_by_virtual_host, _is_nginx_proxy),
)


def _add_controller(connections: Connections, services: list[Component]) -> None:
    """The one controller of routes that the repository deploys into the cluster reads them all."""
    found = controllers(services)
    if len(found) != 1:
        return
    for component in services:
        if component in found or component.kind is not NodeKind.SERVICE:
            continue
        for workload in component.workloads:
            if workload.routes:
                connections.connect(found[0], component, tuple(workload.routes), Confidence.MEDIUM)
                workload.routes.clear()


def controllers(services: Iterable[Component]) -> list[Component]:
    """What reads the routes of a cluster, and no route leads to."""
    return [
        c
        for c in services
        if c.root is None
        and any(
            w.fact.source in IN_CLUSTER and _CONTROLLER.search(image_name(w.image) or w.name)
            for w in c.workloads
        )
        and not any(w.routes for w in c.workloads)
    ]
