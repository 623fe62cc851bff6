"""Fields of classes that a project derives from the mapper's, in another file than its models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import OF_FIELD, ConstantDefined
from scaleaudit.source import Role
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.facts import FieldFact
    from scaleaudit.linking.facts_index import FactsIndex


def own_fields(index: FactsIndex) -> dict[str, str]:
    """What classes of fields are by themselves, by name: `unique` or `db_index`."""
    return {
        fact.name.removesuffix(OF_FIELD): literal_text(fact.value) or ""
        for path, fact in index.of(ConstantDefined)
        if fact.name.endswith(OF_FIELD) and index.role(path) is Role.SOURCE
    }


def as_made(field: FieldFact, own: Mapping[str, str]) -> FieldFact:
    told = own.get(field.made_by, "") if field.made_by else ""
    if not told or field.unique or field.indexed:
        return field
    return replace(field, unique=told == "unique", indexed=told != "unique")
