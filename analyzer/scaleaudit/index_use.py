"""Whether an index of a table serves what a query asks of it: decided here, once, for all.

The rules are those that B-tree engines share (PostgreSQL, "Multicolumn Indexes" and "Partial
Indexes"; MySQL, "Multiple-Column Indexes" and "Index Merge"; SQLite, "The Query Planner"): an
index helps when its leading columns are compared for equality, then at most one by range, then
the order of rows may come from it. What no B-tree can serve, or what is not worth an index, is
called benign: neither served nor a problem.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Predicate
from scaleaudit.schema import Index, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EQUALITY = {"=", "in"}
RANGE = {"<", "<=", ">", ">=", "between", "like"}
SORTED_METHODS = {"", "btree", "brin", "clustered", "nonclustered"}

# Functions for which an index on the expression, or a rewritten condition, is a known cure.
INDEXABLE_FUNCTIONS = {
    "lower", "upper", "trim", "date", "cast", "date_trunc", "year", "month", "day", "substring",
    "left", "md5",
}  # fmt: skip
HIDDEN_COLUMNS = {"ctid", "oid", "rowid", "_rowid_", "xmin", "rownum"}

LOW_TYPES = re.compile(r"^(?:BOOL|BOOLEAN|BIT|TINYINT|ENUM|SET)\b")
LOW_NAMES = re.compile(
    r"^(?:is|has|can|was|should|allow|allows|enable|use)_|(?:^|_)(?:deleted|enabled|disabled|active|inactive"
    r"|archived|published|visible|hidden|voided|locked|default|flag|status|state|type|kind|role|gender|level"
    r"|priority|language|locale|lang|currency|country|mode|category|method|direction|severity|scope|read"
    r"|unread|seen|starred|processed|sent|retired|public|private|approved|verified|confirmed)$"
)


TENANT_NAMES = re.compile(r"^(?:tenant|account|organi[sz]ation|org|company|workspace|site)(?:_?id)?$")


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
    """`columns`: what an index should be made of, in order, when none serves."""

    served: bool
    why: Why
    index: Index | None = None
    columns: tuple[str, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Neither served nor benign."""
        return self.why in PROBLEMS


def judge(table: Table, predicates: Sequence[Predicate], limited: bool = False) -> Verdict:
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
    asked = [p for p in filters if _servable(p)]
    found = _serving(table, asked, own)
    if found is not None:
        return Verdict(True, Why.UNIQUE if _is_lookup(found, asked) else Why.INDEX, found)
    sides = _sides(choices)
    if sides and all(side and _serving(table, side, own) for side in sides):
        return Verdict(True, Why.ALTERNATIVES, _serving(table, sides[0], own))
    selective = [p for p in asked if not few_values(table, p.column)]
    if selective:
        return _missing(table, asked, selective, sorts)
    if sides and not asked:
        return _unserved_side(table, sides, own, predicates)
    if sorts and limited:
        return _sorted(table, asked, sorts, own, predicates)
    if asked:
        return Verdict(False, Why.FEW_VALUES)
    return Verdict(False, Why.NOT_INDEXABLE) if filters or choices else Verdict(True, Why.NOTHING_ASKED)


def by_mention(predicates: Iterable[Predicate]) -> dict[tuple[str, int], list[Predicate]]:
    """Predicates by table and mention, in order."""
    found: dict[tuple[str, int], list[Predicate]] = {}
    for predicate in predicates:
        found.setdefault((predicate.table, predicate.source), []).append(predicate)
    return found


def attributed(predicates: Iterable[Predicate], tables: Iterable[Table]) -> list[Predicate]:
    """The predicates, those without a table given to the only one that has the column."""
    candidates = list(tables)
    found: list[Predicate] = []
    for predicate in predicates:
        if predicate.table:
            found.append(predicate)
            continue
        owners = [table for table in candidates if table.column(predicate.column) is not None]
        if len(owners) == 1:
            found.append(msgspec.structs.replace(predicate, table=owners[0].name))
    return found


def few_values(table: Table, name: str) -> bool:
    """A flag or an enumeration, by type or by name: most rows share a handful of values.

    A column whose every value is told apart by a unique key of its own is none.
    """
    column = table.column(name)
    if any(i.unique and len(i.columns) == 1 and _same(i.columns[0], name) for i in table.indexes):
        return False
    if column is not None and LOW_TYPES.match(column.type):
        return True
    return LOW_NAMES.search(name.lower()) is not None


def is_foreign_key_served(table: Table, columns: Sequence[str]) -> bool:
    """Whether a complete index leads with the columns, in any order among themselves."""
    wanted = {column.lower() for column in columns}
    tenant = implied_tenant(table)
    return any(
        {c.lower() for c in _after_tenant(index, tenant, wanted)[: len(wanted)]} == wanted
        for index in table.indexes
        if (not index.where or _only_not_null(index.where, wanted))
        and index.method in SORTED_METHODS | {"hash"}
    )


