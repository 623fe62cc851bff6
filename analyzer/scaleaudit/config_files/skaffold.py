"""`skaffold.yaml`: which folder each image of a cluster is built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.image_builds import image_named
from scaleaudit.config_files.yaml_values import as_map, as_text, inner, maps_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap
    from scaleaudit.facts import ImageNamed

API = "skaffold/"


def skaffold_facts(document: YamlMap) -> Iterator[ImageNamed]:
    if not as_text(document.get("apiVersion")).startswith(API):
        return
    for artifact in maps_in(inner(document, "build", "artifacts")):
        image = as_text(artifact.get("image"))
        if image:
            context = as_text(artifact.get("context")) or "."
            docker = as_map(artifact.get("docker"))
            dockerfile, stage = as_text(docker.get("dockerfile")), as_text(docker.get("target"))
            yield from image_named(artifact.place("image"), [image], context, dockerfile, stage)
