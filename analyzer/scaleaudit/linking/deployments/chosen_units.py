"""One image for all programs of a repository, which a variable tells what to run.

`DIR=orders` in the environment or `MODULE: orders` among a build's arguments: where all workloads of
one Dockerfile are given a build unit of their own by the same name, that unit is their source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.deployments.workload import value_text
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from scaleaudit.linking.deployments.workload import Workload

MAX_TEXT = 200


def assign_chosen(workloads: Iterable[Workload], units: Collection[str]) -> None:
    """Sets `root` of such workloads. `units`: the folders of all build units."""
    groups: dict[tuple[str, str, str], list[Workload]] = {}
    for each in workloads:
        if each.root is not None and each.image_fact is not None:
            groups.setdefault((each.path, each.root, each.dockerfile), []).append(each)
    for (_, root, _), group in groups.items():
        told = [given(each, root, units) for each in group]
        ways = {
            tuple(folders[name] for folders in told)
            for name in set.intersection(*(set(folders) for folders in told))
        }
        distinct = [way for way in ways if len(set(way)) == len(group) > 1]
        if len(distinct) == 1:
            for each, folder in zip(group, distinct[0], strict=True):
                each.root = folder


def given(workload: Workload, root: str, units: Collection[str]) -> dict[str, str]:
    """The unit below the root that each variable or argument of the build holds."""
    texts = {name: value_text(value) for name, (value, _) in workload.environment.items()}
    texts |= {arg.name: value_text(arg.value) for arg in workload.fact.build_args}
    found = {name: unit_at(root, text, units) for name, text in texts.items()}
    return {name: folder for name, folder in found.items() if folder}


def unit_at(root: str, text: str, units: Collection[str]) -> str:
    """The unit of a folder, or of a file in it such as `orders/target/*.jar`; else empty."""
    if not text or len(text) > MAX_TEXT or "{}" in text or ":" in text:
        return ""
    return unit_around(root, text.strip("/"), units)


def unit_around(root: str, path: str, units: Collection[str]) -> str:
    """The innermost build unit below the root that a path is in; empty where there is none."""
    folder = resolve_path(root, path) or ""
    while folder and folder != root:
        if folder in units and is_below(folder, root):
            return folder
        folder = folder_of(folder)
    return ""
