"""Databases, caches, sessions and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    FileWritten,
    SessionKept,
    StoreUsed,
)
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Setting, join, literal_text, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader
from scaleaudit.languages.brief_files import in_temporary, is_brief, read_back, sent_away
from scaleaudit.languages.patterns.arguments import FIRST, NONE, Arg, hidden


class Store(Record, frozen=True, kw_only=True):
    """A connection to a database, cache, broker or object store.

    `technology_arg` names the technology where one library reaches several; `options` is the
    position of an option object, `default_setting` a variable that the library reads by itself.
    """

    callees: tuple[str, ...]
    technology: str
    library: str
    address: Arg = FIRST
    host: Arg = NONE
    port: Arg = NONE  # with `host`
    database: Arg = NONE
    default: str = ""  # the address the library takes when none is given, e.g. localhost
    annotation: bool = False
    when: Condition | None = None
    technology_arg: Arg = NONE
    options: int = -1
    default_setting: str = ""
    of_made: bool = False  # it is what the callee made that is called: `initialised(url)`

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if called_again(site) is not self.of_made:
            return  # `knex("orders")` is a query on the handle that `knex(options)` made
        address = self.host.value(site, reader)
        port = self.port.value(site, reader)
        if address is not None and port is not None:
            address = join(address, Literal(":"), port)
        address = address or self.address.value(site, reader)
        implied = self.default or self.default_setting
        if address is None and implied and not hidden(site, reader, self.options):
            address = Literal(self.default) if self.default else None
            if self.default_setting:
                address = Setting(self.default_setting, address)
        named = literal_text(self.technology_arg.value(site, reader))
        yield StoreUsed(
            at=reader.span(site.node),
            technology=TECHNOLOGIES.get(named.lower(), "") if named else self.technology,
            address=address or UNKNOWN,
            library=self.library,
            database=self.database.value(site, reader),
            scope=reader.scope(site.node),
        )


def called_again(site: CallSite) -> bool:
    """It is not the library that is called but what a call of it made, elsewhere in the file."""
    made = site.client
    if made is None or made.callee != site.callee:
        return False
    return not site.node.start_byte <= made.node.start_byte < site.node.end_byte


# How libraries that reach several databases name them, in lower case.
TECHNOLOGIES = {
    "pg": "postgresql",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "pgnative": "postgresql",
    "aurora-postgres": "postgresql",
    "cockroachdb": "postgresql",
    "mysql": "mysql",
    "mysql2": "mysql",
    "aurora-mysql": "mysql",
    "mariadb": "mysql",
    "mongodb": "mongodb",
    "mongo": "mongodb",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "better-sqlite": "sqlite",
    "better-sqlite3": "sqlite",
    "mssql": "sqlserver",
    "sqlserver": "sqlserver",
    "oracle": "oracle",
    "oracledb": "oracle",
}


class Session(Record, frozen=True, kw_only=True):
    """A session middleware; `store_arg` holds the store object, absent means `default`."""

    callees: tuple[str, ...]
    library: str
    default: str  # memory, cookie, database ...
    store_arg: Arg = NONE
    annotation: bool = False
    when: Condition | None = None
    options: int = -1  # position of an option object

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.store_arg.position, *self.store_arg.names)
        if node is not None:
            kind = store_kind(reader.described(node))
            yield SessionKept(reader.span(site.node), kind, self.library)
        elif not hidden(site, reader, self.options):
            yield SessionKept(reader.span(site.node), self.default, self.library, default=True)


def store_kind(written: str) -> str:
    """The kind of a session store by the words of the expression that makes it."""
    lowered = written.lower()
    for kind, words in STORE_WORDS:
        if any(word in lowered for word in words):
            return kind
    return "unknown"


STORE_WORDS = (
    ("cache", ("redis", "memcache", "valkey", "hazelcast", "dynamo")),
    ("database", ("pg", "mongo", "sequelize", "knex", "typeorm", "prisma", "sql", "mysql", "db")),
    ("cookie", ("cookie",)),
    ("file", ("file", "disk")),
    ("memory", ("memory", "memstore")),
)


class Write(Record, frozen=True, kw_only=True):
    """A write to the local file system."""

    callees: tuple[str, ...]
    library: str
    target: Arg = FIRST
    purpose: str = ""
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target, scope = self.target.value(site, reader) or UNKNOWN, reader.scope(site.node)
        node = self.target.node(site, reader)
        written = reader.described(node) if node is not None else ""
        if sent_away(reader, site.node):
            return
        brief = node is not None and is_brief(reader, site.node, node)
        kept = node is not None and read_back(reader, site.node, node)
        temporary = brief or in_temporary(reader, target)
        yield FileWritten(
            at=reader.span(site.node),
            target=target,
            library=self.library,
            purpose=("temp" if temporary else "cache" if kept else self.purpose)
            or purpose_of(f"{text_with_holes(target)} {written}")
            or purpose_of(scope),
            scope=scope,
        )


def purpose_of(words: str) -> str:
    """What a file is written for, by the words of its path and of the function around."""
    return next((purpose for purpose, pattern in PURPOSES if pattern.search(words)), "")


# A word starts at a separator, or at a capital inside camelCase.
PURPOSES = tuple(
    (purpose, regex(rf"(?:(?<![a-zA-Z])(?i:{words})|(?<=[a-z])(?:{capitals}))(?![a-z])"))
    for purpose, words, capitals in (
        ("temp", "te?mp(dir|file|path|orary)?|scratch", "Te?mp(Dir|File|Path|orary)?|Scratch"),
        ("log", "logs?|logfile", "Logs?|LogFile"),
        ("cache", "thumb(nail)?s?", "Thumb(nail)?s?"),  # made again from what they show
        (
            "upload",
            "uploads?|uploaded|attachments?|avatars?",
            "Upload(s|ed)?|Attachments?|Avatars?",
        ),
        ("export", "exports?|reports?|invoices?", "Exports?|Reports?|Invoices?"),
        ("cache", "caches?|cached", "Caches?"),
    )
)
