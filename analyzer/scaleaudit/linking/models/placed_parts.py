"""Parts of queries that functions and classes of other files are, by the place where each stands.

A query names such a part as its own file does: `narrowed()`, `helpers.narrowed()`, `OwnedMixin.get_queryset()`;
with `?` before it where nothing may be behind the name. Its imports, and what the class inherits from,
tell which is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import BY_CALL, MAYBE, ScopeDefined
from scaleaudit.linking.models.leading import leads_to
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.models import Models

FRAMEWORK = "django"


class PlacedParts:
    def __init__(self, index: FactsIndex, models: Models) -> None:
        self._models = models
        self.by_place: dict[str, ScopeDefined] = {}
        for path, scope in index.of(ScopeDefined):
            if scope.framework != FRAMEWORK or not scope.name.endswith(BY_CALL):
                continue
            if index.role(path) is Role.SOURCE:
                owner = f"{scope.owner}." if scope.owner else ""
                self.by_place[place(path, f"{owner}{scope.name}")] = scope

    def placed(self, path: str, names: Sequence[str]) -> tuple[str, ...]:
        """The names as a file writes them, those of such parts by their place."""
        if not any(name.endswith(BY_CALL) for name in names):
            return tuple(names)
        found: dict[str, None] = {}
        for name in names:
            several = list(self._meant(path, name)) if name.endswith(BY_CALL) else [name]
            found.update(dict.fromkeys(several))
            if not several and not name.startswith(MAYBE):
                found[name] = None  # which nothing defines
        return tuple(found)

    def _meant(self, path: str, name: str) -> Iterator[str]:
        written = name.removeprefix(MAYBE)
        if place(path, written) in self.by_place:
            yield place(path, written)
            return
        there = leads_to(self._models.modules, path, written.removesuffix(BY_CALL))
        if there is not None and place(there[0], f"{there[1]}{BY_CALL}") in self.by_place:
            yield place(there[0], f"{there[1]}{BY_CALL}")
            return
        owner, _, method = written.rpartition(".")
        for each in self._models.managers.family(path, owner).members if owner else ():
            known = place(each.path, f"{each.name}.{method}")
            if known in self.by_place:
                yield known


def place(path: str, name: str) -> str:
    return f"{path}:{name}"


def is_placed(name: str) -> bool:
    return ":" in name
