"""Which Services an edge (Ingress, Gateway API, meshes, ingress controllers) opens to outside."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.kubernetes_pods import plain
from scaleaudit.config_files.yaml_values import (
    YamlMap,
    as_list,
    as_map,
    inner,
    maps_in,
    texts_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.source import Span

# For each kind the paths from `spec` to what names a Service; `*` goes through a list.
ROUTES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Ingress": (
        ("defaultBackend",),
        ("backend",),  # extensions/v1beta1
        ("rules", "*", "http", "paths", "*", "backend"),
    ),
    "HTTPRoute": (("rules", "*", "backendRefs", "*"),),
    "GRPCRoute": (("rules", "*", "backendRefs", "*"),),
    "TLSRoute": (("rules", "*", "backendRefs", "*"),),
    "TCPRoute": (("rules", "*", "backendRefs", "*"),),
    "VirtualService": tuple(
        (protocol, "*", "route", "*", "destination") for protocol in ("http", "tls", "tcp")
    ),
    "Route": (("to",), ("alternateBackends", "*")),  # OpenShift
    "IngressRoute": (("routes", "*", "services", "*"),),  # Traefik
    "IngressRouteTCP": (("routes", "*", "services", "*"),),
    "HTTPProxy": (("routes", "*", "services", "*"), ("tcpproxy", "services", "*")),  # Contour
    "Mapping": ((),),  # Emissary
    "ApisixRoute": (
        ("http", "*", "backends", "*"),
        ("http", "*", "backend"),
        ("stream", "*", "backend"),
    ),
}

MAX_PATHS = 500  # of one route


def backends(manifest: YamlMap, kind: str) -> Iterator[tuple[Span, str, str]]:
    """The place, name and port of every Service behind the edge, each name once."""
    spec = as_map(manifest.get("spec"))
    if kind == "VirtualService" and not _from_outside(spec):
        return
    seen: set[str] = set()
    for path in ROUTES[kind]:
        for backend in _below(spec, path):
            found = _backend(backend)
            if found is not None and found[1] not in seen:
                seen.add(found[1])
                yield found


def asked_of(manifest: YamlMap, kind: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """By the name of a Service the hosts and paths that an Ingress leads there; a host may be empty."""
    found: dict[str, list[tuple[str, str]]] = {}
    rules = maps_in(inner(manifest, "spec", "rules")) if kind == "Ingress" else ()
    told = ((rule, path) for rule in rules for path in maps_in(inner(rule, "http", "paths")))
    for rule, path in islice(told, MAX_PATHS):
        backend = _backend(as_map(path.get("backend")))
        if backend is not None:
            pair = plain(rule.get("host")), plain(path.get("path"))
            found.setdefault(backend[1], []).append(pair)
    return {name: tuple(pairs) for name, pairs in found.items()}


def _from_outside(spec: YamlMap) -> bool:
    """Without a gateway a VirtualService only shapes traffic inside the mesh."""
    return any(name != "mesh" for name in texts_in(spec.get("gateways")))


def _below(spec: YamlMap, path: tuple[str, ...]) -> list[YamlMap]:
    found: list[YamlValue] = [spec]
    for key in path:
        if key == "*":
            found = [item for value in found for item in as_list(value)]
        else:
            found = [as_map(value).get(key) for value in found]
    return [value for value in found if isinstance(value, YamlMap)]


def _backend(backend: YamlMap) -> tuple[Span, str, str] | None:
    """One reference in any of its spellings; a host stands for the Service it begins with."""
    service = backend.get("service")
    if isinstance(service, YamlMap):  # networking.k8s.io/v1
        port = inner(service, "port", "number") or inner(service, "port", "name")
        holder, key = service, "name"
    elif backend.get("kind") not in (None, "Service"):
        return None  # Traefik's own services, buckets
    else:
        key = next(
            (key for key in ("serviceName", "name", "host", "service") if key in backend), ""
        )
        port = backend.get("servicePort") or backend.get("port")
        port = port.get("number") if isinstance(port, YamlMap) else port
        holder = backend
    text = plain(holder.get(key)).rpartition("//")[2]
    host, _, port_in_text = text.partition(":")
    name = host if host.startswith("{") else host.partition(".")[0]
    return (holder.place(key), name, plain(port) or port_in_text) if name else None
