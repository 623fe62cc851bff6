"""What an application of NestJS puts in front of the paths of its controllers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.resolution import Resolver

NEST, SOURCE = "@nestjs", "nest"  # the router of controllers, the source of the setting
HOLE = "{}"


class NestPrefixes:
    def __init__(self, index: FactsIndex, resolver: Resolver) -> None:
        self._resolver = resolver
        self._set = [(p, s) for p, s in index.of(SettingDefined) if s.source == SOURCE]

    def of(self, path: str) -> str:
        """The nearest `setGlobalPrefix`: `src/main.ts` speaks for `src`."""
        best, found = -1, ""
        for where, setting in self._set:
            folder = folder_of(where)
            if is_below(path, folder) and len(folder) > best:
                best = len(folder)
                found = self._resolver.resolve(setting.value, where, None).text
        return "" if found.startswith(HOLE) else found
