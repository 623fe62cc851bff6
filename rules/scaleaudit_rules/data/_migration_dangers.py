"""What a step of a migration does to a table that is in use, engine by engine.

Sources: PostgreSQL's manual on ALTER TABLE, CREATE INDEX and explicit locking; MySQL's manual on
online DDL operations of InnoDB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.api import Location, TableChanged, TableDefined, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.api import Migration

POSTGRES, MYSQL = "postgres", "mysql"
SERVERS = (POSTGRES, MYSQL, "tsql", "oracle")  # engines that other programs use meanwhile
YOUNG_STEPS = 5  # migrations, where they have no dates
YOUNG_DAYS = 60  # a table of that age has few rows when a follow-up changes it

# Types between which no row changes: on PostgreSQL a longer or unbounded text, on MySQL the same
# type with another length.
TEXTS = frozenset({"TEXT", "VARCHAR", "CHARACTER VARYING", "STRING", "NVARCHAR", "CITEXT"})
SAME = (
    frozenset({"INT", "INTEGER", "INT4", "SERIAL", "MEDIUMINT"}),
    frozenset({"BIGINT", "INT8", "BIGSERIAL"}),
    frozenset({"SMALLINT", "INT2", "SMALLSERIAL"}),
    frozenset({"BOOLEAN", "BOOL", "TINYINT"}),
    frozenset({"DECIMAL", "NUMERIC"}),
    frozenset({"DOUBLE", "DOUBLE PRECISION", "FLOAT", "FLOAT8", "REAL"}),
    frozenset({"TIMESTAMP", "DATETIME", "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE",
               "TIMESTAMPTZ"}),
    frozenset({"BLOB", "BYTEA", "BINARY", "LONGBLOB", "MEDIUMBLOB", "VARBINARY"}),
    frozenset({"VARCHAR", "CHARACTER VARYING", "STRING", "NVARCHAR"}),
    frozenset({"TEXT", "MEDIUMTEXT", "LONGTEXT", "TINYTEXT", "JSON"}),
    frozenset({"CHAR", "CHARACTER", "BPCHAR", "UUID"}),
)  # fmt: skip
NOT_NULL = regex(r"[\"`(]*(\w+)[\"`)]* is not null")
ON_COLUMNS = frozenset({"index", "unique", "foreign-key"})
MAX_CHECKS = 50  # that are kept of one table


class Danger(msgspec.Struct, frozen=True):
    """`kind`: what it does, a key of the messages; `what`: of the table, the column or its like."""

    kind: str
    table: str
    what: str
    at: Location
    step: TableChanged
    fresh: bool = (
        False  # on columns that the same migration adds: long to read, with nothing in them
    )


class History:
    """What is known of the tables before each step."""

    def __init__(self) -> None:
        self.types: dict[tuple[str, str], str] = {}
        self.nullable: dict[tuple[str, str], bool] = {}
        self.made: dict[str, tuple[int, int]] = {}  # table -> migration's position, its day
        self.checked: dict[str, list[str]] = {}

    def apply(self, position: int, migration: Migration, step: TableDefined | TableChanged) -> None:
        table = step.table
        if isinstance(step, TableDefined):
            self.made.setdefault(table, (position, migration.made))
            for column in step.columns:
                kept = column.stored or column.type
                self._keep(table, column.name, kept, nullable=column.nullable)
            return
        if step.action in ("create", "copy", "copy-columns"):
            self.made.setdefault(table, (position, migration.made))
        elif step.action == "drop":
            self.made.pop(table, None)
        elif step.action == "rename" and table in self.made:
            self.made[step.name] = self.made.pop(table)
        elif step.action == "set-not-null":
            self.nullable[table, step.name.lower()] = False
        elif step.action == "add-check":
            self.checked.setdefault(table, []).append(step.name.lower())
            del self.checked[table][:-MAX_CHECKS]
        elif step.action == "rename-column" and step.column is not None:
            old = self.types.pop((table, step.column.name.lower()), "")
            self._keep(table, step.name, old, nullable=True)
        elif step.action in ("add-column", "alter-type", "alter-column") and step.column:
            column = step.column
            kept = column.stored or column.type
            if kept or step.action != "alter-type":
                self._keep(table, column.name, kept, nullable=column.nullable)

    def _keep(self, table: str, column: str, type_: str, *, nullable: bool) -> None:
        self.types[table, column.lower()] = type_.upper()
        self.nullable[table, column.lower()] = nullable

    def has_no_null(self, table: str, column: str) -> bool:
        """A condition says so already, which PostgreSQL 12 and later take for a proof."""
        return any(
            column.lower() in (found.lower() for found in NOT_NULL.findall(text))
            for text in self.checked.get(table, ())
        )


def dangers(
    migrations: Sequence[Migration], recent: int, engine: str, *, fast_defaults: bool
) -> Iterator[tuple[int, Danger]]:
    """What the newest migrations of one database do to tables that were there before them.

    Each with the position of its migration. `fast_defaults`: a constant default of a new column
    rewrites nothing (PostgreSQL 11 and later).
    """
    history = History()
    first = len(migrations) - recent
    for position, migration in enumerate(migrations):
        for step in migration.steps:
            if position >= first and isinstance(step, TableChanged) and not step.online:
                kind = kind_of(step, engine, history, fast_defaults=fast_defaults)
                if kind and not is_young(history, step.table, position, first, migration.made):
                    at = step.at.in_file(migration.path)
                    fresh = kind in ON_COLUMNS and is_fresh(step, migration)
                    if not (fresh and kind == "foreign-key"):  # nothing to check in empty columns
                        yield position, Danger(kind, step.table, subject(step), at, step, fresh)
            history.apply(position, migration, step)


def is_fresh(step: TableChanged, migration: Migration) -> bool:
    """Whether all its columns are new and empty."""
    new = {
        each.column.name.lower()
        for each in migration.steps
        if isinstance(each, TableChanged)
        and each.table == step.table
        and each.action == "add-column"
        and each.column is not None
        and each.default in ("", "none")
    }
    what = step.index or step.foreign_key
    return what is not None and {name.lower() for name in what.columns} <= new


def is_young(history: History, table: str, position: int, first: int, day: int) -> bool:
    """Made by the same migration, by the same round of work, or shortly before."""
    made, then = history.made.get(table, (-1, 0))
    if made < 0:
        return False
    if made == position or (first > 0 and made >= first):
        return True
    if then and day:
        return days(day) - days(then) <= YOUNG_DAYS
    return position - made < YOUNG_STEPS


def days(day: int) -> int:
    """A number of days that grows by about one each day."""
    return day // 10000 * 365 + day // 100 % 100 * 30 + day % 100


def kind_of(step: TableChanged, engine: str, history: History, *, fast_defaults: bool) -> str:
    """The danger of a step, "" when it is none on that engine."""
    action = step.action
    if engine not in SERVERS or not step.table:
        return ""
    if action == "rename":
        return "rename-table" if step.name and step.name != step.table else ""
    if action == "rename-column":
        return "rename-column"
    if action in ("drop", "drop-column"):
        return action
    if engine not in (POSTGRES, MYSQL):
        return ""
    if action == "backfill":
        return "backfill"
    if action in ("alter-type", "alter-column") and rewrites(step, engine, history):
        return "alter-type"
    if engine == POSTGRES:
        return on_postgres(step, history, fast_defaults=fast_defaults)
    if action == "add-column" and step.column is not None and step.column.auto_increment:
        return "add-column"
    return {"add-foreign-key": "copying-key", "add-check": "copying-check"}.get(action, "")


def on_postgres(step: TableChanged, history: History, *, fast_defaults: bool) -> str:
    action, column = step.action, step.column
    if action == "add-index" and step.index is not None:
        if step.index.primary:
            return ""
        return "unique" if step.index.unique else "index"
    if action == "add-column" and column is not None:
        computed = step.default == "volatile" or column.auto_increment
        return (
            "add-column" if computed or (step.default == "constant" and not fast_defaults) else ""
        )
    if action == "alter-column" and column is not None:
        before = history.nullable.get((step.table, column.name.lower()))
        if before and not column.nullable:
            return "" if history.has_no_null(step.table, column.name) else "set-not-null"
        return ""
    if action == "set-not-null":
        if history.nullable.get((step.table, step.name.lower())) is False:
            return ""
        return "" if history.has_no_null(step.table, step.name) else "set-not-null"
    return {"add-foreign-key": "foreign-key", "add-check": "check"}.get(action, "")


def rewrites(step: TableChanged, engine: str, history: History) -> bool:
    """Whether every row is written anew: only where the type before is known and another."""
    if step.column is None or not step.column.type:
        return False
    old = bare(history.types.get((step.table, step.column.name.lower()), ""))
    new = bare(step.column.stored or step.column.type)
    if not old or not new or old == new or any({old, new} <= family for family in SAME):
        return False
    return not (engine == POSTGRES and {old, new} <= TEXTS)


def bare(type_: str) -> str:
    return type_.upper().partition("(")[0].removesuffix(" UNSIGNED").strip()


def subject(step: TableChanged) -> str:
    """The column or columns, "" when the table as a whole is meant."""
    if step.index is not None:
        return ", ".join(step.index.columns)
    if step.foreign_key is not None:
        return ", ".join(step.foreign_key.columns)
    if step.column is not None:
        return step.column.name
    return step.name if step.action in ("set-not-null", "drop-column") else ""
