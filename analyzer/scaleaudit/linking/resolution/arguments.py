"""What callers hand to the functions of a repository, across its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.source import Location
    from scaleaudit.values import Parameter, Value

MAX_CALLERS = 40  # of one function; one with more is a library


class Arguments:
    """Texts handed to parameters; a function is known by its file (in Go: its folder) and name."""

    def __init__(self, index: FactsIndex, components: Components, modules: Modules) -> None:
        self._index, self._components = index, components
        self._given: dict[tuple[str, str], list[tuple[str, ArgumentsGiven]]] = {}
        self._inside: dict[tuple[str, str], bool] = {}
        for path, fact in index.of(ArgumentsGiven):
            if index.role(path) is Role.TEST:
                continue
            file, function = path, fact.function
            first, _dot, rest = function.partition(".")
            imported = modules.names.get(path, {}).get(first)
            if imported is not None:
                file, there = imported
                # What a module exports as a whole is called at home as it is where it is imported.
                whole = there in ("", "default") and not rest
                function = first if whole else ".".join(part for part in (there, rest) if part)
            known = self._given.setdefault((self._home(file), function), [])
            if len(known) < MAX_CALLERS:
                known.append((path, fact))

    def _home(self, file: str) -> str:
        """Go's packages are folders; Ruby's constants and Kotlin's functions have full names."""
        kind = self._index.kind(file)
        return folder_of(file) if kind == "go" else "" if kind in ("ruby", "kotlin") else file

    def of(
        self, parameter: Parameter, path: str, component: Component | None
    ) -> list[tuple[Value, str, Location]]:
        """(value, the file it stands in, the place of the call) of each different argument."""
        self._index.asking.given.add(parameter.function.rpartition(".")[2])
        found: dict[Value, tuple[Value, str, Location]] = {}
        for caller, fact in self._given.get((self._home(path), parameter.function), ()):
            if component is not None and not self._part_of(caller, component):
                continue
            named = dict(fact.args)
            value = named.get(parameter.name) or named.get(str(parameter.position))
            if value is not None:
                found.setdefault(value, (value, caller, fact.at.in_file(caller)))
        return list(found.values())

    def _part_of(self, path: str, component: Component) -> bool:
        """Whether the file is a part of the application that the component runs."""
        key = (folder_of(path), component.application)
        if key not in self._inside:
            self._inside[key] = any(
                each.application == component.application
                for group in self._components.containing(path)
                for each in group
            )
        return self._inside[key]
