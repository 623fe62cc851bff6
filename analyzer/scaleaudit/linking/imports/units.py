"""All functions of a repository by their names, and where these names stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.asked_names import bare_name, nearest
from scaleaudit.facts import EndpointServed, MessageReceived, sign_of, signs_in
from scaleaudit.linking.imports.callers_known import FAMILIES
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import NamedFunction, Sign
    from scaleaudit.linking.facts_index import FactsIndex

Key = tuple[str, str]  # family of languages, name of a function


class Unit(Record, frozen=True):
    """A function, or (without a name) what stands outside of functions, in its file."""

    path: str
    function: NamedFunction
    family: str
    name: str


class Units:
    """`passing` tells the files that are left out: tests, migrations, what runs at users."""

    def __init__(self, index: FactsIndex, passing: Callable[[str], bool]) -> None:
        self.asking = index.asking
        self._defined: dict[Key, list[Unit]] = {}
        self._mentioned: dict[Key, list[Unit]] = {}
        # For those who note in `asking` what they look for; the second has what stands outside of
        # functions, too.
        self.by_scope: dict[str, dict[str, Unit]] = {}
        self.by_path: dict[str, list[Unit]] = {}
        units: list[Unit] = []
        for path, functions in index.functions_by_question.items():
            if passing(path):
                continue
            family = FAMILIES.get(index.kind(path), "")
            by_scope = self.by_scope[path] = {}
            for function in functions:
                name = bare_name(function)
                unit = Unit(path, function, family, name)
                units.append(unit)
                self.by_path.setdefault(path, []).append(unit)
                if name:
                    by_scope.setdefault(function.scope, unit)
                    self._defined.setdefault((family, name), []).append(unit)
        keys: dict[str, dict[Sign, list[Key]]] = {}
        for key in self._defined:
            signs_of = keys.setdefault(key[0], {})
            signs_of.setdefault(sign_of(key[1]), []).append(key)
        signs = {family: frozenset(known) for family, known in keys.items()}
        for unit in units:
            if unit.family in keys:
                known = keys[unit.family]
                for sign in signs[unit.family].intersection(signs_in(unit.function.names)):
                    for key in known[sign]:
                        self._mentioned.setdefault(key, []).append(unit)
        self.handlers = {  # file and name
            (path, fact.handler.replace("#", ".").rpartition(".")[2])
            for path, fact in index.of(EndpointServed)
            if fact.handler
        }
        self.jobs = {
            (path, fact.handler.rpartition(".")[2])
            for path, fact in index.of(MessageReceived)
            if fact.handler
        }
        self._renamed = {
            name
            for path, fact in index.imports_by_question
            if not passing(path)
            for name, here in fact.names
            if here and here != name
        }

    # -- what is asked of functions, each noted

    def defined(self, key: Key) -> list[Unit]:
        """Where a function of the name is defined."""
        self.asking.names.add(key[1])
        return self._defined.get(key, [])

    def mentioning(self, key: Key) -> list[Unit]:
        """Where the name of a function of the repository stands."""
        self.asking.names.add(key[1])
        return self._mentioned.get(key, [])

    def is_renamed(self, name: str) -> bool:
        """Some file imports it under another name."""
        self.asking.names.add(name)
        return name in self._renamed

    def around(self, path: str, scope: str) -> Unit | None:
        """The function around; of functions inside of each other the outermost, which alone is told."""
        self.asking.around.setdefault(path, set()).add(scope)
        return nearest(self.by_scope.get(path, {}), scope)
