"""Addresses of the developer's own machine: `localhost:8083` is whoever listens there.

Settings and defaults in code often know the rest of the system by its ports alone. The one other
component that listens on such a port, or the one deployed store of such a kind, is meant.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import EndpointServed, ServerStarted, SettingDefined
from scaleaudit.findings import Evidence, Step
from scaleaudit.linking.addresses import MACHINE
from scaleaudit.linking.components.workload_groups import PROXIES
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.hosts import COMMON_PORTS, PRIVATE, REALM
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.one_of_several import one_of_several
from scaleaudit.linking.technologies import DEFAULT_PORTS, FRAMEWORK_PORTS, FRONT_ENDS, KINDS
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.resolution import Resolver
    from scaleaudit.source import Location
    from scaleaudit.values import Value

# Settings and variables that frameworks take their port from.
PORT_SETTINGS = frozenset({
    "serverport", "micronautserverport", "quarkushttpport", "httpport", "port",
    "aspnetcoreurls", "aspnetcorehttpports", "ktordeploymentport",
})  # fmt: skip
# The same in settings files of a program's own: `http.port`, `echoHttpOptions.port`.
OWN_PORT = regex(r"^(?!.*grpc)(?:\w*(?:http|server|web|api|app)\w*)?port$")
# Where Spring takes the port from that belongs to a host.
PORTS_APART = {
    "redis": ("spring.data.redis.port", "spring.redis.port"),
    "rabbitmq": ("spring.rabbitmq.port",),
    "mongodb": ("spring.data.mongodb.port", "spring.mongodb.port"),
    "cassandra": ("spring.cassandra.port", "spring.data.cassandra.port"),
}
PORT = regex(r"(?:^|:)(\d{2,5})/?$")
LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]"}) | MACHINE
LOOPBACK = LOCAL - MACHINE
CONTAINERS = frozenset({"compose", "kubernetes", "helm"})
# Of the virtual machines that older tools ran all containers in: boot2docker, Docker Machine.
VIRTUAL = regex(r"192\.168\.(?:59\.103|99\.1\d\d)$")
OF_IDENTITY = regex(r"keycloak|sso|iam|idp|auth|identity|login|gateway|proxy")
MAX_PORT = 65_535
WEB_PORTS = {"http": 80, "https": 443}


class LocalHosts:
    """Who listens on which port of a machine that runs everything; made when first asked."""

    def __init__(self, index: FactsIndex, components: Components, resolver: Resolver) -> None:
        self._index, self._components, self._resolver = index, components, resolver
        self._listeners: dict[int, dict[str, tuple[Component, Location]]] | None = None
        # What listens on a port that a deployment opens for something else.
        self._hidden: dict[int, dict[str, tuple[Component, Location]]] = {}

    def meant(
        self, address: Address, technology: str, speaker: Component
    ) -> tuple[Component, Evidence] | None:
        """The component that a loopback address leads to, and what says so."""
        near = address.host in LOCAL or VIRTUAL.match(address.host) is not None
        if not near and not PRIVATE.match(address.host):
            return None
        technology = technology or address.technology
        if technology in KINDS:
            stores = [
                c
                for c in self._components.all
                if c.technology == technology and c.kind is KINDS[technology]
            ]
            if len(stores) > 1:
                return self._of_several(stores, address, technology, speaker)
            if not stores or stores[0].at is None:
                return None
            note = f"{stores[0].name} is the only {technology} that is deployed"
            return stores[0], Evidence(stores[0].at, note, Step.TARGET)
        port = address.port
        if port is None and speaker.technology in FRONT_ENDS:
            port = WEB_PORTS.get(address.scheme)  # its browser asks the machine that opens the page
        if port is None or (not near and str(port) in COMMON_PORTS):
            return None  # of a machine in somebody's network a rare port alone tells who is there
        if self._listeners is None:
            self._listeners = self._found()
        listening = self._listeners.get(port, {})
        if len(listening) > 1:  # of several systems, the one that is deployed beside the speaker
            beside = {w.path for w in speaker.workloads}
            listening = {
                key: found
                for key, found in listening.items()
                if not beside.isdisjoint(w.path for w in found[0].workloads)
            }
        if len(listening) == 1 and address.path.strip("/"):
            listening = self._serving(port, address.path, speaker) or listening
        if len(listening) != 1 or speaker.id in listening:
            return None
        target, at = next(iter(listening.values()))
        if target.application == speaker.application and target.root == speaker.root:
            return None
        if REALM.match(address.path) and not _may_pass_on(target):
            return None  # two have the port, at different times: a realm is Keycloak's
        return target, Evidence(at, f"{target.name} listens on {port}", Step.TARGET)

    def _serving(
        self, port: int, path: str, speaker: Component
    ) -> dict[str, tuple[Component, Location]]:
        """The program of the repository that serves what is asked for, where the same port is
        opened for somebody else's: not both are started at a time."""
        opened, _ = next(iter((self._listeners or {})[port].values()))
        if opened.root is not None:
            return {}
        first = path.strip("/").partition("/")[0]
        return {
            key: found
            for key, found in self._hidden.get(port, {}).items()
            if key != speaker.id and found[0].root is not None and self._serves(found[0], first)
        }

    def _serves(self, component: Component, first: str) -> bool:
        """Whether a path of its own begins with a word."""
        return any(
            text_with_holes(fact.path).strip("/").partition("/")[0] == first
            for path, fact in self._index.of(EndpointServed)
            if is_below(path, component.root or "")
        )

    def _of_several(
        self, stores: list[Component], address: Address, technology: str, speaker: Component
    ) -> tuple[Component, Evidence] | None:
        """Inside a container, loopback is the container itself: a default of the framework's, for
        which the store stands that is started before it, else nobody. Another port than all take
        was written for one of these stores."""
        if address.host in LOOPBACK and is_contained(speaker):
            awaited = one_of_several(stores, speaker, by_name=False)
            if awaited is not None and awaited.at is not None:
                note = f"{awaited.name} is the {technology} that is deployed for {speaker.name}"
                return awaited, Evidence(awaited.at, note, Step.TARGET)
            if str(address.port or "") in ("", DEFAULT_PORTS.get(technology)):
                return None
        port = address.port or self._told_apart(technology, speaker)
        return self._by_open_port(stores, port)

    def _told_apart(self, technology: str, speaker: Component) -> int | None:
        """The port that Spring takes from a setting of its own, beside the one with the host."""
        for key in PORTS_APART.get(technology, ()):
            text = self._text(Setting(key), f"{speaker.root or ''}/.".lstrip("/"), speaker)
            if text.isdecimal() and int(text) <= MAX_PORT:
                return int(text)
        return int(DEFAULT_PORTS.get(technology, 0)) or None

    def _by_open_port(
        self, stores: list[Component], port: int | None
    ) -> tuple[Component, Evidence] | None:
        """Of several stores of one kind the one that has this port of the machine."""
        opened = [
            (store, workload.at)
            for store in stores
            for workload in store.workloads
            if str(port) in workload.fact.host_ports
        ]
        if len({store.id for store, _ in opened}) != 1:
            return None
        store, at = opened[0]
        return store, Evidence(at, f"{store.name} has port {port} of the machine", Step.TARGET)

    def _found(self) -> dict[int, dict[str, tuple[Component, Location]]]:
        """By port. What a deployment opens on the machine hides what listens inside a container; of
        one that holds several programs it does not tell which listens."""
        holding = Counter(id(w) for c in self._components.all for w in c.workloads)
        open_ports = _by_port(
            (component, port, workload.at)
            for component in self._components.all
            for workload in component.workloads
            for port in workload.fact.host_ports
            if holding[id(workload)] == 1
        )
        mapped = {each for listening in open_ports.values() for each in listening}
        inside = _by_port(self._inside(mapped))
        self._hidden = {port: inside[port] for port in inside.keys() & open_ports.keys()}
        return inside | open_ports

    def _inside(self, mapped: set[str]) -> Iterator[tuple[Component, str, Location]]:
        """Of components none of whose ports of the machine are told."""
        for component in self._components.all:
            if component.id in mapped:
                continue
            for workload in component.workloads:
                for name, (value, at) in workload.environment.items():
                    if relaxed(name) in PORT_SETTINGS and value is not None:
                        yield component, self._text(value, workload.path, component), at
            default = DEFAULT_PORTS.get(component.technology)
            if default is not None and component.at is not None:
                yield component, default, component.at
        told: set[str] = set()
        for component, port, at in self._of_sources(mapped):
            told.add(component.id)
            yield component, port, at
        for component in self._components.all:
            assumed = FRAMEWORK_PORTS.get(component.technology)
            if assumed is None or component.at is None or component.workloads:
                continue
            if component.root is not None and component.id not in told:
                yield component, assumed, component.at

    def _of_sources(self, mapped: set[str]) -> Iterator[tuple[Component, str, Location]]:
        told: list[tuple[str, Fact, Value]] = [
            (path, setting, setting.value)
            for path, setting in self._index.of(SettingDefined)
            if (
                relaxed(setting.key) in PORT_SETTINGS
                and setting.source in ("spring", "dotenv", "dotnet", "hocon")
            )
            or (setting.source == "file" and OWN_PORT.match(relaxed(setting.key)))
            or setting.source == "launch"
        ]
        told += [
            (path, server, server.port)
            for path, server in self._index.of(ServerStarted)
            if server.port is not None
        ]
        for path, fact, value in told:
            if self._index.role(path) is not Role.SOURCE:
                continue
            for component in self._components.configured_by(path):
                if component.kind is NodeKind.SERVICE and component.id not in mapped:
                    text = self._text(value, path, component)
                    yield component, text, fact.at.in_file(path)

    def _text(self, value: Value, path: str, component: Component) -> str:
        found = self._resolver.resolve(value, path, component)
        return found.text if found.known else ""


def is_contained(component: Component) -> bool:
    """Whether it runs in containers alone, which have a network of their own."""
    return bool(component.workloads) and all(
        each.fact.source in CONTAINERS and not _on_machine(each) for each in component.workloads
    )


def _may_pass_on(target: Component) -> bool:
    """Whether a path of Keycloak's may be asked of it: its own, or one that it hands on."""
    known = target.root is not None or target.technology in PROXIES
    return known or any(map(OF_IDENTITY.search, (target.technology, *target.names)))


def _on_machine(workload: Workload) -> bool:
    """`network_mode: host`: open to all without any port that is said."""
    return workload.fact.source == "compose" and workload.published and not workload.fact.host_ports


def _by_port(
    told: Iterable[tuple[Component, str, Location]],
) -> dict[int, dict[str, tuple[Component, Location]]]:
    found: dict[int, dict[str, tuple[Component, Location]]] = {}
    for component, port, at in told:
        number = PORT.search(port.strip())
        if number is not None and int(number[1]) <= MAX_PORT:
            found.setdefault(int(number[1]), {}).setdefault(component.id, (component, at))
    return found
