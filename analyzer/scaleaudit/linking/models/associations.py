"""Associations of Sequelize's models that stand in another file, or at another model, than the key.

`db.User.hasMany(db.Order)` in `models/index.js`: a fact that is abstract and has the table of
another carries them; they go to the model of that name. The orders get a key by it, also where
nothing says that an order belongs to a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import RelationFact
from scaleaudit.inflection import underscored
from scaleaudit.linking.models.foreign_keys import UNNAMED
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
    by_name: dict[str, list[int]] = {}
    for position, (_, fact) in enumerate(found):
        if fact.framework == FRAMEWORK and not fact.abstract:
            by_name.setdefault(relaxed(fact.name), []).append(position)
    for path, fact in said:
        named = by_name.get(relaxed(fact.name), [])
        if named:
            position = max(named, key=lambda at: shared(path, found[at][0]))
            found[position] = found[position][0], completed(found[position][1], fact)
    for path, fact in [found[at] for positions in by_name.values() for at in positions]:
        for relation in fact.relations:
            named = by_name.get(relaxed(relation.target), [])
            if relation.kind in ("has-many", "has-one") and not relation.through and named:
                position = max(named, key=lambda at: shared(path, found[at][0]))
                place, other = found[position]
                found[position] = place, with_key(other, fact, relation)
    return found


def with_key(model: ModelDefined, owner: ModelDefined, relation: RelationFact) -> ModelDefined:
    """The model with the key that `Owner.hasMany(Model)` gives it, unless it tells of one itself."""
    column = relation.column or f"{owner.name}Id"
    told = any(
        each.kind == "belongs-to"
        and (relaxed(each.target) == relaxed(owner.name) or each.column == column)
        for each in model.relations
    )
    if told or not relation.constrained:
        return model
    if not relation.column and in_snake(model):
        column = underscored(column)
    known = any(relaxed(column) in (relaxed(f.name), relaxed(f.column)) for f in model.fields)
    if known and not relation.column:
        return model  # which it refers to is a guess
    key = RelationFact(f"{column}{UNNAMED}", owner.name, "belongs-to", column, at=relation.at)
    return replace(model, relations=(*model.relations, key))


def completed(model: ModelDefined, said: ModelDefined) -> ModelDefined:
    snake = in_snake(model)
    own = {relation.name for relation in model.relations}
    relations = [
        replace(each, column=underscored(f"{each.name}Id"))
        if snake and each.kind == "belongs-to" and each.column in ("", f"{each.name}Id")
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


def in_snake(model: ModelDefined) -> bool:
    return any(f.column and f.column == underscored(f.name) != f.name for f in model.fields)
