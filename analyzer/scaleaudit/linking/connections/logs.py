"""Whom programs send their logs to: by their appenders, or by what runs their containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.config_files.log_appenders import SOURCE
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.stores import add_store
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.technologies import KINDS
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Literal, Setting, join, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.values import Value


# Handlers of Quarkus and JHipster by what switches them on: where host and port stand, and the usual port.
HANDLERS = {
    "quarkusloghandlergelfenable": ("quarkus.log.handler.gelf.host", "quarkus.log.handler.gelf.port", "12201"),
    "quarkuslogsocketenable": ("quarkus.log.socket.endpoint", "", "4560"),
    "quarkuslogsyslogenable": ("quarkus.log.syslog.endpoint", "", "514"),
    "jhipsterlogginglogstashenable": ("jhipster.logging.logstash.host", "jhipster.logging.logstash.port", "5000"),
}  # fmt: skip
HANDLED_BY = {"quarkusloghandlergelfenable": "quarkus-logging-gelf"}  # the others are built in
WRAPPED = regex(r"^(?:udp|tcp):(?://)?")


def add_logs(connections: Connections) -> None:
    _add_appenders(connections)
    _add_handlers(connections)
    _add_drivers(connections)


def _add_appenders(connections: Connections) -> None:
    """Addresses in the configuration of a logging library."""
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != SOURCE or connections.index.role(path) is not Role.SOURCE:
            continue
        groups = connections.components.containing(path)
        for speaker in (c for group in groups for c in group if c.kind is NodeKind.SERVICE):
            found = connections.resolver.resolve(setting.value, path, speaker)
            if not found.known:
                continue
            at = setting.at.in_file(path)
            note = Evidence(at, f"{speaker.name} sends its log here", Step.SETTING)
            evidence = (note, *found.trail)
            if setting.key in KINDS:
                add_store(connections, speaker, setting.key, found, "", evidence, implied=False)
                continue
            for address in parse_addresses(found.text):
                local = connections.local_hosts.meant(address, "", speaker)
                if local is not None:
                    reasons = (*evidence, local[1])
                    connections.connect(speaker, local[0], reasons, Confidence.MEDIUM)
                    continue
                reached = connections.targets.reach(address, near=speaker)
                if reached is None or reached[1] is Confidence.LOW:
                    continue
                if found.from_default and reached[0].kind is NodeKind.EXTERNAL:
                    continue
                connections.connect(speaker, reached[0], evidence, reached[1])


def _add_handlers(connections: Connections) -> None:
    """What a setting switches on, whose address has a usual value."""
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "spring" or connections.index.role(path) is not Role.SOURCE:
            continue
        known = HANDLERS.get(relaxed(setting.key).removesuffix("d"))
        if known is None or literal_text(setting.value) != "true":
            continue
        host, port, usual = known
        address: Value = Setting(host, Literal(f"localhost:{usual}"))
        if port:
            named = Setting(host, Literal("localhost"))
            address = join(named, Literal(":"), Setting(port, Literal(usual)))
        needs = HANDLED_BY.get(relaxed(setting.key).removesuffix("d"), "")
        for speaker in connections.components.configured_by(path):
            names = connections.components.dependencies_of(speaker)
            if needs and names and not any(name.endswith(needs) for name in names):
                continue  # nothing there that would send it
            if speaker.kind is NodeKind.SERVICE:
                note = Evidence(
                    setting.at.in_file(path), f"{speaker.name} sends its log here", Step.SETTING
                )
                _add_handler(connections, speaker, address, path, note)


def _add_handler(
    connections: Connections, speaker: Component, address: Value, path: str, note: Evidence
) -> None:
    found = connections.resolver.resolve(address, path, speaker)
    for each in parse_addresses(WRAPPED.sub("", found.text)) if found.known else ():
        local = connections.local_hosts.meant(each, "", speaker)
        named = connections.targets.by_name(each.host, near=speaker) if each.host else None
        if local is not None:
            evidence = (note, *found.trail, local[1])
            connections.connect(speaker, local[0], evidence, Confidence.MEDIUM)
        elif named is not None and named.id != speaker.id:
            connections.connect(speaker, named, (note, *found.trail), Confidence.HIGH)


def _add_drivers(connections: Connections) -> None:
    """Docker's drivers: an address of the machine leads to who has the port there."""
    by_port: dict[tuple[str, str], set[str]] = {}
    for component in connections.components.all:
        for workload in component.workloads:
            for port in workload.fact.host_ports:
                by_port.setdefault((workload.path, port), set()).add(component.id)
    for component in list(connections.components.services()):
        for workload in component.workloads:
            if workload.fact.logs_to is None:
                continue
            found = connections.resolver.resolve(workload.fact.logs_to, workload.path, component)
            for address in parse_addresses(found.text):
                target = _taker(connections, workload.path, address, by_port)
                if target is None or target.id == component.id:
                    continue
                note = Evidence(
                    workload.at, f"Docker sends the log of {component.name} there", Step.ENVIRONMENT
                )
                connections.connect(component, target, (note, *found.trail), Confidence.HIGH)


def _taker(
    connections: Connections,
    path: str,
    address: Address,
    by_port: dict[tuple[str, str], set[str]],
) -> Component | None:
    if address.host and not address.is_loopback:
        reached = connections.targets.reach(address)
        return reached[0] if reached is not None and reached[1] is not Confidence.LOW else None
    found = by_port.get((path, str(address.port or "")), set())
    return connections.by_id(next(iter(found))) if len(found) == 1 else None
