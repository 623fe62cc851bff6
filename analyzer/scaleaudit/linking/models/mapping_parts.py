"""Classes of one name that mapping files keep in one table: each says a part of it.

A package maps its own class, another builds on that class and maps what it adds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import ModelDefined

FRAMEWORK = "doctrine"
MAX_PARTS = 8  # of one class


def with_parts(models: Iterable[tuple[str, ModelDefined]]) -> list[tuple[str, ModelDefined]]:
    """The facts; those of one class and table know each other's attributes."""
    everything = list(models)
    groups: dict[tuple[str, str], list[ModelDefined]] = {}
    for _, fact in everything:
        if fact.framework == FRAMEWORK and fact.table and not fact.abstract:
            groups.setdefault((last(fact), fact.table.lower()), []).append(fact)
    several = {key: parts for key, parts in groups.items() if 1 < len(parts) <= MAX_PARTS}
    if not several:
        return everything
    return [
        (path, whole(fact, several.get((last(fact), fact.table.lower()), [])))
        for path, fact in everything
    ]


def last(fact: ModelDefined) -> str:
    return fact.name.rpartition(".")[2]


def whole(fact: ModelDefined, parts: list[ModelDefined]) -> ModelDefined:
    if fact not in parts:
        return fact
    fields = {field.name: field for part in (*parts, fact) for field in part.fields}
    relations = {each.name: each for part in (*parts, fact) for each in part.relations}
    indexes = dict.fromkeys(index for part in (fact, *parts) for index in part.indexes)
    return replace(
        fact,
        fields=tuple(fields.values()),
        relations=tuple(relations.values()),
        indexes=tuple(indexes),
    )
