"""Variables that a program loads by itself, from the `.env` of its own folder.

Its deployment does not hand them out: the file is copied in with the code, and often only its
example is in the repository. An entry with the name of something that is deployed beside the
program is believed as one of its environment would be. So is, of what a front end's pages are
built with, and ask for, a port of the developer's machine that the deployment opens; and of a
program that nothing deploys all that its code reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined, SettingRead
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.connections.variables import Used
    from scaleaudit.source import Location
    from scaleaudit.values import Value


# Variables that builds put into the pages. Sources: the documentation of each tool.
FOR_PAGES = regex(r"^(?:VITE|VUE_APP|REACT_APP|NEXT_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY)_")


def own_variables(
    connections: Connections,
) -> Iterator[tuple[Component, str, Value, Location]]:
    """(component, variable, value, place) of those that name a component of the system."""
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "dotenv" or connections.index.role(path) is not Role.SOURCE:
            continue
        for owner in connections.components.owning(path):
            if owner.kind is not NodeKind.SERVICE or owner.root != folder_of(path):
                continue
            if not owner.workloads or any(setting.key in w.environment for w in owner.workloads):
                continue
            found = connections.resolver.resolve(setting.value, path, owner)
            hosts = [a.host for a in parse_addresses(found.text)] if found.known else []
            named = [connections.targets.by_name(host, near=owner) for host in hosts if host]
            if (
                found.known
                and owner.technology in FRONT_ENDS
                and _asked(connections, owner, setting)
            ):
                opened = (
                    connections.local_hosts.meant(each, "", owner)
                    for each in parse_addresses(found.text)
                )
                named += [each[0] for each in opened if each is not None]
            if any(each is not None and each.workloads for each in named):
                yield owner, setting.key, setting.value, setting.at.in_file(path)


def read_variables(
    connections: Connections, used: Used
) -> Iterator[tuple[Component, str, Value, Location]]:
    """The same of what the code of programs reads that nothing deploys, out of the file in their
    folder or in one around it."""
    seen: set[tuple[str, str]] = set()
    undeployed = [
        c for c in connections.components.services() if c.root is not None and not c.workloads
    ]
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "dotenv" or connections.index.role(path) is not Role.SOURCE:
            continue
        for owner in undeployed:
            if (owner.id, setting.key) in seen or not is_below(owner.root or "", folder_of(path)):
                continue
            if used.is_read(setting.key, owner):
                seen.add((owner.id, setting.key))
                yield owner, setting.key, Setting(setting.key), setting.at.in_file(path)


def _asked(connections: Connections, owner: Component, setting: SettingDefined) -> bool:
    """The pages read the variable, which the build puts into them."""
    return FOR_PAGES.match(setting.key) is not None and any(
        read.key == setting.key and owner in connections.components.owning(path)
        for path, read in connections.index.of(SettingRead)
    )
