"""Code that a workload does not build but mounts: a folder of the repository in a runtime's image.

`image: php:8-fpm` with `./src:/var/www/html` runs what is in `src`; so does an image that is built
on such a runtime and copies nothing of its context. In any language the folder that a workload
is told to work in may be a build unit below a folder that it mounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.deployments.workload import Workload

# Images that hold an interpreter whose own command serves or runs what is mounted.
PHP_RUNTIME = regex(r"^(php(-fpm|-apache|-nginx|-dev|-cli)?|phpfpm|frankenphp|unit|laradock-php)$")
MAX_VOLUMES = 40


def mounted_code(
    workload: Workload, packages: Mapping[str, PackageDeclared], files: Collection[str]
) -> str | None:
    """The one folder of code that a workload mounts into an image without any; None for others."""
    started = _started(workload, packages)
    if started is not None:
        return started
    image = workload.image_fact
    runtime = image.base if image is not None else workload.image if workload.root is None else ""
    if not PHP_RUNTIME.match(image_name(runtime)):
        return None
    root = workload.root
    if root is not None and any(p == root or is_below(p, root) for p in packages):
        return None  # it is built with its code
    found: set[str] = set()
    for volume in workload.fact.volumes[:MAX_VOLUMES]:
        source, _, target = volume.partition(":")
        folder = resolve_path(folder_of(workload.path), source)
        if not source.startswith(".") or not target or folder is None:
            continue
        if folder in packages or _holds_php(folder, files):
            found.add(folder)
    outer = {f for f in found if not any(g != f and is_below(f, g) for g in found)}
    return outer.pop() if len(outer) == 1 else None


def _started(workload: Workload, packages: Collection[str]) -> str | None:
    """The build unit that the workload's own working folder is, below something it mounts."""
    root, workdir = workload.root, workload.fact.workdir.rstrip("/")
    if root is None or not workdir:
        return None
    holds = any(p == root or is_below(p, root) for p in packages)
    for volume in workload.fact.volumes[:MAX_VOLUMES]:
        source, _, target = volume.partition(":")
        target = target.partition(":")[0].rstrip("/")
        if source.startswith(".") and target and is_below(workdir, target):
            inside = f"{source}/{workdir[len(target) :].strip('/')}"
            folder = resolve_path(folder_of(workload.path), inside)
            part = folder is not None and folder != root and is_below(folder, root)
            if folder in packages and (part or not holds):
                return folder
    return None


def mounts(workload: Workload, folder: str) -> bool:
    """A folder of the repository is mounted as it is, whatever the image holds there."""
    return any(
        resolve_path(folder_of(workload.path), volume.partition(":")[0]) == folder
        for volume in workload.fact.volumes
        if volume.startswith(".")
    )


def _holds_php(folder: str, files: Collection[str]) -> bool:
    start = f"{folder}/" if folder else ""
    return any(path.startswith(start) and path.endswith(".php") for path in files)
