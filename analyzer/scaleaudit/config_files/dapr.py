"""Components of Dapr: what a name like `pubsub` or `statestore` in code stands for, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.kubernetes_pods import plain
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_values import as_map, as_text, inner, maps_in, texts_in
from scaleaudit.facts import SettingDefined
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap

API = "dapr.io/"
# Beginnings of keys: an application for whom a component is opened, a configuration with traces.
SCOPE, TRACES = "dapr-scope.", "dapr-traces."
APPLICATION, CONFIGURATION = f"{API}app-id", f"{API}config"  # annotations of pods
MAX_SCOPES = 200  # applications of one component
OPENED = ("state.", "pubsub.", "bindings.")  # kinds whose connections a daemon opens as it starts
# The last part of a component's type -> the scheme of its address.
SCHEMES = {
    "redis": "redis", "rabbitmq": "amqp", "kafka": "kafka", "mongodb": "mongodb", "smtp": "smtp",
    "postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "sqlserver": "sqlserver",
    "nats": "nats", "jetstream": "nats", "cassandra": "cassandra", "mqtt": "mqtt", "mqtt3": "mqtt",
    "memcached": "memcached", "pulsar": "pulsar",
}  # fmt: skip
ADDRESS_KEYS = ("redisHost", "host", "brokers", "connectionString", "url", "consumerID", "hosts",
                "server", "natsURL")  # fmt: skip


def component(manifest: YamlMap) -> Iterator[SettingDefined]:
    """The address of a component, as the setting `dapr.<name>`; its type is the group.

    Those whose daemons open it are listed as `dapr-scope.<application>`, with its name as the group.
    """
    name = plain(inner(manifest, "metadata", "name"))
    spec = as_map(manifest.get("spec"))
    kind = as_text(spec.get("type"))
    scheme = SCHEMES.get(kind.rpartition(".")[2], "")
    entries = {as_text(e.get("name")): e for e in maps_in(spec.get("metadata"))}
    found = next((entries[key] for key in ADDRESS_KEYS if key in entries), None)
    address = as_text(found.get("value")) if found is not None else ""
    if not name or found is None or not address:
        return
    if scheme and "://" not in address and "=" not in address:
        address = f"{scheme}://{address}"
    value = without_secrets(name, Literal(str(address)))
    yield SettingDefined(found.place("value"), f"dapr.{name}", value, "dapr", str(kind))
    if kind.startswith(OPENED):
        for scope in texts_in(manifest.get("scopes"))[:MAX_SCOPES]:
            yield SettingDefined(found.place("value"), f"{SCOPE}{scope}", value, "dapr", name)


def configuration(manifest: YamlMap) -> Iterator[SettingDefined]:
    """Where the daemons that are started with a configuration send their traces."""
    name = plain(inner(manifest, "metadata", "name"))
    tracing = as_map(inner(manifest, "spec", "tracing"))
    for way in ("zipkin", "otel"):
        address = as_text(inner(tracing, way, "endpointAddress"))
        if name and address:
            at = as_map(tracing[way]).place("endpointAddress")
            value = Literal(address if "://" in address else f"http://{address}")
            yield SettingDefined(at, f"{TRACES}{name}", value, "dapr")


def told_by(annotations: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """What the annotations of pods say of the daemon beside them."""
    return tuple((key, text) for key, text in annotations if key in (APPLICATION, CONFIGURATION))


def identity(told: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(text for key, text in told if key == APPLICATION and text)
