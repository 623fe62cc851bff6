"""Gateways of GraphQL name the subgraphs that they ask."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind
from scaleaudit.findings import Confidence

COMPOSE = """
    services:
      router:
        image: ghcr.io/acme/router:1
        volumes: ["./router:/etc/router"]
        environment:
          CART_URL: http://cart:4001/graphql
      cart:
        build: ./cart
    """
FILES = {
    "supergraph": (
        "router/supergraph.yaml",
        """
        federation_version: 2
        subgraphs:
          cart:
            routing_url: http://cart:4001/graphql
            schema: {file: ./cart.graphql}
        """,
    ),
    "supergraph by introspection": (
        "router/supergraph-config.yaml",
        """
        subgraphs:
          cart:
            schema:
              subgraph_url: ${env.CART_URL}
        """,
    ),
    "router": (
        "router/router.yaml",
        """
        override_subgraph_url:
          cart: http://cart:4001/graphql
        """,
    ),
    "mesh": (
        "router/.meshrc.yaml",
        """
        sources:
          - name: Cart
            handler:
              graphql:
                endpoint: "{env.CART_URL:http://localhost:4001}"
        """,
    ),
    "Hasura's remote schemas": (
        "router/metadata/remote_schemas.yaml",
        """
        - name: cart
          definition:
            url_from_env: CART_URL
            timeout_seconds: 60
        """,
    ),
    "Hasura's actions": (
        "router/metadata/actions.yaml",
        """
        actions:
          - name: addItem
            definition:
              kind: synchronous
              handler: 'http://cart:4001/items'
        """,
    ),
}


@pytest.mark.parametrize("gateway", FILES)
def test_a_gateway_calls_its_subgraphs(gateway: str) -> None:
    path, text = FILES[gateway]
    found = architecture({"compose.yaml": COMPOSE, path: text})
    assert [(e.source, e.target) for e in found.edges(EdgeKind.CALLS)] == [
        ("service:router", "service:cart")
    ]
    assert path in {step.at.path for e in found.edges(EdgeKind.CALLS) for step in e.evidence}


LOCAL = {
    "supergraph-config": (
        "router/supergraph-config.yaml",
        "subgraphs: {cart: {routing_url: 'http://localhost:4001/graphql'}}\n",
    ),
    "supergraph": (
        "router/supergraph.graphql",
        'enum join__Graph { CART @join__graph(name: "cart" url: "http://localhost:4001/graphql") }\n',
    ),
    "Apollo gateway": (
        "router/index.js",
        "const { IntrospectAndCompose } = require('@apollo/gateway');\n"
        "new IntrospectAndCompose({ subgraphs: [{ name: 'cart', url: 'http://localhost:4001' }] });\n",
    ),
}


@pytest.mark.parametrize("gateway", LOCAL)
def test_where_the_address_is_the_developers_own_host_the_name_tells(gateway: str) -> None:
    path, text = LOCAL[gateway]
    files = {
        "compose.yaml": "services: {router: {build: ./router}, cart: {build: ./cart}}\n",
        "router/package.json": '{"name": "router", "dependencies": {"@apollo/gateway": "2"}}',
        path: text,
    }
    found = architecture(files)
    assert [(e.source, e.target, e.confidence) for e in found.edges(EdgeKind.CALLS)] == [
        ("service:router", "service:cart", Confidence.MEDIUM)
    ]
