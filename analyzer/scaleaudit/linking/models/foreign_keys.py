"""Foreign keys that columns declare, where relations between classes leave the direction open.

SQLAlchemy's `relationship("User")` does not say which table holds the column: the foreign keys of
both do, and one file sees only its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import RelationFact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FieldFact
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

UNNAMED = "->"  # ends the name of a relation that only a column declares


def settle(models: Models) -> None:
    """Gives relations their direction and column, and columns without one a relation."""
    for model in models.all:
        keys = list(referring(models, model))
        if not keys and not any(r.kind != "belongs-to" for _, r in model.relations.values()):
            continue
        for name, (path, relation) in [*model.relations.items()]:
            settled = directed(models, model, path, relation, keys)
            if settled is not relation:
                model.relations[name] = (path, settled)
        held = {r.column for _, r in model.relations.values() if r.kind == "belongs-to"}
        for path, field, target in keys:
            if field.name not in held and field.column not in held:
                name = f"{field.name}{UNNAMED}"
                model.relations[name] = (
                    path,
                    RelationFact(
                        name, target.name, "belongs-to", column=field.column or field.name,
                        nullable=field.nullable, at=field.at,
                    ),
                )  # fmt: skip


def referring(models: Models, model: Model) -> Iterator[tuple[str, FieldFact, Model]]:
    """The columns of a model that refer to another, each with that model."""
    for path, field in model.fields.values():
        if field.references:
            target = referred(models, path, model, field)
            if target is not None:
                yield path, field, target


def referred(models: Models, path: str, model: Model, field: FieldFact) -> Model | None:
    holder = field.references.rpartition(".")[0]
    known = [each for each in models.of_table(holder) if each.framework == model.framework]
    own = [each for each in known if not each.fact.same_table]
    if own or known:
        return (own or known)[0]
    return models.find(path, holder, model.framework)


def directed(
    models: Models,
    model: Model,
    path: str,
    relation: RelationFact,
    keys: list[tuple[str, FieldFact, Model]],
) -> RelationFact:
    if relation.kind not in ("has-many", "has-one") or relation.column or relation.through:
        return relation
    target = models.find(path, relation.target, model.framework)
    if target is None:
        return relation
    theirs = [f for _, f, there in referring(models, target) if there.table == model.table]
    mine = [f for _, f, there in keys if there.table == target.table]
    if not theirs and mine:
        return msgspec.structs.replace(relation, kind="belongs-to", column=fitting(mine, relation))
    if len(theirs) == 1:
        return msgspec.structs.replace(relation, column=theirs[0].name)
    return relation


def fitting(fields: list[FieldFact], relation: RelationFact) -> str:
    """Of several columns the one that is named after the relation."""
    named = [each for each in fields if each.name.startswith(relation.name)]
    return (named or fields)[0].name


def referred_column(model: Model, column: str) -> str:
    """The column of the other table that a foreign key of the model names."""
    for _, field in model.fields.values():
        if column in (field.name, field.column) and field.references:
            return field.references.rpartition(".")[2]
    return ""
