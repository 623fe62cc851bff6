"""Companies whose accounts people sign in with: a registration of a client of theirs is enough.

Spring and Quarkus know the addresses of a few providers by name; the program asks them for tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.external_systems import system_at
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.resolution.profiles import UNUSED
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.connections.state import Connections

# By the names that the frameworks have for them.
HOSTS = {"google": "accounts.google.com", "github": "github.com", "facebook": "graph.facebook.com"}
REGISTRATION = regex(r"spring\.security\.oauth2\.client\.registration\.([\w-]+)\.client-?id$")
QUARKUS = "quarkusoidcprovider"
ADDRESS = "spring.security.oauth2.client.provider.{}.token-uri"
LIBRARY = regex(r"oauth2-client|oidc")


def add_sign_in(connections: Connections) -> None:
    """An edge to each of them from the programs that their settings are for."""
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "spring" or connections.index.role(path) is not Role.SOURCE:
            continue
        found = REGISTRATION.match(setting.key.lower())
        for speaker in connections.components.configured_by(path):
            if speaker.kind is not NodeKind.SERVICE:
                continue
            name = found[1] if found is not None else ""
            if relaxed(setting.key) == QUARKUS:
                told = connections.resolver.resolve(setting.value, path, speaker)
                name = told.text.lower() if told.known else ""
            system = system_at(HOSTS[name]) if name in HOSTS else None
            if system is None or not any(
                map(LIBRARY.search, connections.components.dependencies_of(speaker))
            ):
                continue
            unused = connections.resolver.settings.rank(path, setting, speaker)[0] >= UNUSED
            own = connections.resolver.resolve(Setting(ADDRESS.format(name)), path, speaker)
            if unused or own.known:
                continue  # of a server that only bears the name
            note = f"people sign in to {speaker.name} with accounts of {system.name}"
            connections.connect(
                speaker,
                connections.targets.system(system, HOSTS[name]),
                (Evidence(setting.at.in_file(path), note, Step.SETTING),),
                Confidence.MEDIUM,
            )
