"""Where routers are mounted: what stands in front of their routes, across files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import CLASS_ROUTER, FIELD_ROUTER, RouterMounted
from scaleaudit.linking.endpoints.mounted_routers import Key, MountedRouters
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.resolution import HOLE
from scaleaudit.values import Name, Parameter

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.endpoints.inherited_routes import InheritedRoutes
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.linking.resolution import Resolver

OF_ANOTHER = (FIELD_ROUTER, CLASS_ROUTER)
MAX_DEPTH = 24
MAX_STEPS = 2_000  # routers and mounts of them that are looked at for one
MAX_MOUNTS = 200  # of one router
MAX_PREFIXES = 12


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
        self._index = index
        self._resolver = resolver
        self._known: dict[tuple[Key, str], list[str]] = {}
        routers = MountedRouters(index, components, modules, types)
        self._mounts: dict[Key, list[tuple[str, RouterMounted]]] = {}
        for path, mount in index.of(RouterMounted):
            for file, name in routers.of(path, mount):
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
        steps = 0
        while todo and len(found) < MAX_PREFIXES and steps < MAX_STEPS:
            (path, router), behind, depth = todo.pop()
            mounts = self._above(path, router)
            steps += 1 + len((mounts or [])[:MAX_MOUNTS])
            if mounts is not None and not mounts:
                # Laravel's own start-up code mounts this file under `api` when nobody else does.
                api = router == "laravel" and path.endswith("routes/api.php")
                found[f"api/{behind}".rstrip("/") if api else behind] = None
            for where, mount in reversed((mounts or [])[:MAX_MOUNTS]):
                prefix = self._resolver.resolve(mount.prefix, where, owner).text
                if prefix == HOLE and isinstance(mount.prefix, Name | Parameter):
                    continue  # somewhere below the root, nothing tells where
                if mount.base is not None and not self.replaced((where, mount.parent)):
                    before = self._resolver.resolve(mount.base, where, owner).text
                    prefix = "/".join(part for part in (before, prefix) if part)
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
        if router.startswith(FIELD_ROUTER):
            mounts = self._constructed(home, router.removeprefix(FIELD_ROUTER))
        if router.startswith(CLASS_ROUTER):
            mounts = list(self._mounts.get((home, router.removeprefix(CLASS_ROUTER)), ()))
        if router.startswith(OF_ANOTHER) and not mounts:
            return None
        here = any(where == path and not mount.alias for where, mount in mounts)
        if router and not here:
            mounts += self._mounts.get((home, ""), ())
        return [
            (where, mount)
            for where, mount in mounts
            if not mount.alias
            or (where, mount.parent) in self._mounts
            or (where, "") in self._mounts
        ]

    def replaced(self, key: Key) -> bool:
        """Whether all that mount a router replace the prefix that it was made with."""
        mounts = self._mounts.get((self._home(key[0]), key[1]), ())
        said = [mount for _, mount in mounts if not mount.alias]
        return bool(said) and all(mount.instead for mount in said)

    def _constructed(self, home: str, router: str) -> list[tuple[str, RouterMounted]]:
        """Go: the router in the field of a type is what its constructor is given."""
        kind = router.partition(".")[0]
        named = self._mounts.get((home, f"New{kind[:1].upper()}{kind[1:]}"), [])
        return [*(named or self._mounts.get((home, "New"), []))]

    def _home(self, path: str) -> str:
        """What a router is looked for under: the files of a Go package know each other's names."""
        return folder_of(path) if self._index.kind(path) == "go" else path
