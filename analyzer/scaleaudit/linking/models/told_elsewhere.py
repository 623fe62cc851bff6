"""What another file says of a model, for the place of the model: a line belongs to one file only."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.source import Span

T = TypeVar("T", FieldFact, IndexFact, RelationFact)


def placed(parts: Iterable[T], at: Span) -> tuple[T, ...]:
    """The parts as if they stood where the class does."""
    return tuple(replace(each, at=at) for each in parts)


def told_at(fact: ModelDefined, at: Span) -> ModelDefined:
    return replace(
        fact,
        fields=placed(fact.fields, at),
        relations=placed(fact.relations, at),
        indexes=placed(fact.indexes, at),
    )
