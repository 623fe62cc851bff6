"""Whole queries: predicates given to their tables, each mention of a table judged by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Predicate
from scaleaudit.index_use.matching import EQUALITY, IDENTIFIES, TEXT_TYPES, few_values, tells_little
from scaleaudit.index_use.verdict import Verdict, Why
from scaleaudit.index_use.verdicts import judge
from scaleaudit.inflection import singular
from scaleaudit.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Judged(msgspec.Struct, frozen=True):
    """One mention of a table in a query, with what was decided about it."""

    table: Table
    predicates: tuple[Predicate, ...]  # those that the table's rows are found by
    verdict: Verdict
    joined: bool = False  # only a join asks for the index
    limited: bool = False  # the first rows alone are wanted, of the query or of an inner SELECT


def judge_query(
    predicates: Sequence[Predicate], tables: Sequence[Table], limited: bool = False
) -> list[Judged]:
    """How each mention of the known `tables` is served; what only the schema can tell is used.

    A join column is looked up when another table of the query is narrowed first; when none is,
    the engine reads both tables anyway and no index is missed.
    """
    by_name = {table.name: table for table in tables}
    asked_of_all = attributed(predicates, tables)
    mentions = by_mention(asked_of_all)
    first = next((p.table for p in asked_of_all if p.clause is Clause.SORT), "")
    found: list[Judged] = []
    for key, own in mentions.items():
        table = by_name.get(key[0])
        if table is None:
            continue
        others = [p for other, theirs in mentions.items() if other != key for p in theirs]
        apart = any(p.apart for p in own)
        few = limited or any(p.apart and p.clause is Clause.SORT for p in own)
        others = [] if apart else others
        narrowed = apart or any(_narrows(p, by_name.get(p.table)) for p in others)
        asked = [p for p in own if narrowed or p.clause is not Clause.JOIN]
        if (
            first != table.name and not apart
        ):  # a second key of an order is in no index that leads with it
            asked = [p for p in asked if p.clause is not Clause.SORT]
        asked = _in_known_order(table, asked)
        joined = bool(asked) and all(p.clause is Clause.JOIN for p in asked)
        foreign = [p for p in others if p.table != table.name]
        if table is tables[0]:  # what is joined to it for further keys of the order does not lead
            ordered = {p.table for p in foreign if p.clause is Clause.SORT}
            foreign = [p for p in foreign if p.clause is not Clause.JOIN or p.table not in ordered]
        driving = [p for p in foreign if not _looked_up(p, by_name.get(p.table))]
        driving = _narrowing(driving, foreign, by_name)
        verdict = judge(table, [*asked, *driving], few)
        if verdict.why is Why.INDEX and reached_from_afar(table, asked, foreign):
            direct = [p for p in asked if p.clause is not Clause.JOIN]
            alone = judge(table, [*direct, *foreign], few)
            verdict = alone if alone.is_problem else verdict
        listed = [p for p in own if p not in asked and _joins_list(p)]
        if verdict.is_problem and listed:  # the list may lead: each of its rows is then looked up
            by_list = judge(table, [*asked, *listed, *foreign], few)
            verdict = by_list if by_list.served else verdict
        if (
            joined
            and not apart
            and len(mentions) > 2
            and verdict.is_problem
            and not _led_to(table, asked, others, by_name)
        ):
            verdict = Verdict(True, Why.NOTHING_ASKED)  # which table leads cannot be told
        found.append(Judged(table, tuple(asked), respelled(table, verdict), joined, few))
    return found


def _in_known_order(table: Table, asked: list[Predicate]) -> list[Predicate]:
    """Without the order from where it goes by what is no column: that orders rows and chooses none."""
    sorts = [p for p in asked if p.clause is Clause.SORT]
    unknown = next((n for n, p in enumerate(sorts) if table.column(p.column) is None), None)
    if unknown is None or len(sorts) == len(asked):
        return asked
    return [p for p in asked if p.clause is not Clause.SORT or p in sorts[:unknown]]


def respelled(table: Table, verdict: Verdict) -> Verdict:
    """With the columns as the schema writes them: SQL without quotes and mappers differ in case."""

    def spelled(names: tuple[str, ...]) -> tuple[str, ...]:
        known = ((name, table.column(name)) for name in names)
        return tuple(name if column is None else column.name for name, column in known)

    columns = spelled(verdict.columns)
    others = tuple(spelled(each) for each in verdict.others)
    if columns == verdict.columns and others == verdict.others:
        return verdict
    return msgspec.structs.replace(verdict, columns=columns, others=others)


def reached_from_afar(table: Table, own: Sequence[Predicate], others: Sequence[Predicate]) -> bool:
    """Rows that can be told apart by a column of theirs, found as the children of children of some row.

    Each step multiplies them: a product's tests, and the findings of each. An index on what
    identifies the row finds it at once.
    """
    if len({p.table for p in others if p.clause is Clause.JOIN}) < 2:
        return False
    return any(
        p.clause is Clause.FILTER
        and not (p.alternative or p.constant or p.function)
        and p.operator in EQUALITY
        and IDENTIFIES.search(p.column.lower()) is not None
        and not tells_little(table, p)
        for p in own
    )


def by_mention(predicates: Iterable[Predicate]) -> dict[tuple[str, int], list[Predicate]]:
    """Predicates by table and mention, in order.

    One that is of no certain mention belongs to the only mention of its table, if there is one; where
    there are several, as in the parts of a UNION, it may belong to each of them.
    """
    known = list(predicates)
    sources: dict[str, set[int]] = {}
    for each in known:
        sources.setdefault(each.table, set()).add(each.source)
    found: dict[tuple[str, int], list[Predicate]] = {}
    for predicate in known:
        others = sources[predicate.table] - {0} if not predicate.source else set()
        for source in sorted(others) or [predicate.source]:
            found.setdefault((predicate.table, source), []).append(predicate)
    return found


def attributed(predicates: Iterable[Predicate], tables: Iterable[Table]) -> list[Predicate]:
    """The predicates, those without a table given to the only one that has the column."""
    candidates = list(tables)
    found: list[Predicate] = []
    for predicate in predicates:
        if predicate.table:
            owners = [t for t in candidates if t.name == predicate.table]
            found.append(_as_it_is(predicate, owners) if predicate.function else predicate)
            continue
        owners = _with_column(candidates, predicate.column)
        if len(owners) == 1:
            of_one = msgspec.structs.replace(predicate, table=owners[0].name)
            if predicate.beside and _with_column(candidates, predicate.beside) == owners:
                of_one = _of_one_row(of_one)
            found.append(_as_it_is(of_one, owners))
    return found


def _with_column(tables: Iterable[Table], column: str) -> list[Table]:
    return [table for table in tables if table.column(column) is not None]


def _of_one_row(predicate: Predicate) -> Predicate:
    """Two columns of one row are compared: no index finds those."""
    return msgspec.structs.replace(predicate, operator="search", clause=Clause.FILTER)


def _as_it_is(predicate: Predicate, owners: list[Table]) -> Predicate:
    """Without a cast that changes nothing: of a text to text."""
    if predicate.function != "cast to text" or not owners:
        return predicate
    column = owners[0].column(predicate.column)
    same = column is not None and TEXT_TYPES.match(column.type) and column.type[:2] != "CI"
    return msgspec.structs.replace(predicate, function="") if same else predicate


def _led_to(
    table: Table,
    asked: Sequence[Predicate],
    others: Sequence[Predicate],
    tables: Mapping[str, Table],
) -> bool:
    """The one table that is narrowed is what the join's column refers to: its rows lead here."""
    leading = {p.table for p in others if _narrows(p, tables.get(p.table))}
    return len(leading) == 1 and any(_refers(table, p.column, *leading) for p in asked)


