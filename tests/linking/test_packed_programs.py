"""Programs of one code base whose images are packed beside it, each started by a script of its own."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_build_targets import served

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind
from scaleaudit.config_files.container_scripts import extract
from scaleaudit.facts import ProgramStarted


def packed(name: str) -> dict[str, str]:
    return {
        f"services/{name}/Dockerfile": f"""
            FROM python:3.12
            WORKDIR /app
            COPY pyproject.toml /app/
            COPY src /app/src
            COPY services/{name} /app/services/{name}
            ENTRYPOINT ["sh", "/app/services/{name}/start.sh"]
            """,
        f"services/{name}/start.sh": f'#!/bin/sh\nset -e\nexec python -m shop.{name}.app "$@"\n',
    }


SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "pika"]\n',
    **packed("orders"),
    **packed("bills"),
    "compose.yml": """
        services:
          orders: {build: {context: ., dockerfile: services/orders/Dockerfile}}
          bills: {build: {context: ., dockerfile: services/bills/Dockerfile}}
          checks: {build: {context: ., dockerfile: services/checks/Dockerfile}}
          queue: {image: rabbitmq}
        """,
    "services/checks/Dockerfile": """
        FROM python:3.12
        COPY pyproject.toml /app/
        COPY src /app/src
        CMD ["python", "-m", "pytest"]
        """,
    "k8s/bills.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: bills}
        spec:
          template:
            spec:
              containers:
                - {name: bills, image: "acme/shop-bills", envFrom: [{configMapRef: {name: all}}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: orders}
        spec:
          template:
            spec:
              containers:
                - {name: orders, image: "acme/shop-orders", envFrom: [{configMapRef: {name: all}}]}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: all}
        data: {QUEUE_URL: "amqp://queue:5672"}
        """,
    "src/shop/__init__.py": "",
    "src/shop/settings.py": 'import os\nQUEUE_URL = os.getenv("QUEUE_URL")\n',
    "src/shop/orders/__init__.py": "",
    "src/shop/orders/app.py": """
        import pika
        from shop.settings import QUEUE_URL
        from shop.orders.routes import app
        pika.BlockingConnection(pika.URLParameters(QUEUE_URL))
        """,
    "src/shop/orders/routes.py": """
        from fastapi import FastAPI
        app = FastAPI()
        @app.get("/orders")
        def orders(): ...
        """,
    "src/shop/bills/__init__.py": "",
    "src/shop/bills/app.py": """
        from fastapi import FastAPI
        from shop.settings import QUEUE_URL
        app = FastAPI()
        @app.get("/bills")
        def bills(): ...
        """,
}


def uses(found: Architecture) -> set[str]:
    pairs = {(e.source, e.target) for e in found.edges(EdgeKind.USES)}
    return {f"{source} {target}".replace("service:", "") for source, target in pairs}


def test_each_runs_what_its_script_starts() -> None:
    found = architecture(SHOP)
    assert served(found) == {("orders", "/orders"), ("bills", "/bills")}
    # All are handed the address, and read it with the settings that they share.
    assert uses(found) == {"orders broker:queue"}


def test_another_deployment_of_such_an_image_is_the_same_program() -> None:
    services = {node.name for node in architecture(SHOP).nodes(NodeKind.SERVICE)}
    assert services == {"orders", "bills", "checks"}


def test_a_proxy_packed_beside_the_code_is_none_of_its_programs() -> None:
    proxy = {
        "services/edge/Dockerfile": """
            FROM nginx:1.27
            COPY services/edge/nginx.conf /etc/nginx/nginx.conf
            COPY src/shop /usr/share/nginx/html
            """,
        "services/edge/nginx.conf": "server { location / { proxy_pass http://orders:8000; } }\n",
    }
    compose = SHOP["compose.yml"].replace(
        "queue:",
        "edge: {build: {context: ., dockerfile: services/edge/Dockerfile}}\n          queue:",
    )
    found = architecture({**SHOP, **proxy, "compose.yml": compose})
    nodes = {node.name: node for node in found.nodes(NodeKind.SERVICE)}
    assert nodes["edge"].technology == "nginx"
    assert nodes["edge"].path == "services/edge"


@pytest.mark.parametrize(
    ("script", "started"),
    [
        ('set -eu\nexec python -m shop.app "$@"\n', ['python -m shop.app "$@"']),
        ("APP=shop.app\nexec gunicorn $APP:app\n", ["gunicorn shop.app:app"]),
        ('if [ -z "$1" ]; then exec "$@"; fi\n', []),
        ('exec "$@"\n', []),
        ("case $1 in web) ;; esac\n  exec node web.js\n  exec node worker.js\n", []),
    ],
)
def test_a_script_tells_what_it_becomes(script: str, started: list[str]) -> None:
    facts = extract(script.encode()).facts
    assert [each.command for each in facts if isinstance(each, ProgramStarted)] == started
