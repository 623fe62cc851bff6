"""Routes that a class does not write itself: of interfaces, base classes, annotations of its own.

A controller serves what the interfaces and classes above it map, below its own prefix or the
nearest one above. An interface or abstract class alone serves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, TypeDeclared
from scaleaudit.record import Record
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.values import Value

Key = tuple[str, str]  # file, name in it
MAX_ABOVE = 24  # types above one
MARKS = {"Path", "RequestMapping"}  # beside everything that is called a controller
# Controllers that Spring Data REST serves below its own base path.
DATA_REST = {"BasePathAwareController", "RepositoryRestController"}
ABSTRACT = ("interface", "abstract")


class Place(Record, frozen=True):
    """Where a route is served: by the class of which file, below which prefix of which file."""

    path: str
    handler: str
    prefix: Value | None = None  # None: the route's own path is the whole
    prefix_path: str = ""
    framework: str = ""  # whose settings hold for it, where it is another than the route's own


class InheritedRoutes:
    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._index, self._modules = index, modules
        self._types: dict[Key, TypeDeclared] = {}
        self._by_name: dict[str, list[Key]] = {}
        for path, declared in index.of(TypeDeclared):
            if index.role(path) is Role.SOURCE and index.kind(path) != "ruby":
                self._types[path, declared.name] = declared
                last = declared.name.rpartition(".")[2]
                self._by_name.setdefault(last, []).append((path, declared.name))
        self._heirs: dict[Key, list[Key]] = {}
        for key in self._types:
            if self._serves(key):
                for above in self._above(key):
                    self._heirs.setdefault(above, []).append(key)
        self._own: dict[Key, set[str]] = {}
        if self._heirs:
            for path, served in index.of(EndpointServed):
                name = served.handler.rpartition(".")[2]
                self._own.setdefault((path, served.router), set()).add(name)

    def places(self, path: str, served: EndpointServed) -> Iterator[Place]:
        """Where a route is served: at its own class, or at those that inherit it."""
        key = (path, served.router)
        declared = self._types.get(key)
        if served.own is None or declared is None:
            yield Place(path, served.handler)
            return
        heirs = self._heirs.get(key, [])
        method = served.handler.rpartition(".")[2]
        if declared.kind not in ABSTRACT:
            if declared.prefixes:
                yield Place(path, served.handler, framework=self._framework(key))
            else:
                yield from self._below(key, path, served.handler)
        elif served.framework == "jax-rs" and not heirs:
            yield Place(path, served.handler)  # implementations need no annotation
        for heir in heirs:
            if method not in self._own.get(heir, ()):
                yield from self._below(heir, heir[0], f"{heir[1]}.{method}")

    def _below(self, key: Key, path: str, handler: str) -> Iterator[Place]:
        prefixes = self._prefixes(key)
        framework = self._framework(key)
        if not prefixes:
            yield Place(path, handler, framework=framework)
        for where, prefix in prefixes:
            yield Place(path, handler, prefix, where, framework)

    def _framework(self, key: Key) -> str:
        return "data-rest" if DATA_REST & set(self._types[key].annotations) else ""

    def find(self, path: str, written: str) -> Key | None:
        """The type of a name as a file writes it: imported, of the package, the only one."""
        last = written.rpartition(".")[2]
        found = self._by_name.get(last, ())
        first = written.partition(".")[0]
        target = self._modules.names.get(path, {}).get(first)
        imported = [key for key in found if target is not None and key[0] == target[0]]
        space = self._index.namespaces.get(path, "")
        near = [key for key in found if key[0] == path] or [
            key for key in found if self._index.namespaces.get(key[0], "") == space
        ]
        chosen = imported or ([] if target is not None else near or list(found))
        return chosen[0] if len(chosen) == 1 else None

    def repositories(self) -> Iterator[tuple[str, TypeDeclared]]:
        """The interfaces that keep an entity and may be seen from outside."""
        for (path, _), declared in self._types.items():
            if declared.entity and declared.exported:
                yield path, declared

    def _above(self, key: Key) -> list[Key]:
        """The types above, the nearest first."""
        found: list[Key] = []
        border = [key]
        while border and len(found) < MAX_ABOVE:
            at = border.pop(0)
            for base in self._types[at].bases:
                above = self.find(at[0], base)
                if above is not None and above not in found and above != key:
                    found.append(above)
                    border.append(above)
        return found

    def _serves(self, key: Key) -> bool:
        declared = self._types[key]
        if declared.kind != "class":
            return False
        named = set(declared.annotations)
        for _, annotation in self._annotations(key):
            named.update(annotation.annotations)
        return any(name in MARKS or name.endswith("Controller") for name in named)

    def _annotations(self, key: Key) -> list[tuple[str, TypeDeclared]]:
        """The annotations of a type that the repository declares itself."""
        found = []
        for name in self._types[key].annotations:
            at = self.find(key[0], name)
            if at is not None and self._types[at].kind == "annotation":
                found.append((at[0], self._types[at]))
        return found

    def _prefixes(self, key: Key) -> list[tuple[str, Value]]:
        for each in (key, *self._above(key)):
            declared = self._types[each]
            if declared.prefixes:
                return [(each[0], prefix) for prefix in declared.prefixes]
            given = dict(declared.given)
            for where, annotation in self._annotations(each):
                name = annotation.name.rpartition(".")[2]
                if annotation.alias and name in given:
                    return [(each[0], given[name])]
                if annotation.prefixes:
                    return [(where, prefix) for prefix in annotation.prefixes]
        return []
