"""Components of Dapr: what a name like `pubsub` or `statestore` in code stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.kubernetes_pods import plain
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_values import as_map, as_text, inner, maps_in
from scaleaudit.facts import SettingDefined
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap

API = "dapr.io/"
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
    """The address of a component, as the setting `dapr.<name>`; its type is the group."""
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
