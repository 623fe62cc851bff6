"""Programs that operators run for a custom resource: OpenTelemetry's collectors, Keycloak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.config_files.configmap_files import settings_in_file
from scaleaudit.config_files.kubernetes_pods import plain
from scaleaudit.config_files.monitoring import SOURCE, monitoring_facts
from scaleaudit.config_files.yaml_values import Text, as_int, as_map, as_text, inner
from scaleaudit.facts import EnvEntry, WorkloadDeclared
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap
    from scaleaudit.facts import SettingDefined

COLLECTOR = ("opentelemetry.io", "OpenTelemetryCollector")
KEYCLOAK = ("k8s.keycloak.org", "Keycloak")
KINDS_RUN = frozenset(kind for _, kind in (COLLECTOR, KEYCLOAK))
# What Keycloak calls a database and the scheme of its addresses does not.
SCHEMES = {"postgres": "postgresql", "mssql": "sqlserver"}


def operated_program(manifest: YamlMap, source: str) -> Iterator[WorkloadDeclared | SettingDefined]:
    """What runs for the resource, and whom it is told to reach."""
    group = as_text(manifest["apiVersion"]).partition("/")[0]
    name = plain(inner(manifest, "metadata", "name"))
    if not name or "{" in name:
        return
    if (group, as_text(manifest["kind"])) == COLLECTOR:
        yield from _collector(manifest, name, source)
    elif (group, as_text(manifest["kind"])) == KEYCLOAK:
        yield _keycloak(manifest, name, source)


def _collector(
    manifest: YamlMap, name: str, source: str
) -> Iterator[WorkloadDeclared | SettingDefined]:
    """Its Services and the file that it is given are called `name-collector`."""
    metadata, spec = as_map(manifest.get("metadata")), as_map(manifest.get("spec"))
    if spec.get("mode") == "sidecar":
        return  # a part of whatever it is put beside
    made = f"{name}-collector"
    yield WorkloadDeclared(
        metadata.place("name"),
        name if name.endswith("collector") else made,
        source,
        image=Literal(plain(spec.get("image")) or "opentelemetry-collector"),
        replicas=as_int(spec.get("replicas")),
        aliases=(made, f"{made}-headless"),
        mounted=(made,),
        namespace=plain(metadata.get("namespace")),
    )
    config = spec.get("config")
    if isinstance(config, Text):  # v1alpha1
        for fact in settings_in_file("collector.yaml", config, made):
            if fact.source == SOURCE:
                yield fact
    else:
        for fact in monitoring_facts(as_map(config)):
            yield replace(fact, group=made)


def _keycloak(manifest: YamlMap, name: str, source: str) -> WorkloadDeclared:
    metadata, spec = as_map(manifest.get("metadata")), as_map(manifest.get("spec"))
    database = as_map(spec.get("db"))
    host, vendor = plain(database.get("host")), plain(database.get("vendor"))
    environment: tuple[EnvEntry, ...] = ()
    if host and vendor:
        port = plain(database.get("port"))
        address = f"{SCHEMES.get(vendor, vendor)}://{host}{':' * bool(port)}{port}"
        path = plain(database.get("database")) or "keycloak"
        told = Literal(f"jdbc:{address}/{path}")
        environment = (EnvEntry("KC_DB_URL", told, database.place("host")),)
    called = plain(inner(spec, "hostname", "hostname")).rpartition("//")[2].partition("/")[0]
    return WorkloadDeclared(
        metadata.place("name"),
        name,
        source,
        image=Literal(plain(spec.get("image")) or "keycloak"),
        environment=environment,
        replicas=as_int(spec.get("instances")),
        aliases=tuple(each for each in (f"{name}-service", called) if each and "{" not in each),
        namespace=plain(metadata.get("namespace")),
    )
