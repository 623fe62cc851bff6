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
from scaleaudit.linking.names import relaxed
from scaleaudit.schema import Column, ForeignKey, Index, Schema, Table
from scaleaudit.schemas.drafts import INDEX_FOREIGN_KEYS

if TYPE_CHECKING:
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.models import Model, Models
    from scaleaudit.source import Location, Span


def with_models(schema: Schema, models: Models, links: Links) -> Schema:
    """The schema with what the models add: tables that nothing else defines, columns and indexes.

    What a dump or a migration says of a column stands.
    """
    tables = dict(schema.tables)
    common = Counter(table.dialect for table in schema.tables.values() if table.dialect)
    dialect = common.most_common(1)[0][0] if common else ""
    for model in models.all:
        known = tables.get(model.table)
        if (
            known is None
            and not model.fields
            and not any(owns(relation) for _, relation in model.relations.values())
        ):
            continue  # the class names nothing that it keeps
        tables[model.table] = merged(known, described(models, links, model, dialect))
    for model in models.all:
        for link in links.of(model).values():
            between = link.between
            if between and between not in tables and link.own_between and link.other_between:
                tables[between] = Table(
                    between,
                    (Column(link.own_between, ""), Column(link.other_between, "")),
                    between_indexes(link.own_between, link.other_between, model.framework),
                    at=located(link.fact.at, link.path),
                )
    return Schema({name: tables[name] for name in sorted(tables)})


def located(at: Span, path: str) -> Location | None:
    """None for what comes with a framework and stands in no file of the repository."""
    return at.in_file(path) if path else None


def between_indexes(own: str, other: str, framework: str) -> tuple[Index, ...]:
    """Django indexes both columns; who makes the key of both serves the first."""
    if framework == "django":
        return (Index((own, other), unique=True), Index((own,)), Index((other,)))
    return (Index((own, other), primary=True, unique=True),)


def described(models: Models, links: Links, model: Model, dialect: str) -> Table:
    columns: dict[str, Column] = {}
    indexes: list[Index] = []
    foreign: list[ForeignKey] = []
    keys = [name for name, (_, field) in model.fields.items() if field.primary]
    keys += [
        name
        for name, (_, relation) in model.relations.items()
        if relation.primary and owns(relation)
    ]
    way = convention_of(model.framework)
    own_key = any(index.primary for _, index in model.indexes)
    if not keys and not own_key and models.columns_of(model) is None:
        columns[way.key.lower()] = Column(
            way.key, way.key_type, nullable=False, auto_increment=True,
            at=located(model.fact.at, model.path),
        )  # fmt: skip
        indexes.append(Index((way.key,), unique=True, primary=True))
    for path, field in model.fields.values():
        if field.column == COMPUTED:
            continue
        name, at = field_column(models, model, field), located(field.at, path)
        columns.setdefault(
            name.lower(), Column(name, field.type, field.nullable, field.auto_increment, at)
        )
        if (field.primary and len(keys) == 1) or field.unique or field.indexed:
            single = field.primary and len(keys) == 1
            indexes.append(Index((name,), "", field.unique or single, single, at=at))
    for path, relation in model.relations.values():
        if not owns(relation):
            continue
        name, at = relation_column(models, model, relation), located(relation.at, path)
        columns.setdefault(name.lower(), Column(name, "", relation.nullable, at=at))
        if relation.discriminator:
            kind = relation.discriminator
            columns.setdefault(kind.lower(), Column(kind, "VARCHAR", relation.nullable, at=at))
        link = links.of(model).get(relation.name)
        if link is not None and relation.constrained:
            foreign.append(ForeignKey((name,), link.target.table, (link.other,), at))
        if relation.indexed or relation.unique or (relation.primary and len(keys) == 1):
            single = relation.primary and len(keys) == 1
            indexes.append(Index((name,), "", relation.unique or single, single, at=at))
    if len(keys) > 1:
        named = tuple(own_column(models, model, key) or key for key in keys)
        indexes.append(Index(named, unique=True, primary=True))
    for path, index in model.indexes:
        named = tuple(
            each if each.startswith("(") else own_column(models, model, each) or each
            for each in index.columns
        )
        indexes.append(
            Index(named, index.name, index.unique, index.primary, index.where, index.method,
                  located(index.at, path))
        )  # fmt: skip
    return Table(
        model.table,
        tuple(columns.values()),
        tuple(indexes),
        tuple(foreign),
        model.fact.dialect or dialect,
        at=located(model.fact.at, model.path),
    )


def merged(known: Table | None, described_: Table) -> Table:
    """One table of what two sources say; the first is trusted where they differ.

    A number or a text there may be an enumeration in the code.
    """
    if known is None:
        return with_key_indexes(described_)
    kinds = {relaxed(column.name) for column in described_.columns if column.type == "ENUM"}
    columns = [
        msgspec.structs.replace(column, type="ENUM") if relaxed(column.name) in kinds else column
        for column in known.columns
    ]
    spelled = {relaxed(column.name): column.name for column in columns}
    for column in described_.columns:
        if relaxed(column.name) not in spelled:
            spelled[relaxed(column.name)] = column.name
            columns.append(column)

    def respelled(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            name if name.startswith("(") else spelled.get(relaxed(name), name) for name in names
        )

    indexes = list(known.indexes)
    has_key = any(index.primary for index in indexes)
    for index in described_.indexes:
        names = respelled(index.columns)
        same = any(
            tuple(c.lower() for c in each.columns) == tuple(c.lower() for c in names)
            and each.where == index.where
            and (each.unique or not index.unique)
            for each in indexes
        )
        if not same:
            # Where the table has another key by now, that of the model still finds one row.
            primary = index.primary and not has_key
            indexes.append(msgspec.structs.replace(index, columns=names, primary=primary))
    foreign = list(known.foreign_keys)
    for key in described_.foreign_keys:
        names = respelled(key.columns)
        if not any(tuple(each.columns) == names for each in foreign):
            foreign.append(msgspec.structs.replace(key, columns=names))
    return with_key_indexes(
        msgspec.structs.replace(
            known, columns=tuple(columns), indexes=tuple(indexes), foreign_keys=tuple(foreign)
        )
    )


def with_key_indexes(table: Table) -> Table:
    """With the indexes that the engine makes for foreign keys by itself."""
    if table.dialect not in INDEX_FOREIGN_KEYS:
        return table
    indexes = list(table.indexes)
    for key in table.foreign_keys:
        wanted = [column.lower() for column in key.columns]
        if not any([c.lower() for c in i.columns[: len(wanted)]] == wanted for i in indexes):
            indexes.append(Index(key.columns, at=key.at))
    return msgspec.structs.replace(table, indexes=tuple(indexes))
