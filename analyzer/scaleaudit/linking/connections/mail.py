"""Mails that a program sends through a server which only its deployment knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import RemoteCall
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.source import Role
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

MAIL = "mail"  # the technology of servers that take mail
PROTOCOL = "smtp"


def add_mail(connections: Connections) -> None:
    """The one server for mails that is deployed, else that of whoever runs the program: a library is
    given its address, which nothing here tells."""
    for path, call in connections.index.of(RemoteCall):
        if call.protocol != PROTOCOL or isinstance(call.target, Unknown):
            continue  # or settings of a framework tell the server
        if connections.index.role(path) is not Role.SOURCE:
            continue
        for speaker in connections.speakers(path, connections.origins.of(path)):
            ways = connections.resolver.ways(call.target, path, speaker)
            if any(found.known for found in ways) or _sends_already(connections, speaker):
                continue
            at = call.at.in_file(path)
            note = Evidence(at, f"{speaker.name} sends mails through {call.library}", Step.CALL)
            deployed = [c for c in connections.components.services() if c.technology == MAIL]
            if len(deployed) > 1:
                continue
            server = deployed[0] if deployed else None
            server = server or connections.targets.outside(NodeKind.EXTERNAL, MAIL, MAIL)
            connections.connect(speaker, server, (note,), Confidence.MEDIUM)


def _sends_already(connections: Connections, speaker: Component) -> bool:
    """An address or a library has told who takes its mails."""
    reached = connections.trails.targets_from(speaker.id)
    found = [c for c in map(connections.by_id, reached) if c is not None]
    return any(c.technology == MAIL or _is_mail_host(c) for c in found)


def _is_mail_host(component: Component) -> bool:
    first = component.name.partition(".")[0].partition("-")[0]
    return component.kind is NodeKind.EXTERNAL and first in (PROTOCOL, MAIL)
