"""Whom a library connects to by itself: registries, configuration servers, collectors of traces.

A Spring starter on the class path registers, asks or reports without a line of code, and its
address often stands in a repository of settings elsewhere. Where the system has exactly one such
server, that is whom it reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import PackageDeclared, SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    import re

    from scaleaudit.linking.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location

# The library (Maven artifact), the technology of its server, the setting that switches it off.
STARTERS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (regex(r"(^|:)spring-cloud-(starter-)?(netflix-)?eureka(-client)?$"), "eureka",
     "eureka.client.enabled"),
    (regex(r"(^|:)spring-cloud-starter-consul-discovery$"), "consul",
     "spring.cloud.consul.discovery.enabled"),
    (regex(r"(^|:)spring-cloud-starter-alibaba-nacos-discovery$"), "nacos",
     "spring.cloud.nacos.discovery.enabled"),
    (regex(r"(^|:)spring-cloud-(starter-config|config-client)$"), "config-server",
     "spring.cloud.config.enabled"),
    (regex(r"(^|:)(spring-cloud-(starter|sleuth)-zipkin|opentelemetry-exporter-zipkin"
           r"|zipkin-reporter-brave|zipkin-sender-[\w-]+)$"), "zipkin", "spring.zipkin.enabled"),
    (regex(r"(^|:)spring-boot-admin-starter-client$"), "spring-boot-admin",
     "spring.boot.admin.client.enabled"),
)  # fmt: skip


def add_starters(connections: Connections) -> None:
    """An edge from each service with such a library to the one server of its kind."""
    components = connections.components
    packages: dict[str, Location] = {}
    for path, package in connections.index.of(PackageDeclared):
        packages.setdefault(folder_of(path), package.at.in_file(path))
    off = _switched_off(connections)
    for speaker in components.services():
        at = packages.get(speaker.root or "")
        if speaker.root is None or at is None:
            continue
        names = components.dependencies_of(speaker)
        for library, technology, switch in STARTERS:
            name = next((each for each in names if library.search(each)), None)
            server = _only(components.all, technology)
            if name is None or server is None or server is speaker:
                continue
            if any(key == switch and is_below(path, speaker.root) for path, key in off):
                continue
            if server.id in connections.trails.targets_of(speaker.id, EdgeKind.CALLS):
                continue  # told by its address
            note = Evidence(
                at, f"{name.rpartition(':')[2]} connects {speaker.name} by itself", Step.DEPENDENCY
            )
            connections.connect(speaker, server, (note,), Confidence.MEDIUM)


def _only(components: list[Component], technology: str) -> Component | None:
    found = [c for c in components if c.kind is NodeKind.SERVICE and c.technology == technology]
    return found[0] if len(found) == 1 else None


def _switched_off(connections: Connections) -> set[tuple[str, str]]:
    switches = {switch for _, _, switch in STARTERS}
    return {
        (path, setting.key)
        for path, setting in connections.index.of(SettingDefined)
        if setting.key in switches and (literal_text(setting.value) or "").lower() == "false"
    }
