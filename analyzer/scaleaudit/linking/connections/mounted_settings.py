"""Settings files that a deployment gives to programs of others: gateways and the like.

Nobody here reads their code. An entry whose key says that requests go there, and whose address is
that of something deployed beside the program, is believed with medium confidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

WHERE_TO = regex(r"(?i)upstream|backend|target|destination|forward|proxy_?(?:to|pass)")


def add_mounted_settings(connections: Connections) -> None:
    kept = [
        (path, setting)
        for path, setting in connections.index.of(SettingDefined)
        if setting.source == "file" and WHERE_TO.search(setting.key)
        and connections.index.role(path) is Role.SOURCE
    ]  # fmt: skip
    if not kept:
        return
    for component in list(connections.components.services()):
        if connections.components.language_of(component):
            continue  # its own code says what it does with them
        mounted = list(_mounted(component))
        for path, setting in kept:
            if any(is_below(path, place) for place in mounted):
                _add(connections, component, path, setting)


def _mounted(component: Component) -> Iterator[str]:
    """The files and folders of the repository that it is given."""
    for workload in component.workloads:
        for volume in workload.fact.volumes:
            source = volume.partition(":")[0]
            place = resolve_path(folder_of(workload.path), source)
            if source.startswith(".") and place:
                yield place


def _add(
    connections: Connections, component: Component, path: str, setting: SettingDefined
) -> None:
    found = connections.resolver.resolve(setting.value, path, component)
    for address in parse_addresses(found.text) if found.known else ():
        target = connections.targets.by_name(address.host, near=component) if address.host else None
        if target is not None and target.id != component.id and target.workloads:
            what = f"{setting.key} of {component.name} holds its address"
            note = Evidence(setting.at.in_file(path), what, Step.SETTING)
            connections.connect(component, target, (note, *found.trail), Confidence.MEDIUM)
