"""Classes of .NET options: which setting fills a property, from where the class is bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.linking.facts_index import is_below
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

WHOLE = ".*"  # how a binding of all properties of a class is written
CONSTANT = regex(r"\{([\w.]+)\}")  # a section that a constant names


class OptionClasses:
    """`setting(name, ...)`: the setting behind `BillingOptions.Url`, with the place that binds it."""

    def __init__(self, index: FactsIndex) -> None:
        self._bindings: dict[str, list[tuple[str, ConstantDefined]]] = {}
        self._texts: dict[str, set[str]] = {}
        for path, constant in index.of(ConstantDefined):
            if constant.name.endswith(WHOLE) and isinstance(constant.value, Setting):
                name = constant.name.removesuffix(WHOLE)
                self._bindings.setdefault(name, []).append((path, constant))
        if any("{" in c.value.key for each in self._bindings.values() for _, c in each
               if isinstance(c.value, Setting)):  # fmt: skip
            for _, constant in index.of(ConstantDefined):
                if isinstance(constant.value, Literal):
                    last_two = ".".join(constant.name.split(".")[-2:])
                    self._texts.setdefault(last_two, set()).add(constant.value.text)

    def setting(
        self, name: str, component: Component | None
    ) -> tuple[str, ConstantDefined, str] | None:
        """(path, binding, key) for a property; None when nothing or several things bind its class."""
        kind, _, rest = name.partition(".")
        found = self._bindings.get(kind, [])
        if not found or not rest:
            return None
        root = component.root if component is not None else None
        near = [each for each in found if root is not None and is_below(each[0], root)] or found
        sections = {self._section(constant) for _, constant in near}
        section = sections.pop() if len(sections) == 1 else None
        if section is None:
            return None
        key = ":".join(part for part in (section, *rest.split(".")) if part)
        return near[0][0], near[0][1], key

    def _section(self, constant: ConstantDefined) -> str | None:
        key = constant.value.key if isinstance(constant.value, Setting) else ""
        match = CONSTANT.fullmatch(key)
        if match is None:
            return None if "{" in key else key
        texts = self._texts.get(".".join(match[1].split(".")[-2:]), set())
        return next(iter(texts)) if len(texts) == 1 else None
