"""Which file a dotted name of Python leads to."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound, PackageDeclared
from scaleaudit.linking.facts_index import folder_of, is_below, is_shadowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex


class PythonModules:
    """`file(path, dotted)`: of a module as the file at `path` names it; `targets`: of an import."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        # dotted name -> (the folder it is importable from, file), the innermost folder first
        self._named: dict[str, list[tuple[str, str]]] = {}
        self._files: dict[str, str] = {}  # path without its ending, or of a package -> file
        self._seen: dict[tuple[str, str], str | None] = {}  # folder, dotted name -> file
        for path in sorted(index.files):
            stem = path.removesuffix(".py").removesuffix("/__init__")
            if is_shadowed(path, index.files):
                continue
            if path.endswith(".py") and (stem not in self._files or path == f"{stem}.py"):
                self._files[stem] = path
            if index.kind(path) == "python":
                self._name(stem, path)
        for several in self._named.values():
            if len(several) > 1:
                several.sort(key=lambda pair: (-len(pair[0]), pair[1]))
        self._firsts = {dotted.partition(".")[0] for dotted in self._named}
        self._elsewhere = sys.stdlib_module_names | {
            name.lower().replace("-", "_")
            for _, package in index.of(PackageDeclared)
            if package.ecosystem == "pypi"
            for name, _ in package.dependencies
        }

    def _name(self, stem: str, path: str) -> None:
        dotted, root = stem.replace("/", "."), ""
        while dotted:
            self._named.setdefault(dotted, []).append((root, path))
            first, _, dotted = dotted.partition(".")
            root = f"{root}/{first}".lstrip("/")

    def targets(self, path: str, fact: ImportFound) -> Iterator[tuple[str, str, str]]:
        """(file, name in it or '' for the module itself, name here)."""
        module, stem = fact.module, None
        if module.startswith("."):
            stem = stem_from(folder_of(path), module)
            target = self._files.get(stem) if stem is not None else None
        elif module.partition(".")[0] in self._firsts:
            target = self.file(path, module)
        else:
            return  # a library's
        if not fact.names and target is not None:
            yield target, "", fact.alias
        for name, here in fact.names:
            inner = None
            if name == "*":
                pass
            elif stem is not None:
                inner = self._files.get(f"{stem}/{name.replace('.', '/')}".strip("/"))
            elif (dotted := f"{module}.{name}") in self._named:
                inner = self.file(path, dotted)
            if inner is not None:
                yield inner, "", here
            elif target is not None:
                yield target, name, here

    def is_library(self, module: str) -> bool:
        return not module.startswith(".") and module.partition(".")[0] not in self._firsts

    def file(self, path: str, dotted: str) -> str | None:
        """The file of a dotted module name seen from `path`; the nearest when several fit.

        A top-level name is importable only from a folder above the importer.
        """
        if dotted.startswith("."):
            stem = stem_from(folder_of(path), dotted)
            return self._files.get(stem) if stem is not None else None
        if dotted not in self._named:
            return None
        asked = (folder_of(path), dotted)
        if asked not in self._seen:
            self._seen[asked] = self._nearest(path, dotted)
        return self._seen[asked]

    def _nearest(self, path: str, dotted: str) -> str | None:
        # A package's folder is on the path where its files run as scripts, or where settings put it
        # there: then whole ways below it are named, which nobody but it has.
        inside = ""
        for root, candidate in self._named[dotted]:
            if is_below(path, root):
                if not root or f"{root}/__init__.py" not in self._index.files:
                    return candidate
                if "." in dotted or root not in self._imported_as_packages:
                    inside = inside or candidate
        return None if dotted.partition(".")[0].lower() in self._elsewhere else inside or None

    @cached_property
    def _imported_as_packages(self) -> set[str]:
        """Folders that code names by their way from a source root: `shop.orders.basket`.

        Their files do not run as scripts, so that a bare `basket` is not the file beside.
        """
        found: set[str] = set()
        for module in self._index.modules_by_question:
            first, dot, _ = module.partition(".")
            if not dot or not first:
                continue
            for root, candidate in self._named.get(module, ()):
                if not root or f"{root}/__init__.py" not in self._index.files:
                    folder = folder_of(candidate)
                    while folder and folder != root:
                        found.add(folder)
                        folder = folder_of(folder)
        return found


def stem_from(folder: str, dotted: str) -> str | None:
    """The path of `..orders.basket` seen from a folder, without its ending; None above the root."""
    rest = dotted.lstrip(".")
    for _ in range(len(dotted) - len(rest) - 1):
        if not folder:
            return None
        folder = folder_of(folder)
    return f"{folder}/{rest.replace('.', '/')}".strip("/") if rest else folder
