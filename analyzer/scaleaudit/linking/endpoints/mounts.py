"""Where routers are mounted: what stands in front of their routes, across files."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.linking.deployments.values import shared_folders
from scaleaudit.linking.endpoints.aspnet_routes import CONVENTIONS
from scaleaudit.linking.endpoints.handed_exports import SCRIPTS, HandedExports
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.resolution import HOLE
from scaleaudit.regex import regex
from scaleaudit.values import Name, Parameter

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.endpoints.inherited_routes import InheritedRoutes
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.linking.resolution import Resolver

JVM = ("java", "kotlin")
OF_FIELD = "field "  # of a type of Go, whose name and field follow
ANONYMOUS = ("", "default", "router", "routes")
MAX_DEPTH = 24
MAX_STEPS = 500
MAX_PREFIXES = 12
CALL = regex(
    r"^(?:require\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.\w+)?|([\w.$]+)\s*\(.*\)|([\w.$]+))$", re.DOTALL
)

Key = tuple[str, str]  # file, name of the router in it


class Mounts:
    """`prefixes(router, ...)`; a router is its file and the name that it has there."""

    def __init__(
        self,
        index: FactsIndex,
        components: Components,
        modules: Modules,
        resolver: Resolver,
        types: InheritedRoutes,
    ) -> None:
        self._index, self._components = index, components
        self._modules, self._resolver, self._types = modules, resolver, types
        self._exports = HandedExports(index, modules)
        # C#: extension methods are called by their name, whichever file holds them.
        self._extensions: dict[str, set[str]] = {}
        for path, served in index.of(EndpointServed):
            if served.router and index.kind(path) == "csharp":
                self._extensions.setdefault(served.router, set()).add(path)
        for path, mount in index.of(RouterMounted):
            if mount.parent and index.kind(path) == "csharp":
                self._extensions.setdefault(mount.parent, set()).add(path)
        self._kotlin_routers: dict[str, set[str]] = {}
        for path, served in index.of(EndpointServed):
            if served.router and index.kind(path) == "kotlin":
                self._kotlin_routers.setdefault(served.router, set()).add(path)
        self._ruby_routers: dict[str, set[str]] = {}
        for path, served in index.of(EndpointServed):
            if served.router and index.kind(path) == "ruby":
                self._ruby_routers.setdefault(served.router, set()).add(path)
        self._rust_routers: dict[str, set[str]] = {}
        for path, name in chain(
            ((path, served.router) for path, served in index.of(EndpointServed)),
            ((path, mount.parent) for path, mount in index.of(RouterMounted)),
        ):
            if name and index.kind(path) == "rust":
                self._rust_routers.setdefault(name, set()).add(path)
        self._known: dict[tuple[Key, str], list[str]] = {}
        self._mounts: dict[Key, list[tuple[str, RouterMounted]]] = {}
        for path, mount in index.of(RouterMounted):
            for file, name in self._children(path, mount):
                self._mounts.setdefault((self._home(file), name), []).append((path, mount))

    def prefixes(self, key: Key, owner: Component | None) -> list[str]:
        """All that stands before the routes of a router, once for each way it is mounted.

        None for a router out of a field whose constructor nobody is seen to call.
        """
        asked = (key, owner.id if owner is not None else "")
        if asked not in self._known:
            self._known[asked] = self._ways_up(key, owner)
        return self._known[asked]

    def _ways_up(self, key: Key, owner: Component | None) -> list[str]:
        found: dict[str, None] = {}
        turning = False
        todo = [(key, "", 0)]
        seen = {(key, "")}
        for _ in range(MAX_STEPS):
            if not todo or len(found) == MAX_PREFIXES:
                break
            (path, router), behind, depth = todo.pop()
            mounts = self._above(path, router)
            if mounts is not None and not mounts:
                # Laravel's own start-up code mounts this file under `api` when nobody else does.
                api = router == "laravel" and path.endswith("routes/api.php")
                found[f"api/{behind}".rstrip("/") if api else behind] = None
            for where, mount in reversed(mounts or []):
                prefix = self._resolver.resolve(mount.prefix, where, owner).text
                if prefix == HOLE and isinstance(mount.prefix, Name | Parameter):
                    continue  # somewhere below the root, nothing tells where
                above = ((where, mount.parent), "/".join(part for part in (prefix, behind) if part))
                if depth == MAX_DEPTH or above in seen:
                    turning = True
                    continue
                seen.add(above)
                todo.append((*above, depth + 1))
        return list(found) or ([""] if turning else [])

    def _above(self, path: str, router: str) -> list[tuple[str, RouterMounted]] | None:
        """What mounts a router: nothing where its routes begin, None where that is not known."""
        home = self._home(path)
        mounts = list(self._mounts.get((home, router), ()))
        if router.startswith(OF_FIELD):
            mounts = self._constructed(home, router.removeprefix(OF_FIELD))
            if not mounts:
                return None
        here = any(where == path and not mount.alias for where, mount in mounts)
        if router and not here:
            mounts += self._mounts.get((home, ""), ())
        return [
            (where, mount)
            for where, mount in mounts
            if not mount.alias or (where, mount.parent) in self._mounts
        ]

    def replaced(self, key: Key) -> bool:
        """Whether all that mount a router replace the prefix that it was made with."""
        mounts = self._mounts.get((self._home(key[0]), key[1]), ())
        return bool(mounts) and all(mount.instead for _, mount in mounts)

    def _constructed(self, home: str, router: str) -> list[tuple[str, RouterMounted]]:
        """Go: the router in the field of a type is what its constructor is given."""
        kind = router.partition(".")[0]
        named = self._mounts.get((home, f"New{kind[:1].upper()}{kind[1:]}"), [])
        return [*(named or self._mounts.get((home, "New"), []))]

    def _home(self, path: str) -> str:
        """What a router is looked for under: the files of a Go package know each other's names."""
        return folder_of(path) if self._index.kind(path) == "go" else path

    def _children(self, path: str, mount: RouterMounted) -> list[Key]:
        """Which routers a mount speaks of: of this file, or of the file that its name leads to."""
        if mount.is_module and self._index.kind(path) == "symfony":
            return self._controllers_below(path, mount.child)
        if mount.is_module:
            if self._index.kind(path) in SCRIPTS:
                target = self._modules.script(path, mount.child)
                return self._exported(target, "") if target else []
            target = (
                self._routes_file(path, mount.child)
                if self._index.kind(path) == "php"
                else self._modules.python_module(path, mount.child)
            )
            return [(target, "")] if target else []
        if mount.given:
            return self._given(path, mount)
        if self._index.kind(path) == "csharp":
            return self._extended(path, mount.child)
        if self._index.kind(path) == "rust":
            return [self._rust_function(path, mount.child)]
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
            # a Ruby constant is imported by its whole name
            return [names.get(name) or self._ruby_class(path, name)]
        target, there = imported
        wanted = rest or there
        if self._index.kind(path) in JVM:
            return [(target, wanted or first)]
        return self._exported(target, wanted)

    def _exported(self, target: str, wanted: str) -> list[Key]:
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
        """The parameter of a script's function that a router is handed as."""
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

    def _rust_function(self, path: str, name: str) -> Key:
        """A function of this file, else the nearest of that name, in the module that is named."""
        if path in self._rust_routers.get(name, ()):
            return path, name
        module, _, last = name.rpartition(".")
        found = sorted(self._rust_routers.get(last, ()))
        inside = [each for each in found if module.rpartition(".")[2] in module_names(each)]
        return max(inside or found, key=lambda each: shared_folders(each, path), default=path), last

    def _ruby_class(self, path: str, name: str) -> Key:
        """The nearest class of that name with routes, whatever its file is called."""
        found = sorted(self._ruby_routers.get(name, ()))
        return max(found, key=lambda each: shared_folders(each, path), default=path), name

    def _extended(self, path: str, method: str) -> list[Key]:
        """The files of the same application that map routes in an extension method of that name."""
        if method in CONVENTIONS:
            return []  # these name the parts of an address, and stand before none
        found = sorted(self._extensions.get(method, ()))
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
        """The routes of a Kotlin function: of this file, else of the one file that has it."""
        if self._index.kind(path) != "kotlin":
            return [(path, name)]
        files = self._kotlin_routers.get(name, set())
        return [(path if path in files or len(files) != 1 else next(iter(files)), name)]

    def _routes_file(self, path: str, child: str) -> str | None:
        """`routes/api.php` seen from a provider anywhere in the same application."""
        folder = folder_of(path)
        if f"{folder}/{child}" in self._index.files:
            return f"{folder}/{child}"
        while folder:
            folder = folder_of(folder)
            candidate = f"{folder}/{child}".lstrip("/")
            if candidate in self._index.files:
                return candidate
        return None


def module_names(path: str) -> tuple[str, str]:
    """What a file of Rust is called as a module: by itself, and by its folder."""
    return path.rpartition("/")[2].removesuffix(".rs"), folder_of(path).rpartition("/")[2]
