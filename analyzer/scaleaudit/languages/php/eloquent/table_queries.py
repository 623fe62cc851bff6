"""Queries of Laravel's query builder, which name tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import QueryFound

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.conditions import Built
    from scaleaudit.languages.php.reader import PhpReader


def on_table(reader: PhpReader, node: Node, built: Built, text: str) -> QueryFound:
    """The query as it asks tables, without models."""
    tables = dict.fromkeys([built.table, *built.aliases.values()])
    found = []
    for condition in built.conditions():
        first, _, rest = condition.path.partition(".")
        table = built.aliases.get(first.lower(), first.lower() if first.lower() in tables else "")
        column = rest if table and rest else condition.path
        only = built.table if len(tables) == 1 else ""
        column, _, key = column.partition(".")
        function = f"->{key}" if key else None
        found.append(condition.on(table or only, column.lower(), function=function))
    changes = built.writes or built.deletes or built.inserts
    return QueryFound(
        at=reader.span(node),
        text=text,
        reads=() if changes else tuple(tables),
        writes=(built.table,) if changes else (),
        predicates=tuple(found),
        limited=built.limited,
        aggregate=built.aggregate,
        partial=built.partial,
        in_loop=reader.in_loop(node),
        streamed=built.streamed,
        library="laravel",
        scope=reader.scope(node),
        inserts=(built.table,) if built.inserts else (),
        grouped=built.grouped,
        skips=built.skips,
        seldom=reader.is_seldom(node),
    )
