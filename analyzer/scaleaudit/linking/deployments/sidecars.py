"""Sidecars that stand beside each process: their names for it are names of the process.

Dapr's daemon runs beside an application (`daprd --app-id stock`) and takes its calls; to the graph
the two are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.deployments.workload import Workload

DAEMON = regex(r"^(daprd|dapr-sidecar)$")
APPLICATION_ID = regex(r"--?app-id[\s=]+['\"]?([\w.-]+)")
BESIDE = regex(r"[-_.](dapr|daprd|sidecar)$")


def without_sidecars(workloads: Iterable[Workload]) -> list[Workload]:
    """The workloads without Dapr's daemons, whose ids become names of what they stand beside."""
    found = list(workloads)
    daemons = [each for each in found if DAEMON.match(image_name(each.image))]
    if not daemons:
        return found
    commands = {each.name: each.command for each in found if each.command}
    apart = {id(each) for each in daemons}
    named: dict[str, list[Workload]] = {}
    for each in found:
        for name in {each.name, *each.aliases}:
            named.setdefault(plain(name), []).append(each)
    # Other files of the deployment change it under the same name.
    called = {plain(each.name) for each in daemons}
    kept = [
        each
        for each in found
        if id(each) not in apart and (each.image or plain(each.name) not in called)
    ]
    stays = {id(each) for each in kept}
    for daemon in daemons:
        words = daemon.command or commands.get(daemon.name, ())
        match = APPLICATION_ID.search(" ".join(words))
        application = match[1] if match is not None else ""
        for name in (BESIDE.sub("", daemon.name), application):
            beside = [each for each in named.get(plain(name), []) if id(each) in stays]
            for each in beside:
                each.aliases |= {application, daemon.name} - {""}
                each.daemon = words
            if beside:
                break
        else:
            kept.append(daemon)  # beside whom is not told
    return kept
