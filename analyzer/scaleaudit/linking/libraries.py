"""Build units that run inside others: which deployables contain a library of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import is_below, resolve_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.component import Component

# How dependencies on other build units of a repository are written: by name, after the last sign
# if there is one.
NAME_AFTER = {"maven": ":", "gradle": ":", "npm": "", "go": ""}
MAX_UNITS = 5_000


class Libraries:
    """`users(folder)`: the components that a library's code is a part of."""

    def __init__(
        self, packages: Mapping[str, PackageDeclared], components: Iterable[Component]
    ) -> None:
        self._packages = packages
        self._names: dict[tuple[str, str], set[str]] = {}
        for folder, package in packages.items():
            if package.name:
                self._names.setdefault((package.ecosystem, package.name), set()).add(folder)
        self._users: dict[str, list[Component]] = {}
        self._closures: dict[str, set[str]] = {}
        components = list(components)
        # A deployable that another one refers to (a .NET host of all services) is no part of it.
        self._deployed = {component.root for component in components if component.root}
        for component in components:
            root = component.root
            if not root or root not in packages:
                continue
            if root not in self._closures:
                self._closures[root] = self._contained(root)
            for folder in self._closures[root]:
                self._users.setdefault(folder, []).append(component)
        self._folders = sorted(self._users, key=len, reverse=True)

    def users(self, folder: str) -> list[Component]:
        """The components around the innermost library that holds a folder, in their order."""
        inner = next((f for f in self._folders if is_below(folder, f)), None)
        return self._users[inner] if inner is not None else []

    def inside(self, root: str) -> list[PackageDeclared]:
        """The libraries of the repository that a deployable is built with."""
        return [self._packages[folder] for folder in sorted(self._closures.get(root, ()))]

    def _contained(self, root: str) -> set[str]:
        """The folders of all build units that one depends on, itself left out."""
        found: set[str] = set()
        border = [root]
        while border and len(found) < MAX_UNITS:
            for folder in self._dependencies(border.pop()):
                if folder not in found and folder not in self._deployed:
                    found.add(folder)
                    border.append(folder)
        return found

    def _dependencies(self, folder: str) -> Iterable[str]:
        package = self._packages[folder]
        for name, _ in package.dependencies:
            if package.ecosystem == "nuget":
                path = resolve_path(folder, name) if "/" in name else None
                target = (path or "").rpartition("/")[0]
                if target in self._packages and target:
                    yield target
                continue
            sign = NAME_AFTER.get(package.ecosystem)
            if sign is not None:
                plain = name.rpartition(sign)[2] if sign else name
                folders = self._names.get((package.ecosystem, plain), set())
                if len(folders) == 1:
                    yield next(iter(folders))
