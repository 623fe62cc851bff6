"""Files that answer requests, with all methods of the classes in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.imports.callers_known import REQUESTS
from scaleaudit.linking.imports.parts_of_paths import within_project

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex


class WebFiles:
    """`answers(path)`: by its name or its routes; each file is looked at once."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        self._known: dict[str, bool] = {}
        self._projects = {folder_of(path) for path in index.files if path.endswith(".csproj")}

    def answers(self, path: str) -> bool:
        known = self._known.get(path)
        if known is None:
            named = REQUESTS.search(within_project(path, self._projects)) is not None
            known = self._known[path] = named or bool(self._index.facts_of(path, EndpointServed))
        return known
