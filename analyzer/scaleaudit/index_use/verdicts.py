"""Whether an index of a table serves what a query asks of it: decided here, once, for all.

The rules are those that B-tree engines share (PostgreSQL, "Multicolumn Indexes" and "Partial
Indexes"; MySQL, "Multiple-Column Indexes" and "Index Merge"; SQLite, "The Query Planner"): an
index helps when its leading columns are compared for equality, then at most one by range, then
the order of rows may come from it. What no B-tree can serve, or what is not worth an index, is
called benign: neither served nor a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.index_use.alternatives import every_or, finds_empty, serving_side, sides_of
from scaleaudit.index_use.matching import (
    EQUALITY,
    GONE,
    HIDDEN_COLUMNS,
    RANGE,
    USUAL,
    after_tenant,
    asked_kinds,
    index_of_any_place,
    is_kind_key,
    is_lookup,
    is_reference,
    kinds_beside,
    matches,
    names_its_rows,
    same_name,
    servable,
    serving,
    tells_little,
    usually_absent,
)
from scaleaudit.index_use.orders import in_order
from scaleaudit.index_use.partial_indexes import condition_holds
from scaleaudit.index_use.searched_keys import (
    beside_key_range,
    beside_kind,
    key_beside_kind,
    leading_rank,
)
from scaleaudit.index_use.verdict import Verdict, Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Index, Table

# Functions that an index takes as a statement writes them.
WRITTEN_AS_NAMED = frozenset({"lower", "upper", "trim", "date", "md5", "year", "month", "day"})


def judge(table: Table, predicates: Sequence[Predicate], limited: bool) -> Verdict:
    """How the table's part of one query is served.

    `predicates` are those of one mention of the table (see `by_mention`), or of the whole query
    when mentions are not told apart; those of other tables do not count. `limited`: the query
    ends with LIMIT, so a sort that no index gives has to look at every row first.
    """
    own = [p for p in predicates if p.table == table.name and p.column not in HIDDEN_COLUMNS]
    if not own:
        return Verdict(True, Why.NOTHING_ASKED)
    known = [p for p in own if table.column(p.column) is not None]
    if len(known) < len(own):
        return Verdict(True, Why.UNKNOWN_COLUMNS)
    filters = [p for p in known if p.clause is not Clause.SORT and not p.alternative]
    choices = [p for p in known if p.clause is not Clause.SORT and p.alternative]
    sorts = [p for p in known if p.clause is Clause.SORT]
    asked = [p for p in filters if servable(p)]
    found = serving(table, asked, own)
    if found is not None:
        keys = [] if limited else beside_key_range(found, asked)
        keys = keys or beside_kind(table, found, asked)
        if keys and serving(table, keys, own) is None:
            return _missing(table, keys, keys, sorts)
        return Verdict(True, Why.UNIQUE if is_lookup(found, asked) else Why.INDEX, found)
    for sides in every_or(choices):
        served = [serving_side(table, side, own) for side in sides]
        if served and all(served):
            return Verdict(True, Why.ALTERNATIVES, served[0])
    selective = [p for p in asked if not tells_little(table, p)]
    of_texts = index_of_any_place(table, selective, own)
    if of_texts is not None:
        return Verdict(True, Why.INDEX, of_texts)
    if selective:
        flagged = _index_on_flag(table, asked, own, alone=False)
        if flagged is not None and not key_beside_kind(flagged, asked, selective):
            return Verdict(True, Why.INDEX, flagged)
        return _missing(table, asked, selective, sorts)
    empty = {p.column: i for p in filters for i in table.indexes if finds_empty(i, p, own)}
    absent = [p for p in filters if p.operator == "is-null" and not usually_absent(p)]
    led = any(p.column in empty for p in absent)  # to the rows that an index keeps as empty
    if sides_of(choices) and not led and all(USUAL.match(p.column.lower()) for p in asked):
        return _unserved_sides(table, choices, own, predicates)
    if sorts and limited:
        ordered = in_order(table, asked, sorts, own, predicates)
        flagged = _index_on_flag(table, asked, own, alone=False) if ordered.is_problem else None
        return ordered if flagged is None else Verdict(True, Why.INDEX, flagged)
    if asked:
        flagged = _index_on_flag(table, asked, own, alone=True)
        if flagged is not None:
            return Verdict(True, Why.INDEX, flagged)
        return Verdict(False, Why.FEW_VALUES, columns=_few(asked, sorts))
    if empty:
        return Verdict(True, Why.INDEX, next(iter(empty.values())))
    if absent:  # what is not done, sent, ended yet: often the rare rows
        return Verdict(False, Why.FEW_VALUES, columns=_few(absent, sorts) or (absent[0].column,))
    return (
        Verdict(False, Why.NOT_INDEXABLE)
        if filters or choices
        else Verdict(True, Why.NOTHING_ASKED)
    )


def _missing(
    table: Table,
    asked: Sequence[Predicate],
    selective: Sequence[Predicate],
    sorts: Sequence[Predicate],
) -> Verdict:
    """No index leads with any of the columns: propose equality first, then one range or sort."""
    hidden = [p for p in selective if p.function and _has_plain_index(table, p.column)]
    if hidden and len(hidden) == len(selective):
        return Verdict(False, Why.HIDDEN, columns=(_expression(hidden[0]),))
    equal = [p for p in selective if p.operator in EQUALITY]
    equal.sort(key=leading_rank)
    flags = [p for p in asked if p.operator == "=" and p not in selective]
    ranges = [p for p in selective if p.operator in RANGE]
    kinds = (kinds_beside(equal, flags) or asked_kinds(table, flags))[:1] if equal else flags
    wanted = [*equal, *kinds, *ranges[:1]]
    if not ranges and len(equal) == 1:
        wanted.extend(p for p in sorts[:1] if not p.function and p.column not in table.primary_key)
    columns = tuple(dict.fromkeys(_expression(p) for p in wanted))
    if not equal and flags:  # the range is what narrows; a flag in front helps it
        telling = [p for p in flags if not USUAL.match(p.column.lower())]
        columns = tuple(dict.fromkeys(_expression(p) for p in (*telling, *ranges[:1])))
    return Verdict(False, Why.MISSING, _weak(table, flags), columns)


def _weak(table: Table, flags: Sequence[Predicate]) -> Index | None:
    """A whole index that leads with a kind or a flag of the query, which many rows share."""
    return next(
        (i for i in table.indexes if not i.where and any(matches(i.columns[0], p) for p in flags)),
        None,
    )


def _few(asked: Sequence[Predicate], sorts: Sequence[Predicate]) -> tuple[str, ...]:
    """What an index for the rare kinds would be made of: the kinds, then one range or the order."""
    kept = [
        p for p in asked
        if (p.operator in EQUALITY or p.operator == "is-null")
        and not (p.constant and GONE.match(p.column.lower()))  # `deleted = 0`: most rows
    ]  # fmt: skip
    kept.sort(key=lambda p: USUAL.match(p.column.lower()) is not None)
    kinds = [_expression(p) for p in kept]
    ends = [_expression(p) for p in asked if p.operator in RANGE] or [
        p.column for p in sorts if not p.function
    ]
    return tuple(dict.fromkeys((*kinds, *ends[:1])))


def _index_on_flag(
    table: Table, asked: Sequence[Predicate], own: Sequence[Predicate], *, alone: bool
) -> Index | None:
    """An index that leads with a flag of the query: made for the few rows in which it is set.

    `alone`: nothing else is asked, so that any index is as good as there can be. What is there in
    any case, "not deleted" and "active", is true of nearly all rows: besides others it narrows nothing.
    """
    flags = [
        p
        for p in asked
        if p.operator in EQUALITY
        and tells_little(table, p)
        and (alone or not is_kind_key(table, p.column))
    ]
    if not alone or len({p.column for p in flags}) > 1:
        flags = [p for p in flags if not USUAL.match(p.column.lower())]
    looked_up = not alone and any(
        p.operator in EQUALITY and not (p.constant or p.function or tells_little(table, p))
        for p in asked
    )
    named = {p.column.lower() for p in own}
    given = {p.column.lower() for p in asked if p.operator in EQUALITY and not p.function}
    of_flags = {p.column.lower() for p in flags}
    for index in table.indexes if flags else ():
        columns = after_tenant(table, index, named)
        while columns[1:] and columns[0].lower() in given - of_flags:
            if not USUAL.match(columns[0].lower()):
                break
            columns = columns[1:]  # `(deleted, kind)`: "not deleted" stands in front of all
        leads = any(matches(column, flag) for column in columns[:1] for flag in flags)
        if not condition_holds(index, own):
            continue
        single = len(index.columns) == 1
        if leads and looked_up and single and is_reference(table, index.columns[0]):
            continue  # of a list of kinds: made for the key, not for rows in a rare state
        if leads or (index.where and names_its_rows(table, index, asked)):
            return index
    return None


def _expression(predicate: Predicate) -> str:
    around = predicate.function.split("(")
    if WRITTEN_AS_NAMED.issuperset(around):
        return f"({predicate.function}({predicate.column}{')' * (len(around) + 1)}"
    return predicate.column


def _has_plain_index(table: Table, column: str) -> bool:
    return any(i.columns and same_name(i.columns[0], column) and not i.where for i in table.indexes)


def _unserved_sides(
    table: Table,
    choices: Sequence[Predicate],
    own: Sequence[Predicate],
    predicates: Sequence[Predicate],
) -> Verdict:
    """Of several ORs that hold together one is enough: the first that indexes could serve."""
    several = every_or(choices) if all(p.group for p in choices) else [sides_of(choices)]
    told = [_unserved_side(table, sides, own, predicates) for sides in several if sides]
    return next((each for each in told if each.is_problem), told[0])


def _unserved_side(
    table: Table,
    sides: list[list[Predicate]],
    own: Sequence[Predicate],
    predicates: Sequence[Predicate],
) -> Verdict:
    """The first side of an OR without an index, unless that side is none an index could serve."""
    group = next((p.group for side in sides for p in side), 0)
    if group and any(p.table != table.name and p.group == group for p in predicates):
        return Verdict(False, Why.NOT_INDEXABLE)  # sides in two tables: no index of one serves it
    usable = [[p for p in side if servable(p)] for side in sides]
    if not all(usable):
        return Verdict(False, Why.NOT_INDEXABLE)
    if any(all(tells_little(table, p) for p in side) for side in usable):
        return _sides_with_flags(table, usable, own)
    missing: dict[tuple[str, ...], None] = {}
    for side in sides:
        if serving_side(table, side, own) is None:
            selective = [p for p in side if servable(p) and not tells_little(table, p)]
            missing[_expression(selective[0]),] = None
    if not missing:
        return Verdict(True, Why.ALTERNATIVES)
    first, *others = missing
    return Verdict(False, Why.ONE_SIDE, columns=first, others=tuple(others))


def _sides_with_flags(
    table: Table, sides: list[list[Predicate]], own: Sequence[Predicate]
) -> Verdict:
    """An OR of which a side compares flags alone: where indexes find all others, of the rows in its state."""
    lacking = [side for side in sides if serving_side(table, side, own) is None]
    if not all(tells_little(table, p) for side in lacking for p in side):
        return Verdict(False, Why.FEW_VALUES)
    rare = [[p for p in side if not USUAL.match(p.column.lower())] for side in lacking]
    first, *others = [kinds for side in rare if (kinds := _few(side, ()))] or [()]
    return Verdict(False, Why.FEW_VALUES, columns=first, others=tuple(others))
