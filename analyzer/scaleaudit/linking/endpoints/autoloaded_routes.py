"""What `@fastify/autoload` puts in front of routes: the folders below `routes`, as fastify-cli lays
them out. `routes/orders/index.js` serves `/orders`, and `_id` stands for a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component

FASTIFY = "fastify"
LIBRARIES = frozenset({"@fastify/autoload", "fastify-autoload"})
ROUTES = "routes"


class AutoloadedRoutes:
    def __init__(self, components: Components) -> None:
        self._components = components
        self._loads: dict[str, bool] = {}  # by component

    def prefix(self, path: str, owner: Component | None) -> str:
        """Empty for a file of no such folder, and where nothing loads folders of routes."""
        if owner is None or owner.root is None:
            return ""
        if owner.id not in self._loads:
            names = self._components.dependencies_of(owner)
            self._loads[owner.id] = not LIBRARIES.isdisjoint(names)
        if not self._loads[owner.id]:
            return ""
        below = folder_of(path).removeprefix(owner.root).strip("/").split("/")
        if ROUTES not in below:
            return ""
        inner = below[len(below) - below[::-1].index(ROUTES) :]
        return "/".join(f"{{{part[1:]}}}" if part.startswith("_") else part for part in inner)
