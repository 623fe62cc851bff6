"""What the code of an application puts in front of all its paths: Next.js by its file of settings,
Slim by a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import BASE_PATH, SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.resolution import Resolver

NEXT, SLIM = "next", "slim"
FILES = {NEXT: regex(r"(?:^|/)next\.config\.\w+$"), SLIM: regex(r"\.php$")}
HOLE = "{}"


class BasePaths:
    """`of(framework, owner)`: the one prefix that the files of a component tell, or none."""

    def __init__(self, index: FactsIndex, resolver: Resolver) -> None:
        self._resolver = resolver
        self._told = [
            (path, each)
            for path, each in index.of(SettingDefined)
            if each.key == BASE_PATH
            and each.source in FILES
            and FILES[each.source].search(path)
            and index.role(path) is Role.SOURCE
        ]

    def of(self, framework: str, owner: Component | None) -> str:
        if not self._told or owner is None or owner.root is None:
            return ""
        own = [
            (path, each)
            for path, each in self._told
            if each.source == framework
            and is_below(path, owner.root)
            and (framework != NEXT or folder_of(path) == owner.root)
        ]
        found = {self._resolver.resolve(each.value, path, owner).text for path, each in own}
        text = found.pop() if len(found) == 1 else ""
        return "" if HOLE in text else text.rstrip("/")
