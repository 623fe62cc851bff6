"""Prometheus, Grafana and OpenTelemetry: whom their configurations watch and feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import yaml_file
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.values import Join, Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.values import Value


def told(text: str) -> list[tuple[str, int, Value]]:
    facts = yaml_file.extract(text.encode()).facts
    assert all(isinstance(f, SettingDefined) and f.source == "monitoring" for f in facts)
    return [(f.key, f.at.line, f.value) for f in facts if isinstance(f, SettingDefined)]


def test_targets_of_prometheus(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
global: {scrape_interval: 15s}
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: ["orders:8080", "stock:8080"]
  - job_name: old
    target_groups:
      - targets: ["cadvisor:8080"]
  - job_name: found
    kubernetes_sd_configs: [{role: pod}]
"""
    assert told(text) == [
        ("prometheus", 5, Literal("http://orders:8080")),
        ("prometheus", 5, Literal("http://stock:8080")),
        ("prometheus", 8, Literal("http://cadvisor:8080")),
    ]
    stored(yaml_file.extract(text.encode()))


def test_data_sources_of_grafana() -> None:
    text = """\
apiVersion: 1
datasources:
  - {name: Metrics, type: prometheus, url: "http://prometheus:9090"}
  - {name: Other, type: testdata}
"""
    assert told(text) == [("grafana", 3, Literal("http://prometheus:9090"))]


def test_receivers_that_ask_and_exporters_that_tell() -> None:
    text = """\
receivers:
  otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}
  redis: {endpoint: "cache:6379"}
  docker_stats: {endpoint: "unix:///var/run/docker.sock"}
  http_check/web:
    targets: [{endpoint: "http://${env:WEB_HOST}"}]
exporters:
  debug: {}
  otlp/traces: {endpoint: "${JAEGER:-jaeger}:4317"}
service: {}
"""
    assert told(text) == [
        ("opentelemetry", 3, Literal("http://cache:6379")),
        ("opentelemetry", 6, Join((Literal("http://"), Setting("WEB_HOST")))),
        (
            "opentelemetry",
            9,
            Join((Literal("http://"), Setting("JAEGER", Literal("jaeger")), Literal(":4317"))),
        ),
    ]


def test_what_no_pipeline_names_is_not_switched_on() -> None:
    text = """\
receivers:
  otlp: {}
  redis: {endpoint: "cache:6379"}
exporters:
  otlp/traces: {endpoint: "jaeger:4317"}
  otlphttp/old: {endpoint: "http://loki:3100/otlp"}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [otlp/traces]}
"""
    assert told(text) == [("opentelemetry", 5, Literal("http://jaeger:4317"))]


def test_targets_that_prometheus_looks_up_by_name() -> None:
    text = """\
scrape_configs:
  - job_name: machines
    dns_sd_configs: [{names: ["tasks.node", stock], type: A, port: 9100}]
"""
    assert told(text) == [
        ("prometheus", 3, Literal("http://node")),
        ("prometheus", 3, Literal("http://stock")),
    ]


def test_other_files_with_such_words_say_nothing() -> None:
    assert told("datasources: nothing\nexporters: [csv, json]\n") == []
    assert told("scrape_configs:\n  - {static_configs: 3}\n  - text\n") == []
