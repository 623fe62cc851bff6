"""Symbolic values to texts: through constants, settings files and the environment of a workload.

Every step of the way is kept, so that an edge can show why it exists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingDefined
from scaleaudit.findings import Evidence, Step
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.unresolved import NOT_SET, at_run_time, without_value
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Join, Literal, Name, Setting, Unknown, Value

if TYPE_CHECKING:
    from scaleaudit.linking.component import Component
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.modules import Modules
    from scaleaudit.source import Location

MAX_STEPS = 24
HOLE = "{}"
SCHEME = regex(r"(?:[a-z][a-z0-9+.-]*://)?(?:[\w.-]*(?::[^@/]*)?@)?")  # what stands before a host
# Which settings files stand for which profile: the plain one first, then what is deployed.
PROFILES = (
    "",
    "docker",
    "container",
    "prod",
    "production",
    "kubernetes",
    "k8s",
    "cloud",
    "default",
)


class Resolved(Record, frozen=True):
    """A text with `{}` for what stayed unknown, and the places that led to it."""

    text: str
    trail: tuple[Evidence, ...] = ()
    from_default: bool = False  # (part of) it is a default that the deployment may override
    why_not: str = ""  # why a part is unknown
    configured: bool = False  # (part of) it comes from a setting
    hidden: bool = False  # the deployment sets it to something that the repository does not tell
    setting: str = ""  # the key of the setting that its host is in, as far as one tells it

    @property
    def known(self) -> bool:
        return bool(self.text) and self.text.replace(HOLE, "").strip(":/ ") != ""


class Resolver:
    def __init__(self, index: FactsIndex, components: Components, modules: Modules) -> None:
        self._components = components
        self._modules = modules
        self._index = index
        self._constants: dict[str, dict[str, list[ConstantDefined]]] = {}
        self._by_last_name: dict[str, list[tuple[str, ConstantDefined]]] = {}
        for path, constant in index.of(ConstantDefined):
            self._constants.setdefault(path, {}).setdefault(constant.name, []).append(constant)
            for name in {constant.name, constant.name.rpartition(".")[2]}:
                self._by_last_name.setdefault(name, []).append((path, constant))
        self._settings: dict[str, list[tuple[str, SettingDefined]]] = {}
        for path, setting in index.of(SettingDefined):
            if setting.source in ("configmap", "secret", "helm-values"):
                continue
            if index.role(path) is Role.SOURCE:
                self._settings.setdefault(relaxed(setting.key), []).append((path, setting))

    def resolve(self, value: Value, path: str, component: Component | None) -> Resolved:
        """The text of a value that stands in the file, as the component sees it."""
        return self._resolve(value, path, component, 0, frozenset())

    def _resolve(
        self, value: Value, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved:
        if steps > MAX_STEPS:
            return Resolved(HOLE, why_not="too many steps")
        match value:
            case Literal(text=text):
                return self._placeholders(text, path, component, steps, seen)
            case Unknown(hint=hint):
                return Resolved(HOLE, why_not=at_run_time(hint) if hint else "")
            case Join(parts=parts):
                found = [self._resolve(part, path, component, steps + 1, seen) for part in parts]
                host = next((part for part in found if not SCHEME.fullmatch(part.text)), None)
                return Resolved(
                    "".join(part.text for part in found),
                    tuple(step for part in found for step in part.trail),
                    any(part.from_default for part in found),
                    next((part.why_not for part in found if part.why_not), ""),
                    any(part.configured for part in found),
                    any(part.hidden for part in found),
                    host.setting if host is not None else "",
                )
            case Setting(key=key, default=default):
                if f"setting {key}" in seen:
                    return Resolved(HOLE, why_not=f"{key} refers to itself")
                return self._setting(
                    key, default, path, component, steps, seen | {f"setting {key}"}
                )
            case Name(name=name):
                if f"{path} {name}" in seen:
                    return Resolved(HOLE, why_not=f"{name} refers to itself")
                return self._name(name, path, component, steps, seen | {f"{path} {name}"})

    def _placeholders(
        self, text: str, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved:
        """`${key:default}` inside a literal, as Spring and dotenv files have it."""
        if "${" not in text:
            return Resolved(text)
        pieces = re.split(r"\$\{([^{}:]+)(?::([^{}]*))?\}", text)
        parts: list[Value] = []
        for at in range(0, len(pieces), 3):
            parts.append(Literal(pieces[at]))
            if at + 1 < len(pieces):
                given = pieces[at + 2]
                default = Literal(given) if given is not None else None
                parts.append(Setting(pieces[at + 1].strip(), default))
        if len(parts) == 1:
            return Resolved(text)
        return self._resolve(Join(tuple(parts)), path, component, steps + 1, seen)

    # -- settings

    def _setting(
        self,
        key: str,
        default: Value | None,
        path: str,
        component: Component | None,
        steps: int,
        seen: frozenset[str],
    ) -> Resolved:
        given = self.environments(component, key)
        for value, at in given:
            found = self._resolve(value, at.path, component, steps + 1, seen)
            if found.known:
                note = Evidence(at, f"{key} is set in the deployment", Step.ENVIRONMENT)
                return Resolved(
                    found.text, (note, *found.trail), False, found.why_not, True, setting=key
                )
        for where, setting in self._candidates(key, path, component):
            found = self._resolve(setting.value, where, component, steps + 1, seen)
            if found.known:
                note = Evidence(setting.at.in_file(where), f"{key} is set here", Step.SETTING)
                trail = (note, *found.trail)
                return Resolved(
                    found.text, trail, found.from_default, found.why_not, True, setting=key
                )
        hidden = bool(given) or (component is not None and component.has_open_environment)
        if default is not None:
            found = self._resolve(default, path, component, steps + 1, seen)
            return Resolved(
                found.text, found.trail, True, found.why_not, True, hidden, found.setting or key
            )
        return Resolved(
            HOLE,
            why_not=f"{key} {NOT_SET}",
            configured=True,
            hidden=hidden,
            setting=key,
        )

    def environment(self, component: Component | None, key: str) -> tuple[Value, Location] | None:
        """What the deployment gives the component for a setting, `a.b` also as `A_B`."""
        return next(iter(self.environments(component, key)), None)

    def environments(self, component: Component | None, key: str) -> list[tuple[Value, Location]]:
        """The same of each way to deploy it, in their order."""
        if component is None:
            return []
        wanted = relaxed(key)
        found: list[tuple[Value, Location]] = []
        for workload in component.workloads:
            entry = workload.environment.get(key)
            if entry is None:
                for name, candidate in workload.environment.items():
                    if relaxed(name) == wanted:
                        entry = candidate
                        break
            if entry is not None and entry[0] is not None:
                found.append((entry[0], entry[1]))
        return found

    def _candidates(
        self, key: str, path: str, component: Component | None
    ) -> list[tuple[str, SettingDefined]]:
        """Settings files of the same application, those of the deployed profile first."""
        found = self._settings.get(relaxed(key), [])
        if not found:
            return []
        root = component.root if component is not None and component.root is not None else None
        near = [
            (where, setting)
            for where, setting in found
            if component in self._components.configured_by(where)
            or (root is not None and is_below(where, root))
            or folder_of(where) == folder_of(path)
        ]
        if not near:
            near = [
                (w, s) for w, s in found if is_below(path, folder_of(w)) or s.source == "dotenv"
            ]
        return sorted(near, key=lambda pair: (profile_rank(pair[0], pair[1]), pair[0]))

    # -- names

    def _name(
        self, name: str, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved:
        found = self._constant(name, path, component)
        if found is None:
            return Resolved(HOLE, why_not=without_value(name))
        where, constant = found
        text = self._resolve(constant.value, where, component, steps + 1, seen)
        note = Evidence(constant.at.in_file(where), f"{name} is defined here", Step.CONSTANT)
        return Resolved(
            text.text,
            (note, *text.trail),
            text.from_default,
            text.why_not,
            text.configured,
            text.hidden,
            text.setting,
        )

    def _constant(
        self, name: str, path: str, component: Component | None
    ) -> tuple[str, ConstantDefined] | None:
        own = self._only(path, name)
        if own is not None:
            return own
        first, _, rest = name.partition(".")
        imported = self._modules.names.get(path, {}).get(first)
        if imported is not None:
            target, there = imported
            wanted = ".".join(part for part in (there, rest) if part)
            found = self._only(target, wanted) or self._only(target, rest)
            if found is not None:
                return found
        return self._somewhere(name, path, component)

    def _only(self, path: str, name: str) -> tuple[str, ConstantDefined] | None:
        found = self._constants.get(path, {}).get(name, [])
        return (path, found[0]) if found and all(f.value == found[0].value for f in found) else None

    def _somewhere(
        self, name: str, path: str, component: Component | None
    ) -> tuple[str, ConstantDefined] | None:
        """By its full or last name in the same application, when only one value has it."""
        last = name.rpartition(".")[2]
        if "." not in name and not last.isupper():
            return None  # a plain local name; another file's is another thing
        root = component.root if component is not None else None
        for wanted in dict.fromkeys((name, ".".join(name.split(".")[-2:]), last)):
            if wanted == last and not (last.isupper() or name.startswith(("settings.", "config."))):
                continue
            near = [
                (where, constant)
                for where, constant in self._by_last_name.get(wanted, ())
                if root is not None
                and is_below(where, root)
                and self._index.role(where) is not Role.TEST
            ]
            if near and len({repr(constant.value) for _, constant in near}) == 1:
                return near[0]
        return None


def relaxed(key: str) -> str:
    """`spring.data.mongodb.uri`, `SPRING_DATA_MONGODB_URI` and `springDataMongodbUri` alike."""
    return re.sub(r"[^a-z0-9]", "", key.lower())


def profile_rank(path: str, setting: SettingDefined) -> int:
    """Lower is nearer to what runs in production."""
    name = path.rpartition("/")[2].lower()
    match = re.match(r"(?:application|bootstrap)[-_]([\w-]+)\.\w+$", name)
    profile = setting.group.lower() or (match[1] if match else "")
    if setting.source == "rails":
        profile = "" if profile == "production" else profile or "zz"
    if "example" in name or "sample" in name or profile == "example":
        return len(PROFILES) + 1
    # A container or production profile overrides the plain file where both are there.
    order = (
        "docker",
        "container",
        "prod",
        "production",
        "kubernetes",
        "k8s",
        "cloud",
        "",
        "default",
    )
    return order.index(profile) if profile in order else len(PROFILES)
