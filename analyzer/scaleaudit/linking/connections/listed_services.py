"""Gateways of a program's own making: its settings list the services that it passes requests on to.

Such a program looks a name up in the registry and hands the request on, in code that is the same
for all of them: `gateway.services: [orders, stock]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.known_settings import FRAMEWORK_PREFIXES
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

LIST = regex(
    r"(?i)^(.*\b(?:[\w-]*?)(?:services|routes|targets|upstreams|backends|destinations|apps))\[\d+\]$"
)
NAME = regex(r"[A-Za-z][\w-]{1,60}")
# Lists of whom it does not pass requests on to, or who may come.
OTHERS = regex(r"(?i)ignore|exclud|skip|deny|block|allow|disab|public|cors|audience|watch")
REGISTRIES = frozenset({"eureka", "consul", "nacos", "zookeeper", "etcd"})


def add_listed_services(connections: Connections) -> None:
    """Edges of clients of a registry to the services that one list of theirs names, all of them."""
    lists: dict[tuple[str, str], list[tuple[SettingDefined, str]]] = {}
    speakers: dict[str, Component] = {}
    for path, setting in connections.index.of(SettingDefined):
        listed = LIST.match(setting.key) if setting.source == "spring" else None
        if listed is None or connections.index.role(path) is not Role.SOURCE:
            continue
        if OTHERS.search(setting.key) or relaxed(setting.key).startswith(FRAMEWORK_PREFIXES):
            continue
        for speaker in connections.components.configured_by(path):
            if speaker.kind is NodeKind.SERVICE:
                speakers[speaker.id] = speaker
                lists.setdefault((speaker.id, listed[1]), []).append((setting, path))
    for (speaker_id, _), entries in sorted(lists.items()):
        if len(entries) > 1 and _asks_a_registry(connections, speaker_id):
            _add(connections, speakers[speaker_id], entries)


def _asks_a_registry(connections: Connections, speaker_id: str) -> bool:
    reached = (connections.by_id(each) for each in connections.trails.targets_from(speaker_id))
    return any(each is not None and each.technology in REGISTRIES for each in reached)


def _add(
    connections: Connections, speaker: Component, entries: list[tuple[SettingDefined, str]]
) -> None:
    targets: list[tuple[Component, Evidence]] = []
    for setting, path in entries:
        name = literal_text(setting.value) or ""
        found = (
            connections.targets.by_name(name, NodeKind.SERVICE, near=speaker)
            if NAME.fullmatch(name)
            else None
        )
        if found is None or found.root is None or found.id == speaker.id:
            return  # a list of something else
        said = f"{speaker.name} lists it as one that it passes requests on to"
        targets.append((found, Evidence(setting.at.in_file(path), said, Step.ROUTE)))
    for target, note in targets:
        connections.connect(speaker, target, (note,), Confidence.MEDIUM)
