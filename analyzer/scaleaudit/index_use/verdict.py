"""What is decided about one mention of a table in a query."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scaleaudit.schema import Index


class Why(StrEnum):
    """The reason of a verdict."""

    UNIQUE = "unique"  # a primary or unique key finds the row
    INDEX = "index"
    ALTERNATIVES = "alternatives"  # every side of an OR has an index
    ORDER = "order"  # the index gives the rows in order
    NOTHING_ASKED = "nothing-asked"  # no predicate that an index could serve
    UNKNOWN_COLUMNS = "unknown-columns"  # the schema does not know the columns
    NOT_INDEXABLE = "not-indexable"  # patterns, negations, full text, opaque functions
    FEW_VALUES = "few-values"  # an index on such columns would hardly be used
    MISSING = "missing"
    HIDDEN = "hidden"  # an index exists, but a function around the column hides it
    ONE_SIDE = "one-side"  # a side of an OR has no index
    SORT = "sort"  # ORDER BY ... LIMIT sorts the whole table


PROBLEMS = {Why.MISSING, Why.HIDDEN, Why.ONE_SIDE, Why.SORT}


class Verdict(msgspec.Struct, frozen=True):
    """`columns`: what an index should be made of, in order, when none serves or one might help."""

    served: bool
    why: Why
    index: Index | None = None
    columns: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()  # further indexes that the other sides of an OR miss

    @property
    def is_problem(self) -> bool:
        """Neither served nor benign."""
        return self.why in PROBLEMS
