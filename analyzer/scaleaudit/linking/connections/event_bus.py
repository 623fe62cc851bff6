"""Programs of one Vert.x cluster, which call each other by addresses of their event bus.

There is no broker between them: whoever sends to an address opens a connection to the programs that
take from it. Without a manager of the cluster the bus ends with the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.facts.code import EVENT_BUS
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

MANAGER = regex(r"(^|:)vertx-(hazelcast|infinispan|ignite|zookeeper|jgroups)$")


def add_event_bus(connections: Connections) -> None:
    index = connections.index
    taken: dict[str, list[tuple[Component, Evidence]]] = {}
    for path, received in index.of(MessageReceived):
        if received.technology == EVENT_BUS:
            for owner, address in _addressed(connections, path, received):
                note = Evidence(
                    received.at.in_file(path), f"{owner.name} takes from {address}", Step.TARGET
                )
                taken.setdefault(address, []).append((owner, note))
    for path, sent in index.of(MessageSent) if taken else ():
        if sent.technology != EVENT_BUS:
            continue
        for speaker, address in _addressed(connections, path, sent):
            said = f"{speaker.name} sends to {address} on the event bus"
            note = Evidence(sent.at.in_file(path), said, Step.CALL)
            for target, there in taken.get(address, ()):
                if target.application != speaker.application:
                    connections.connect(speaker, target, (note, there), Confidence.MEDIUM)


def _addressed(
    connections: Connections, path: str, fact: MessageSent | MessageReceived
) -> Iterator[tuple[Component, str]]:
    """The programs of a cluster that run the code, and the address that each means."""
    for owner in connections.speakers(path, connections.origins.of(path)):
        if owner.kind is not NodeKind.SERVICE:
            continue
        if not any(map(MANAGER.search, connections.components.dependencies_of(owner))):
            continue
        found = connections.resolver.resolve(fact.topic, path, owner)
        if found.known and found.text and "{}" not in found.text:
            yield owner, found.text
