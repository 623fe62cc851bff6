"""What a key is set to, as a component sees it: by its deployment, settings files, its command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import DEV_PROXY, SettingDefined
from scaleaudit.findings import Evidence, Step
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.resolution.profiles import (
    OWN_KEY,
    UNUSED,
    active_profiles,
    profile_in,
    profile_rank,
    usual_profiles,
)
from scaleaudit.linking.resolution.returned_arrays import returned_settings
from scaleaudit.linking.resolution.settings_by_name import on_command, prefixed
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.source import Location
    from scaleaudit.values import Value

# What only workloads are given, and addresses that go by the name of a program, not by a key.
NO_SETTINGS = {
    "configmap", "secret", "helm-values", "log", "monitoring", "proxy", "tsconfig",
    "graphql-gateway", "devise", DEV_PROXY,
}  # fmt: skip


CONNECTION_STRING = regex(
    r"(?i)^(?:custom|sql|sqlazure|mysql|postgresql|redis(?:cache)?|docdb|eventhub|servicebus|apihub"
    r"|notificationhub)connstr_(.+)$"
)


class SettingValues:
    def __init__(self, index: FactsIndex, components: Components) -> None:
        self._components = components
        self._active: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {}
        self._settings: dict[str, list[tuple[str, SettingDefined]]] = {}
        self._seen: dict[tuple[str, str, str], list[tuple[str, SettingDefined]]] = {}
        for path, setting in (*index.of(SettingDefined), *returned_settings(index)):
            if setting.source in NO_SETTINGS:
                continue
            if index.role(path) is Role.SOURCE:
                self._settings.setdefault(relaxed(setting.key), []).append((path, setting))

    def of(
        self, key: str, path: str, component: Component | None
    ) -> Iterator[tuple[Value, str, Evidence]]:
        """(value, the file it stands in, what says so), the strongest first.

        The environment beats settings files. Flags and names with a prefix are looked at only
        where the environment is silent.
        """
        given = environments(component, key)
        for value, at in given:
            note = Evidence(at, f"{key} is set in the deployment", Step.ENVIRONMENT)
            yield value, at.path, note
        for where, setting in self._in_files(key, path, component):
            note = Evidence(setting.at.in_file(where), f"{key} is set here", Step.SETTING)
            yield setting.value, where, note
        if given or component is None:
            return
        flag = on_command(key, component)
        if flag is not None:
            text, at = flag
            note = Evidence(at, f"the command gives {key}", Step.ENVIRONMENT)
            yield Literal(text), at.path, note
        named = prefixed(key, component)
        if named is not None:
            name, value, at = named
            yield value, at.path, Evidence(at, f"{name} is set in the deployment", Step.ENVIRONMENT)

    def in_file_called(self, name: str, key: str) -> bool:
        """Whether a file of that name, whatever its format, sets the key."""
        return any(
            where.rpartition("/")[2].partition(".")[0] == name
            for where, _ in self._settings.get(relaxed(key), ())
        )

    def is_of_others(self, key: str, path: str, component: Component) -> bool:
        """Only files of profiles set it that are not among those which something switches on."""
        told = any(self._profiles(component)) and not environments(component, key)
        found = self._in_files(key, path, component) if told else []
        return bool(found) and all(self.rank(*each, component)[0] >= UNUSED for each in found)

    def rank(
        self, path: str, setting: SettingDefined, component: Component | None
    ) -> tuple[int, bool]:
        """Which setting of a key counts: that of the deployed profile, a handed-out one first."""
        active, usual = self._profiles(component) if component is not None else ((), ())
        profile = self._components.profile_of(path)
        return (
            profile_rank(path, setting, profile, active, usual),
            not self._components.is_served(path),
        )

    def _profiles(
        self, component: Component
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
        """What its deployments switch on, and what its own files do where those say nothing."""
        known = self._active.get(component.id)
        if known is None:
            own = [
                (path, setting)
                for path, setting in self._settings.get(OWN_KEY, ())
                if component in self._components.configured_by(path)
            ]
            usual = usual_profiles(own)
            if own and not usual:
                usual = self._only_profile(component)
            known = self._active[component.id] = active_profiles(component), usual
        return known

    def _only_profile(self, component: Component) -> tuple[str, ...]:
        """The one that a component has files for: the build fills in `@profile@`."""
        found = {
            profile_in(path)
            for path in {path for told in self._settings.values() for path, _ in told}
            if component in self._components.configured_by(path)
        } - {""}
        return tuple(found) if len(found) == 1 else ()

    def _in_files(
        self, key: str, path: str, component: Component | None
    ) -> list[tuple[str, SettingDefined]]:
        """Settings files of the same application, those of the deployed profile first."""
        found = self._settings.get(relaxed(key), [])
        if not found:
            return []
        asked = key, path, component.id if component is not None else ""
        known = self._seen.get(asked)
        if known is None:
            known = self._seen[asked] = self._of_application(found, path, component)
        return known

    def _of_application(
        self, found: list[tuple[str, SettingDefined]], path: str, component: Component | None
    ) -> list[tuple[str, SettingDefined]]:
        root = component.root if component is not None else None
        near = [
            (where, setting)
            for where, setting in found
            if component in self._components.configured_by(where)
            or (
                (
                    (root is not None and is_below(where, root))
                    or folder_of(where) == folder_of(path)
                )
                and not self._components.is_served(where)
            )
        ]
        if not near:
            near = [
                (w, s)
                for w, s in found
                if (
                    is_below(path, folder_of(w))
                    or s.source == "dapr"
                    or self._for_all(w, s, component)
                    or self._brought_along(w, s, component)
                )
                and not self._components.is_served(w)
            ]
        return sorted(near, key=lambda pair: (self.rank(pair[0], pair[1], component), pair[0]))

    def _brought_along(
        self, path: str, setting: SettingDefined, component: Component | None
    ) -> bool:
        """A file among the resources of a library that the component is built with, which its own
        file includes by its name."""
        return setting.source == "hocon" and any(
            component in group for group in self._components.containing(path)
        )

    def _for_all(self, path: str, setting: SettingDefined, component: Component | None) -> bool:
        """A dotenv file that lies in no other application's folder."""
        if setting.source != "dotenv":
            return False
        owners = self._components.owning(path)
        return (
            not owners
            or component is None
            or any(c.application == component.application for c in owners)
        )


def connection_string(name: str) -> str | None:
    """The key of a variable of .NET: `SQLCONNSTR_Shop` stands for `ConnectionStrings:Shop`."""
    found = CONNECTION_STRING.match(name)
    return relaxed(f"ConnectionStrings{found[1]}") if found is not None else None


def environment(component: Component | None, key: str) -> tuple[Value, Location] | None:
    """What the deployment gives the component for a setting, in the first way to deploy it."""
    return next(iter(environments(component, key)), None)


def environments(component: Component | None, key: str) -> list[tuple[Value, Location]]:
    """What the deployment gives the component for a setting, `a.b` also as `A_B`.

    One for each way to deploy it, in their order.
    """
    if component is None:
        return []
    wanted = relaxed(key)
    found: list[tuple[Value, Location]] = []
    for workload in component.workloads:
        entry = workload.environment.get(key)
        if entry is None:
            for name, candidate in workload.environment.items():
                if wanted in (relaxed(name), connection_string(name)):
                    entry = candidate
                    break
        if entry is not None and entry[0] is not None:
            found.append((entry[0], entry[1]))
    return found
