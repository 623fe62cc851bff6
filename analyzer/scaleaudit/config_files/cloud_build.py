"""Google's `cloudbuild.yaml`: the images that its steps build, with lists of arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.image_builds import below, builds_in
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import as_text, maps_in, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ImageNamed

BUILDER = "cloud-builders/docker"


def cloud_builds(content: bytes) -> Iterator[ImageNamed]:
    if BUILDER.encode() not in content:
        return
    for document in read_yaml(content).maps:
        for step in maps_in(document.get("steps")):
            words = [str(word) for word in texts_in(step.get("args"))]
            if BUILDER in as_text(step.get("name")) and words[:1] == ["build"]:
                folder = as_text(step.get("dir"))
                start = [f"cd {below('', folder)}"] if folder else []
                yield from builds_in([*start, f"docker {' '.join(words)}"], step.place("name"))
