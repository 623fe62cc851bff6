"""Processes of one codebase: those of a Procfile beside containers, and the one it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import EndpointServed
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.components.roles import is_worker, only_migrates, only_schedules
from scaleaudit.linking.deployments.workload import value_text
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import image_name, of_image

if TYPE_CHECKING:
    from scaleaudit.linking.components.source_code import SourceCode


MAX_COMMAND = 2_000  # characters
RACK = "config.ru"  # what it starts is served by a platform, whether a Procfile says so or not


def add_unlisted_web(found: list[Component], code: SourceCode) -> None:
    """The process that serves an application of Rack whose Procfile lists only what works beside it.

    The build pack starts it from `config.ru`, and calls it `web`.
    """
    by_root: dict[str, list[Component]] = {}
    for component in found:
        if component.root is not None and component.kind is NodeKind.SERVICE:
            by_root.setdefault(component.root, []).append(component)
    for root, processes in by_root.items():
        if not any(_of_procfile(c) for c in processes) or any(
            _part(c) == "serves" and not only_migrates(c) for c in processes
        ):
            continue
        if f"{root}/{RACK}".lstrip("/") in code.index.files and any(
            is_below(path, root) for path, _ in code.index.of(EndpointServed)
        ):
            first = processes[0]
            web = Component("web", NodeKind.SERVICE, first.technology, root, at=first.at)
            found.append(web)


def with_procfiles(components: list[Component], names: set[str]) -> list[Component]:
    """Without the lines of Procfiles whose process a container of the same code runs.

    A container is of the code when it is built from the Procfile's folder, or its image bears the
    repository's name (`names`) where nothing else builds it. Its part decides: what serves, takes
    jobs, or hands them out. A part that either side has more than once is left as it is.
    Two lines that end in the same command, as all lines of a Procfile have one environment, are one.
    """
    lines: dict[str, list[Component]] = {}
    for component in components:
        if component.root is not None and _of_procfile(component):
            lines.setdefault(component.root, []).append(component)
    gone: set[int] = set()
    for root, declared in lines.items():
        if root == "":
            _place(components, declared, {plain(name) for name in names if name})
        declared = _without_doubles(components, declared, gone)
        containers = [
            c
            for c in components
            if c.root == root
            and c.kind is NodeKind.SERVICE
            and c.workloads
            and not any(w.fact.source == "procfile" for w in c.workloads)
        ]
        for line in declared:
            same = [c for c in containers if _part(c) == _part(line)]
            alike = [c for c in declared if _part(c) == _part(line)]
            if len(same) == len(alike) == 1:
                same[0].workloads += line.workloads
                same[0].aliases |= line.names
                gone.add(id(line))
    return [c for c in components if id(c) not in gone]


def _without_doubles(
    components: list[Component], declared: list[Component], gone: set[int]
) -> list[Component]:
    """The lines of a Procfile, without those that only prepare otherwise what another starts.

    That other one may be joined with a container of its name already.
    """
    begun: dict[tuple[str, str, frozenset[tuple[str, str]]], Component] = {}
    lines = {id(c): c for c in declared}
    for component in sorted(components, key=lambda c: id(c) in lines):
        for workload in component.workloads:
            last = " ".join(workload.command)[:MAX_COMMAND].rpartition("&&")[2].strip()
            if workload.fact.source != "procfile" or not last:
                continue
            own = frozenset((e.name, value_text(e.value)) for e in workload.fact.environment)
            first = begun.setdefault((workload.path, last, own), component)
            if first is not component and id(component) in lines:
                first.workloads += component.workloads
                first.aliases |= component.names
                gone.add(id(component))
                del lines[id(component)]
                break
    return list(lines.values())


def _of_procfile(component: Component) -> bool:
    return bool(component.workloads) and all(
        w.fact.source == "procfile" for w in component.workloads
    )


def _place(components: list[Component], declared: list[Component], names: set[str]) -> None:
    """Containers of the repository's own image get the root that the Procfile has."""
    for component in components:
        if component.root is None and component.workloads:
            image = component.workloads[0].image
            if plain(image_name(image)) in names and of_image(image) is None:
                component.root = declared[0].root
                component.technology = declared[0].technology
                component.kind = NodeKind.SERVICE


def _part(component: Component) -> str:
    """What it does, by its name and its command; all alike that serve."""
    if only_schedules(component):
        return "schedules"
    return "works" if is_worker(component) else "serves"
