"""Managers and query sets: which class a name means, and what it inherits from those of other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ManagerDefined
from scaleaudit.linking.models.leading import leads_to
from scaleaudit.linking.models.nearness import nearest
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

MAX_CLASSES = 16  # that one inherits from
# What comes with the framework and leaves nothing out.
PLAIN = regex(r"(?:(?:\w+\.)*models\.|^)(?:Manager|QuerySet)$|^(?:UserManager|BaseUserManager)$")


class Manager(Gathering):
    path: str
    fact: ManagerDefined

    @property
    def name(self) -> str:
        return self.fact.name.rpartition(".")[2]


class Family(Gathering):
    """A class and all it inherits from, the nearest first; `whole`: none of them is out of sight."""

    members: list[Manager] = msgspec.field(default_factory=list)
    whole: bool = True


class Managers:
    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._modules = modules
        self._by_name: dict[str, list[Manager]] = {}
        for path, fact in index.of(ManagerDefined):
            if index.role(path) is Role.SOURCE:
                manager = Manager(path, fact)
                self._by_name.setdefault(manager.name, []).append(manager)
        self._families: dict[tuple[str, str], Family] = {}

    def find(self, path: str, written: str) -> Manager | None:
        """The class that a name means in a file; where imports do not tell, the nearest."""
        last = written.rpartition(".")[2]
        several = self._by_name.get(last, [])
        if not several:
            return self._renamed(path, written)
        own = [each for each in several if each.path == path]
        if own and "." not in written:
            return own[0]
        there = leads_to(self._modules, path, written)
        if there is not None:
            found = [each for each in several if each.path == there[0]]
            if found:
                return found[0]
        return nearest(path, several) if len(several) > 1 else several[0]

    def _renamed(self, path: str, written: str) -> Manager | None:
        """`from shop.managers import OpenManager as Open`."""
        there = leads_to(self._modules, path, written)
        if there is None:
            return None
        several = self._by_name.get(there[1].rpartition(".")[2], ())
        return next((each for each in several if each.path == there[0]), None)

    def family(self, path: str, written: str) -> Family:
        key = path, written
        known = self._families.get(key)
        if known is None:
            known = self._families[key] = Family()
            self._gather(path, written, known)
        return known

    def _gather(self, path: str, written: str, into: Family) -> None:
        name = written.partition("[")[0]
        if PLAIN.search(name) or name == "object":
            return
        found = self.find(path, name)
        if found is None or len(into.members) >= MAX_CLASSES:
            into.whole = False
            return
        if any(each is found for each in into.members):
            return
        into.members.append(found)
        for base in found.fact.bases:
            self._gather(found.path, base, into)
