"""Pages that nothing deploys, and the program that their developers' server passes requests on to.

Where a deployment serves them, another server stands there, and says whom they ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import DEV_PROXY, RemoteCall, SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.local_hosts import LOCAL
from scaleaudit.linking.connections.state import DEVELOPMENT_SERVER
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Span
    from scaleaudit.values import Value

MIDDLEWARE = "proxy"  # a word in the names of what such a server is given


def add_dev_proxies(connections: Connections) -> None:
    index = connections.index
    told: list[tuple[str, Span, Value]] = [
        (path, each.at, each.value)
        for path, each in index.of(SettingDefined)
        if each.source == DEV_PROXY
    ]
    told += [
        (path, each.at, each.target)
        for path, each in index.of(RemoteCall)
        if MIDDLEWARE in each.library and DEVELOPMENT_SERVER.search(path)
    ]
    for path, at, value in told:
        if index.role(path) is not Role.SOURCE:
            continue
        for speaker in connections.components.owning(path):
            found = connections.resolver.resolve(value, path, speaker)
            if speaker.kind is not NodeKind.SERVICE or speaker.workloads or not found.known:
                continue
            note = Evidence(
                at.in_file(path), f"{speaker.name} passes requests on to it", Step.ROUTE
            )
            for address in parse_addresses(found.text):
                target = _meant(connections, address, speaker)
                if target is not None and target[0].application != speaker.application:
                    evidence = (note, *found.trail, *target[1])
                    connections.connect(speaker, target[0], evidence, Confidence.MEDIUM)


def _meant(
    connections: Connections, address: Address, speaker: Component
) -> tuple[Component, tuple[Evidence, ...]] | None:
    if address.host not in LOCAL:
        named = connections.targets.by_name(address.host, NodeKind.SERVICE, near=speaker)
        return (named, ()) if named is not None and named.id != speaker.id else None
    local = connections.local_hosts.meant(address, "", speaker)
    return (local[0], (local[1],)) if local is not None else None
