"""Who opens a connection to whom: calls, stores, messages, and what the deployment tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind, Origin, Reach, Unresolved
from scaleaudit.facts import (
    MessageReceived,
    MessageSent,
    RemoteCall,
    SettingDefined,
    SettingRead,
    StoreUsed,
)
from scaleaudit.findings import Confidence, Evidence
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.component import Component
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.resolution import profile_rank, relaxed
from scaleaudit.linking.settings_connections import is_needed, of_setting, read_by_framework
from scaleaudit.linking.technologies import CARRIED_BY, EMBEDDED, KINDS
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.origins import Origins
    from scaleaudit.linking.resolution import Resolved, Resolver
    from scaleaudit.linking.targets import Targets
    from scaleaudit.linking.trails import Trails
    from scaleaudit.source import Location
    from scaleaudit.values import Value

WORKER_WORDS = re.compile(
    r"(^|[-_ /])(workers?|celery|sidekiq|consumer|jobs?|queue|beat|clock|scheduler|resque|rq)([-_ ]|$)"
)
HOST_KEY = re.compile(r"(HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVERS|BROKERS?|DSN)$")
CLIENT_NAME = re.compile(r"^[A-Za-z][\w-]*$")


class Connections:
    """Fills `trails` with service-level edges; keeps what could not be resolved."""

    def __init__(
        self,
        index: FactsIndex,
        components: Components,
        resolver: Resolver,
        targets: Targets,
        origins: Origins,
        trails: Trails,
    ) -> None:
        self._index, self._components, self._resolver = index, components, resolver
        self._targets, self._origins, self._trails = targets, origins, trails
        self.unresolved: list[Unresolved] = []
        self.reaches: list[Reach] = []
        self._carriers: dict[tuple[str, str], tuple[tuple[Evidence, ...], Confidence]] = {}
        self._called_by_code: set[tuple[str, str]] = set()
        self.topics: dict[tuple[str, str], Component] = {}
        self.databases: dict[str, set[tuple[str, str]]] = {}  # application -> (node, database name)
        self._calls()
        self._stores()
        self._settings()
        self._environments()
        self._messages()
        self._add_silent_carriers()

    # -- who speaks

    def speakers(self, path: str, origin: Origin | None = None) -> list[Component]:
        """The components that run the code of a file.

        Of an application with a web and a worker process, jobs run in the worker and handlers in
        the web; what both load counts for both.
        """
        if self._index.role(path) is not Role.SOURCE:
            return []
        owners = [c for c in self._components.owning(path) if c.kind is NodeKind.SERVICE]
        if len(owners) < 2 or origin is None:
            return owners
        workers = [c for c in owners if is_worker(c)]
        others = [c for c in owners if c not in workers]
        if not workers or not others:
            return owners[:1]
        if origin is Origin.JOB:
            return workers[:1]
        return others[:1] if origin is Origin.HANDLER else [others[0], *workers[:1]]

    # -- calls in code

    def _calls(self) -> None:
        for path, call in self._index.of(RemoteCall):
            at = call.at.in_file(path)
            for speaker in self.speakers(path, self._origins.of(path)):
                found = self._resolver.resolve(call.target, path, speaker)
                self._keep(speaker, call.library, call.protocol, found, at)
                note = Evidence(at, f"{speaker.name} calls through {call.library}")
                self._call(speaker, found, note, call)

    def _call(self, speaker: Component, found: Resolved, note: Evidence, call: RemoteCall) -> None:
        what = f"{call.library} {call.method}".strip()
        if not found.known:
            reason = found.why_not or "the address is not in the source"
            self.unresolved.append(Unresolved(speaker.id, what, reason, note.at))
            return
        for address in self._addresses(found.text):
            reached = self._targets.reach(address)
            if reached is None:
                if address.host and not address.is_loopback:
                    continue
                reason = (
                    "it leads to the caller's own host" if address.is_loopback else "no host in it"
                )
                self.unresolved.append(Unresolved(speaker.id, what, reason, note.at))
                continue
            target, sure = reached
            if found.from_default and sure is Confidence.LOW:
                continue  # an unknown host that only a default names proves nothing
            kind = (
                EdgeKind.CALLS
                if target.kind in (NodeKind.SERVICE, NodeKind.EXTERNAL)
                else EdgeKind.USES
            )
            self._trails.add(speaker.id, target.id, kind, (note, *found.trail), sure)
            self._called_by_code.add((speaker.application, target.id))

    def _keep(
        self, speaker: Component, library: str, technology: str, found: Resolved, at: Location
    ) -> None:
        """What the rules on addresses look at."""
        address = next(iter(self._addresses(found.text)), None) if found.known else None
        reached = self._targets.by_name(address.host) if address and address.host else None
        self.reaches.append(
            Reach(
                component=speaker.id,
                library=library,
                technology=technology or (address.technology if address else ""),
                address=found.text,
                host=address.host if address else "",
                target=reached.id if reached else "",
                configured=found.configured,
                from_default=found.from_default,
                at=at,
                trail=found.trail,
                origin=self._origins.of(at.path),
            )
        )

    def _addresses(self, text: str) -> list[Address]:
        if CLIENT_NAME.match(text) or text.startswith("lb://"):
            text = f"http://{text.removeprefix('lb://')}"
        if text.startswith("{}"):
            return []
        return parse_addresses(text)

    # -- connections to stores in code

    def _stores(self) -> None:
        for path, store in self._index.of(StoreUsed):
            at = store.at.in_file(path)
            # A connection is opened where the settings are loaded: by every process of the code,
            # unless the file belongs to the jobs.
            origin = self._origins.of(path)
            speakers = self.speakers(path, origin if origin is Origin.JOB else None)
            told = {s.id: self._resolver.resolve(store.address, path, s) for s in speakers}
            handed_in = any(f.known and f.configured and not f.from_default for f in told.values())
            for speaker in speakers:
                found = told[speaker.id]
                self._keep(speaker, store.library, store.technology, found, at)
                if handed_in and (not found.known or found.from_default):
                    if not found.hidden:
                        continue  # its siblings are given the address, this process is not
                    found = next(f for f in told.values() if f.known and not f.from_default)
                database = ""
                if store.database is not None:
                    named = self._resolver.resolve(store.database, path, speaker)
                    database = named.text if named.known else ""
                note = Evidence(
                    at, f"{speaker.name} connects through {store.library or store.technology}"
                )
                carries = store.library in CARRIED_BY or store.technology in CARRIED_BY
                evidence = (note, *found.trail)
                self._store(speaker, store.technology, found, database, evidence, carries=carries)

    def _store(
        self,
        speaker: Component,
        technology: str,
        found: Resolved,
        database: str,
        evidence: tuple[Evidence, ...],
        *,
        implied: bool = True,
        carries: bool = False,
    ) -> bool:
        """An edge for each address of a store; what is not told is implied by the technology.

        `carries`: it only carries the messages of a job queue, whose own edges say more.
        """
        if technology in EMBEDDED:
            return False
        for address in parse_addresses(found.text) if found.known else ():
            if address.technology in EMBEDDED:
                return False
            reached = self._targets.reach(address, technology)
            if reached is None:
                continue
            target, sure = reached
            if target.kind is NodeKind.EXTERNAL and found.from_default:
                continue
            self._called_by_code.add((speaker.application, target.id))
            if carries:
                self._carriers[speaker.id, target.id] = (evidence, sure)
            else:
                self._connect(speaker, target, evidence, sure, database or address.path.strip("/"))
            implied = False
        if not implied:
            return True
        target_or_none = self._targets.implied(technology, speaker) if technology else None
        if target_or_none is None:
            return False
        self._connect(speaker, target_or_none, evidence, Confidence.MEDIUM, database)
        return True

    def _connect(
        self,
        speaker: Component,
        target: Component,
        evidence: tuple[Evidence, ...],
        sure: Confidence,
        database: str = "",
    ) -> None:
        if target.kind is NodeKind.DATABASE:
            self.databases.setdefault(speaker.application, set()).add((target.id, database))
            detail = database
        else:
            detail = ""
        kind = (
            EdgeKind.CALLS
            if target.kind in (NodeKind.SERVICE, NodeKind.EXTERNAL)
            else EdgeKind.USES
        )
        self._trails.add(speaker.id, target.id, kind, evidence, sure, detail)

    # -- connections that settings files and deployments tell

    def _settings(self) -> None:
        """Keys whose meaning a framework fixes: `spring.datasource.url`, Rails' database.yml."""
        best: dict[tuple[str, str], tuple[int, str, SettingDefined]] = {}
        for path, setting in self._index.of(SettingDefined):
            if (
                setting.source not in ("spring", "rails", "dotnet")
                or self._index.role(path) is not Role.SOURCE
            ):
                continue
            if of_setting(setting.key) is None:
                continue
            speakers = self._components.configured_by(path)
            for speaker in (c for c in speakers if c.kind is NodeKind.SERVICE):
                for_all = path.rpartition("/")[2].startswith("application")
                if for_all and not is_below(path, speaker.root or ""):
                    needs = self._components.dependencies_of(speaker)
                    if needs and not is_needed(setting.key, needs):
                        continue
                key = (speaker.id, relaxed(setting.key))
                rank = profile_rank(path, setting)
                if key not in best or rank < best[key][0]:
                    best[key] = (rank, path, setting)
        for (speaker_id, _), (_, path, setting) in sorted(best.items(), key=lambda item: item[0]):
            meaning = of_setting(setting.key)
            owner = next(c for c in self._components.all if c.id == speaker_id)
            value = self._own_environment(owner, setting.key) or setting.value
            found = self._resolver.resolve(value, path, owner)
            self._keep(owner, setting.source, meaning or "", found, setting.at.in_file(path))
            note = Evidence(setting.at.in_file(path), f"{setting.key} of {owner.name}")
            if meaning is not None:
                self._follow(owner, found, (note, *found.trail), meaning)

    def _own_environment(self, owner: Component, key: str) -> Value | None:
        given = self._resolver.environment(owner, key)
        return given[0] if given else None

    def _follow(
        self, owner: Component, found: Resolved, evidence: tuple[Evidence, ...], technology: str
    ) -> None:
        if technology in KINDS or technology in CARRIED_BY:
            self._store(owner, technology, found, "", evidence, implied=False)
            return
        for address in parse_addresses(found.text) if found.known else ():
            reached = self._targets.reach(address)
            if reached is None or reached[1] is Confidence.LOW:
                continue
            target, sure = reached
            self._connect(owner, target, evidence, sure, address.path.strip("/"))

    def _environments(self) -> None:
        """An address in a workload's environment.

        Surely a connection where the code reads that variable, or a framework does. One that was
        written for this workload alone is believed with medium confidence, since code may read
        settings in ways that no table knows; one out of a file that several share is not.
        """
        read: dict[str, set[str]] = {}
        for path, fact in self._index.of(SettingRead):
            for owner in self._components.owning(path):
                read.setdefault(owner.application, set()).add(relaxed(fact.key))
        for component in list(self._components.all):
            keys = read.get(component.application, set())
            for workload in component.workloads:
                for name, (value, at) in sorted(workload.environment.items()):
                    if value is not None:
                        shared = name in workload.shared_names
                        self._environment(component, keys, name, value, at, shared=shared)

    def _environment(
        self,
        component: Component,
        keys: set[str],
        name: str,
        value: Value,
        at: Location,
        *,
        shared: bool,
    ) -> None:
        found = self._resolver.resolve(value, at.path, component)
        if not found.known:
            return
        is_read = relaxed(name) in keys or read_by_framework(name)
        if shared and not is_read:
            return  # handed to many; that this one uses it, nothing says
        for address in parse_addresses(found.text):
            bare = not address.scheme and address.port is None
            if bare and not HOST_KEY.search(name.upper()):
                continue
            target = self._targets.by_name(address.host) if address.host else None
            if target is None and address.technology and not address.is_loopback and address.host:
                reached = self._targets.reach(address)
                target = reached[0] if reached else None
            if target is None or target.id == component.id:
                continue
            if target.application and target.application == component.application:
                continue
            if (component.application, target.id) in self._called_by_code:
                continue  # the code tells which of the application's processes connect to it
            sure = Confidence.HIGH if is_read else Confidence.MEDIUM
            note = Evidence(at, f"{name} of {component.name} holds its address")
            self._connect(component, target, (note, *found.trail), sure, address.path.strip("/")
                          if target.kind is NodeKind.DATABASE else "")  # fmt: skip

    def _add_silent_carriers(self) -> None:
        """Queues' stores whose messages were not seen: connected to, no more is known."""
        for (speaker, target), (evidence, sure) in sorted(self._carriers.items()):
            told = {
                *self._trails.targets_of(speaker, EdgeKind.PUBLISHES),
                *self._trails.targets_of(speaker, EdgeKind.CONSUMES),
            }
            if target not in told:
                self._trails.add(speaker, target, EdgeKind.USES, evidence, sure)

    # -- messages

    def _messages(self) -> None:
        for path, sent in self._index.of(MessageSent):
            for speaker in self.speakers(path, self._origins.of(path)):
                note = Evidence(
                    sent.at.in_file(path), f"{speaker.name} sends through {sent.library}"
                )
                self._message(speaker, sent.technology, sent.topic, path, note, EdgeKind.PUBLISHES)
        for path, received in self._index.of(MessageReceived):
            owners = self.speakers(path)
            workers = [c for c in owners if is_worker(c)] or owners[:1]
            for speaker in workers[:1]:
                note = Evidence(
                    received.at.in_file(path), f"{speaker.name} receives through {received.library}"
                )
                self._message(
                    speaker, received.technology, received.topic, path, note, EdgeKind.CONSUMES
                )

    def _message(
        self,
        speaker: Component,
        technology: str,
        topic: Value,
        path: str,
        note: Evidence,
        kind: EdgeKind,
    ) -> None:
        broker = self._broker(speaker, technology)
        if broker is None:
            return
        self._trails.add(speaker.id, broker.id, kind, (note,), Confidence.HIGH)
        found = self._resolver.resolve(topic, path, speaker)
        if not found.known or "{}" in found.text or len(found.text) > 120:
            return
        node = self.topics.setdefault(
            (broker.id, found.text), Component(found.text, NodeKind.TOPIC, technology)
        )
        self._trails.add(speaker.id, node.id, kind, (note, *found.trail), Confidence.HIGH)
        self._trails.add(broker.id, node.id, EdgeKind.CONTAINS, (note,), Confidence.HIGH)

    def _broker(self, speaker: Component, technology: str) -> Component | None:
        """The broker that the application is connected to, else the one that is deployed."""
        carriers = CARRIED_BY.get(technology, (technology,))
        uses = self._trails.targets_of(speaker.id, EdgeKind.USES)
        carried = [target for source, target in sorted(self._carriers) if source == speaker.id]
        linked = [self._by_id(each) for each in (*carried, *uses)]
        for carrier in carriers:
            for candidate in linked:
                if candidate is not None and candidate.technology == carrier:
                    return candidate
        return self._targets.implied(technology, speaker)

    def _by_id(self, node_id: str) -> Component | None:
        for component in (*self._components.all, *self._targets.made):
            if component.id == node_id:
                return component
        return None


def is_worker(component: Component) -> bool:
    """By its name or its command: a process that takes jobs, not requests."""
    if WORKER_WORDS.search(component.name.lower()):
        return True
    for workload in component.workloads:
        words = " ".join(workload.command).lower().split()
        if any(WORKER_WORDS.search(word) for word in words[:8] if not word.startswith("-")):
            return True
    return False
