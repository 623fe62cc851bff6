"""Sequelize's models whose definition cannot be read, where migrations make their tables.

A loader of the repository's own may define models from descriptions. `models.Order.findAll()` then
reads the table that Sequelize calls after `Order`, if dumps or migrations define one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound, ModelDefined, OrmQuery
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.names import relaxed
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scaleaudit.linking.facts_index import FactsIndex

FRAMEWORK = "sequelize"


def unseen_models(
    index: FactsIndex, defined: Collection[tuple[str, ModelDefined]], tables: Collection[str]
) -> Iterator[tuple[str, ModelDefined]]:
    if not tables or not any(fact.module == FRAMEWORK for _, fact in index.of(ImportFound)):
        return
    known = {relaxed(fact.name.rpartition(".")[2]) for _, fact in defined}
    spelled = {relaxed(name) for name in tables}
    for path, query in index.of(OrmQuery):
        if query.framework != FRAMEWORK or index.role(path) is not Role.SOURCE:
            continue
        name = query.model
        if not name[:1].isupper() or relaxed(name) in known:
            continue
        known.add(relaxed(name))
        if relaxed(convention_of(FRAMEWORK).table(name)) in spelled:
            yield path, ModelDefined(query.at, name, FRAMEWORK)
        elif relaxed(name) in spelled:  # `freezeTableName`, which may stand out of sight, too
            yield path, ModelDefined(query.at, name, FRAMEWORK, table=name)
