"""What Dapr's daemons open for the applications that they stand beside.

A component in whose file an application is listed is opened by that one's daemon; a daemon that is
started with a configuration sends its traces where that says, and asks who places its actors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.config_files.dapr import CONFIGURATION, SCOPE, TRACES
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.stores import add_store
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

PLACEMENT = regex(r"--?placement-host-address[ =]([\w.-]+)")
# What a daemon is asked over HTTP: `/v1.0/state/baskets`, `/v1.0/publish/bus/paid`.
ASKED = regex(r"/v1\.0(?:-\w+)?/(?:state|publish|bindings)/([\w.-]+)")
STARTED_WITH = regex(r"--?config\b")


def add_dapr(connections: Connections) -> None:
    _add_placement(connections)
    _add_configured(connections)


def _add_placement(connections: Connections) -> None:
    """Whom daemons ask where an actor is."""
    for component in list(connections.components.services()):
        for workload in component.workloads:
            placed = PLACEMENT.search(" ".join(workload.daemon))
            target = connections.targets.by_name(placed[1], near=component) if placed else None
            if target is not None and target.id != component.id:
                note = Evidence(
                    workload.at, f"the daemon beside {component.name} is placed by it", Step.TARGET
                )
                connections.connect(component, target, (note,), Confidence.HIGH)


def _add_configured(connections: Connections) -> None:
    """What files of components and configurations say that daemons open."""
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "dapr" or connections.index.role(path) is not Role.SOURCE:
            continue
        if setting.key.startswith(SCOPE):
            name = setting.key.removeprefix(SCOPE)
            named = connections.targets.by_name(name, NodeKind.SERVICE)
            speakers = [named] if named is not None else []
            what = f"opens the component {setting.group}"
        elif setting.key.startswith(TRACES):
            speakers = list(_traced(connections, setting.key.removeprefix(TRACES)))
            what = "sends its traces"
        else:
            continue
        for speaker in speakers:
            found = connections.resolver.resolve(setting.value, path, speaker)
            note = Evidence(
                setting.at.in_file(path), f"the daemon beside {speaker.name} {what}", Step.SETTING
            )
            add_store(connections, speaker, "", found, "", (note, *found.trail), implied=False)


def _traced(connections: Connections, name: str) -> Iterator[Component]:
    """The applications whose daemons are given the configuration of that name."""
    for component in connections.components.services():
        if any(
            (CONFIGURATION, name) in each.fact.labels
            or any(STARTED_WITH.match(word) for word in each.daemon)
            for each in component.workloads
        ):
            yield component


def add_component(
    connections: Connections, speaker: Component, address: str, note: Evidence
) -> bool:
    """A component that a request to the daemon names; False for any other request."""
    asked = ASKED.search(address)
    if asked is None:
        return False
    found = connections.resolver.resolve(Setting(f"dapr.{asked[1]}"), note.at.path, speaker)
    evidence = (note, *found.trail)
    add_store(connections, speaker, "", found, "", evidence, implied=False)
    return True
