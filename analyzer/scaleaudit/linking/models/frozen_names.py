"""Sequelize's tables where the connection's settings say that they are called as their models.

`new Sequelize(url, { define: { freezeTableName: true } })` stands far from the models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ConstantDefined
from scaleaudit.inflection import plural, singular
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import ModelDefined
    from scaleaudit.linking.facts_index import FactsIndex

FRAMEWORK = "sequelize"
SETTING = "sequelize.define.freezeTableName"

Defined = tuple[str, "ModelDefined"]


def with_frozen_names(index: FactsIndex, defined: Sequence[Defined]) -> list[Defined]:
    """The models, of which those without a table's name take their own where settings say so."""
    if not any(fact.framework == FRAMEWORK and not fact.table for _, fact in defined):
        return list(defined)
    if not any(
        fact.name == SETTING and index.role(path) is Role.SOURCE
        for path, fact in index.of(ConstantDefined)
    ):
        return list(defined)
    return [(path, frozen(fact)) for path, fact in defined]


def frozen(fact: ModelDefined) -> ModelDefined:
    if fact.framework != FRAMEWORK or fact.table or fact.abstract or fact.same_table:
        return fact
    given = fact.default_table
    own = fact.name if not given or given == plural(fact.name) else singular(given)
    return replace(fact, table=own, default_table="")
