"""Which deployables a system has: workloads joined with each other and with their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import (
    ConstantDefined,
    EndpointServed,
    ImageBuilt,
    ImportFound,
    PackageDeclared,
    QueryFound,
    RemoteCall,
    ServerStarted,
    SettingDefined,
    StoreDeclared,
)
from scaleaudit.linking.alternatives import joined_alternatives
from scaleaudit.linking.component import Component
from scaleaudit.linking.config_servers import served_settings
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.libraries import Libraries
from scaleaudit.linking.names import folder_name, package_name, plain
from scaleaudit.linking.programs import programs, with_own_image
from scaleaudit.linking.source_folders import SourceFolders
from scaleaudit.linking.technologies import (
    KINDS,
    image_name,
    of_base,
    of_dependencies,
    of_image,
    of_port,
)
from scaleaudit.linking.tools import beside_a_store, is_tool
from scaleaudit.linking.workloads import Workload, Workloads, value_text
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

from scaleaudit.linking.facts_index import FactsIndex

LANGUAGE_IMAGES = (("python", "pypi"), ("ruby", "gem"), ("php", "composer"))
SUFFIXES = regex(r"[-_.](service|svc|server|app|api|deployment|deploy)$")


class Components:
    """`all`: the components, by name; `owners`: whose folder a file is in."""

    def __init__(self, index: FactsIndex, root_name: str = "") -> None:
        self._index = index
        self.workloads = Workloads(index)
        self.packages = {
            folder_of(path): fact
            for path, fact in reversed(index.of(PackageDeclared))
            if fact.ecosystem != "helm"
        }
        whole = self.packages.get("")
        name = (whole.name if whole else "") or root_name or "app"
        self._root_name = package_name(name)
        SourceFolders(index, self.packages).assign(self.workloads.found)
        self.all: list[Component] = []
        self._from_workloads()
        self._from_dockerfiles()
        self._from_packages()
        whole_name = whole.name.lstrip("@") if whole else ""
        names = {root_name, *root_name.split("_"), *whole_name.split("/")}
        self.all = with_own_image(self._index, self.all, names)
        self._from_infrastructure()
        if not any(c.kind is NodeKind.SERVICE and c.root is not None for c in self.all):
            self._whole_repository()
        self._name_applications()
        self._by_root = sorted(
            (c for c in self.all if c.root is not None), key=lambda c: (-len(c.root or ""), c.name)
        )
        self._libraries = Libraries(self.packages, self._by_root)
        self._owner_cache: dict[str, list[Component]] = {}
        self._served = served_settings(index, self.all)

    # -- workloads and the folders that build them

    def image_of(self, root: str) -> ImageBuilt | None:
        path = f"{root}/Dockerfile".lstrip("/")
        found = [fact for at, fact in self._index.of(ImageBuilt) if at == path and not fact.stage]
        return found[0] if found else None

    def _from_workloads(self) -> None:
        groups: dict[str, list[list[Workload]]] = {}
        for workload in self.workloads.found:
            if is_tool(workload):
                continue
            same = groups.setdefault(plain(workload.name), [])
            for group in same:
                roots = {w.root for w in group if w.root is not None}
                if workload.root is None or not roots or workload.root in roots:
                    group.append(workload)
                    break
            else:
                same.append([workload])
        for same in joined_alternatives(groups):
            for group in same:
                self._add_group(group, distinct=len(same) > 1)

    def _add_group(self, group: list[Workload], *, distinct: bool) -> None:
        first = group[0]
        root = next((w.root for w in group if w.root is not None), None)
        image = next((w.image for w in group if w.image), "")
        built = next((w.image_fact for w in group if w.image_fact is not None), None)
        base = built.base if built is not None else ""
        known = of_image(image) if image and root is None else None
        if root is None and (known is None or known[0] is NodeKind.SERVICE):
            ports = tuple(port for w in group for port in w.fact.ports)
            known = of_port(first.name, ports) or of_port(image_name(image), ports) or known
        if known is None and root is not None and base and not self._has_code(root):
            known = of_image(base)  # a database or proxy image with its own settings
        if known is None and root is not None and base and of_image(base):
            found = of_image(base)
            known = found if found and found[0] is not NodeKind.SERVICE else None
        if known is not None and known[0] is not NodeKind.SERVICE and beside_a_store(first.name):
            known = None
        kind, technology = known or (NodeKind.SERVICE, "")
        if not technology and root is not None:
            technology = self._technology(root, base)
        name = first.name
        if distinct and root:
            name = (
                f"{root.rpartition('/')[2]}-{name}"
                if plain(root.rpartition("/")[2]) != plain(name)
                else root
            )
        component = Component(
            name,
            kind,
            technology or (image_name(image) if root is None else ""),
            root,
            "",
            set(),
            group,
            first.at,
        )
        for workload in group:
            component.aliases |= {workload.name, *workload.aliases}
            if workload.image:
                component.aliases.add(image_name(workload.image))
        self.all.append(component)

    def _has_code(self, root: str) -> bool:
        """A package or an endpoint below the folder; scripts and settings alone are no code."""
        return any(
            is_below(folder, root) and package.dependencies
            for folder, package in self.packages.items()
        ) or any(is_below(path, root) for path, _ in self._index.of(EndpointServed))

    def _technology(self, root: str, base: str) -> str:
        package = self.packages.get(root)
        if package is None:
            near = [f for f in self.packages if is_below(f, root)]
            package = self.packages[min(near, key=len)] if near else None
        if package is not None and package.ecosystem == "npm" and base:
            # What builds the front end beside an application in another language.
            runs = self._in_language(root, image_name(base))
            if runs is not None:
                package = runs
        if package is not None:
            return of_dependencies(package.dependencies, package.ecosystem)
        return of_base(base) if base else ""

    def _in_language(self, root: str, image: str) -> PackageDeclared | None:
        """The outermost package of a folder in the language of its base image, if it is another."""
        ecosystem = next((eco for word, eco in LANGUAGE_IMAGES if image.startswith(word)), "")
        found = [
            (path.count("/"), path, package)
            for path, package in self._index.of(PackageDeclared)
            if package.ecosystem == ecosystem and is_below(folder_of(path), root)
        ]
        return min(found, key=lambda each: each[:2])[2] if found else None

    # -- source folders that no workload names

    def _from_dockerfiles(self) -> None:
        known = {c.root for c in self.all if c.root is not None}
        named = {plain(name) for c in self.all for name in c.names}
        deployed = any(c.workloads for c in self.all)
        own_deployed = any(c.workloads and c.root is not None for c in self.all)
        for path, fact in self._index.of(ImageBuilt):
            folder = folder_of(path)
            if fact.stage or self._index.role(path) is not Role.SOURCE or folder in known:
                continue
            if path.rpartition("/")[2] not in ("Dockerfile", "Containerfile"):
                continue
            if folder == "" and (known or deployed):
                continue
            if not self._has_code(folder) or any(is_below(r, folder) for r in known if r):
                continue
            known.add(folder)
            if own_deployed and any(is_below(folder, r) for r in known if r):
                continue  # an image for a tool of what is deployed
            name = folder_name(folder) or self._root_name
            if plain(name) in named:
                continue
            self.all.append(
                Component(name, NodeKind.SERVICE, self._technology(folder, fact.base), folder,
                          at=fact.at.in_file(path))
            )  # fmt: skip

    def _from_packages(self) -> None:
        """Runnable build modules that nothing deploys yet: Spring Boot modules, services with a
        start script or a server of their own."""
        known = {c.root for c in self.all if c.root is not None}
        named = {plain(name) for c in self.all for name in c.names}
        images = {folder_of(path) for path, _ in self._index.of(ImageBuilt)}
        whole = any(w.root == "" and w.image_fact for c in self.all for w in c.workloads)
        for path, package in programs(self._index):
            folder = folder_of(path)
            if folder in known:
                continue
            if any(root and is_below(folder, root) for root in known):
                continue
            if whole and folder not in images and package.ecosystem in ("npm", "pypi"):
                continue  # it starts in the image of the whole repository
            name = package_name(package.name) or folder.rpartition("/")[2]
            if plain(name) in named or plain(folder.rpartition("/")[2]) in named:
                self._adopt(plain(folder.rpartition("/")[2]), plain(name), folder)
                continue
            known.add(folder)
            technology = of_dependencies(package.dependencies, package.ecosystem)
            self.all.append(
                Component(name, NodeKind.SERVICE, technology, folder, "",
                          {folder.rpartition("/")[2]}, [], package.at.in_file(path))
            )  # fmt: skip

    def _adopt(self, folder_name: str, package_name: str, folder: str) -> None:
        """A workload of the same name, but of an unknown source, gets this folder."""
        for component in self.all:
            unplaced = component.root is None and component.kind is NodeKind.SERVICE
            if unplaced and {plain(n) for n in component.names} & {folder_name, package_name}:
                component.root = folder
                component.technology = self._technology(folder, "")
                return

    def _from_infrastructure(self) -> None:
        for path, store in self._index.of(StoreDeclared):
            kind = KINDS.get(store.technology) or KIND_OF_STORE.get(store.kind)
            if kind is None or self._index.role(path) is not Role.SOURCE:
                continue
            if path.startswith(".github/"):
                continue  # what the pipelines of the repository need for themselves
            if any(c.kind is kind and plain(c.name) == plain(store.name) for c in self.all):
                continue
            self.all.append(
                Component(store.name, kind, store.technology, None, "", {store.address} - {""}, [],
                          store.at.in_file(path))
            )  # fmt: skip

        for chart, name, technology, at in self.workloads.charts.stores(self._index):
            kind = KINDS.get(technology)
            same = [c for c in self.all if c.technology == technology and c.kind is kind]
            names = {name, *(f"{chart}-{name}{role}" for role in ("", "-master", "-primary"))}
            if len(same) == 1:  # another way to deploy the same
                same[0].aliases |= names
            elif kind is not None and not same:
                self.all.append(Component(name, kind, technology, None, "", names, [], at))

    def _whole_repository(self) -> None:
        """No deployable is declared anywhere: the code is one application."""
        package = self.packages.get("")
        technology = of_dependencies(package.dependencies, package.ecosystem) if package else ""
        of_code = (ImportFound, EndpointServed, RemoteCall, ConstantDefined, QueryFound)
        written = {path for kind in of_code for path, _ in self._index.of(kind)}
        if not (self.packages or any(self._index.role(p) is Role.SOURCE for p in written)):
            return
        # A published image of the repository's name is what is built here.
        running = [
            each
            for each in self.all
            if each.kind is NodeKind.SERVICE
            and any(plain(image_name(w.image)) == plain(self._root_name) for w in each.workloads)
        ]
        for each in running:
            each.root, each.technology = "", technology
        serving = bool(self._index.of(EndpointServed)) or bool(self._index.of(ServerStarted))
        others = [c for c in self.all if c.workloads and not of_image(c.workloads[0].image)]
        if running or (len(others) > 1 and not serving):
            return  # it runs already, or the repository deploys what others hold
        self.all.append(Component(self._root_name, NodeKind.SERVICE, technology, ""))

    def _name_applications(self) -> None:
        """Components of one source folder, or of one image, are one application."""
        taken: dict[str, int] = {}
        for component in self.all:
            if component.root is not None:
                component.application = component.root or "."
            elif component.kind is NodeKind.SERVICE and component.workloads:
                image = image_name(component.workloads[0].image)
                component.application = f"image:{image}" if image else component.name
            count = taken.setdefault(component.id, 0)
            taken[component.id] += 1
            if count:
                component.name = f"{component.name}-{count + 1}"
        for path, setting in self._index.of(SettingDefined):
            if setting.source == "spring" and setting.key == "spring.application.name":
                for component in self.all:
                    if component.root and is_below(path, component.root):
                        component.aliases.add(value_text(setting.value).strip())
        for component in self.all:
            if component.root:
                component.aliases.add(component.root.rpartition("/")[2])
                package = self.packages.get(component.root)
                if package is not None and package.name:
                    component.aliases.add(package_name(package.name))
            component.aliases.discard("")

    # -- questions

    def owning(self, path: str) -> list[Component]:
        """The components whose source folder holds the file: the innermost folder wins.

        A library of the repository belongs to the one application that contains it.
        """
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

    def containing(self, path: str) -> list[list[Component]]:
        """`owning`, for each application that a shared library is a part of."""
        owners = self.owning(path)
        if owners:
            return [owners]
        applications: dict[str, list[Component]] = {}
        for component in self._libraries.users(folder_of(path)):
            applications.setdefault(component.application, []).append(component)
        return list(applications.values()) or [[]]

    def dependencies_of(self, component: Component) -> list[str]:
        """Names of what the component's build unit depends on, with those of its parent unit."""
        package = self.packages.get(component.root or "")
        if package is None:
            return []
        parent = package.parent.rpartition(":")[2]
        units = [package, *(p for p in self.packages.values() if parent and p.name == parent)]
        return [name for unit in units for name, _ in unit.dependencies]

    def configured_by(self, path: str) -> list[Component]:
        """The components that a settings file is for: its owners, or whom it is handed out to."""
        served = self._served.get(path)
        return list(served) if served is not None else self.owning(path)

    def services(self) -> Iterable[Component]:
        return (c for c in self.all if c.kind is NodeKind.SERVICE)


KIND_OF_STORE = {
    "database": NodeKind.DATABASE,
    "cache": NodeKind.CACHE,
    "broker": NodeKind.BROKER,
    "bucket": NodeKind.STORAGE,
}
