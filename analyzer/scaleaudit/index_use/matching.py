"""What an index and a predicate have in common: prefixes, expressions, conditions, selectivity."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.index_use.partial_indexes import (
    columns_of,
    condition_holds,
    of_all_kept,
    only_not_null,
)
from scaleaudit.regex import regex
from scaleaudit.schema import of_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.schema import Column, Index, Table

EQUALITY = {"=", "in", "is-true"}
RANGE = {"<", "<=", ">", ">=", "between", "like"}
COMPARING = EQUALITY | RANGE
ORDERED_METHODS = {"", "btree", "clustered", "nonclustered"}  # give rows in order
SORTED_METHODS = ORDERED_METHODS | {"brin"}  # find ranges
FINDING_METHODS = SORTED_METHODS | {"hash"}

# Functions for which an index on the expression, or a rewritten condition, is a known cure.
INDEXABLE_FUNCTIONS = {
    "lower", "upper", "trim", "date", "cast", "date_trunc", "year", "month", "day", "substring",
    "left", "md5", "cast to text",
}  # fmt: skip
INSIDE = {"search", "contains"}
HIDDEN_COLUMNS = {"ctid", "oid", "rowid", "_rowid_", "xmin", "rownum"}

LOW_TYPES = regex(r"^(?:BOOL|BOOLEAN|BIT|TINYINT|ENUM|SET)\b")
TEXT_TYPES = regex(r"^(?:(?:VAR)?CHAR|TEXT|CITEXT|CHARACTER)(?!.*\[)")
TIME_TYPES = regex(r"^(?:DATE|TIME)")  # `date_activated` is no flag
SMALL_TYPES = regex(r"^(?:SMALLINT|INT2)\b")  # a flag or a number of a kind, when no reference
LOW_NAMES = regex(
    r"^(?:is|has|can|was|should|allow|allows|enable|use)_(?!\w*_id$)|(?:^|_)(?:deleted|enabled|disabled|active|inactive"
    r"|archived|published|visible|hidden|voided|locked|default|flag|flg|status|statut|state|type|enum|kind|role|gender|level|service|origin|platform|provider"
    r"|priority|language|locale|lang|currency|country|mode|category|method|sex|direction|severity|scope|read"
    r"|unread|seen|starred|processed|sent|retired|public|private|approved|verified|confirmed|deactivated"
    r"|activated|suspended|banned|blocked|cancell?ed|completed|done|finished|closed|resolved|failed|rejected"
    r"|revoked|valid|primary|internal|external|anonymous|admin|bot|notif|highlight)$"
    r"|(?:^|_)(?:content_type|ctype)_id$|(?:^|_)(?:currency|country|language|lang|locale)_?(?:code|iso\d?)$"
)
# Django's generic keys: which of a few dozen models the row belongs to. Django indexes them unasked.
KIND_KEY = regex(r"(?:^|_)(?:content_type|ctype)_id$")
KINDS = "django_content_type"
# The number of what code enumerates, where it refers to no table: `OrderStatusId`.
KIND_NUMBER = regex(r"(?:^|_)(?:status|state|type|kind|stage|severity)_id$")
NUMBER = regex(r"^(?:INT|INTEGER|INT4|SMALLINT|INT2|MEDIUMINT)\b")
# What is made to tell one thing from all others, whichever way it is reached.
IDENTIFIES = regex(
    r"(?:^|_)(?:hash(?:ed)?|uuid|guid|token|fingerprint|digest|checksum|sha\d*|md5|unique|e?mail|barcode|isbn|serial)(?:_|$)"
)
KIND_NAME = regex(r"_?[tT]ype$")
OWN_KEY = regex(r"_?(?:id|pk|key|uuid)$")
GONE = regex(r"^(?:is_)?(?:soft_?)?(?:deleted|archived|removed|trashed|discarded|destroyed|voided)")
# Flags whose one value nearly every row has: not deleted, active; not a draft, published.
USUAL = regex(
    r"^(?:is_)?(?:soft_?)?(?:deleted|archived|removed|trashed|discarded|destroyed|voided|active|enabled"
    r"|expired|draft|pre_?release|hidden|spam|published|visible|listed|public|approved(?:_by_\w+)?)$"
    r"|^del(?:eted?)?_?fla?g$|^is_del(?:ete)?$"
)


_WORD_START = regex(r"(?<=[a-z0-9])(?=[A-Z])")  # `publishedAt`, `OrderStatus`


@of_table
def few_values(table: Table, name: str) -> bool:
    """A flag or an enumeration, by type or by name: most rows share a handful of values.

    A column whose every value is told apart by a unique key of its own is none.
    """
    column = table.column(name)
    if column is not None and TIME_TYPES.match(column.type):
        return False
    if name.lower() in table.told_apart_by:
        return False
    if column is not None and LOW_TYPES.match(column.type):
        return True
    if column is not None and SMALL_TYPES.match(column.type) and not name.lower().endswith("id"):
        return True
    if column is not None and _numbers_kinds(column) and not is_reference(table, name):
        return True
    return _means_few(column.name if column is not None else name) or is_kind_key(table, name)


def _numbers_kinds(column: Column) -> bool:
    name = _WORD_START.sub("_", column.name).lower()
    return NUMBER.match(column.type) is not None and KIND_NUMBER.search(name) is not None


@lru_cache(maxsize=10_000)  # tables share their names of columns, and queries ask again and again
def _means_few(name: str) -> bool:
    return LOW_NAMES.search(_WORD_START.sub("_", name).lower()) is not None


def is_kind_key(table: Table, name: str) -> bool:
    """Which of a few dozen models a generic key leads to, by name or by what it refers to."""
    if KIND_KEY.search(name.lower()):
        return True
    return any(
        key.table == KINDS and len(key.columns) == 1 and same_name(key.columns[0], name)
        for key in table.foreign_keys
    )


def is_reference(table: Table, name: str) -> bool:
    """Whether the column by itself refers to another table."""
    return any(
        len(key.columns) == 1 and same_name(key.columns[0], name) for key in table.foreign_keys
    )


def usually_absent(predicate: Predicate) -> bool:
    """`deleted_at IS NULL` is true of nearly all rows; of `sent_at` that is what is left to do."""
    return bool(predicate.function) or GONE.match(predicate.column.lower()) is not None


def tells_little(table: Table, predicate: Predicate) -> bool:
    """A comparison that most rows may pass: with a flag, or with a kind that the statement names."""
    if predicate.operator == "is-true" or few_values(table, predicate.column):
        return True
    return predicate.constant and predicate.column.lower() not in table.told_apart_by


def is_foreign_key_served(table: Table, columns: Sequence[str], *, deleted: bool = True) -> bool:
    """Whether a complete index leads with one of the columns that tells rows apart.

    The rest of a key of several columns is looked at in the few rows that are left. `deleted`: also
    rows that are marked as deleted must be found, as the engine does for a delete in the parent.
    """
    wanted = {column.lower() for column in columns}
    for index in table.indexes:
        complete = (
            not index.where
            or only_not_null(index.where, wanted)
            or (not deleted and of_all_kept(index.where, wanted, GONE))
        )
        if not complete or index.method not in FINDING_METHODS:
            continue
        leading = [c.lower() for c in after_tenant(table, index, wanted)[: len(wanted)]]
        if set(leading) == wanted:
            return True
        if leading and leading[0] in wanted and not few_values(table, leading[0]):
            return True
    return False


def after_tenant(table: Table, index: Index, asked: set[str]) -> tuple[str, ...]:
    """The columns of the index, without a tenant in front that the query need not name."""
    first = index.columns[0].lower() if index.columns else ""
    unsaid = table.tenant and first == table.tenant and first not in asked
    return index.columns[1:] if unsaid else index.columns


def servable(predicate: Predicate) -> bool:
    """A comparison that a B-tree can serve, once the function around it is dealt with."""
    if predicate.operator not in COMPARING:
        return False
    return not predicate.function or INDEXABLE_FUNCTIONS.issuperset(predicate.function.split("("))


@of_table
def _finding(table: Table) -> list[tuple[str, Index]]:
    """The indexes that find rows, each with its first column in lower case."""
    return [
        (index.columns[0].lower(), index)
        for index in table.indexes
        if index.columns and index.method in FINDING_METHODS
    ]


def serving(table: Table, asked: Sequence[Predicate], own: Sequence[Predicate]) -> Index | None:
    """The best index that leads with a selective column among those asked for."""
    best: tuple[int, int] = (0, 0)
    chosen: Index | None = None
    named = {p.column.lower() for p in own}
    empty = {p.column.lower() for p in own if p.operator == "is-null" and not p.alternative}
    looked_for = {p.column.lower() for p in asked}
    empty -= looked_for  # of a LEFT JOIN: rows that have no match
    # `IS NULL` finds its place in an index as a value does, though alone it tells little.
    leading = {*looked_for, *empty, table.tenant}
    for first, index in _finding(table):
        if first not in leading and not first.startswith("("):
            continue
        columns = [c for c in after_tenant(table, index, named) if c.lower() not in empty]
        if not columns or not condition_holds(index, own):
            continue
        used = used_by(index, columns, asked)
        if not used or all(tells_little(table, p) for p in used):
            continue
        rank = (int(is_lookup(index, asked)), len(used))
        if rank > best:
            best, chosen = rank, index
    return chosen


def index_of_any_place(
    table: Table, asked: Sequence[Predicate], own: Sequence[Predicate]
) -> Index | None:
    """A GIN or GiST index with one of the columns, in any place: it searches by any of them.

    GIN by texts, whose trigrams find equal values too since PostgreSQL 14. A number or a time
    stands in a GiST index with the operators of a B-tree (`btree_gist`). What a list, a document
    or a text contains is what both are made for.
    """
    plain = {p.column.lower() for p in asked if not p.function}
    equal = {p.column.lower() for p in asked if p.operator in ("=", "in") and not p.function}
    texts = {c.name.lower() for c in table.columns if TEXT_TYPES.match(c.type)}
    inside = {p.column.lower() for p in own if p.operator in INSIDE and not p.alternative}
    found = {"gin": (equal & texts) | inside, "gist": (equal & texts) | (plain - texts) | inside}
    return next(
        (
            index
            for index in table.indexes
            if not found.get(index.method, set()).isdisjoint(c.lower() for c in index.columns)
            and condition_holds(index, own)
        ),
        None,
    )


def used_by(index: Index, columns: Sequence[str], asked: Sequence[Predicate]) -> list[Predicate]:
    """The predicates that the index serves: equality on leading columns, then one range."""
    used: list[Predicate] = []
    for column in columns:
        equal = next((p for p in asked if p.operator in EQUALITY and matches(column, p)), None)
        if equal is not None:
            used.append(equal)
            continue
        if index.method != "hash":
            used.extend([p for p in asked if p.operator in RANGE and matches(column, p)][:1])
        break
    return used


def kinds_beside(equal: Sequence[Predicate], flags: Sequence[Predicate]) -> list[Predicate]:
    """Of comparisons with kinds, those that belong to a key that is asked for: `noted_type` to `noted_id`."""
    keys = {OWN_KEY.sub("", p.column.lower()) for p in equal}
    return [
        p
        for p in flags
        if not p.function
        and (
            (KIND_NAME.search(p.column) and KIND_NAME.sub("", p.column).lower() in keys)
            or (KIND_KEY.search(p.column.lower()) and "object" in keys)
        )
    ]


def asked_kinds(table: Table, flags: Sequence[Predicate]) -> list[Predicate]:
    """Comparisons with a kind that whoever asks gives, not with a flag or one that stands there."""
    return [
        p
        for p in flags
        if not (p.constant or p.function)
        and (column := table.column(p.column)) is not None
        and (TEXT_TYPES.match(column.type) or column.type == "ENUM")
    ]


def is_lookup(index: Index, asked: Sequence[Predicate]) -> bool:
    used = used_by(index, index.columns, asked)
    return (
        index.unique
        and len(used) == len(index.columns)
        and all(p.operator in EQUALITY for p in used)
    )


def matches(column: str, predicate: Predicate) -> bool:
    """An index column, or expression in parentheses, against a predicate's column and function."""
    if not column.startswith("("):
        return not predicate.function and same_name(column, predicate.column)
    if not predicate.function:
        return False
    inside = re.sub(r"[\s`\"]", "", column.lower())
    name = re.escape(predicate.column.lower())
    if predicate.function.startswith("cast"):
        return re.search(rf"\b{name}\b", inside) is not None
    around = "".join(rf"{re.escape(each)}\W.*" for each in predicate.function.split("("))
    return re.search(rf"{around}\b{name}\b", inside) is not None


def same_name(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def names_its_rows(table: Table, index: Index, asked: Sequence[Predicate]) -> bool:
    """Whether the rows of a partial index are surely those that are asked for, not those of a kind to come.

    Rows that are not deleted, or are published, are nearly all: to be among them narrows nothing.
    """
    columns = {each for each in columns_of(index.where) if not USUAL.match(each.lower())}
    return any(
        p.constant
        or p.operator == "is-true"
        or (
            (column := table.column(p.column)) is not None
            and LOW_TYPES.match(column.type) is not None
        )
        for p in asked
        if p.column.lower() in columns
    )
