"""Addresses that the code holds or gives to a client, where the request itself says less."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.architecture import Cause, EdgeKind, NodeKind
from scaleaudit.facts import AddressGiven, ConstantDefined, RemoteCall
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.directories import DIRECTORY, add_directory
from scaleaudit.linking.connections.service_names import located
from scaleaudit.linking.connections.state import addresses_in
from scaleaudit.regex import regex
from scaleaudit.values import Join, Name, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved
    from scaleaudit.source import Location

OF_MAIL = regex(r"(?i)mail|smtp")  # libraries whose address no such text is
JAVAMAIL = "javamail"
MAX_ALONE = 3  # addresses in one file that need no call beside them


def add_given_addresses(connections: Connections) -> None:
    """What a client is given is called; a mere text counts where it names a component.

    Where some constant of a file is seen to be called, those that are not are left alone; so are
    all of a list of addresses in a component that makes no call whose target is not known.
    """
    called = _called_constants(connections)
    seen: dict[str, set[str]] = {}
    lists = Counter(
        path
        for path, given in connections.index.of(AddressGiven)
        if not given.library and not _is_path(given)
    )
    asking = {
        each.component
        for each in connections.unresolved
        if each.cause is not Cause.OWN_HOST and not OF_MAIL.search(each.what)
    }
    for path, given in connections.index.of(AddressGiven):
        speakers = connections.speakers(path, connections.origins.of(path))
        if not given.library and len({speaker.application for speaker in speakers}) > 1:
            continue  # a text of a shared library is not each user's
        for speaker in speakers:
            if _is_path(given):
                _add_path(connections, speaker, given, given.at.in_file(path))
                continue
            if speaker.id not in seen:
                evidence = connections.trails.evidence_of(speaker.id)
                seen[speaker.id] = {e.at.path for e in evidence if e.step is Step.CONSTANT}
                seen[speaker.id] |= called.get(speaker.id, set())
            listed = lists[path] > MAX_ALONE and speaker.id not in asking
            if not given.library and (listed or path in seen[speaker.id]):
                continue
            found = connections.resolver.resolve(given.address, path, speaker)
            found = located(connections.resolver, found, path, speaker)
            at = given.at.in_file(path)
            if given.library:
                note = Evidence(at, f"{speaker.name} calls through {given.library}", Step.CALL)
                if given.library == DIRECTORY:
                    add_directory(connections, speaker, found, note)
                    continue
                if given.library == JAVAMAIL and not found.known:
                    # Only the deployment knows whose server, and mails go out all the same.
                    server = connections.targets.outside(NodeKind.EXTERNAL, "mail", "mail")
                    connections.connect(speaker, server, (note,), Confidence.MEDIUM)
                _add_client(connections, speaker, found, note)
            else:
                note = Evidence(at, f"an address in the code of {speaker.name}", Step.CONSTANT)
                _add_text(connections, speaker, found, note)


def _is_path(given: AddressGiven) -> bool:
    return (literal_text(given.address) or "").startswith("/")


def _add_path(
    connections: Connections, speaker: Component, given: AddressGiven, at: Location
) -> None:
    """A path that pages ask their own host for counts where the edge leads it to another part."""
    behind = connections.edge_routes.behind("", literal_text(given.address) or "", speaker)
    if behind is not None:
        note = Evidence(at, f"{speaker.name} asks its own host for this path", Step.CALL)
        connections.connect(speaker, behind[0], (note, behind[1]), behind[2])


def _called_constants(connections: Connections) -> dict[str, set[str]]:
    """By component: the files of constants some of which its calls name, wherever they lead."""
    names: dict[str, set[str]] = {}
    for path, call in connections.index.of(RemoteCall):
        first = call.target.parts[0] if isinstance(call.target, Join) else call.target
        if isinstance(first, Name) and "." in first.name:
            for owner in connections.components.owning(path):
                names.setdefault(first.name, set()).add(owner.id)
    found: dict[str, set[str]] = {}
    for path, constant in connections.index.of(ConstantDefined) if names else ():
        callers = names.get(constant.name, set())
        for owner in connections.components.owning(path) if callers else ():
            if owner.id in callers:
                found.setdefault(owner.id, set()).add(path)
    return found


def _add_client(
    connections: Connections, speaker: Component, found: Resolved, note: Evidence
) -> None:
    for address in addresses_in(found.text) if found.known else ():
        local = connections.local_hosts.meant(address, "", speaker)
        if local is not None:
            trail = (note, *found.trail, local[1])
            connections.connect(speaker, local[0], trail, Confidence.MEDIUM)
            continue
        reached = connections.targets.reach(address, near=speaker)
        if reached is None:
            continue
        target, sure = reached
        if found.from_default and sure is Confidence.LOW:
            continue
        connections.connect(speaker, target, (note, *found.trail), sure)
        connections.told_by_code.add((speaker.application, target.id))


def _add_text(
    connections: Connections, speaker: Component, found: Resolved, note: Evidence
) -> None:
    for address in addresses_in(found.text) if found.known else ():
        target = connections.targets.by_name(address.host, NodeKind.SERVICE, near=speaker)
        if target is None or target.root is None or target.application == speaker.application:
            continue
        if target.id in connections.trails.targets_of(speaker.id, EdgeKind.CALLS):
            continue
        connections.connect(speaker, target, (note, *found.trail), Confidence.MEDIUM)
        connections.told_by_code.add((speaker.application, target.id))
