"""Where people come in: which components they reach from outside, and what says so.

Routes of a cluster's edge and reverse proxies come first; a service that keeps pages for people
counts when its ports are open and no other part of the system stands before it. An open port
alone says little: developers open them to look inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind
from scaleaudit.config_files.kubernetes_gateways import LABEL
from scaleaudit.facts import NetworkName, WorkloadDeclared
from scaleaudit.findings import Evidence
from scaleaudit.linking.components.roles import (
    MIGRATION_WORDS,
    is_worker,
    main_process,
    only_migrates,
)
from scaleaudit.linking.entry_points.answering import Answers
from scaleaudit.linking.entry_points.pages import Pages
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.regex import regex
from scaleaudit.source import Location, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.architecture import Edge
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.reachability import Reachability

MAX_REASONS = 5
# Programs whose work is to let requests in, by technology.
PROXIES = frozenset({
    "nginx", "traefik", "haproxy", "envoy", "caddy", "apache", "kong", "krakend", "apisix", "tyk",
    "spring-gateway", "yarp", "ocelot", "express-gateway",
})  # fmt: skip
PROVIDERS = ("terraform", "serverless")
# A part that its makers call the door of the system.
DOOR_NAME = regex(
    r"(?i)(^|api[-_.]?)(gateway|gw)([-_.]?(service|server|api|app))?$|^(api[-_.]?)?gateway[-_.]"
    r"|^edge([-_.]?(service|server|router|proxy))?$|^(reverse[-_.]?)?proxy$|^ingress"
)
# So are gateways to somebody else called: to payments, to mail.
MAYBE_DOOR = regex(r"(?i)[-_.](gateway|gw|bff)$")
# Programs for those who run a system, not for those whom it is made for.
FOR_OPERATORS = frozenset({
    "eureka", "config-server", "spring-boot-admin", "turbine", "hystrix-dashboard", "prometheus",
    "grafana", "loki", "tempo", "mimir", "pyroscope", "alloy", "promtail", "beats", "vector", "logspout", "graylog",
    "apm-server", "zipkin", "jaeger", "opentelemetry", "alertmanager", "kibana", "logstash", "fluentd",
    "zookeeper", "consul", "nacos", "vault", "etcd", "mail", "pgbouncer", "console", "flower", "aspire", "seq",
})  # fmt: skip
OPERATORS_NAME = regex(
    r"(?i)(^|[-_.])(load[-_.]?(gen(erator)?|test(er|ing)?s?)|locust|k6|jmeter|gatling|artillery"
    r"|traffic[-_.]?gen(erator)?|simulators?|flower|exporter|monitor(ing)?|monitor[-_.]?dashboards?"
    r"|metrics|admin[-_.]?server|(service[-_.]?)?(discovery|registry)([-_.]?(service|server))?"
    r"|config([-_.]?(service|server))?|seq|(otel|opentelemetry)([-_.]?collector)?|collector|playwright|cypress|selenium|e2e|storybook|swagger([-_.]?ui)?|health[-_.]?checks?([-_.]?ui)?)$"
)


def mark_entry_points(
    index: FactsIndex, components: Components, edges: Iterable[Edge], reachability: Reachability
) -> None:
    """Sets `entered` of the components that people reach from outside."""
    answers = Answers(index, components, reachability)
    answering = answers.ids()
    services = [c for c in components.services() if not _for_operators(c) and _serves(c, answering)]
    before = Callers(components, edges)
    pages = Pages(index, components)
    asked_in_one = answers.ids("graphql")
    led_to = {id(c): _routes(index, c) for c in services}
    routed = [c for c in services if led_to[id(c)]]
    for each in routed:
        each.entered = led_to[id(each)][:MAX_REASONS]
    doors = [
        c
        for c in services
        if (is_door(c) or before.parts(c) or (before.gathers(c) and c.id in asked_in_one))
        and c not in routed and _opened(index, c)
    ]  # fmt: skip
    idle = []  # called a door, and it leads nowhere yet: one of those that answer
    if not routed and not any(map(before.calls, doors)):
        apart = [c for c in doors if c.technology not in PROXIES and not before.stands(c)]
        idle = [c for c in apart if answers.passes_none_on(c)]
        doors = [c for c in doors if c not in idle]
    for each in doors:
        if not before.stands(each, [*doors, *routed]):
            made_for = _note(index, each, "lets requests in")
            each.entered = [made_for, *_opened(index, each)][:MAX_REASONS]
    first = [*doors, *routed]
    # Pages that nobody of the system asks for are there for people, whatever leads to them.
    for each in services:
        of_it = [c for c in services if c.application == each.application]
        if (
            each.technology in FRONT_ENDS
            and not each.entered
            and before.calls(each)
            and not before.stands(each)
            and main_process(of_it) is each
        ):
            each.entered = [_note(index, each, "keeps pages for people"), *_opened(index, each)]
    outer = [c for c in services if not c.entered and _opened(index, c) and not before.stands(c)]
    for each in outer:
        kept = pages.of(each, sure=bool(first))
        if kept:
            each.entered = [*kept, *_opened(index, each)][:MAX_REASONS]
    # Others call it too; its start page is for people all the same, where no door leads to it.
    called = [c for c in services if not c.entered and before.stands(c) and _opened(index, c)]
    for each in called if not first else ():
        kept = pages.kept_by(each)
        if kept:
            each.entered = [*kept, *_opened(index, each)][:MAX_REASONS]
    for each in outer if not any(c.entered for c in services) else ():
        if any(w.balanced or _by_provider(w) for w in each.workloads):
            each.entered = _opened(index, each)[:MAX_REASONS]
    if not any(c.entered for c in services):
        _mark_unopened(index, services, idle, answering, before, pages)


def _mark_unopened(
    index: FactsIndex,
    services: list[Component],
    idle: list[Component],
    serving: set[str],
    before: Callers,
    pages: Pages,
) -> None:
    """Nothing says what is open: what is made to be a door, or to be seen, or stands alone."""
    doors = [c for c in services if (is_door(c) or before.parts(c)) and c not in idle]
    for each in doors:
        if not before.stands(each):
            each.entered = [_note(index, each, "lets requests in")]
    for each in services if not doors else ():
        if not before.stands(each):
            each.entered = pages.of(each, sure=True)
    if any(c.entered for c in services):
        return
    own = [c for c in services if c.root is not None]
    published = [c for c in services if any(w.published for w in c.workloads)]
    whole = own if len({c.application for c in own}) == 1 else []
    answering = [c for c in own if c.id in serving]
    for group in (
        [c for c in published if c in answering],
        [c for c in whole if c in answering and c not in published],
        [c for c in published if c in own],
        published if not answering else [],  # beside programs of ours others only serve these
        answering if len(answering) == 1 else [],
    ):
        if group:
            only = main_process(group) if len({c.application for c in group}) == 1 else None
            if only is not None:
                only.entered = [_note(index, only, "the only part that serves outside requests")]
            for each in group if only is None else ():
                if each in answering and not before.stands(each):
                    note = "it answers requests, and no part of the system asks it"
                    each.entered = [_note(index, each, note), *_opened(index, each)][:MAX_REASONS]
            return


class Callers:
    """Who calls whom, without those who only watch or try out."""

    def __init__(self, components: Components, edges: Iterable[Edge]) -> None:
        by_id = {c.id: c for c in components.services()}
        self._into: dict[str, list[Component]] = {}
        self._out_of: dict[str, list[str]] = {}
        for edge in edges:
            source, target = by_id.get(edge.source), by_id.get(edge.target)
            if edge.kind is not EdgeKind.CALLS or source is None or target is None:
                continue
            if _for_operators(source) or _for_operators(target):
                continue
            self._out_of.setdefault(source.id, []).append(target.id)
            if source.application != target.application:
                self._into.setdefault(target.id, []).append(source)

    def stands(self, component: Component, among: list[Component] | None = None) -> bool:
        """Another component stands before it; one that it reaches itself only calls back."""
        callers = self._into.get(component.id, ())
        if not callers:
            return False
        below = self._below(component)
        return any(c.id not in below and (among is None or c in among) for c in callers)

    def calls(self, component: Component) -> bool:
        return bool(self._out_of.get(component.id))

    def parts(self, component: Component) -> bool:
        """By its name it may be a door, and it hands requests out to several that it is first of."""
        if not MAYBE_DOOR.search(component.name) or self.stands(component):
            return False
        return len(set(self._out_of.get(component.id, ()))) > 1

    def gathers(self, component: Component) -> bool:
        """It hands requests out to several, as a GraphQL server before services does."""
        targets = set(self._out_of.get(component.id, ()))
        return component.root is not None and len(targets) > 1 and not self.stands(component)

    def _below(self, component: Component) -> set[str]:
        seen: set[str] = set()
        waiting = [component.id]
        while waiting:
            for target in self._out_of.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen


def is_door(component: Component) -> bool:
    """A reverse proxy or gateway, by what it is made with or what it is called."""
    known = component.technology in PROXIES or component.name.lower() in PROXIES
    return known or DOOR_NAME.search(component.name) is not None


def _for_operators(component: Component) -> bool:
    by_name = OPERATORS_NAME.search(component.name) is not None
    return component.technology in FOR_OPERATORS or by_name


def _serves(component: Component, answering: set[str]) -> bool:
    """Some workload of it stays and answers; jobs and takers of messages do not, unless they are
    open: a waiting room may be called a queue."""
    if only_migrates(component) or MIGRATION_WORDS.search(component.name):
        return False
    opened = component.id in answering and any(w.fact.published for w in component.workloads)
    if is_worker(component) and not is_door(component) and not opened:
        return False
    kinds = {w.fact.kind for w in component.workloads}
    return not kinds or "service" in kinds


def _opened(index: FactsIndex, component: Component) -> list[Evidence]:
    """What opens it to outside; a component that nothing deploys counts as open."""
    if not component.workloads:
        return [_note(index, component, "nothing says where it runs")]
    balanced = [note for w in component.workloads for note in w.balanced]
    return balanced + [
        Evidence(w.at, "its ports are open to outside")
        for w in component.workloads
        if w.fact.published
    ]


def _routes(index: FactsIndex, component: Component) -> list[Evidence]:
    """The edge's routes to it; by its name alone where a build makes its manifests."""
    if component.workloads:
        return [note for w in component.workloads for note in w.routes]
    names = {plain(name) for name in component.names}
    gateways = {dict(w.labels).get(LABEL) for _, w in index.of(WorkloadDeclared)}
    return [
        Evidence(route.at.in_file(path), f"the cluster's edge leads to {route.name}")
        for path, route in index.of(NetworkName)
        if route.published
        and not route.selector
        and plain(route.name) in names
        and gateways.isdisjoint(route.through)
        and index.role(path) is Role.SOURCE
    ]


def _by_provider(workload: Workload) -> bool:
    """A provider's load balancer or router leads to it."""
    return workload.fact.published and workload.fact.source in PROVIDERS


def _note(index: FactsIndex, component: Component, text: str) -> Evidence:
    """At its declaration, else at the first file of its folder."""
    at = component.at
    if at is None:
        inside = (path for path in index.files if is_below(path, component.root or ""))
        at = Location(min(inside, default="."), 1)
    return Evidence(at, f"{component.name}: {text}")
