"""Indexes that another index makes needless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Growth,
    Layer,
    Options,
    Phase,
    Problem,
    Severity,
    rule,
)
from scaleaudit_rules._telling import called, named_columns
from scaleaudit_rules.data._tables import FAST_GROWTH, application_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Index, Table


class OverIndexedTableOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables whose indexes are as they should be."""


@rule(
    dimensions=(Dimension.DATA, Dimension.COST),
    layer=Layer.ENGINEERING,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("drop-indexes",),
    options=OverIndexedTableOptions,
)
def over_indexed_table(
    architecture: Architecture, options: OverIndexedTableOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[str, list[tuple[Table, Index, Index]]] = {}
    for name, table in sorted(architecture.schema.tables.items()):
        if name in ignored or table.growth is Growth.STATIC or table.columnar:
            continue
        for needless, wider in covered(table):
            application = application_at(architecture, table.at)
            found.setdefault(application, []).append((table, needless, wider))
    for application, pairs in sorted(found.items()):
        yield problem(application, pairs)


def covered(table: Table) -> Iterator[tuple[Index, Index]]:
    """(needless, the one that does its work), each needless index once."""
    for position, index in enumerate(table.indexes):
        if index.unique or index.primary or index.at is None or not index.columns:
            continue
        if left_to_the_key(table, index) or comes_with_the_table(table, index):
            continue
        for other_position, other in enumerate(table.indexes):
            if other_position == position or other.where != index.where:
                continue
            if not same(other.columns[: len(index.columns)], index.columns):
                continue
            if written(index) and other.at is not None and not written(other):
                continue
            if (other.method or "btree") != (index.method or "btree"):
                continue
            if (index.method or "btree") != "btree":
                continue
            if not {c.lower() for c in index.carries} <= {
                c.lower() for c in (*other.columns, *other.carries)
            }:
                continue  # answers from the index alone what the other one cannot
            longer = len(other.columns) > len(index.columns)
            twice = len(other.columns) == len(index.columns) and (
                other.unique
                or other.primary
                or (other_position < position and together(index, other))
            )
            if longer or twice:
                yield index, other
                break


def written(index: Index) -> bool:
    """In SQL, as the database has it; what a class says beside that may never have been carried out."""
    return index.at is not None and index.at.path.endswith(".sql")


def left_to_the_key(table: Table, index: Index) -> bool:
    """MySQL's own index of a foreign key, which it makes only where no other one begins with it.

    Mappers tell such an index in the place of the reference, and leave it to the engine.
    """
    return (
        table.dialect == "mysql"
        and not index.name
        and any(
            key.at == index.at and same(key.columns, index.columns) for key in table.foreign_keys
        )
    )


def comes_with_the_table(table: Table, index: Index) -> bool:
    """Of a table that a mapper makes between two models, with indexes that nobody can leave out."""
    return table.at is not None and index.at == table.at and not table.model and not written(index)


def together(index: Index, other: Index) -> bool:
    """Told in one folder: a schema file and the migrations beside it may tell one index twice."""
    folders = {each.at.path.rpartition("/")[0] for each in (index, other) if each.at is not None}
    return len(folders) == 1


def same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return tuple(c.lower() for c in one) == tuple(c.lower() for c in other)


def problem(application: str, pairs: list[tuple[Table, Index, Index]]) -> Problem:
    """All of an application as one, those of the fastest tables first."""
    pairs = sorted(pairs, key=lambda p: (p[0].growth not in FAST_GROWTH, p[0].name, p[1].columns))
    subjects = [f"{table.name}.{','.join(index.columns)}" for table, index, _ in pairs]
    table, index, wider = pairs[0]
    evidence: list[Evidence] = []
    for _, each, other in pairs:
        if each.at is not None:
            evidence.append(Evidence(each.at, f"{shown(other)} serves it as well"))
    if len(pairs) == 1:
        if wider.at is not None:
            evidence.append(Evidence(wider.at, "the index that does its work"))
        message = (
            f"The index on {table.name} ({', '.join(index.columns)}) does nothing that {shown(wider)} "
            "does not: each write keeps both."
        )
    else:
        message = (
            f"{len(pairs)} indexes do nothing that others of their tables do not: {named_columns(subjects)}. "
            "Each write keeps them, and they take room in memory."
        )
    return Problem(
        subject=subjects[0] if len(pairs) == 1 else f"indexes of {called(application)}",
        message=message,
        evidence=tuple(evidence),
        data={"columns": subjects, "tables": sorted({table.name for table, _, _ in pairs})},
    )


def shown(index: Index) -> str:
    kind = "the key" if index.primary else "the unique" if index.unique else "the one on"
    return f"{kind} ({', '.join(index.columns)})"
