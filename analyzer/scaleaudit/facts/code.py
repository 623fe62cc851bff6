"""What source files say: imports, names, calls, messages, state, background work."""

from __future__ import annotations

from enum import StrEnum
from struct import Struct
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import msgspec

from scaleaudit.facts.base import FactBase, V
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

Sign: TypeAlias = tuple[bytes]


class ImportFound(FactBase, frozen=True, tag="import"):
    """`module` as written (`..billing.api`, `./db`, `com.acme.Order`, `github.com/a/b/pkg`)."""

    module: str
    names: tuple[tuple[str, str], ...] = ()  # (name in the module, name here); ("*", "") for all
    alias: str = ""  # the name the module itself is bound to here, when not its own
    lazy: bool = False  # inside a function: no cycle at import time
    type_only: bool = False  # for the type checker alone, never executed


OF_FIELD = ".<field>"  # behind the class of a field: `unique` or `db_index`, as it is by itself


class ConstantDefined(FactBase, frozen=True, tag="constant"):
    """A name bound once, at module or class level, to a text: `Topics.PAID`, `BASE_URL`."""

    name: str
    value: V


class ArgumentsGiven(FactBase, frozen=True, tag="arguments"):
    """A call hands texts that may be addresses to a function of the repository.

    `function` as written here, a constructor by its class; `args` by position (`"0"`) or keyword.
    """

    function: str
    args: tuple[tuple[str, V], ...]


class SettingRead(FactBase, frozen=True, tag="setting-read"):
    """The code reads a setting from its environment; says that a declared variable is used."""

    key: str
    scope: str = ""


SIGN = 3  # bytes; names that share one are taken for each other


def name_sign(name: bytes) -> bytes:
    """A few bytes that stand for a name, by which a call finds the functions of that name."""
    return crc32(name).to_bytes(4, "big")[:SIGN]


_EACH_SIGN = Struct(f"{SIGN}s").iter_unpack


def sign_of(name: str) -> Sign:
    """The sign of a name, to be looked for among `signs_in`."""
    return (name_sign(name.encode()),)


def signs_in(names: bytes) -> Iterator[Sign]:
    """The signs that stand one behind the other, each alone in a tuple, which is made quickest."""
    return _EACH_SIGN(names[: len(names) // SIGN * SIGN])


class NamedFunction(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A function or method with the names in it that may be those of other functions.

    `scope` is dotted, with the classes around (`Orders.expire`); empty, or `Orders.`, for what stands
    outside of functions. `root` is from where its own declaration says that it is reached: `job`,
    `staff`, `framework` (an annotation may hand it to one), or nothing.
    """

    scope: str
    names: bytes = b""  # the signs of the names, one behind the other
    root: str = ""
    method: bool = False  # of a class, or of a type in Go


class Timeout(StrEnum):
    """How long a remote call waits, as far as its own file tells."""

    SET = "set"  # given at the call, at its client, or by a wrapper
    FINITE = "finite"  # the library's own default ends
    NEVER = "never"  # nothing given and the library waits for ever, or it was switched off
    UNKNOWN = "unknown"


class RemoteCall(FactBase, frozen=True, tag="call"):
    """A synchronous call to another process: HTTP, gRPC, mail, an LLM, a SaaS.

    `target` is a URL, a host, or the name of a client; `library` the package that makes the call.
    """

    library: str
    target: V
    method: str = ""
    protocol: str = "http"  # http, grpc, graphql, websocket, smtp, llm, sdk
    timeout: Timeout = Timeout.UNKNOWN
    in_loop: bool = False
    in_async: bool = False
    scope: str = ""


class ServiceDefined(FactBase, frozen=True, tag="service-defined"):
    """An interface definition names a remote service and what one can ask of it.

    `name` is the full name (`shop.v1.Cart`); of GraphQL the root type. `routes` are the HTTP
    methods and paths under which a gateway offers a method: (HTTP method, path, method).
    """

    protocol: str  # grpc, thrift, graphql
    name: str
    methods: tuple[str, ...] = ()
    routes: tuple[tuple[str, str, str], ...] = ()


class StubMade(FactBase, frozen=True, tag="stub"):
    """The code makes a generated client of a remote service, whose name its own betrays.

    Whom it speaks to is known when one component alone serves the service.
    """

    service: str  # as far as the code names it: `Cart`, `shop.v1.Cart`
    protocol: str = "grpc"


class AddressGiven(FactBase, frozen=True, tag="address"):
    """An address in the code beside the requests that are seen.

    `library` is the client that is given it for all its requests. Empty for a mere text, or the
    name of a service handed to a function that looks addresses up: it proves a connection only
    where it names a component of the system.
    """

    address: V
    library: str = ""


class StoreUsed(FactBase, frozen=True, tag="store-used"):
    """The code opens a connection to a database, cache, broker or object store."""

    technology: str  # postgresql, mysql, mongodb, redis, kafka, rabbitmq, sqlite, s3 ... or ""
    address: V  # DSN, URL, host or file; Unknown when it is not given here
    library: str = ""
    database: V | None = None  # the database's own name, when apart from the address
    scope: str = ""


EVENT_BUS = "vertx-event-bus"  # the technology of messages that no broker carries
SERVICE_RECORD = "record:"  # before the name of a service that is published beside such messages
REDIS_LIST = "redis list"  # the library of pushes and pops; a list that nobody waits for is data


class MessageSent(FactBase, frozen=True, tag="sent"):
    technology: str  # kafka, rabbitmq, sqs, redis, celery, sidekiq ... or ""
    topic: V
    library: str = ""
    scope: str = ""


class MessageReceived(FactBase, frozen=True, tag="received"):
    technology: str
    topic: V
    library: str = ""
    handler: str = ""


class StateKept(FactBase, frozen=True, tag="state"):
    """Mutable module, class or process state that code changes after start.

    One fact for each name; `changed_at` are the places inside functions that change it.
    """

    name: str
    kind: str  # dict, list, set, counter, cache, limiter, lock, registry
    changed_at: tuple[Span, ...]
    changed_in: tuple[str, ...]  # the scopes of these places
    bounded: bool = False  # an LRU with a size, a memo of a pure function


class SessionKept(FactBase, frozen=True, tag="session"):
    """Where sessions of users live: `memory`, `cookie`, `database`, `cache`, `file`, `unknown`, `none`."""

    store: str
    library: str = ""
    default: bool = False  # nothing said: the library's own default


class FileWritten(FactBase, frozen=True, tag="file-written"):
    """The code writes to a local file system; `purpose` is upload, export, cache, log, temp, ''."""

    target: V
    library: str = ""
    purpose: str = ""
    scope: str = ""


class ScheduleStarted(FactBase, frozen=True, tag="schedule"):
    """Repeated work that the process starts by itself (APScheduler, node-cron, @Scheduled)."""

    library: str
    what: str = ""  # the job's name or function
    locked: bool = False  # a distributed lock or leader election guards it
    refresh: bool = False  # idempotent upkeep of this process alone (cache refresh, heartbeat)
    scope: str = ""


class WorkSpawned(FactBase, frozen=True, tag="spawned"):
    """Work that goes on after the request: thread, task, goroutine, BackgroundTasks."""

    library: str
    what: str = ""
    in_handler: bool = False
    scope: str = ""


class ServerStarted(FactBase, frozen=True, tag="server"):
    """The code itself starts a server (`app.listen`, `app.run`, `http.ListenAndServe`)."""

    library: str
    port: V | None = None
    development: bool = False  # a server its own documentation does not want in production
