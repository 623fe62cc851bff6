"""What the graph is made of: nodes, edges, endpoints, and facts in their place."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from scaleaudit.facts import Fact, TableChanged, TableDefined
from scaleaudit.findings import Confidence, Evidence, Trail
from scaleaudit.source import Location


class NodeKind(StrEnum):
    SERVICE = "service"  # a deployable that runs first-party or third-party code
    LIBRARY = "library"  # a build unit of this repository that several deployables are built with
    MODULE = "module"  # a source file, or a package where files are too fine
    DATABASE = "database"
    TABLE = "table"
    CACHE = "cache"
    BROKER = "broker"
    TOPIC = "topic"
    STORAGE = "storage"  # buckets and object stores
    EXTERNAL = "external"  # somebody else's system
    TEAM = "team"


class EdgeKind(StrEnum):
    IMPORTS = "imports"
    CALLS = "calls"
    READS = "reads"
    WRITES = "writes"
    PUBLISHES = "publishes"
    CONSUMES = "consumes"
    USES = "uses"  # connects to a store without telling what for
    OWNS = "owns"
    CONTAINS = "contains"  # database -> table, broker -> topic


class Origin(StrEnum):
    """From where a piece of code is reached; without it, data rules are noise."""

    HANDLER = "handler"
    JOB = "job"
    ADMIN = "admin"
    MIGRATION = "migration"
    TEST = "test"
    CLIENT = "client"  # runs at the user's: in a browser, an app or on a command line
    UNKNOWN = "unknown"


class Node(msgspec.Struct, frozen=True):
    """`id` is `kind:name`, unique; the rest is what people and other tools know it by."""

    id: str
    kind: NodeKind
    name: str
    technology: str = ""
    path: str = ""  # the source folder (service) or file (module), POSIX, from the root
    aliases: tuple[str, ...] = ()
    application: str = ""  # workloads of one codebase share it
    first_party: bool = False  # its source stands in this repository
    replicas: int | None = None  # the most that any deployment asks for; None: not said
    published: bool = False  # reachable from outside the deployment
    at: Location | None = None
    entered: tuple[Evidence, ...] = ()  # why people reach it from outside; empty: they do not
    ends: bool = False  # started for one piece of work: a job, a run on a schedule


class Edge(msgspec.Struct, frozen=True):
    """From the side that opens the connection; evidence is all that its trails lead over."""

    source: str
    target: str
    kind: EdgeKind
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.HIGH
    detail: str = ""  # what on the target: the database's own name, the topic
    trails: tuple[Trail, ...] = ()


class Endpoint(msgspec.Struct, frozen=True):
    component: str  # node id, or "" when no component owns the file
    method: str
    path: str
    at: Location
    handler: str = ""
    protocol: str = "http"


class Cause(StrEnum):
    """Why the target of a call is not known."""

    SETTING = "setting"  # it is a setting that the repository does not set
    INPUT = "input"  # it comes out of a request, a message or a record
    RUN_TIME = "run-time"  # it is put together while the program runs
    NAME = "name"  # it is a name whose value was not found
    RELATIVE = "relative"  # a path alone: to the server that a page or a client is from
    OWN_HOST = "own-host"  # the caller's own host, or the cloud's about it
    AMBIGUOUS = "ambiguous"  # several components are what it asks for
    UNSAID = "unsaid"  # the call names no address


class Unresolved(msgspec.Struct, frozen=True):
    """A call or connection whose target could not be found, and why."""

    component: str
    what: str
    reason: str
    at: Location
    cause: Cause = Cause.UNSAID


class Reach(msgspec.Struct, frozen=True):
    """Where one call or connection in the code leads, as far as the repository tells."""

    component: str
    library: str
    technology: str  # of a store; "http" and the like for a call
    address: str  # resolved, `{}` for unknown parts; passwords never stand in facts
    host: str
    target: str  # node id, "" when it leads to nothing known
    configured: bool  # (part of) it comes from a setting
    from_default: bool  # it is the default of a setting, which the deployment may override
    at: Location
    trail: tuple[Evidence, ...] = ()
    origin: Origin = Origin.UNKNOWN


class StartCommand(msgspec.Struct, frozen=True):
    """What a deployed container or process runs, with the settings that shape it."""

    component: str
    words: tuple[str, ...]
    environment: tuple[str, ...]  # names of the variables that are set
    at: Location
    development: bool = False  # only a developer's machine runs it so (override, dev files)


class Migration(msgspec.Struct, frozen=True):
    """One step in the history of a schema; those of one `group` run one after the other."""

    path: str
    group: str
    application: str
    engine: str  # sqlglot's name, as far as the migrations tell; "": they do not
    made: int  # the day it was written, as 20260131; 0: not told
    steps: tuple[TableDefined | TableChanged, ...]


F = TypeVar("F", bound=Fact)


class Site(msgspec.Struct, Generic[F], frozen=True):
    """A fact in its place: in which file, of which component, reached from where."""

    fact: F
    at: Location
    component: str = ""  # node id of the service, "" when none owns the file
    application: str = ""
    origin: Origin = Origin.UNKNOWN
