"""Which components are one application, and all the names that they go by."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import NetworkName, SettingDefined
from scaleaudit.linking.deployments.workload import value_text
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.names import package_name, relaxed
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.source_code import SourceCode

# The files that a program reads itself; those that a server keeps for others stand beside them.
OWN_FILE = regex(r"(?:^|/)(?:application|bootstrap)[^/]*$")
SAID = regex(r"[\w.-]+")
NAMES = {f"{framework}.application.name" for framework in ("spring", "micronaut", "quarkus")}


def name_applications(found: list[Component], code: SourceCode) -> None:
    """Components of one source folder, or of one image, are one application."""
    taken: dict[str, int] = {}
    for component in found:
        if component.root is not None:
            component.application = component.root or "."
        elif component.kind is NodeKind.SERVICE and component.workloads:
            image = image_name(component.workloads[0].image)
            component.application = f"image:{image}" if image else component.name
        count = taken.setdefault(component.id, 0)
        taken[component.id] += 1
        if count:
            component.name = f"{component.name}-{count + 1}"
    runs_as: dict[str, set[str]] = {}
    for path, setting in code.index.of(SettingDefined):
        if setting.source == "spring" and setting.key in NAMES and OWN_FILE.search(path):
            for component in found:
                if component.root and is_below(path, component.root):
                    name = value_text(setting.value).strip()
                    component.aliases.add(name)
                    if code.index.role(path) is Role.SOURCE:
                        runs_as.setdefault(component.id, set()).add(name)
    _name_by_folder(found, runs_as)
    for _, outside in code.index.of(NetworkName):
        if outside.external_name and not outside.selector:
            for component in found:  # `external_links: [db_1:db]` of another compose file
                if outside.external_name in (component.name, *component.aliases):
                    component.aliases.add(outside.name)
    for component in found:
        if component.root:
            component.aliases.add(component.root.rpartition("/")[2])
            package = code.packages.get(component.root)
            if package is not None and package.name:
                component.aliases.add(package_name(package.name))
        component.aliases.discard("")


def _name_by_folder(found: list[Component], runs_as: dict[str, set[str]]) -> None:
    """What only its build file calls otherwise than its folder and its own settings do, which agree,
    goes by their name."""
    taken = Counter(relaxed(component.name) for component in found)
    for component in found:
        called = {each for each in runs_as.get(component.id, ()) if SAID.fullmatch(each)}
        folder = (component.root or "").rpartition("/")[2]
        if component.workloads or len(called) != 1:
            continue
        name = next(iter(called))
        if relaxed(name) == relaxed(folder) and not taken[relaxed(name)]:
            component.aliases.add(component.name)
            component.name = name
