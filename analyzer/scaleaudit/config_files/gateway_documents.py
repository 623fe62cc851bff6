"""Gateways configured in YAML or JSON: Envoy, Traefik, Kong, KrakenD, APISIX, Express Gateway."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import distinct, passed
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.facts import FileFacts
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import SettingDefined
    from scaleaudit.source import Span

    Told = Iterator[tuple[Span, str]]  # the place and the text of an address

_URL = regex(r"[a-z][a-z0-9+.-]*://\S+$")
MAX_NODES = 20_000  # of a document in which addresses are looked for


def extract(content: bytes) -> FileFacts:
    """A JSON file of such a gateway; any other says nothing. Tabs, which YAML forbids, are blanks."""
    file = read_yaml(content.replace(b"\t", b"  "))
    facts = [fact for document in file.maps for fact in gateway_facts(document)]
    return FileFacts(tuple(facts), "", file.problem if facts else "", file.lines)


def gateway_facts(document: YamlMap) -> Iterator[SettingDefined]:
    """A setting for each server that requests are passed on to; none for another document."""
    for technology, is_one, read in _FORMATS:
        if is_one(document):
            found = (passed(at.line, technology, text) for at, text in read(document))
            yield from distinct(found)
            return


def _envoy(document: YamlMap) -> Told:
    """The addresses of clusters; those of listeners are its own."""
    clusters = as_list(inner(document, "static_resources", "clusters"))
    clusters = [*clusters, *as_list(document.get("clusters"))]
    for resource in maps_in(document.get("resources")):
        if as_text(resource.get("@type")).endswith((".Cluster", ".ClusterLoadAssignment")):
            clusters.append(resource)
    waiting: deque[YamlValue] = deque(clusters)
    for _ in range(MAX_NODES):
        if not waiting:
            break
        found = waiting.popleft()
        if isinstance(found, YamlMap):
            address = inner(found, "socket_address", "address")
            if as_text(address):
                socket = as_map(found["socket_address"])
                yield socket.place("address"), as_text(address)
            waiting.extend(value for key, value in found.items() if key != "socket_address")
        else:
            waiting.extend(as_list(found))
    for text in _texts_below(inner(document, "static_resources", "listeners")):
        if "/v1.0/invoke/" in text:  # a route through Dapr's sidecar
            yield text.at, f"localhost{text}"


def _traefik(document: YamlMap) -> Told:
    for protocol in ("http", "tcp", "udp"):
        for service in as_map(inner(document, protocol, "services")).values():
            for server in maps_in(inner(service, "loadBalancer", "servers")):
                yield from _texts(server, "url", "address")


def _kong(document: YamlMap) -> Told:
    for service in maps_in(document.get("services")):
        yield from _texts(service, "url", "host")
    for upstream in maps_in(document.get("upstreams")):
        for target in maps_in(upstream.get("targets")):
            yield from _texts(target, "target")


def _krakend(document: YamlMap) -> Told:
    for host in texts_in(document.get("host")):
        yield host.at, str(host)
    for endpoint in maps_in(document.get("endpoints")):
        for backend in maps_in(endpoint.get("backend")):
            for host in texts_in(backend.get("host")):
                yield host.at, str(host)
    yield from _addresses(document.get("extra_config"))


def _addresses(value: YamlValue) -> Told:
    """Every URL at any depth: where metrics, traces and keys are."""
    for text in _texts_below(value):
        if _URL.match(text):
            yield text.at, str(text)


def _texts_below(value: YamlValue) -> Iterator[Text]:
    waiting: deque[YamlValue] = deque([value])
    for _ in range(MAX_NODES):
        if not waiting:
            return
        found = waiting.popleft()
        if isinstance(found, Text):
            yield found
        else:
            waiting.extend(as_map(found).values() or as_list(found))


def _apisix(document: YamlMap) -> Told:
    """A file of routes, or one resource of its interface for administrators."""
    holders = [*maps_in(document.get("routes")), *maps_in(document.get("services")), document]
    upstreams = [as_map(holder.get("upstream")) for holder in holders]
    for upstream in [*upstreams, *maps_in(document.get("upstreams")), document]:
        nodes = upstream.get("nodes")
        for node in as_map(nodes):
            yield as_map(nodes).place(node), node
        for item in maps_in(nodes):
            yield from _texts(item, "host")
    holders += [*maps_in(document.get("global_rules")), *maps_in(document.get("plugin_configs"))]
    for holder in holders:
        for plugin in as_map(holder.get("plugins")).values():
            yield from _texts(as_map(plugin), "discovery")  # who signs people in


def _express(document: YamlMap) -> Told:
    for endpoint in as_map(document.get("serviceEndpoints")).values():
        yield from _texts(as_map(endpoint), "url")
        for url in texts_in(as_map(endpoint).get("urls")):
            yield url.at, str(url)


def _texts(holder: YamlMap, *keys: str) -> Told:
    for key in keys:
        text = as_text(holder.get(key))
        if text:
            yield holder.place(key), text


def _has(*keys: str) -> Callable[[YamlMap], bool]:
    return lambda document: all(key in document for key in keys)


def _is_envoy(document: YamlMap) -> bool:
    resources = maps_in(document.get("resources"))
    return (
        "clusters" in as_map(document.get("static_resources"))
        or any("envoy" in as_text(each.get("@type")) for each in resources)
        or ("clusters" in document and "listeners" in document)
    )


def _is_traefik(document: YamlMap) -> bool:
    return any("services" in as_map(document.get(protocol)) for protocol in ("http", "tcp", "udp"))


def _is_krakend(document: YamlMap) -> bool:
    endpoints = maps_in(document.get("endpoints"))
    return "version" in document and any("backend" in endpoint for endpoint in endpoints)


def _is_apisix(document: YamlMap) -> bool:
    alone = as_map(document.get("upstream"))
    if ("uri" in document or "uris" in document) and (
        "nodes" in alone or "upstream_id" in document
    ):
        return True
    return any(
        "uri" in each or "uris" in each or "upstream" in each or "upstream_id" in each
        for each in maps_in(document.get("routes"))
    )


_FORMATS: tuple[tuple[str, Callable[[YamlMap], bool], Callable[[YamlMap], Told]], ...] = (
    ("envoy", _is_envoy, _envoy),
    ("kong", _has("_format_version"), _kong),
    ("traefik", _is_traefik, _traefik),
    ("krakend", _is_krakend, _krakend),
    ("express-gateway", _has("serviceEndpoints"), _express),
    ("apisix", _is_apisix, _apisix),
)
