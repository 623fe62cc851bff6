"""Variables that code reads, whose names tell a service and whose values no file of the repository has.

`USERS_SERVICE` is handed in where the program runs: whoever reads it asks the users. So is
`users.service.host`, which MicroProfile and Spring look for under the same name as a variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind
from scaleaudit.facts import SettingRead
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.calls import of_that_name, whose
from scaleaudit.linking.connections.environments import is_shown
from scaleaudit.linking.connections.known_settings import read_by_framework
from scaleaudit.linking.connections.variables import OF_VISITORS
from scaleaudit.regex import regex
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

VARIABLE = regex(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
DOTTED = regex(r"^[a-z][\w-]*(?:\.[\w-]+)+$")
OF_ADDRESS = regex(r"_(?:UR[IL]|HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT)$")
# Places for people, to whom mails and pages lead: `ADMIN_URL`.
FOR_PEOPLE = regex(r"^(?:admin|dashboard|portal|console|studio|docs?|landing|panel)(?:-|$)")
OF_SERVICE = regex(r"_(?:SERVICE|SVC|GRPC)$")


def add_named_variables(connections: Connections) -> None:
    for path, read in connections.index.of(SettingRead):
        if OF_VISITORS.search(read.key):
            continue
        wanted = service_in(read.key)
        if not wanted or FOR_PEOPLE.match(wanted):
            continue
        for speaker in connections.speakers(path, connections.origins.of(path)):
            target = of_that_name(connections, wanted, speaker)
            if target is None or not _is_another(connections, speaker, target):
                continue
            found = connections.resolver.resolve(Setting(read.key), path, speaker)
            if found.known and parse_addresses(found.text):
                continue  # told, and followed where it leads
            text = f"{speaker.name} reads {read.key}, which is named for it"
            note = Evidence(read.at.in_file(path), text, Step.SETTING)
            connections.connect(speaker, target, (note,), Confidence.MEDIUM)


def service_in(key: str) -> str:
    """The name in such a variable; empty for one that tells nobody's address."""
    if DOTTED.match(key) and not read_by_framework(key):
        key = key.replace(".", "_").replace("-", "_").upper()
    if not VARIABLE.match(key):
        return ""
    if OF_SERVICE.search(key):
        return whose(f"{key}_URL")
    return whose(key) if OF_ADDRESS.search(key) else ""


def _is_another(connections: Connections, speaker: Component, target: Component) -> bool:
    """A program of the repository, no pages for people, which it is not known to ask."""
    return (
        target.root is not None
        and target.application != speaker.application
        and not is_shown(target)
        and target.id not in connections.trails.targets_of(speaker.id, EdgeKind.CALLS)
    )
