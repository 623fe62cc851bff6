"""What settings put in front of all paths of an application, or of those of one framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RouterMounted, SettingDefined, WorkloadDeclared
from scaleaudit.linking.names import relaxed
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.resolution import Resolver

# In front of everything, whatever serves it.
FOR_ALL = ("server.servlet.context-path", "server.context-path", "spring.webflux.base-path",
           "quarkus.http.root-path", "micronaut.server.context-path",
           "dropwizard.server.applicationContextPath", "liberty.contextRoot")  # fmt: skip
# In front of the paths of one framework, after the former.
FOR_ONE = {
    "spring": ("spring.mvc.servlet.path", "server.servlet.path", "server.servlet-path"),
    "jax-rs": ("spring.jersey.application-path", "quarkus.rest.path", "quarkus.resteasy.path",
               "quarkus.resteasy-reactive.path"),
    "data-rest": ("spring.data.rest.base-path",),
}  # fmt: skip
WHOLE_APPLICATION = "jax-rs"  # what `@ApplicationPath` is mounted over
INSTEAD = ("dropwizard.server.rootPath",)  # of what the code mounts it over
HOLE = "{}"


class ContextPaths:
    def __init__(self, index: FactsIndex, components: Components, resolver: Resolver) -> None:
        self._resolver = resolver
        wanted = {relaxed(key) for keys in (FOR_ALL, *FOR_ONE.values(), INSTEAD) for key in keys}
        given = {relaxed(setting.key) for _, setting in index.of(SettingDefined)}
        for _, workload in index.of(WorkloadDeclared):
            given.update(relaxed(entry.name) for entry in workload.environment)
        self._given = wanted & given
        self._found: dict[tuple[str, str], str] = {}
        self._mounted: dict[str, str] = {}
        for path, mount in index.of(RouterMounted):
            if mount.child == WHOLE_APPLICATION:
                for owner in components.owning(path):
                    text = resolver.resolve(mount.prefix, path, owner).text
                    self._mounted.setdefault(owner.root or "", text.removesuffix("*"))

    def of(self, owner: Component | None, framework: str) -> str:
        """The prefix of an application's paths; empty when there is none."""
        if owner is None:
            return ""
        key = (owner.id, framework)
        if key not in self._found:
            parts = [
                self._setting(FOR_ALL, owner),
                self._setting(FOR_ONE.get(framework, ()), owner),
            ]
            if framework == "jax-rs":
                told = self._setting(INSTEAD, owner)
                parts.append(told or self._mounted.get(owner.root or "", ""))
            self._found[key] = "/".join(part for part in parts if part)
        return self._found[key]

    def _setting(self, keys: tuple[str, ...], owner: Component) -> str:
        for key in keys:
            if relaxed(key) not in self._given:
                continue
            found = self._resolver.resolve(Setting(key), f"{owner.root or ''}/".lstrip("/"), owner)
            if found.known and HOLE not in found.text:
                return found.text.removesuffix("*").rstrip("/")
        return ""
