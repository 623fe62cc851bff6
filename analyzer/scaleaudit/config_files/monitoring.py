"""Whom monitoring asks and tells: Prometheus' targets, Grafana's data sources, OpenTelemetry's
receivers and exporters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_list,
    as_map,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.values import Value

SOURCE = "monitoring"  # of the settings; the key is the technology of the program that reads them
MAX_TARGETS = 500
_VARIABLE = regex(r"\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^{}]*))?\}")
# Receivers that wait for others, and exporters that go nowhere.
_PASSIVE = {"otlp", "jaeger", "zipkin", "statsd", "syslog", "fluentforward", "debug", "logging",
            "file", "nop", "prometheus"}  # fmt: skip


def monitoring_facts(document: YamlMap) -> Iterator[SettingDefined]:
    """One setting for each address, at most `MAX_TARGETS`."""
    for _, fact in zip(range(MAX_TARGETS), _found(document), strict=False):
        yield fact


def _found(document: YamlMap) -> Iterator[SettingDefined]:
    if "scrape_configs" in document and "clients" not in document:  # Promtail has them as well
        yield from _scraped(document, "prometheus")
        for manager in maps_in(as_map(document.get("alerting")).get("alertmanagers")):
            yield from _static(manager, "prometheus")
        for store in ("remote_write", "remote_read"):
            for each in maps_in(document.get(store)):
                yield from _address(each.get("url"), "prometheus")
    if "metrics_generator" in document:  # of Tempo
        storage = as_map(as_map(document.get("metrics_generator")).get("storage"))
        for each in maps_in(storage.get("remote_write")):
            yield from _address(each.get("url"), "tempo")
        yield from _address(inner(document, "storage", "trace", "s3", "endpoint"), "tempo")
    if "schema_config" in document:  # of Loki, which keeps its lines in a bucket
        for kept in (
            inner(document, "common", "storage", "s3"),
            inner(document, "storage_config", "aws"),
        ):
            yield from _address(as_map(kept).get("endpoint"), "loki")
    if "datasources" in document:
        for source in maps_in(document.get("datasources")):
            yield from _address(source.get("url"), "grafana")
    if "exporters" in document and ("receivers" in document or "service" in document):
        yield from _collected(document)


def _scraped(document: YamlMap, technology: str) -> Iterator[SettingDefined]:
    for job in maps_in(document.get("scrape_configs")):
        yield from _static(job, technology)


def _static(job: YamlMap, technology: str) -> Iterator[SettingDefined]:
    for registry in maps_in(job.get("consul_sd_configs")):
        yield from _address(registry.get("server"), technology)
    for group in maps_in(job.get("static_configs", job.get("target_groups"))):  # as of old
        for target in texts_in(group.get("targets")):
            yield from _address(target, technology)
    for lookup in maps_in(job.get("dns_sd_configs")):
        for name in texts_in(lookup.get("names")):
            yield from _address(name, technology)


def _in_pipelines(document: YamlMap, part: str) -> frozenset[str] | None:
    """The receivers or exporters that some pipeline names; None where no pipeline is told."""
    pipelines = as_map(inner(document, "service", "pipelines"))
    named = [name for each in pipelines.values() for name in texts_in(as_map(each).get(part))]
    return frozenset(map(str, named)) if named else None


def _collected(document: YamlMap) -> Iterator[SettingDefined]:
    receiving = _in_pipelines(document, "receivers")
    sending = _in_pipelines(document, "exporters")
    for name, receiver in as_map(document.get("receivers")).items():
        if receiving is not None and name not in receiving:
            continue  # declared, and not switched on
        settings, kind = as_map(receiver), name.partition("/")[0]
        if kind == "prometheus":
            yield from _scraped(as_map(settings.get("config")), "opentelemetry")
        elif kind not in _PASSIVE:
            yield from _address(settings.get("endpoint"), "opentelemetry")
            for target in maps_in(settings.get("targets")):
                yield from _address(target.get("endpoint"), "opentelemetry")
            for broker in texts_in(settings.get("brokers")):
                yield from _address(broker, "opentelemetry")
    for name, exporter in as_map(document.get("exporters")).items():
        settings = as_map(exporter)
        if sending is not None and name not in sending:
            continue
        if name.partition("/")[0] in _PASSIVE - {"otlp", "zipkin", "jaeger", "syslog"}:
            continue
        yield from _address(settings.get("endpoint"), "opentelemetry")
        yield from _address(as_map(settings.get("http")).get("endpoint"), "opentelemetry")
        for each in as_list(settings.get("endpoints")):
            yield from _address(each, "opentelemetry")


def _address(text: YamlValue, technology: str) -> Iterator[SettingDefined]:
    if isinstance(text, Text) and text.strip() and not text.startswith(("unix:", "/")):
        # `tasks.node` are the instances of a service, for Docker's swarm
        address = address_value(text.removeprefix("tasks."))
        yield SettingDefined(text.at, technology, address, SOURCE)


def address_value(text: str) -> Value:
    """`db:8086`, `http://${HOST}:8086`: with what the environment fills in as settings."""
    text = text if "://" in text else f"http://{text}"
    parts: list[Value] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        default = Literal(found[2]) if found[2] is not None else None
        parts += [Literal(text[position : found.start()]), Setting(found[1], default)]
        position = found.end()
    return join(*parts, Literal(text[position:]))
