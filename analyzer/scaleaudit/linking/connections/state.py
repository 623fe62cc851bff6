"""What the parts of this package share: the questions they ask and the edges they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import EdgeKind, NodeKind, Origin, Reach, Unresolved
from scaleaudit.facts import EndpointServed
from scaleaudit.findings import Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.components.development_servers import serves_for_development
from scaleaudit.linking.components.go_processes import running
from scaleaudit.linking.components.roles import (
    aside,
    instead_of,
    is_worker,
    only_migrates,
    only_schedules,
    starts,
)
from scaleaudit.linking.facts_index import is_shadowed
from scaleaudit.linking.technologies import COMPATIBLE, FRONT_ENDS
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.findings import Confidence, Evidence
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.started_programs import StartedPrograms
    from scaleaudit.linking.connections.edge_routes import EdgeRoutes
    from scaleaudit.linking.connections.local_hosts import LocalHosts
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.origins import Origins
    from scaleaudit.linking.imports.reachability import Reachability
    from scaleaudit.linking.resolution import Resolved, Resolver
    from scaleaudit.linking.targets import Targets
    from scaleaudit.linking.trails import Trails
    from scaleaudit.source import Location
# What a settings module takes in whole, and each deployment has its own of.
OWN_SETTINGS = regex(
    r"(?:^|\.)(?:local_?settings|settings_?local|(?:production|private|site|user|custom)_settings"
    r"|settings_(?:production|private|site|user|custom))$"
)
BY_HAND = regex(r"^(.+/)?(scripts|hack|dev-?tools|\.[\w-]+)(/|$)")
# What only a server for trying pages out reads, whatever it passes requests on to.
DEVELOPMENT_SERVER = regex(
    r"(^|/)(setupProxy|(vite|vue|craco|rspack|rsbuild|farm)\.config|webpack\.[\w.-]*(dev|serve)[\w.-]*)"
    r"\.[cm]?[jt]s$"
)
INVOKED = regex(r"/v1\.0/invoke/([\w.-]+)/method\b")
CLIENT_NAME = regex(r"^[A-Za-z][\w-]*$")


def is_overridden(index: FactsIndex, found: Resolved) -> bool:
    """The address is a default: the module of settings around it takes in a deployment's own."""
    named = (each.at.path for each in found.trail if each.step is Step.CONSTANT)
    return any(
        ("*", "") in fact.names and OWN_SETTINGS.search(fact.module) is not None
        for path in dict.fromkeys(named)
        for fact in index.imports_of(path)
    )


class Doubtful(Gathering):
    """A gRPC channel to a host that nothing of the repository is called by.

    A registry of services may know it by that name, so its stubs say more than its host.
    """

    speaker: Component
    host: str
    evidence: tuple[Evidence, ...]
    what: str


