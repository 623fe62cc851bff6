"""Services whose build context is a folder that has another name by now."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import NodeKind


def service(name: str) -> dict[str, str]:
    return {
        f"{name}/package.json": f'{{"name": "{name}", "dependencies": {{"express": "5"}}}}',
        f"{name}/index.js": "const app = require('express')(); app.listen(80);",
        f"{name}/Dockerfile": "FROM node:22\nCOPY . .\nCMD node index.js\n",
    }


def roots(compose: str, *names: str) -> dict[str, str]:
    files = {"compose.yaml": f"services: {{{compose}}}\n"}
    for name in names:
        files |= service(name)
    return {node.name: node.path for node in architecture(files).nodes(NodeKind.SERVICE)}


def test_one_program_is_left_that_is_called_so() -> None:
    there = {"order": "orders-service", "stock": "stock-service"}
    stock = "stock: {build: ./stock-service}"
    for lost in ("./services/orders", "./order", "orders-svc"):
        compose = f"order: {{build: {lost}}}, {stock}"
        assert roots(compose, "orders-service", "stock-service") == there


def test_what_could_be_several_or_is_of_another_checkout_stays_apart() -> None:
    two = roots("order: {build: ./order}", "orders-service", "order-app")
    assert set(two) == {"order", "orders-service", "order-app"}
    both = roots("order: {build: ./order}, orders: {build: ./old}", "orders-service")
    assert set(both) == {"order", "orders", "orders-service"}
    outside = roots("order: {build: ../order}", "orders-service")
    assert set(outside) == {"order", "orders-service"}
    built = roots("order: {build: ./order}, shop: {build: ./orders-service}", "orders-service")
    assert built["shop"] == "orders-service"
    assert built["order"] != "orders-service"
