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
from typing import TYPE_CHECKING, TypeAlias

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
from scaleaudit.values import UNKNOWN, Literal, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

BRACES = re.compile(r"\{([^{}]*)\}")
MAX_HANDLER_TEXT = 120  # bytes; a longer handler is an inline function, which has no name
SWITCHED_OFF = {"none", "null", "nil", "0", "-1", "false", "undefined"}


@dataclass(frozen=True, slots=True)
class Arg:
    """Where an argument stands: by position (-1: never), or under one of the names."""

    position: int = -1
    names: tuple[str, ...] = ()

    def value(self, site: CallSite, reader: Reader) -> Value | None:
        node = site.argument(self.position, *self.names)
        return None if node is None else reader.value(node)


FIRST = Arg(0)
SECOND = Arg(1)
NONE = Arg()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCall:
    """A request through an HTTP (or mail, LLM, SDK) client.

    `without` says what the library does when no timeout is given. `base` is the argument of the
    client's constructor that holds the address. `fixed` is the address of a SaaS client.
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

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield RemoteCall(
            at=reader.span(site.node),
            library=self.library,
            target=self.target(site, reader),
            method=self.verb(site, reader),
            protocol=self.protocol,
            timeout=self.wait(site, reader),
            in_loop=reader.in_loop(site.node),
            in_async=reader.in_async(site.node),
            scope=reader.scope(site.node),
        )

    def target(self, site: CallSite, reader: Reader) -> Value:
        if self.fixed:
            return Literal(self.fixed)
        path = self.url.value(site, reader)
        base = self.base.value(site.client, reader) if site.client else None
        if base is None:
            return path or UNKNOWN
        text = literal_text(path)
        if path is None or (text is not None and "://" in text):
            return path or base
        return join(base, path)

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
        if site.opaque or (site.client and site.client.opaque):
            return Timeout.UNKNOWN
        return self.without


HTTP_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route: a decorator, an annotation, or a call that takes path and handler.

    `prefix_on_class` names annotations of the enclosing class whose path comes first.
    `needs_path`: without a literal or resolvable path it is something else of the same name.
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
    needs_path: bool = True

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        path = self.path.value(site, reader)
        if path is None:
            if self.needs_path:
                return
            path = Literal("")
        handler = self.handled_by(site, reader)
        prefix = self.class_prefix(site, reader)
        if prefix is None and site.client is not None:
            prefix = self.base.value(site.client, reader)
        router = reader.callee(site.node).rpartition(".")[0]
        for method in self.verbs(site, reader):
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=path if prefix is None else join(prefix, Literal("/"), path),
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
    """A connection to a database, cache, broker or object store."""

    callees: tuple[str, ...]
    technology: str
    library: str
    address: Arg = FIRST
    host: Arg = NONE
    database: Arg = NONE
    default: str = ""  # the address the library takes when none is given, e.g. localhost
    annotation: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        address = self.host.value(site, reader) or self.address.value(site, reader)
        if address is None and self.default and not site.opaque:
            address = Literal(self.default)
        yield StoreUsed(
            at=reader.span(site.node),
            technology=self.technology,
            address=address or UNKNOWN,
            library=self.library,
            database=self.database.value(site, reader),
            scope=reader.scope(site.node),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    callees: tuple[str, ...]
    technology: str
    library: str
    topic: Arg = FIRST
    annotation: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield MessageSent(
            at=reader.span(site.node),
            technology=self.technology,
            topic=self.topic.value(site, reader) or UNKNOWN,
            library=self.library,
            scope=reader.scope(site.node),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    callees: tuple[str, ...]
    technology: str
    library: str
    topic: Arg = FIRST
    annotation: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        yield MessageReceived(
            at=reader.span(site.node),
            technology=self.technology,
            topic=self.topic.value(site, reader) or UNKNOWN,
            library=self.library,
            handler=reader.definition_name(target) if target is not None else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    callees: tuple[str, ...]
    library: str
    job: Arg = FIRST
    lock_annotations: tuple[str, ...] = ()  # on the same definition: a distributed lock
    annotation: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if site.target is not None:
            what = reader.definition_name(site.target)
            beside = reader.annotations.get(site.target.id, ())
        else:
            node = site.argument(self.job.position, *self.job.names)
            what = reader.text(node)[:80].partition("\n")[0] if node is not None else ""
            beside = ()
        yield ScheduleStarted(
            at=reader.span(site.node),
            library=self.library,
            what=what,
            locked=any(each.name in self.lock_annotations for each in beside),
            scope=reader.scope(site.node),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawn:
    callees: tuple[str, ...]
    library: str
    what: Arg = FIRST
    annotation: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.what.position, *self.what.names)
        yield WorkSpawned(
            at=reader.span(site.node),
            library=self.library,
            what=reader.text(node)[:80].partition("\n")[0] if node is not None else "",
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

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.store_arg.position, *self.store_arg.names)
        if node is not None:
            yield SessionKept(reader.span(site.node), store_kind(reader.text(node)), self.library)
        elif not site.opaque:
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
    when: Callable[[CallSite, Reader], bool] | None = None  # e.g. the mode of `open` writes
    annotation: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if self.when is not None and not self.when(site, reader):
            return
        yield FileWritten(
            at=reader.span(site.node),
            target=self.target.value(site, reader) or UNKNOWN,
            library=self.library,
            purpose=self.purpose,
            scope=reader.scope(site.node),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """The code starts a server by itself."""

    callees: tuple[str, ...]
    library: str
    port: Arg = NONE
    development: bool = False
    annotation: bool = False

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

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        key = literal_text(self.key.value(site, reader))
        if key:
            yield SettingRead(reader.span(site.node), key, reader.scope(site.node))


Pattern: TypeAlias = (
    HttpCall
    | Route
    | Mount
    | Store
    | Send
    | Receive
    | Schedule
    | Spawn
    | Session
    | Write
    | Serve
    | ReadSetting
)


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
                self.binding_names.add(callee.rpartition(".")[0].rpartition(".")[2])
                if callee.startswith("*."):
                    self._any_receiver.setdefault(name, []).append(pattern)
                else:
                    self._exact.setdefault(callee, []).append(pattern)

    def matching(self, site: CallSite) -> Iterator[Pattern]:
        found = self._exact.get(site.callee) or self._any_receiver.get(site.name, ())
        for pattern in found:
            if pattern.annotation == site.annotation:
                yield pattern


def expand(callee: str) -> list[str]:
    """`a.{b,c}.d` to `a.b.d` and `a.c.d`."""
    pieces = BRACES.split(callee)
    choices = [piece.split(",") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    return ["".join(chosen) for chosen in product(*choices)]
