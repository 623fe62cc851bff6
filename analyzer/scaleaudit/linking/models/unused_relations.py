"""Relations to children that nothing in sight names: declared for the other end, or left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SIGN, name_sign
from scaleaudit.inflection import singular
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.models import Models
    from scaleaudit.source import Span

# Mappers whose relations code reads by their names, and the names that are kept of what functions
# and templates mention: others are words that stand everywhere.
READ_BY_NAME = {
    "activerecord": regex(r"_*[a-z][a-z0-9]*_\w{1,60}"),
    "eloquent": regex(r"_*[a-z][a-z0-9]*[A-Z]\w{1,60}"),
}


def unused_relations(index: FactsIndex, models: Models) -> set[tuple[str, Span]]:
    """(file, place) of each."""
    places: dict[bytes, set[tuple[str, Span]]] = {}
    found: set[tuple[str, Span]] = set()
    for model in models.all:
        kept = READ_BY_NAME.get(model.framework)
        for path, relation in model.relations.values() if kept is not None else ():
            if relation.alone and kept is not None and kept.fullmatch(relation.name):
                found.add((path, relation.at))
                for name in (relation.name, f"{singular(relation.name)}_ids"):
                    places.setdefault(name_sign(name.encode()), set()).add((path, relation.at))
    if not found:
        return found
    for path, functions in index.functions.items():
        if index.role(path) is Role.TEST:
            continue
        for function in functions:
            names = function.names
            for at in range(0, len(names), SIGN):
                for place in places.get(names[at : at + SIGN], ()):
                    if place[0] != path:
                        found.discard(place)
    return found
