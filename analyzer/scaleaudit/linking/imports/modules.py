"""Which file an import leads to, and the graph of source files."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound, PackageDeclared
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.imports.autoloading import AutoloadedConstants
from scaleaudit.linking.imports.python_modules import PythonModules
from scaleaudit.linking.imports.script_aliases import ScriptAliases
from scaleaudit.linking.imports.script_packages import ScriptPackages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex

SCRIPTS = {"javascript", "typescript", "tsx", "vue", "svelte"}
JVM = {"java", "kotlin"}
COMPILED = (".js", ".jsx", ".mjs", ".cjs")
SCRIPT_ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")


class Modules:
    """Resolves imports inside the repository; `graph` is filled once, on construction."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        self._paths = set(index.files)
        self._python = PythonModules(index)
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
        # All that classes hold, used without their names: (file, class in it).
        self.opened: dict[str, list[tuple[str, str]]] = {}
        for path, imports in groupby(index.imports_by_question, key=itemgetter(0)):
            targets = self._python.targets if index.kind(path) == "python" else self._targets
            names: dict[str, tuple[str, str]] = {}
            for _, fact in imports:
                last = path
                for target, name, here in targets(path, fact):
                    if here:
                        names[here] = (target, name)
                    elif name.endswith(".*"):
                        self.opened.setdefault(path, []).append((target, name[:-2]))
                    if target != last:  # of several names of one module the first has said it
                        last = target
                        if target == path:
                            continue
                        known = self.imports.get((path, target))
                        if known is None or eager(fact) > eager(known):
                            self.imports[path, target] = fact
            if names:
                self.names[path] = names

    def _name_files(self) -> None:
        for path in sorted(self._paths):
            kind = self._index.kind(path)
            if kind in JVM or kind in ("php", "csharp"):
                stem = path.rpartition("/")[2].partition(".")[0]
                namespace = self._index.namespaces.get(path, "").replace("\\", ".")
                self._qualified.setdefault(f"{namespace}.{stem}".lstrip("."), path)
            elif kind == "go":
                self._go_folders.setdefault(folder_of(path), path)
            elif kind == "elixir":
                self._elixir.setdefault(self._index.namespaces.get(path, ""), path)
        self._go_modules = [
            (package.name, folder_of(path))
            for path, package in self._index.of(PackageDeclared)
            if package.ecosystem == "go"
        ]

    def _targets(self, path: str, fact: ImportFound) -> Iterator[tuple[str, str, str]]:
        """(file, name in it or '' for the module itself, name here)."""
        kind = self._index.kind(path)
        if kind in SCRIPTS:
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
                    package = self._index.namespaces.get(target, "")
                    yield target, f"{module.removeprefix(f'{package}.')}.{name}", here
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

    def is_library(self, family: str, module: str) -> bool:
        """It leads to no file of the repository, whichever file imports it."""
        if family == "python":
            return self._python.is_library(module)
        if family == "scripts":
            return not (
                module.startswith((".", "/", "@/", "~/"))
                or self._aliases.knows(module.partition("?")[0])
                or self._packages.knows(module.partition("?")[0])
            )
        own = any(module == name or module.startswith(f"{name}/") for name, _ in self._go_modules)
        return family == "go" and not own and self._go("", module) is None

    def python_module(self, path: str, dotted: str) -> str | None:
        return self._python.file(path, dotted)

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
        found = self._scripts.get(stem)
        if found is None and stem.endswith(COMPILED):  # `./x.js` may be written for `x.ts`
            found = self._scripts.get(stem.rpartition(".")[0])
        return found or self._scripts.get(f"{stem}/index")

    @cached_property
    def _scripts(self) -> dict[str, str]:
        """Files by their paths without the ending; of several the one whose ending comes first."""
        found: dict[str, str] = {}
        for ending in SCRIPT_ENDINGS:
            for path in self._paths:
                if path.endswith(ending):
                    found.setdefault(path.removesuffix(ending), path)
        return found

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
