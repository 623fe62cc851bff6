"""Containers by the names that compose gives them: `shop_orders_1`, `shop-orders-1`.

Source: "Specify a project name" and "Networking in Compose", docs.docker.com. The project is called
after a folder of whoever starts it, and may be called anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.components.component import Component

NUMBERED = regex(r"^([a-z0-9][\w-]*)([_-])[1-9]\d?$")


class ProjectContainers:
    """`find(host, ...)`: the component whose service a container's name ends with."""

    def __init__(self, components: Iterable[Component]) -> None:
        self._services: dict[str, dict[str, Component]] = {}
        for component in components:
            for workload in component.workloads:
                if workload.fact.source == "compose":
                    known = self._services.setdefault(workload.fact.name.lower(), {})
                    known[component.id] = component

    def find(self, host: str, near: Component | None) -> Component | None:
        numbered = NUMBERED.match(host)
        if numbered is None:
            return None
        left, between = numbered[1], numbered[2]
        while between in left:  # the longest name first
            project, _, left = left.partition(between)
            found = list(self._services.get(left, {}).values()) if project else []
            if len(found) > 1 and near is not None:
                files = {w.path for w in near.workloads}
                found = [c for c in found if not files.isdisjoint(w.path for w in c.workloads)]
            if found:
                return found[0] if len(found) == 1 else None
        return None
