"""Whom an address reaches: a component of the system, a store, somebody else's host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.external_systems import BY_NAME, System, own_host, system_at
from scaleaudit.findings import Confidence
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.hosts import (
    COMMON_PORTS,
    NAMESPACES,
    OF_CLUSTER,
    POD,
    PRIVATE,
    RESERVED,
    UNFILLED,
    is_placeholder,
    looks_public,
    registered,
)
from scaleaudit.linking.names import plain
from scaleaudit.linking.one_of_several import of_system, of_that_name, one_of_several
from scaleaudit.linking.project_containers import ProjectContainers
from scaleaudit.linking.technologies import (
    CARRIED_BY,
    CLOUD,
    COMPATIBLE,
    DEFAULT_PORTS,
    EMBEDDED,
    KINDS,
    says_only_its_kind,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components import Components

CLUSTER_SUFFIX = regex(r"\.(svc(\.cluster\.local)?|cluster\.local|internal|local|lan)$")
NOBODYS = (".example.com", ".example.org", ".test", ".invalid")
EMULATED = {"s3", "sqs", "sns", "dynamodb", "kinesis", "eventbridge"}  # by one container for all
CLOUD_NAMES = {"azure-blob": "azure-storage"}  # where people say it otherwise


class Targets:
    """Finds the component behind a host name; makes nodes for what only the code knows of."""

    def __init__(self, components: Components) -> None:
        self._components = components
        self._names: dict[str, list[Component]] = {}
        for component in components.all:
            for name in component.names | {w.container for w in component.workloads} - {""}:
                self._names.setdefault(plain(name), []).append(component)
        self._containers = ProjectContainers(components.all)
        self._made: dict[str, Component] = {}
        self._assumed: set[str] = set()
        self._numbered: dict[tuple[NodeKind, str], str] = {}  # the first number of each kind
        workloads = [w for c in components.all for w in c.workloads]
        self._namespaces = NAMESPACES | {w.fact.namespace for w in workloads if w.fact.namespace}
        self._by_port: dict[str, dict[str, Component]] = {}
        for component in (c for c in components.all if c.root is None):
            for workload in component.workloads:
                for port in set(workload.fact.host_ports) - COMMON_PORTS:
                    self._by_port.setdefault(port, {})[component.id] = component

    @property
    def made(self) -> list[Component]:
        return [self._made[key] for key in sorted(self._made)]

    def by_name(
        self, name: str, *kinds: NodeKind, near: Component | None = None
    ) -> Component | None:
        """The one component of that name; its own name beats an alias.

        Of several systems in one repository, that of `near` counts first.
        """
        host = registered(name.lower())
        if plain(host) not in self._names:  # `shop.internal` may be a name that a network gives
            host = CLUSTER_SUFFIX.sub("", host)
        first, _, namespace = host.partition(".")
        host = first if namespace in self._namespaces else self._of_pod(host)
        for candidate in dict.fromkeys((host, host.partition(".")[0] if "." in host else host)):
            found = [
                c for c in self._names.get(plain(candidate), ()) if not kinds or c.kind in kinds
            ]
            found = of_system(list({c.id: c for c in found}.values()), near)
            if looks_public(host):  # the name of an image is nobody's domain
                found = [c for c in found if candidate not in c.images]
            found = of_that_name(found, candidate, near)
            if found:
                return found[0]
            if host == name.lower() and candidate == host and looks_public(host):
                break  # `stock.shop` alone is a domain; of a cluster's own names the first label counts
        container = self._containers.find(host, near)
        fits = container is not None and (not kinds or container.kind in kinds)
        return container if fits else None

    def _of_pod(self, host: str) -> str:
        """`orders-db-0.orders-db-headless.shop` is a pod of `orders-db`."""
        pod = POD.match(host)
        both = pod is not None and plain(pod[1]) in self._names and pod[2].startswith(pod[1])
        return pod[1] if pod is not None and both else host

    def reach(
        self, address: Address, technology: str = "", near: Component | None = None
    ) -> tuple[Component, Confidence] | None:
        """The target of an address and how sure it is; None when the address leads nowhere.

        `near`: who connects, as of `by_name`.
        """
        technology = technology or address.technology
        kind = KINDS.get(technology)
        host = own_host(address.host, address.path)
        if not host or address.is_loopback:
            return None
        system = system_at(host, address.scheme)
        known = self.by_name(host, near=near) if address.scheme != BY_NAME else None
        if known is not None:
            return known, Confidence.HIGH
        if kind is None and system is not None:
            return self.system(system, host), Confidence.HIGH
        if kind is not None and is_placeholder(host):
            return None
        # Of a machine in somebody's network: who is deployed here with that port of the machine.
        here = self._by_port.get(str(address.port), {}) if PRIVATE.match(host) else {}
        if len(here) == 1:
            return next(iter(here.values())), Confidence.MEDIUM
        if kind is not None:
            same = self._same_elsewhere(host, technology, near)
            called = self._called(host, kind, technology) if address.is_ip else host
            other = self._made.get(f"{kind}:{called}")
            if other is not None and other.technology not in ("", technology) and address.port:
                called = f"{called}:{address.port}"  # two stores behind one host of a provider
            return same or self.outside(kind, called, technology), Confidence.MEDIUM
        if host in RESERVED or host.endswith(NOBODYS):
            return None
        if UNFILLED.search(host) or self.is_of_cluster(host):
            return None
        if not looks_public(host) and self._names.get(plain(host)):
            return None  # one of several of that name
        if address.is_ip or looks_public(host):
            return self.external(host), Confidence.HIGH
        return self.external(host), Confidence.LOW

    def _same_elsewhere(
        self, host: str, technology: str, near: Component | None
    ) -> Component | None:
        """The only deployed store of a kind, where the host says nothing but that kind: another
        deployment, whose files are not here, has it under that name."""
        if not says_only_its_kind(CLUSTER_SUFFIX.sub("", host), technology, self._namespaces):
            return None
        found = [
            c
            for c in self._components.all
            if c.kind is not NodeKind.SERVICE
            and c.workloads
            and technology in (c.technology, COMPATIBLE.get(c.technology))
        ]
        found = of_system(found, near)
        return found[0] if len(found) == 1 else None

    def _called(self, number: str, kind: NodeKind, technology: str) -> str:
        """A store at a bare number is called what it is; the second of its kind by its number."""
        known = self._numbered.setdefault((kind, technology), number)
        return technology if known == number and not self._names.get(plain(technology)) else number

    def is_doubtful(self, address: Address) -> bool:
        """A plain name that is no component's: somebody else's host, or another name of ours."""
        host = address.host
        if not host or address.is_loopback or address.is_ip or looks_public(host):
            return False
        return host not in RESERVED and self.by_name(host) is None

    def is_of_cluster(self, host: str) -> bool:
        """A name that only the cluster's own services have: nobody outside is meant."""
        first, _, namespace = host.partition(".")
        return OF_CLUSTER.search(host) is not None or bool(first and namespace in self._namespaces)

    def external(self, host: str) -> Component:
        """Somebody else's system, by its host name."""
        known = system_at(host)
        if known is not None:
            return self.system(known, host)
        name = host.removeprefix("www.")
        return self._make(NodeKind.EXTERNAL, name, "")

    def system(self, system: System, host: str) -> Component:
        """A system that is known by its name, whichever of its hosts is called.

        Where the repository deploys it itself (a tracker of errors of one's own), that is meant.
        """
        own = self.by_name(system.name, NodeKind.SERVICE)
        if own is not None and own.root is None and own.workloads:
            return own
        found = self._make(NodeKind.EXTERNAL, system.name, system.field)
        if host not in (system.name, *system.hosts[:1]):
            found.aliases.add(host)
        return found

    def outside(self, kind: NodeKind, host: str, technology: str) -> Component:
        """A store that the repository uses and does not deploy."""
        return self._make(kind, host, technology)

    def declared_by(self, technology: str, owner: Component) -> list[Component]:
        """The parts of a provider's service, such as tables, that the owner's own stack creates."""
        if technology not in CLOUD or not owner.root:
            return []
        return [
            c
            for c in self._components.all
            if c.technology == technology
            and not c.workloads
            and c.at is not None
            and is_below(c.at.path, owner.root)
        ]

    def implied(
        self,
        technology: str,
        owner: Component,
        port: int | None = None,
        *,
        common: bool = False,
    ) -> Component | None:
        """The store of a technology whose address the repository does not tell.

        One deployed component of that technology is taken for it; of several the one that its
        deployment starts before it, or that bears its name. Where none is deployed, one server
        stands for all that use such a one: how many there are, nothing says. `port`: of the
        developer's machine, where one server listens, whoever names it. `common`: several
        applications open it by the same code and the same settings.
        """
        if technology in EMBEDDED:
            return None
        for candidate in (technology, *CARRIED_BY.get(technology, ())):
            found = of_system(
                [
                    c
                    for c in self._components.all
                    if c.kind is not NodeKind.SERVICE
                    and candidate in (c.technology, COMPATIBLE.get(c.technology))
                ],
                owner,
            )
            if len(found) > 1 and technology in CLOUD:
                break  # which of its parts, nothing says: the provider's service as a whole
            if len(found) > 1:
                return one_of_several(found, owner, by_name=port is None)
            if found:
                return found[0]
        kind = KINDS.get(technology)
        if kind is None:
            if technology not in CARRIED_BY:
                return None
            technology = CARRIED_BY[technology][0]
            kind = KINDS[technology]
        if technology in EMULATED:
            emulators = [c for c in self._components.all if c.technology == "aws" and c.workloads]
            if len(emulators) == 1:
                return emulators[0]
        if technology in CLOUD:  # one provider's service, whoever uses it
            return self._make(kind, CLOUD_NAMES.get(technology, technology), technology)
        applications = {
            c.application
            for c in self._components.all
            if c.kind is NodeKind.SERVICE and c.root is not None
        }
        # A broker stands between applications: they would not have one each.
        one = kind is NodeKind.BROKER or common or len(applications) == 1
        certain = one or self._only_user(technology)
        name = technology
        if not certain and port is not None and str(port) != DEFAULT_PORTS.get(technology):
            name = f"{technology}-{port}"
        elif not certain and owner.system:
            name = f"{owner.system.rpartition('/')[2]}-{technology}"
        made = self._make(kind, name, technology)
        self._assumed |= set() if certain or port else {made.id}
        return made

    def is_assumed(self, store: Component) -> bool:
        """Several applications open such a one, and nothing tells where: it may be several."""
        return store.id in self._assumed

    def _only_user(self, technology: str) -> bool:
        """One application alone is built with something of that name: it needs no other."""
        users = {
            c.application
            for c in self._components.services()
            if any(technology in name.lower() for name in self._components.dependencies_of(c))
        }
        return len(users) == 1 and not self._names.get(plain(technology))

    def _make(self, kind: NodeKind, name: str, technology: str) -> Component:
        return self._made.setdefault(f"{kind}:{name}", Component(name, kind, technology))
