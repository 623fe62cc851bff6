"""Which constant of the repository a name means: of its file, an imported one, the application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import tells_whose
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

MAX_ENTRIES = 24  # of a table of addresses
DEEP = 3  # `config.Config.Database.Host`: the last name is what many others are called too


class Constants:
    """Answers are (path, constant); a name of which there are several values is no answer."""

    def __init__(self, index: FactsIndex, components: Components, modules: Modules) -> None:
        self._index, self._components, self._modules = index, components, modules
        self._by_file: dict[str, dict[str, list[ConstantDefined]]] = {}
        self._by_last_name: dict[str, list[tuple[str, ConstantDefined]]] = {}
        # Of Go, whose package is all files of a folder.
        self._by_package: dict[tuple[str, str], list[tuple[str, ConstantDefined]]] = {}
        for path, constant in index.of(ConstantDefined):
            self._by_file.setdefault(path, {}).setdefault(constant.name, []).append(constant)
            for name in {constant.name, constant.name.rpartition(".")[2]}:
                self._by_last_name.setdefault(name, []).append((path, constant))
            if index.kind(path) == "go":
                place = (folder_of(path), constant.name)
                self._by_package.setdefault(place, []).append((path, constant))

    def find(
        self, name: str, path: str, component: Component | None
    ) -> tuple[str, ConstantDefined] | None:
        """What the name stands for in the file."""
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
            if found is None and self._index.kind(target) == "go":
                found = self._in_package(target, rest)
            if found is not None:
                return found
        else:  # `import static shop.Paths.*`
            opened = self._modules.opened.get(path, ())
            all_found = [self._only(where, f"{inside}.{name}") for where, inside in opened]
            told = [each for each in all_found if each is not None]
            if len(told) == 1:
                return told[0]
        return self._somewhere(name, component)

    def _in_package(self, path: str, name: str) -> tuple[str, ConstantDefined] | None:
        """In any file of the package; one value, however many files have it."""
        found = [
            (where, constant)
            for where, constant in self._by_package.get((folder_of(path), name), ())
            if self._index.role(where) is not Role.TEST
        ]
        return found[0] if len({repr(constant.value) for _, constant in found}) == 1 else None

    def entries(self, name: str, path: str) -> list[tuple[str, ConstantDefined]]:
        """The constants of one file that a name with `*` for a part stands for."""
        first, _, rest = name.partition(".")
        imported = self._modules.names.get(path, {}).get(first)
        places = [(path, name)]
        if imported is not None:
            target, there = imported
            places += [(target, ".".join(part for part in (there, rest) if part)), (target, rest)]
        for where, wanted in places:
            pattern = re.compile(re.escape(wanted).replace(r"\*", r"[^.]+"))
            known = self._by_file.get(where, {})
            found = [known[key][0] for key in known if pattern.fullmatch(key)]
            if found:
                return [(where, constant) for constant in found[:MAX_ENTRIES]]
        return []

    def _only(self, path: str, name: str) -> tuple[str, ConstantDefined] | None:
        found = self._by_file.get(path, {}).get(name, [])
        read = [each for each in found if isinstance(each.value, Setting)]
        for each in (*read[:1], *found[:1]):  # the text beside a setting is its default
            if all(f.value in (each.value, getattr(each.value, "default", None)) for f in found):
                return path, each
        return None

    def _somewhere(
        self, name: str, component: Component | None
    ) -> tuple[str, ConstantDefined] | None:
        """By its full or last name in the same application, when only one value has it."""
        last = name.rpartition(".")[2]
        if "." not in name and not last.isupper():
            return None  # a plain local name; another file's is another thing
        root = component.root if component is not None else None
        # `settings.PARTNERS.ledger.url` of Django, whose modules of settings nobody imports by name
        inner = name.partition(".")[2] if name.startswith(("settings.", "config.")) else name
        for wanted in dict.fromkeys((name, inner, ".".join(name.split(".")[-2:]), last)):
            if wanted == last and not (
                last.isupper()
                or (name.startswith(("settings.", "config.")) and name.count(".") < DEEP)
                or tells_whose(last)
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
