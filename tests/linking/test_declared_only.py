"""What is only declared is no connection, and a call without a target says why."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, Cause, EdgeKind, NodeKind
from scaleaudit.findings import Step


def connections(found: Architecture) -> set[tuple[str, str]]:
    kinds = [kind for kind in EdgeKind if kind not in (EdgeKind.IMPORTS, EdgeKind.CONTAINS)]
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(*kinds)}


WEB = """
    services:
      web:
        build: ./web
        {declared}
      orders:
        build: ./orders
        hostname: orders-host
      db:
        image: postgres:16
    """
CODE = {
    "web/Dockerfile": "FROM python:3.12\nCMD python app.py\n",
    "web/app.py": "import requests\n\n\ndef index():\n    return 'hello'\n",
    "orders/Dockerfile": "FROM python:3.12\nCMD python app.py\n",
    "orders/app.py": "def index():\n    return 'hello'\n",
}


@pytest.mark.parametrize(
    "declared",
    [
        "depends_on: [orders, db]",
        "depends_on: {orders: {condition: service_healthy}}",
        "links: [orders, 'db:database']",
        "external_links: ['orders:shop-orders']",
        "expose: ['5432']",
        "ports: ['8080:8080']",
        "networks: [orders]",
        "volumes: ['./orders/settings.yml:/etc/orders.yml', 'db:/data']",
        "volumes_from: [orders]",
        "labels: {com.example.needs: 'orders'}",
        "extra_hosts: ['orders-host:10.0.0.1']",
    ],
)
def test_what_is_only_declared_is_no_connection(declared: str) -> None:
    found = architecture({"compose.yml": WEB.replace("{declared}", declared), **CODE})
    assert {node.name for node in found.nodes(NodeKind.SERVICE)} == {"web", "orders"}
    assert connections(found) == set()


def test_a_setting_that_nothing_reads_may_be_one_and_says_so() -> None:
    declared = "environment: {ORDERS_URL: 'http://orders:8080'}"
    found = architecture({"compose.yml": WEB.replace("{declared}", declared), **CODE})
    (edge,) = found.edges(EdgeKind.CALLS)
    assert (edge.target, edge.confidence.value) == ("service:orders", "medium")
    ((only,),) = (trail.steps for trail in edge.trails)
    assert only.step is Step.ENVIRONMENT


def test_a_mounted_config_map_alone_is_no_connection() -> None:
    manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: shared}
        data:
          ORDERS_URL: http://orders:8080
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              volumes: [{name: c, configMap: {name: shared}}]
              containers:
                - {name: web, image: web, volumeMounts: [{name: c, mountPath: /etc/c}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: orders}
        spec:
          template:
            spec:
              containers: [{name: orders, image: orders}]
        """
    found = architecture({"k8s/all.yaml": manifest, **CODE})
    assert {node.name for node in found.nodes(NodeKind.SERVICE)} == {"web", "orders"}
    assert connections(found) == set()


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        ("requests.get(os.environ['PARTNER'] + '/x')", Cause.SETTING),
        ("requests.get(request.args['next'])", Cause.INPUT),
        ("requests.get(make_url())", Cause.RUN_TIME),
        ("requests.get('http://localhost:9000/x')", Cause.OWN_HOST),
        ("requests.get('http://169.254.169.254/latest/meta-data')", Cause.OWN_HOST),
        ("requests.get('/relative')", Cause.RELATIVE),
        ("requests.get('api/orders/' + str(request.id))", Cause.RELATIVE),
    ],
)
def test_a_call_without_a_target_says_why(call: str, cause: Cause) -> None:
    code = {**CODE, "web/app.py": f"import os, requests\n\n\ndef index(request):\n    {call}\n"}
    found = architecture({"compose.yml": WEB.replace("{declared}", "tty: true"), **code})
    (unresolved,) = found.unresolved
    assert (unresolved.cause, unresolved.component) == (cause, "service:web")
    assert connections(found) == set()


def test_ways_to_one_target_are_kept_apart() -> None:
    code = {
        **CODE,
        "web/app.py": """
            import os
            import requests

            ORDERS = os.environ["ORDERS_URL"]


            def index():
                requests.get(ORDERS + "/a")


            def other():
                requests.get(f"{ORDERS}/b")
                requests.get("http://orders-host/c")
            """,
    }
    declared = "environment: {ORDERS_URL: 'http://orders:8080'}"
    found = architecture({"compose.yml": WEB.replace("{declared}", declared), **code})
    (edge,) = found.edges(EdgeKind.CALLS)
    assert [[step.step for step in trail.steps] for trail in edge.trails] == [
        [Step.CALL, Step.CONSTANT, Step.ENVIRONMENT],
        [Step.CALL, Step.CONSTANT, Step.ENVIRONMENT],
        [Step.CALL],
    ]
    assert [trail.steps[0].at.line for trail in edge.trails] == [9, 13, 14]
    assert len(edge.evidence) == 5  # every place once


