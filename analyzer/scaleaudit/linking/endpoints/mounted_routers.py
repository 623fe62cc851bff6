"""Which routers a mount speaks of: by what its file calls them, in the files that names lead to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import LOCAL_ROUTER, EndpointServed, RouterMounted
from scaleaudit.linking.deployments.values import shared_folders
from scaleaudit.linking.endpoints.aspnet_routes import CONVENTIONS
from scaleaudit.linking.endpoints.handed_exports import SCRIPTS, HandedExports
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Set

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.endpoints.inherited_routes import InheritedRoutes
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

JVM = ("java", "kotlin")
ANONYMOUS = ("", "default", "router", "routes")
# Whose routers are known by their names, whichever file holds them; and those of which the names
# that others are mounted on count as well.
BY_NAME = ("csharp", "kotlin", "php", "ruby", "rust")
PARENTS_TOO = ("csharp", "kotlin", "rust")
CALL = regex(
    r"^(?:require\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.\w+)?|([\w.$]+)\s*\(.*\)|([\w.$]+))$", re.DOTALL
)

Key = tuple[str, str]  # file, name of the router in it


class MountedRouters:
    """`of(path, mount)`: the routers that a mount in a file hangs somewhere."""

    def __init__(
        self, index: FactsIndex, components: Components, modules: Modules, types: InheritedRoutes
    ) -> None:
        self._index, self._components = index, components
        self._modules, self._types = modules, types
        self._exports = HandedExports(index, modules)
        self._named: dict[tuple[str, str], set[str]] = {}  # language, name -> files
        for path, served in index.of(EndpointServed):
            self._keep(path, served.router, BY_NAME)
        for path, mount in index.of(RouterMounted):
            self._keep(path, mount.parent, PARENTS_TOO)

    def _keep(self, path: str, name: str, kinds: tuple[str, ...]) -> None:
        kind = self._index.kind(path)
        if name and kind in kinds:
            self._named.setdefault((kind, name), set()).add(path)

    def _files(self, kind: str, name: str) -> Set[str]:
        return self._named.get((kind, name), frozenset())

    def of(self, path: str, mount: RouterMounted) -> list[Key]:
        """Which routers a mount speaks of: of this file, or of the file that its name leads to."""
        if mount.is_module and self._index.kind(path) == "symfony":
            return self._controllers_below(path, mount.child)
        if mount.is_module:
            if self._index.kind(path) in SCRIPTS:
                target = self._modules.script(path, mount.child)
                return self._exported(target, "") if target else []
            target = (
                self._routes_file(path, mount.child)
                if self._index.kind(path) in ("php", "ruby")
                else self._modules.python_module(path, mount.child)
            )
            return [(target, "")] if target else []
        if mount.given and self._index.kind(path) == "php":
            return self._php_function(path, f"{mount.child}({mount.given})")
        if mount.given:
            return self._given(path, mount)
        if self._index.kind(path) == "csharp":
            return self._extended(path, mount.child)
        if self._index.kind(path) == "rust":
            return [self._rust_function(path, mount.child)]
        if LOCAL_ROUTER in mount.child:
            return [(path, mount.child)]
        call = CALL.match(mount.child.strip())
        if call is None:
            return []
        if call[1]:
            target = self._modules.script(path, call[1])
            return self._exported(target, mount.child.rpartition(")")[2][1:]) if target else []
        name = call[2] or call[3]
        first, _, rest = name.partition(".")
        names = self._modules.names.get(path, {})
        imported = names.get(first)
        if imported is None:
            if self._index.kind(path) in JVM:
                found = self._types.find(path, name)
                return [found] if found is not None else self._functions(path, name)
            if self._index.kind(path) == "python":
                return self._dotted(path, name)
            # a Ruby constant is imported by its whole name
            return [names.get(name) or self._ruby_class(path, name, mount.parent)]
        target, there = imported
        wanted = rest or there
        if rest and (there or first)[:1].isupper() and self._index.kind(target) in SCRIPTS:
            wanted = there or first  # what an object of a class has
        if self._index.kind(path) in JVM:
            return [(target, wanted or first)]
        handed_on = rest and there in self._modules.names.get(target, {})
        if handed_on or self._index.kind(target) == "python":
            wanted = ".".join(part for part in (there, rest) if part)
        return self._exported(target, wanted)

    def _exported(self, target: str, wanted: str) -> list[Key]:
        if self._index.kind(target) == "python":
            return [(file, name) for file, name, _ in self._exports.home(target, wanted)]
        if self._index.kind(target) not in SCRIPTS:
            return [(target, wanted)]
        found: list[Key] = []
        for file, name, sure in self._exports.home(target, wanted):
            # A default export, or `module.exports = router`: any router of that file.
            # So is a class: its routes hang on `this`.
            anonymous = name in ANONYMOUS or name[0].isupper()
            found.append((file, "" if anonymous and (sure or not name) else name))
        return found

    def _given(self, path: str, mount: RouterMounted) -> list[Key]:
        """The parameter of a function of a script or of Python that a router is handed as."""
        call = CALL.match(mount.child)
        if call is None:
            return []
        if call[1]:
            target, name = self._modules.script(path, call[1]), mount.child.rpartition(")")[2][1:]
        else:
            first, _, rest = mount.child.partition(".")
            target, there = self._modules.names.get(path, {}).get(first, (path, mount.child))
            name = rest or there
        if target == path:
            return [(path, f"{name.rpartition('.')[2]}({mount.given})")]
        return [
            (file, f"{there.rpartition('.')[2] or 'default'}({mount.given})")
            for file, there, _ in (self._exports.home(target, name) if target else ())
        ]

    def _dotted(self, path: str, name: str) -> list[Key]:
        """A router by the module that it stands in and its name there, else one of this file or of
        those from which this file imports all."""
        module, _, last = name.rpartition(".")
        target = self._modules.python_module(path, module) if module else None
        return [(target, last)] if target is not None else self._exported(path, name)

    def _rust_function(self, path: str, name: str) -> Key:
        """A function of this file, else the nearest of that name, in the module that is named."""
        if path in self._files("rust", name):
            return path, name
        module, _, last = name.rpartition(".")
        found = sorted(self._files("rust", last))
        inside = [each for each in found if module.rpartition(".")[2] in module_names(each)]
        return max(inside or found, key=lambda each: shared_folders(each, path), default=path), last

    def _php_function(self, path: str, name: str) -> list[Key]:
        """A function's parameter: of this file, else of the nearest that has such a function."""
        found = self._files("php", name)
        if path in found or not found:
            return [(path, name)] if found else []
        return [(max(sorted(found), key=lambda each: shared_folders(each, path)), name)]

    def _ruby_class(self, path: str, name: str, inside: str) -> Key:
        """The nearest class of that name with routes, whatever its file is called; of the modules
        around the class that it is named in, the innermost counts."""
        around = inside.split(".")
        for count in range(len(around), 0, -1):
            inner = ".".join((*around[:count], name))
            if self._files("ruby", inner):
                name = inner
                break
        found = sorted(self._files("ruby", name))
        return max(found, key=lambda each: shared_folders(each, path), default=path), name

    def _extended(self, path: str, method: str) -> list[Key]:
        """The files of the same application that map routes in an extension method of that name."""
        if method in CONVENTIONS:
            return []  # these name the parts of an address, and stand before none
        found = sorted(self._files("csharp", method))
        ours = {c.id for group in self._components.containing(path) for c in group}
        near = [
            each
            for each in found
            if ours & {c.id for group in self._components.containing(each) for c in group}
        ]
        return [(each, method) for each in near]

    def _controllers_below(self, path: str, child: str) -> list[Key]:
        """The PHP files with routes in a folder that a file of routes names, or another such file."""
        folder = resolve_path(folder_of(path), child)
        if not folder:
            return []
        if folder in self._index.files and self._index.kind(folder) == "symfony":
            return [(folder, "")]
        served = dict.fromkeys(file for file, _ in self._index.of(EndpointServed))
        return [
            (file, "")
            for file in served
            if is_below(file, folder) and self._index.kind(file) == "php"
        ]

    def _functions(self, path: str, name: str) -> list[Key]:
        """The routes of a Kotlin function: of this file, else of the one file that has it.

        Of several the one that is imported, by its name or with its package, or of the same package.
        """
        files = self._files("kotlin", name) if self._index.kind(path) == "kotlin" else frozenset()
        if path in files or not files:
            return [(path, name)]
        imports = self._index.imports_of(path) if len(files) > 1 else []
        packages = {file: self._index.namespaces.get(file, "") for file in files}
        own = self._index.namespaces.get(path, "")
        for seen in (
            {
                file
                for file in files
                if any(i.module == f"{packages[file]}.{name}" for i in imports)
            },
            {file for file in files if packages[file] == own},
            {file for file in files if any(i.module == packages[file] for i in imports)},
            files,
        ):
            if len(seen) == 1:
                return [(next(iter(seen)), name)]
        return [(path, name)]

    def _routes_file(self, path: str, child: str) -> str | None:
        """`routes/api.php` seen from a provider anywhere in the same application."""
        folder = folder_of(path)
        beside = resolve_path(folder, child)
        if beside in self._index.files:
            return beside
        while folder:
            folder = folder_of(folder)
            candidate = f"{folder}/{child}".lstrip("/")
            if candidate in self._index.files:
                return candidate
        return None


def module_names(path: str) -> tuple[str, str]:
    """What a file of Rust is called as a module: by itself, and by its folder."""
    return path.rpartition("/")[2].removesuffix(".rs"), folder_of(path).rpartition("/")[2]
