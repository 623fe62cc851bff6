"""Queries of Doctrine's DBAL, which name tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, QueryFound
from scaleaudit.languages.php.doctrine.expressions import ROOT_ALIAS

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.conditions import Built
    from scaleaudit.languages.php.reader import PhpReader


def on_tables(reader: PhpReader, node: Node, built: Built, text: str) -> QueryFound:
    """The query as it asks tables, without classes."""
    named = {
        alias: meaning[1:] if meaning.startswith("#") else built.table
        for alias, meaning in built.aliases.items()
    }
    tables = dict.fromkeys([built.table, *named.values()])
    found = []
    for condition in built.conditions():
        alias, dot, column = condition.path.partition(".")
        if not dot and condition.clause is Clause.SORT and alias in built.results:
            continue  # sorted by what is computed, not by a column
        table = named.get(alias, alias if alias in tables else "") if dot else ""
        table = built.table if alias == ROOT_ALIAS else table
        only = built.table if len(tables) == 1 else ""
        found.append(condition.on(table or only, (column if dot else alias).lower()))
    changes = built.writes or built.deletes or built.inserts
    return QueryFound(
        at=reader.span(node),
        text=text,
        reads=() if changes else tuple(tables),
        writes=(built.table,) if changes else (),
        predicates=tuple(found),
        limited=built.limited,
        aggregate=built.aggregate,
        partial=built.partial or bool(built.scopes),
        in_loop=reader.in_loop(node),
        library="doctrine",
        scope=reader.scope(node),
        grouped=built.grouped,
        inserts=(built.table,) if built.inserts else (),
        seldom=reader.is_seldom(node),
    )
