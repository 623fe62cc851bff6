"""Which file an import leads to, and the graph of source files."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound, PackageDeclared
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.imports.autoloading import AutoloadedConstants
from scaleaudit.linking.imports.script_aliases import ScriptAliases
from scaleaudit.linking.imports.script_packages import ScriptPackages
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex

PYTHON = {"python"}
SCRIPTS = {"javascript", "typescript", "tsx"}
JVM = {"java", "kotlin"}
_COMPILED = regex(r"\.(js|jsx|mjs|cjs)$")
SCRIPT_ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")


class Modules:
    """Resolves imports inside the repository; `graph` is filled once, on construction."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        self._paths = set(index.files)
        # dotted name -> (the folder it is importable from, file), the innermost folder first
        self._python: dict[str, list[tuple[str, str]]] = {}
        self._python_firsts: set[str] = set()  # first parts of these names
        # folder, name -> file
        self._python_seen: dict[tuple[str, str], str | None] = {}
        self._scripts_seen: dict[tuple[str, str], str | None] = {}
        self._qualified: dict[str, str] = {}
        self._elixir: dict[str, str] = {}  # the first module that a file defines
        self._go_folders: dict[str, str] = {}
        self.constants = AutoloadedConstants(
            path for path in index.files if index.kind(path) == "ruby"
        )
        self._aliases = ScriptAliases(index)
        self._packages = ScriptPackages(index)
        self._name_files()
        self.imports: dict[tuple[str, str], ImportFound] = {}
        self.names: dict[str, dict[str, tuple[str, str]]] = {}
        for path, fact in index.of(ImportFound):
            for target, name, here in self._targets(path, fact):
                if here:
                    self.names.setdefault(path, {})[here] = (target, name)
                if target != path:
                    known = self.imports.get((path, target))
                    if known is None or eager(fact) > eager(known):
                        self.imports[path, target] = fact

    def _name_files(self) -> None:
        for path in sorted(self._paths):
            kind = self._index.kind(path)
            if kind in PYTHON:
                stem = path.removesuffix(".py").removesuffix("/__init__")
                dotted, root = stem.replace("/", "."), ""
                while dotted:
                    self._python.setdefault(dotted, []).append((root, path))
                    first, _, dotted = dotted.partition(".")
                    root = f"{root}/{first}".lstrip("/")
            elif kind in JVM or kind in ("php", "csharp"):
                stem = path.rpartition("/")[2].partition(".")[0]
                namespace = self._index.namespaces.get(path, "").replace("\\", ".")
                self._qualified.setdefault(f"{namespace}.{stem}".lstrip("."), path)
            elif kind == "go":
                self._go_folders.setdefault(folder_of(path), path)
            elif kind == "elixir":
                self._elixir.setdefault(self._index.namespaces.get(path, ""), path)
        self._python_firsts = {dotted.partition(".")[0] for dotted in self._python}
        for several in self._python.values():
            if len(several) > 1:
                several.sort(key=lambda pair: (-len(pair[0]), pair[1]))
        self._python_elsewhere = sys.stdlib_module_names | {
            name.lower().replace("-", "_")
            for _, package in self._index.of(PackageDeclared)
            if package.ecosystem == "pypi"
            for name, _ in package.dependencies
        }
        self._go_modules = [
            (package.name, folder_of(path))
            for path, package in self._index.of(PackageDeclared)
            if package.ecosystem == "go"
        ]

    def _targets(self, path: str, fact: ImportFound) -> Iterator[tuple[str, str, str]]:
        """(file, name in it or '' for the module itself, name here)."""
        kind = self._index.kind(path)
        if kind in PYTHON:
            yield from self._python_targets(path, fact)
        elif kind in SCRIPTS:
            target = self.script(path, fact.module)
            if target is not None:
                yield target, "", fact.alias
                for name, here in fact.names:
                    yield target, name, here
        elif kind in JVM or kind == "php":
            module = fact.module.replace("\\", ".").strip(".")
            target = self._qualified.get(module) or self._qualified.get(module.rpartition(".")[0])
            if target is not None:
                yield target, "", fact.alias or module.rpartition(".")[2]
            for name, here in fact.names:
                inner = self._qualified.get(f"{module}.{name}")
                if inner is not None:
                    yield inner, "", here
                elif target is not None and kind in JVM:  # `import static shop.Urls.STOCK`
                    yield target, f"{module.rpartition('.')[2]}.{name}", here
        elif kind == "go":
            target = self._go(path, fact.module)
            if target is not None:
                yield target, "", fact.alias or fact.module.rpartition("/")[2]
        elif kind == "elixir":
            module = fact.module
            target = self._elixir.get(module) or self._elixir.get(module.rpartition(".")[0] or "?")
            if target is not None:
                yield target, module, module
        elif kind == "ruby":
            target = self._ruby(path, fact.module)
            if target is not None:
                # `Api::Base` is called so wherever it is used
                constant = fact.module.replace("::", ".") if fact.module[:1].isupper() else ""
                yield target, constant, constant

    # -- Python

    def _python_targets(self, path: str, fact: ImportFound) -> Iterator[tuple[str, str, str]]:
        first = fact.module.partition(".")[0]
        if first and first not in self._python_firsts:
            return  # a library's
        module = self.python_module(path, fact.module)
        if not fact.names:
            if module is not None:
                yield module, "", fact.alias
            return
        for name, here in fact.names:
            inner = self.python_module(path, join_dots(fact.module, name)) if name != "*" else None
            if inner is not None:
                yield inner, "", here
            elif module is not None:
                yield module, name, here

    def python_module(self, path: str, dotted: str) -> str | None:
        """The file of a dotted module name seen from `path`; the nearest when several fit.

        A top-level name is importable only from a folder above the importer.
        """
        if dotted not in self._python and not dotted.startswith("."):
            return None
        asked = (folder_of(path), dotted)
        if asked not in self._python_seen:
            self._python_seen[asked] = self._python_file(path, dotted)
        return self._python_seen[asked]

    def _python_file(self, path: str, dotted: str) -> str | None:
        if dotted.startswith("."):
            level = len(dotted) - len(dotted.lstrip("."))
            folder = folder_of(path)
            for _ in range(level - 1):
                if not folder:
                    return None
                folder = folder_of(folder)
            rest = dotted.lstrip(".").replace(".", "/")
            stem = f"{folder}/{rest}".strip("/") if rest else folder
            for candidate in (f"{stem}.py", f"{stem}/__init__.py"):
                if candidate in self._paths:
                    return candidate
            return None
        # A package's folder is on the path where its files run as scripts, or where settings put it
        # there: then whole ways below it are named, which nobody but it has.
        inside = ""
        for root, candidate in self._python.get(dotted, ()):
            if is_below(path, root):
                if not root or f"{root}/__init__.py" not in self._paths:
                    return candidate
                if "." in dotted or root not in self._imported_as_packages:
                    inside = inside or candidate
        return (
            None if dotted.partition(".")[0].lower() in self._python_elsewhere else inside or None
        )

    @cached_property
    def _imported_as_packages(self) -> set[str]:
        """Folders that code names by their way from a source root: `shop.orders.basket`.

        Their files do not run as scripts, so that a bare `basket` is not the file beside.
        """
        found: set[str] = set()
        for _, fact in self._index.of(ImportFound):
            first, dot, _ = fact.module.partition(".")
            if not dot or not first:
                continue
            for root, candidate in self._python.get(fact.module, ()):
                if not root or f"{root}/__init__.py" not in self._paths:
                    folder = folder_of(candidate)
                    while folder and folder != root:
                        found.add(folder)
                        folder = folder_of(folder)
        return found

    # -- JavaScript and TypeScript

    def script(self, path: str, module: str) -> str | None:
        """Relative paths, `@/` of the nearest source root, packages of the same workspace."""
        asked = (folder_of(path), module)
        if asked not in self._scripts_seen:
            self._scripts_seen[asked] = self._script(path, module)
        return self._scripts_seen[asked]

    def _script(self, path: str, module: str) -> str | None:
        module = module.partition("?")[0]
        if module.startswith("."):
            stem = resolve_path(folder_of(path), module)
            return self._script_file(stem) if stem is not None else None
        for stem in self._aliases.stems(path, module):
            target = self._script_file(stem)
            if target is not None:
                return target
        if module.startswith(("@/", "~/")):
            folder = folder_of(path)
            while folder:
                for base in (f"{folder}/src", folder):
                    target = self._script_file(f"{base}/{module[2:]}")
                    if target is not None:
                        return target
                folder = folder_of(folder)
            return self._script_file(f"src/{module[2:]}") or self._script_file(module[2:])
        for stem in self._packages.stems(module):
            target = self._script_file(stem)
            if target is not None:
                return target
        return None

    def _script_file(self, stem: str) -> str | None:
        stem = stem.strip("/")
        if stem in self._paths:
            return stem
        bare = _COMPILED.sub("", stem)  # `./x.js` may be written for `x.ts`
        for candidate in (stem, bare) if bare != stem else (stem,):
            for ending in SCRIPT_ENDINGS:
                if f"{candidate}{ending}" in self._paths:
                    return f"{candidate}{ending}"
        for ending in SCRIPT_ENDINGS:
            if f"{stem}/index{ending}" in self._paths:
                return f"{stem}/index{ending}"
        return None

    # -- Go and Ruby

    def _go(self, path: str, module: str) -> str | None:
        """Of several modules of one name, as copies of one template have, the importing file's."""
        fitting = [
            (name, root)
            for name, root in self._go_modules
            if module == name or module.startswith(f"{name}/")
        ]
        around = [(name, root) for name, root in fitting if is_below(path, root)]
        for name, root in (around or fitting)[:1]:
            folder = f"{root}/{module[len(name) + 1 :]}".strip("/")
            return self._go_folders.get(folder)
        # Packages beside the modules, which the repository publishes by its own name.
        host, _, rest = module.partition("/")
        folder = "/".join(rest.split("/")[2:])
        if not folder or "." not in host or any(is_below(folder, r) for _, r in self._go_modules):
            return None
        return self._go_folders.get(folder)

    def _ruby(self, path: str, module: str) -> str | None:
        if module[:1].isupper():
            return self.constants.file(path, module)
        stem = resolve_path(folder_of(path), module) if module.startswith(".") else None
        for candidate in (stem, f"{stem}.rb") if stem is not None else ():
            if candidate in self._paths:
                return candidate
        return self.constants.library(path, module.removesuffix(".rb"))


def eager(fact: ImportFound) -> int:
    """Executed at import time, only later, or never."""
    return 0 if fact.type_only else 1 if fact.lazy else 2


def join_dots(module: str, name: str) -> str:
    return f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
