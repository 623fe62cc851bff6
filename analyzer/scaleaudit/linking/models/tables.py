"""The schema that models describe, joined with the one replayed from dumps and migrations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.linking.models.columns import owns
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.gorm_keys import keys_for_others
from scaleaudit.linking.models.merging import merged, of_snapshot
from scaleaudit.linking.models.outlines import Outline, located
from scaleaudit.linking.models.raw_indexes import with_raw_indexes
from scaleaudit.linking.models.shared_indexes import without_shared
from scaleaudit.linking.names import relaxed
from scaleaudit.schema import Column, ForeignKey, Index, Schema, Table
from scaleaudit.schemas.snapshots import SNAPSHOT

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

EF6_MIGRATIONS = "System.Data.Entity.Migrations"
QUOTES = ('"', "`", "[")
MANY = 5  # tables, from which on a schema is more than a beginning


def with_models(schema: Schema, models: Models, links: Links, index: FactsIndex) -> Schema:
    """The schema with what the models add: tables that nothing else defines, columns and indexes.

    What a dump or a migration says of a column stands.
    """
    tables = dict(schema.tables)
    complete = tells_most(schema, models)
    # Scripts of an engine of columns beside the models say nothing of the models' own database.
    told_dialects = [table.dialect for table in schema.tables.values() if not table.columnar]
    common = Counter(filter(None, told_dialects))
    dialect = common.most_common(1)[0][0] if common else ""
    others = keys_for_others(models, links)
    # Entity Framework 6: its migrations, which alone tell of indexes, are not read.
    unread = index.is_imported(EF6_MIGRATIONS)
    for model in models.all:
        known = tables.get(model.table)
        if known is None and not convention_of(model.framework).declares_columns:
            continue
        if known is None and unread and model.framework == "ef":
            continue
        if known is None and complete and not convention_of(model.framework).outlives_migrations:
            continue  # a view, or a table that others make: its indexes stand nowhere here
        if (
            known is None
            and not model.fields
            and not any(owns(relation) for _, relation in model.relations.values())
        ):
            continue  # the class names nothing that it keeps
        told = described(models, links, model, dialect)
        if model.table in others and model.table not in schema.tables:
            told = with_keys_of(told, others[model.table])
        if not model.fact.managed:
            if known is None:
                continue  # made by somebody else, with indexes that nobody here knows
            told = msgspec.structs.replace(told, indexes=(), foreign_keys=())
        if known is not None and known.at is not None and known.at.path.endswith(SNAPSHOT):
            told = of_snapshot(known, told)
        tables[model.table] = merged(known, told)
    for model in models.all:
        for link in links.of(model).values():
            between = link.between
            if complete or not convention_of(model.framework).declares_columns:
                continue
            if not between or not link.own_between or not link.other_between:
                continue
            if between not in tables:
                tables[between] = between_table(link)
            elif between not in schema.tables and model.framework == "gorm":
                tables[between] = with_keys_of(tables[between], between_table(link).foreign_keys)
    tables = with_raw_indexes(tables, index, schema.tables, models)
    return Schema({name: tables[name] for name in sorted(tables)})


def with_keys_of(table: Table, usual: tuple[ForeignKey, ...]) -> Table:
    """With the foreign keys that GORM makes though the struct of the table does not tell of them."""
    told = {relaxed(name) for key in table.foreign_keys for name in key.columns}
    missing = tuple(
        key
        for key in usual
        if table.column(key.columns[0]) is not None and relaxed(key.columns[0]) not in told
    )
    return msgspec.structs.replace(table, foreign_keys=(*table.foreign_keys, *missing))


def between_table(link: Link) -> Table:
    """What the mapper makes for a relation of many to many, as the side that declares it sees it.

    Django gives it a key of its own and indexes both columns; the others make both the key, and
    those that index references add an index for what the key does not begin with, or for both.
    """
    own, other, one, two = link.own_between, link.other_between, link.source, link.target
    if not link.declared:
        own, other, one, two = other, own, two, one
    at = located(link.fact.at, link.path)
    columns = (Column(own, "", nullable=False, at=at), Column(other, "", nullable=False, at=at))
    foreign = (ForeignKey((own,), one.table, at=at), ForeignKey((other,), two.table, at=at))
    if link.source.framework != "django":
        key = Index((own, other), unique=True, primary=True, at=at)
        way = convention_of(link.source.framework)
        indexed = (own, other) if way.indexes_between else (other,) if way.shares_indexes else ()
        more = tuple(Index((each,), at=at) for each in indexed)
        return Table(link.between, columns, (key, *more), foreign, at=at)
    way = convention_of("django")
    key_column = Column(way.key, way.key_type, nullable=False, auto_increment=True, at=at)
    indexes = (
        Index((way.key,), unique=True, primary=True, at=at),
        Index((own, other), unique=True, at=at),
        Index((own,), at=at),
        Index((other,), at=at),
    )
    return Table(link.between, (key_column, *columns), indexes, foreign, at=at)


def tells_most(schema: Schema, models: Models) -> bool:
    """Whether dumps and migrations define the tables of most models."""
    tables = {model.table for model in models.all}
    known = sum(table in schema.tables for table in tables)
    return known >= MANY and known * 3 >= len(tables) * 2


def described(models: Models, links: Links, model: Model, dialect: str) -> Table:
    outline = Outline(models, links, model)
    outline.add_key()
    outline.add_fields()
    outline.add_relations()
    outline.add_indexes()
    way, columns, indexes = outline.way, outline.columns, outline.indexes
    if way.shares_indexes:
        indexes = without_shared(indexes, models.replayed_table(model))
    in_key = {column.lower() for index in indexes if index.primary for column in index.columns}
    for name in in_key & set(columns):
        columns[name] = msgspec.structs.replace(columns[name], nullable=False)
    engine = model.fact.dialect or dialect
    folded = way.unquoted and engine == "postgres" and not model.fact.table.startswith(QUOTES)
    return Table(
        model.table,
        tuple(columns.values()),
        tuple(indexes),
        tuple(outline.foreign),
        engine,
        at=located(model.fact.at, model.path),
        spelled="" if folded else model.spelled,
        # A proxy declares no index, nor can the class of a library be given one.
        tool="" if model.fact.same_table or not model.path else model.framework,
        model=model.name.rpartition(".")[2],
    )
