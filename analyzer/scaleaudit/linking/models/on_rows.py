"""Methods and scopes of a Rails model that are called on rows alone: `account.filters.find_by_digest(x)`.

What such a method asks is asked among those rows: their condition, which stands where it is called,
is a part of the query.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.facts import SIGN, name_sign
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.facts import OrmQuery
    from scaleaudit.linking.facts_index import FactsIndex


class OnRows:
    """`only(path, query)`: no class in sight is asked for the method around the query; `never_all`."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index

    def only(self, path: str, query: OrmQuery) -> bool:
        name = query.scope.rpartition(".")[2].rstrip("?!=")
        if not query.handed or "_" not in name:
            return False
        places = self._places.get(name_sign(name.encode()), frozenset())
        return (
            bool(places)
            and path not in places  # else another method of the class may call it, on all rows
            and name_sign(f".{name}".encode()) not in self._places
        )

    def never_all(self, path: str, name: str) -> bool:
        """Neither a class in sight nor a method of the file around asks all rows for the scope."""
        sign = name_sign(name.encode())
        if "_" not in name or name_sign(f".{name}".encode()) in self._places:
            return False
        return not any(
            function.names[at : at + SIGN] == sign
            for function in self._index.functions.get(path, ())
            if not function.scope.endswith(".")  # what a class says beside its methods: the scope
            for at in range(0, len(function.names), SIGN)
        )

    @cached_property
    def _places(self) -> dict[bytes, frozenset[str]]:
        """The files in which each name stands, but for where it is defined alone."""
        found: dict[bytes, set[str]] = {}
        for path, functions in self._index.functions.items():
            if self._index.role(path) is Role.TEST:
                continue
            for function in functions:
                for at in range(0, len(function.names), SIGN):
                    found.setdefault(function.names[at : at + SIGN], set()).add(path)
        return {sign: frozenset(paths) for sign, paths in found.items()}
