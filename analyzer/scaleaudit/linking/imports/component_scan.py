"""Classes of a shared library that Spring finds by itself, without anybody naming them.

An application scans its own package and those below it; told to scan others (`@ComponentScan`), it
is taken to scan those of its organisation: the first two parts of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import is_below
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex

APPLICATION = "org.springframework.boot.autoconfigure.SpringBootApplication"
ELSEWHERE = "org.springframework.context.annotation.ComponentScan"
FOUND = regex(
    r"org\.springframework\.(context\.annotation\.(Configuration|\*)|stereotype\."
    r"|web\.bind\.annotation\.(RestController|\*))"
)
PACKAGE = regex(r"(?:^|/)src/main/(?:java|kotlin)/(.*?)[^/]*$")


def _matters(module: str) -> bool:
    return module in (APPLICATION, ELSEWHERE) or FOUND.match(module) is not None


class ComponentScan:
    """`found_by(root)`: the files of libraries that the application of a folder finds."""

    def __init__(self, index: FactsIndex, components: Components) -> None:
        self._components = components
        self._scanned: dict[str, set[str]] = {}  # by the application's file, folders of packages
        self._waiting: list[tuple[str, str]] = []
        widened: set[str] = set()
        for path, found in index.importing(_matters):
            package = PACKAGE.search(path)
            if package is None or index.role(path) is not Role.SOURCE:
                continue
            if found.module == APPLICATION:
                self._scanned.setdefault(path, set()).add(package[1])
            elif found.module == ELSEWHERE:
                widened.add(path)
            elif FOUND.match(found.module) and not components.owning(path):
                self._waiting.append((path, package[1]))
        for path in widened & self._scanned.keys():
            organisation = "/".join(next(iter(self._scanned[path])).split("/")[:2])
            self._scanned[path].add(f"{organisation}/")

    def found_by(self, root: str) -> Iterator[str]:
        bases = tuple(
            base
            for path, folders in self._scanned.items()
            if is_below(path, root)
            for base in folders
            if "/" in base.rstrip("/")  # a single word is nobody's package
        )
        for path, package in self._waiting if bases else ():
            if package.startswith(bases) and any(
                component.root == root
                for group in self._components.containing(path)
                for component in group
            ):
                yield path
