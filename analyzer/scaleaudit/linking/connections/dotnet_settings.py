"""Addresses in the settings of .NET programs that name a component of the system.

Libraries read sections of `appsettings.json` by themselves (loggers, buses, clients), in ways that
no line of code tells. An entry of a program's own file whose key asks for an address, and whose
value is the name of something that is deployed beside it, is believed with medium confidence, as
an entry of its environment would be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.known_settings import of_setting
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.resolution import environment
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

ADDRESS_KEY = regex(
    r"(?i)(host|hostnames?|hosts|address|addresses|ur[il]|endpoint|endpoints|server|servers|brokers?"
    r"|connection|connectionstring|authority|dsn|nodes?)$"
)
# A section of addresses, each under the name of whom it leads to: `ServiceUrls:Orders`.
ADDRESSES = regex(r"(?i)(ur[il]s|endpoints|addresses|hosts|services|apis)$")
ABSOLUTE = regex(r"(?i)^https?://")
# Whom users are sent to or who may ask, not whom the program asks; and what gateways route to,
# which has a reading of its own.
OTHERS = regex(
    r"(?i)cors|origin|callback|redirect|logout|allowed|audience|public|external|kestrel|issuer"
    r"|healthcheck|^reverseproxy|^routes|^reroutes|swagger|launch"
)


# What a section is for, where its host may stand apart from its port.
NAMED = {
    "rabbit": "rabbitmq", "redis": "redis", "mongo": "mongodb", "elastic": "elasticsearch",
    "kafka": "kafka",
}  # fmt: skip


def add_dotnet_settings(connections: Connections) -> None:
    best: dict[tuple[str, str], tuple[tuple[int, bool], str, SettingDefined, Component]] = {}
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "dotnet" or connections.index.role(path) is not Role.SOURCE:
            continue
        last = setting.key.rpartition(":")[2]
        if last.isdigit():  # an element of a list
            last = setting.key.split(":")[-2] if setting.key.count(":") else last
        if OTHERS.search(setting.key) or not (ADDRESS_KEY.search(last) or _listed(setting)):
            continue
        if of_setting(setting.key) is not None:
            continue  # its meaning is fixed
        for speaker in connections.components.configured_by(path):
            if speaker.kind is not NodeKind.SERVICE:
                continue
            rank = connections.resolver.settings.rank(path, setting, speaker)
            key = (speaker.id, relaxed(setting.key))
            if key not in best or rank < best[key][0]:
                best[key] = (rank, path, setting, speaker)
    for _, (_, path, setting, speaker) in sorted(best.items(), key=lambda item: item[0]):
        if environment(speaker, setting.key) is not None:
            continue  # the deployment says another
        _connect(connections, path, setting, speaker)


def _listed(setting: SettingDefined) -> bool:
    section = setting.key.rpartition(":")[0].rpartition(":")[2]
    text = literal_text(setting.value) or ""
    return ADDRESSES.search(section) is not None and ABSOLUTE.match(text) is not None


def _connect(
    connections: Connections, path: str, setting: SettingDefined, speaker: Component
) -> None:
    found = connections.resolver.resolve(setting.value, path, speaker)
    for address in parse_addresses(found.text) if found.known else ():
        target = connections.targets.by_name(address.host, near=speaker) if address.host else None
        # A program that no container holds finds the others on the developer's machine.
        meant = next((NAMED[word] for word in NAMED if word in relaxed(setting.key)), "")
        local = (
            None if speaker.workloads else connections.local_hosts.meant(address, meant, speaker)
        )
        target = local[0] if local is not None else target
        if target is None or target.id == speaker.id:
            continue
        if not target.workloads and (speaker.workloads or local is None):
            continue
        if target.application and target.application == speaker.application:
            continue
        if (speaker.application, target.id) in connections.told_by_code:
            continue
        note = Evidence(
            setting.at.in_file(path),
            f"{setting.key} of {speaker.name} holds its address",
            Step.SETTING,
        )
        connections.connect(
            speaker, target, (note, *found.trail, *(local or ())[1:]), Confidence.MEDIUM
        )
