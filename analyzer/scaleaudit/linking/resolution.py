"""Symbolic values to texts: through constants, settings files and the environment of a workload.

Every step of the way is kept, so that an edge can show why it exists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from msgspec import structs

from scaleaudit.facts import ConstantDefined, SettingDefined
from scaleaudit.findings import Evidence, Step
from scaleaudit.linking.arguments import Arguments
from scaleaudit.linking.choices import Choices
from scaleaudit.linking.constructor_arguments import ConstructorArguments
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import relaxed, tells_whose
from scaleaudit.linking.option_classes import OptionClasses
from scaleaudit.linking.profiles import active_profiles, profile_rank
from scaleaudit.linking.returned_arrays import returned_settings
from scaleaudit.linking.settings_by_name import in_file, key_of, on_command, prefixed
from scaleaudit.linking.unresolved import NOT_SET, at_run_time, not_told, without_value
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from scaleaudit.linking.component import Component
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.modules import Modules
    from scaleaudit.source import Location

MAX_STEPS = 24
MAX_HEAD = 300  # characters of a text in which its host is looked for
MAX_ENTRIES = 24  # of a table of addresses
HOLE = "{}"
# What only workloads are given, and addresses that go by the name of a program, not by a key.
NO_SETTINGS = {
    "configmap", "secret", "helm-values", "log", "monitoring", "proxy", "tsconfig",
    "graphql-gateway",
}  # fmt: skip
SCHEME = regex(r"(?:[a-z][a-z0-9+.-]*://)?(?:[\w.-]*(?::[^@/]*)?@)?")  # what stands before a host


Choice: TypeAlias = "tuple[Value, str, tuple[Evidence, ...]]"  # a value, its file, the way to it


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
        self._choices = Choices()
        self._arguments = Arguments(index, components, modules)
        self._to_the_end = False
        self._host_is_known = False  # of the text that is being put together
        self._options = OptionClasses(index)
        self._wired = ConstructorArguments(index)
        self._constants: dict[str, dict[str, list[ConstantDefined]]] = {}
        self._by_last_name: dict[str, list[tuple[str, ConstantDefined]]] = {}
        for path, constant in index.of(ConstantDefined):
            self._constants.setdefault(path, {}).setdefault(constant.name, []).append(constant)
            for name in {constant.name, constant.name.rpartition(".")[2]}:
                self._by_last_name.setdefault(name, []).append((path, constant))
        self._active: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._settings: dict[str, list[tuple[str, SettingDefined]]] = {}
        for path, setting in (*index.of(SettingDefined), *returned_settings(index)):
            if setting.source in NO_SETTINGS:
                continue
            if index.role(path) is Role.SOURCE:
                self._settings.setdefault(relaxed(setting.key), []).append((path, setting))

    def resolve(self, value: Value, path: str, component: Component | None) -> Resolved:
        """The text of a value that stands in the file, as the component sees it.

        What may be one of several texts is unknown; `ways` tells them all.
        """
        found = self.ways(value, path, component)
        known = [each for each in found if each.known]
        if len(known) > 1:
            return Resolved(HOLE, why_not="it is one of several")
        return (known or found)[0]

    def ways(
        self, value: Value, path: str, component: Component | None, *, to_the_end: bool = False
    ) -> list[Resolved]:
        """Every text that the value may have: one for each caller, entry or branch.

        Of an address the beginning is asked for, up to its host; `to_the_end`: the whole text.
        """
        self._choices.begin()
        self._to_the_end = to_the_end
        found: dict[str, Resolved] = {}
        while True:
            self._host_is_known = False
            each = self._resolve(value, path, component, 0, frozenset())
            found.setdefault(each.text, each)
            if not self._choices.another():
                return list(found.values())

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
                found = self._parts(parts, path, component, steps, seen)
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
            case OneOf(choices=choices):
                return self._one_of([(each, path, ()) for each in choices], component, steps, seen)
            case Parameter():
                return self._parameter(value, path, component, steps, seen)

    def _parts(
        self,
        parts: tuple[Value, ...],
        path: str,
        component: Component | None,
        steps: int,
        seen: frozenset[str],
    ) -> list[Resolved]:
        """The parts of a text. Behind its host nothing is asked that callers would have to tell."""
        before, text = self._host_is_known, ""
        found: list[Resolved] = []
        for part in parts:
            self._host_is_known = not self._to_the_end and (before or not SCHEME.fullmatch(text))
            found.append(self._resolve(part, path, component, steps + 1, seen))
            text = text[:MAX_HEAD] + found[-1].text
        self._host_is_known = before
        return found

    def _one_of(
        self,
        choices: list[Choice],
        component: Component | None,
        steps: int,
        seen: frozenset[str],
    ) -> Resolved:
        """One of several values, each seen from its file; those that stay unknown are left out."""
        if self._host_is_known:
            for value, path, _ in choices:
                found = self._resolve(value, path, component, steps + 1, seen)
                if HOLE not in found.text:
                    return found
            return Resolved(HOLE)
        value, path, way = choices[self._choices.choose(len(choices))]
        found = self._resolve(value, path, component, steps + 1, seen)
        return structs.replace(found, trail=(*way, *found.trail)) if way else found

    def _parameter(
        self,
        asked: Parameter,
        path: str,
        component: Component | None,
        steps: int,
        seen: frozenset[str],
    ) -> Resolved:
        key = f"{path} {asked.function}({asked.name})"
        if key in seen or self._host_is_known or self._to_the_end:
            return Resolved(HOLE)
        given = self._arguments.of(asked, path, component)
        choices: list[Choice] = [
            (value, caller, (Evidence(at, f"{asked.function} is given it here", Step.ARGUMENT),))
            for value, caller, at in given
        ]
        if choices:
            return self._one_of(choices, component, steps, seen | {key})
        if asked.default is not None:
            found = self._resolve(asked.default, path, component, steps + 1, seen | {key})
            return structs.replace(found, from_default=True)
        return Resolved(HOLE, why_not=not_told(asked.function, asked.name))

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
        flag = on_command(key, component) if component is not None and not given else None
        if flag is not None:
            found = self._placeholders(flag[0], flag[1].path, component, steps + 1, seen)
            if found.known:
                note = Evidence(flag[1], f"the command gives {key}", Step.ENVIRONMENT)
                return Resolved(found.text, (note, *found.trail), False, "", True, setting=key)
        named = prefixed(key, component) if component is not None and not given else None
        if named is not None:
            name, value, at = named
            found = self._resolve(value, at.path, component, steps + 1, seen)
            if found.known:
                note = Evidence(at, f"{name} is set in the deployment", Step.ENVIRONMENT)
                trail = (note, *found.trail)
                return Resolved(found.text, trail, False, found.why_not, True, setting=key)
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
                )
                and not self._components.is_served(w)
            ]
        return sorted(near, key=lambda pair: (self.rank(pair[0], pair[1], component), pair[0]))

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

    def rank(
        self, path: str, setting: SettingDefined, component: Component | None
    ) -> tuple[int, bool]:
        """Which setting of a key counts: that of the deployed profile, a handed-out one first."""
        active: tuple[tuple[str, ...], ...] = ()
        if component is not None:
            known = self._active.get(component.id)
            active = active_profiles(component) if known is None else known
            self._active[component.id] = active
        profile = self._components.profile_of(path)
        return (
            profile_rank(path, setting, profile, active),
            not self._components.is_served(path),
        )

    # -- names

    def _name(
        self, name: str, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved:
        if "*" in name:
            entries: list[Choice] = [(c.value, where, ()) for where, c in self._entries(name, path)]
            if entries:
                return self._one_of(entries, component, steps, seen)
        if ".$" in name:
            given = self._wired.value(name, component)
            if given is None:
                return Resolved(HOLE, why_not=f"`{name}` is handed in at run time")
            where, at, value = given
            told = self._resolve(value, where, component, steps + 1, seen)
            note = Evidence(at.in_file(where), f"{name} is given here", Step.CONSTANT)
            return structs.replace(told, trail=(note, *told.trail))
        found = self._constant(name, path, component)
        if found is None and name.startswith("parameter."):
            return self._setting(f"parameters.{name[10:]}", None, path, component, steps, seen)
        bound = self._options.setting(name, component) if "." in name else None
        if bound is not None:
            place, _, key = bound
            default = found[1].value if found is not None else None
            return self._resolve(Setting(key, default), place, component, steps + 1, seen)
        if found is None and (section := self._section(name, component)) is not None:
            where, setting = section
            return self._resolve(setting, where, component, steps + 1, seen)
        if found is None:
            configured = self._configured(name, path, component, steps, seen)
            return configured or Resolved(HOLE, why_not=without_value(name))
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
        called = "()" if first.endswith("()") else ""  # what a function returns
        imported = self._modules.names.get(path, {}).get(first.removesuffix("()"))
        if imported is not None:
            target, there = imported
            wanted = ".".join(part for part in (f"{there}{called}", rest) if part)
            found = self._only(target, wanted) or self._only(target, rest)
            if found is not None:
                return found
        return self._somewhere(name, path, component)

    def _configured(
        self, name: str, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved | None:
        """`config.orders.url` as the entry of a settings file, or of the environment."""
        first, _, rest = name.partition(".")
        imported = self._modules.names.get(path, {}).get(first)
        if imported is not None and rest:
            where, setting = imported[0], in_file(self._index, imported[0], rest)
            if setting is not None:
                found = self._resolve(setting.value, where, component, steps + 1, seen)
                note = Evidence(setting.at.in_file(where), f"{rest} is set here", Step.SETTING)
                return structs.replace(found, trail=(note, *found.trail), configured=True)
        key = key_of(name)
        if not key or f"setting {key}" in seen:
            return None
        section, _, inner = key.partition(".")
        of_file = inner and any(
            where.rpartition("/")[2].partition(".")[0] == section
            for where, _ in self._settings.get(relaxed(inner), ())
        )
        for each in (key, inner) if of_file else (key,):  # `services.url` in `services.yml`
            found = self._setting(each, None, path, component, steps, seen | {f"setting {key}"})
            if found.known:
                return found
        return None

    def _entries(self, name: str, path: str) -> list[tuple[str, ConstantDefined]]:
        """The constants of one file that a name with `*` for a part stands for."""
        first, _, rest = name.partition(".")
        imported = self._modules.names.get(path, {}).get(first)
        places = [(path, name)]
        if imported is not None:
            target, there = imported
            places += [(target, ".".join(part for part in (there, rest) if part)), (target, rest)]
        for where, wanted in places:
            pattern = re.compile(re.escape(wanted).replace(r"\*", r"[^.]+"))
            known = self._constants.get(where, {})
            found = [known[key][0] for key in known if pattern.fullmatch(key)]
            if found:
                return [(where, constant) for constant in found[:MAX_ENTRIES]]
        return []

    def _section(self, name: str, component: Component | None) -> tuple[str, Setting] | None:
        """`Properties.stock.url`, where a class holds the section `stock` of the settings."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 1, -1):
            section = ".".join([*parts[:length], "*"])
            if section not in self._by_last_name:
                continue
            found = self._somewhere(section, section, component)
            if found is not None and isinstance(found[1].value, Setting):
                key = ".".join([found[1].value.key, *parts[length:]])
                return found[0], Setting(key)
        return None

    def _only(self, path: str, name: str) -> tuple[str, ConstantDefined] | None:
        found = self._constants.get(path, {}).get(name, [])
        read = [each for each in found if isinstance(each.value, Setting)]
        for each in (*read[:1], *found[:1]):  # the text beside a setting is its default
            if all(f.value in (each.value, getattr(each.value, "default", None)) for f in found):
                return path, each
        return None

    def _somewhere(
        self, name: str, path: str, component: Component | None
    ) -> tuple[str, ConstantDefined] | None:
        """By its full or last name in the same application, when only one value has it."""
        last = name.rpartition(".")[2]
        if "." not in name and not last.isupper():
            return None  # a plain local name; another file's is another thing
        root = component.root if component is not None else None
        for wanted in dict.fromkeys((name, ".".join(name.split(".")[-2:]), last)):
            if wanted == last and not (
                last.isupper() or name.startswith(("settings.", "config.")) or tells_whose(last)
            ):
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
        return self._in_library(name, component) if name[:1].isupper() and "." in name else None

    def _in_library(
        self, name: str, component: Component | None
    ) -> tuple[str, ConstantDefined] | None:
        """`Paths.BASE` of a library that the component contains, where no import names the file."""
        found = [
            (where, constant)
            for where, constant in self._by_last_name.get(name, ())[:MAX_ENTRIES]
            if self._index.role(where) is not Role.TEST
            and any(component in group for group in self._components.containing(where))
        ]
        return found[0] if len({repr(constant.value) for _, constant in found}) == 1 else None
