"""Whom proxies pass requests on to and whom monitoring watches, by their configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.config_files import monitoring, proxies
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.state import addresses_in, main_process
from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.component import Component
    from scaleaudit.linking.connections.state import Connections

# What an edge says, by the source of the setting.
SAID = {proxies.SOURCE: "passes requests on to it", monitoring.SOURCE: "watches or feeds it"}


def add_proxies(connections: Connections) -> None:
    """An edge to each component of the system; what else a proxy may pass on to is left out."""
    mounted = _mounted(connections)
    for path, setting in connections.index.of(SettingDefined):
        said = SAID.get(setting.source)
        if said is None or connections.index.role(path) is not Role.SOURCE:
            continue
        speaker = _owner(connections, path, mounted)
        if setting.source == monitoring.SOURCE:
            speaker = _watcher(connections, speaker, setting.key)
        if speaker is None:
            continue
        found = connections.resolver.resolve(setting.value, path, speaker)
        for address in addresses_in(found.text) if found.known else ():
            target = connections.targets.by_name(address.host) if address.host else None
            if target is None or target.id == speaker.id:
                continue
            note = Evidence(setting.at.in_file(path), f"{speaker.name} {said}", Step.ROUTE)
            connections.connect(speaker, target, (note, *found.trail), Confidence.HIGH)


def _watcher(
    connections: Connections, owner: Component | None, technology: str
) -> Component | None:
    """Who reads a configuration of monitoring: the one program of its kind, if not the owner."""
    if owner is not None and owner.technology == technology:
        return owner
    found = [c for c in connections.components.services() if c.technology == technology]
    return found[0] if len(found) == 1 else None


def _mounted(connections: Connections) -> dict[str, list[Component]]:
    """Files and folders of the repository that workloads mount."""
    found: dict[str, list[Component]] = {}
    for component in connections.components.services():
        for workload in component.workloads:
            for volume in workload.fact.volumes:
                source = volume.partition(":")[0]
                path = resolve_path(folder_of(workload.path), source)
                if path and not source.startswith(("/", "~", "$")):
                    found.setdefault(path, []).append(component)
    return found


def _owner(
    connections: Connections, path: str, mounted: dict[str, list[Component]]
) -> Component | None:
    """Who mounts the file or a folder around it, else whose source folder it is in.

    A file in a repository that is one program as a whole belongs to a proxy that nothing names.
    """
    around = path
    while around:
        if around in mounted:
            return mounted[around][0]
        around = folder_of(around)
    owners = [c for c in connections.components.owning(path) if c.kind is NodeKind.SERVICE]
    return main_process([c for c in owners if c.root])
