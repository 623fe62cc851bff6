"""Connections that the environment of a workload tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.components.workload_groups import PROXIES
from scaleaudit.linking.connections.binders import of_another_binder
from scaleaudit.linking.connections.calls import of_that_name, whose
from scaleaudit.linking.connections.known_settings import read_by_framework, read_by_library
from scaleaudit.linking.connections.own_env_files import own_variables, read_variables
from scaleaudit.linking.connections.variables import OF_VISITORS, Used
from scaleaudit.linking.hosts import PRIVATE
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location
    from scaleaudit.values import Value

HOST_KEY = regex(
    r"(HOSTS?|HOSTNAME|ADDR|ADDRESS|ADDRESSES|URLS?|URI|ENDPOINTS?|SERVERS?|BROKERS?|DSN"
    r"|CONTACT_?POINTS|ZOOKEEPER_CONNECT|CLUSTER_?MEMBERS|(POSTGRES|MYSQL|CASSANDRA)_SEEDS)$"
)

# .NET's, whatever stands behind: `Server=database;Database=Shop`.
OF_STORE = regex(r"(?i)^(connectionstrings?_|[a-z]+connstr_)")
ANYWHERE = frozenset({"0.0.0.0", "::", "[::]"})
# What a browser is told of a port that is published; a front end hands it on to its own code.
OUTSIDE = regex(r"(?i)external|public")
# Where a program itself listens.
LISTENS = regex(r"(?i)^(?:app|application|listen|bind|http|https)[._-]?addr(?:ess)?$")
# Pages are asked for by browsers, and by what passes requests on.
PAGES = "web-frontend"
# Or a program's own address, as Laravel's `APP_URL` is.
OF_PAGES = regex(
    r"(?i)(?:^|_)front_?end(?:_\w+)?_(?:ur[il]|origin|host)s?$|^(?:app|site|self|public)_ur[il]$"
)
PASSES_ON = regex(r"(?i)gateway|proxy|edge|nginx|caddy|traefik|router|ingress|bff|e2e|test")
SHOWN = regex(r"(?i)(^|[-_.])(web\w*|www|site|ui|app|spa|client|front-?end|portal)([-_.]|$)")


def add_environments(connections: Connections) -> None:
    """An address in a workload's environment.

    Surely a connection where the code reads that variable, or a framework does. One that was
    written for this workload alone is believed with medium confidence, since code may read
    settings in ways that no table knows; one out of a file or ConfigMap that several are handed is
    not, nor one that only others it is handed to make use of.
    """
    used = Used(connections)
    holders = _holders(connections)
    for component in list(connections.components.all):
        for workload in component.workloads:
            for name, (value, at) in sorted(workload.environment.items()):
                if value is not None and not OF_VISITORS.search(name):
                    shared = name in workload.shared_names and len(holders.get(at, ())) > 1
                    # A host's reference to another program is made for one, and meant.
                    others = None if workload.fact.source == "aspire" else used
                    read = (
                        used.is_read(name, component)
                        or read_by_framework(name)
                        or read_by_library(name, connections.components.dependencies_of(component))
                    )
                    if used.only_of_visitors(name, component):
                        continue
                    if of_another_binder(connections, component, name):
                        continue
                    if read or not shared:  # handed to many; that this one uses it, nothing says
                        _environment(connections, component, others, name, value, at, read=read)

    for component, name, value, at in own_variables(connections):
        if not OF_VISITORS.search(name):
            read = used.is_read(name, component)
            _environment(connections, component, used, name, value, at, read=read)
    for component, name, value, at in read_variables(connections, used):
        if not OF_VISITORS.search(name):
            _environment(connections, component, used, name, value, at, read=True)


def _holders(connections: Connections) -> dict[Location, set[str]]:
    """The components that are handed an entry of a file or of a ConfigMap, by its place."""
    found: dict[Location, set[str]] = {}
    for component in connections.components.all:
        for workload in component.workloads:
            for name in workload.shared_names & workload.environment.keys():
                found.setdefault(workload.environment[name][1], set()).add(component.id)
    return found


def _environment(
    connections: Connections,
    component: Component,
    others: Used | None,
    name: str,
    value: Value,
    at: Location,
    *,
    read: bool,
) -> None:
    found = connections.resolver.resolve(value, at.path, component)
    if not found.known:
        return
    for address in parse_addresses(found.text):
        # `host=db user=shop` says by its words what it is
        bare = not address.scheme and address.port is None and "=" not in found.text
        if bare and not HOST_KEY.search(name.upper()) and not OF_STORE.search(name):
            continue
        target = connections.targets.by_name(address.host, near=component) if address.host else None
        if target is None and address.technology and not address.is_loopback and address.host:
            reached = connections.targets.reach(address, near=component)
            target = reached[0] if reached else None
        if target is None and address.is_loopback and address.technology:
            # On the machine around: the store that others say stands there, if there is one.
            stores = [c for c in connections.targets.made if c.technology == address.technology]
            target = stores[0] if len(stores) == 1 else None
            if target is None and not component.workloads:
                target = connections.targets.implied(address.technology, component, address.port)
        if address.host in ANYWHERE or (address.is_loopback and LISTENS.match(name)):
            continue
        local = connections.local_hosts.meant(address, "", component)
        # Where nobody is known to listen, and in somebody's network, the name tells who is meant.
        away = PRIVATE.match(address.host) is not None
        unheard = away or (address.is_loopback and not component.workloads)
        if target is None and local is None and unheard:
            target = _called(connections, component, name)
        if local is not None and address.port is not None:
            if OUTSIDE.search(name) and not is_shown(component):
                continue
            target = local[0]
        if target is None or target.id == component.id:
            continue
        if target.technology == PAGES and not _passes_on(component):
            continue  # for links in mails and for who may call
        if address.is_loopback and OF_PAGES.search(name) and not _passes_on(component):
            continue  # where people have the pages open
        if target.application and target.application == component.application:
            continue
        if (component.application, target.id) in connections.told_by_code:
            continue  # the code tells which of the application's processes connect to it
        if others is not None and (
            others.only_by_them(name, component, target, read=read)
            or others.only_by_siblings(component, target)
        ):
            continue
        sure = Confidence.HIGH if read and local is None else Confidence.MEDIUM
        note = Evidence(at, f"{name} of {component.name} holds its address", Step.ENVIRONMENT)
        connections.connect(component, target, (note, *found.trail, *(local or ())[1:]), sure, address.path.strip("/")
                      if target.kind is NodeKind.DATABASE else "")  # fmt: skip


def _called(connections: Connections, component: Component, name: str) -> Component | None:
    """The service that a variable is named for: `STOCK_SERVICE_URL`, of whom no port is known."""
    wanted = whose(name)
    found = of_that_name(connections, wanted, component) if wanted else None
    return found if found is not None and found.technology not in FRONT_ENDS else None


def _passes_on(component: Component) -> bool:
    return component.technology in PROXIES or PASSES_ON.search(component.name) is not None


def is_shown(component: Component) -> bool:
    """A front end, by what it is made of or called."""
    return component.technology in FRONT_ENDS or SHOWN.search(component.name) is not None
