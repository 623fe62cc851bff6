"""A foreign key whose column no index leads with."""

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
    QueryFound,
    Severity,
    is_foreign_key_served,
    judge_query,
    rule,
)
from scaleaudit_rules.data._tables import FAST_GROWTH, REACH, create_index, engine_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import ForeignKey, Site, Table

# Engines that index the child by themselves (their manuals on FOREIGN KEY).
INDEXING_ENGINES = {"mysql", "h2", "hsqldb"}


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
    schema = architecture.schema
    uses: dict[str, list[Site[QueryFound]]] = {}
    for site in architecture.sites(QueryFound):
        if site.origin in REACH:
            for name in dict.fromkeys((*site.fact.reads, *site.fact.writes)):
                uses.setdefault(name, []).append(site)
    for name, table in sorted(schema.tables.items()):
        if table.growth is Growth.STATIC or name in ignored:
            continue
        engine = engine_of(architecture, table)
        if engine in INDEXING_ENGINES:
            continue
        seen: set[str] = set()
        for key in table.foreign_keys:
            parent = schema.table(key.table)
            if parent is not None and parent.growth is Growth.STATIC:
                continue  # its rows stay, and few of its keys fill the column: an index is no help
            leading = key.columns[0].lower()
            if leading not in seen and not is_foreign_key_served(table, key.columns):
                seen.add(leading)
                yield problem(table, key, engine, uses)


def problem(
    table: Table, key: ForeignKey, engine: str, uses: dict[str, list[Site[QueryFound]]]
) -> Problem:
    column = table.column(key.columns[0])
    place = (column.at if column is not None else None) or key.at or table.at
    assert place is not None  # a replayed table knows where it stands
    evidence = [Evidence(place, f"refers to {key.table}")]
    if key.at is not None and key.at.line != place.line:
        evidence.append(Evidence(key.at, "the foreign key"))
    wanted = {c.lower() for c in key.columns}
    queries = [site for site in uses.get(table.name, ()) if needs_index(site.fact, table, wanted)]
    deletes = [
        site
        for site in uses.get(key.table, ())
        if key.table in site.fact.writes
        and key.table not in site.fact.inserts
        and site.fact.text.lstrip().lower().startswith(("delete", "with"))
    ]
    evidence.extend(Evidence(site.at, site.fact.text) for site in (*queries, *deletes)[:10])
    columns = tuple(key.columns)
    grows = table.growth in FAST_GROWTH
    return Problem(
        subject=f"{table.name}.{','.join(columns)}",
        message=(
            f"{table.name}.{listed(columns)} refers to {key.table} and has no index: each join to "
            f"{table.name}, and each delete in {key.table}, reads the whole table."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "columns": list(columns),
            "clause": ["join"],
            "engine": engine or None,
            "suggested_index": create_index(table.name, columns, engine),
            "origin": queries[0].origin.value if queries else None,
            "growth": table.growth.value,
            "references": key.table,
        },
        severity=severity(bool(queries), bool(deletes), grows),
        # Without an engine's name it may be MySQL, which makes the index.
        confidence=Confidence.HIGH if engine else Confidence.LOW,
    )


def needs_index(query: QueryFound, table: Table, columns: set[str]) -> bool:
    """Whether the query looks rows up by the columns, and finds them by no other index."""
    if not any(p.table == table.name and p.column in columns for p in query.predicates):
        return False
    return any(
        judged.table is table
        and judged.verdict.is_problem
        and columns & {column.lower() for column in judged.verdict.columns}
        for judged in judge_query(query.predicates, [table], query.limited)
    )


def severity(queried: bool, parent_deleted: bool, grows: bool) -> Severity:
    """Nobody waits for an index that nothing asks for: what is seen to need it comes first."""
    if queried and grows:
        return Severity.HIGH
    return Severity.MEDIUM if queried or (parent_deleted and grows) else Severity.LOW
