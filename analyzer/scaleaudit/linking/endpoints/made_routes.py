"""Routes that a framework makes by itself: of a service's methods (Feathers), of a type of content
(Strapi)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FEATHERS, STRAPI, SettingDefined
from scaleaudit.linking.facts_index import is_below
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.facts import EndpointServed
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.endpoints.handler_classes import HandlerClasses
    from scaleaudit.linking.facts_index import FactsIndex

MADE = (FEATHERS, STRAPI)
LIBRARIES = frozenset({"@feathersjs/feathers", "feathers"})
ONE = "/{id}"
OF_SERVICE = {
    "find": ("GET", ""),
    "get": ("GET", ONE),
    "create": ("POST", ""),
    "update": ("PUT", ONE),
    "patch": ("PATCH", ONE),
    "remove": ("DELETE", ONE),
}
OF_TYPE = {
    "find": ("GET", ""),
    "findOne": ("GET", ONE),
    "create": ("POST", ""),
    "update": ("PUT", ONE),
    "delete": ("DELETE", ONE),
}
OF_SINGLE = {each: (OF_TYPE[each][0], "") for each in ("find", "update", "delete")}
SINGLE = "singleType"
API = "/api"  # in front of Strapi's paths, unless the settings say otherwise


class MadeRoutes:
    """`of(...)`: the methods and paths that stand for one such route."""

    def __init__(self, index: FactsIndex, components: Components, classes: HandlerClasses) -> None:
        self._components, self._classes = components, classes
        self._types = [
            (path, each) for path, each in index.of(SettingDefined) if each.source == STRAPI
        ]

    def of(
        self, path: str, served: EndpointServed, owner: Component | None, full: str
    ) -> list[tuple[str, str]]:
        if served.router == STRAPI:
            return self._of_type(served, owner)
        if owner is None or LIBRARIES.isdisjoint(self._components.dependencies_of(owner)):
            return []
        names = self._classes.named(path, served.handler)
        if names is None:
            return [("*", full), ("*", f"{full}{ONE}")]
        return [(OF_SERVICE[n][0], f"{full}{OF_SERVICE[n][1]}") for n in OF_SERVICE if n in names]

    def _of_type(self, served: EndpointServed, owner: Component | None) -> list[tuple[str, str]]:
        uid = literal_text(served.path) or ""
        name, action = uid.rpartition(".")[2], served.handler.rpartition(".")[2]
        root = (owner.root if owner is not None else None) or ""
        for where, each in self._types:
            if each.key == name and is_below(where, root):
                routes = OF_SINGLE if each.group == SINGLE else OF_TYPE
                if action not in routes:
                    return []
                method, end = routes[action]
                return [(method, f"{API}/{literal_text(each.value)}{end}")]
        return []
