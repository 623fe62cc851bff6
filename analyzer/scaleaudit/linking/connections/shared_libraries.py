"""Clients in .NET libraries that several applications contain, where an application's settings tell.

`using` names namespaces, so that nobody sees which program loads which file of a library. But
where the library reads an address from the configuration, and the configuration of one of the
programs around it names something that is deployed beside it, that program connects to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import RemoteCall, StoreUsed
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.components.roles import main_process
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.values import Value

MAX_APPLICATIONS = 60  # around one library


def add_shared_libraries(connections: Connections) -> None:
    index = connections.index
    found: list[tuple[str, StoreUsed | RemoteCall]] = [*index.of(StoreUsed), *index.of(RemoteCall)]
    for path, fact in found:
        if index.kind(path) != "csharp" or index.role(path) is not Role.SOURCE:
            continue
        if not connections.components.owning(path):
            address = fact.address if isinstance(fact, StoreUsed) else fact.target
            _add(connections, path, fact, address)


def _add(connections: Connections, path: str, fact: StoreUsed | RemoteCall, address: Value) -> None:
    for group in connections.components.containing(path)[:MAX_APPLICATIONS]:
        speaker = main_process(group)
        if speaker is None or speaker.kind is not NodeKind.SERVICE:
            continue
        found = connections.resolver.resolve(address, path, speaker)
        if not found.known or not found.configured or found.from_default:
            continue
        for each in parse_addresses(found.text):
            target = connections.targets.by_name(each.host) if each.host else None
            if target is None or target.id == speaker.id or not target.workloads:
                continue
            if target.application and target.application == speaker.application:
                continue
            note = Evidence(
                fact.at.in_file(path),
                f"{speaker.name} contains a library that connects through {fact.library}",
                Step.CALL,
            )
            connections.connect(speaker, target, (note, *found.trail), Confidence.HIGH)
            connections.told_by_code.add((speaker.application, target.id))