def implied_tenant(table: Table) -> str:
    """The column by which a framework narrows every query without a word in the code.

    It leads at least two indexes besides the primary key: somebody put it in front of all.
    """
    leading = [i.columns[0].lower() for i in table.indexes if len(i.columns) > 1 and not i.primary]
    return next((c for c in leading if TENANT_NAMES.match(c) and leading.count(c) > 1), "")


def _after_tenant(index: Index, tenant: str, asked: set[str]) -> tuple[str, ...]:
    """The columns of the index, without a tenant in front that the query need not name."""
    first = index.columns[0].lower() if index.columns else ""
    return index.columns[1:] if tenant and first == tenant and tenant not in asked else index.columns


def _only_not_null(where: str, columns: set[str]) -> bool:
    """`WHERE c IS NOT NULL` leaves out only rows that no lookup of c asks for."""
    found = re.fullmatch(r"\(*\s*[`\"]?(\w+)[`\"]?\s+is\s+not\s+null\s*\)*", where.strip(), re.IGNORECASE)
    return found is not None and found[1].lower() in columns


def _servable(predicate: Predicate) -> bool:
    """A comparison that a B-tree can serve, once the function around it is dealt with."""
    if predicate.operator not in EQUALITY | RANGE:
        return False
    return not predicate.function or predicate.function in INDEXABLE_FUNCTIONS


def _serving(table: Table, asked: Sequence[Predicate], own: Sequence[Predicate]) -> Index | None:
    """The best index that leads with a selective column among those asked for."""
    best: tuple[int, int] = (0, 0)
    chosen: Index | None = None
    tenant = implied_tenant(table)
    named = {p.column.lower() for p in own}
    for index in table.indexes:
        if index.method not in SORTED_METHODS | {"hash"} or not _condition_holds(index, own):
            continue
        used = _used(index, _after_tenant(index, tenant, named), asked)
        if not used or all(few_values(table, p.column) for p in used):
            continue
        rank = (int(_is_lookup(index, asked)), len(used))
        if rank > best:
            best, chosen = rank, index
    return chosen


def _used(
    index: Index, columns: Sequence[str], asked: Sequence[Predicate]
) -> list[Predicate]:
    """The predicates that the index serves: equality on leading columns, then one range."""
    used: list[Predicate] = []
    for column in columns:
        equal = next((p for p in asked if p.operator in EQUALITY and _matches(column, p)), None)
        if equal is not None:
            used.append(equal)
            continue
        if index.method != "hash":
            used.extend([p for p in asked if p.operator in RANGE and _matches(column, p)][:1])
        break
    return used


def _is_lookup(index: Index, asked: Sequence[Predicate]) -> bool:
    used = _used(index, index.columns, asked)
    return index.unique and len(used) == len(index.columns) and all(p.operator in EQUALITY for p in used)


def _matches(column: str, predicate: Predicate) -> bool:
    """An index column, or expression in parentheses, against a predicate's column and function."""
    if not column.startswith("("):
        return not predicate.function and _same(column, predicate.column)
    if not predicate.function:
        return False
    inside = re.sub(r"[\s`\"]", "", column.lower())
    name = re.escape(predicate.column.lower())
    if predicate.function == "cast":
        return re.search(rf"\b{name}\b", inside) is not None
    return re.search(rf"{re.escape(predicate.function)}\W.*\b{name}\b", inside) is not None


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


_CONJUNCTION = re.compile(r"\band\b", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z_]\w*")
_SQL_WORDS = {"is", "not", "null", "and", "or", "in", "true", "false", "any", "array", "between", "like"}


def _condition_holds(index: Index, own: Sequence[Predicate]) -> bool:
    """Whether the query repeats the condition of a partial index, part by part.

    The values are not compared: a query that filters the column at all gets the benefit.
    """
    if not index.where:
        return True
    asked = {p.column.lower() for p in own if p.clause is not Clause.SORT and not p.alternative}
    for part in _CONJUNCTION.split(index.where):
        columns = {w.lower() for w in _WORDS.findall(re.sub(r"'[^']*'", "", part))} - _SQL_WORDS
        if not columns & asked:
            return False
    return True


def _sides(choices: Sequence[Predicate]) -> list[list[Predicate]]:
    """The sides of the first OR; each predicate is a side of its own when they are not told apart."""
    if any(p.operator == "optional" for p in choices):
        return []
    if not choices:
        return []
    first = choices[0].group
    if not first:
        return [[p] for p in choices]
    sides: dict[int, list[Predicate]] = {}
    for predicate in choices:
        if predicate.group == first:
            sides.setdefault(predicate.branch, []).append(predicate)
    return list(sides.values())


