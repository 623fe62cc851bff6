"""Full paths of endpoints: prefixes of routers, mounts and context paths put in front."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import Endpoint
from scaleaudit.facts import EndpointServed, RouterMounted, SettingDefined
from scaleaudit.linking.connections.state import main_process
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.remote_endpoints import RemoteEndpoints
from scaleaudit.linking.workloads import value_text
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.component import Component
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.modules import Modules
    from scaleaudit.linking.reachability import Reachability
    from scaleaudit.linking.resolution import Resolved, Resolver

SCRIPTS = ("javascript", "typescript", "tsx")
OPERATIONS = ("QUERY", "MUTATION", "SUBSCRIPTION")  # of GraphQL: their paths are names
MAX_DEPTH = 8
MAX_PREFIXES = 12
MAX_PATHS = 4  # of one route, whose path may be one of several
CONTEXT_KEYS = ("server.servlet.context-path", "server.context-path", "spring.webflux.base-path",
                "quarkus.http.root-path", "micronaut.server.context-path")  # fmt: skip
PARAMETER = regex(
    r"<(?:\w+:)?(\w+)>|(?<=/):(\w+)(?:\([^)]*\))?\??|\{(\w+)[:?][^}]*\}|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)"
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
        self._reachability = reachability
        self._mounts: dict[Key, list[tuple[str, RouterMounted]]] = {}
        for path, mount in index.of(RouterMounted):
            for key in self._children(path, mount):
                self._mounts.setdefault(key, []).append((path, mount))
        self._context = self._context_paths()
        self._remote = RemoteEndpoints(index, components, resolver, reachability)

    def all(self) -> Iterator[Endpoint]:
        """Every endpoint of first-party source, once for each prefix it is mounted under.

        Remote services are their methods, GraphQL schemas their operations.
        """
        seen: set[tuple[str, str, str]] = set()
        for path, served in self._index.of(EndpointServed):
            if self._index.role(path) is not Role.SOURCE:
                continue
            for owners in self._owners(path):
                for endpoint in self._endpoints(path, served, main_process(owners)):
                    key = (endpoint.component, endpoint.method, endpoint.path)
                    if key not in seen:
                        seen.add(key)
                        yield endpoint
        for endpoint in self._remote.operations():
            key = (endpoint.component, endpoint.method, endpoint.path)
            if key not in seen:
                seen.add(key)
                yield endpoint

    def _owners(self, path: str) -> list[list[Component]]:
        """Go programs serve what they import; frameworks find the routes of a library themselves."""
        if self._index.kind(path) == "go":
            return self._reachability.owners(path) or [[]]
        return self._components.containing(path)

    def _endpoints(
        self, path: str, served: EndpointServed, owner: Component | None
    ) -> Iterator[Endpoint]:
        if self._remote.is_service(served):
            return self._remote.methods(path, served, owner)
        return self._served(path, served, owner)

    def _served(
        self, path: str, served: EndpointServed, owner: Component | None
    ) -> Iterator[Endpoint]:
        ways = self._resolver.ways(served.path, path, owner, to_the_end=True)
        for found in ways[:MAX_PATHS]:
            yield from self._at(path, served, owner, found)

    def _at(
        self, path: str, served: EndpointServed, owner: Component | None, found: Resolved
    ) -> Iterator[Endpoint]:
        own = found.text
        if own.startswith("{}/") and found.configured and not found.hidden:
            own = own[2:]  # a prefix out of the environment, where nothing sets it: none
        if own == "/" and self._index.kind(path) in SCRIPTS:
            own = ""  # a mounted router's own address, which its frameworks take for the same
        for prefix in self._prefixes((path, served.router), 0, owner):
            full = normal("/".join(p for p in (self._base(owner), prefix, own) if p))
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
                handler=served.handler,
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
        if mount.is_module:
            target = (
                self._routes_file(path, mount.child)
                if self._index.kind(path) == "php"
                else self._modules.python_module(path, mount.child)
                or self._modules.script(path, mount.child)
            )
            return [(target, "")] if target else []
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
            # a Ruby constant is imported by its whole name
            return [names.get(name, (path, name))]
        target, there = imported
        wanted = rest or there
        # A default export, or `module.exports = router`: any router of that file.
        script = self._index.kind(target) in SCRIPTS
        # So is a class: its routes hang on `this`.
        anonymous = not wanted or wanted in ("default", "router", "routes") or wanted[0].isupper()
        if script and anonymous:
            return [(target, "")]
        return [(target, wanted)]

    def _routes_file(self, path: str, child: str) -> str | None:
        """`routes/api.php` seen from a provider anywhere in the same application."""
        folder = folder_of(path)
        while folder:
            folder = folder_of(folder)
            candidate = f"{folder}/{child}".lstrip("/")
            if candidate in self._index.files:
                return candidate
        return None

    def _base(self, owner: Component | None) -> str:
        return self._context.get(owner.root or "", "") if owner is not None else ""

    def _context_paths(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path, setting in self._index.of(SettingDefined):
            if setting.source != "spring" or setting.key not in CONTEXT_KEYS or setting.group:
                continue
            for component in self._components.configured_by(path):
                if component.root is not None:
                    found.setdefault(component.root, value_text(setting.value))
        return found


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
