"""What SQL and schemas say: queries and tables."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import msgspec

from scaleaudit.facts.base import FactBase
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Told = TypeVar("Told", bound=FactBase)


class Clause(StrEnum):
    FILTER = "filter"
    JOIN = "join"
    SORT = "sort"


class Predicate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One column that a query filters, joins or sorts by.

    `table` is resolved, lower case; empty when only the schema can tell which of the tables read
    has the column. Operators: = != < <= > >= in not-in between is-null is-not-null is-true, `like`
    (a pattern with a known beginning), `contains` (a pattern that begins with a wildcard), `search`
    (any other pattern, full text, containment),
    `optional` (switched off by a parameter: `? IS NULL OR x = ?`), `sort`.
    """

    table: str
    column: str
    operator: str  # =, <, in, like, is-null, between, sort ... (lower case)
    clause: Clause
    # a function or cast around the column, which hides it from an index; `->a.b` is the key of a
    # document that the column keeps, `->` one that is not known; `trim(lower` is one around another
    function: str = ""
    alternative: bool = False  # stands under an OR
    source: int = 0  # which mention of its table in the statement; 0: not told apart
    group: int = 0  # which OR of the statement it stands under; 0: none, or not told apart
    branch: int = 0  # which side of that OR
    constant: bool = False  # compared with a value that stands in the statement: one of a few kinds
    # of an inner SELECT that runs by itself: an order after which it is cut off, or a condition for
    # which it is made again for each row around it
    apart: bool = False
    beside: str = ""  # the other column of the comparison, where its table cannot be told either


class QueryFound(FactBase, frozen=True, tag="query"):
    """A statement on tables, from SQL text or an ORM: one form for both."""

    text: str  # shortened, for people
    reads: tuple[str, ...] = ()  # tables, lower case, without schema prefix
    writes: tuple[str, ...] = ()
    predicates: tuple[Predicate, ...] = ()
    limited: bool = False  # LIMIT, FETCH FIRST, TOP, or a unique lookup by construction
    aggregate: bool = False  # returns few rows whatever the tables hold
    partial: bool = False  # part of the text is not known (built at run time): trust less
    in_loop: bool = False
    streamed: bool = False  # rows are iterated in batches, not loaded at once
    library: str = "sql"
    scope: str = ""
    inserts: tuple[str, ...] = ()  # those of `writes` that get new rows
    grouped: bool = False  # GROUP BY or DISTINCT: fewer rows than the tables hold, not bounded
    shuffled: bool = False  # sorted by chance: ORDER BY random()
    skips: bool = False  # passes over rows by their number: OFFSET, the number of a page
    taken: tuple[str, ...] = ()  # of whole rows, all that the code looks at; empty: not known
    answered: bool = False  # a framework answers requests with all of these rows, without pages
    gathered: bool = False  # the mapper makes one query of all that are asked for at one moment
    declared: bool = False  # a named part of queries, which none was seen to use
    # One of the filters and orders that a list offers: nothing of it is unknown, though `partial` is
    # set, but whether anybody ever asks for it.
    offered: bool = False
    # Asked again only where a cache has lost the answer, or where something else has failed; by a
    # function that nobody names (the linker sees it); of what is `declared`: by nothing that asks all rows.
    seldom: bool = False


class ViewDefined(FactBase, frozen=True, tag="view"):
    """CREATE VIEW: a query that has a name, told of beside as a fact of library `sql-view`.

    `columns` are those that it takes from tables as they are: (name, table, column), `*` for all of a
    table. None where the view gathers rows: what narrows it then narrows no table below.
    """

    name: str
    columns: tuple[tuple[str, str, str], ...] = ()


class ColumnFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    name: str
    type: str  # upper case, without length
    nullable: bool = True
    auto_increment: bool = False
    at: Span = Span(0)
    stored: str = ""  # what the engine keeps, where the type tells of values that code alone lists


class IndexFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    columns: tuple[str, ...]
    name: str = ""
    unique: bool = False
    primary: bool = False
    where: str = ""
    method: str = ""
    at: Span = Span(0)
    implied: bool = False  # the mapper adds it where it makes the table; migrations need not
    carries: tuple[str, ...] = ()  # columns that are only kept in it: INCLUDE


class ForeignKeyFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...] = ()
    at: Span = Span(0)
    name: str = ""


class TableDefined(FactBase, frozen=True, tag="table"):
    """CREATE TABLE, or the same from a dump or a model. Tables are lower case, no prefix."""

    table: str
    columns: tuple[ColumnFact, ...] = ()
    indexes: tuple[IndexFact, ...] = ()
    foreign_keys: tuple[ForeignKeyFact, ...] = ()
    dialect: str = ""
    seeded: bool = False  # rows for it stand in the same file
    spelled: str = ""  # the name with its capitals, where it was written in quotes
    model: str = ""  # the class whose rows it holds, where a mapper's own record of all names it


RUN_TABLE = "schema_migrations"  # in which Rails and Ecto keep which migrations have run


class TableChanged(FactBase, frozen=True, tag="table-changed"):
    """One step of a migration, in file order."""

    table: str
    action: str  # drop, rename, add-column, drop-column, rename-column, alter-type, add-index,
    # drop-index, rename-index (`index` has the old name), add-foreign-key, drop-foreign-key,
    # drop-primary-key, set-not-null, copy (made like `name`), copy-columns (without indexes),
    # seed (rows for a table of another file), engine (of no table: the settings of the application
    # name its engine); and what leaves the schema as it is:
    # add-check (`name` has its text), backfill (writes every row), create (of a model)
    column: ColumnFact | None = None
    index: IndexFact | None = None
    foreign_key: ForeignKeyFact | None = None
    name: str = ""  # new name of a rename; name of what is dropped
    dialect: str = ""
    online: bool = False  # nobody waits: by how it is done, by a person's word, or for all we know
    default: str = (
        ""  # of a new column: constant, volatile (worked out for each row), none; "": not told
    )
    model: str = ""  # the class, lower case, where the migration names it and not its table
    raw: bool = False  # in SQL within a migration: no snapshot of the mapper's models repeats it
    since: tuple[str, str] = ("", "")  # library, version: an older one leaves this step out


class MigrationTool(FactBase, frozen=True, tag="migration-tool"):
    """What the migrations of a file are written with; a new one is to be written alike."""

    tool: str  # a key of `index_use.statements.WRITERS`


class MigrationStep(FactBase, frozen=True, tag="migration-step"):
    """A migration that says itself after which others it runs; names of files tell nothing then."""

    revision: str  # "" where names of files tell the order; `after` has `application.name` then
    after: tuple[str, ...] = ()
    made: int = 0  # the day on which a tool wrote it, as 20260131; 0: not told
    replaces: tuple[str, ...] = ()  # those that it was made of


class MigrationsListed(FactBase, frozen=True, tag="migrations-listed"):
    """The files of migrations that a file runs, in its order; `./` begins those that lie beside it."""

    paths: tuple[str, ...]


def written_with(tool: str, steps: Iterable[Told]) -> Iterator[Told | MigrationTool]:
    """The steps of a file, behind what they are written with, where there are any and it is known."""
    named = not tool
    for step in steps:
        if not named:
            named = True
            yield MigrationTool(step.at, tool)
        yield step
