"""Names that a client-side load balancer looks up in its settings: `stock` is `http://10.0.0.5`.

A declared client (`@FeignClient("stock")`) or an address (`http://stock/items`) names a service;
where it is comes from a registry, or from a list in the caller's own settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.linking.connections.state import addresses_in
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.resolution import Resolved, Resolver

# Ribbon, Spring Cloud's simple discovery client, OpenFeign, Micronaut, Stork, MicroProfile.
KEYS = (
    "{}.ribbon.listOfServers",
    "spring.cloud.discovery.client.simple.instances.{}[0].uri",
    "spring.cloud.openfeign.client.config.{}.url",
    "feign.client.config.{}.url",
    "micronaut.http.services.{}.url",
    "micronaut.http.services.{}.urls[0]",
    "micronaut.http.services.{}.urls",
    "quarkus.stork.{}.service-discovery.address-list",
    "stork.{}.service-discovery.address-list",
)
MAX_HOST = 80


def located(resolver: Resolver, found: Resolved, path: str, speaker: Component | None) -> Resolved:
    """The same, or what the speaker's settings say of the service that it names."""
    first = next(iter(addresses_in(found.text)), None) if found.known else None
    if first is None or not first.host or "." in first.host or len(first.host) > MAX_HOST:
        return found
    for key in KEYS:
        given = resolver.resolve(Setting(key.format(first.host)), path, speaker)
        if given.known and given.text != "{}":
            return replace(given, trail=(*found.trail, *given.trail))
    return found
