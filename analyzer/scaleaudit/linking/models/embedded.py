"""Values kept in the columns of the row that holds them: their attributes become its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.linking.models.conventions import convention_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import RelationFact
    from scaleaudit.linking.models.model import Model

EMBEDDED = "embedded"
MAX_DEPTH = 4  # values inside values


def embed(
    model: Model,
    path: str,
    relation: RelationFact,
    find: Callable[[str, str], Model | None],
    depth: int = 0,
) -> None:
    """Adds the attributes of the class that `relation` leads to, under its name and a dot."""
    held = find(path, relation.target)
    if held is None or depth > MAX_DEPTH:
        return
    column = convention_of(model.framework).column
    prefix = relation.column  # Doctrine's: `address_` before the columns of `address`
    for field in held.fact.fields:
        name = f"{relation.name}.{field.name}"
        inner = replace(
            field,
            name=name,
            column=prefix + (field.column or column(field.name)),
            primary=relation.primary or field.primary,
        )
        model.fields.setdefault(name, (held.path, inner))
    for other in held.fact.relations:
        name = f"{relation.name}.{other.name}"
        below = replace(other, name=name, primary=relation.primary or other.primary)
        if other.kind == EMBEDDED:
            below = replace(below, column=prefix + other.column)
            embed(model, held.path, below, find, depth + 1)
            continue
        if other.kind == "belongs-to" and (prefix or not other.column):
            own = other.column or column(f"{other.name}_id")
            below = replace(below, column=prefix + own)
        model.relations.setdefault(name, (held.path, below))
