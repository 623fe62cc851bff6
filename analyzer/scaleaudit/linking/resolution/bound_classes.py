"""Classes whose properties settings fill: which key is behind `BillingOptions.Url`.

A whole class is bound where a .NET program is put together; in Java a property may be of a class
that another file declares. Both are constants that end in `.*`, with the section for a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.linking.facts_index import is_below
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

ALL = ".*"  # how a binding of all properties is written
CONSTANT = regex(r"\{([\w.]+)\}")  # a section that a constant names


class BoundClasses:
    """`setting(name, ...)`: the key behind a property, with the file that binds it."""

    def __init__(self, index: FactsIndex, components: Components) -> None:
        self._index, self._components = index, components
        self._sections: dict[str, list[tuple[str, str]]] = {}  # by what is bound: (path, section)
        self._texts: dict[str, set[str]] = {}
        for path, constant in index.of(ConstantDefined):
            bound = constant.name.endswith(ALL) and index.role(path) is not Role.TEST
            if bound and isinstance(constant.value, Setting):
                name = constant.name.removesuffix(ALL)
                self._sections.setdefault(name, []).append((path, constant.value.key))
        if any("{" in key for found in self._sections.values() for _, key in found):
            for _, constant in index.of(ConstantDefined):
                if isinstance(constant.value, Literal):
                    last_two = ".".join(constant.name.split(".")[-2:])
                    self._texts.setdefault(last_two, set()).add(constant.value.text)

    def setting(self, name: str, component: Component | None) -> tuple[str, str] | None:
        """(path, key) of a property; None when nothing binds it, or several sections do.

        What the application's own files bind comes first. A property is looked for in the
        libraries that it contains, a whole class anywhere: programs bind those of others.
        """
        root = component.root if component is not None else None
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            found = self._sections.get(".".join(parts[:length]), [])
            near = [each for each in found if root is not None and is_below(each[0], root)]
            if not near:
                near = found if length == 1 else [e for e in found if self._has(component, e[0])]
            sections = {self._section(key) for _, key in near}
            section = sections.pop() if len(sections) == 1 else None
            if section is not None:
                path = near[0][0]
                dot = ":" if self._index.kind(path) == "csharp" else "."
                return path, dot.join(part for part in (section, *parts[length:]) if part)
        return None

    def _has(self, component: Component | None, path: str) -> bool:
        return any(component in group for group in self._components.containing(path))

    def _section(self, key: str) -> str | None:
        match = CONSTANT.fullmatch(key)
        if match is None:
            return None if "{" in key else key
        texts = self._texts.get(".".join(match[1].split(".")[-2:]), set())
        return next(iter(texts)) if len(texts) == 1 else None
