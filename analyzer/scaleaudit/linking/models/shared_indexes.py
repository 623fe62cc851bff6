"""Indexes of references that a mapper leaves out, as another index begins with their column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from scaleaudit.schema import Index, Table


def without_shared(indexes: list[Index], known: Table | None) -> list[Index]:
    """Without unnamed indexes of one column with which another index begins."""
    every = [*indexes, *(known.indexes if known is not None else ())]

    def begins(index: Index) -> bool:
        wanted = relaxed(index.columns[0])
        return any(
            other is not index
            and relaxed(other.columns[0]) == wanted
            and (len(other.columns) > 1 or bool(other.name) or other.unique)
            for other in every
            if other.columns and not other.where
        )

    return [
        index
        for index in indexes
        if index.unique or index.name or len(index.columns) > 1 or not begins(index)
    ]
