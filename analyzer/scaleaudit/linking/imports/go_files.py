"""Which files of Go's packages a program uses, by the names that it mentions.

A package is loaded as a whole. One that keeps the handlers of several programs beside each other is
a shelf: `httpapi.NewOrders()` takes one file of it, and serves that one's routes alone.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.imports.callers_known import TELLING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scaleaudit.facts import NamedFunction
    from scaleaudit.linking.facts_index import FactsIndex


class GoFiles:
    """`used(begun)`: those files and all that they lead to."""

    def __init__(self, index: FactsIndex, imports: Mapping[str, list[str]]) -> None:
        self._index, self._imports = index, imports
        self._packages: dict[str, list[str]] = {}  # whose files are loaded together
        for path in index.files:
            if path.endswith(".go"):
                self._packages.setdefault(folder_of(path), []).append(path)
        self._offered: dict[str, frozenset[str]] = {}
        self._receivers: dict[
            str, dict[str, set[str]]
        ] = {}  # by folder: the files with its methods
        # Files that take in packages only for what these do when they are loaded.
        self._for_effect = {path for path, each in index.imports_by_question if each.alias == "_"}

    def used(self, begun: Iterable[str]) -> set[str]:
        found = set(begun)
        border = list(found)
        waiting: dict[str, frozenset[str]] = {}  # files of loaded packages, by what they offer
        named: set[str] = set()
        while border:
            while border:
                path = border.pop()
                named |= self._mentioned.get(path, set())
                for target in self._imports.get(path, ()):
                    for each in (target, *self._beside(target)):
                        if each in found or each in waiting:
                            continue
                        offered = self._offers(each)
                        if offered and path not in self._for_effect:
                            waiting[each] = offered
                        else:
                            found.add(each)
                            border.append(each)
            border = [path for path, offered in waiting.items() if not named.isdisjoint(offered)]
            for path in border:
                del waiting[path]
            found.update(border)
        return found

    @cached_property
    def _mentioned(self) -> dict[str, set[str]]:
        """By file those names that some file of Go offers."""
        offered = (self._offers(path) for paths in self._packages.values() for path in paths)
        return dict(self._index.mentions.of(frozenset[str]().union(*offered)))

    def _beside(self, path: str) -> list[str]:
        return self._packages.get(folder_of(path), []) if path.endswith(".go") else []

    def _offers(self, path: str) -> frozenset[str]:
        """The names by which the file is used; none where it may be used without them.

        So is one that does something beside its functions, or has names that are words like others.
        """
        if path not in self._offered:
            self._offered[path] = self._names(path)
        return self._offered[path]

    def _shared(self, path: str, receiver: str) -> bool:
        """A type that other files of the package have methods of too."""
        folder = folder_of(path)
        if folder not in self._receivers:
            known = self._receivers[folder] = {}
            for each in self._beside(path):
                for function in self._functions(each):
                    if function.method:
                        known.setdefault(function.scope.partition(".")[0], set()).add(each)
        return bool(self._receivers[folder].get(receiver, set()) - {path})

    def _functions(self, path: str) -> Sequence[NamedFunction]:
        self._index.asking.listed.add(path)
        return self._index.functions_by_question.get(path, ())

    def _names(self, path: str) -> frozenset[str]:
        if not path.endswith(".go") or len(self._beside(path)) < 2:
            return frozenset()
        names: set[str] = set()
        helpers: set[str] = set()  # of the package's other files too, where it has more to offer
        for function in self._functions(path):
            first, _, method = function.scope.partition(".")
            if not first or first == "init":
                return frozenset()
            if TELLING.fullmatch(first):
                (names if method or first[0].isupper() else helpers).add(first)
            elif (method and self._shared(path, first)) or (not method and first[0].isupper()):
                return frozenset()
        return frozenset(names or helpers)
