"""Grafana's own programs: Alloy, which gathers, and Loki, which keeps."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from tests.linking.test_logs import connected

ALLOY = dedent("""
    // url = "http://ghost:3100"
    loki.write "out" {
      endpoint { url = "http://logs:3100/loki/api/v1/push" }
    }
    prometheus.scrape "apps" {
      targets = [{"__address__" = "orders:8080"}]
      forward_to = []
    }
    """)
AGENT = """
    services:
      agent: {image: "grafana/alloy:1", volumes: ["FILE:/etc/alloy/config.alloy"]}
      logs: {image: "grafana/loki:3"}
      orders: {image: acme/orders}
      ghost: {image: acme/ghost}
    """
MAPPED = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: agent}
    data:
      config.alloy: |
    """


@pytest.mark.parametrize("path", ["alloy/config.alloy", "watch/agent.conf", "alloy/main.hcl"])
def test_a_pipeline_of_grafana_alloy(path: str) -> None:
    found = connected({"compose.yaml": AGENT.replace("FILE", f"./{path}"), path: ALLOY})
    assert found == {("agent", "logs"), ("agent", "orders")}


def test_a_pipeline_of_alloy_in_a_config_map() -> None:
    mapped = dedent(MAPPED).rstrip() + "\n" + indent(ALLOY, "    ")
    found = connected({"compose.yaml": AGENT, "agent.yaml": mapped})
    assert found == {("agent", "logs"), ("agent", "orders")}


@pytest.mark.parametrize(
    "kept",
    [
        "common: {storage: {s3: {endpoint: 'http://buckets:9000', bucketnames: lines}}}",
        "storage_config: {aws: {endpoint: 'buckets:9000', s3forcepathstyle: true}}",
    ],
)
def test_where_loki_keeps_its_lines(kept: str) -> None:
    compose = """
        services:
          logs: {image: "grafana/loki:3", volumes: ["./loki.yaml:/etc/loki/local-config.yaml"]}
          buckets: {image: "minio/minio"}
        """
    loki = f"server: {{http_listen_port: 3100}}\nschema_config: {{configs: []}}\n{kept}\n"
    assert connected({"compose.yaml": compose, "loki.yaml": loki}) == {("logs", "buckets")}
