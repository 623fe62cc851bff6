"""Indexes that migrations make on tables which only models define, and that no model declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import TableChanged
from scaleaudit.linking.models.migrated import named_models, table_of
from scaleaudit.schema import Index, Table
from scaleaudit.schemas.ordering import running_order, undoes
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scaleaudit.facts import IndexFact
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.models import Models


def with_raw_indexes(
    tables: Mapping[str, Table], index: FactsIndex, replayed: Collection[str], models: Models
) -> dict[str, Table]:
    """The tables with what is made and dropped by hand, in the order of the migrations.

    `replayed`: tables whose history is known, and holds such steps already.
    """
    found = dict(tables)
    named = named_models(models)
    made_here: set[int] = set()  # those that no model declares
    steps = [
        (path, fact)
        for path, fact in index.of(TableChanged)
        if fact.action in ("add-index", "drop-index")
        and index.role(path) in (Role.SOURCE, Role.MIGRATION)
        and not undoes(path)
    ]
    steps.sort(key=lambda step: running_order(step[0]))
    for path, fact in steps:
        if fact.model and not (fact.name or (fact.index is not None and fact.index.name)):
            continue  # of a field, whose model says the last word
        table = found.get(table_of(path, fact.model, named) if fact.model else fact.table)
        if table is None or table.name in replayed:
            continue
        if fact.model and fact.index is not None and not may_stay(fact.index, table):
            continue
        if fact.action == "add-index" and fact.index is not None:
            made = fact.index
            added = Index(
                in_table(made, table), made.name, made.unique, made.primary, made.where, made.method,
                made.at.in_file(path),
            )  # fmt: skip
            if not any(same_index(added, each) for each in table.indexes):
                made_here.add(id(added))
                found[table.name] = msgspec.structs.replace(table, indexes=(*table.indexes, added))
        elif fact.action == "drop-index" and fact.name:
            kept = tuple(
                each
                for each in table.indexes
                if each.name.lower() != fact.name.lower()
                or (fact.model and id(each) not in made_here)
            )
            found[table.name] = msgspec.structs.replace(table, indexes=kept)
        elif fact.action == "drop-index" and fact.index is not None:
            columns = in_table(fact.index, table)
            kept = tuple(
                each
                for each in table.indexes
                if each.columns != columns or id(each) not in made_here
            )
            found[table.name] = msgspec.structs.replace(table, indexes=kept)
    return found


def in_table(made: IndexFact, table: Table) -> tuple[str, ...]:
    """The columns of an index, of which a step may name the fields: `author` for `author_id`."""
    known = {column.name.lower() for column in table.columns}
    return tuple(
        f"{each}_id" if each.lower() not in known and f"{each.lower()}_id" in known else each
        for each in made.columns
    )


def may_stay(made: IndexFact, table: Table) -> bool:
    """An index of a migration on columns that the table still has; for a key, the model's word counts."""
    columns = {column.name.lower() for column in table.columns}
    return not made.unique and all(
        each.startswith("(") or each.lower() in columns for each in made.columns
    )


def same_index(one: Index, other: Index) -> bool:
    return (
        tuple(c.lower() for c in one.columns) == tuple(c.lower() for c in other.columns)
        and one.where == other.where
        and (other.unique or not one.unique)
    )
