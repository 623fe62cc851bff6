"""Kubernetes' Gateway API: gateways, and the routes through them."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_starters import calls, pom

from scaleaudit.architecture import NodeKind

WORKLOAD = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME}
    spec:
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec: {containers: [{name: main, image: "acme/NAME:1"}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: NAME}
    spec: {selector: {app: NAME}, ports: [{port: 80}]}
    """
GATEWAY = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: front, namespace: edge}
    spec:
      gatewayClassName: traefik
      listeners:
        - {name: web, port: 443, protocol: HTTPS, hostname: shop.acme.dev}
        - {name: all, port: 80, protocol: HTTP, hostname: "*.acme.dev"}
    """
ROUTE = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: orders}
    spec:
      parentRefs: [{name: front, namespace: edge}]
      hostnames: [orders.acme.dev]
      rules:
        - {matches: [{path: {value: /orders}}], backendRefs: [{name: orders, port: 80}]}
        - {backendRefs: [{name: pages, port: 80}]}
    """
SYSTEM = {
    **{f"{name}.yaml": WORKLOAD.replace("NAME", name) for name in ("orders", "pages", "stock")},
    "edge/gateway.yaml": GATEWAY,
    "route.yaml": ROUTE,
}


def test_a_gateway_passes_requests_on_to_the_services_of_its_routes() -> None:
    found = architecture(SYSTEM)
    assert calls(found) == {("front", "orders"), ("front", "pages")}
    assert found.node("service:front").technology == "traefik"
    assert [node.name for node in found.entry_points()] == ["front"]


def test_a_gateway_that_is_called_after_its_program_alone() -> None:
    files = {
        path: text.replace("{name: front,", "{name: traefik-gateway,")
        for path, text in SYSTEM.items()
    }
    found = architecture(files)
    assert calls(found) == {("traefik", "orders"), ("traefik", "pages")}
    assert [node.name for node in found.entry_points()] == ["traefik"]


def test_host_names_of_routes_and_listeners_lead_back_to_the_gateway() -> None:
    def reached(address: str) -> set[tuple[str, str]]:
        stock = WORKLOAD.replace("NAME", "stock").replace(
            'image: "acme/NAME:1"'.replace("NAME", "stock"),
            f'image: "acme/stock:1", env: [{{name: ORDERS_URL, value: "{address}"}}]',
        )
        return calls(architecture({**SYSTEM, "stock.yaml": stock})) - calls(architecture(SYSTEM))

    assert reached("https://orders.acme.dev/all") == {("stock", "front")}
    assert reached("https://shop.acme.dev/all") == {("stock", "front")}


def test_a_route_to_what_its_build_writes_manifests_for() -> None:
    files = {
        "gateway.yaml": GATEWAY,
        "route.yaml": ROUTE,
        "orders/pom.xml": pom("orders", "quarkus-kubernetes"),
    }
    found = architecture(files)
    assert calls(found) == {("front", "orders")}
    assert [node.name for node in found.entry_points()] == ["front"]


def test_a_gateway_that_others_declare_is_none_of_the_system() -> None:
    files = {path: text for path, text in SYSTEM.items() if path != "edge/gateway.yaml"}
    found = architecture(files)
    assert calls(found) == set()
    assert [node.name for node in found.entry_points()] == ["orders", "pages"]


def test_routes_inside_the_mesh_let_nobody_in() -> None:
    inside = ROUTE.replace(
        "{name: front, namespace: edge}", "{kind: Service, group: '', name: orders}"
    )
    files = {path: text for path, text in SYSTEM.items() if path != "edge/gateway.yaml"}
    found = architecture({**files, "route.yaml": inside})
    assert "the cluster's edge" not in str([node.entered for node in found.nodes(NodeKind.SERVICE)])
