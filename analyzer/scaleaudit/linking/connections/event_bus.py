"""Programs of one Vert.x cluster, which call each other by addresses of their event bus.

There is no broker between them: whoever sends to an address opens a connection to the programs that
take from it. Without a manager of the cluster the bus ends with the process. Services that are
published in Vert.x' discovery are asked for by their name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.facts.code import EVENT_BUS, SERVICE_RECORD
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.calls import of_that_name
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
    for path, sent in index.of(MessageSent):
        if sent.technology != EVENT_BUS:
            continue
        for speaker, address in _addressed(connections, path, sent):
            said = f"{speaker.name} sends to {address} on the event bus"
            note = Evidence(sent.at.in_file(path), said, Step.CALL)
            for target, there in taken.get(address) or _named(connections, address, speaker):
                if target.application != speaker.application:
                    connections.connect(speaker, target, (note, there), Confidence.MEDIUM)


def _addressed(
    connections: Connections, path: str, fact: MessageSent | MessageReceived
) -> Iterator[tuple[Component, str]]:
    """The programs of a cluster that run the code, and the address that each means."""
    for owner in connections.speakers(path, connections.origins.of(path)):
        if owner.kind is not NodeKind.SERVICE:
            continue
        found = connections.resolver.resolve(fact.topic, path, owner)
        if not found.known or not found.text or "{}" in found.text:
            continue
        needs = connections.components.dependencies_of(owner)
        if found.text.startswith(SERVICE_RECORD) or any(map(MANAGER.search, needs)):
            yield owner, found.text


def _named(
    connections: Connections, address: str, speaker: Component
) -> Iterator[tuple[Component, Evidence]]:
    """The program that a service is called like, which nobody is seen to publish."""
    name = address.removeprefix(SERVICE_RECORD)
    found = of_that_name(connections, name, speaker) if name != address else None
    if found is not None and found.root is not None and found.at is not None:
        yield found, Evidence(found.at, f"{found.name} is called so", Step.TARGET)
