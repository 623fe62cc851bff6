"""Imports by the short names of `tsconfig.json`: `@shop/orders` for `libs/orders/src/index.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex

SOURCE = "tsconfig"  # of such settings


class ScriptAliases:
    """The names of all compiler configurations; those of the nearest folder come first."""

    def __init__(self, index: FactsIndex) -> None:
        found: dict[str, list[tuple[str, str, str]]] = {}  # by folder: (folder, name, its meaning)
        for path, setting in index.of(SettingDefined):
            if setting.source == SOURCE:
                target = literal_text(setting.value)
                if target:
                    folder = folder_of(path)
                    found.setdefault(folder, []).append((folder, setting.key, target))
        for names in found.values():
            names.sort(key=lambda each: -len(each[1]))
        self._found = found
        self._patterns = {name for names in found.values() for _, name, _ in names}
        self._seen_from: dict[str, list[tuple[str, str, str]]] = {}

    def _names(self, folder: str) -> list[tuple[str, str, str]]:
        """What holds in a folder, the nearest configuration first."""
        known = self._seen_from.get(folder)
        if known is None:
            known, at = [], folder
            while True:
                known += self._found.get(at, ())
                if not at:
                    break
                at = folder_of(at)
            self._seen_from[folder] = known
        return known

    def knows(self, module: str) -> bool:
        """Some configuration, wherever it is, has a meaning for it."""
        for name in self._patterns:
            start, star, end = name.partition("*")
            if module == name or (star and module.startswith(start) and module.endswith(end)):
                return True
        return False

    def stems(self, path: str, module: str) -> Iterator[str]:
        """Where a module may lie, without an ending."""
        for folder, name, target in self._names(folder_of(path)) if self._found else ():
            start, star, end = name.partition("*")
            if star:
                if not (module.startswith(start) and module.endswith(end)):
                    continue
                rest = module[len(start) : len(module) - len(end) or None]
                stem = resolve_path(folder, target.replace("*", rest))
            elif module == name:
                stem = resolve_path(folder, target)
            else:
                continue
            if stem is not None:
                yield stem