class Connections(Gathering):
    """Service-level edges go to `trails`; what could not be resolved is kept with its reason."""

    index: FactsIndex
    components: Components
    resolver: Resolver
    targets: Targets
    origins: Origins
    trails: Trails
    reachability: Reachability
    local_hosts: LocalHosts
    edge_routes: EdgeRoutes
    go_programs: frozenset[str]  # the folders of main packages
    started: StartedPrograms
    unresolved: list[Unresolved] = msgspec.field(default_factory=list)
    reaches: list[Reach] = msgspec.field(default_factory=list)
    topics: dict[tuple[str, str], Component] = msgspec.field(default_factory=dict)
    # application -> (node, database name)
    databases: dict[str, set[tuple[str, str]]] = msgspec.field(default_factory=dict)
    # stores that only carry the messages of a job queue, whose own edges say more
    carriers: dict[tuple[str, str], tuple[tuple[Evidence, ...], Confidence]] = msgspec.field(
        default_factory=dict
    )
    # (application, technology as the code names it) -> what its address leads to
    addressed: dict[tuple[str, str], str] = msgspec.field(default_factory=dict)
    not_chosen: set[tuple[str, str]] = msgspec.field(default_factory=set)  # the same, of no address
    # (component, channel) of messages that do not leave the process
    inner_channels: set[tuple[str, str]] = msgspec.field(default_factory=set)
    doubtful: list[Doubtful] = msgspec.field(default_factory=list)
    told_by_code: set[tuple[str, str]] = msgspec.field(default_factory=set)  # (application, target)
    servers: dict[str, Component] | None = None  # once asked for

    def only_server(self) -> Component | None:
        """The one program of the repository that answers requests, pages left out."""
        if self.servers is None:
            self.servers = {
                each.id: each
                for path, _ in self.index.of(EndpointServed)
                for each in self.components.owning(path)
                if each.root is not None and each.technology not in FRONT_ENDS
            }
        return next(iter(self.servers.values())) if len(self.servers) == 1 else None

    def deployed_stores(self) -> set[str]:
        """The technologies of databases that some deployment starts."""
        kept = (c for c in self.components.all if c.workloads and c.kind is NodeKind.DATABASE)
        return {name for c in kept for name in (c.technology, COMPATIBLE.get(c.technology, ""))}

    def speakers(
        self, path: str, origin: Origin | None = None, *, migrations: bool = False
    ) -> list[Component]:
        """The components that run the code of a file.

        Of an application with a web and a worker process, jobs run in the worker and handlers in
        the web; what both load counts for both. A file that a command names is run by it alone. A
        library of several applications runs in those that load the file. `migrations`: also those
        that only migrate the schema, which speak to the database and to nobody else.
        """
        if self.index.role(path) is not Role.SOURCE or is_shadowed(path, self.index.files):
            return []
        tried_out = DEVELOPMENT_SERVER.search(path) is not None
        if self.origins.builds(path):
            return []
        found: list[Component] = []
        for group in self.reachability.owners(path):
            owners = [
                c
                for c in group
                if c.kind is NodeKind.SERVICE
                and (migrations or not only_migrates(c))
                and (not by_hand(c, path) or starts(c, path))
                and (not tried_out or serves_for_development(c, self.index))
            ]
            found += self._running(path, owners, origin)
        return found

    def processes(self, path: str) -> list[Component]:
        """Of those that own a file the processes that run it."""
        return self.started.running(path, self.components.owning(path))

    def _running(
        self, path: str, owners: list[Component], origin: Origin | None
    ) -> list[Component]:
        """Of the processes of one application those that run the file."""
        owners = self.started.running(path, running(path, owners, self.go_programs))
        if len(owners) < 2 or origin is None:
            return owners
        owners = sorted(owners, key=aside)
        started = [c for c in owners if starts(c, path)]
        if started:
            return started
        workers = sorted((c for c in owners if is_worker(c)), key=only_schedules)
        others = [c for c in owners if c not in workers]
        if not workers or not others:
            return [owners[0], *(c for c in owners[1:] if instead_of(c, owners[0]))]
        if origin is Origin.JOB:
            return workers[:1]
        if origin is Origin.HANDLER and not self.origins.also_in_jobs(path):
            return others[:1]
        return [others[0], *workers[:1]]

    def keep(
        self, speaker: Component, library: str, technology: str, found: Resolved, at: Location
    ) -> None:
        """What the rules on addresses look at."""
        address = next(iter(addresses_in(found.text)), None) if found.known else None
        reached = (
            self.targets.by_name(address.host, near=speaker) if address and address.host else None
        )
        self.reaches.append(
            Reach(
                component=speaker.id,
                library=library,
                technology=technology or (address.technology if address else ""),
                address=found.text,
                host=address.host if address else "",
                target=reached.id if reached else "",
                configured=found.configured or is_overridden(self.index, found),
                from_default=found.from_default,
                at=at,
                trail=found.trail,
                origin=self.origins.of(at.path),
            )
        )

    def connect(
        self,
        speaker: Component,
        target: Component,
        evidence: tuple[Evidence, ...],
        sure: Confidence,
        database: str = "",
    ) -> None:
        """An edge of the kind that the target asks for; a database keeps which one of its own."""
        detail = ""
        if target.kind is NodeKind.DATABASE and not self.targets.is_assumed(target):
            self.databases.setdefault(speaker.application, set()).add((target.id, database))
            detail = database
        kind = (
            EdgeKind.CALLS
            if target.kind in (NodeKind.SERVICE, NodeKind.EXTERNAL)
            else EdgeKind.USES
        )
        self.trails.add(speaker.id, target.id, kind, evidence, sure, detail)

    def by_id(self, node_id: str) -> Component | None:
        for component in (*self.components.all, *self.targets.made):
            if component.id == node_id:
                return component
        return None


def addresses_in(text: str) -> list[Address]:
    """The addresses of a resolved text; a bare client name is the host it is called by."""
    beside = INVOKED.search(text)
    if beside is not None:  # Dapr's daemon passes it on
        text = beside[1]
    if CLIENT_NAME.match(text) or text.startswith("lb://"):
        text = f"http://{text.removeprefix('lb://')}"
    return [] if text.startswith("{}") else parse_addresses(text)


def by_hand(component: Component, path: str) -> bool:
    """In a folder of scripts for those who work on the code, as seen from the component's folder."""
    relative = path.removeprefix(f"{component.root}/") if component.root else path
    return BY_HAND.search(relative.rpartition("/")[0]) is not None
