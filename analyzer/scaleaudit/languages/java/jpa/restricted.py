"""Conditions that Hibernate adds to every query of an entity: `@SQLRestriction("deleted = false")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, ScopeDefined
from scaleaudit.languages.java.jpa.columns import text_of
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jvm import JvmReader

NAMES = ("Where", "SQLRestriction")
MAX_CLAUSE = 2_000  # characters


def standing_conditions(
    reader: JvmReader, kind: Node, entity: str, notes: dict[str, CallSite]
) -> Iterator[ScopeDefined]:
    """Of an entity's own annotations; those that stand on a relation narrow only what it loads."""
    for name in NAMES:
        site = notes.get(name)
        clause = text_of(reader, site, "clause", "value")
        if not clause or len(clause) > MAX_CLAUSE or "${" in clause:
            continue
        query = read_query(f"SELECT * FROM t WHERE {clause}", Span(1))
        if query is None or query.partial:
            continue
        conditions = tuple(
            Condition(
                each.column, each.operator, each.clause, each.function, each.alternative,
                each.group, each.branch, True,
            )
            for each in query.predicates
            if each.clause is Clause.FILTER and each.table in ("", "t")
        )  # fmt: skip
        if conditions:
            yield ScopeDefined(
                reader.span(kind), "jpa", entity, name, conditions, text=clause, always=True
            )
