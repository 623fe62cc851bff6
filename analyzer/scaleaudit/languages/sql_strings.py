"""SQL statements in the string literals of any language.

A byte search finds candidates, the tree tells which string they stand in, and only those are
parsed as SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.sql import looks_like_sql, read_query, sql_starts
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.reader import Reader

MAX_STATEMENTS = 2_000  # of one file


def queries_in_strings(reader: Reader) -> Iterator[QueryFound]:
    """Every statement that stands in a string literal (or a sum of them) of the file."""
    seen: set[int] = set()
    end = 0
    for start in sql_starts(reader.content):
        if start < end or len(seen) >= MAX_STATEMENTS:
            continue
        node = string_around(reader, start)
        if node is None or node.id in seen:
            continue
        seen.add(node.id)
        end = node.end_byte
        value = reader.statement(node)
        text = text_with_holes(value)
        if not looks_like_sql(text):
            continue
        query = read_query(
            text,
            reader.span(node),
            partial="{}" in text,
            in_loop=reader.in_loop(node),
            scope=reader.scope(node),
        )
        if query is not None:
            yield query


def string_around(reader: Reader, offset: int) -> Node | None:
    """The outermost string expression at a byte: `"a" + "b"` counts as one."""
    node: Node | None = reader.root.descendant_for_byte_range(offset, offset + 1)
    found: Node | None = None
    for _ in range(12):
        if node is None:
            break
        if node.type in reader.STRINGS:
            found = node
        elif found is not None:
            break
        node = node.parent
    return found
