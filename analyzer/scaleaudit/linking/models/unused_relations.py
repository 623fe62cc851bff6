"""Relations to children that nothing in sight names: declared for the other end, or left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

# Where a table, or pages of the same name, are called so.
NAMESAKES = regex(r"(?:^|/)(?:(?:\w+_)?schema|config/routes(?:/.+)?)\.rb$")


def unused_relations(index: FactsIndex, models: Models) -> set[tuple[str, Span]]:
    """(file, place) of each."""
    return _unnamed(index, models, parting=False)


def parting_relations(index: FactsIndex, models: Models) -> set[tuple[str, Span]]:
    """Those of them whose rows are asked for when the record goes, and then alone."""
    return _unnamed(index, models, parting=True)


def _unnamed(index: FactsIndex, models: Models, *, parting: bool) -> set[tuple[str, Span]]:
    places: dict[str, set[tuple[str, Span]]] = {}
    declaring: dict[str, set[str]] = {}  # the files whose only mention is the declaration
    found: set[tuple[str, Span]] = set()
    for model in models.all:
        kept = READ_BY_NAME.get(model.framework)
        for path, relation in model.relations.values() if kept is not None else ():
            if not (relation.alone or relation.parting) or kept is None:
                continue
            if kept.fullmatch(relation.name):
                if relation.parting == parting:
                    found.add((path, relation.at))
                for name in (relation.name, f"{singular(relation.name)}_ids"):
                    places.setdefault(name, set()).add((path, relation.at))
                    declaring.setdefault(name, set()).add(path)
    if not found:
        return found
    for path, names in index.mentions.of(places.keys()):
        if index.role(path) is Role.SOURCE and NAMESAKES.search(path) is None:
            for name in names:
                if path not in declaring[name]:
                    found -= places[name]
    return found
