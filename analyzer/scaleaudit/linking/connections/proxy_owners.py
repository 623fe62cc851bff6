"""Which program reads a configuration: who mounts it, whose image holds it, whose kind it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.components.roles import main_process
from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.linking.technologies import of_image

if TYPE_CHECKING:
    from scaleaudit.facts import SettingDefined
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.deployments.workload import Workload


class ProxyOwners:
    """Files and folders of the repository that workloads are given, gathered once."""

    def __init__(self, connections: Connections) -> None:
        self._components = connections.components
        self._files = connections.index.files
        self._given: dict[str, list[Component]] = {}  # by file or folder
        self._config_maps: dict[str, list[Component]] = {}
        for component in connections.components.services():
            for workload in component.workloads:
                for path in _given(workload):
                    self._given.setdefault(path, []).append(component)
                for name in workload.fact.mounted:
                    self._config_maps.setdefault(name, []).append(component)

    def given(self, path: str) -> list[Component]:
        """Who mounts the file, or a folder around it, whatever kind of program it is."""
        around = path
        while around:
            if around in self._given:
                return self._given[around]
            around = folder_of(around)
        return []

    def of(self, path: str, setting: SettingDefined, technology: str) -> list[Component]:
        """Who reads the setting; `technology`: what kind of program its file is for, "" for any.

        A file that is given to one program by its name is read by it. A folder may hold much
        else: there the program has to be of that kind, as the one that nothing gives it to.
        """
        if setting.group:
            name = self._components.workloads.values.charts.name(setting.group, path)
            readers = self._config_maps.get(name, [])
        else:
            readers = self._given.get(path, [])
        around = folder_of(path)
        while not readers and around:
            readers = [c for c in self._given.get(around, ()) if fits(c, technology)]
            around = folder_of(around)
        if not readers:
            owners = [c for c in self._components.owning(path) if fits(c, technology)]
            owner = main_process([c for c in owners if c.root])
            readers = [owner] if owner is not None else []
        if not readers and technology:
            kind = [c for c in self._components.services() if fits(c, technology)]
            readers = kind if len(kind) == 1 else []
        return list({c.id: c for c in readers}.values())


def fits(component: Component, technology: str) -> bool:
    """Some workload of it runs such a program."""
    if not technology or component.technology == technology:
        return True
    for workload in component.workloads:
        base = workload.image_fact.base if workload.image_fact is not None else ""
        for image in (workload.image, base):
            known = of_image(image) if image else None
            if known is not None and known[1] == technology:
                return True
    return False


def _given(workload: Workload) -> set[str]:
    """What it mounts, and what its image copies in; the whole of its build context is neither."""
    folder = folder_of(workload.path)
    sources = [volume.partition(":")[0] for volume in workload.fact.volumes if ":" in volume]
    sources += workload.fact.mounted
    found = {
        resolve_path(folder, source)
        for source in sources
        if not source.startswith(("/", "~", "$", "{"))
    }
    if workload.image_fact is not None and workload.root is not None:
        declared = workload.fact.build_context
        context = resolve_path(folder, declared) if declared else workload.root
        found |= {resolve_path(context or "", copy) for copy in workload.image_fact.copies}
        found -= {context, workload.root}
    return {path for path in found if path}
