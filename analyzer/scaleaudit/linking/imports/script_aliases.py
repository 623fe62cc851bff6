"""Imports by the short names of `tsconfig.json`: `@shop/orders` for `libs/orders/src/index.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex

SOURCE = "tsconfig"  # of such settings


class ScriptAliases:
    """The names of all compiler configurations; those of the nearest folder come first."""

    def __init__(self, index: FactsIndex) -> None:
        self._found: list[tuple[str, str, str]] = []  # folder, name, what it stands for
        for path, setting in index.of(SettingDefined):
            if setting.source == SOURCE:
                target = literal_text(setting.value)
                if target:
                    self._found.append((folder_of(path), setting.key, target))
        self._found.sort(key=lambda each: (-len(each[0]), -len(each[1])))

    def stems(self, path: str, module: str) -> Iterator[str]:
        """Where a module may lie, without an ending."""
        for folder, name, target in self._found:
            if not is_below(path, folder):
                continue
            start, star, end = name.partition("*")
            if star:
                if not (module.startswith(start) and module.endswith(end)) or not start:
                    continue
                rest = module[len(start) : len(module) - len(end) or None]
                stem = resolve_path(folder, target.replace("*", rest))
            elif module == name:
                stem = resolve_path(folder, target)
            else:
                continue
            if stem is not None:
                yield stem
