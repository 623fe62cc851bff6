"""Dockerfiles that stand apart from what they pack: `deploy/docker/orders/Dockerfile` takes its files
from the whole repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.linking.names import folder_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scaleaudit.facts import ImageBuilt
    from scaleaudit.linking.deployments.build_targets import BuildTargets
    from scaleaudit.linking.deployments.workload import Workload


def packs(folder: str, packages: Collection[str]) -> str:
    """The build unit that a Dockerfile's folder is for: `users/docker/` or `users/src/main/docker/`
    only says how `users/` is packed."""
    above = folder
    while above and above not in packages and folder_name(above) == folder_name(folder):
        above = folder_of(above)
    return above if above in packages and folder_name(above) == folder_name(folder) else folder


def assign_elsewhere(
    workloads: Iterable[Workload],
    images: Mapping[str, ImageBuilt],
    files: Collection[str],
    targets: BuildTargets,
) -> None:
    """Sets `root` of workloads that were found by such a Dockerfile to the program that it builds."""
    moved: list[tuple[Workload, str]] = []
    there: set[str] = set()  # all files, and the folders around them
    for workload in workloads:
        folder = workload.root
        image = images.get(f"{folder}/Dockerfile")
        if not folder or workload.dockerfile or workload.image_fact is None or image is None:
            continue
        named = [copy for copy in image.copies if copy.strip("./")]
        there = there or with_folders(files)
        outside = any(resolve_path("", copy) in there for copy in named)
        if outside and not any(resolve_path(folder, copy) in there for copy in named):
            moved.append((workload, folder))
            workload.root = ""
    targets.narrow([workload for workload, _ in moved])
    for workload, folder in moved:
        if not workload.root:  # which of its programs, nothing tells
            workload.root = folder
        else:
            workload.dockerfile = f"{folder}/Dockerfile"


def with_folders(files: Collection[str]) -> set[str]:
    found = set(files)
    for path in files:
        around = folder_of(path)
        while around and around not in found:
            found.add(around)
            around = folder_of(around)
    return found
