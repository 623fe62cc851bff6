"""Components that something runs: compose services, deployments, lines of a Procfile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import ImageBuilt
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.components.store_alternatives import ENVIRONMENTS
from scaleaudit.linking.deployments.alternatives import joined_alternatives
from scaleaudit.linking.deployments.sidecars import without_sidecars
from scaleaudit.linking.deployments.systems import Systems
from scaleaudit.linking.deployments.tools import beside_a_store, is_tool
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import (
    image_name,
    of_foreign_image,
    of_image,
    of_port,
    of_variables,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.linking.components.source_code import SourceCode
    from scaleaudit.linking.deployments.workload import Workload


# Programs that are what their files of settings make of them.
PROXIES = frozenset({"nginx", "traefik", "haproxy", "envoy", "caddy", "apache", "kong"})

# Of Kafka's distribution, whose image is of any name: the script that starts each.
PROGRAMS = (
    (regex(r"\bzookeeper-server-start\b"), "zookeeper"),
    (regex(r"\bconnect-(distributed|standalone)\b"), "kafka-connect"),
    (regex(r"\bschema-registry-start\b"), "schema-registry"),
    (regex(r"\bkafka-rest-start\b"), "kafka-rest"),
)
MAX_COMMAND = 2_000  # characters
STORES = (NodeKind.DATABASE, NodeKind.CACHE, NodeKind.STORAGE)


def of_workloads(workloads: Sequence[Workload], code: SourceCode) -> list[Component]:
    """The workloads as components: those of one name and one source folder are one."""
    systems = Systems(workloads)
    groups: dict[str, list[list[Workload]]] = {}
    bases = {image_name(image.base) for _, image in code.index.of(ImageBuilt)}
    for workload in without_sidecars(workloads):
        if is_tool(workload) or is_base(workload, bases):
            continue
        same = groups.setdefault(plain(workload.name), [])
        for group in same:
            roots = {w.root for w in group if w.root is not None}
            theirs = {systems.of(w.path) for w in group} - {""}
            if theirs and systems.of(workload.path) not in ("", *theirs):
                known = of_image(workload.image) if workload.root is None else None
                shared = systems.may_share(workload.path, known[0] if known else None)
                if not shared or (known and known[1] in PROXIES and _mounts(workload)):
                    continue
            for_all = any(not _unit(other, code) for other in group)  # a deployment of the whole
            if not for_all and any(_stores_apart(workload, other, code) for other in group):
                continue
            fits = workload.root is None or not roots
            fits = fits or any(nested(workload.root or "", root) for root in roots)
            if fits or overridden(workload, group) or of_environments(workload, group):
                group.append(workload)
                break
        else:
            same.append([workload])
    _join_named_otherwise(groups)
    made = [
        _component(group, code, systems, distinct=len(same) > 1, apart=_folders_apart(same))
        for same in joined_alternatives(groups)
        for group in same
    ]
    _name_by_folder(made)
    return made


def _name_by_folder(components: list[Component]) -> None:
    """The only program of a folder that is a system of its own is called like the folder, where
    programs of other folders bear the name that its deployment gives it."""
    for component in components:
        name = (component.root or "").rpartition("/")[2]
        if (
            component.system
            and component.system == component.root
            and component.name == f"{name}-{component.workloads[0].name}"
            and not any(
                other is not component and (other.root == component.root or other.name == name)
                for other in components
            )
        ):
            component.name = name


def _join_named_otherwise(groups: dict[str, list[list[Workload]]]) -> None:
    """A name that several programs have, each in its deployment: where one of them is deployed
    under the name of its folder as well, that is the same program."""
    for name, same in groups.items():
        for group in [each for each in same if len(same) > 1]:
            folders = {plain((w.root or "").rpartition("/")[2]) for w in group}
            other = groups.get(next(iter(folders)), []) if len(folders) == 1 else []
            if name in folders or len(other) != 1:
                continue
            if {w.root for w in group} == {w.root for w in other[0]} - {None}:
                other[0].extend(group)
                same.remove(group)


def _folders_apart(same: list[list[Workload]]) -> bool:
    """The folders of programs of one name are each called something else."""
    names = [{plain((w.root or "").rpartition("/")[2]) for w in group} for group in same]
    return all(len(each) == 1 and "" not in each for each in names) and len(
        set[str]().union(*names)
    ) == len(names)


def _unit(workload: Workload, code: SourceCode) -> str:
    """The folder of a program that a compose file stands in, beside its build file."""
    folder = folder_of(workload.path)
    return folder if workload.fact.source == "compose" and folder in code.packages else ""


def _stores_apart(one: Workload, other: Workload, code: SourceCode) -> bool:
    """Stores of one name that two programs start beside them, each on a port of its own."""
    mine, theirs = _unit(one, code), _unit(other, code)
    known = of_image(one.image) if one.root is None and other.root is None else None
    return (
        known is not None
        and known[0] in STORES
        and bool(mine and theirs)
        and not nested(mine, theirs)
        and bool(one.fact.host_ports and other.fact.host_ports)
        and set(one.fact.host_ports).isdisjoint(other.fact.host_ports)
    )


def _mounts(workload: Workload) -> bool:
    """It is given files of the folder that its compose file stands in, such as settings."""
    return any(volume.startswith("./") for volume in workload.fact.volumes)


def is_base(workload: Workload, bases: set[str]) -> bool:
    """Only there to be built: other images of the repository start from its image."""
    fact = workload.fact
    built = bool(fact.build_context) and image_name(workload.image) in bases
    return built and bool(workload.image) and not fact.ports and not fact.command


def _component(
    group: list[Workload], code: SourceCode, systems: Systems, *, distinct: bool, apart: bool
) -> Component:
    first = group[0]
    roots = [w.root for w in group if w.root is not None]
    root = min((r for r in roots if r or not any(roots)), key=len, default=None)
    image = next((w.image for w in group if w.image), "")
    built = next((w.image_fact for w in group if w.image_fact is not None), None)
    base = built.base if built is not None else ""
    known = of_image(image) if image and root is None else None
    if root is None and known is None and image:
        known = of_variables({name for w in group for name in w.environment})
    if (
        root is None
        and known is None
        and plain(image_name(image)).endswith(f"-{plain(first.name)}")
    ):
        called = of_image(first.name)  # `shop-caddy`, started as `caddy`
        known = called if called is not None and called[1] in PROXIES else None
    if root is None and (known is None or known[0] is NodeKind.SERVICE):
        ports = tuple(port for w in group for port in w.fact.ports)
        known = of_port(first.name, ports) or of_port(image_name(image), ports) or known
    if known is None and root is not None and base and not code.has_code(root):
        known = of_image(base)  # a database or proxy image with its own settings
    if known is None and root is not None and base and of_image(base):
        found = of_image(base)
        known = found if found and found[0] is not NodeKind.SERVICE else None
    if known is not None and known[0] is not NodeKind.SERVICE and beside_a_store(first.name):
        known = None
    known = _started_as(group) or known
    kind, technology = known or (NodeKind.SERVICE, "")
    if not technology and root is not None:
        technology = code.technology(root, base)
    system = systems.of_all(w.path for w in group)
    name = first.name
    if distinct and system:
        name = f"{system.rpartition('/')[2]}-{name}"
    elif distinct and root and apart:
        name = root.rpartition("/")[2]
    elif distinct and root is None and _unit(first, code):
        name = f"{_unit(first, code).rpartition('/')[2]}-{name}"
    elif distinct and root:
        name = (
            f"{root.rpartition('/')[2]}-{name}"
            if plain(root.rpartition("/")[2]) != plain(name)
            else root
        )
    component = Component(
        name,
        kind,
        technology or (of_foreign_image(image) if root is None else ""),
        root,
        "",
        set(),
        group,
        first.at,
        system,
    )
    for workload in group:
        component.aliases |= {workload.name, *workload.aliases}
        if workload.image:
            component.aliases.add(image_name(workload.image))
    return component


def _started_as(group: list[Workload]) -> tuple[NodeKind, str] | None:
    """What the command makes of an image that holds several programs."""
    for workload in group:
        words = " ".join(workload.command)[:MAX_COMMAND]
        for program, technology in PROGRAMS:
            if program.search(words):
                return NodeKind.SERVICE, technology
    return None


def overridden(workload: Workload, group: list[Workload]) -> bool:
    """The same service as another deployment knows it: one takes the whole repository, with the
    libraries, and one a folder of it.

    That is another compose file of the same folder, or a platform that is given the repository.
    """
    for other in group:
        if other.path == workload.path:
            return False
        sources = {workload.fact.source, other.fact.source}
        beside = sources == {"compose"} and folder_of(other.path) == folder_of(workload.path)
        if not (beside or "render" in sources) or "" not in (workload.root, other.root):
            return False
    return bool(group)


def of_environments(workload: Workload, group: list[Workload]) -> bool:
    """The same service, built from a folder of each environment: `gateway/dev`, `gateway/prod`."""
    return workload.root is not None and any(
        other.path != workload.path
        and other.root is not None
        and without_environment(workload.root) == without_environment(other.root)
        for other in group
    )


def without_environment(folder: str) -> list[str]:
    return [part for part in folder.split("/") if part.lower() not in ENVIRONMENTS]


def nested(one: str, other: str) -> bool:
    """The same folder, or one inside the other: developers mount only the scripts of a service."""
    if one == other:
        return True
    return bool(one and other) and (is_below(one, other) or is_below(other, one))
