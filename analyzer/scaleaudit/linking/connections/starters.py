"""Whom a library connects to by itself: registries, configuration servers, collectors of traces.

A Spring starter on the class path registers, asks or reports without a line of code, and its
address often stands in a repository of settings elsewhere. Where the system has exactly one such
server, that is whom it reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.known_starters import ANNOTATIONS, ELSEWHERE, STARTERS
from scaleaudit.linking.connections.packaged import packaged
from scaleaudit.linking.technologies import DEFAULT_PORTS
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location


# Libraries that bring the client of a registry along, which their names do not say.
BRINGS_REGISTRY = regex(r"turbine|sidecar|service-registry|starter-all$")
MAIL_SENDER = regex(r"^org\.springframework\.mail\.(javamail\.Java)?MailSender$")
_SENDER = "spring.zipkin.sender.type"
_SLEUTH = regex(r"(^|:)spring-cloud-(starter|sleuth)-zipkin$")
# With one of these beside it Sleuth hands its traces to the broker, if no setting says otherwise.
_RABBIT = regex(
    r"(^|:)(spring-rabbit|spring-boot-starter-amqp|spring-cloud-(starter-)?(bus-amqp|stream-rabbit|stream-binder-rabbit))$"
)


def add_starters(connections: Connections) -> None:
    """An edge from each service with such a library to the one server of its kind."""
    components = connections.components
    for speaker, at in packaged(connections):
        names = components.dependencies_of(speaker)
        for starter in STARTERS:
            name = next((each for each in names if starter.library.search(each)), None)
            if name is None or (starter.also and not any(map(starter.also.search, names))):
                continue
            if any(_all_false(connections, speaker, keys, at) for keys in starter.switches):
                continue
            if starter.told_by and all(
                _text(connections, speaker, key, at) in ("", "false") for key in starter.told_by
            ):
                continue
            if any(_text(connections, speaker, key, at) for key in starter.unless):
                continue
            server = starter.server
            if server == "zipkin":
                server = _sender(connections, speaker, at, name, names) or server
            if starter.instead and not any(c.technology == server for c in components.all):
                server = starter.instead
            note = Evidence(
                at, f"{name.rpartition(':')[2]} connects {speaker.name} by itself", Step.DEPENDENCY
            )
            sure = server in ELSEWHERE or bool(starter.told_by)
            _add(connections, speaker, (server,), note, starter.kind, elsewhere=sure)
    _add_annotated(connections)
    _add_mail(connections)


def _add_annotated(connections: Connections) -> None:
    """What the code switches on where no build file shows the library."""
    index = connections.index
    for path, found in index.importing(lambda name: name.startswith("org.springframework.cloud.")):
        if connections.index.role(path) is not Role.SOURCE:
            continue
        last = found.module.rpartition(".")[2]
        for annotation, servers in ANNOTATIONS:
            if last == annotation:
                for speaker in connections.components.owning(path):
                    at = found.at.in_file(path)
                    built = _built_with(connections, speaker, servers)
                    if not built:
                        continue
                    switches = next(s.switches for s in STARTERS if s.server == built[0])
                    if any(_all_false(connections, speaker, keys, at) for keys in switches):
                        continue
                    note = Evidence(
                        at, f"@{annotation} makes {speaker.name} register itself", Step.DEPENDENCY
                    )
                    sure = built[0] in ELSEWHERE
                    _add(connections, speaker, built, note, None, elsewhere=sure)


def _add_mail(connections: Connections) -> None:
    """Mails that the code sends through Spring, where no setting in the repository says by whom."""
    for path, found in connections.index.importing(MAIL_SENDER.match):
        if connections.index.role(path) is not Role.SOURCE:
            continue
        for speaker in connections.components.owning(path):
            at = found.at.in_file(path)
            host = connections.resolver.resolve(Setting("spring.mail.host"), path, speaker)
            if host.known:
                continue
            note = Evidence(at, f"{speaker.name} sends mails through Spring", Step.DEPENDENCY)
            _add(connections, speaker, ("mail",), note, None, elsewhere=False)


def _built_with(
    connections: Connections, speaker: Component, servers: tuple[str, ...]
) -> tuple[str, ...]:
    """Of several registries those whose client the program is built with, as far as that is known.

    None are left of an import that is of no use.
    """
    components = connections.components
    if not components.is_built_with_known(speaker):
        return servers
    names = components.dependencies_of(speaker)
    unsaid = any(BRINGS_REGISTRY.search(name) for name in names)
    return tuple(s for s in servers if unsaid or any(s in name for name in names))


def _add(
    connections: Connections,
    speaker: Component,
    technologies: tuple[str, ...],
    note: Evidence,
    kind: EdgeKind | None,
    *,
    elsewhere: bool,
) -> None:
    """To the one component of these technologies, unless an address told of one already.

    `elsewhere`: where none is deployed here, one runs all the same.
    """
    if kind is not None:
        _add_broker(connections, speaker, technologies[0], note, kind)
        return
    found = [c for c in connections.components.all if c.technology in technologies]
    if not found and len(technologies) == 1 and elsewhere:
        if not _told(connections, speaker, technologies[0]):
            listening = _at_its_port(connections, speaker, technologies[0])
            outside, seen = listening or (
                connections.targets.outside(NodeKind.EXTERNAL, *technologies * 2),
                (),
            )
            connections.connect(speaker, outside, (note, *seen), Confidence.MEDIUM)
        return
    if len(found) != 1 or found[0] is speaker:
        return
    server = found[0]
    if server.kind is not NodeKind.SERVICE or server.id not in connections.trails.targets_of(
        speaker.id, EdgeKind.CALLS
    ):
        connections.connect(speaker, server, (note,), Confidence.MEDIUM)


def _at_its_port(
    connections: Connections, speaker: Component, technology: str
) -> tuple[Component, tuple[Evidence, ...]] | None:
    """Another program that takes what is meant for such a server, at the port that its clients ask
    by themselves: Tempo and Jaeger for Zipkin."""
    port = DEFAULT_PORTS.get(technology)
    for address in parse_addresses(f"http://localhost:{port}") if port is not None else ():
        meant = connections.local_hosts.meant(address, "", speaker)
        if meant is not None:
            return meant[0], (meant[1],)
    return None


def _add_broker(
    connections: Connections, speaker: Component, technology: str, note: Evidence, kind: EdgeKind
) -> None:
    """To the broker that settings lead to, else to the one of the system."""
    linked = connections.trails.targets_from(speaker.id)
    told = [c for c in map(connections.by_id, linked) if c and c.technology == technology]
    broker = told[0] if told else connections.targets.implied(technology, speaker)
    if broker is not None:
        connections.trails.add(speaker.id, broker.id, kind, (note,), Confidence.MEDIUM)


def _told(connections: Connections, speaker: Component, technology: str) -> bool:
    """A setting says where the server is, and that leads to somebody."""
    return any(
        technology in step.note.lower()
        for step in connections.trails.evidence_of(speaker.id)
        if step.step is Step.SETTING
    )


def _all_false(
    connections: Connections, speaker: Component, keys: tuple[str, ...], at: Location
) -> bool:
    """In what is deployed: `enabled: false` of a developer's profile switches nothing off."""
    settings = connections.resolver.settings
    return all(
        _text(connections, speaker, key, at) == "false"
        and not settings.is_of_others(key, at.path, speaker)
        for key in keys
    )


def _sender(
    connections: Connections, speaker: Component, at: Location, library: str, others: Iterable[str]
) -> str:
    """The broker that carries traces, by a setting or because its library is there."""
    sender = _text(connections, speaker, _SENDER, at)
    if not sender and _SLEUTH.search(library) and any(map(_RABBIT.search, others)):
        return "rabbitmq"
    return {"rabbit": "rabbitmq", "kafka": "kafka", "activemq": "activemq"}.get(sender, "")


def _text(connections: Connections, speaker: Component, key: str, at: Location) -> str:
    found = connections.resolver.resolve(Setting(key), at.path, speaker)
    return found.text.strip().lower() if found.known else ""
