"""The components of a system, and whose a file is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import ImageBuilt
from scaleaudit.linking.components.addressed_stores import mark_addressed
from scaleaudit.linking.components.annotated import mark_servers
from scaleaudit.linking.components.applications import name_applications
from scaleaudit.linking.components.folders import (
    add_front_ends,
    add_images,
    add_packages,
    add_repository,
)
from scaleaudit.linking.components.go_siblings import add_go_siblings
from scaleaudit.linking.components.infrastructure import add_infrastructure
from scaleaudit.linking.components.jvm_programs import above_of
from scaleaudit.linking.components.libraries import Libraries
from scaleaudit.linking.components.library_makers import is_well_known, is_well_known_parent
from scaleaudit.linking.components.processes import add_unlisted_web, with_procfiles
from scaleaudit.linking.components.programs import with_own_image, with_packed_programs
from scaleaudit.linking.components.scripts import add_folders, add_scripts, is_script
from scaleaudit.linking.components.source_code import SourceCode
from scaleaudit.linking.components.store_alternatives import with_one_of_each_store
from scaleaudit.linking.components.ways import with_one_of_each_server
from scaleaudit.linking.components.workload_groups import of_workloads
from scaleaudit.linking.deployments.lost_folders import assign_lost
from scaleaudit.linking.deployments.source_folders import SourceFolders
from scaleaudit.linking.deployments.systems import Systems
from scaleaudit.linking.deployments.workloads import Workloads
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.settings_files.config_servers import ServedSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

# Build units that hold the code of one language alone, whatever lies beside it.
COMPILED = {"go": "go", "cargo": "rust"}
LANGUAGES = frozenset(
    {"go", "rust", "python", "ruby", "php", "javascript", "typescript", "tsx", "vue", "svelte"}
)
MAX_PARENTS = 8  # of a build unit, one above the other


class Components:
    """`all`: the components; `workloads`: what runs them."""

    def __init__(self, index: FactsIndex, root_name: str = "") -> None:
        self._code = code = SourceCode(index, root_name)
        self.workloads = Workloads(index, code.name)
        SourceFolders(index, code.packages).assign(self.workloads.found)
        assign_lost(self.workloads.found, code.packages, index.files)
        found = of_workloads(self.workloads.found, code)
        add_images(found, code)
        add_scripts(found, code)
        add_packages(found, code)
        add_go_siblings(found, code)
        add_folders(found, code)
        add_front_ends(found, code)
        found = with_packed_programs(with_own_image(index, found, code.names), code)
        found = with_one_of_each_server(found)
        found = with_procfiles(found, code.names)
        add_unlisted_web(found, code)
        mark_addressed(found, code)
        add_infrastructure(found, index, self.workloads.values.charts)
        found = with_one_of_each_store(found)
        if not any(c.kind is NodeKind.SERVICE and c.root is not None for c in found):
            add_repository(found, code)
        name_applications(found, code)
        mark_servers(found, index)
        systems = Systems(self.workloads.found)
        for component in found:
            if not component.workloads and component.root:
                component.system = systems.of(f"{component.root}/.")
        self.all = found
        self._by_root = sorted(
            (c for c in found if c.root is not None), key=lambda c: (-len(c.root or ""), c.name)
        )
        self._libraries = Libraries(code.packages, self._by_root)
        # The files of stacks, whose code may lie elsewhere, and programs that are one file.
        self._files = {
            w.path: c for c in found for w in c.workloads if w.fact.source == "serverless"
        } | {c.root: c for c in found if c.root is not None and is_script(c.root)}
        self._owner_cache: dict[str, list[Component]] = {}
        self._needs: dict[str, list[str]] = {}  # by folder of what is built
        self.handed_out = ServedSettings(index, found, self._libraries)
        self._served = self.handed_out.files

    @property
    def packages(self) -> Mapping[str, PackageDeclared]:
        """The build unit of each folder that has one."""
        return self._code.packages

    def image_of(self, root: str) -> ImageBuilt | None:
        """What the Dockerfile of a source folder builds."""
        path = f"{root}/Dockerfile".lstrip("/")
        found = [
            fact for at, fact in self._code.index.of(ImageBuilt) if at == path and not fact.stage
        ]
        return found[0] if found else None

    def owning(self, path: str) -> list[Component]:
        """The components whose source folder holds the file: the innermost folder wins.

        A library of the repository belongs to the one application that contains it.
        """
        if path in self._files:
            return [self._files[path]]
        folder = folder_of(path)
        found = self._owner_cache.get(folder)
        if found is None:
            best = next((c.root for c in self._by_root if is_below(folder, c.root or "")), None)
            found = [c for c in self._by_root if c.root == best] if best is not None else []
            if best is None:
                users = self._libraries.users(folder)
                found = users if len({c.application for c in users}) == 1 else found
            self._owner_cache[folder] = found
        return found

    def built_with(self, folder: str) -> list[Component]:
        """The components that the library of a folder is a part of."""
        return self._libraries.users(folder) if folder in self._libraries.folders else []

    def containing(self, path: str) -> list[list[Component]]:
        """`owning`, for each application that a shared library is a part of."""
        owners = self.owning(path)
        if owners:
            return [owners]
        applications: dict[str, list[Component]] = {}
        kind = self._code.index.kind(path)
        for component in self._libraries.users(folder_of(path)):
            alone = COMPILED.get(self.language_of(component), kind)
            if kind != alone and kind in LANGUAGES:
                continue  # what lies in a folder of its module is no part of it
            applications.setdefault(component.application, []).append(component)
        return list(applications.values()) or [[]]

    def dependencies_of(self, component: Component) -> list[str]:
        """Names of what the component is built with: its unit's own, those of the units it inherits
        from and of the libraries of this repository. Aliases of a version catalogue read as artifacts.
        """
        root = component.root or ""
        if root not in self._needs:
            self._needs[root] = self._dependencies(root)
        return self._needs[root]

    def _dependencies(self, root: str) -> list[str]:
        package = self._code.packages.get(root)
        if package is None:
            return []
        units, above = [package], [package]
        for _ in range(MAX_PARENTS):
            parents = {unit.parent.rpartition(":")[2] for unit in above} - {""}
            above = [
                p for p in self._code.packages.values() if p.name in parents and p not in units
            ]
            units += above
        names = dict.fromkeys(name for unit in units for name, _ in unit.dependencies)
        names |= dict.fromkeys(self._brought_along(root, package))
        if package.ecosystem == "gradle":
            around = [self._code.packages.get(folder) for folder in above_of(root)]
            names |= {name: None for unit in around if unit for name, _ in unit.for_modules}
        return [_artifact(name) for name in names]

    def _brought_along(self, root: str, package: PackageDeclared) -> Iterator[str]:
        """What the libraries of the repository are built with, without what is left out of them."""
        libraries = self._libraries.inside(root)
        own = {_artifact(unit.name).rpartition(":")[2] for unit in libraries}
        left_out = [
            without.split(":", 1)
            for name, without in package.left_out
            if name.startswith(":") or name.rpartition(":")[2] in own
        ]
        for unit in libraries:
            for name, _ in unit.dependencies:
                group, _, artifact = name.rpartition(":")
                if not any(
                    (not of or of == group) and (not what or what == artifact) and (of or what)
                    for of, what in left_out
                ):
                    yield name

    def is_built_with_known(self, component: Component) -> bool:
        """All that it is built with stands in this repository or is well known.

        No library or parent of its own maker brings anything along unseen. Maven alone tells so.
        """
        package = self._code.packages.get(component.root or "")
        if package is None or package.ecosystem != "maven" or not package.dependencies:
            return False
        here = {p.name for p in self._code.packages.values()}
        parents = {
            package.parent,
            *(p.parent for p in self._libraries.inside(component.root or "")),
        }
        unseen = [p for p in parents if p and p.rpartition(":")[2] not in here]
        if any(not is_well_known_parent(parent) for parent in unseen):
            return False
        return not any(
            not is_well_known(name) and name.rpartition(":")[2] not in here
            for name in self.dependencies_of(component)
        )

    def language_of(self, component: Component) -> str:
        """The ecosystem of the component's build unit; empty where it declares none."""
        package = self._code.packages.get(component.root or "")
        return package.ecosystem if package is not None and component.root is not None else ""

    def configured_by(self, path: str) -> list[Component]:
        """The components that a settings file is for: its owners, or whom it is handed out to."""
        served = self._served.get(path)
        return list(served.to) if served is not None else self.owning(path)

    def is_served(self, path: str) -> bool:
        """A configuration server hands the file out; it is nobody's own."""
        return path in self._served

    def profile_of(self, path: str) -> str:
        """The profile that a handed-out file is for by its name; empty for all."""
        served = self._served.get(path)
        return served.profile if served is not None else ""

    def services(self) -> Iterable[Component]:
        return (c for c in self.all if c.kind is NodeKind.SERVICE)


def _artifact(name: str) -> str:
    """`libs.spring.cloud.starter.config` -> `spring-cloud-starter-config`"""
    return name.removeprefix("libs.").replace(".", "-") if name.startswith("libs.") else name
