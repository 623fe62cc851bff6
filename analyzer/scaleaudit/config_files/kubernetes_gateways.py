"""Gateways of Kubernetes' Gateway API: a proxy that the cluster runs for each, and what it is given.

Source: "API Overview" and GEP-1762, gateway-api.sigs.k8s.io.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.kubernetes_pods import plain
from scaleaudit.config_files.yaml_values import as_map, as_text, inner, maps_in, texts_in
from scaleaudit.facts import NetworkName, WorkloadDeclared
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap

API = "gateway.networking.k8s.io/"
# What the cluster puts on all that it runs for a gateway.
LABEL = "gateway.networking.k8s.io/gateway-name"


def gateway(manifest: YamlMap, source: str) -> Iterator[WorkloadDeclared]:
    """The proxy; its class tells the program, as an image does elsewhere.

    One that is called no more than that, `traefik-gateway`, goes by its program.
    """
    metadata, spec = as_map(manifest.get("metadata")), as_map(manifest.get("spec"))
    name, program = plain(metadata.get("name")), plain(spec.get("gatewayClassName"))
    listeners = list(maps_in(spec.get("listeners")))
    if not name or not listeners:
        return
    called = program if program and name == f"{program}-gateway" else name
    ports = (plain(each.get("port")) for each in listeners)
    hosts = (plain(each.get("hostname")) for each in listeners)
    yield WorkloadDeclared(
        metadata.place("name"),
        called,
        source,
        image=Literal(program) if program and "{" not in program else None,
        ports=tuple(dict.fromkeys(port for port in ports if port)),
        published=True,
        aliases=tuple(dict.fromkeys(each for each in (name, *hosts) if _whole(each))),
        labels=((LABEL, name),),
        namespace=plain(metadata.get("namespace")),
    )


def gateways_of(route: YamlMap) -> tuple[str, ...] | None:
    """The gateways that a route is for; None for one that is for traffic inside the mesh alone."""
    parents = list(maps_in(inner(route, "spec", "parentRefs")))
    found = [each for each in parents if as_text(each.get("kind")) in ("", "Gateway")]
    if parents and not found:
        return None
    return tuple(dict.fromkeys(name for each in found if (name := plain(each.get("name")))))


def host_names(route: YamlMap, gateways: tuple[str, ...]) -> Iterator[NetworkName]:
    """The names that a route takes requests for, which lead to its gateway."""
    for text in texts_in(inner(route, "spec", "hostnames")):
        if gateways and _whole(str(text)):
            yield NetworkName(text.at, str(text), external_name=gateways[0])


def _whole(name: str) -> bool:
    return bool(name) and "*" not in name and "{" not in name
