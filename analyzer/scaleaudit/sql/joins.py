"""What a join asks of the tables on its two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from scaleaudit.facts import Clause, Predicate
from scaleaudit.sql.predicates import beside_a_join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.sql.blocks import Block


def looked_up(
    block: Block, join: exp.Join, found: Iterable[Predicate], chosen: list[Predicate]
) -> Iterator[Predicate]:
    """What an outer join looks for: rows of the side that may be missing, for each of the other.

    A condition in WHERE on that side makes an inner join of it, which may begin at either side.
    """
    alias = join.this.alias_or_name.lower() if isinstance(join.this, exp.Table) else ""
    source = block.sources.get(alias)
    asked = map(beside_a_join, found)
    if join.side != "LEFT" or source is None or not source.table:
        yield from asked
        return
    inner = any(
        p.source in (source.number, 0) and p.operator != "is-null" and not p.alternative
        for p in chosen
    )
    yield from (p for p in asked if inner or p.source == source.number)


def used(block: Block, join: exp.Join) -> Iterator[Predicate]:
    """USING (c): both sides have the column; the left side only when it is one table."""
    alias = join.this.alias_or_name.lower()
    position = list(block.sources).index(alias) if alias in block.sources else -1
    sides = list(block.sources.values())
    chosen = [sides[position]] if position >= 0 else []
    if position == 1:
        chosen.insert(0, sides[0])
    # Rows that are no table's (`unnest`, VALUES, a subquery) are a list that the column is in.
    operator = "=" if all(side.table for side in chosen) else "in"
    for column in join.args["using"]:
        for side in chosen:
            if side.table:
                yield Predicate(
                    side.table, column.name.lower(), operator, Clause.JOIN, source=side.number
                )
