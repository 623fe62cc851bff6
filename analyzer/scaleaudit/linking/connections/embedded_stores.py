"""Databases inside of a program by default, and servers in the profile that is run with them.

`application.yml` names H2 for a first try, `application-local.yml` the PostgreSQL that the compose
file starts: where no deployment chooses a profile, the server that is started is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.resolution.profiles import active_profiles, profile_in
from scaleaudit.linking.technologies import COMPATIBLE, EMBEDDED
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import SettingDefined
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

_FOR_TESTS = regex(r"(?i)(^|[-_])(test|tests|it|integration|ci|e2e)([-_]|$)")


def instead_of_embedded(
    connections: Connections,
    owner: Component,
    chosen: tuple[str, SettingDefined],
    every: Iterable[tuple[tuple[int, bool], str, SettingDefined]],
) -> tuple[str, SettingDefined] | None:
    """The setting of another profile that leads to a deployed database; None to keep the chosen.

    `every`: all settings of the key, with their ranks.
    """
    path, setting = chosen
    if not EMBEDDED & _technologies(connections, owner, path, setting) or active_profiles(owner):
        return None
    deployed = {
        COMPATIBLE.get(c.technology, c.technology)
        for c in connections.components.all
        if c.workloads
    }
    for _, where, other in sorted(every, key=lambda each: (each[0], each[1], each[2].at)):
        profile = other.group or connections.components.profile_of(where) or profile_in(where)
        if not profile or _FOR_TESTS.search(profile):
            continue
        told = _technologies(connections, owner, where, other) - EMBEDDED
        if {COMPATIBLE.get(each, each) for each in told} & deployed:
            return where, other
    return None


def _technologies(
    connections: Connections, owner: Component, path: str, setting: SettingDefined
) -> set[str]:
    found = connections.resolver.resolve(setting.value, path, owner)
    return {each.technology for each in parse_addresses(found.text)} if found.known else set()