def _refers(table: Table, column: str, leader: str) -> bool:
    """By a declared key, or by its name where the schema declares none for it."""
    wanted = column.lower()
    keys = [key for key in table.foreign_keys if wanted in (c.lower() for c in key.columns)]
    if keys:
        return any(key.table == leader for key in keys)
    name = column.lower().replace("_", "")
    return name in {f"{each.replace('_', '')}id" for each in (leader, singular(leader))}


def _joins_list(predicate: Predicate) -> bool:
    """A join with rows that are no table's: VALUES, an unnested array, a subquery."""
    return predicate.clause is Clause.JOIN and predicate.operator == "in"


def _looked_up(predicate: Predicate, table: Table | None) -> bool:
    """A join that finds one row for each of those that are sorted: it leaves their order alone."""
    return (
        predicate.clause is Clause.JOIN
        and predicate.operator == "="
        and table is not None
        and [name.lower() for name in table.primary_key] == [predicate.column.lower()]
    )


def _narrowing(
    driving: Sequence[Predicate], foreign: Sequence[Predicate], tables: Mapping[str, Table]
) -> list[Predicate]:
    """Without flags of rows that are looked up: most pass, and the order of the others stays."""
    looked = {p.table for p in foreign if _looked_up(p, tables.get(p.table))}
    return [
        p
        for p in driving
        if p.table not in looked
        or p.clause is not Clause.FILTER
        or p.alternative
        or _narrows(p, tables.get(p.table))
        or not few_values(tables[p.table], p.column)
    ]


def _narrows(predicate: Predicate, table: Table | None) -> bool:
    """An equality that leaves few rows of its table."""
    return (
        predicate.clause is Clause.FILTER
        and predicate.operator in EQUALITY
        and not predicate.alternative
        and not predicate.function
        and not (table is not None and tells_little(table, predicate))
    )
