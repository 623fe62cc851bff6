"""What is handed to a constructor: `Stock.$0.url` by its position, or by its name.

PHP's containers are wired in code or in Symfony's `services.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingDefined
from scaleaudit.linking.facts_index import is_below
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.source import Span
    from scaleaudit.values import Value

PARAMETER = regex(r"^(\w+)\.\$(\d+)\.(\w+)$")
ARGUMENT = regex(r"^(\w+)\.\$(\w+)$")
SERVICE = regex(r"^services\.(?:.*\\)?(\w+)\.arguments(?:\[(\d+)\]|\.\$?(\w+))$")
BOUND = regex(r"^services\._defaults\.bind\.(?:[\w ?\\]+ )?\$(\w+)$")


class ConstructorArguments:
    """`value(name, ...)`: (path, place, value) of what a parameter is given."""

    def __init__(self, index: FactsIndex) -> None:
        self._given: dict[tuple[str, str], list[tuple[str, Span, Value]]] = {}
        for path, constant in index.of(ConstantDefined):
            match = ARGUMENT.match(constant.name) if ".$" in constant.name else None
            if match is not None:
                self._keep(match[1], match[2], path, constant.at, constant.value)
        for path, setting in index.of(SettingDefined):
            if setting.source != "symfony" or not setting.key.startswith("services."):
                continue
            service, bound = SERVICE.match(setting.key), BOUND.match(setting.key)
            if service is not None:
                self._keep(service[1], service[2] or service[3], path, setting.at, setting.value)
            elif bound is not None:
                self._keep("", bound[1], path, setting.at, setting.value)

    def _keep(self, name: str, argument: str, path: str, at: Span, value: Value) -> None:
        self._given.setdefault((name, argument), []).append((path, at, value))

    def value(self, name: str, component: Component | None) -> tuple[str, Span, Value] | None:
        match = PARAMETER.match(name)
        if match is None:
            return None
        root = component.root if component is not None else None
        for key in ((match[1], match[3]), (match[1], match[2]), ("", match[3])):
            found = self._given.get(key, [])
            near = [each for each in found if root is not None and is_below(each[0], root)]
            values = near or found
            if values and all(each[2] == values[0][2] for each in values):
                return values[0]
        return None
