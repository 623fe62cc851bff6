"""Addresses of ASP.NET actions whose parts stand in other files.

A controller may inherit the template of its routes from a base class; actions without attributes
are found through the conventional routes of the start-up code; a Razor page is where its file is;
routes of an extension method stand below the group that it is called on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, EndpointServed, RouterMounted
from scaleaudit.linking.facts_index import is_below
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Name, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value

ROUTE_OF_CLASS = ".[Route]"
CONVENTIONS = ("mvc", "webapi")
PLACE = regex(r"\{\*{0,2}(\w+)[^{}]*\}")
MAX_BASES = 8
MAX_TEMPLATES = 20


class AspNetRoutes:
    """`path(...)`: the address of an action, None when nothing routes to it."""

    def __init__(self, index: FactsIndex) -> None:
        self._classes: dict[str, list[tuple[str, Value]]] = {}
        for path, constant in index.of(ConstantDefined):
            if constant.name.endswith(ROUTE_OF_CLASS):
                name = constant.name.removesuffix(ROUTE_OF_CLASS)
                self._classes.setdefault(name, []).append((path, constant.value))
        self._templates: dict[str, list[tuple[str, str]]] = {kind: [] for kind in CONVENTIONS}
        for path, mount in index.of(RouterMounted):
            template = literal_text(mount.prefix)
            if mount.child in CONVENTIONS and template and index.kind(path) == "csharp":
                self._templates[mount.child].append((path, template))

    def path(
        self, own: str, file: str, served: EndpointServed, owner: Component | None
    ) -> str | None:
        if served.router == "razor":
            return page_of(file)
        if served.router in CONVENTIONS:
            return self._by_convention(served, owner)
        if served.router.startswith("controller "):
            name = served.router.removeprefix("controller ")
            prefix = self._inherited(name, owner)
            prefix = prefix.replace("[controller]", name.removesuffix("Controller"))
            action = served.handler.rpartition(".")[2].removesuffix("Async")
            prefix = PLACE.sub(r"{\1}", prefix.replace("[action]", action))
            return "/".join(part for part in (prefix, own) if part) or None
        return own

    def _inherited(self, name: str, owner: Component | None) -> str:
        """The template of the nearest base class that has one."""
        root = owner.root if owner is not None else None
        for _ in range(MAX_BASES):
            found = self._classes.get(name, [])
            near = [v for path, v in found if root is not None and is_below(path, root)]
            values = near or [value for _, value in found]
            if not values or any(value != values[0] for value in values):
                return ""
            if isinstance(values[0], Literal):
                return values[0].text
            if not isinstance(values[0], Name):
                return ""
            name = values[0].name.removesuffix(ROUTE_OF_CLASS)
        return ""

    def _by_convention(self, served: EndpointServed, owner: Component | None) -> str | None:
        root = owner.root if owner is not None else None
        area, _, rest = (literal_text(served.path) or "").rpartition("//")
        controller, action, *identity = rest.split("/")
        for path, template in self._templates[served.router][:MAX_TEMPLATES]:
            if root is not None and not is_below(path, root):
                continue
            filled = _filled(template, area, controller, action, identity)
            if filled is not None:
                return filled
        return None


def _filled(
    template: str, area: str, controller: str, action: str, identity: list[str]
) -> str | None:
    """A template with the names of an action; None when it is for other actions."""
    parts: list[str] = []
    has_area = False
    for segment in template.strip("/").split("/"):
        match = PLACE.fullmatch(segment)
        if match is None:
            if segment.lower() == area.lower() and area:
                has_area = True
            parts.append(segment)
        elif match[1] == "area":
            has_area = True
            parts.append(area)
        elif match[1] == "controller":
            parts.append(controller)
        elif match[1] == "action":
            parts.append(action)
        elif f"{{{match[1]}}}" in identity:
            parts.append(f"{{{match[1]}}}")
    return "/".join(parts) if has_area is bool(area) else None


def page_of(file: str) -> str | None:
    """`Areas/Shop/Pages/Orders/Edit.cshtml.cs` -> `/Shop/Orders/Edit`."""
    match = re.search(r"(?:^|/)(?:Areas/([^/]+)/)?Pages/(.+?)\.cshtml\.cs$", file)
    if match is None:
        return None
    page = re.sub(r"(^|/)Index$", "", match[2])
    return "/" + "/".join(part for part in (match[1] or "", page) if part)
