"""Who is behind the edge of the system, for those inside that ask through it.

Pages that the cluster's edge leads to ask their own host for `/api/orders`: whom an Ingress passes
that path on to is asked. So is who calls the edge by its name. A proxy that reads labels of
containers answers for the hosts that these labels name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import NetworkName
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.labelled import controllers
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.source import Location, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.targets import Targets

RULE = regex(r"(?i)^traefik\.http\.routers\.[^.]+\.rule$|^traefik\.frontend\.rule$")
HOST_IN_RULE = regex(r"Host(?:Header)?\([^()]{1,500}\)|^Host:[\w.,-]{1,500}")
HOST = regex(r"[\w-]+(?:\.[\w-]+)+")
EXPRESSION = regex(
    r"[(*?\[\\^$+|].*"
)  # `/api/orders(/|$)(.*)`: what begins an expression in a path
# What controllers of Ingresses are called, as their charts have it.
CONTROLLER = regex(r"^(?:[\w-]+-)?(?:ingress-nginx|nginx-ingress)(?:-controller)?$|^traefik$")
CLUSTER = ".svc"


class Route(Record, frozen=True):
    """A path of an Ingress in a file, and whom it leads to."""

    file: str
    host: str
    parts: tuple[str, ...]
    target: Component
    at: Location


class EdgeRoutes:
    """Made when first asked."""

    def __init__(self, index: FactsIndex, components: Components, targets: Targets) -> None:
        self._index, self._components, self._targets = index, components, targets
        self._found: list[Route] | None = None
        self._proxies: dict[str, tuple[Component, Location]] | None = None

    def behind(
        self, host: str, path: str, speaker: Component
    ) -> tuple[Component, Evidence, Confidence] | None:
        """Whom a request from inside reaches; `host`: empty for a path that pages ask for."""
        if host:
            proxy = self._proxy(host)
            if proxy is not None and proxy[0].id != speaker.id:
                note = Evidence(proxy[1], f"{proxy[0].name} takes requests for {host}", Step.ROUTE)
                return proxy[0], note, Confidence.HIGH
        elif speaker.technology not in FRONT_ENDS:
            return None
        routes = self._routes(host, speaker)
        asked = _parts(path)
        fitting = [each for each in routes if each.parts == asked[: len(each.parts)]]
        best = max(fitting, key=lambda each: len(each.parts), default=None)
        if best is None or not best.parts or best.target.application == speaker.application:
            return None
        note = Evidence(best.at, f"the edge leads /{'/'.join(best.parts)} here", Step.ROUTE)
        return best.target, note, Confidence.MEDIUM

    def _routes(self, host: str, speaker: Component) -> list[Route]:
        """Those of the edge that a host names, or of the one that the speaker is behind itself."""
        if self._found is None:
            self._found = self._read()
        if not host:
            files = {each.file for each in self._found if each.target.id == speaker.id}
            return [each for each in self._found if each.file in files]
        name, inside, _ = host.partition(".")
        if CONTROLLER.match(name) and (CLUSTER in host or not inside):
            return self._found
        return [each for each in self._found if each.host == host]

    def _read(self) -> list[Route]:
        if controllers(self._components.services()):
            return []  # it stands between, and reads them
        charts = self._components.workloads.values.charts
        found: list[Route] = []
        for path, route in self._index.of(NetworkName):
            if not route.asked or self._index.role(path) is not Role.SOURCE:
                continue
            if charts.is_off(route.switch, path):
                continue
            target = self._targets.by_name(charts.name(route.name, path), NodeKind.SERVICE)
            if target is not None:
                at = route.at.in_file(path)
                found += [Route(path, host, _parts(each), target, at) for host, each in route.asked]
        return found

    def _proxy(self, host: str) -> tuple[Component, Location] | None:
        if self._proxies is None:
            self._proxies = {}
            proxies = [c for c in self._components.services() if c.technology == "traefik"]
            for component in self._components.services() if len(proxies) == 1 else ():
                for workload in component.workloads:
                    for each in _hosts(workload.fact.labels):
                        self._proxies.setdefault(each, (proxies[0], workload.at))
        return self._proxies.get(host)


def _hosts(labels: Iterable[tuple[str, str]]) -> set[str]:
    """The hosts that rules of a container ask for: "Host(`shop.lan`) && PathPrefix(`/stock`)"."""
    return {
        host.lower()
        for key, text in labels
        if RULE.match(key)
        for rule in HOST_IN_RULE.findall(text)
        for host in HOST.findall(rule)
    }


def _parts(path: str) -> tuple[str, ...]:
    plain = EXPRESSION.sub("", path.partition("?")[0] if "(" not in path else path)
    return tuple(part for part in plain.split("/") if part)
