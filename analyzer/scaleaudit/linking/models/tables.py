"""The schema that models describe, joined with the one replayed from dumps and migrations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.linking.models.columns import (
    COMPUTED,
    field_column,
    own_column,
    owns,
    relation_column,
)
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.gorm_keys import keys_for_others
from scaleaudit.linking.models.merging import merged, of_snapshot
from scaleaudit.linking.models.raw_indexes import with_raw_indexes
from scaleaudit.linking.models.shared_indexes import without_shared
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.schema import Column, ForeignKey, Index, Schema, Table
from scaleaudit.schemas.snapshots import SNAPSHOT

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models
    from scaleaudit.source import Location, Span

EF6_MIGRATIONS = "System.Data.Entity.Migrations"
PREFIX = regex(r"^[A-Za-z]{1,3}_")
WORD = regex(r"(?<![\w'])[a-z_]\w*(?![\w'])")  # no keyword of SQL, which are written large
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


def located(at: Span, path: str) -> Location | None:
    """None for what comes with a framework and stands in no file of the repository."""
    return at.in_file(path) if path else None


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
    columns: dict[str, Column] = {}
    indexes: list[Index] = []
    foreign: list[ForeignKey] = []
    keys = key_names(model)
    way = convention_of(model.framework)
    before = models.replayed_table(model)
    replayed = before is not None
    own_key = any(index.primary for _, index in model.indexes)
    joined = way.joins_base and not model.fact.same_table
    if not keys and not own_key and model.base is not None and joined:
        pointer = f"{model.base.name.rpartition('.')[2].lower()}_ptr_id"
        at = located(model.fact.at, model.path)
        columns[pointer] = Column(pointer, way.key_type, nullable=False, at=at)
        indexes.append(Index((pointer,), unique=True, primary=True))
        foreign.append(ForeignKey((pointer,), model.base.table, at=at))
    elif not keys and not own_key and not replayed and not model.fact.whole:
        columns[way.key.lower()] = Column(
            way.key, way.key_type, nullable=False, auto_increment=True,
            at=located(model.fact.at, model.path),
        )  # fmt: skip
        indexes.append(Index((way.key,), unique=True, primary=True))
    for attribute, (path, field) in model.fields.items():
        if field.column == COMPUTED:
            continue
        name, at = field_column(models, model, field), located(field.at, path)
        columns.setdefault(
            name.lower(),
            Column(name, field.type, field.nullable, field.auto_increment, at, attribute),
        )
        if (field.primary and len(keys) == 1) or field.unique or field.indexed:
            single = field.primary and len(keys) == 1
            indexes.append(Index((name,), "", field.unique or single, single, at=at))
    begun = {
        relaxed(index_column(models, model, i.columns[0]))
        for _, i in model.indexes
        if i.columns and not i.where
    }
    for path, relation in model.relations.values():
        if not owns(relation):
            continue
        name, at = relation_column(models, model, relation), located(relation.at, path)
        if replayed and not way.declares_columns and not tells_of(before, name):
            continue  # by convention alone, and the table has none of that name
        attribute = relation.column if way.relations_apart else relation.name
        columns.setdefault(
            name.lower(), Column(name, "", relation.nullable, at=at, attribute=attribute)
        )
        for further, _ in relation.key[1:]:
            columns.setdefault(further.lower(), Column(further, "", relation.nullable, at=at))
        if relation.discriminator:
            kind = relation.discriminator
            columns.setdefault(kind.lower(), Column(kind, "VARCHAR", relation.nullable, at=at))
        link = links.of(model).get(relation.name)
        if link is not None and relation.constrained:
            theirs = tuple(other for _, other in link.pairs)
            ours = tuple(own for own, _ in link.key) or (name,)
            foreign.append(ForeignKey(ours, link.target.table, theirs, at))
        # What refers to no class in sight and has its own name for a column may be an enumeration.
        known = link is not None or relaxed(name) != relaxed(relation.name)
        made = relation.implied and tells_of(before, name)
        unique = relation.unique and not made
        if (
            (relation.indexed and known and not made)
            or unique
            or (relation.primary and len(keys) == 1)
        ):
            single = relation.primary and len(keys) == 1
            if unique or single or not (way.shares_indexes and relaxed(name) in begun):
                indexes.append(Index((name,), "", unique or single, single, at=at))
    if len(keys) > 1:
        named = tuple(own_column(models, model, key) or key for key in keys)
        indexes.append(Index(named, unique=True, primary=True))
    for path, index in model.indexes:
        if index.implied and replayed:
            continue
        named = tuple(
            each if each.startswith("(") else index_column(models, model, each)
            for each in index.columns
        )
        indexes.append(
            Index(named, index.name, index.unique, index.primary,
                  in_columns(models, model, index.where), index.method, located(index.at, path))
        )  # fmt: skip
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
        tuple(foreign),
        engine,
        at=located(model.fact.at, model.path),
        spelled="" if folded else model.spelled,
        tool=model.framework,
        model=model.name.rpartition(".")[2],
    )


def in_columns(models: Models, model: Model, where: str) -> str:
    """The condition of a partial index, in which Django writes attributes for columns."""
    if model.framework != "django" or not where:
        return where
    return WORD.sub(lambda m: own_column(models, model, m[0]) or m[0], where)


def key_names(model: Model) -> list[str]:
    """Attributes of the primary key, then references, unless the mapper keeps the order written."""
    fields = [(p, f.at, name) for name, (p, f) in model.fields.items() if f.primary]
    references = [
        (p, r.at, name) for name, (p, r) in model.relations.items() if r.primary and owns(r)
    ]
    found = [*fields, *references]
    one_file = len({path for path, _, _ in found}) == 1
    if one_file and convention_of(model.framework).keys_as_written:
        found.sort(key=lambda each: (each[1].line, each[1].column))
    return [name for _, _, name in found]


def tells_of(table: Table | None, column: str) -> bool:
    """Whether a dump or a migration makes the column, with the keys that it has."""
    return table is not None and table.column(column) is not None


def index_column(models: Models, model: Model, name: str) -> str:
    """A column as an index names it, which may bear a prefix that a naming strategy gives to all."""
    found = own_column(models, model, name)
    return found or own_column(models, model, PREFIX.sub("", name)) or name
