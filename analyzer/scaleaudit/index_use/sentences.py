"""Why a query is served or not, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.index_use.verdict import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.index_use.verdict import Verdict
    from scaleaudit.schema import Index


def sentence(verdict: Verdict, asked: Sequence[Predicate]) -> str:
    """What finds the rows, or what is missing."""
    index, columns = verdict.index, ", ".join(verdict.columns)
    match verdict.why:
        case Why.UNIQUE:
            return f"{_kind(index)} finds the row"
        case Why.INDEX:
            return f"{_kind(index)} leads with what is asked"
        case Why.ALTERNATIVES:
            return "each side of the OR has an index"
        case Why.ORDER:
            return f"{_kind(index)} gives the rows in order"
        case Why.NOTHING_ASKED:
            return "nothing is asked that an index could serve"
        case Why.UNKNOWN_COLUMNS:
            unknown = listed(p.column for p in asked)
            return f"the schema does not show all of {unknown}"
        case Why.NOT_INDEXABLE:
            return "no B-tree serves such a condition"
        case Why.FEW_VALUES:
            return (
                f"{listed(p.column for p in asked)} has few values: an index would hardly be used"
            )
        case Why.HIDDEN:
            return f"an index exists, but the function hides the column from it; one on {columns} would serve"
        case Why.ONE_SIDE:
            return f"one side of the OR has no index; one on {columns} would serve"
        case Why.SORT:
            return f"the whole table is sorted for a few rows; an index on {columns} would serve"
        case Why.MISSING:
            if index is not None:
                return f"many rows share a value of {index.columns[0]}, with which {_kind(index)} begins; one on {columns} would serve"
            return f"no index leads with any of it; one on {columns} would serve"


def listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names)) or "it"


def _kind(index: Index | None) -> str:
    if index is None:
        return "an index"
    kind = "the primary key" if index.primary else "a unique key" if index.unique else "the index"
    condition = f" where {index.where}" if index.where else ""
    return f"{kind} ({', '.join(index.columns)}){condition}"


def conditions(asked: Iterable[Predicate]) -> str:
    """`customer_id =, placed_at >, by placed_at`: what a query asks of one table."""
    said = []
    for each in asked:
        closed = ")" * (each.function.count("(") + 1)
        column = f"{each.function}({each.column}{closed}" if each.function else each.column
        if each.function.startswith("->"):
            column = f"{each.column}{each.function}"
        if each.clause is Clause.SORT:
            said.append(f"by {column}")
        elif each.clause is Clause.JOIN:
            said.append(f"{column} = (join)")
        else:
            said.append(f"{column} {each.operator}")
    return ", ".join(dict.fromkeys(said))
