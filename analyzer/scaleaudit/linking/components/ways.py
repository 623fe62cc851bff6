"""The process that serves a codebase, where several ways to deploy it call it by other names.

A compose file starts it as `app`, a manifest of Kubernetes as `shop-node`: one program.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.linking.components.roles import aside, is_worker, only_migrates, only_tests
from scaleaudit.linking.components.started_programs import named_program
from scaleaudit.linking.components.store_alternatives import ENVIRONMENTS
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.technologies import image_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component

WORDS = re.compile(r"[a-z0-9]+")
FOR_ENVIRONMENTS = ENVIRONMENTS | {"local", "debug", "release"}
FOR_BUILDS = frozenset({"docker", "build", "deploy", "deployment", "ops", "infra", "containers"})


def with_one_of_each_server(components: list[Component]) -> list[Component]:
    """Without the processes that are another way to start what serves the same folder.

    Each way of deployment starts one such, with nothing that tells them apart: what is a second one
    of its way stays, with all others of the folder.
    """
    folders: dict[str, list[Component]] = {}
    for component in components:
        if component.root is not None and _serves(component):
            folders.setdefault(component.root, []).append(component)
    gone: set[int] = set()
    for found in folders.values():
        ways = [way for component in found for way in _ways(component)]
        if len(found) < 2 or len(ways) > len(set(ways)) or not _fitting(found):
            continue
        kept, *others = sorted(found, key=lambda c: (-len(c.workloads), c.name))
        for other in others:
            kept.workloads += other.workloads
            kept.aliases |= other.names - {kept.name}
            gone.add(id(other))
    return [c for c in components if id(c) not in gone]


def _serves(component: Component) -> bool:
    """A container that is there to be asked: no worker, no job, nothing for administrators."""
    return (
        component.kind is NodeKind.SERVICE
        and any(w.fact.kind != "job" for w in component.workloads)
        and not any(w.fact.source in ("procfile", "serverless") for w in component.workloads)
        and not (is_worker(component) or only_migrates(component) or only_tests(component))
        and not aside(component)
    )


def _ways(component: Component) -> set[tuple[str, str]]:
    return {
        (w.fact.source, folder_of(w.path) if w.fact.source == "compose" else "")
        for w in component.workloads
    }


def _fitting(found: list[Component]) -> bool:
    """All that is told of what they run is the same: system, image, Dockerfile, stage, program."""
    told = [dict[str, set[object]]() for _ in found]
    for known, component in zip(told, found, strict=True):
        for what, text in _told(component):
            known.setdefault(what, set()).add(text)
    kinds = {what for known in told for what in known}
    return all(
        bool(set.intersection(*(known[what] for known in told if what in known))) for what in kinds
    )


def _told(component: Component) -> Iterator[tuple[str, object]]:
    if component.system:
        yield "system", component.system
    for workload in component.workloads:
        if workload.image:
            yield "image", _without_environment(image_name(workload.image))
        dockerfile = workload.dockerfile or f"{component.root or ''}/Dockerfile"
        yield "dockerfile", _without_environment(dockerfile) - FOR_BUILDS
        if stage := _without_environment(workload.fact.build_target):
            yield "stage", stage
        image = workload.image_fact
        words = workload.command or (image.command if image is not None else ())
        if program := named_program(" ".join(words)):
            yield "program", program


def _without_environment(text: str) -> frozenset[str]:
    return frozenset(WORDS.findall(text.lower())) - FOR_ENVIRONMENTS
