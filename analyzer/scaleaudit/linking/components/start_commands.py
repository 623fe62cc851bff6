"""What each deployed process runs: the workload's command, else the image's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind, StartCommand
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ImageBuilt
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.source import Location

DEVELOPMENT = regex(
    r"(^|[-_./])(dev|devel|development|local|override|debug|devcontainer|sandbox)([-_./]|$)",
    re.IGNORECASE,
)


def start_commands(components: Components) -> Iterator[StartCommand]:
    """One for each workload and each Dockerfile that code of ours runs by."""
    for component in components.all:
        if component.kind is not NodeKind.SERVICE or component.root is None:
            continue
        for workload in component.workloads:
            words, at = workload.command, workload.at
            if not words and workload.image_fact is not None and workload.image_fact.command:
                words = workload.image_fact.command
                path = workload.dockerfile or f"{component.root}/Dockerfile".lstrip("/")
                at = place(workload.image_fact, path)
            if words:
                yield StartCommand(
                    component=component.id,
                    words=words,
                    environment=tuple(sorted(workload.environment)),
                    at=at,
                    development=for_developers(workload, component.root),
                )
        if not component.workloads:
            image = components.image_of(component.root)
            if image is not None and image.command:
                path = f"{component.root}/Dockerfile".lstrip("/")
                yield StartCommand(
                    component.id, image.command, tuple(e.name for e in image.environment),
                    place(image, path),
                )  # fmt: skip


def for_developers(workload: Workload, root: str) -> bool:
    """By the name of the file, of the image's or of the stage, or by sources of the machine mounted over the image's."""
    named = f"{workload.path}/{workload.dockerfile}/{workload.fact.build_target}"
    if DEVELOPMENT.search(named):
        return True
    for volume in workload.fact.volumes:
        source = volume.partition(":")[0]
        if source.startswith("."):
            mounted = resolve_path(folder_of(workload.path), source)
            if mounted is not None and is_below(root, mounted):
                return True
    return False


def place(image: ImageBuilt, path: str) -> Location:
    """The instruction that sets the command, else the start of the stage."""
    return (image.command_at if image.command_at.line else image.at).in_file(path)
