"""Whom gateways of GraphQL ask: the subgraphs, sources and handlers of their configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.graphql_types import GATEWAY
from scaleaudit.linking.connections.proxy_owners import ProxyOwners
from scaleaudit.linking.connections.state import addresses_in
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

LIBRARIES = regex(
    r"@apollo/gateway|@graphql-mesh/|@graphql-hive/gateway|@graphql-tools/federation|mercuriusjs/gateway"
)
IMAGES = regex(
    r"(?:^|/)(?:apollographql/router|apollo-runtime|hasura/graphql-engine|graphql-hive/gateway"
    r"|cosmo/router|graphql-mesh\S*|bramble|grafbase/gateway)(?:[:@]|$)"
)


def add_subgraphs(connections: Connections) -> None:
    """An edge to each component of the system that a gateway's configuration names.

    The configuration that a supergraph is composed of stands beside the gateways, where nothing
    mounts it: then it is for all gateways that have none of their own.
    """
    settings = [
        (path, setting)
        for path, setting in connections.index.of(SettingDefined)
        if setting.source == GATEWAY and connections.index.role(path) is Role.SOURCE
    ]
    if not settings:
        return
    readers = _readers(connections, {path for path, _ in settings})
    served = {c.id for found in readers.values() for c in found}
    others = [c for c in gateways(connections) if c.id not in served]
    for path, setting in settings:
        for speaker in readers[path] or others:
            _add(connections, speaker, path, setting)


def _add(connections: Connections, speaker: Component, path: str, setting: SettingDefined) -> None:
    """By the address; where that is this host or nobody's, by what the gateway calls the part."""
    found = connections.resolver.resolve(setting.value, path, speaker)
    hosts = [each.host for each in addresses_in(found.text) if found.known and each.host]
    by_host = [connections.targets.by_name(host, near=speaker) for host in hosts]
    target, sure = next((each for each in by_host if each is not None), None), Confidence.HIGH
    name = setting.key.partition(":")[2]
    if target is None and name:
        target = connections.targets.by_name(name, NodeKind.SERVICE, near=speaker)
        sure = Confidence.MEDIUM
    if target is not None and target.id != speaker.id:
        note = Evidence(setting.at.in_file(path), f"{speaker.name} asks this subgraph", Step.ROUTE)
        connections.connect(speaker, target, (note, *found.trail), sure)


def _readers(connections: Connections, paths: set[str]) -> dict[str, list[Component]]:
    """Who is given each file, or holds it in its own folder."""
    owners = ProxyOwners(connections)
    return {
        path: owners.given(path)
        or [c for c in connections.components.owning(path) if c.root and c.kind is NodeKind.SERVICE]
        for path in paths
    }


def gateways(connections: Connections) -> list[Component]:
    return [c for c in connections.components.services() if is_gateway(connections, c)]


def is_gateway(connections: Connections, component: Component) -> bool:
    """By what its build unit depends on, or by the image that runs."""
    if component.kind is not NodeKind.SERVICE:
        return False
    needs = connections.components.dependencies_of(component) if component.root is not None else ()
    return any(map(LIBRARIES.search, needs)) or any(
        IMAGES.search(workload.image) for workload in component.workloads
    )
