"""Which classes extend an application of Sinatra through others of the same program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TypeDeclared
from scaleaudit.linking.deployments.values import shared_folders

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

HEIR = "sinatra-heir"  # the framework of their routes
BASE = "Sinatra.Base"
MAX_DEPTH = 6


class SinatraHeirs:
    """Superclasses of Ruby's classes, by name: several programs may have an `Application` each."""

    def __init__(self, index: FactsIndex) -> None:
        self._above: dict[str, list[tuple[str, str]]] = {}
        for path, declared in index.of(TypeDeclared):
            if index.kind(path) == "ruby":
                for base in declared.bases[:1]:
                    self._above.setdefault(declared.name, []).append((path, base))

    def serve(self, path: str, name: str) -> bool:
        for _ in range(MAX_DEPTH):
            found = self._above.get(name, [])
            if not found:
                return False
            here = path
            path, name = max(found, key=lambda each: shared_folders(each[0], here))
            if name == BASE:
                return True
        return False
