"""Programs that operators run in a cluster for a custom resource."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_cluster_gateways import WORKLOAD
from tests.linking.test_starters import calls

from scaleaudit.architecture import EdgeKind, NodeKind

ORDERS = WORKLOAD.replace("NAME", "orders").replace(
    'image: "acme/orders:1"',
    'image: "acme/orders:1", env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://HOST:4317"}]',
)
COLLECTOR = """
    apiVersion: opentelemetry.io/v1beta1
    kind: OpenTelemetryCollector
    metadata: {name: traces, namespace: watch}
    spec:
      mode: deployment
      config:
        receivers: {otlp: {protocols: {grpc: {}}}}
        exporters: {otlp: {endpoint: "jaeger.watch:4317"}}
        service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}}
    """
OLD = """
    apiVersion: opentelemetry.io/v1alpha1
    kind: OpenTelemetryCollector
    metadata: {name: traces, namespace: watch}
    spec:
      config: |
        receivers: {otlp: {protocols: {grpc: {}}}}
        exporters: {otlp: {endpoint: "jaeger.watch:4317"}}
        service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}}
    """
KEYCLOAK = """
    apiVersion: k8s.keycloak.org/v2alpha1
    kind: Keycloak
    metadata: {name: login}
    spec:
      instances: 2
      db: {vendor: postgres, host: accounts-db, port: 5432, database: people}
      hostname: {hostname: "https://login.acme.dev"}
    """


def jaeger() -> str:
    return WORKLOAD.replace("NAME", "jaeger").replace("acme/jaeger:1", "jaegertracing/jaeger:2")


@pytest.mark.parametrize("collector", [COLLECTOR, OLD])
def test_a_collector_is_reached_by_the_service_that_its_operator_makes(collector: str) -> None:
    files = {
        "orders.yaml": ORDERS.replace("HOST", "traces-collector.watch.svc.cluster.local"),
        "collector.yaml": collector,
        "jaeger.yaml": jaeger(),
    }
    found = architecture(files)
    assert found.node("service:traces-collector").technology == "opentelemetry"
    assert calls(found) == {("orders", "traces-collector"), ("traces-collector", "jaeger")}


def test_a_collector_beside_every_program_is_none_of_its_own() -> None:
    files = {"collector.yaml": COLLECTOR.replace("deployment", "sidecar"), "jaeger.yaml": jaeger()}
    assert [node.name for node in architecture(files).nodes(NodeKind.SERVICE)] == ["jaeger"]


def test_the_database_of_a_keycloak_that_an_operator_runs() -> None:
    orders = ORDERS.replace("OTEL_EXPORTER_OTLP_ENDPOINT", "LOGIN_URL")
    files = {
        "login.yaml": KEYCLOAK,
        "orders.yaml": orders.replace("HOST:4317", "login-service:8080"),
    }
    found = architecture(files)
    assert found.node("service:login").technology == "keycloak"
    assert calls(found) == {("orders", "login")}
    (edge,) = found.edges(EdgeKind.USES)
    assert (edge.source, edge.target) == ("service:login", "database:accounts-db")
    assert found.node("database:accounts-db").technology == "postgresql"
