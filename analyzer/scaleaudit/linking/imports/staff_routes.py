"""Functions that answer nothing but the routes of administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.imports.callers_known import FAMILIES
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.architecture import Endpoint
    from scaleaudit.linking.facts_index import FactsIndex

STAFF_PATH = regex(
    r"(?i)(?:^|/)(?:(?:super|site)[_-]?)?admin(?:s|istration|istrator)?(?:/|$)|(?:^|/)back-?office(?:/|$)"
)
WORD = regex(r"\w+")


def staff_handlers(index: FactsIndex, endpoints: Iterable[Endpoint]) -> frozenset[tuple[str, str]]:
    """(family of languages, name) of each function whose every route lies below `/admin`.

    A handler is often named in a call of what guards it, `onlyStaff(listUsers)`: its last word is
    the function.
    """
    routes: dict[tuple[str, str], bool] = {}
    for endpoint in endpoints:
        words = WORD.findall(endpoint.handler)
        if words and endpoint.protocol == "http":
            key = FAMILIES.get(index.kind(endpoint.at.path), ""), words[-1]
            routes[key] = routes.get(key, True) and STAFF_PATH.search(endpoint.path) is not None
    return frozenset(key for key, staff in routes.items() if staff)
