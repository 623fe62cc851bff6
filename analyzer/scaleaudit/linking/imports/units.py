"""All functions of a repository by their names, and where these names stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, ImportFound, MessageReceived, sign_of, signs_in
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
        self.by_scope: dict[str, dict[str, Unit]] = {}
        # by family of languages and name: where it is defined, and where it stands
        self.defined: dict[Key, list[Unit]] = {}
        self.mentioned: dict[Key, list[Unit]] = {}
        self.by_path: dict[str, list[Unit]] = {}  # also what stands outside of functions
        units: list[Unit] = []
        for path, functions in index.functions.items():
            if passing(path):
                continue
            family = FAMILIES.get(index.kind(path), "")
            by_scope = self.by_scope[path] = {}
            for function in functions:
                name = function.scope.rpartition(".")[2].rstrip("?!=")
                unit = Unit(path, function, family, name)
                units.append(unit)
                self.by_path.setdefault(path, []).append(unit)
                if name:
                    by_scope.setdefault(function.scope, unit)
                    self.defined.setdefault((family, name), []).append(unit)
        keys: dict[str, dict[Sign, list[Key]]] = {}
        for key in self.defined:
            signs_of = keys.setdefault(key[0], {})
            signs_of.setdefault(sign_of(key[1]), []).append(key)
        signs = {family: frozenset(known) for family, known in keys.items()}
        for unit in units:
            if unit.family in keys:
                known = keys[unit.family]
                for sign in signs[unit.family].intersection(signs_in(unit.function.names)):
                    for key in known[sign]:
                        self.mentioned.setdefault(key, []).append(unit)
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
        self.renamed = {
            name
            for path, fact in index.of(ImportFound)
            if not passing(path)
            for name, here in fact.names
            if here and here != name
        }
