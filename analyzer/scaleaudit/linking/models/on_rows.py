"""Methods and scopes of a Rails model that are called on rows alone: `account.filters.find_by_digest(x)`.

What such a method asks is asked among those rows: their condition, which stands where it is called,
is a part of the query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import sign_of, signs_in
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.facts import OrmQuery
    from scaleaudit.linking.facts_index import FactsIndex


class OnRows:
    """`only(path, query)`: no class in sight is asked for the method around the query; `never_all`."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        self._known: dict[str, set[str]] = {}

    def only(self, path: str, query: OrmQuery) -> bool:
        name = query.scope.rpartition(".")[2].rstrip("?!=")
        if not query.handed or "_" not in name:
            return False
        places = self._places(name)
        return (
            bool(places)
            and path not in places  # else another method of the class may call it, on all rows
            and not self._places(f".{name}")
        )

    def never_all(self, path: str, name: str) -> bool:
        """Neither a class in sight nor a method of the file around asks all rows for the scope."""
        if "_" not in name or self._places(f".{name}"):
            return False
        self._index.asking.names.add(name)
        sign = sign_of(name)
        return not any(
            sign in signs_in(function.names)
            for function in self._index.functions_by_question.get(path, ())
            if not function.scope.endswith(".")  # what a class says beside its methods: the scope
        )

    def named_nowhere(self, path: str, name: str) -> bool:
        """No other file than that of the scope names it: neither in a call nor as a word of a text."""
        around = self._places(name)  # without the file itself: one whose names are not known
        return path in around and not (around | self._places(f".{name}")) - {path}

    def _places(self, name: str) -> set[str]:
        """The files in which a name stands, but for where it is defined alone."""
        if name not in self._known:
            self._known[name] = {
                path
                for path, _ in self._index.mentions.of((name,))
                if self._index.role(path) is not Role.TEST
            }
        return self._known[name]
