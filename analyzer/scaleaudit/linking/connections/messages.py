"""Who sends to and receives from which topic or queue, over which broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import (
    ConstantDefined,
    MessageReceived,
    MessageSent,
    SettingDefined,
    StoreUsed,
)
from scaleaudit.facts.code import EVENT_BUS
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.components.roles import is_worker, only_schedules, starts
from scaleaudit.linking.connections.binders import (
    DESTINATIONS,
    binder,
    connector,
    destination,
    in_composition,
    inner_channels,
)
from scaleaudit.linking.connections.rails import job_queue
from scaleaudit.linking.connections.topics import awaited_lists, is_data, topic_name
from scaleaudit.linking.technologies import CARRIED_BY, CLOUD, KINDS
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.values import Value


CARRIER_KINDS = (NodeKind.BROKER, NodeKind.CACHE)
TRANSPORTED = "@nestjs/microservices"  # a library whose transport is chosen elsewhere
MAX_NAME = 120  # characters; what is longer is a text and names nothing


def add_messages(connections: Connections) -> None:
    awaited = awaited_lists(connections.index)
    connections.inner_channels = inner_channels(connections)
    for path, sent in connections.index.of(MessageSent):
        if is_data(sent, awaited) or sent.technology == EVENT_BUS:
            continue
        for speaker in connections.speakers(path, connections.origins.of(path)):
            note = Evidence(
                sent.at.in_file(path), f"{speaker.name} sends through {sent.library}", Step.CALL
            )
            add_message(
                connections,
                speaker,
                sent.technology,
                sent.library,
                sent.topic,
                path,
                note,
                EdgeKind.PUBLISHES,
            )
    for path, received in connections.index.of(MessageReceived):
        if received.technology == EVENT_BUS:
            continue
        owners = connections.speakers(path)
        started = [c for c in owners if starts(c, path)]
        workers = sorted((c for c in owners if is_worker(c)), key=only_schedules) or owners[:1]
        workers = started or workers
        for speaker in workers[:1]:
            note = Evidence(
                received.at.in_file(path),
                f"{speaker.name} receives through {received.library}",
                Step.CALL,
            )
            add_message(
                connections,
                speaker,
                received.technology,
                received.library,
                received.topic,
                path,
                note,
                EdgeKind.CONSUMES,
            )

    _add_silent_carriers(connections)


def add_message(
    connections: Connections,
    speaker: Component,
    technology: str,
    library: str,
    topic: Value,
    path: str,
    note: Evidence,
    kind: EdgeKind,
) -> None:
    if technology == "active_job":
        technology = job_queue(connections, speaker)
    if library == "spring-cloud-stream":
        bound_topic = in_composition(connections, speaker, topic, path)
        if bound_topic is None:
            return
        topic = bound_topic
    found = connections.resolver.resolve(topic, path, speaker)
    incoming = kind is EdgeKind.CONSUMES
    if technology:
        broker = _broker(connections, speaker, technology)
    else:
        bound = connector(connections, speaker, library, found, path, incoming=incoming)
        bound = bound or binder(connections, speaker)
        broker = _only_broker(connections, speaker)
        if (
            broker is not None
            and bound
            and broker.technology not in CARRIED_BY.get(bound, (bound,))
        ):
            broker = None  # of another binder, which is not there
        technology = bound if broker is None else broker.technology
        if broker is None and technology:
            broker = _broker(connections, speaker, technology)
    if broker is None:
        return
    if library in DESTINATIONS:
        if isinstance(topic, Setting) and topic.default is None and not found.known:
            return  # a function that may be bound, and that no setting binds
        if library == "smallrye" and (speaker.id, found.text) in connections.inner_channels:
            return
        found = destination(connections, speaker, library, found, path, incoming=incoming)
    connections.trails.add(speaker.id, broker.id, kind, (note,), Confidence.HIGH)
    name = topic_name(found.text)
    if not found.known or not name or "{}" in name or len(name) > MAX_NAME:
        return
    node = _topic(connections, broker, name, technology)
    connections.trails.add(speaker.id, node.id, kind, (note, *found.trail), Confidence.HIGH)
    connections.trails.add(broker.id, node.id, EdgeKind.CONTAINS, (note,), Confidence.HIGH)


def _topic(connections: Connections, broker: Component, name: str, technology: str) -> Component:
    """The topic of a broker; where another broker has one of that name, with its broker's name."""
    known = connections.topics.get((broker.id, name))
    if known is None:
        taken = {each.name for each in connections.topics.values()}
        called = f"{broker.name}/{name}" if name in taken else name
        known = connections.topics[broker.id, name] = Component(called, NodeKind.TOPIC, technology)
    return known


def _only_broker(connections: Connections, speaker: Component) -> Component | None:
    """The one broker that a component is connected to, where the code does not say which.

    Else that of the one transport which the system's other programs of the kind are given.
    """
    linked = {
        *connections.trails.targets_of(speaker.id, EdgeKind.USES),
        *connections.trails.targets_of(speaker.id, EdgeKind.PUBLISHES),
        *connections.trails.targets_of(speaker.id, EdgeKind.CONSUMES),
    }
    found = [each for each in linked if each.startswith(f"{NodeKind.BROKER}:")]
    if found:
        return connections.by_id(found[0]) if len(found) == 1 else None
    transports = {
        store.technology
        for _, store in connections.index.of(StoreUsed)
        if store.library == TRANSPORTED
    }
    return _broker(connections, speaker, transports.pop()) if len(transports) == 1 else None


def _broker(connections: Connections, speaker: Component, technology: str) -> Component | None:
    """The broker that the application is connected to, else the one that is deployed."""
    carriers = CARRIED_BY.get(technology, (technology,))
    addressed = connections.addressed.get((speaker.application, technology))
    told = connections.by_id(addressed) if addressed is not None else None
    if told is None and (speaker.application, technology) in connections.not_chosen:
        return None
    if told is not None and told.kind in CARRIER_KINDS:
        return told  # its client may speak to another program that understands it
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
    others = {target for (_, each), target in connections.addressed.items() if each == technology}
    if len(others) == 1 and technology in CARRIED_BY:
        return connections.by_id(others.pop())  # where the system's other programs send theirs
    return connections.targets.implied(_by_scheme(connections, speaker, technology), speaker)


def _by_scheme(connections: Connections, speaker: Component, technology: str) -> str:
    """The provider's queue that an address without a host names by its scheme: `sqs://` of Celery."""
    clouds = [each for each in CARRIED_BY.get(technology, ()) if each in CLOUD]
    index = connections.index
    told: list[tuple[str, ConstantDefined | SettingDefined]] = []
    if clouds:
        told += [*index.of(ConstantDefined), *index.of(SettingDefined)]
    for path, fact in told:
        text = fact.value.text if isinstance(fact.value, Literal) else ""
        for each in clouds:
            if text.startswith(f"{each}://") and speaker in connections.components.owning(path):
                return each
    return technology


def _add_silent_carriers(connections: Connections) -> None:
    """Queues' stores whose messages were not seen: connected to, no more is known."""
    for (speaker, target), (evidence, sure) in sorted(connections.carriers.items()):
        told = {
            *connections.trails.targets_of(speaker, EdgeKind.PUBLISHES),
            *connections.trails.targets_of(speaker, EdgeKind.CONSUMES),
        }
        if target not in told:
            connections.trails.add(speaker, target, EdgeKind.USES, evidence, sure)
