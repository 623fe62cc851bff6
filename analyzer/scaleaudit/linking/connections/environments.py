"""Connections that the environment of a workload tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingRead
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.known_settings import read_by_framework
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location
    from scaleaudit.values import Value

HOST_KEY = regex(
    r"(HOSTS?|HOSTNAME|ADDR|ADDRESS|ADDRESSES|URLS?|URI|ENDPOINTS?|SERVERS?|BROKERS?|DSN"
    r"|CONTACT_?POINTS)$"
)

# Who may call, and where visitors are sent back to: they come, nobody goes there.
OF_VISITORS = regex(
    r"(?i)redirect|call_?back|log_?out|cors|allowed_?(origin|host)|audience|assertion_?consumer|origins$"
)
# What a browser is told of a port that is published; a front end hands it on to its own code.
OUTSIDE = regex(r"(?i)external|public")
SHOWN = regex(r"(?i)(^|[-_.])(web\w*|www|site|ui|app|spa|client|front-?end|portal)([-_.]|$)")


def add_environments(connections: Connections) -> None:
    """An address in a workload's environment.

    Surely a connection where the code reads that variable, or a framework does. One that was
    written for this workload alone is believed with medium confidence, since code may read
    settings in ways that no table knows; one out of a file that several share is not.
    """
    read: dict[str, set[str]] = {}
    for path, fact in connections.index.of(SettingRead):
        for owner in connections.components.owning(path):
            read.setdefault(owner.application, set()).add(relaxed(fact.key))
    for component in list(connections.components.all):
        keys = read.get(component.application, set())
        for workload in component.workloads:
            for name, (value, at) in sorted(workload.environment.items()):
                if value is not None and not OF_VISITORS.search(name):
                    shared = name in workload.shared_names
                    _environment(connections, component, keys, name, value, at, shared=shared)


def _environment(
    connections: Connections,
    component: Component,
    keys: set[str],
    name: str,
    value: Value,
    at: Location,
    *,
    shared: bool,
) -> None:
    found = connections.resolver.resolve(value, at.path, component)
    if not found.known:
        return
    is_read = relaxed(name) in keys or read_by_framework(name)
    if shared and not is_read:
        return  # handed to many; that this one uses it, nothing says
    for address in parse_addresses(found.text):
        bare = not address.scheme and address.port is None
        if bare and not HOST_KEY.search(name.upper()):
            continue
        target = connections.targets.by_name(address.host, near=component) if address.host else None
        if target is None and address.technology and not address.is_loopback and address.host:
            reached = connections.targets.reach(address, near=component)
            target = reached[0] if reached else None
        local = connections.local_hosts.meant(address, "", component)
        if local is not None and address.port is not None:
            if OUTSIDE.search(name) and not is_shown(component):
                continue
            target = local[0]
        if target is None or target.id == component.id:
            continue
        if target.application and target.application == component.application:
            continue
        if (component.application, target.id) in connections.told_by_code:
            continue  # the code tells which of the application's processes connect to it
        sure = Confidence.HIGH if is_read and local is None else Confidence.MEDIUM
        note = Evidence(at, f"{name} of {component.name} holds its address", Step.ENVIRONMENT)
        connections.connect(component, target, (note, *found.trail, *(local or ())[1:]), sure, address.path.strip("/")
                      if target.kind is NodeKind.DATABASE else "")  # fmt: skip


def is_shown(component: Component) -> bool:
    """A front end, by what it is made of or called."""
    return component.technology in FRONT_ENDS or SHOWN.search(component.name) is not None
