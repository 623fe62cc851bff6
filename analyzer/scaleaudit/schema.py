"""The recovered database schema: tables, columns, keys, indexes, each with its source."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property, lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import msgspec

from scaleaudit.inflection import WORD
from scaleaudit.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

P = ParamSpec("P")
T = TypeVar("T")

# Technologies of SQL databases, and sqlglot's names of what they speak.
DIALECTS = {
    "postgresql": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "mariadb": "mysql",
    "sqlite": "sqlite", "sqlserver": "tsql", "oracle": "oracle",
}  # fmt: skip
# Engines that keep columns, not rows: they are made to read much of a table, and sort instead of index.
COLUMNAR = frozenset({"clickhouse"})


class Growth(StrEnum):
    """How the number of rows of a table behaves as the product grows."""

    STATIC = "static"  # enumerations, settings, seeded once
    PER_USER = "per-user"  # bounded for each user or tenant
    GROWING = "growing"  # rows inserted on a request path, without bound
    APPEND_ONLY = "append-only"  # inserted, never updated or deleted
    UNKNOWN = "unknown"


class Column(msgspec.Struct, frozen=True):
    name: str
    type: str  # upper case, as the dialect names it, without length: `INT`, `BIGINT`, `TEXT`
    nullable: bool = True
    auto_increment: bool = False
    at: Location | None = None
    attribute: str = ""  # of the class that a mapper keeps in the table; empty: like the column


class Index(msgspec.Struct, frozen=True):
    """An index, or a key that the engine serves with one (`unique`, `primary`)."""

    columns: tuple[str, ...]  # in order; an expression stands as its SQL text in parentheses
    name: str = ""
    unique: bool = False
    primary: bool = False
    where: str = ""  # the condition of a partial index, SQL text
    method: str = ""  # btree when empty
    at: Location | None = None
    carries: tuple[
        str, ...
    ] = ()  # columns that are only kept in it, so that the rows need not be read


class ForeignKey(msgspec.Struct, frozen=True):
    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...] = ()
    at: Location | None = None


class Table(msgspec.Struct, frozen=True, dict=True):
    """`name` is lower case and without schema prefix; `database` groups what deploys together."""

    name: str
    columns: tuple[Column, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    dialect: str = ""  # sqlglot's name of the engine, empty when unknown
    growth: Growth = Growth.UNKNOWN
    at: Location | None = None
    seeded: bool = False  # its rows, or some, stand in the repository
    inserted: bool = False  # code is seen to insert rows, however few
    spelled: str = ""  # the name with its capitals, where it is known to have some
    # What its indexes are written with, a key of `index_use.statements.WRITERS`; empty: SQL.
    tool: str = ""
    model: str = ""  # the class that a mapper keeps in it
    tenant: str = ""  # the column by which a framework narrows every query, unsaid in the code

    def column(self, name: str) -> Column | None:
        return self._by_name.get(name.lower())

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name.lower(): column for column in reversed(self.columns)}

    @cached_property
    def told_apart_by(self) -> frozenset[str]:
        """The columns, in lower case, that are a unique key by themselves."""
        alone = (
            index.columns[0] for index in self.indexes if index.unique and len(index.columns) == 1
        )
        return frozenset(name.lower() for name in alone)

    @cached_property
    def answers(self) -> dict[object, Any]:
        """What `of_table` has been told of it."""
        return {}

    @cached_property
    def words(self) -> str:
        """The name as words with `_` between them, where its capitals or its class's tell them."""
        return parted(self.name, self.spelled, self.model)

    @property
    def columnar(self) -> bool:
        """Indexes, keys and transactions mean something else there than in a database of rows."""
        return self.dialect in COLUMNAR

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        return next((index.columns for index in self.indexes if index.primary), ())


def of_table(ask: Callable[Concatenate[Table, P], T]) -> Callable[Concatenate[Table, P], T]:
    """For what many rules ask of one table, query after query: the answers stay with the table."""

    @wraps(ask)
    def told(table: Table, /, *given: P.args, **named: P.kwargs) -> T:
        asked = ask, *given, *named.values()
        known: dict[object, T] = table.answers
        if asked not in known:
            known[asked] = ask(table, *given, **named)
        return known[asked]

    return told


class Schema(msgspec.Struct, frozen=True):
    """All tables of the repository by name; where two databases have one name, the larger wins."""

    tables: dict[str, Table] = {}
    # That tables of no dialect may be kept in, where signs of several are found, or of none.
    engines: frozenset[str] = frozenset()

    def table(self, name: str) -> Table | None:
        return self.tables.get(name.lower().rpartition(".")[2].strip('`"[]'))


@lru_cache(maxsize=5_000)  # many rules ask, for each query on a table
def parted(name: str, *spellings: str) -> str:
    """`orderlines` as `order_lines`, where one of the spellings is `OrderLine` or begins like that."""
    if "_" in name:
        return name
    for spelled in spellings:
        words = WORD.sub("_", spelled.rpartition(".")[2]).lower()
        if "_" in words and (joined := words.replace("_", "")) and name.startswith(joined):
            return f"{words}{name[len(joined) :]}"  # a plural of its class
    return name


def begun_by(indexes: Iterable[Index], columns: Sequence[str]) -> bool:
    """Whether an index begins with the columns, in this order."""
    wanted = [column.lower() for column in columns]
    return any([c.lower() for c in i.columns[: len(wanted)]] == wanted for i in indexes)


def leading_index(table: Table, column: str) -> Index | None:
    """The first complete (not partial) index whose leading column is `column`."""
    lowered = column.lower()
    for index in table.indexes:
        if not index.where and index.columns and index.columns[0].lower() == lowered:
            return index
    return None
