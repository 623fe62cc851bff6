"""Connections to databases, caches, brokers and object stores that code opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.architecture import NodeKind, Origin
from scaleaudit.facts import StoreUsed
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.drivers import driver_of
from scaleaudit.linking.connections.local_hosts import LOCAL
from scaleaudit.linking.connections.prisma import PrismaSchemas
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.technologies import CARRIED_BY, DEFAULT_PORTS, EMBEDDED, KINDS
from scaleaudit.regex import regex
from scaleaudit.values import Join, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved
    from scaleaudit.values import Value

MANY_ENGINES = 4
COMPONENT = regex(r"^dapr-component://([\w.-]+)")
# What Spring hands to code that opens a connection by itself.
SPRING_KEYS = {
    "redis": ("spring.redis.host", "spring.data.redis.host", "spring.redis.url"),
    "mongodb": ("spring.data.mongodb.uri", "spring.data.mongodb.host"),
    "rabbitmq": ("spring.rabbitmq.host", "spring.rabbitmq.addresses"),
    "kafka": ("spring.kafka.bootstrap-servers",),
    "elasticsearch": ("spring.elasticsearch.uris", "spring.elasticsearch.rest.uris"),
}
# Libraries by which programs speak to one another through a store: all of a system through one.
BETWEEN = frozenset({"@nestjs/microservices"})
CLOSED = ("kubernetes", "helm", "compose")  # deployments that name all variables of a workload


def add_stores(connections: Connections) -> None:
    schemas = PrismaSchemas(connections.index)
    foreign = adapters(connections)
    for path, written in connections.index.of(StoreUsed):
        store = written
        if written.library == "prisma" and not written.technology:
            engine, address = schemas.of(path)
            given = written.address if isinstance(address, Unknown) else address
            store = structs.replace(written, technology=engine, address=given)
        at = store.at.in_file(path)
        # A connection is opened where the settings are loaded: by every process of the code,
        # unless the file belongs to the jobs.
        origin = connections.origins.of(path)
        speakers = connections.speakers(
            path,
            origin if origin is Origin.JOB else None,
            migrations=KINDS.get(store.technology) is NodeKind.DATABASE,
        )
        told = {s.id: opened(connections, store, path, s) for s in speakers}
        handed_in = any(f.known and f.configured and not f.from_default for f in told.values())
        for speaker in speakers:
            found = told[speaker.id]
            connections.keep(speaker, store.library, store.technology, found, at)
            if handed_in and (not found.known or found.from_default):
                if not found.hidden:
                    continue  # its siblings are given the address, this process is not
                found = next(f for f in told.values() if f.known and not f.from_default)
            database = ""
            if store.database is not None:
                named = connections.resolver.resolve(store.database, path, speaker)
                database = named.text if named.known else ""
            note = Evidence(
                at,
                f"{speaker.name} connects through {store.library or store.technology}",
                Step.CALL,
            )
            carries = store.library in CARRIED_BY or store.technology in CARRIED_BY
            evidence = (note, *found.trail)
            implied = (speaker.application, store.technology) not in foreign
            if not_deployed(connections, speaker, store, found):
                connections.not_chosen.add((speaker.application, store.technology))
                implied = False
            add_store(
                connections,
                speaker,
                store.technology,
                found,
                database,
                evidence,
                implied=implied,
                carries=carries,
                common=store.library in BETWEEN or len({s.application for s in speakers}) > 1,
            )


def opened(connections: Connections, store: StoreUsed, path: str, speaker: Component) -> Resolved:
    """The address of a store: what the code says, or what that stands for.

    That is a component of Dapr by its name, or the setting of Spring that a class hands to the code.
    """
    found = connections.resolver.resolve(store.address, path, speaker)
    name = COMPONENT.match(found.text) if found.known else None
    if name is not None:
        return connections.resolver.resolve(Setting(f"dapr.{name[1]}"), path, speaker)
    for key in SPRING_KEYS.get(store.technology, ()) if not found.known else ():
        given = connections.resolver.resolve(Setting(key), path, speaker)
        if given.known and not given.from_default:
            return given
    return found


def not_deployed(
    connections: Connections, speaker: Component, store: StoreUsed, found: Resolved
) -> bool:
    """A choice that this deployment does not make.

    The code takes the address from variables, the deployment names all of the workload's and none
    of these, and it deploys no such store.
    """
    if not found.configured or found.hidden or found.from_default or not speaker.workloads:
        return False
    if any(c.technology == store.technology for c in connections.components.all):
        return False
    keys = {relaxed(key) for value in (store.address, store.database) for key in settings_in(value)}
    named = {relaxed(name) for w in speaker.workloads for name in w.environment}
    closed = all(w.fact.source in CLOSED for w in speaker.workloads)
    return bool(keys) and bool(named) and closed and not keys & named


def settings_in(value: Value | None) -> Iterator[str]:
    """The settings that a value is made of, by their keys."""
    for part in value.parts if isinstance(value, Join) else (value,):
        if isinstance(part, Setting):
            yield part.key


def adapters(connections: Connections) -> set[tuple[str, str]]:
    """(application, engine) of databases that users bring along: a program of many engines, whose
    addresses come at run time, speaks them for others; its own is deployed or configured. So is
    that of a file which opens any of several kinds, where one of them alone is deployed."""
    found: dict[str, set[str]] = {}
    beside: dict[tuple[str, str], set[str]] = {}  # by application and file
    for path, store in connections.index.of(StoreUsed):
        if KINDS.get(store.technology) is not NodeKind.DATABASE or store.technology in EMBEDDED:
            continue
        for speaker in connections.speakers(path):
            told = connections.resolver.resolve(store.address, path, speaker)
            if not told.known and not told.configured:
                found.setdefault(speaker.application, set()).add(store.technology)
                beside.setdefault((speaker.application, path), set()).add(store.technology)
    deployed = connections.deployed_stores()
    chosen = {
        (application, engine)
        for (application, _), engines in beside.items()
        if len(engines & deployed) == 1
        for engine in engines - deployed
    }
    return chosen | {
        (application, engine)
        for application, engines in found.items()
        if len(engines) >= MANY_ENGINES
        for engine in engines
    }


def add_store(
    connections: Connections,
    speaker: Component,
    technology: str,
    found: Resolved,
    database: str,
    evidence: tuple[Evidence, ...],
    *,
    implied: bool = True,
    carries: bool = False,
    common: bool = False,
) -> bool:
    """An edge for each address of a store; what is not told is implied by the technology.

    `carries`: it only carries the messages of a job queue, whose own edges say more. `common`:
    the same code opens it for several applications.
    """
    if technology in EMBEDDED:
        return False
    told, port, said = False, None, ""
    for address in parse_addresses(found.text) if found.known else ():
        if address.technology in EMBEDDED:
            return False
        if address.host in LOCAL:  # a server of the machine, the same for all that name its port
            usual = DEFAULT_PORTS.get(technology or address.technology, "")
            port = address.port or int(usual or 0) or None
            said = said or address.technology
        if told and connections.targets.by_name(address.host, near=speaker) is None:
            continue  # another machine of the same cluster
        reached = connections.targets.reach(address, technology, near=speaker)
        local = connections.local_hosts.meant(address, technology, speaker)
        if local is not None:
            reached = local[0], Confidence.MEDIUM
            evidence = (*evidence, local[1])
        if reached is None:
            continue
        target, sure = reached
        if target.kind is NodeKind.EXTERNAL and found.from_default:
            continue
        connections.told_by_code.add((speaker.application, target.id))
        connections.addressed.setdefault((speaker.application, technology), target.id)
        if carries:
            connections.carriers[speaker.id, target.id] = (evidence, sure)
        else:
            connections.connect(
                speaker, target, evidence, sure, database or address.path.strip("/")
            )
        implied, told = False, True
    if not implied:
        return True
    if not technology and not carries:
        needs = connections.components.dependencies_of(speaker)
        technology = said or driver_of(needs, connections.deployed_stores())
        if technology in EMBEDDED:
            return False
    own = connections.targets.declared_by(technology, speaker)
    for each in own:
        connections.connect(speaker, each, evidence, Confidence.MEDIUM, database)
    if own:
        return True
    if not technology:
        return False
    target_or_none = connections.targets.implied(technology, speaker, port, common=common)
    if target_or_none is None:
        return False
    connections.connect(speaker, target_or_none, evidence, Confidence.MEDIUM, database)
    return True
