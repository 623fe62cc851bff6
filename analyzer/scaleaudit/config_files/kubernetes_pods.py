"""What a Kubernetes pod runs: its containers, their environment, ports and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import KUBERNETES, plain_text, text_value, words
from scaleaudit.config_files.openshift_templates import is_template, objects_of
from scaleaudit.config_files.program_arguments import settings_in
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.facts import EnvEntry
from scaleaudit.values import UNKNOWN, Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.values import Value

# Where the kinds that run pods keep the template of a pod.
POD_SPECS: dict[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "DeploymentConfig": ("spec", "template", "spec"),  # OpenShift
    "Rollout": ("spec", "template", "spec"),  # Argo Rollouts
    "Service": ("spec", "template", "spec"),  # Knative only; its core namesake has no template
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
# Volumes that several pods on several machines can write to.
_NETWORK_VOLUMES = ("nfs", "cephfs", "glusterfs", "azureFile", "quobyte")
# File systems of the same kind behind the container storage interface.
_NETWORK_DRIVERS = (
    "efs.csi",
    "nfs.csi",
    "smb.csi",
    "file.csi.azure",
    "filestore.csi",
    "cephfs.csi",
)


def plain(value: YamlValue) -> str:
    """The text of a scalar, `spelled` where it is symbolic."""
    return plain_text(as_text(value), KUBERNETES)


def main_container(pod: YamlMap) -> YamlMap:
    """The first container; the others are sidecars."""
    return next(iter(maps_in(pod.get("containers"))), as_map(None))


def ends(pod: YamlMap) -> bool:
    """A pod that is not started again when it has done its work."""
    return plain(pod.get("restartPolicy")) in ("Never", "OnFailure")


def image_of(container: YamlMap) -> Value | None:
    image = container.get("image")
    return text_value(image, KUBERNETES) if isinstance(image, Text) else None


def command_of(container: YamlMap) -> tuple[Value, ...]:
    return tuple(
        word
        for key in ("command", "args")
        for word in words(texts_in(container.get(key)), KUBERNETES)
    )


def environment_of(container: YamlMap) -> tuple[EnvEntry, ...]:
    """The variables of a container, without those that a patch deletes."""
    entries: dict[str, EnvEntry] = {}
    for item in maps_in(container.get("env")):
        name = plain(item.get("name"))
        if name and item.get("$patch") != "delete":
            entries[name] = EnvEntry(name, _env_value(name, item), item.place("name"))
            for each, part in settings_in(as_text(item.get("value"))):
                known = text_value(part, KUBERNETES, each)
                entries.setdefault(each, EnvEntry(each, known, item.place("name")))
    return tuple(entries.values())


def _env_value(name: str, item: YamlMap) -> Value:
    value = item.get("value")
    if isinstance(value, Text):
        return text_value(value, KUBERNETES, name)
    if "valueFrom" not in item:
        return Literal("") if "value" in item else UNKNOWN
    source = as_map(item["valueFrom"])
    for reference, prefix in (("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")):
        if reference in source:
            key = as_map(source[reference])
            return Setting(f"{prefix}:{plain(key.get('name'))}/{plain(key.get('key'))}")
    path = inner(source, "fieldRef", "fieldPath") or inner(source, "resourceFieldRef", "resource")
    return Unknown(as_text(path))


def env_from(container: YamlMap) -> tuple[str, ...]:
    """The ConfigMaps and Secrets that become variables as a whole."""
    names = [
        plain(inner(item, reference, "name"))
        for item in maps_in(container.get("envFrom"))
        for reference in ("configMapRef", "secretRef")
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def ports_of(container: YamlMap) -> tuple[str, ...]:
    ports = (plain(port.get("containerPort")) for port in maps_in(container.get("ports")))
    return tuple(dict.fromkeys(port for port in ports if port))


def open_on_host(pod: YamlMap, container: YamlMap) -> bool:
    """Ports of the machine itself lead to the pod."""
    return pod.get("hostNetwork") == "true" or any(
        "hostPort" in port for port in maps_in(container.get("ports"))
    )


def volumes_of(
    pod: YamlMap, container: YamlMap, templates: YamlValue, shared_claims: frozenset[str]
) -> tuple[tuple[str, ...], bool]:
    """`source:target` of what the container can write to, and whether several pods share some.

    ConfigMaps, Secrets and the like are read-only and left out. A claim stands under its name;
    an `emptyDir` has no source, for it ends with the pod.
    """
    sources = dict(_volume_sources(pod, shared_claims))
    for claim in maps_in(templates):
        name = plain(inner(claim, "metadata", "name"))
        sources[name] = (name, read_write_many(claim))
    found: list[str] = []
    shared = False
    for mount in maps_in(container.get("volumeMounts")):
        name, target = plain(mount.get("name")), plain(mount.get("mountPath"))
        if name not in sources or not target or mount.get("readOnly") == "true":
            continue
        source, is_shared = sources[name]
        found.append(f"{source}:{target}" if source else target)
        shared = shared or is_shared
    return tuple(found), shared


def config_maps_of(pod: YamlMap) -> tuple[str, ...]:
    """The ConfigMaps that its volumes hold."""
    names: list[str] = []
    for volume in maps_in(pod.get("volumes")):
        sources = [volume, *maps_in(inner(volume, "projected", "sources"))]
        for source in sources:
            found = as_map(source.get("configMap"))
            names.append(plain(found.get("name")))
    return tuple(dict.fromkeys(name for name in names if name))


def read_write_many(claim: YamlMap) -> bool:
    return "ReadWriteMany" in texts_in(inner(claim, "spec", "accessModes"))


def _volume_sources(
    pod: YamlMap, shared_claims: frozenset[str]
) -> Iterator[tuple[str, tuple[str, bool]]]:
    for volume in maps_in(pod.get("volumes")):
        name = plain(volume.get("name"))
        if "persistentVolumeClaim" in volume:
            claim = plain(inner(volume, "persistentVolumeClaim", "claimName"))
            yield name, (claim, claim in shared_claims)
        elif "ephemeral" in volume or "emptyDir" in volume:
            yield name, ("", False)
        elif "hostPath" in volume:
            yield name, (plain(inner(volume, "hostPath", "path")), False)
        elif "csi" in volume:
            driver = as_text(inner(volume, "csi", "driver"))
            yield name, (driver, any(known in driver for known in _NETWORK_DRIVERS))
        else:
            kind = next((kind for kind in _NETWORK_VOLUMES if kind in volume), "")
            if kind:
                yield name, (plain(inner(volume, kind, "server")) or kind, True)


def labels_in(value: YamlValue) -> tuple[tuple[str, str], ...]:
    return tuple((plain_text(key, KUBERNETES), plain(text)) for key, text in as_map(value).items())


def items_of(document: YamlMap) -> list[YamlMap]:
    """The manifests of a document: itself, or what a `List` or a template holds, at any depth."""
    found: list[YamlMap] = []
    todo = [document]
    while todo:
        manifest = todo.pop()
        if as_text(manifest.get("kind")).endswith("List") and as_list(manifest.get("items")):
            todo.extend(reversed(maps_in(manifest["items"])))
        elif is_template(manifest):
            todo.extend(reversed(objects_of(manifest)))
        else:
            found.append(manifest)
    return found
