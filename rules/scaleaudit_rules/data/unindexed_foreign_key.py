"""A foreign key whose column no index leads with."""

from __future__ import annotations

import re
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
    QueryFound,
    Severity,
    add_indexes,
    create_index,
    few_values,
    is_foreign_key_served,
    regex,
    rule,
)
from scaleaudit_rules._telling import (
    MANY,
    SEVERAL,
    all_statements,
    called,
    listed,
    named,
    named_columns,
)
from scaleaudit_rules.data._growth_signs import kept_by_hand, worth_an_index
from scaleaudit_rules.data._tables import (
    FAST_GROWTH,
    INDEXING_ENGINES,
    REACH,
    application_at,
    unserved,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scaleaudit.api import ForeignKey, Site, Table

DELETED = regex(
    r"\bdelete\s+(?:from\s+)?(?:only\s+)?(?:[\w\"`\[\]]+\.)?[\"`\[]?(\w+)", re.IGNORECASE
)
HAVE = {"refers": "has", "refer": "have"}


class UnindexedForeignKeyOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Child tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA, Dimension.TRAFFIC),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.TO_1K,
    fixes=("indexes",),
    options=UnindexedForeignKeyOptions,
)
def unindexed_foreign_key(
    architecture: Architecture, options: UnindexedForeignKeyOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    deleted = deletes(architecture)
    # The rule on queries names these columns, with an index that serves the query besides.
    told = {
        (judged.table.name, judged.verdict.columns[0].lower())
        for site, judged in unserved(architecture)
        if worth_an_index(site, judged.table, judged.verdict.columns[0])
    }
    by_parent: dict[tuple[str, str], list[Problem]] = {}
    unasked: dict[str, list[Problem]] = {}
    for table, key, engine in unserved_keys(architecture, deleted.keys()):
        if table.name in ignored or any((table.name, each) in told for each in telling(table, key)):
            continue
        parent_at = architecture.schema.table(key.table)
        kept = parent_at is not None and kept_by_hand(parent_at)
        found = problem(table, key, engine, [] if kept else deleted.get(key.table, []))
        application = application_at(architecture, table.at)
        if found.severity is Severity.LOW:
            unasked.setdefault(application, []).append(found)
        else:
            by_parent.setdefault((application, key.table), []).append(found)
    few: dict[str, list[Problem]] = {}
    for (application, parent), keys in by_parent.items():
        if len(keys) < MANY:
            few.setdefault(application, []).extend(keys)
        else:
            yield many(parent, keys, deleted[parent])
    for application, keys in few.items():
        if len(keys) < SEVERAL:
            yield from keys
        else:
            yield often_deleted(application, keys)
    for application, keys in unasked.items():
        if len(keys) < SEVERAL:
            yield from keys
        else:
            yield never_asked(application, keys)


def unserved_keys(
    architecture: Architecture, deleted: Collection[str]
) -> Iterator[tuple[Table, ForeignKey, str]]:
    """The references of tables that grow to tables that change, without an index; the engine too.

    `deleted`: the tables of which rows are deleted, not only marked so.
    """
    schema = architecture.schema
    for _, table in sorted(schema.tables.items()):
        engine = table.dialect
        if table.growth is Growth.STATIC or engine in INDEXING_ENGINES:
            continue
        seen: set[frozenset[str]] = set()
        for key in table.foreign_keys:
            parent = schema.table(key.table)
            if parent is not None and parent.growth is Growth.STATIC:
                continue  # its rows stay, and few of its keys fill the column: an index is no help
            columns = frozenset(each.lower() for each in key.columns)
            all_rows = key.table in deleted
            if columns not in seen and not is_foreign_key_served(
                table, key.columns, deleted=all_rows
            ):
                seen.add(columns)
                yield table, key, engine


def telling(table: Table, key: ForeignKey) -> list[str]:
    """The columns of a key of which an index alone would serve it: not a flag, nor a tenant."""
    names = [each.lower() for each in key.columns]
    few = {each for each in names if each == table.tenant or few_values(table, each)}
    return [each for each in names if each not in few] or names


def deletes(architecture: Architecture) -> dict[str, list[Site[QueryFound]]]:
    """Where rows of each table are deleted."""
    found: dict[str, list[Site[QueryFound]]] = {}
    for site in architecture.sites(QueryFound):
        query = site.fact
        emptied = {name.lower() for name in DELETED.findall(query.text)}
        if site.origin in REACH and emptied:
            for name in dict.fromkeys(query.writes):
                if name.lower() in emptied:
                    found.setdefault(name, []).append(site)
    return found


def problem(table: Table, key: ForeignKey, engine: str, deleted: list[Site[QueryFound]]) -> Problem:
    column = table.column(key.columns[0])
    place = (column.at if column is not None else None) or key.at or table.at
    assert place is not None  # a replayed table knows where it stands
    evidence = [Evidence(place, f"refers to {key.table}")]
    if key.at is not None and key.at.line != place.line:
        evidence.append(Evidence(key.at, "the foreign key"))
    evidence.extend(Evidence(site.at, site.fact.text) for site in deleted[:10])
    columns = tuple(key.columns)
    refer = "refers" if len(columns) == 1 else "refer"
    return Problem(
        subject=f"{table.name}.{','.join(columns)}",
        message=(
            f"{table.name}.{listed(columns)} {refer} to {key.table} and {HAVE[refer]} no index: each "
            f"delete in {key.table}, and each join from it to {table.name}, reads the whole table."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "columns": list(columns),
            "clause": ["join"],
            "engine": engine or None,
            "suggested_index": create_index(table, columns),
            "origin": deleted[0].origin.value if deleted else None,
            "growth": table.growth.value,
            "references": key.table,
        },
        # Nobody waits for an index that nothing asks for: what is seen to need it comes first.
        severity=Severity.MEDIUM if deleted and table.growth in FAST_GROWTH else Severity.LOW,
        # Without an engine's name it may be MySQL, which makes the index.
        confidence=Confidence.HIGH if engine else Confidence.LOW,
        statements=add_indexes([(table, columns)]),
    )


def many(parent: str, keys: list[Problem], deleted: list[Site[QueryFound]]) -> Problem:
    """One delete that searches many tables is one slow statement."""
    return together(
        keys,
        subject=f"references to {parent}",
        message=(
            f"{len(keys)} columns refer to {parent} and have no index, {named_columns(subjects(keys))}: each "
            f"delete in {parent} reads all their tables from end to end."
        ),
        asking=tuple(Evidence(site.at, site.fact.text) for site in deleted[:10]),
    )


def often_deleted(application: str, keys: list[Problem]) -> Problem:
    parents = sorted({str(key.data["references"]) for key in keys})
    return together(
        keys,
        subject=f"references to what {called(application)} deletes",
        message=(
            f"{len(keys)} foreign keys have no index, {named_columns(subjects(keys))}, and rows of what they "
            f"refer to are deleted ({named(parents)}): each delete reads the whole tables."
        ),
        asking=tuple(dict.fromkeys(e for k in keys for e in k.evidence[1:]))[:10],
    )


def never_asked(application: str, keys: list[Problem]) -> Problem:
    return together(
        keys,
        subject=f"references of {application}" if application else "references",
        message=(
            f"{len(keys)} foreign keys have no index, {named_columns(subjects(keys))}: no search that was seen "
            "here would gain much by one, but a delete in the parent, or a join from it, reads the whole table."
        ),
    )


def together(
    keys: list[Problem], subject: str, message: str, asking: tuple[Evidence, ...] = ()
) -> Problem:
    return Problem(
        subject=subject,
        message=message,
        evidence=(*(Evidence(k.evidence[0].at, k.subject) for k in keys), *asking),
        data={
            "columns": subjects(keys),
            "engine": keys[0].data["engine"],
            "suggested_indexes": [str(key.data["suggested_index"]) for key in keys],
        },
        severity=keys[0].severity,
        confidence=min((k.confidence for k in keys if k.confidence), key=lambda c: c.rank),
        statements=all_statements(keys),
    )


def subjects(keys: list[Problem]) -> list[str]:
    return [key.subject for key in keys]
