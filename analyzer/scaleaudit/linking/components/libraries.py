"""Build units that run inside others: which deployables contain a library of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.components.jvm_programs import above_of
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.names import apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.components.component import Component

# How dependencies on other build units of a repository are written: by name, after the last sign
# if there is one.
NAME_AFTER = {"maven": ":", "gradle": ":", "npm": "", "go": "", "cargo": ""}
MAX_UNITS = 5_000


class Libraries:
    """`users(folder)`: the components that a library's code is a part of."""

    def __init__(
        self, packages: Mapping[str, PackageDeclared], components: Iterable[Component]
    ) -> None:
        self._packages = packages
        self._names: dict[tuple[str, str], set[str]] = {}
        for folder, package in packages.items():
            # A project of Gradle is called what its folder is called.
            name = package.name or (
                folder.rpartition("/")[2] if package.ecosystem == "gradle" else ""
            )
            if name:
                self._names.setdefault((package.ecosystem, name), set()).add(folder)
        self._users: dict[str, list[Component]] = {}
        self._closures: dict[str, set[str]] = {}
        components = list(components)
        # A deployable that another one refers to (a .NET host of all services) is no part of it.
        self._deployed = {component.root for component in components if component.root}
        for component in components:
            root = component.root
            if not root:
                continue
            if root not in self._closures:
                self._closures[root] = self._contained(root)
            for folder in self._closures[root]:
                self._users.setdefault(folder, []).append(component)
        self.folders = frozenset(self._users)
        self._folders = sorted(self._users, key=len, reverse=True)

    def users(self, folder: str) -> list[Component]:
        """The components around the innermost library that holds a folder, in their order."""
        inner = next((f for f in self._folders if is_below(folder, f)), None)
        return self._users[inner] if inner is not None else []

    def inside(self, root: str) -> list[PackageDeclared]:
        """The libraries of the repository that a deployable is built with."""
        return [self._packages[folder] for folder in sorted(self._closures.get(root, ()))]

    def _contained(self, root: str) -> set[str]:
        """The folders of all build units that one depends on, itself left out.

        A folder that is no unit may hold several, which depend on others outside of it.
        """
        found: set[str] = set()
        border = [root] if root in self._packages else self._below(root)
        while border and len(found) < MAX_UNITS:
            for folder in self._dependencies(border.pop()):
                if (
                    folder not in found
                    and folder not in self._deployed
                    and not is_below(folder, root)
                ):
                    found.add(folder)
                    border.append(folder)
        return found

    def _below(self, root: str) -> list[str]:
        return [folder for folder in self._packages if is_below(folder, root)][:MAX_UNITS]

    def _dependencies(self, folder: str) -> Iterable[str]:
        package = self._packages[folder]
        if package.ecosystem == "maven" and package.parent:
            yield from self._inherited(folder, package)
        if package.ecosystem == "gradle":
            yield from self._given(folder)
        for name, _ in package.dependencies:
            if package.ecosystem == "nuget":
                path = resolve_path(folder, name) if "/" in name else None
                target = (path or "").rpartition("/")[0]
                packed = self._names.get(("nuget", name), set()) if path is None else set()
                if len(packed) == 1:
                    target = next(iter(packed))
                if target in self._packages and target:
                    yield target
                continue
            project = self._project(folder, name) if package.ecosystem == "gradle" else None
            if project is not None:
                yield project
                continue
            sign = NAME_AFTER.get(package.ecosystem)
            if sign is not None:
                plain = name.rpartition(sign)[2] if sign else name
                folders = self._names.get((package.ecosystem, plain), set())
                if len(folders) == 1:
                    yield next(iter(folders))

    def _inherited(self, folder: str, package: PackageDeclared) -> Iterable[str]:
        """What a parent of the repository says that all of its modules are built with."""
        above = self._names.get(("maven", package.parent.rpartition(":")[2]), set())
        parent = next(iter(above)) if len(above) == 1 else folder
        if is_below(folder, parent) and folder != parent:
            yield from (each for each in self._dependencies(parent) if each != folder)

    def _given(self, folder: str) -> Iterable[str]:
        """The modules that a build of Gradle around it puts into all of its others."""
        around = [each for each in above_of(folder) if each in self._packages]
        names = [name for each in around for name, _ in self._packages[each].for_modules]
        found = [self._project(folder, name) for name in names]
        yield from (each for each in found if each is not None and each != folder)

    def _project(self, folder: str, name: str) -> str | None:
        """The folder of `:orders:api`, or of `projects.orders.api`, of the same build."""
        if name.startswith("projects."):
            parts = [apart(part, "-").lower() for part in name.split(".")[1:]]
        elif name.startswith(":"):
            parts = name.strip(":").split(":")
        else:
            return None
        relative = "/".join(parts)
        while True:
            folder = folder_of(folder)
            candidate = f"{folder}/{relative}".lstrip("/")
            if candidate in self._packages:
                return candidate
            if not folder:
                return None
