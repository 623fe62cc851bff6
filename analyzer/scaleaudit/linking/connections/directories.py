"""Directories of people and their rights, which programs ask over LDAP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.architecture import NodeKind
from scaleaudit.findings import Confidence
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.hosts import looks_public
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.findings import Evidence
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved

DIRECTORY = "ldap"  # what facts call a client of one
# Images of such servers; not of the consoles for them.
SERVER = regex(
    r"ldap(?!\S*(admin|manager|ui|auth|exporter))|^(389ds|dirsrv|glauth|apacheds)|freeipa"
)
PORTS = {"ldap": 389, "ldaps": 636}


def add_directory(
    connections: Connections, speaker: Component, found: Resolved, note: Evidence
) -> None:
    """The server that the address leads to, else the one that is deployed.

    Where there is none, the server of whoever runs the program: a number of some network says no
    more than that there is one.
    """
    evidence = (note, *found.trail)
    for address in parse_addresses(found.text) if found.known else ():
        target = connections.targets.by_name(address.host, near=speaker) if address.host else None
        if target is None and looks_public(address.host) and not found.from_default:
            reached = connections.targets.reach(address, near=speaker)
            target = reached[0] if reached is not None else None
        if target is not None:
            connections.connect(speaker, target, evidence, Confidence.HIGH)
            return
        port = address.port or PORTS.get(address.scheme or DIRECTORY)
        at_port = structs.replace(address, port=port)
        local = connections.local_hosts.meant(at_port, "", speaker)
        if local is not None:
            connections.connect(speaker, local[0], (*evidence, local[1]), Confidence.MEDIUM)
            return
    deployed = [
        each
        for each in connections.components.services()
        if each.root is None and any(SERVER.search(image_name(w.image)) for w in each.workloads)
    ]
    if len(deployed) > 1:
        return
    server = deployed[0] if deployed else None
    server = server or connections.targets.outside(NodeKind.EXTERNAL, DIRECTORY, DIRECTORY)
    connections.connect(speaker, server, evidence, Confidence.MEDIUM)
