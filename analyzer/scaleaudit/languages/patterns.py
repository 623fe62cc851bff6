"""Tables of known callees, and how each kind becomes facts; the same for every language.

A framework is a tuple of patterns in `languages/<language>/frameworks/`. Adding one is adding
data: which callee, which argument is the address, what the library does when no timeout is
given (with the version and the source of that knowledge in a comment).

Callees are dotted and qualified (see `CallSite`); braces list alternatives:
`requests.{get,post}`. A leading `*.` matches any receiver, to be used where the name alone is
proof enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Protocol, TypeAlias

from scaleaudit.facts import (
    EndpointServed,
    FileWritten,
    MessageReceived,
    MessageSent,
    RemoteCall,
    RouterMounted,
    ScheduleStarted,
    ServerStarted,
    SessionKept,
    SettingRead,
    StoreUsed,
    Timeout,
    WorkSpawned,
)
from scaleaudit.languages.brief_files import is_brief, sent_away
from scaleaudit.languages.callsites import LAST_ARGUMENT
from scaleaudit.values import UNKNOWN, Literal, Setting, join, literal_text, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

    # What a callee's name does not tell: the mode of `open`, the service of `boto3.client`.
    Condition: TypeAlias = Callable[[CallSite, Reader], bool]

BRACES = re.compile(r"\{([^{}]*)\}")
MAX_HANDLER_TEXT = 120  # bytes; a longer handler is an inline function, which has no name
SWITCHED_OFF = {"none", "null", "nil", "0", "-1", "false", "undefined"}


@dataclass(frozen=True, slots=True)
class Arg:
    """Where an argument stands: by position (-1: never), or under one of the names."""

    position: int = -1
    names: tuple[str, ...] = ()

    def value(self, site: CallSite, reader: Reader) -> Value | None:
        node = self.node(site, reader)
        return None if node is None else reader.value(node)

    def values(self, site: CallSite, reader: Reader) -> list[Value]:
        """One value, or one for each element of a literal list; empty when nothing is given."""
        node = self.node(site, reader)
        return [] if node is None else [reader.value(each) for each in reader.each(node)]

    def node(self, site: CallSite, reader: Reader) -> Node | None:
        node = site.argument(self.position, *self.names)
        return None if node is None or node.type in reader.OPTION_OBJECTS else node


FIRST = Arg(0)
SECOND = Arg(1)
LAST = Arg(LAST_ARGUMENT)
NONE = Arg()


def hidden(site: CallSite, reader: Reader, options: int) -> bool:
    """Arguments exist that the file does not spell out; `options` is where they would stand."""
    given = site.args[options].type if 0 <= options < len(site.args) else ""
    # A function in that place is a callback.
    spelled_out = not given or given in reader.OPTION_OBJECTS or given in reader.FUNCTIONS
    return site.opaque or not spelled_out


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCall:
    """A request through an HTTP (or mail, LLM, SDK) client.

    `without` says what the library does when no timeout is given. `base` is the argument of the
    client's constructor that holds the address. `fixed` is the address of a SaaS client.
    `options` and `client_options` are the positions of option objects, at the call and at the
    constructor of its client. `file_timeout` and `file_base` name settings of the library that
    hold for the whole file once they are assigned (`axios.defaults.timeout`).
    """

    callees: tuple[str, ...]
    library: str
    url: Arg = FIRST
    base: Arg = NONE
    method: str = ""  # empty: the callee's last part, when it is an HTTP method
    method_arg: Arg = NONE
    timeout: tuple[str, ...] = ("timeout",)
    timeout_position: int = -1
    without: Timeout = Timeout.UNKNOWN
    zero_is_never: bool = True
    protocol: str = "http"
    fixed: str = ""
    annotation: bool = False
    when: Condition | None = None
    options: int = -1
    client_options: int = -1
    file_timeout: str = ""
    file_base: str = ""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = self.target(site, reader)
        yield RemoteCall(
            at=reader.span(site.node),
            library=self.library,
            target=target,
            method=self.verb(site, reader),
            protocol=self.protocol,
            timeout=reader.waits(self.wait(site, reader), target),
            in_loop=reader.in_loop(site.node),
            in_async=reader.in_async(site.node),
            scope=reader.scope(site.node),
        )

    def target(self, site: CallSite, reader: Reader) -> Value:
        base = self.base.value(site.client, reader) if site.client else None
        if self.fixed:
            return base or Literal(self.fixed)
        path = self.url.value(site, reader)
        if base is None and self.file_base in reader.assigned:
            base = reader.value(reader.assigned[self.file_base])
        if base is None:
            return path or UNKNOWN
        text = text_with_holes(path) if path is not None else ""
        if path is None or "://" in text:
            return path or base
        apart = text[:1] in ("/", "?", "#", "") or text_with_holes(base)[-1:] == "/"
        if apart or not isinstance(path, Literal):
            return join(base, path)
        return join(base, Literal("/"), path)

    def verb(self, site: CallSite, reader: Reader) -> str:
        if self.method:
            return self.method
        given = self.method_arg.value(site, reader)
        if given is not None:
            return (literal_text(given) or "").upper()
        name = site.name.upper()
        return name if name in HTTP_METHODS else ""

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        for each in (site, site.client):
            if each is None:
                continue
            node = each.argument(self.timeout_position if each is site else -1, *self.timeout)
            if node is not None:
                written = reader.text(node).strip().lower()
                off = written in SWITCHED_OFF and (self.zero_is_never or written[:1] == "n")
                return Timeout.NEVER if off else Timeout.SET
        if self.file_timeout in reader.assigned:
            return Timeout.SET
        if hidden(site, reader, self.options):
            return Timeout.UNKNOWN
        if site.client and hidden(site.client, reader, self.client_options):
            return Timeout.UNKNOWN
        return self.without


HTTP_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}
ROUTING = HTTP_METHODS | {"ROUTE", "API_ROUTE", "WEBSOCKET"}  # annotations of a handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route: a decorator, an annotation, or a call that takes path and handler.

    `prefix_on_class` names annotations of the enclosing class whose path comes first.
    `needs_path`: without a literal or resolvable path it is something else of the same name.
    The same holds for a call with fewer than `least` arguments.
    """

    callees: tuple[str, ...]
    path: Arg = FIRST
    base: Arg = NONE  # the prefix given to the router's constructor, when this file shows it
    methods: str = ""  # empty: the callee's last part, or the `method` argument
    method_arg: Arg = NONE
    handler: Arg = NONE
    prefix_on_class: tuple[str, ...] = ()
    protocol: str = "http"
    annotation: bool = False
    when: Condition | None = None
    needs_path: bool = True
    least: int = 0

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        paths = self.path.values(site, reader)
        if (not paths and self.needs_path) or len(site.args) < self.least:
            return
        handler = self.handled_by(site, reader)
        prefix = self.class_prefix(site, reader)
        if prefix is None and site.client is not None:
            prefix = self.base.value(site.client, reader)
        router = reader.callee(site.node).rpartition(".")[0]
        for path, method in product(paths or [Literal("")], self.verbs(site, reader)):
            if prefix is not None:
                path = join(prefix, Literal("/"), path) if path != Literal("") else prefix
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=path,
                handler=handler,
                router=router,
                protocol=self.protocol,
            )

    def handled_by(self, site: CallSite, reader: Reader) -> str:
        if site.target is not None:
            outer = reader.scope(site.target)
            return ".".join(part for part in (outer, reader.definition_name(site.target)) if part)
        node = site.argument(self.handler.position, *self.handler.names)
        short = node is not None and node.end_byte - node.start_byte <= MAX_HANDLER_TEXT
        return reader.text(node) if node is not None and short else ""

    def class_prefix(self, site: CallSite, reader: Reader) -> Value | None:
        if not self.prefix_on_class or site.target is None:
            return None
        around = reader.class_around(site.target)
        for above in reader.annotations.get(around.id, ()) if around else ():
            if above.name in self.prefix_on_class:
                return self.path.value(above, reader)
        return None

    def verbs(self, site: CallSite, reader: Reader) -> list[str]:
        if self.methods:
            return self.methods.split()
        node = site.argument(self.method_arg.position, *self.method_arg.names)
        if node is not None:
            words = re.findall(r"[A-Za-z]+", reader.text(node))
            found = [word.upper() for word in words if word.upper() in HTTP_METHODS]
            return found or ["*"]
        name = site.name.upper().removesuffix("MAPPING").removeprefix("HTTP")
        return [name] if name in HTTP_METHODS else ["*"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A router (or a module of routes) hung below a prefix."""

    callees: tuple[str, ...]
    prefix: Arg = NONE
    child: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.child.position, *self.child.names)
        if node is None:
            return
        yield RouterMounted(
            at=reader.span(site.node),
            prefix=self.prefix.value(site, reader) or Literal(""),
            child=reader.text(node)[:200],
            parent=reader.callee(site.node).rpartition(".")[0],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
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

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """`client_topic` is the topic when the sender's constructor holds it: `new Queue("mail")`."""

    callees: tuple[str, ...]
    technology: str
    library: str
    topic: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None
    client_topic: Arg = NONE

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for topic in topics(self.topic, self.client_topic, site, reader):
            yield MessageSent(
                at=reader.span(site.node),
                technology=self.technology,
                topic=topic,
                library=self.library,
                scope=reader.scope(site.node),
            )


def topics(topic: Arg, client_topic: Arg, site: CallSite, reader: Reader) -> list[Value]:
    """What a send or receive names, else what its client names, else one unknown."""
    found = topic.values(site, reader)
    if not found and site.client is not None:
        found = client_topic.values(site.client, reader)
    return found or [UNKNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    callees: tuple[str, ...]
    technology: str
    library: str
    topic: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None
    client_topic: Arg = NONE

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        for topic in topics(self.topic, self.client_topic, site, reader):
            yield MessageReceived(
                at=reader.span(site.node),
                technology=self.technology,
                topic=topic,
                library=self.library,
                handler=reader.definition_name(target) if target is not None else "",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    callees: tuple[str, ...]
    library: str
    job: Arg = FIRST
    lock_annotations: tuple[str, ...] = ()  # on the same definition: a distributed lock
    guarded: Condition | None = None  # other signs of a distributed lock
    annotation: bool = False
    when: Condition | None = None
    locked: bool = False  # the library itself takes a lock that all processes share

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if site.target is not None:
            what = reader.definition_name(site.target)
            beside = reader.annotations.get(site.target.id, ())
        else:
            node = site.argument(self.job.position, *self.job.names)
            what = self.named(node, site, reader) if node is not None else ""
            beside = ()
        yield ScheduleStarted(
            at=reader.span(site.node),
            library=self.library,
            what=what,
            locked=self.locked
            or any(each.name in self.lock_annotations for each in beside)
            or (self.guarded is not None and self.guarded(site, reader)),
            scope=reader.scope(site.node),
        )

    def named(self, job: Node, site: CallSite, reader: Reader) -> str:
        """The job as written; a function without a name by the function that schedules it."""
        if job.type in reader.FUNCTIONS:
            return reader.definition_name(job) or reader.scope(site.node)
        return reader.text(job)[:80].partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawn:
    callees: tuple[str, ...]
    library: str
    what: Arg = FIRST
    in_handler: bool = False  # the library has it only there
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.what.position, *self.what.names)
        around = reader.function_around(site.node)
        beside = reader.annotations.get(around.id, ()) if around is not None else ()
        yield WorkSpawned(
            at=reader.span(site.node),
            library=self.library,
            what=reader.text(node)[:80].partition("\n")[0] if node is not None else "",
            in_handler=self.in_handler or any(each.name.upper() in ROUTING for each in beside),
            scope=reader.scope(site.node),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
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
        yield FileWritten(
            at=reader.span(site.node),
            target=target,
            library=self.library,
            purpose=("temp" if brief else self.purpose)
            or purpose_of(f"{text_with_holes(target)} {written}")
            or purpose_of(scope),
            scope=scope,
        )


def purpose_of(words: str) -> str:
    """What a file is written for, by the words of its path and of the function around."""
    return next((purpose for purpose, pattern in PURPOSES if pattern.search(words)), "")


# A word starts at a separator, or at a capital inside camelCase.
PURPOSES = tuple(
    (purpose, re.compile(rf"(?:(?<![a-zA-Z])(?i:{words})|(?<=[a-z])(?:{capitals}))(?![a-z])"))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """The code starts a server by itself."""

    callees: tuple[str, ...]
    library: str
    port: Arg = NONE
    development: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield ServerStarted(
            at=reader.span(site.node),
            library=self.library,
            port=self.port.value(site, reader),
            development=self.development,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSetting:
    """The code reads a setting (environment variable, property) by its key."""

    callees: tuple[str, ...]
    key: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        key = literal_text(self.key.value(site, reader))
        if key:
            yield SettingRead(reader.span(site.node), key, reader.scope(site.node))


class Pattern(Protocol):
    """What all kinds of patterns are to the engine; a language may add kinds of its own."""

    @property
    def callees(self) -> tuple[str, ...]: ...

    @property
    def annotation(self) -> bool: ...

    @property
    def when(self) -> Condition | None: ...

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]: ...


class PatternTable:
    """Patterns by callee; knows all last parts of callees, which the tree query filters by."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._exact: dict[str, list[Pattern]] = {}
        self._any_receiver: dict[str, list[Pattern]] = {}
        self.call_names: set[str] = set()
        self.annotation_names: set[str] = set()
        self.binding_names: set[str] = set()
        for pattern in patterns:
            for callee in (each for written in pattern.callees for each in expand(written)):
                name = callee.rpartition(".")[2]
                (self.annotation_names if pattern.annotation else self.call_names).add(name)
                # Three: in `openai.OpenAI.chat.completions.create` it is OpenAI that is made.
                self.binding_names.update(callee.split(".")[-4:-1])
                if callee.startswith("*."):
                    known = self._any_receiver.setdefault(name, [])
                    if pattern not in known:
                        known.append(pattern)
                else:
                    self._exact.setdefault(callee, []).append(pattern)

    def knows(self, callee: str) -> bool:
        """Whether some pattern names this qualified callee; cheaper than reading arguments."""
        return callee in self._exact or callee.rpartition(".")[2] in self._any_receiver

    def matching(self, site: CallSite) -> Iterator[Pattern]:
        found = self._exact.get(site.callee) or self._any_receiver.get(site.name, [])
        for pattern in found:
            if pattern.annotation == site.annotation:
                yield pattern


def expand(callee: str) -> list[str]:
    """`a.{b,c}.d` to `a.b.d` and `a.c.d`."""
    pieces = BRACES.split(callee)
    choices = [piece.split(",") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    return ["".join(chosen) for chosen in product(*choices)]
