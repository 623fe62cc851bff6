"""Full paths of endpoints: prefixes of routers, mounts and context paths put in front."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import Endpoint
from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.linking.components.roles import process_for
from scaleaudit.linking.endpoints.aspnet_routes import CONVENTIONS, AspNetRoutes
from scaleaudit.linking.endpoints.context_paths import ContextPaths
from scaleaudit.linking.endpoints.data_rest import exposed_repositories
from scaleaudit.linking.endpoints.inherited_routes import InheritedRoutes, Place
from scaleaudit.linking.endpoints.nest_prefixes import NEST, NestPrefixes
from scaleaudit.linking.endpoints.remote_endpoints import RemoteEndpoints
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.resolution import HOLE
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import OneOf, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.linking.imports.reachability import Reachability
    from scaleaudit.linking.resolution import Resolved, Resolver

SCRIPTS = ("javascript", "typescript", "tsx")
JVM = ("java", "kotlin")
OPERATIONS = ("QUERY", "MUTATION", "SUBSCRIPTION")  # of GraphQL: their paths are names
MAX_DEPTH = 8
MAX_PREFIXES = 12
MAX_PATHS = 64  # of one route, whose path may be one of several
PARAMETER = regex(
    r"<(?:\w+:)?(\w+)>|(?<=/):(\w+)(?:\([^)]*\))?\??|\{(\w+)\s?[:?](?:[^{}]|\{[^{}]*\})*\}|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)"
)
CALL = regex(
    r"^(?:require\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.\w+)?|([\w.$]+)\s*\(.*\)|([\w.$]+))$", re.DOTALL
)

Key = tuple[str, str]  # file, name of the router in it


class Endpoints:
    def __init__(
        self,
        index: FactsIndex,
        components: Components,
        modules: Modules,
        resolver: Resolver,
        reachability: Reachability,
    ) -> None:
        self._index, self._components = index, components
        self._modules, self._resolver = modules, resolver
        self._context = ContextPaths(index, components, resolver)
        self._types = InheritedRoutes(index, modules)
        self._aspnet = AspNetRoutes(index)
        # C#: extension methods are called by their name, whichever file holds them.
        self._extensions: dict[str, set[str]] = {}
        for path, served in index.of(EndpointServed):
            if served.router and index.kind(path) == "csharp":
                self._extensions.setdefault(served.router, set()).add(path)
        for path, mount in index.of(RouterMounted):
            if mount.parent and index.kind(path) == "csharp":
                self._extensions.setdefault(mount.parent, set()).add(path)
        self._reachability = reachability
        self._kotlin_routers: dict[str, set[str]] = {}
        for path, served in index.of(EndpointServed):
            if served.router and index.kind(path) == "kotlin":
                self._kotlin_routers.setdefault(served.router, set()).add(path)
        self._mounts: dict[Key, list[tuple[str, RouterMounted]]] = {}
        for path, mount in index.of(RouterMounted):
            for key in self._children(path, mount):
                self._mounts.setdefault(key, []).append((path, mount))
        self._nest = NestPrefixes(index, resolver)
        self._remote = RemoteEndpoints(index, components, resolver, reachability)

    def all(self) -> Iterator[Endpoint]:
        """Every endpoint of first-party source, once for each prefix it is mounted under.

        Remote services are their methods, GraphQL schemas their operations.
        """
        seen: set[tuple[str, str, str]] = set()
        for path, served, place in self._places():
            for owners in self._owners(place.path):
                for endpoint in self._endpoints(
                    path, served, place, process_for(owners, served.protocol)
                ):
                    key = (endpoint.component, endpoint.method, endpoint.path)
                    if key not in seen:
                        seen.add(key)
                        yield endpoint
        for endpoint in self._remote.operations():
            key = (endpoint.component, endpoint.method, endpoint.path)
            if key not in seen:
                seen.add(key)
                yield endpoint

    def _places(self) -> Iterator[tuple[str, EndpointServed, Place]]:
        for path, served in self._index.of(EndpointServed):
            if self._index.role(path) is Role.SOURCE:
                for place in self._types.places(path, served):
                    yield path, served, place
        for path, served in exposed_repositories(self._types, self._components):
            yield path, served, Place(path, served.handler)

    def _owners(self, path: str) -> list[list[Component]]:
        """Go programs serve what they import; frameworks find the routes of a library themselves."""
        if self._index.kind(path) == "go":
            return self._reachability.owners(path) or [[]]
        return self._components.containing(path)

    def _endpoints(
        self, path: str, served: EndpointServed, place: Place, owner: Component | None
    ) -> Iterator[Endpoint]:
        if self._remote.is_service(served):
            return self._remote.methods(path, served, owner)
        return self._served(path, served, place, owner)

    def _served(
        self, path: str, served: EndpointServed, place: Place, owner: Component | None
    ) -> Iterator[Endpoint]:
        inherited = place.prefix is not None and served.own is not None
        written = served.own if inherited and served.own is not None else served.path
        ways = self._resolver.ways(written, path, owner, to_the_end=True)
        for found in ways[:MAX_PATHS]:
            if found.text == HOLE and isinstance(written, Parameter | OneOf):
                continue  # a helper that registers routes for others
            yield from self._at(path, served, place, owner, found)

    def _at(
        self,
        path: str,
        served: EndpointServed,
        place: Place,
        owner: Component | None,
        found: Resolved,
    ) -> Iterator[Endpoint]:
        inherited = place.prefix is not None and served.own is not None
        own = found.text
        if place.prefix is not None and inherited:
            above = self._resolver.resolve(place.prefix, place.prefix_path, owner).text
            own = f"{above.rstrip('/')}/{own.lstrip('/')}" if own else above
        if own.startswith("{}/") and found.configured and not found.hidden:
            own = own[2:]  # a prefix out of the environment, where nothing sets it: none
        if own == "/" and self._index.kind(path) in SCRIPTS:
            own = ""  # a mounted router's own address, which its frameworks take for the same
        if self._index.kind(path) == "csharp":
            by_class = self._aspnet.path(own, path, served, owner)
            if by_class is None:
                return
            own = by_class
        base = self._context.of(owner, place.framework or served.framework)
        if served.router == NEST:
            base = self._nest.of(path)
        for prefix in self._prefixes((path, served.router), 0, owner):
            full = normal("/".join(part for part in (base, prefix, own) if part))
            if served.router == "next":
                by_file = file_route(path)
                if by_file is None:
                    continue
                full = normal(by_file)
            yield Endpoint(
                component=owner.id if owner else "",
                method=served.method,
                path=full if served.method not in OPERATIONS else own,
                at=served.at.in_file(path),
                handler=place.handler,
                protocol=served.protocol,
            )

    def _prefixes(self, key: Key, depth: int, owner: Component | None) -> list[str]:
        path, router = key
        mounts = list(self._mounts.get(key, ()))
        if router:
            mounts += self._mounts.get((path, ""), ())
        if not mounts or depth > MAX_DEPTH:
            # Laravel's own start-up code mounts this file under `api` when nobody else does.
            api = router == "laravel" and path.endswith("routes/api.php") and not mounts
            return ["api" if api else ""]
        found: list[str] = []
        for where, mount in mounts:
            prefix = self._resolver.resolve(mount.prefix, where, owner).text
            for above in self._prefixes((where, mount.parent), depth + 1, owner):
                found.append("/".join(part for part in (above, prefix) if part))
        return list(dict.fromkeys(found))[:MAX_PREFIXES]

    def _children(self, path: str, mount: RouterMounted) -> list[Key]:
        """Which routers a mount speaks of: of this file, or of the file that its name leads to."""
        if mount.is_module and self._index.kind(path) == "symfony":
            return self._controllers_below(path, mount.child)
        if mount.is_module:
            target = (
                self._routes_file(path, mount.child)
                if self._index.kind(path) == "php"
                else self._modules.python_module(path, mount.child)
                or self._modules.script(path, mount.child)
            )
            return [(target, "")] if target else []
        if self._index.kind(path) == "csharp":
            return self._extended(path, mount.child)
        call = CALL.match(mount.child.strip())
        if call is None:
            return []
        if call[1]:
            target = self._modules.script(path, call[1])
            return [(target, "")] if target else []
        name = call[2] or call[3]
        first, _, rest = name.partition(".")
        names = self._modules.names.get(path, {})
        imported = names.get(first)
        if imported is None:
            if self._index.kind(path) in JVM:
                found = self._types.find(path, name)
                return [found] if found is not None else self._functions(path, name)
            # a Ruby constant is imported by its whole name
            return [names.get(name, (path, name))]
        target, there = imported
        wanted = rest or there
        if self._index.kind(path) in JVM:
            return [(target, wanted or first)]
        # A default export, or `module.exports = router`: any router of that file.
        script = self._index.kind(target) in SCRIPTS
        # So is a class: its routes hang on `this`.
        anonymous = not wanted or wanted in ("default", "router", "routes") or wanted[0].isupper()
        if script and anonymous:
            return [(target, "")]
        return [(target, wanted)]

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
        """The PHP files with routes in a folder that a file of routes names."""
        folder = resolve_path(folder_of(path), child)
        if not folder:
            return []
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
        while folder:
            folder = folder_of(folder)
            candidate = f"{folder}/{child}".lstrip("/")
            if candidate in self._index.files:
                return candidate
        return None


def normal(path: str) -> str:
    """One slash between parts, one at the start, parameters as `{name}`, no pattern signs."""
    path = re.sub(r"[\^$]", "", path)
    path = PARAMETER.sub(lambda m: "{" + next(g for g in m.groups() if g) + "}", path)
    path = re.sub(r"/{2,}", "/", f"/{path}")
    return path if path == "/" or not path.endswith("//") else path.rstrip("/")


def file_route(file: str) -> str | None:
    """`app/api/users/[id]/route.ts` -> `/api/users/{id}`; None where no framework looks.

    Next.js: `route` files below `app`, and files below `pages/api`. SvelteKit: `+server` files
    below `routes`. Medusa and its like: `route` files below `src/api`, which is not in the path.
    Functions of hosting services: files below a folder `api` at the root of a project.
    """
    *folders, name = file.split("/")
    stem = name.rpartition(".")[0]
    if stem == "route" and "app" in folders:
        parts = folders[last_project(folders, "app") + 1 :]
    elif stem == "route" and "api" in folders:
        parts = folders[folders.index("api") + 1 :]
    elif stem == "+server" and "routes" in folders:
        parts = folders[folders.index("routes") + 1 :]
    elif "pages" in folders and "api" in folders[folders.index("pages") :]:
        parts = [*folders[folders.index("pages") + 1 :], *([] if stem == "index" else [stem])]
    elif folders[:1] == ["api"]:
        parts = [*folders, *([] if stem == "index" else [stem])]
    else:
        return None
    kept = [part for part in parts if not part.startswith(("(", "@"))]
    return "/" + re.sub(r"\[{1,2}(?:\.\.\.)?([\w-]+)\]{1,2}", r"{\1}", "/".join(kept))


def last_project(folders: list[str], name: str) -> int:
    """Where a folder of that name begins the routes: not as the name of a package itself."""
    first = folders.index(name)
    inside = folders[first + 1 :]
    nested = inside.index(name) if name in inside[:2] and inside[0] in (name, "src") else -1
    return first + 1 + nested if nested >= 0 else first
