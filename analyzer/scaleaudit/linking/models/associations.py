"""Associations of Sequelize's models that stand in another file than the model.

`db.User.hasMany(db.Order)` in `models/index.js`: a fact that is abstract and has the table of
another carries them; they go to the model of that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.inflection import underscored
from scaleaudit.linking.models.nearness import shared
from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import ModelDefined

    Defined = tuple[str, ModelDefined]

FRAMEWORK = "sequelize"


def with_associations(models: Iterable[Defined]) -> list[Defined]:
    """The facts, with what other files say of a model put to it."""
    found: list[Defined] = []
    said: list[Defined] = []
    for path, fact in models:
        elsewhere = fact.framework == FRAMEWORK and fact.abstract and fact.same_table
        (said if elsewhere else found).append((path, fact))
    if not said:
        return found
    by_name: dict[str, list[int]] = {}
    for position, (_, fact) in enumerate(found):
        if fact.framework == FRAMEWORK and not fact.abstract:
            by_name.setdefault(relaxed(fact.name), []).append(position)
    for path, fact in said:
        named = by_name.get(relaxed(fact.name), [])
        if named:
            position = max(named, key=lambda at: shared(path, found[at][0]))
            found[position] = found[position][0], completed(found[position][1], fact)
    return found


def completed(model: ModelDefined, said: ModelDefined) -> ModelDefined:
    snake = any(f.column and f.column == underscored(f.name) != f.name for f in model.fields)
    own = {relation.name for relation in model.relations}
    relations = [
        replace(each, column=underscored(each.column))
        if snake and each.kind == "belongs-to" and each.column == f"{each.name}Id"
        else each
        for each in said.relations
        if each.name not in own
    ]
    keys = {index.columns for index in model.indexes}
    indexes = [each for each in said.indexes if each.columns not in keys]
    return replace(
        model,
        relations=(*model.relations, *relations),
        indexes=(*model.indexes, *indexes),
    )
