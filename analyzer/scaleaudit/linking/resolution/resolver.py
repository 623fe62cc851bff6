"""Symbolic values to texts: through constants, settings files and the environment of a workload.

Every step of the way is kept, so that an edge can show why it exists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from msgspec import structs

from scaleaudit.findings import Evidence, Step
from scaleaudit.linking.resolution.arguments import Arguments
from scaleaudit.linking.resolution.bound_classes import BoundClasses
from scaleaudit.linking.resolution.choices import Choices
from scaleaudit.linking.resolution.constants import Constants
from scaleaudit.linking.resolution.constructor_arguments import ConstructorArguments
from scaleaudit.linking.resolution.resolved import HOLE, Resolved
from scaleaudit.linking.resolution.setting_values import SettingValues, environments
from scaleaudit.linking.resolution.settings_by_name import in_file, key_of
from scaleaudit.linking.resolution.unresolved import NOT_SET, at_run_time, not_told, without_value
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

MAX_STEPS = 24
MAX_VALUES = 600  # looked at for one text: settings may each name another one many times over
MAX_TEXT = 100_000  # characters
MAX_HEAD = 300  # characters of a text in which its host is looked for
SCHEME = regex(r"(?:[a-z][a-z0-9+.-]*://)?(?:[\w.-]*(?::[^@/]*)?@)?")  # what stands before a host

Choice: TypeAlias = "tuple[Value, str, tuple[Evidence, ...]]"  # a value, its file, the way to it


class Resolver:
    def __init__(self, index: FactsIndex, components: Components, modules: Modules) -> None:
        self._index, self._modules = index, modules
        self.settings = SettingValues(index, components)
        self._constants = Constants(index, components, modules)
        self._bound = BoundClasses(index, components)
        self._wired = ConstructorArguments(index)
        self._choices = Choices()
        self._arguments = Arguments(index, components, modules)
        self._to_the_end = False
        self._values = 0  # looked at for the text that is being put together
        self._host_is_known = False  # of the text that is being put together

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
        # By the text; one that is not known also by its setting, which may tell whose it is.
        found: dict[tuple[str, str], Resolved] = {}
        while True:
            self._host_is_known = False
            self._values = 0
            each = self._resolve(value, path, component, 0, frozenset())
            found.setdefault((each.text, "" if each.known else each.setting), each)
            if not self._choices.another():
                return list(found.values())

    def _resolve(
        self, value: Value, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved:
        self._values += 1
        if steps > MAX_STEPS or self._values > MAX_VALUES:
            return Resolved(HOLE, why_not="too many steps")
        match value:
            case Literal(text=text):
                return self._placeholders(text, path, component, steps, seen)
            case Unknown(hint=hint):
                return Resolved(HOLE, why_not=at_run_time(hint) if hint else "")
            case Join(parts=parts):
                found = self._parts(parts, path, component, steps, seen)
                if sum(len(part.text) for part in found) > MAX_TEXT:
                    return Resolved(HOLE, why_not="the text is too long")
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
        for value, where, note in self.settings.of(key, path, component):
            found = self._resolve(value, where, component, steps + 1, seen)
            if found.known:
                from_default = found.from_default and note.step is Step.SETTING
                trail = (note, *found.trail)
                return Resolved(found.text, trail, from_default, found.why_not, True, setting=key)
        hidden = component is not None and (
            component.has_open_environment or bool(environments(component, key))
        )
        if default is not None:
            found = self._resolve(default, path, component, steps + 1, seen)
            return Resolved(
                found.text, found.trail, True, found.why_not, True, hidden, found.setting or key
            )
        why_not = f"{key} {NOT_SET}"
        return Resolved(HOLE, why_not=why_not, configured=True, hidden=hidden, setting=key)

    # -- names

    def _name(
        self, name: str, path: str, component: Component | None, steps: int, seen: frozenset[str]
    ) -> Resolved:
        if "*" in name:
            entries: list[Choice] = [
                (c.value, where, ()) for where, c in self._constants.entries(name, path)
            ]
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
        found = self._constants.find(name, path, component)
        if found is None and name.startswith("parameter."):
            return self._setting(f"parameters.{name[10:]}", None, path, component, steps, seen)
        bound = self._bound.setting(name, component) if "." in name else None
        if bound is not None:
            place, key = bound
            default = found[1].value if found is not None else None
            return self._resolve(Setting(key, default), place, component, steps + 1, seen)
        if found is None:
            configured = self._configured(name, path, component, steps, seen)
            return configured or Resolved(HOLE, why_not=without_value(name))
        where, constant = found
        text = self._resolve(constant.value, where, component, steps + 1, seen)
        note = Evidence(constant.at.in_file(where), f"{name} is defined here", Step.CONSTANT)
        return structs.replace(text, trail=(note, *text.trail))

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
        of_file = inner and self.settings.in_file_called(section, inner)
        for each in (key, inner) if of_file else (key,):  # `services.url` in `services.yml`
            found = self._setting(each, None, path, component, steps, seen | {f"setting {key}"})
            if found.known:
                return found
            if next(iter(self.settings.of(each, path, component)), None) is not None:
                return found  # a file of settings hands on what only the deployment knows
        return None
