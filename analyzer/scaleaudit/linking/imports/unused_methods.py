"""Methods that the users of a class leave alone: a store's `getAll` that nobody asks for.

A name as `getAll` is that of many classes, so where it stands tells nothing by itself. But the files that
use one class are few: those that import its file, or name an object called after it. Where they are
seen to call some of its methods, and none of them has the name of another, nobody asks for that one.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.facts import sign_of, signs_in
from scaleaudit.linking.imports.callers_known import HOOKS, TELLING
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scaleaudit.facts import Sign
    from scaleaudit.linking.imports.units import Unit, Units

FAMILY = "javascript"
WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+")
MAX_SAME = 4  # files that define a name, which tells no more where they are many
# Frameworks call these of a class that is handed to them.
LIFE = frozenset(
    {"onModuleInit", "onModuleDestroy", "onApplicationBootstrap", "toJSON", "toString"}
)


class UnusedMethods:
    """`tells(unit)`; `imports`: what each file loads."""

    def __init__(self, units: Units, imports: Mapping[str, Sequence[str]]) -> None:
        self._units = units
        self._names = units.asking.names  # all that are looked for
        self._imports = imports
        self._words: dict[str, frozenset[Sign]] = {}
        # Of a file how many of its functions say a word; of a class what its users say, and its methods.
        self._inside: dict[str, Counter[Sign]] = {}
        self._said: dict[tuple[str, str], set[Sign]] = {}
        self._methods: dict[tuple[str, str], set[Sign]] = {}
        self._files: dict[str, int] = {}  # that define a name

    def tells(self, unit: Unit) -> bool:
        """That the class of a method is used, and the method is not."""
        owner = owner_of(unit) if unit.family == FAMILY else ""
        if not owner or not TELLING.fullmatch(unit.name) or unit.name in LIFE:
            return False
        wanted, own = sign_of(unit.name), unit.path
        self._names.add(unit.name)
        told_by_itself = wanted in set(signs_in(unit.function.names))
        if self._said_inside(own)[wanted] > told_by_itself:
            return False
        said = self._said_by_users(owner, own)
        return wanted not in said and not said.isdisjoint(self._others(own, owner))

    def _said_inside(self, path: str) -> Counter[Sign]:
        known = self._inside.get(path)
        if known is None:
            known = self._inside[path] = Counter(
                sign
                for each in self._units.by_path[path]
                for sign in set(signs_in(each.function.names))
            )
        return known

    def _said_by_users(self, owner: str, path: str) -> set[Sign]:
        known = self._said.get((owner, path))
        if known is None:
            users = self._users(owner, path)
            known = self._said[owner, path] = set().union(*map(self._words_of, users))
        return known

    def _others(self, path: str, owner: str) -> set[Sign]:
        """Methods of the class whose names few other files give to functions of their own."""
        known = self._methods.get((path, owner))
        if known is None:
            self._units.asking.listed.add(path)
            names = {
                each.name
                for each in self._units.by_scope[path].values()
                if owner_of(each) == owner
                and TELLING.fullmatch(each.name)
                and not HOOKS.match(each.name)
                and self._defining(each.name) <= MAX_SAME
            }
            self._names.update(names)
            known = self._methods[path, owner] = set(map(sign_of, names))
        return known

    def _defining(self, name: str) -> int:
        if name not in self._files:
            self._files[name] = len({same.path for same in self._units.defined((FAMILY, name))})
        return self._files[name]

    def _users(self, owner: str, path: str) -> set[str]:
        found = set(self._importing.get(path, ()))
        for name in names_of(owner):
            self._names.add(name)
            found |= self._naming.get(sign_of(name), set())
        return found - {path}

    @cached_property
    def _importing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for source, targets in self._imports.items():
            for target in targets:
                found.setdefault(target, []).append(source)
        return found

    @cached_property
    def _naming(self) -> dict[Sign, set[str]]:
        """The files in which an object stands that is called after a class."""
        owners = {
            owner
            for units in self._units.by_scope.values()
            for unit in units.values()
            if unit.family == FAMILY and (owner := owner_of(unit))
        }
        wanted = {sign_of(name) for owner in owners for name in names_of(owner)}
        found: dict[Sign, set[str]] = {}
        for path, units in self._units.by_path.items():
            if units[0].family != FAMILY:
                continue
            for sign in wanted & self._words_of(path):
                found.setdefault(sign, set()).add(path)
        return found

    def _words_of(self, path: str) -> frozenset[Sign]:
        known = self._words.get(path)
        if known is None:
            units = self._units.by_path.get(path, ())
            known = self._words[path] = frozenset(
                sign for unit in units for sign in signs_in(unit.function.names)
            )
        return known


def owner_of(unit: Unit) -> str:
    """The class of a method, where its name has several words; else nothing."""
    owner = unit.function.scope.rpartition(".")[0]
    return owner if unit.function.method and TELLING.fullmatch(owner) else ""


def names_of(owner: str) -> Iterator[str]:
    """What objects of a class are called: `pgOrderStore`, `orderStore`, `_orderStore`."""
    words = WORD.findall(owner)
    for at in range(len(words) - 1):
        name = words[at].lower() + "".join(words[at + 1 :])
        yield name
        yield f"_{name}"
