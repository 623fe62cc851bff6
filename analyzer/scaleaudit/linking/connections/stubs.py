"""Generated clients: a stub speaks to the one component that serves its service."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.architecture import Cause, EdgeKind, Unresolved
from scaleaudit.facts import EndpointServed, StubMade
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.components.roles import main_process, process_for
from scaleaudit.linking.endpoints.remote_services import served_name, short
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location

    Servers: TypeAlias = dict[str, tuple[Component, Location]]  # by id

PROXIES = frozenset({"envoy", "nginx", "traefik", "haproxy", "caddy", "kong", "apisix"})
MAX_HOPS = 3  # imports, from the client package of a server to whom it is made for
MAX_FILES = 2_000


def add_stubs(connections: Connections) -> None:
    """An edge for each stub whose service one application of the repository alone serves."""
    servers = serving(connections)
    importers = importers_of(connections) if servers else {}
    settled: dict[str, bool] = {}  # speaker -> whether each of its stubs has found its server
    for path, stub in connections.index.of(StubMade):
        found = servers.get((stub.protocol, short(stub.service)))
        if not found:
            continue
        at = stub.at.in_file(path)
        for speaker in clients(connections, path, found, importers):
            target = server_for(connections, speaker, found)
            if target is not None and speaks_to_proxy(connections, speaker, target, path):
                continue
            settled[speaker.id] = settled.get(speaker.id, True) and target is not None
            if target is None:
                names = ", ".join(sorted(server.name for server, _ in found.values()))
                reason = f"more than one component serves it: {names}"
                what = f"{stub.protocol} {stub.service}"
                connections.unresolved.append(
                    Unresolved(speaker.id, what, reason, at, Cause.AMBIGUOUS)
                )
                continue
            only = "is the only server of" if len(found) == 1 else "serves"
            evidence = (
                Evidence(at, f"{speaker.name} makes a client of {stub.service}", Step.CALL),
                Evidence(found[target.id][1], f"{target.name} {only} {stub.service}", Step.TARGET),
            )
            connections.connect(speaker, target, evidence, Confidence.MEDIUM)
            connections.told_by_code.add((speaker.application, target.id))
    settle(connections, {speaker for speaker, all_found in settled.items() if all_found})


def speaks_to_proxy(
    connections: Connections, speaker: Component, target: Component, path: str
) -> bool:
    """The file that makes the client says where it calls: a proxy, and not the server itself."""
    called = {
        each
        for each in connections.trails.targets_of(speaker.id, EdgeKind.CALLS)
        if any(e.at.path == path for e in connections.trails.evidence_between(speaker.id, each))
    }
    kinds = {c.id: c.technology for c in connections.components.services()}
    return target.id not in called and any(kinds.get(each) in PROXIES for each in called)


def settle(connections: Connections, done: set[str]) -> None:
    """What channels leave open is answered where each stub of a component has found its server."""
    connections.unresolved[:] = [
        each
        for each in connections.unresolved
        if each.component not in done or not each.what.startswith("grpc")
    ]
    for each in connections.doubtful:
        if each.speaker.id not in done:
            target = connections.targets.external(each.host)
            connections.connect(each.speaker, target, each.evidence, Confidence.LOW)


def serving(connections: Connections) -> dict[tuple[str, str], Servers]:
    """(protocol, short name of a service) -> the components that serve it, and where each does."""
    found: dict[tuple[str, str], Servers] = {}
    for path, served in connections.index.of(EndpointServed):
        name = served_name(served)
        if not name or connections.index.role(path) is not Role.SOURCE:
            continue
        for owners in connections.reachability.owners(path):
            owner = process_for(owners, served.protocol)
            if owner is not None:
                at = served.at.in_file(path)
                found.setdefault((served.protocol, name), {}).setdefault(owner.id, (owner, at))
    return found


def clients(
    connections: Connections, path: str, found: Servers, importers: dict[str, list[str]]
) -> list[Component]:
    """The components that run the code of a file and do not serve the service themselves.

    A server may publish a client of its own: then those whose code imports it.
    """
    servers = {server.application for server, _ in found.values()}
    speakers = connections.speakers(path, connections.origins.of(path))
    outside = {c.id: c for c in speakers if c.application not in servers}
    if speakers and not outside:
        for user in users_of(path, importers):
            for c in connections.speakers(user, connections.origins.of(user)):
                if c.application not in servers:
                    outside.setdefault(c.id, c)
    return list(outside.values())


def users_of(path: str, importers: dict[str, list[str]]) -> Iterator[str]:
    seen = {path}
    border = [path]
    for _ in range(MAX_HOPS):
        border = [user for each in border for user in importers.get(unit(each), ())
                  if user not in seen]  # fmt: skip
        seen.update(border)
        yield from border
        if len(seen) > MAX_FILES:
            return


def importers_of(connections: Connections) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, targets in connections.origins.imports.items():
        for target in targets:
            found.setdefault(unit(target), []).append(source)
    return found


def unit(path: str) -> str:
    """What is imported: a file, in Go the folder of a package."""
    return folder_of(path) if path.endswith(".go") else path


def server_for(connections: Connections, speaker: Component, found: Servers) -> Component | None:
    """The one that serves; of several the one that the speaker is known to call."""
    if len({server.application for server, _ in found.values()}) > 1:
        called = set(connections.trails.targets_of(speaker.id, EdgeKind.CALLS))
        found = {key: server for key, server in found.items() if key in called}
    applications = {server.application for server, _ in found.values()}
    return (
        main_process([server for server, _ in found.values()]) if len(applications) == 1 else None
    )
