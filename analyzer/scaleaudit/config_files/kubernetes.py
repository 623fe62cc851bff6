"""Kubernetes manifests, plain or out of a Helm chart, to facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import dapr, kubernetes_gateways
from scaleaudit.config_files.configmap_files import settings_in_file
from scaleaudit.config_files.interpolation import KUBERNETES, plain_text, text_value
from scaleaudit.config_files.kafka_connect import connector_facts
from scaleaudit.config_files.kubernetes_operators import KINDS_OPERATED, operated_store
from scaleaudit.config_files.kubernetes_pods import (
    POD_SPECS,
    command_of,
    config_maps_of,
    ends,
    env_from,
    environment_of,
    image_of,
    items_of,
    labels_in,
    main_container,
    open_on_host,
    plain,
    ports_of,
    read_write_many,
    volumes_of,
)
from scaleaudit.config_files.kubernetes_programs import KINDS_RUN, operated_program
from scaleaudit.config_files.kubernetes_routes import ROUTES, asked_of, backends
from scaleaudit.config_files.secret_addresses import secret_address
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_int,
    as_map,
    as_text,
    inner,
    maps_in,
)
from scaleaudit.facts import NetworkName, SettingDefined, WorkloadDeclared, WorkloadPatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.source import Span

MAX_FACTS = 20_000
_KINDS_OF_WORKLOAD = {"Job": "job", "CronJob": "cron"}


def is_manifest(document: YamlMap) -> bool:
    return bool(as_text(document.get("apiVersion")) and as_text(document.get("kind")))


def kubernetes_facts(documents: Iterable[YamlMap], source: str) -> list[Fact]:
    """The facts of all manifests of a file; `source` is `kubernetes` or `helm`."""
    manifests = [item for document in documents for item in items_of(document)]
    shared = frozenset(
        plain(inner(manifest, "metadata", "name"))
        for manifest in manifests
        if manifest.get("kind") == "PersistentVolumeClaim" and read_write_many(manifest)
    )
    facts: list[Fact] = []
    for manifest in manifests:
        deleted = manifest.get("$patch") == "delete"
        if is_manifest(manifest) and not deleted and len(facts) < MAX_FACTS:
            facts.extend(_manifest_facts(manifest, source, shared))
    return facts[:MAX_FACTS]


def place_of(manifest: YamlMap) -> Span:
    """The line of the name, else of the kind."""
    metadata = manifest.get("metadata")
    if isinstance(metadata, YamlMap) and "name" in metadata:
        return metadata.place("name")
    return manifest.place("kind")


def _manifest_facts(manifest: YamlMap, source: str, shared: frozenset[str]) -> Iterator[Fact]:
    kind = as_text(manifest["kind"])
    knative = kind == "Service" and "knative" in as_text(manifest["apiVersion"])
    if kind == "Service" and not knative:
        yield _service(manifest)
    elif kind in POD_SPECS:
        yield from _workload(manifest, kind, source, shared)
    elif kind in ("ConfigMap", "Secret"):
        yield from _settings(manifest, kind)
    elif kind == "Component" and as_text(manifest["apiVersion"]).startswith(dapr.API):
        yield from dapr.component(manifest)
    elif kind == "Configuration" and as_text(manifest["apiVersion"]).startswith(dapr.API):
        yield from dapr.configuration(manifest)
    elif kind in ("HorizontalPodAutoscaler", "ScaledObject"):
        yield from _scaled(manifest)
    elif kind == "KafkaConnector":
        entries = as_map(as_map(manifest.get("spec")).get("config"))
        told = [(key, plain(entries[key]), entries.place(key)) for key in entries]
        class_at = ("connector.class", "-", place_of(manifest))  # stands beside `config`
        yield from connector_facts([class_at, *told])
    elif kind in KINDS_OPERATED:
        yield from operated_store(manifest)
    elif kind in KINDS_RUN:
        yield from operated_program(manifest, source)
    elif kind == "Gateway" and as_text(manifest["apiVersion"]).startswith(kubernetes_gateways.API):
        yield from kubernetes_gateways.gateway(manifest, source)
    elif kind in ROUTES:
        yield from _routes(manifest, kind)


def _routes(manifest: YamlMap, kind: str) -> Iterator[NetworkName]:
    through = kubernetes_gateways.gateways_of(manifest)
    if through is None:
        return
    namespace = plain(inner(manifest, "metadata", "namespace"))
    asked = asked_of(manifest, kind)
    for at, name, port in backends(manifest, kind):
        yield NetworkName(
            at,
            name,
            ports=(port,) if port else (),
            published=True,
            namespace=namespace,
            through=through,
            asked=asked.get(name, ()),
        )
    yield from kubernetes_gateways.host_names(manifest, through)


def _workload(
    manifest: YamlMap, kind: str, source: str, shared: frozenset[str]
) -> Iterator[WorkloadDeclared | WorkloadPatched]:
    path = POD_SPECS[kind]
    metadata, spec = as_map(manifest.get("metadata")), as_map(manifest.get("spec"))
    name = plain(metadata.get("name")) or plain(metadata.get("generateName")).rstrip("-")
    if kind == "Rollout" and "workloadRef" in spec:  # the pods stand in a Deployment
        reference = plain(inner(spec, "workloadRef", "name"))
        yield WorkloadPatched(place_of(manifest), reference, as_int(spec.get("replicas")))
        return
    pod = as_map(inner(manifest, *path))
    container = main_container(pod)
    image, environment = image_of(container), environment_of(container)
    replicas = as_int(spec.get("replicas"))
    if not name:
        return
    if image is None and source == "kubernetes":  # no cluster takes it: an overlay's patch
        if replicas is not None or environment:
            yield WorkloadPatched(place_of(manifest), name, replicas, None, environment)
        return
    template = manifest if path == ("spec",) else as_map(inner(manifest, *path[:-1]))
    knative = kind == "Service"
    volumes, shares = volumes_of(pod, container, spec.get("volumeClaimTemplates"), shared)
    labels = labels_in(inner(template, "metadata", "labels"))
    beside = dapr.told_by(labels_in(inner(template, "metadata", "annotations")))
    visibility = "networking.knative.dev/visibility"
    private = inner(metadata, "labels", visibility) == "cluster-local"
    yield WorkloadDeclared(
        place_of(manifest),
        name,
        source,
        kind="job" if kind == "Pod" and ends(pod) else _KINDS_OF_WORKLOAD.get(kind, "service"),
        image=image,
        command=command_of(container),
        environment=environment,
        env_from=env_from(container),
        ports=ports_of(container),
        published=open_on_host(pod, container) or (knative and not private),
        replicas=replicas,
        volumes=volumes,
        shared_volumes=shares,
        aliases=(*((name,) if knative else ()), *dapr.identity(beside)),
        labels=(*(labels or labels_in(metadata.get("labels"))), *beside),
        namespace=plain(metadata.get("namespace")),
        mounted=config_maps_of(pod),
    )


def _service(manifest: YamlMap) -> NetworkName:
    metadata, spec = as_map(manifest.get("metadata")), as_map(manifest.get("spec"))
    ports = (plain(port.get("port")) for port in maps_in(spec.get("ports")))
    return NetworkName(
        place_of(manifest),
        plain(metadata.get("name")),
        selector=labels_in(spec.get("selector")),
        external_name=plain(spec.get("externalName")),
        ports=tuple(dict.fromkeys(port for port in ports if port)),
        # Of a headless service clients get the addresses of all pods, and choose by themselves.
        sticky=spec.get("sessionAffinity") == "ClientIP" and spec.get("clusterIP") != "None",
        published=spec.get("type") in ("LoadBalancer", "NodePort"),
        namespace=plain(metadata.get("namespace")),
    )


def _settings(manifest: YamlMap, kind: str) -> Iterator[SettingDefined]:
    group = plain(inner(manifest, "metadata", "name"))
    for part in ("data", "stringData"):
        entries = as_map(manifest.get(part))
        for written, value in entries.items():
            at, key = entries.place(written), plain_text(written, KUBERNETES)
            if kind == "Secret":
                address = (
                    secret_address(key, value, encoded=part == "data")
                    if isinstance(value, Text)
                    else SECRET
                )
                yield SettingDefined(at, key, address, "secret", group)
            elif not isinstance(value, Text):
                continue
            elif "\n" in value.strip() or key.endswith((".yml", ".yaml", ".properties")):
                yield from settings_in_file(key, value, group)
            else:
                yield SettingDefined(
                    at, key, text_value(value, KUBERNETES, key), "configmap", group
                )


def _scaled(manifest: YamlMap) -> Iterator[WorkloadPatched]:
    """Autoscalers: what the system can grow to counts as its number of replicas."""
    spec = as_map(manifest.get("spec"))
    target = plain(inner(spec, "scaleTargetRef", "name"))
    key = next((key for key in ("maxReplicas", "maxReplicaCount") if key in spec), "")
    if target and key:
        yield WorkloadPatched(spec.place(key), target, as_int(spec[key]))