HANDED_TO_ALL = """
    x-common: &common
      STOCK_HOST: stock
    services:
      web: {build: ./web, environment: *common}
      orders: {build: ./orders, environment: *common}
      stock: {image: shop/stock}
    """
PACKAGE = '{"name": "%s", "dependencies": {"express": "4"}}'
READS = "const host = process.env.STOCK_HOST\n"


def test_a_variable_handed_to_all_is_for_those_that_read_it() -> None:
    files = {
        "compose.yml": HANDED_TO_ALL,
        "web/package.json": PACKAGE % "web",
        "web/index.js": "require('express')().get('/', (q, r) => r.send('hello'))\n",
        "orders/package.json": PACKAGE % "orders",
        "orders/index.js": READS,
    }
    assert connections(architecture(files)) == {("orders", "stock")}
    # Nobody is seen to read it, or only a program in another language: not known.
    del files["orders/index.js"]
    both = {("orders", "stock"), ("web", "stock")}
    assert connections(architecture(files)) == both
    del files["orders/package.json"]
    files["orders/go.mod"] = "module shop/orders\n"
    files["orders/main.go"] = 'package main\nimport "os"\nvar host = os.Getenv("STOCK_HOST")\n'
    assert connections(architecture(files)) == both


def test_settings_that_take_a_variable_up_are_a_use_of_it() -> None:
    build = "<project><artifactId>%s</artifactId></project>"
    files = {
        "compose.yml": HANDED_TO_ALL,
        "web/pom.xml": build % "web",
        "web/src/main/resources/application.yml": "shop: {name: web}\n",
        "orders/pom.xml": build % "orders",
        "orders/src/main/resources/application.yml": "stock: {url: 'http://${STOCK_HOST}:80'}\n",
    }
    assert connections(architecture(files)) == {("orders", "stock")}


def test_a_go_program_that_reads_an_address_and_loads_no_client_for_it() -> None:
    main = """
        package main

        import "os"

        var host = os.Getenv("STOCK_HOST")
        """
    client = """
        package main

        import (
            "os"

            "github.com/redis/go-redis/v9"
        )

        var stock = redis.NewClient(&redis.Options{Addr: os.Getenv("STOCK_HOST") + ":6379"})
        """
    files = {
        "compose.yml": HANDED_TO_ALL.replace("shop/stock", "redis"),
        "web/go.mod": "module shop/web\n",
        "web/main.go": main,
        "orders/go.mod": "module shop/orders\n",
        "orders/main.go": client,
    }
    assert connections(architecture(files)) == {("orders", "stock")}


def test_a_variable_that_a_client_asks_for_by_another_way_is_used() -> None:
    asking = """
        import requests
        from flask import current_app

        def stock():
            return requests.get(current_app.config["STOCK_HOST"] + "/items")
        """
    files = {
        "compose.yml": HANDED_TO_ALL,
        "web/requirements.txt": "flask\n",
        "web/pyproject.toml": '[project]\nname = "web"\n',
        "web/app.py": asking,
        "orders/pyproject.toml": '[project]\nname = "orders"\n',
        "orders/app.py": 'import os\n\nHOST = os.environ["STOCK_HOST"]\n',
    }
    both = {("orders", "stock"), ("web", "stock")}
    assert connections(architecture(files)) == both
    files["web/app.py"] = "import flask\n"
    assert connections(architecture(files)) == {("orders", "stock")}


def test_the_gateway_of_a_setting_is_nobody_elses() -> None:
    call = 'import os, requests\n\n\ndef f():\n    requests.get(os.environ["{}"])\n'
    files = {"app.py": call.format("API_GATEWAY_URL")}
    assert architecture(files).nodes(NodeKind.EXTERNAL) == []
    files = {"app.py": call.format("RELATIVE_URL_ROOT")}  # a part of an address
    assert architecture(files).nodes(NodeKind.EXTERNAL) == []
    files = {"app.py": call.format("CALENDAR_API_URL")}
    assert [node.name for node in architecture(files).nodes(NodeKind.EXTERNAL)] == ["calendar"]
