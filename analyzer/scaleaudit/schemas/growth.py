"""How the rows of each table grow, as far as names, seeds and writes tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.regex import regex
from scaleaudit.schema import Growth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import QueryFound
    from scaleaudit.schema import Column, Schema, Table

# Tables in which tools keep their own books: some rows a release.
BOOKKEEPING = {
    "schema_migrations", "ar_internal_metadata", "flyway_schema_history", "schema_version",
    "alembic_version", "databasechangelog", "databasechangeloglock", "django_migrations",
    "django_content_type", "django_site", "knex_migrations", "knex_migrations_lock", "goose_db_version",
    "gorp_migrations", "_prisma_migrations", "migrations", "__efmigrationshistory", "typeorm_metadata",
    "doctrine_migration_versions", "phinxlog", "sequelizemeta", "shedlock", "spatial_ref_sys",
    "sqlite_sequence", "auth_permission", "liquibasechangelog", "dbmate_migrations", "_yoyo_migration",
    "_sqlx_migrations", "__diesel_schema_migrations", "db_version", "db_versions", "dbversion", "dbversions",
    "database_version", "schema_versions", "schema_info", "schema_history", "migration_versions",
}  # fmt: skip

OF_TOOLS = ("pg_", "qrtz_")  # PostgreSQL's own views, a row for each job of Quartz
# Last words of names of tables that enumerate or configure: as many rows as somebody thought of.
_LOOKUP = regex(
    r"(?:^|_)(?:settings?|config|configs|configurations?|countr(?:y|ies)|currenc(?:y|ies)|languages?"
    r"|locales?|time_?zones?|status(?:es)?|states|types?|kinds?|roles?|permissions?|privileges?|units?_of_measure"
    r"|lookups?|enums?|constants|system_info|parameters?|feature_flags|menus?|departments?|depts?"
    r"|regions?|provinces?|dict(?:ionar(?:y|ies))?(?:_(?:data|items?|entries))?)$"
    r"|[a-z]{3}(?:settings|configurations?)$|[a-z]{3}(?<!proto)(?<!arche)(?:types?|statuses)$"
)
# What a product sells by itself; ids beside it are those of whoever takes the money.
_PLANS = regex(
    r"(?:subscription|pricing|price|billing|payment|pack)_?plans?$|(?:^|_)(?:payment|shipping)_?methods?$"
)
_OWNER = regex(
    r"^(?:user|account|tenant|organi[sz]ation|org|company|workspace|team|customer|member|owner|profile)_?id$"
)
_TIME_NAME = regex(
    r"(?:_at|_on|_time|_date)$|^(?:created|timestamp|date|time|logged|occurred)", re.IGNORECASE
)
_TIME_TYPE = regex(r"^(?:TIMESTAMP|DATETIME|TIMESTAMPTZ|DATE\b)")
_BOOKED = regex(r"^(?:created|updated|modified|inserted|changed)(?:_?(?:at|on|date|time))?$")
_REFERENCE = regex(r"\w(?:_id|Id|_uuid|_key)$")
_UPSERT = regex(r"on conflict|on duplicate key|do update", re.IGNORECASE)
_DELETES = regex(r"^\s*delete\b|\.a?delete\(\)\s*$", re.IGNORECASE)
_PERSON = regex(r"email|phone|password|(?:first|last)_?name|address|birth", re.IGNORECASE)
# Statements that somebody wrote. Mappers and generators insert into every table, lists of settings
# too: what they fill by use is told by the table.
WRITTEN = {"sql", "sql-view"}
BY_OBJECTS = {"sequelize"}  # rows are changed through objects too, which no query tells
_HAPPENS = regex(
    r"(?:^|_)(?:events?|logs?|messages?|histor(?:y|ies)|records?|orders?|items?|comments?|notifications?"
    r"|transactions?|payments?|jobs?|tasks?|sessions?)(?:_|$)"
)
_LABELS = regex(r"_(?:tags?|labels?|categor(?:y|ies))$")  # of what happens, set up by somebody
# The place that somebody gives a row in a list: what people put in order by hand is short.
_BY_HAND = regex(
    r"^(?:position|pos|order(?:ing)?|sort(?:ing)?|(?:sort|display|menu|list)_?(?:order|index|position)"
    r"|order_?(?:index|num(?:ber)?|no|by)|seq|sort_?num)$"
)
_BY_SOMEBODY = regex(r"(?:_by|By|_to|To)(?:_?(?:id|Id))?$")  # created_by, uploaded_to
_WHOLE = regex(r"^(?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER)?\b")
MAX_CODES = 7  # columns of a list of codes, those that some projects give all tables among them
MAX_SEEDED_COLUMNS = 12  # wider seeded tables are samples of real data


def with_growth(schema: Schema, queries: Iterable[QueryFound]) -> Schema:
    """The schema with each table's growth; `queries` are those of the application's own code."""
    inserted: set[str] = set()
    by_mapper: set[str] = set()
    changed: set[str] = set()
    emptied: set[tuple[str, str]] = set()
    filled: set[tuple[str, str]] = set()
    for query in queries:
        if query.scope:
            filled.update((name, query.scope) for name in query.inserts)
            if _empties(query):
                emptied.update((name, query.scope) for name in query.writes)
        (inserted if query.library in WRITTEN else by_mapper).update(query.inserts)
        changed.update(set(query.writes) - set(query.inserts))
        if query.inserts and (query.library in BY_OBJECTS or _UPSERT.search(query.text)):
            changed.update(query.inserts)
    inserted.update(n for n in by_mapper & set(schema.tables) if _of_people(schema.tables[n]))
    # Made anew each time by one function: as many rows as that puts into it.
    refilled = {name for name, _ in emptied & filled}
    inserted -= refilled
    tables = {
        name: msgspec.structs.replace(
            table,
            growth=_growth(table, inserted, changed, by_mapper),
            inserted=name in inserted or name in by_mapper,
        )
        for name, table in schema.tables.items()
    }
    return msgspec.structs.replace(schema, tables=tables)


def _empties(query: QueryFound) -> bool:
    """Deletes every row of a table."""
    whole = query.writes and not query.inserts and not query.predicates and not query.partial
    return bool(whole) and _DELETES.search(query.text) is not None


def _growth(table: Table, inserted: set[str], changed: set[str], by_mapper: set[str]) -> Growth:
    of_tools = table.name.startswith(OF_TOOLS) or table.name.endswith(("migration", "migrations"))
    if of_tools or table.name in BOOKKEEPING:
        return Growth.STATIC
    if _one_for_each_owner(table):
        return Growth.PER_USER
    if _enumerates(table) or _ordered_by_hand(table):
        return Growth.STATIC
    if table.name in inserted:
        stamped = any(is_time(column) for column in table.columns)
        return Growth.GROWING if table.name in changed or not stamped else Growth.APPEND_ONLY
    if not table.foreign_keys and table.name not in by_mapper and _is_seed(table):
        return Growth.STATIC
    return Growth.UNKNOWN


def _of_people(table: Table) -> bool:
    """What happens, people, or what belongs to one: its rows come with use."""
    listed = _LOOKUP.search(table.words) or _LABELS.search(table.words)
    happens = _HAPPENS.search(table.words) is not None and not listed
    return happens or any(
        _OWNER.match(c.name.lower()) or _PERSON.search(c.name) for c in table.columns
    )


def _one_for_each_owner(table: Table) -> bool:
    """A unique key of one column that names a user or a tenant."""
    return any(
        index.unique
        and not index.where
        and len(index.columns) == 1
        and _OWNER.match(index.columns[0])
        for index in table.indexes
    )


def _enumerates(table: Table) -> bool:
    """Named like a list of kinds or settings, and tied to nothing else by a key."""
    if _PLANS.search(table.name) is not None:
        return not table.foreign_keys and not any(_OWNER.match(c.name) for c in table.columns)
    return _LOOKUP.search(table.name) is not None and _stands_alone(table)


def _ordered_by_hand(table: Table) -> bool:
    """One list for the whole system, whose rows have a place that somebody gave them."""
    return (
        any(_BY_HAND.match(c.name.lower()) and _WHOLE.match(c.type) for c in table.columns)
        and _HAPPENS.search(table.words) is None
        and not any(_BY_SOMEBODY.search(c.name) for c in table.columns)
        and _stands_alone(table)
    )


def _stands_alone(table: Table) -> bool:
    """Its rows belong to no row of another table."""
    return all(key.table == table.name for key in table.foreign_keys) and not any(
        _refers(column.name, table) for column in table.columns
    )


def _refers(column: str, table: Table) -> bool:
    """Named like a reference to another table: neither its own name or key, nor a row above it."""
    own = column.lower().removesuffix("_key").removesuffix("_id")
    word = table.name.rpartition("_")[2]
    return (
        _REFERENCE.search(column) is not None
        and column not in table.primary_key
        and own not in ("parent", table.name, word, word.removesuffix("s"))
    )


def _is_seed(table: Table) -> bool:
    """Filled by the repository, with nothing that ties its rows to people or to time."""
    few = len(table.columns) <= MAX_CODES
    return (
        table.seeded
        and len(table.columns) <= MAX_SEEDED_COLUMNS
        and not any(
            (is_time(c) and not (few and _BOOKED.match(c.name.lower())))
            or _OWNER.match(c.name.lower())
            or _PERSON.search(c.name)
            for c in table.columns
        )
    )


def is_time(column: Column) -> bool:
    """A column that says when a row came to be or changed."""
    return _TIME_TYPE.match(column.type) is not None and _TIME_NAME.search(column.name) is not None
