"""Whom proxies pass requests on to and whom monitoring watches, by their configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.architecture import NodeKind
from scaleaudit.config_files import monitoring
from scaleaudit.config_files.consul_templates import EACH_REGISTERED
from scaleaudit.config_files.proxy_values import SOURCE
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import MACHINE
from scaleaudit.linking.components.workload_groups import PROXIES
from scaleaudit.linking.connections.local_hosts import LOCAL
from scaleaudit.linking.connections.proxy_owners import ProxyOwners
from scaleaudit.linking.connections.state import addresses_in
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Collection

    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.values import Value

# YARP's clusters in whatever section a program keeps them, Ocelot's routes.
OF_DOTNET = regex(
    r"(?i)(^|:)Clusters:[^:]+:Destinations:[^:]+:Address$"
    r"|^(Re)?Routes:\d+:(DownstreamHostAndPorts:\d+:Host|ServiceName)$"
)
# What an edge says, by the source of the setting.
PASSES = "passes requests on to it"
SAID = {SOURCE: PASSES, monitoring.SOURCE: "watches or feeds it"}

DOWNSTREAM_PORT = regex(r"(?i)^(Re)?Routes:\d+:DownstreamHostAndPorts:\d+:Port$")
REGISTRY = "consul"  # whose templates list what is registered
SUBGRAPH = "subgraph"  # what a gateway of GraphQL asks, whichever program it is


def add_proxies(connections: Connections) -> None:
    """An edge to each component of the system; what else a proxy may pass on to is left out."""
    owners = ProxyOwners(connections)
    groups: dict[tuple[str, str], list[tuple[SettingDefined, str]]] = {}
    told: list[tuple[Component, SettingDefined, str]] = []
    ports = _downstream_ports(connections)
    for path, setting in connections.index.of(SettingDefined):
        if setting.source == "dotnet" and OF_DOTNET.search(setting.key):
            if connections.index.role(path) is Role.SOURCE:
                port = ports.get((path, setting.key.rpartition(":")[0]))
                with_port = setting if port is None else replace(setting, value=_at(setting, port))
                speakers = connections.components.configured_by(path)
                told += [(c, with_port, path) for c in speakers if c.kind is NodeKind.SERVICE]
            continue
        if setting.source not in SAID or connections.index.role(path) is not Role.SOURCE:
            continue
        technology, _, name = setting.key.partition(":")
        kind = "" if technology == SUBGRAPH else technology
        for speaker in owners.of(path, setting, kind):
            if name:
                groups.setdefault((speaker.id, name.lower()), []).append((setting, path))
            else:
                told.append((speaker, setting, path))
    for speaker, setting, path in told:
        _add(connections, speaker, setting, path, groups)


def _downstream_ports(connections: Connections) -> dict[tuple[str, str], Value]:
    """Of Ocelot's routes, which have host and port apart: by file and what stands before both."""
    return {
        (path, setting.key.rpartition(":")[0]): setting.value
        for path, setting in connections.index.of(SettingDefined)
        if setting.source == "dotnet" and DOWNSTREAM_PORT.search(setting.key)
    }


def _at(setting: SettingDefined, port: Value) -> Value:
    return join(setting.value, Literal(":"), port)


def _add(
    connections: Connections,
    speaker: Component,
    setting: SettingDefined,
    path: str,
    groups: dict[tuple[str, str], list[tuple[SettingDefined, str]]],
) -> None:
    """`groups`: sets of servers in other files of the same proxy, by the name that stands here."""
    found = connections.resolver.resolve(setting.value, path, speaker)
    for address in addresses_in(found.text) if found.known else ():
        note = Evidence(
            setting.at.in_file(path),
            f"{speaker.name} {SAID.get(setting.source, PASSES)}",
            Step.ROUTE,
        )
        if address.host == EACH_REGISTERED:
            _to_all_registered(connections, speaker, note)
            continue
        for server, where in groups.get((speaker.id, address.host), ()):
            there = connections.resolver.resolve(server.value, where, speaker)
            named = Evidence(
                server.at.in_file(where), f"{address.host} is a set of servers", Step.ROUTE
            )
            for each in addresses_in(there.text) if there.known else ():
                _connect(connections, speaker, each, (note, named, *there.trail), MACHINE)
        if (speaker.id, address.host) not in groups:
            # A gateway that is a program of the repository, started beside the others.
            machine = LOCAL if setting.source == "dotnet" else MACHINE
            _connect(connections, speaker, address, (note, *found.trail), machine)


def _to_all_registered(connections: Connections, speaker: Component, note: Evidence) -> None:
    """A template for each service of the registry: those of the system that register there."""
    registries = [c for c in connections.components.services() if c.technology == REGISTRY]
    asked = {c.id for c in registries if c.system in ("", speaker.system)}
    for other in [*connections.components.services()]:
        if other.id != speaker.id and other.root is not None and other.technology not in PROXIES:
            for registry in asked & set(connections.trails.targets_from(other.id)):
                why = connections.trails.evidence_between(other.id, registry)[:1]
                connections.connect(speaker, other, (note, *why), Confidence.MEDIUM)


def _connect(
    connections: Connections,
    speaker: Component,
    address: Address,
    evidence: tuple[Evidence, ...],
    machine: Collection[str],
) -> None:
    """`machine`: by which names the machine around is meant, where everything listens."""
    host = address.host
    target = connections.targets.by_name(host, near=speaker) if host else None
    if target is not None and target.id != speaker.id:
        connections.connect(speaker, target, evidence, Confidence.HIGH)
        return
    local = connections.local_hosts.meant(address, "", speaker) if host in machine else None
    # In a container of its own the machine is another, unless its neighbours are meant.
    files = {w.path for w in speaker.workloads}
    if local is not None and (
        host in MACHINE or not files or any(w.path in files for w in local[0].workloads)
    ):
        connections.connect(speaker, local[0], (*evidence, local[1]), Confidence.MEDIUM)
