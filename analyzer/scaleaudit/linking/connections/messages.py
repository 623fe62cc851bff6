"""Who sends to and receives from which topic or queue, over which broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.component import Component
from scaleaudit.linking.connections.rails import job_queue
from scaleaudit.linking.connections.state import is_worker, only_schedules
from scaleaudit.linking.technologies import CARRIED_BY, KINDS

if TYPE_CHECKING:
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.values import Value


def add_messages(connections: Connections) -> None:
    for path, sent in connections.index.of(MessageSent):
        for speaker in connections.speakers(path, connections.origins.of(path)):
            note = Evidence(
                sent.at.in_file(path), f"{speaker.name} sends through {sent.library}", Step.CALL
            )
            _message(
                connections, speaker, sent.technology, sent.topic, path, note, EdgeKind.PUBLISHES
            )
    for path, received in connections.index.of(MessageReceived):
        owners = connections.speakers(path)
        workers = sorted((c for c in owners if is_worker(c)), key=only_schedules) or owners[:1]
        for speaker in workers[:1]:
            note = Evidence(
                received.at.in_file(path),
                f"{speaker.name} receives through {received.library}",
                Step.CALL,
            )
            _message(
                connections,
                speaker,
                received.technology,
                received.topic,
                path,
                note,
                EdgeKind.CONSUMES,
            )

    _add_silent_carriers(connections)


def _message(
    connections: Connections,
    speaker: Component,
    technology: str,
    topic: Value,
    path: str,
    note: Evidence,
    kind: EdgeKind,
) -> None:
    if technology == "active_job":
        technology = job_queue(connections, speaker)
    broker = _broker(connections, speaker, technology) if technology else None
    if broker is None:
        return
    connections.trails.add(speaker.id, broker.id, kind, (note,), Confidence.HIGH)
    found = connections.resolver.resolve(topic, path, speaker)
    if not found.known or "{}" in found.text or len(found.text) > 120:
        return
    node = connections.topics.setdefault(
        (broker.id, found.text), Component(found.text, NodeKind.TOPIC, technology)
    )
    connections.trails.add(speaker.id, node.id, kind, (note, *found.trail), Confidence.HIGH)
    connections.trails.add(broker.id, node.id, EdgeKind.CONTAINS, (note,), Confidence.HIGH)


def _broker(connections: Connections, speaker: Component, technology: str) -> Component | None:
    """The broker that the application is connected to, else the one that is deployed."""
    carriers = CARRIED_BY.get(technology, (technology,))
    uses = connections.trails.targets_of(speaker.id, EdgeKind.USES)
    carried = [target for source, target in sorted(connections.carriers) if source == speaker.id]
    siblings = {
        c.id for c in connections.components.services() if c.application == speaker.application
    }
    theirs = [target for source, target in sorted(connections.carriers) if source in siblings]
    linked = [connections.by_id(each) for each in (*carried, *uses, *theirs)]
    for carrier in carriers:
        for candidate in linked:
            if candidate is not None and candidate.technology == carrier:
                return candidate
    if carriers and KINDS.get(carriers[0]) is NodeKind.DATABASE:
        return None  # a queue in the application's own database, which one is not told
    return connections.targets.implied(technology, speaker)


def _add_silent_carriers(connections: Connections) -> None:
    """Queues' stores whose messages were not seen: connected to, no more is known."""
    for (speaker, target), (evidence, sure) in sorted(connections.carriers.items()):
        told = {
            *connections.trails.targets_of(speaker, EdgeKind.PUBLISHES),
            *connections.trails.targets_of(speaker, EdgeKind.CONSUMES),
        }
        if target not in told:
            connections.trails.add(speaker, target, EdgeKind.USES, evidence, sure)
