"""Gateways configured in YAML, JSON or TOML: whom they pass requests on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files import gateway_documents, traefik_toml, yaml_file
from scaleaudit.config_files.interpolation import spelled
from scaleaudit.facts import FileFacts, SettingDefined

if TYPE_CHECKING:
    from collections.abc import Callable

ENVOY = """\
static_resources:
  listeners:
    - address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
      routes: [{prefix_rewrite: /v1.0/invoke/basket/method/, cluster: dapr}]
  clusters:
    - name: orders
      type: LOGICAL_DNS
      load_assignment:
        cluster_name: orders
        endpoints:
          - lb_endpoints:
              - endpoint:
                  address:
                    socket_address: {address: orders, port_value: 80}
    - name: stock
      hosts:
        - socket_address:
            address: "${STOCK_HOST}"
"""
TRAEFIK = """\
http:
  routers: {shop: {rule: "Host(`shop`)", service: shop}}
  services:
    shop:
      loadBalancer:
        servers:
          - url: "http://shop-1:80"
          - url: "http://shop-2:80"
tcp:
  services:
    db: {loadBalancer: {servers: [{address: "db:5432"}]}}
"""
KONG = """\
_format_version: "3.0"
services:
  - name: orders
    url: http://orders:80/v1
  - name: stock
    host: stock-set
upstreams:
  - name: stock-set
    targets:
      - target: stock:80
"""
APISIX = """\
routes:
  - uri: /orders/*
    upstream:
      nodes: {"orders:80": 1}
upstreams:
  - id: 1
    nodes: [{host: stock, port: 80, weight: 1}]
#END
"""
EXPRESS = """\
http: {port: 8080}
serviceEndpoints:
  orders: {url: "http://orders:80"}
"""
KRAKEND = """{
\t"version": 3,
\t"endpoints": [
\t\t{"endpoint": "/o", "backend": [{"url_pattern": "/", "host": ["http://orders:80"]}]}
\t]
}
"""
TOML = """\
[entryPoints.web]
  address = ":80"
[http.services.shop.loadBalancer]
  [[http.services.shop.loadBalancer.servers]]
    url = "http://shop:80"
[backends.old.servers.one]
  url = "http://old:80"
[other]
  url = "http://other"
"""


def told(facts: FileFacts) -> list[tuple[str, int, str]]:
    assert all(f.source == "proxy" for f in facts.facts if isinstance(f, SettingDefined))
    return [
        (f.key, f.at.line, spelled(f.value).removeprefix("http://"))
        for f in facts.facts
        if isinstance(f, SettingDefined)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENVOY, [("envoy", 18, "${STOCK_HOST}"), ("envoy", 14, "orders"), ("envoy", 4, "basket")]),
        (
            TRAEFIK,
            [
                ("traefik", 7, "shop-1:80"),
                ("traefik", 8, "shop-2:80"),
                ("traefik", 11, "db:5432"),
            ],
        ),
        (KONG, [("kong", 4, "orders:80/v1"), ("kong", 6, "stock-set"), ("kong", 10, "stock:80")]),
        (APISIX, [("apisix", 4, "orders:80"), ("apisix", 7, "stock")]),
        (EXPRESS, [("express-gateway", 3, "orders:80")]),
        ("services:\n  orders: {url: http://orders}\n", []),
        ("routes:\n  - path: /orders\n", []),
    ],
)
def test_yaml(
    text: str,
    expected: list[tuple[str, int, str]],
    stored: Callable[[FileFacts], FileFacts],
) -> None:
    assert told(stored(yaml_file.extract(text.encode()))) == expected


def test_json_with_tabs() -> None:
    assert told(gateway_documents.extract(KRAKEND.encode())) == [("krakend", 4, "orders:80")]
    assert told(gateway_documents.extract(b'{"version": 3, "endpoints": [1]}')) == []


def test_toml() -> None:
    assert told(traefik_toml.extract(TOML.encode())) == [
        ("traefik", 5, "shop:80"),
        ("traefik", 7, "old:80"),
    ]


def test_a_document_of_many_nodes_ends() -> None:
    clusters = "\n".join(
        f"  - socket_address: {{address: host-{number}}}" for number in range(2_000)
    )
    text = f"static_resources:\n  clusters:\n{clusters}\n"
    assert len(yaml_file.extract(text.encode()).facts) == 500


def test_who_signs_people_in_for_apisix() -> None:
    text = """\
routes:
  - uri: /orders/*
    upstream: {nodes: {"orders:80": 1}}
    plugins:
      openid-connect: {client_id: shop, discovery: "http://login:8080/.well-known/x"}
plugin_configs:
  - id: 1
    plugins: {cors: {}, openid-connect: {discovery: "http://other:8080/x"}}
"""
    facts = yaml_file.extract(text.encode()).facts
    assert [(f.key, spelled(f.value)) for f in facts if isinstance(f, SettingDefined)] == [
        ("apisix", "http://orders:80"),
        ("apisix", "http://login:8080/.well-known/x"),
        ("apisix", "http://other:8080/x"),
    ]
