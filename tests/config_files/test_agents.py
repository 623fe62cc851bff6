"""Telegraf, Kafka Connect and Tempo: whom their configurations ask and feed."""

from __future__ import annotations

import json

import pytest

from scaleaudit.config_files import kafka_connect, telegraf, yaml_file
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.values import Join, Literal, Setting


def told(facts: FileFacts) -> list[tuple[str, int, object]]:
    assert all(isinstance(f, SettingDefined) and f.source == "monitoring" for f in facts.facts)
    return [(f.key, f.at.line, f.value) for f in facts.facts if isinstance(f, SettingDefined)]


def test_inputs_and_outputs_of_telegraf() -> None:
    text = """\
[agent]
  hostname = "one"
[[outputs.influxdb]]
  urls = ["http://metrics:8086"] # not "http://old:8086"
[[outputs.kafka]]
  brokers = [
    "kafka:9092",
  ]
[[outputs.prometheus_client]]
  address = "elsewhere:9273"
[[inputs.statsd]]
  address = "waits:8125"
[[inputs.redis]]
  servers = ["tcp://${CACHE}:6379", "tcp://localhost:6379"]
[global_tags]
  url = "http://label:1"
"""
    assert told(telegraf.extract(text.encode())) == [
        ("telegraf", 4, Literal("http://metrics:8086")),
        ("telegraf", 7, Literal("http://kafka:9092")),
        ("telegraf", 14, Join((Literal("tcp://"), Setting("CACHE", None), Literal(":6379")))),
    ]


def test_stores_of_a_connector() -> None:
    config = {
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "database.hostname": "orders-db",
        "database.port": "5432",
        "database.password": "s3cret",
    }
    text = json.dumps({"name": "orders", "config": config}, indent=1)
    assert told(kafka_connect.extract(text.encode())) == [
        ("kafka-connect", 5, Literal("http://orders-db"))
    ]
    sink = '{"connector.class": "x.JdbcSinkConnector", "connection.url": "jdbc:mysql://db:3306/a"}'
    assert told(kafka_connect.extract(sink.encode())) == [
        ("kafka-connect", 1, Literal("jdbc:mysql://db:3306/a"))
    ]
    replicated = '{"connector.class": "x.MongoDbConnector", "mongodb.hosts": "rs0/mongo:27017"}'
    assert told(kafka_connect.extract(replicated.encode())) == [
        ("kafka-connect", 1, Literal("http://mongo:27017"))
    ]


def test_settings_of_no_connector_say_nothing() -> None:
    assert kafka_connect.extract(b'{"database.hostname": "orders-db"}').facts == ()


def test_where_tempo_writes_its_metrics_and_whom_prometheus_asks_for_targets() -> None:
    tempo = """\
metrics_generator:
  storage:
    remote_write:
      - url: http://prometheus:9090/api/v1/write
"""
    assert told(yaml_file.extract(tempo.encode())) == [
        ("tempo", 4, Literal("http://prometheus:9090/api/v1/write"))
    ]
    prometheus = """\
scrape_configs:
  - job_name: all
    consul_sd_configs:
      - server: "consul:8500"
"""
    assert told(yaml_file.extract(prometheus.encode())) == [
        ("prometheus", 4, Literal("http://consul:8500"))
    ]


@pytest.mark.parametrize(
    "content", [b"", b"[[outputs.kafka]]\nbrokers = [", b"\xff" * 99, b"{" * 999]
)
def test_hostile_files_end(content: bytes) -> None:
    assert telegraf.extract(content).facts == ()
    assert kafka_connect.extract(content).facts == ()
