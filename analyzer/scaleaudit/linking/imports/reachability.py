"""Which applications load a file of a library that several of them contain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.imports.barrels import past_barrels
from scaleaudit.linking.imports.component_scan import ComponentScan
from scaleaudit.linking.imports.go_files import GoFiles
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules


class Reachability:
    """Follows imports from the sources of each application; one pass for each, when asked."""

    def __init__(
        self,
        index: FactsIndex,
        components: Components,
        modules: Modules,
        imports: Mapping[str, list[str]],
    ) -> None:
        self._index = index
        self._components = components
        self._imports = past_barrels(index, modules, imports)
        self._all: list[list[Component]] | None = None
        self._loaded: dict[str, set[str]] = {}  # by source folder
        self._scan: ComponentScan | None = None
        self._go = GoFiles(index, self._imports)

    def owners(self, path: str) -> list[list[Component]]:
        """The components that own a file, else those that load it; one list for an application."""
        owners = self._components.owning(path)
        if owners:
            return [owners]
        return self.users(path)

    def users(self, path: str) -> list[list[Component]]:
        """The components that load a file of a library; one list for an application."""
        groups = [group for group in self._components.containing(path) if group]
        if groups and self._index.kind(path) == "rust":
            return groups  # a crate is built in whole, and its files name each other in many ways
        return [
            group
            for group in groups or self._applications()
            if path in self._loads(group[0].root or "")
        ]

    def _applications(self) -> list[list[Component]]:
        """All of them, for a file outside of every build unit: whoever loads it contains it."""
        if self._all is None:
            found: dict[str, list[Component]] = {}
            for component in self._components.services():
                if component.root:
                    found.setdefault(component.application, []).append(component)
            self._all = list(found.values())
        return self._all

    def _loads(self, root: str) -> set[str]:
        if root not in self._loaded:
            found = {
                path
                for path in self._imports
                if is_below(path, root) and self._index.role(path) is Role.SOURCE
            }
            if self._scan is None:
                self._scan = ComponentScan(self._index, self._components)
            found.update(self._scan.found_by(root))
            self._loaded[root] = self._go.used(found)
        return self._loaded[root]
