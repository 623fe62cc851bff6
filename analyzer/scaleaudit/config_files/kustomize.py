"""kustomization.yaml: what it puts together and what it changes.

A patch in a file of its own is told as an include of the kind `kustomize-patch`: the workloads in
that file are changes, not workloads. An entry under `images` is a `WorkloadPatched` by the name of
the image, for it changes every workload that runs it. Files of variables that a ConfigMap or a
Secret is made of are an include of the kind `kustomize-generated NAME`. An include of no file, of the kind
`kustomize-optional`, says that the changes count only where another file takes them in. What a patch deletes is not told: an overlay
is one way to deploy among several, and the workload still stands in its base.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import KUBERNETES, text_value
from scaleaudit.config_files.kubernetes import place_of
from scaleaudit.config_files.kubernetes_pods import (
    POD_SPECS,
    environment_of,
    image_of,
    main_container,
    plain,
)
from scaleaudit.config_files.secret_addresses import secret_address
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlList,
    YamlMap,
    as_int,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.facts import (
    GENERATED,
    EnvEntry,
    FileFacts,
    FilesIncluded,
    SettingDefined,
    WorkloadPatched,
)
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import Fact
    from scaleaudit.values import Value

_INCLUDES = (
    ("resources", "kustomize"),
    ("bases", "kustomize"),
    ("components", "kustomize-component"),
)
_OF_CONTAINER = regex(r"/spec/(?:.*/)?containers/0/(.+)")


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts = [fact for document in file.maps for fact in kustomize_facts(document)]
    return FileFacts(tuple(facts), "", file.problem, file.lines)


def is_kustomization(document: YamlMap) -> bool:
    """By the API group; Flux has a kind of the same name in another group."""
    return as_text(document.get("apiVersion")).startswith("kustomize.config.k8s.io/")


def kustomize_facts(document: YamlMap) -> Iterator[Fact]:
    if as_text(document.get("kind")) == "Component":
        yield FilesIncluded(document.at, (), "kustomize-optional")
    for key, kind in _INCLUDES:
        paths = texts_in(document.get(key))
        if paths:
            yield FilesIncluded(document.place(key), tuple(map(str, paths)), kind)
    yield from _patches(document)
    for image in maps_in(document.get("images")):
        yield _image(image)
    for entry in maps_in(document.get("replicas")):
        yield WorkloadPatched(entry.at, plain(entry.get("name")), as_int(entry.get("count")))
    yield from _generated(document, "configMapGenerator", "configmap")
    yield from _generated(document, "secretGenerator", "secret")


def _image(entry: YamlMap) -> WorkloadPatched:
    """The image as it will be run: the new name where given, the new tag or digest."""
    name = as_text(entry.get("name"))
    image = as_text(entry.get("newName")) or name
    if tag := as_text(entry.get("newTag")):
        image = f"{image}:{tag}"
    if digest := as_text(entry.get("digest")):
        image = f"{image}@{digest}"
    return WorkloadPatched(entry.at, name, image=text_value(image, KUBERNETES))


def _patches(document: YamlMap) -> Iterator[Fact]:
    paths: list[Text] = []
    for entry in as_list(document.get("patchesStrategicMerge")):
        if isinstance(entry, Text) and "\n" in entry.strip():
            yield from _patched(entry, YamlMap())
        elif isinstance(entry, Text):
            paths.append(entry)
    for key in ("patches", "patchesJson6902"):
        for entry in maps_in(document.get(key)):
            patch, path = entry.get("patch"), entry.get("path")
            if isinstance(patch, Text):
                yield from _patched(patch, as_map(entry.get("target")))
            elif isinstance(path, Text):
                paths.append(path)
    if paths:
        yield FilesIncluded(paths[0].at, tuple(map(str, paths)), "kustomize-patch")


def _patched(patch: Text, target: YamlMap) -> Iterator[WorkloadPatched]:
    """An inline patch: a piece of a manifest, or a list of JSON operations on the target."""
    above = patch.line if "\n" in patch.strip() else patch.line - 1
    for document in read_yaml(patch.encode("utf-8", "replace")).documents:
        if isinstance(document, YamlMap):
            yield from _merged(document, target, above)
        else:
            yield from _operated(maps_in(document), target, patch.line)


def _merged(manifest: YamlMap, target: YamlMap, above: int) -> Iterator[WorkloadPatched]:
    kind = as_text(target.get("kind")) or as_text(manifest.get("kind"))
    name = plain(target.get("name")) or plain(inner(manifest, "metadata", "name"))
    if kind not in POD_SPECS or kind == "Service" or not name:
        return
    at = Span(above + place_of(manifest).line)
    container = main_container(as_map(inner(manifest, *POD_SPECS[kind])))
    environment = tuple(
        EnvEntry(entry.name, entry.value, Span(above + entry.at.line))
        for entry in environment_of(container)
    )
    replicas = as_int(inner(manifest, "spec", "replicas"))
    image = image_of(container)
    if replicas is not None or image is not None or environment:
        yield WorkloadPatched(at, name, replicas, image, environment)


def _operated(operations: list[YamlMap], target: YamlMap, line: int) -> Iterator[WorkloadPatched]:
    """JSON 6902: replicas, and image and variables of the first container."""
    name, kind = plain(target.get("name")), as_text(target.get("kind"))
    if not name or kind not in ("", *POD_SPECS) or kind == "Service":
        return
    replicas: int | None = None
    image: Value | None = None
    environment: list[EnvEntry] = []
    for operation in operations:
        if operation.get("op") not in ("add", "replace"):
            continue
        path, value = as_text(operation.get("path")), operation.get("value")
        at = Span(line + operation.line)
        if path == "/spec/replicas":
            replicas = as_int(value)
            continue
        found = _OF_CONTAINER.fullmatch(path)
        field = found[1] if found is not None else ""
        if field == "image" and isinstance(value, Text):
            image = text_value(value, KUBERNETES)
        elif field == "env" or re.fullmatch(r"env/(-|\d+)", field):
            holder = YamlMap()
            holder["env"] = value if field == "env" else _one(value)
            environment += [
                EnvEntry(entry.name, entry.value, at) for entry in environment_of(holder)
            ]
    if replicas is not None or image is not None or environment:
        yield WorkloadPatched(Span(line), name, replicas, image, tuple(environment))


def _one(value: YamlValue) -> YamlList:
    items = YamlList([value])
    items.line = items.column = 1
    return items


def _generated(document: YamlMap, key: str, source: str) -> Iterator[Fact]:
    for generator in maps_in(document.get(key)):
        group = plain(generator.get("name"))
        files = [*texts_in(generator.get("envs")), *texts_in(generator.get("env"))]
        if files:
            yield FilesIncluded(files[0].at, tuple(map(str, files)), f"{GENERATED}{group}")
        for literal in texts_in(generator.get("literals")):
            name, equals, text = str(literal).partition("=")
            if not equals:
                continue
            value = (
                secret_address(name, text)
                if source == "secret"
                else text_value(text, KUBERNETES, name)
            )
            yield SettingDefined(literal.at, name, value, source, group)
