"""Whether a table looks as if rows come with use, where no INSERT in the code says so.

An ORM writes out of sight of its queries. What reads by one is told only for tables of which the
schema itself says that they fill; lists of kinds and settings stay as they are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import Growth, Origin, of_table, regex
from scaleaudit_rules.data._table_names import (
    CATALOGUE,
    CONFIGURED,
    KINDS,
    LIST,
    LISTS,
    PEOPLE,
    RECORDED,
)
from scaleaudit_rules.data._tables import FAST_GROWTH

if TYPE_CHECKING:
    from scaleaudit.api import QueryFound, Site, Table

CAPITAL = regex(r"(?<=[a-z0-9])(?=[A-Z])")
TEXT = {"sql", "sql-view", "mybatis"}  # statements that stand in the source; the rest are mappers
STAMP = regex(
    r"^(?:created|inserted|updated|timestamp|creation|(?:create|update|insert)_?(?:time|date|dt|ts)|gmt_?create|(?:date|time)_?(?:created|added))"
    r"|_at$|_(?:created|creation)_?(?:on|date|time|ts)$"
)
TIME = regex(r"^(?:TIMESTAMP|DATETIME)")
MOMENT = regex(
    r"(?:^|_)(?:date|time|datetime|dt|ts|on|when|last|sent|seen)(?:_|$)"
    r"|(?:date|time|moment|[a-z]{3}ed)$"  # what was done then: uploaded, requested
)
OWNER = regex(
    r"^(?:user|account|customer|member|owner|author|creator|person|profile|organi[sz]ation|org|company"
    r"|tenant|team|workspace|shop|store)_id$|_by_id$"
)
# What tells one thing from all others, by which nobody looks for what is listed by hand.
TELLS_APART = regex(
    r"(?:^|_)(?:hash(?:ed)?|token|fingerprint|digest|checksum|sha\d*|md5|e?mail(?:_address)?|barcode|isbn|serial(?:_number)?)$"
)
REFERENCE = regex(r"\w_id$")
# A reference to what somebody lists: its children are of that kind, not its parts.
OF_A_KIND = "type|kind|status|state|role|category|country|zone|language|currency|locale|level"
KIND_REFERENCE = regex(rf"(?:^|_)(?:{OF_A_KIND})_id$")
PERSON = regex(r"^e?_?mail(?:_address)?$|^(?:encrypted_|hashed_)?password(?:_?(?:hash|digest))?$")
# Columns with the address of another system, and with what it lets in by.
REACHED_AT = regex(
    r"^(?:(?:base|api|server|service|endpoint)_?(?:url|uri|host|address)|host(?:name)?|endpoint)$"
)
ASKED_FOR = regex(
    r"^(?:api_?(?:key|token|password|secret)|client_secret|(?:access|secret)_?key|password|secret)$"
)
# What the program calls a part of itself.
NAMES_A_PART = regex(
    r"^(?:command|(?:cron_?)?job_?name|task_?name|command_?name|setting|(?:setting|config)_?key)$"
)
# Those who run the system are a few, however many use it.
RUNS_IT = regex(
    r"(?i)^(?:is_?|may_?|can_?)?(?:(?:super|sys|site|system|global)_?)?(?:admin|administrator|administrate|superuser|staff)$"
)
RUNS_BY_ROLE = regex(
    r"(?i)\brole\b\W{1,12}(?:[\w\\:.]{0,40}\W{1,2})?(?:\w{0,20}_)?(?:super|sys)?_?admin"
)


def stamped(table: Table) -> bool:
    """Its rows remember when they came, or when something happened to them."""
    return any(is_stamp(column.name, column.type) for column in table.columns)


@lru_cache(maxsize=20_000)  # many rules ask, for each query on a table
def is_stamp(name: str, kind: str) -> bool:
    name = in_words(name)
    return STAMP.search(name) is not None or (
        TIME.match(kind) is not None and MOMENT.search(name) is not None
    )


@lru_cache(maxsize=20_000)
def in_words(name: str) -> str:
    """`userId` as `user_id`: what names of columns tell does not hang on how words are parted."""
    return CAPITAL.sub("_", name).lower()


@of_table
def filled_by_use(table: Table) -> bool:
    """People, what belongs to one of them, or what ties two other things together in time."""
    if not stamped(table):
        return False
    names = [in_words(column.name) for column in table.columns]
    if PEOPLE.search(table.words) or any(OWNER.search(name) for name in names):
        return True
    key = [in_words(as_spelled(table, name)) for name in table.primary_key]
    own = key if len(key) == 1 else []
    references = sum(REFERENCE.search(name) is not None for name in names if name not in own)
    lists = LISTS.search(table.words) or LIST.search(table.words)
    return references > 1 and lists is None


def outgrows_people(table: Table) -> bool:
    """Several rows come of each person: not the people themselves, nor what somebody sets up."""
    if table.growth not in FAST_GROWTH and not filled_by_use(table):
        return False
    people = PEOPLE.search(table.words) or any(
        PERSON.search(in_words(c.name)) for c in table.columns
    )
    return not (people or KINDS.search(table.words) or CONFIGURED.search(table.words))


def kept_by_hand(table: Table) -> bool:
    """A list that somebody sets up, by its name: of kinds, settings, plugins, feeds."""
    words = table.words
    if any(each.search(words) for each in (KINDS, CONFIGURED, LIST, LISTS)):
        return True
    if is_access(table) or is_one_of_each(table):
        return True
    return CATALOGUE.search(words) is not None and table.growth not in FAST_GROWTH


@of_table
def is_access(table: Table) -> bool:
    """How another system is reached, with what it asks for: somebody sets up each row."""
    names = [in_words(column.name) for column in table.columns]
    return any(map(REACHED_AT.search, names)) and any(map(ASKED_FOR.search, names))


@of_table
def is_one_of_each(table: Table) -> bool:
    """A row for each of the commands or settings that the program has."""
    return any(
        index.unique
        and not index.where
        and len(index.columns) == 1
        and NAMES_A_PART.match(in_words(as_spelled(table, index.columns[0]))) is not None
        for index in table.indexes
    )


def as_spelled(table: Table, column: str) -> str:
    """The name with the capitals that the schema gives it."""
    found = table.column(column)
    return found.name if found is not None else column


def ties_alone(table: Table) -> bool:
    """Nothing but references: its rows come as two kinds of things are tied to each other."""
    names = {in_words(column.name) for column in table.columns} - {"id"}
    return (
        len(names) > 1
        and all(REFERENCE.search(name) for name in names)
        and LISTS.search(table.words) is None
    )


def bounded_by_kind(query: QueryFound, table: Table) -> bool:
    """Read through an ORM in full, and nothing says that it fills."""
    return (
        query.library not in TEXT and table.growth not in FAST_GROWTH and not filled_by_use(table)
    )


def parts_of_another(table: Table, column: str) -> bool:
    """Its rows belong to rows of another table, which the column names, and are no list of kinds."""
    name = in_words(as_spelled(table, column))
    own = table.name.lower().rpartition("_")[2]
    return (
        REFERENCE.search(name) is not None
        and not name.startswith(("parent_", f"{own}_", f"{own.removesuffix('s')}_"))
        and KIND_REFERENCE.search(name) is None
        and LISTS.search(table.words) is None
        and LIST.search(table.words) is None
        and CONFIGURED.search(table.words) is None
    )


def worth_an_index(site: Site[QueryFound], table: Table, column: str = "") -> bool:
    """Somebody waits for the search, or the table is known to fill; `column`: with which it begins."""
    if site.fact.library in TEXT or table.growth in FAST_GROWTH:
        return True
    if table.growth is Growth.PER_USER and site.origin is Origin.HANDLER:
        return True
    if KINDS.search(table.words):
        return False
    fills = (
        table.inserted
        or stamped(table)
        or RECORDED.search(table.words) is not None
        or filled_by_use(table)
        or ties_alone(table)
        or parts_of_another(table, column)
        or (
            TELLS_APART.search(in_words(as_spelled(table, column))) is not None
            and not CONFIGURED.search(table.words)
        )
    )
    return site.origin is not Origin.ADMIN and fills


def of_those_who_run_it(query: QueryFound, table: Table) -> bool:
    """The administrators among all people."""
    return RUNS_BY_ROLE.search(query.text) is not None or any(
        each.table == table.name
        and each.operator in ("=", "is-true")
        and not each.alternative
        and RUNS_IT.match(each.column)
        for each in query.predicates
    )