def _missing(
    table: Table, asked: Sequence[Predicate], selective: Sequence[Predicate], sorts: Sequence[Predicate]
) -> Verdict:
    """No index leads with any of the columns: propose equality first, then one range or sort."""
    hidden = [p for p in selective if p.function and _has_plain_index(table, p.column)]
    if hidden and len(hidden) == len(selective):
        return Verdict(False, Why.HIDDEN, columns=(_expression(hidden[0]),))
    equal = [p for p in selective if p.operator in EQUALITY]
    equal.sort(key=_leading_rank)
    flags = [p for p in asked if p.operator == "=" and p not in selective]
    ranges = [p for p in selective if p.operator in RANGE]
    wanted = [*equal, *(flags if not equal else []), *ranges[:1]]
    if not ranges and len(equal) == 1:
        wanted.extend(p for p in sorts[:1] if not p.function)
    columns = tuple(dict.fromkeys(_expression(p) for p in wanted))
    if not equal and flags:  # the range is what narrows; a flag in front helps it
        columns = tuple(dict.fromkeys(_expression(p) for p in (*flags, *ranges[:1])))
    return Verdict(False, Why.MISSING, columns=columns)


def _leading_rank(predicate: Predicate) -> int:
    """Keys and tokens first: they narrow most."""
    name = predicate.column.lower()
    if re.search(r"(?:^|_)(?:id|uuid|guid|key|token|hash|code|email|slug|serial|number|sku|digest)$|id$", name):
        return 0
    return 1


def _expression(predicate: Predicate) -> str:
    if predicate.function in ("lower", "upper", "trim", "date", "md5", "year", "month", "day"):
        return f"({predicate.function}({predicate.column}))"
    return predicate.column


def _has_plain_index(table: Table, column: str) -> bool:
    return any(i.columns and _same(i.columns[0], column) and not i.where for i in table.indexes)


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
    for side in sides:
        servable = [p for p in side if _servable(p)]
        selective = [p for p in servable if not few_values(table, p.column)]
        if not servable or not selective:
            return Verdict(False, Why.NOT_INDEXABLE if not servable else Why.FEW_VALUES)
    for side in sides:
        if _serving(table, side, own) is None:
            selective = [p for p in side if _servable(p) and not few_values(table, p.column)]
            return Verdict(False, Why.ONE_SIDE, columns=(_expression(selective[0]),))
    return Verdict(True, Why.ALTERNATIVES)


def _sorted(
    table: Table,
    asked: Sequence[Predicate],
    sorts: Sequence[Predicate],
    own: Sequence[Predicate],
    predicates: Sequence[Predicate],
) -> Verdict:
    """ORDER BY ... LIMIT: an index on the first key, after columns compared for equality."""
    first = sorts[0]
    equal = {p.column.lower() for p in asked if p.operator == "=" and not p.function}
    for index in table.indexes:
        if index.method not in SORTED_METHODS or not _condition_holds(index, own):
            continue
        for column in index.columns:
            if _matches(column, first):
                return Verdict(True, Why.ORDER, index)
            if column.lower() not in equal:
                break
    if any(p.table != table.name and p.clause is not Clause.SORT for p in predicates):
        return Verdict(False, Why.NOT_INDEXABLE)  # another table drives the query
    if first.function or few_values(table, first.column):
        return Verdict(False, Why.NOT_INDEXABLE)
    flags = [p.column for p in asked if p.operator == "="]
    return Verdict(False, Why.SORT, columns=tuple(dict.fromkeys((*flags, first.column))))


class Judged(msgspec.Struct, frozen=True):
    """One mention of a table in a query, with what was decided about it."""

    table: Table
    predicates: tuple[Predicate, ...]  # those that the table's rows are found by
    verdict: Verdict
    joined: bool = False  # only a join asks for the index


def judge_query(
    predicates: Sequence[Predicate], tables: Sequence[Table], limited: bool = False
) -> list[Judged]:
    """How each mention of the known `tables` is served; what only the schema can tell is used.

    A join column is looked up when another table of the query is narrowed first; when none is,
    the engine reads both tables anyway and no index is missed.
    """
    by_name = {table.name: table for table in tables}
    mentions = by_mention(attributed(predicates, tables))
    found: list[Judged] = []
    for key, own in mentions.items():
        table = by_name.get(key[0])
        if table is None:
            continue
        others = [p for other, theirs in mentions.items() if other != key for p in theirs]
        narrowed = any(_narrows(p, by_name.get(p.table)) for p in others)
        asked = [p for p in own if narrowed or p.clause is not Clause.JOIN]
        joined = bool(asked) and all(p.clause is Clause.JOIN for p in asked)
        foreign = [p for p in others if p.table != table.name]
        verdict = judge(table, [*asked, *foreign], limited)
        if joined and len(mentions) > 2 and verdict.is_problem:
            verdict = Verdict(True, Why.NOTHING_ASKED)  # which table leads cannot be told
        found.append(Judged(table, tuple(asked), verdict, joined))
    return found


def _narrows(predicate: Predicate, table: Table | None) -> bool:
    """An equality that leaves few rows of its table."""
    return (
        predicate.clause is Clause.FILTER
        and predicate.operator in EQUALITY
        and not predicate.alternative
        and not predicate.function
        and not (table is not None and few_values(table, predicate.column))
    )
