"""Zuul, Spring Cloud Gateway, Turbine and Hystrix' dashboard: whom their settings make them call.

Zuul routes every application of the registry by its name unless its settings leave some out;
Spring Cloud Gateway does so when its locator is switched on. What an address in the settings
tells stands in `settings`; here is what their names tell, and what is so without a word.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from scaleaudit.architecture import Cause, EdgeKind, NodeKind, Unresolved
from scaleaudit.facts import EndpointServed, SettingDefined, TypeDeclared
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.packaged import packaged
from scaleaudit.linking.connections.state import addresses_in
from scaleaudit.linking.connections.stores import add_store
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.resolution import Resolved
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location

    Settings = dict[str, tuple[SettingDefined, str]]  # by key; with the path of the file

ZUUL = regex(r"(^|:)spring-cloud-(starter-)?(netflix-)?(zuul|sidecar)$")
GATEWAY = regex(r"(^|:)spring-cloud-starter-gateway(-[\w-]+)?$")
TURBINE = regex(r"(^|:)spring-cloud-(starter-)?(netflix-)?turbine(-[\w-]+)?$")
DASHBOARD = regex(r"(^|:)spring-cloud-(starter-)?(netflix-)?hystrix-dashboard$")
CONFIG_CLIENT = regex(r"(^|:)spring-cloud-(starter-config|config-client)$")
SENDS_METRICS = regex(r"(^|:)spring-cloud-(netflix-)?(hystrix|turbine)-amqp$|-turbine-amqp$")
OVER_RABBIT = regex(r"(^|:)spring-cloud-(starter-stream-rabbit|stream-binder-rabbit)$")
STREAMED = regex(r"(^|:)spring-cloud-(starter-)?(netflix-)?(turbine|hystrix)-stream$")
SENT_TO = regex(r"(^|:)spring-cloud-(starter-)?(netflix-)?turbine-(stream|amqp)$")
DATA_REST = regex(r"spring-boot-starter-data-rest|spring-data-rest")
REGISTRIES = ("eureka", "consul", "nacos")
# Programs that register as well, and that no request of a user is for.
NOT_ROUTED = frozenset({
    "turbine", "hystrix-dashboard", "spring-boot-admin", "config-server", "zipkin", "spring-gateway",
    *REGISTRIES,
})  # fmt: skip
_PREFIXES = ("zuul.", "turbine.", "spring.cloud.gateway.", "eureka.client.register")
_ROUTE = regex(r"zuul\.routes\.(?:\[([^\]]+)\]|([^.\[\]]+))(?:\.([\w-]+))?$")
_LOCATOR = regex(r"spring\.cloud\.gateway\.([\w.-]+\.)?discovery\.locator\.enabled$")
_NAMED_ROUTE = regex(r"spring\.cloud\.gateway\.([\w.-]+\.)?routes-?map\..+\.uri$", re.IGNORECASE)
_IGNORED = regex(r"zuul\.ignored-?services(\[\d+\])?$", re.IGNORECASE)
_GATHERED = regex(r"turbine\.app-?config(\[\d+\])?$", re.IGNORECASE)


def add_spring_gateways(connections: Connections) -> None:
    """Edges of gateways to what they route to, of monitors to what they gather from."""
    components = connections.components
    settings = _settings(connections)
    for speaker, at in packaged(connections):
        names = components.dependencies_of(speaker)
        own = settings.get(speaker.id, {})
        if any(ZUUL.search(name) for name in names):
            _add_zuul(connections, speaker, own, at)
        if any(GATEWAY.search(name) for name in names):
            _add_locator(connections, speaker, own)
        if any(TURBINE.search(name) for name in names) and not any(map(SENT_TO.search, names)):
            _add_gathered(connections, speaker, own)
        _add_metrics(connections, speaker, names, at)


def _settings(connections: Connections) -> dict[str, Settings]:
    """What concerns gateways, for each component by its id."""
    found: dict[str, Settings] = {}
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "spring" or not setting.key.startswith(_PREFIXES):
            continue
        if connections.index.role(path) is Role.SOURCE:
            for each in connections.components.configured_by(path):
                found.setdefault(each.id, {}).setdefault(setting.key, (setting, path))
    return found


# -- Zuul


def _add_zuul(connections: Connections, speaker: Component, own: Settings, at: Location) -> None:
    routes: dict[str, dict[str, tuple[SettingDefined, str]]] = {}
    for key, entry in own.items():
        route = _ROUTE.match(key)
        if route is not None:
            routes.setdefault(route[1] or route[2], {})[(route[3] or "").lower()] = entry
    for name, parts in routes.items():
        if not parts.keys() & {"url", "serviceid", "service-id", "location"}:
            setting, path = next(iter(parts.values()))
            note = Evidence(
                setting.at.in_file(path), f"{speaker.name} routes requests to {name}", Step.ROUTE
            )
            _connect(connections, speaker, name, note, Confidence.HIGH)
    ignored = [
        part.strip()
        for key, (setting, _) in own.items()
        if _IGNORED.match(key)
        for part in (literal_text(setting.value) or "*").split(",")
    ]
    if routes and not any(_IGNORED.match(key) for key in own):
        return  # what it also passes on, unasked, is no part of what was written
    if _is_configured_elsewhere(connections, speaker):
        reason = "its configuration stands outside of this repository"
        connections.unresolved.append(
            Unresolved(speaker.id, "zuul routes", reason, at, Cause.SETTING)
        )
        return
    note = Evidence(
        at, f"{speaker.name} routes every registered application by its name", Step.ROUTE
    )
    _add_registered(connections, speaker, ignored, note)


def _add_locator(connections: Connections, speaker: Component, own: Settings) -> None:
    for key, (setting, path) in own.items():
        if _NAMED_ROUTE.match(key):
            found = connections.resolver.resolve(setting.value, path, speaker)
            note = Evidence(setting.at.in_file(path), f"{key} of {speaker.name}", Step.ROUTE)
            for address in addresses_in(found.text) if found.known else ():
                _connect(connections, speaker, address.host, note, Confidence.HIGH)
    for key, (setting, path) in own.items():
        if _LOCATOR.match(key) and (literal_text(setting.value) or "").strip().lower() == "true":
            note = Evidence(
                setting.at.in_file(path),
                f"{speaker.name} routes every registered application by its name",
                Step.ROUTE,
            )
            _add_registered(connections, speaker, [], note)
            return


def _add_registered(
    connections: Connections, speaker: Component, ignored: list[str], note: Evidence
) -> None:
    """To each application of the same registry that answers requests."""
    registries = _registries_of(connections, speaker)
    answering = list(_answering(connections)) if registries and "*" not in ignored else []
    keeping = {each.id for each, keeps in answering if keeps}
    if speaker.id in keeping and any(
        c.technology == speaker.technology and c.id not in keeping
        for c in connections.components.services()
    ):
        return  # it could route, and has data to serve: another one is the gateway
    for each, keeps in answering:
        if each.application == speaker.application:
            continue
        if each.technology in NOT_ROUTED and not keeps:
            continue
        if any(fnmatchcase(name, pattern) for name in each.names for pattern in ignored):
            continue
        if registries & _registries_of(connections, each):
            connections.connect(speaker, each, (note,), Confidence.MEDIUM)


def _answering(connections: Connections) -> Iterator[tuple[Component, bool]]:
    """What serves endpoints, and whether it keeps data of its own that it exposes."""
    serving = {
        c.id
        for path, _ in connections.index.of(EndpointServed)
        for c in connections.components.owning(path)
    }
    keeping = {
        c.id
        for path, declared in connections.index.of(TypeDeclared)
        if declared.entity
        for c in connections.components.owning(path)
    }
    for each in list(connections.components.services()):
        names = connections.components.dependencies_of(each) if each.root is not None else ()
        exposed = each.id in keeping and any(DATA_REST.search(name) for name in names)
        if each.id in serving or exposed:
            yield each, exposed


def _registries_of(connections: Connections, speaker: Component) -> set[str]:
    return {
        target
        for target in connections.trails.targets_of(speaker.id, EdgeKind.CALLS)
        if (each := connections.by_id(target)) is not None and each.technology in REGISTRIES
    }


def _is_configured_elsewhere(connections: Connections, speaker: Component) -> bool:
    """It asks a server for settings, and the repository does not hold what that server answers."""
    names = connections.components.dependencies_of(speaker)
    if not any(CONFIG_CLIENT.search(name) for name in names):
        return False
    return not any(
        not is_below(path, speaker.root or "")
        and speaker in connections.components.configured_by(path)
        for path in dict.fromkeys(
            path
            for path, setting in connections.index.of(SettingDefined)
            if setting.source == "spring"
        )
    )


# -- Hystrix: Turbine gathers what the applications tell, the dashboard shows it


def _add_gathered(connections: Connections, speaker: Component, own: Settings) -> None:
    for key, (setting, path) in own.items():
        if not _GATHERED.match(key):
            continue
        found = connections.resolver.resolve(setting.value, path, speaker)
        note = Evidence(setting.at.in_file(path), f"{speaker.name} gathers its metrics", Step.ROUTE)
        for name in found.text.split(",")[:100] if found.known else ():
            _connect(connections, speaker, name.strip(), note, Confidence.HIGH)


def _add_metrics(
    connections: Connections, speaker: Component, names: list[str], at: Location
) -> None:
    streams = any(STREAMED.search(name) for name in names)
    if any(SENDS_METRICS.search(name) for name in names) or (
        streams and any(OVER_RABBIT.search(name) for name in names)
    ):
        note = Evidence(at, f"Hystrix' metrics of {speaker.name} go over RabbitMQ", Step.DEPENDENCY)
        uses = connections.trails.targets_of(speaker.id, EdgeKind.USES)
        linked = [connections.by_id(target) for target in uses]
        if not any(c is not None and c.technology == "rabbitmq" for c in linked):
            add_store(connections, speaker, "rabbitmq", Resolved("{}"), "", (note,))
    if any(DASHBOARD.search(name) for name in names) and not any(
        TURBINE.search(name) for name in names
    ):
        servers = [c for c in connections.components.services() if c.technology == "turbine"]
        if len(servers) == 1 and servers[0] is not speaker:
            note = Evidence(at, f"{speaker.name} shows what Turbine gathers", Step.DEPENDENCY)
            connections.connect(speaker, servers[0], (note,), Confidence.MEDIUM)


def _connect(
    connections: Connections, speaker: Component, name: str, note: Evidence, sure: Confidence
) -> None:
    target = connections.targets.by_name(name, NodeKind.SERVICE, near=speaker) if name else None
    if target is not None and target.id != speaker.id:
        connections.connect(speaker, target, (note,), sure)
