"""What linking asked of the functions in files, so that edits which change no answer are told.

Most edits change what a function mentions. Of that linking asks little: which functions mention one
of some names, are called so, or stand around a query. Each such question is answered by each file
for itself. So where a file that changed gives the same answers, linking would come out the same.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from scaleaudit.asked_facts import AskedFacts
from scaleaudit.facts import name_sign, signs_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import NamedFunction, Sign

    T = TypeVar("T")

MANY = 400  # names of a file
Who = tuple[str, str, bool]  # scope and root of a function, and whether it is a method


class AskedNames(msgspec.Struct, frozen=True, array_like=True):
    """All questions of one scan. `whole`: somebody looked at more than is told here.

    `signs`: of the names that were looked for. `around`: by file, the scopes around which a function
    was looked for. `classes`: the files whose classes were; `listed`: those whose functions were all
    looked through by their scopes.
    """

    whole: bool = True
    signs: frozenset[bytes] = frozenset()
    around: dict[str, frozenset[str]] = {}
    classes: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    facts: AskedFacts = AskedFacts()


class Asking:
    """The questions while they are asked."""

    def __init__(self) -> None:
        self.whole = False
        self.names: set[str] = set()
        self.around: dict[str, set[str]] = {}
        self.classes: set[str] = set()
        self.listed: set[str] = set()
        self.all_imports = False
        self.modules: set[str] = set()  # that were looked for among those that are imported
        self.libraries: dict[str, set[str]] = {}
        self.versions = False
        self.given: set[str] = set()

    def told(self) -> AskedNames:
        return AskedNames(
            self.whole,
            frozenset(name_sign(name.encode()) for name in self.names),
            {path: frozenset(scopes) for path, scopes in self.around.items()},
            frozenset(self.classes),
            frozenset(self.listed),
            AskedFacts(
                self.all_imports,
                {family: frozenset(names) for family, names in self.libraries.items()},
                self.versions,
                frozenset(self.given),
            ),
        )


def with_versions(asked: AskedNames) -> AskedNames:
    """The same where the versions of dependencies were looked at as well."""
    if asked.facts.versions:
        return asked
    return replace(asked, facts=replace(asked.facts, versions=True))


def same_answers(
    asked: AskedNames, path: str, old: Iterable[NamedFunction], new: Iterable[NamedFunction]
) -> bool:
    """Whether a file whose functions are others now answers all that was asked as before."""
    if old == new:
        return True
    if asked.whole or (_any_names(old) and not _any_names(new)):  # it may have had the only ones
        return False
    return _answers(asked, path, old) == _answers(asked, path, new)


def _any_names(functions: Iterable[NamedFunction]) -> bool:
    return any(function.names for function in functions)


def _answers(asked: AskedNames, path: str, functions: Iterable[NamedFunction]) -> object:
    signs = {(sign,) for sign in asked.signs}
    said: set[Sign] = set()
    mentioning, called, everybody = [], [], []
    alike: Counter[Who] = Counter()
    known: dict[str, Who] = {}
    for function in functions:
        inside = set(signs_in(function.names))
        said |= inside
        who = function.scope, function.root, function.method
        everybody.append(who)
        alike[who] += 1
        name = bare_name(function)
        if name:
            known.setdefault(function.scope, who)
        if (name_sign(name.encode()),) in signs:
            called.append(who)
        if found := inside & signs:
            mentioning.append((who, alike[who], found))  # the first, second .. of several
    around = [nearest(known, scope) for scope in sorted(asked.around.get(path, ()))]
    classes = _classes(everybody) if path in asked.classes else []
    listed = everybody if path in asked.listed else []
    return mentioning, called, around, classes, listed, len(said) <= MANY


def _classes(everybody: Iterable[Who]) -> object:
    """The classes of a file in their order, their parts, and what of them is handed to a queue."""
    own: dict[str, None] = {}
    with_methods: dict[str, None] = {}
    scopes: set[str] = set()
    parts, handed = [], []
    for scope, root, _ in everybody:
        owner, dot, name = scope.rpartition(".")
        if dot:
            (with_methods if name else own)[owner] = None
            if not name:
                parts.append(scope)
        if scope in scopes and root == "job":
            handed.append(scope)
        scopes.add(scope)
    return list(dict.fromkeys((*own, *with_methods))), parts, handed


def bare_name(function: NamedFunction) -> str:
    """What a function is called by; empty for what stands outside of functions."""
    return function.scope.rpartition(".")[2].rstrip("?!=")


def nearest(known: Mapping[str, T], scope: str) -> T | None:
    """What is known of the outermost of the longest scopes around that is known at all."""
    parts = scope.replace("#", ".").split(".")
    for length in range(len(parts), 0, -1):
        found = known.get(".".join(parts[:length]))
        if found is not None:
            return found
    return None
