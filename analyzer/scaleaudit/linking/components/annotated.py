"""Servers of Spring Cloud by what switches them on in the code: libraries alone may bring several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import is_below
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

# The annotation's class -> the technology of what bears it.
SERVERS = {
    "EnableConfigServer": "config-server",
    "EnableEurekaServer": "eureka",
    "EnableAdminServer": "spring-boot-admin",
    "EnableZuulProxy": "spring-gateway",
    "EnableZuulServer": "spring-gateway",
    "EnableSidecar": "spring-gateway",
    "EnableTurbine": "turbine",
    "EnableTurbineStream": "turbine",
    "EnableTurbineAmqp": "turbine",
    "EnableZipkinServer": "zipkin",
    "EnableZipkinStreamServer": "zipkin",
}
# What the library alone does not start.
ONLY_SWITCHED_ON = {"eureka", "config-server", "spring-boot-admin"}
PLAIN = "spring-boot"
DASHBOARD = "hystrix-dashboard"
WATCHES = regex(r"(?i)hystrix|dash-?board|monitor|turbine|metrics|watch|admin")
PACKAGES = ("org.springframework.cloud.", "de.codecentric.boot.", "zipkin")


def mark_servers(found: list[Component], index: FactsIndex) -> None:
    """Sets the technology of components with one such annotation; with several it stays.

    Where one program switches such a server on, those that only have its library are none. A dashboard
    is one by its name: other programs have the library to show their own circuits.
    """
    roots = sorted((c for c in found if c.root), key=lambda c: -len(c.root or ""))
    told: dict[str, set[str]] = {}
    for path, imported in index.importing(lambda name: name.startswith(PACKAGES)):
        technology = SERVERS.get(imported.module.rpartition(".")[2])
        if technology is None or index.role(path) is not Role.SOURCE:
            continue
        owner = next((c for c in roots if is_below(path, c.root or "")), None)
        if owner is not None:
            told.setdefault(owner.root or "", set()).add(technology)
    switched_on = set[str]().union(*told.values())
    for component in roots:
        technologies = told.get(component.root or "", set())
        if component.technology in ONLY_SWITCHED_ON & switched_on - technologies:
            component.technology = PLAIN  # the library for the client's part of it
        if component.technology == DASHBOARD and not any(map(WATCHES.search, component.names)):
            component.technology = PLAIN  # it shows its own circuits beside what it is there for
        if len(technologies) == 1:
            component.technology = next(iter(technologies))
