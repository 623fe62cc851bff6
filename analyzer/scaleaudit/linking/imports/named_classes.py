"""Which files use each other's classes where no import says so.

A class of the same package needs no import in Java and Kotlin, and `using` of C# names a namespace
with all that is in it. And what is written against an interface runs the class behind it, which
only a container knows: so whoever names the interface reaches that class too. Names are compared
by their signs, and only with classes that the file sees; a name of one word may be anything and
leads nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.asked_names import MANY
from scaleaudit.facts import sign_of, signs_in
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.facts import Sign
    from scaleaudit.linking.facts_index import FactsIndex

FAMILIES = {"java": "jvm", "kotlin": "jvm", "csharp": "csharp"}
INTERFACE = regex(r"I(?=[A-Z][a-z])")  # the first letter of interfaces in C#
# What classes behind an interface are called besides, and those that answer a message.
BEHIND = ("Impl", "Bean", "Adapter")
ANSWERING = ("Handler", "QueryHandler", "CommandHandler", "RequestHandler")
# Files whose `global using` holds for their project.
FOR_ALL = regex(r"(?i)(?:^|/)(?:_?global)?_?(?:usings?|imports)\.cs$")
# Classes of a namespace and names of a file: where both are more, all is generated.
MAX_SEEN = MANY
MAX_BEHIND = 12  # classes behind one interface: beyond, it marks rather than names them


class Class(Record, frozen=True):
    path: str
    name: str
    sign: Sign
    signs: frozenset[Sign]  # of the names that stand in it, outside of its methods
    methods: frozenset[str]


class NamedClasses:
    """`uses`: file -> the files whose classes it names; `behind`: file -> those that run for it."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        self._signs: dict[str, set[Sign]] = {}
        self._classes: dict[str, list[Class]] = {}  # of a file
        self._seen: dict[tuple[str, str], dict[Sign, list[str]]] = {}
        for path, kind in _sources(index):
            self._read(path, kind)
        self._for_all = self._global_usings()
        self._spaces = self._imported_spaces()
        self.uses = {path: found for path in self._signs if (found := self._used(path))}

    def behind(self, imports: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """By file the others that hold a class behind one of its interfaces."""
        found: dict[str, list[str]] = {}
        for path, classes in self._classes.items():
            for target in {*self.uses.get(path, ()), *imports.get(path, ())}:
                above = self._classes.get(target, ())
                if target != path and any(
                    self._stands_for(one, two) for one in classes for two in above
                ):
                    found.setdefault(target, []).append(path)
        return {path: sorted(those) for path, those in found.items() if len(those) <= MAX_BEHIND}

    def _read(self, path: str, kind: str) -> None:
        """The classes of a file, and the names in it."""
        names: set[Sign] = self._signs.setdefault(path, set())
        outside: dict[str, frozenset[Sign]] = {}
        methods: dict[str, set[str]] = {}
        known: set[str] = set()
        for function in self._index.functions_by_question[path]:
            if function.root == "job" and function.scope in known:
                continue  # what the function above hands to a queue: a worker uses it, not this file
            known.add(function.scope)
            inside = frozenset(signs_in(function.names))
            names |= inside
            owner, dot, name = function.scope.rpartition(".")
            if dot and not name:
                outside[owner] = inside
            elif dot:
                methods.setdefault(owner, set()).add(name)
        space = self._index.namespaces.get(path, "")
        visible = self._seen.setdefault((FAMILIES[kind], space), {})
        for name in dict.fromkeys((*outside, *methods)):
            own = name.rpartition(".")[2]
            self._index.asking.names.add(own)
            sign = sign_of(own)
            visible.setdefault(sign, []).append(path)
            made = frozenset(methods.get(name, ())) - {own}
            held = outside.get(name, frozenset())
            self._classes.setdefault(path, []).append(Class(path, own, sign, held, made))

    def _global_usings(self) -> list[tuple[str, str]]:
        """(folder, namespace) of what holds for all files below."""
        return [
            (folder_of(path), fact.module)
            for path, fact in self._index.imports_by_question
            if path.endswith(".cs") and FOR_ALL.search(path)
        ]

    def _imported_spaces(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, fact in self._index.imports_by_question:
            if path in self._signs and fact.names == (("*", ""),):
                found.setdefault(path, []).append(fact.module)
        return found

    def _visible(self, path: str) -> set[str]:
        own = self._index.namespaces.get(path, "")
        spaces = {own, *self._spaces.get(path, ())}
        if path.endswith(".cs"):
            while own:  # the namespaces around it
                own = own.rpartition(".")[0]
                spaces.add(own)
            spaces |= {space for folder, space in self._for_all if is_below(path, folder)}
        return spaces

    def _used(self, path: str) -> list[str]:
        signs = self._signs[path]
        family = FAMILIES[self._index.kind(path)]
        found: set[str] = set()
        for space in self._visible(path):
            classes = self._seen.get((family, space), {})
            if len(classes) <= MAX_SEEN or len(signs) <= MAX_SEEN:
                for sign in signs & classes.keys():
                    found.update(classes[sign])
        return sorted(found - {path})

    def _stands_for(self, one: Class, two: Class) -> bool:
        """Whether the first is what runs where the second is asked for."""
        if two.sign not in one.signs or one.name == two.name:
            return False
        bare = INTERFACE.sub("", two.name)
        if (
            one.name == bare
            or one.name.endswith(bare)
            or one.name in {bare + each for each in BEHIND}
        ):
            return True
        if one.name in {two.name + each for each in ANSWERING}:
            return True
        asking, missing = self._index.asking, two.methods - one.methods
        if missing:  # while this one is, nothing else makes up for it
            asking.names.add(min(missing))
            return False
        asking.listed.update((one.path, two.path))
        return bool(two.methods)


def _sources(index: FactsIndex) -> Iterator[tuple[str, str]]:
    for path, file in index.files.items():
        if file.kind in FAMILIES and file.role is Role.SOURCE:
            index.asking.classes.add(path)
            if path in index.functions_by_question:
                yield path, file.kind


def with_classes(index: FactsIndex, imports: dict[str, list[str]]) -> dict[str, list[str]]:
    """The imports, with the files whose classes are named without one or stand behind an interface."""
    named = NamedClasses(index)
    behind = named.behind(imports)
    if not named.uses and not behind:
        return imports
    found: dict[str, list[str]] = {}
    for path in imports.keys() | named.uses.keys():
        used = {*imports.get(path, ()), *named.uses.get(path, ())}
        found[path] = sorted(used.union(*(behind.get(each, ()) for each in used)))
    return found
