"""Models whose definition cannot be read, where migrations make their tables.

A loader of the repository's own may define Sequelize's models from descriptions; GORM, bun and go-pg
take any struct. `models.Order.findAll()` and `db.Model(&orders)` then read the table that the mapper
calls after `Order`, if dumps or migrations define one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined, OrmQuery
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.names import relaxed
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.schema import Table

IMPORTED = {
    "sequelize": ("sequelize",),
    "gorm": ("gorm.io/gorm",),
    "bun": ("github.com/uptrace/bun",),
    "go-pg": ("github.com/go-pg/pg", "github.com/go-pg/pg/v9", "github.com/go-pg/pg/v10"),
}  # framework -> the modules of which an import tells that it is there
PLAIN_STRUCTS = ("gorm", "bun", "go-pg")
SOFT = "deleted_at"  # a struct that is seen nowhere may ask for it in every query


def unseen_models(
    index: FactsIndex, defined: Collection[tuple[str, ModelDefined]], tables: Mapping[str, Table]
) -> Iterator[tuple[str, ModelDefined]]:
    if not tables:
        return
    there = {name for name, modules in IMPORTED.items() if any(map(index.is_imported, modules))}
    if not there:
        return
    known = {(fact.framework, relaxed(fact.name.rpartition(".")[2])) for _, fact in defined}
    spelled = {relaxed(name): name for name in tables}
    for path, query in index.of(OrmQuery):
        framework = query.framework
        if framework not in there or index.role(path) is not Role.SOURCE:
            continue
        plain = framework in PLAIN_STRUCTS
        name = query.model.rpartition(".")[2] if plain else query.model
        if not name[:1].isupper() or (framework, relaxed(name)) in known:
            continue
        known.add((framework, relaxed(name)))
        table = spelled.get(relaxed(convention_of(framework).table(name)))
        own = ""
        if table is None and convention_of(framework).may_keep_class_name and not plain:
            table, own = spelled.get(relaxed(name)), name  # the setting for it may be out of sight
        if table is None or (framework == "gorm" and tables[table].column(SOFT) is not None):
            continue
        yield path, ModelDefined(query.at, name, framework, own, managed=not plain)
