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
