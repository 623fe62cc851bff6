"""What the extractors saw: small, plain, storable, the same for every language.

Facts are the only thing that crosses from the extractors (`languages`, `config_files`,
`schemas`) to `linking`. A fact knows its place in the file (`at`) but not the file, nor any
other file: the same bytes give the same facts wherever they stand, which is what lets them be
cached by content. `scope` is the dotted name of the enclosing function or class inside the
file (`OrderView.post`), empty at module level.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Name, Setting, Unknown

V: TypeAlias = Literal | Setting | Name | Join | Unknown


class _Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    at: Span


# -- code: structure -------------------------------------------------------------------------


class ImportFound(_Fact, frozen=True, tag="import"):
    """`module` as written (`..billing.api`, `./db`, `com.acme.Order`, `github.com/a/b/pkg`)."""

    module: str
    names: tuple[tuple[str, str], ...] = ()  # (name in the module, name here); ("*", "") for all
    alias: str = ""  # the name the module itself is bound to here, when not its own
    lazy: bool = False  # inside a function: no cycle at import time
    type_only: bool = False  # for the type checker alone, never executed


class ConstantDefined(_Fact, frozen=True, tag="constant"):
    """A name bound once, at module or class level, to a text: `Topics.PAID`, `BASE_URL`."""

    name: str
    value: V


class SettingRead(_Fact, frozen=True, tag="setting-read"):
    """The code reads a setting from its environment; says that a declared variable is used."""

    key: str
    scope: str = ""


class Timeout(StrEnum):
    """How long a remote call waits, as far as its own file tells."""

    SET = "set"  # given at the call, at its client, or by a wrapper
    FINITE = "finite"  # the library's own default ends
    NEVER = "never"  # nothing given and the library waits for ever, or it was switched off
    UNKNOWN = "unknown"


class EndpointServed(_Fact, frozen=True, tag="endpoint"):
    """`path` may lack prefixes that stand in other files (see `RouterMounted`).

    `router` is the name of the object or class that the route hangs on, as written in this file.
    """

    method: str  # upper case; `*` for any
    path: V
    handler: str = ""
    router: str = ""
    protocol: str = "http"  # http, grpc, graphql, websocket


class RouterMounted(_Fact, frozen=True, tag="mount"):
    """A prefix for all routes of a router: `app.use('/v1', router)`, `include('shop.urls')`.

    `child` is a name of this file (variable or imported name), or a module when `is_module`.
    """

    prefix: V
    child: str
    parent: str = ""
    is_module: bool = False


class RemoteCall(_Fact, frozen=True, tag="call"):
    """A synchronous call to another process: HTTP, gRPC, mail, an LLM, a SaaS.

    `target` is a URL, a host, or the name of a client; `library` the package that makes the call.
    """

    library: str
    target: V
    method: str = ""
    protocol: str = "http"  # http, grpc, smtp, llm, sdk
    timeout: Timeout = Timeout.UNKNOWN
    in_loop: bool = False
    in_async: bool = False
    scope: str = ""


class StoreUsed(_Fact, frozen=True, tag="store-used"):
    """The code opens a connection to a database, cache, broker or object store."""

    technology: str  # postgresql, mysql, mongodb, redis, kafka, rabbitmq, sqlite, s3 ... or ""
    address: V  # DSN, URL, host or file; Unknown when it is not given here
    library: str = ""
    database: V | None = None  # the database's own name, when apart from the address
    scope: str = ""


class MessageSent(_Fact, frozen=True, tag="sent"):
    technology: str  # kafka, rabbitmq, sqs, redis, celery, sidekiq ... or ""
    topic: V
    library: str = ""
    scope: str = ""


class MessageReceived(_Fact, frozen=True, tag="received"):
    technology: str
    topic: V
    library: str = ""
    handler: str = ""


class Clause(StrEnum):
    FILTER = "filter"
    JOIN = "join"
    SORT = "sort"


class Predicate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One column that a query filters, joins or sorts by.

    `table` is resolved, lower case; empty when only the schema can tell which of the tables read
    has the column. Operators: = != < <= > >= in not-in between is-null is-not-null is-true, `like`
    (a pattern with a known beginning), `search` (any other pattern, full text, containment),
    `optional` (switched off by a parameter: `? IS NULL OR x = ?`), `sort`.
    """

    table: str
    column: str
    operator: str  # =, <, in, like, is-null, between, sort ... (lower case)
    clause: Clause
    function: str = ""  # a function or cast around the column, which hides it from an index
    alternative: bool = False  # stands under an OR
    source: int = 0  # which mention of its table in the statement; 0: not told apart
    group: int = 0  # which OR of the statement it stands under; 0: none, or not told apart
    branch: int = 0  # which side of that OR


class QueryFound(_Fact, frozen=True, tag="query"):
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


class StateKept(_Fact, frozen=True, tag="state"):
    """Mutable module, class or process state that code changes after start.

    One fact for each name; `changed_at` are the places inside functions that change it.
    """

    name: str
    kind: str  # dict, list, set, counter, cache, limiter, lock, registry
    changed_at: tuple[Span, ...]
    changed_in: tuple[str, ...]  # the scopes of these places
    bounded: bool = False  # an LRU with a size, a memo of a pure function


class SessionKept(_Fact, frozen=True, tag="session"):
    """Where sessions of users live: `memory`, `cookie`, `database`, `cache`, `file`, `unknown`."""

    store: str
    library: str = ""
    default: bool = False  # nothing said: the library's own default


class FileWritten(_Fact, frozen=True, tag="file-written"):
    """The code writes to a local file system; `purpose` is upload, export, cache, log, temp, ''."""

    target: V
    library: str = ""
    purpose: str = ""
    scope: str = ""


class ScheduleStarted(_Fact, frozen=True, tag="schedule"):
    """Repeated work that the process starts by itself (APScheduler, node-cron, @Scheduled)."""

    library: str
    what: str = ""  # the job's name or function
    locked: bool = False  # a distributed lock or leader election guards it
    refresh: bool = False  # idempotent upkeep of this process alone (cache refresh, heartbeat)
    scope: str = ""


class WorkSpawned(_Fact, frozen=True, tag="spawned"):
    """Work that goes on after the request: thread, task, goroutine, BackgroundTasks."""

    library: str
    what: str = ""
    in_handler: bool = False
    scope: str = ""


class ServerStarted(_Fact, frozen=True, tag="server"):
    """The code itself starts a server (`app.listen`, `app.run`, `http.ListenAndServe`)."""

    library: str
    port: V | None = None
    development: bool = False  # a server its own documentation does not want in production


# -- deployment ------------------------------------------------------------------------------


class EnvEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One environment variable of a workload; `value` None when it is passed through."""

    name: str
    value: V | None
    at: Span


class WorkloadDeclared(_Fact, frozen=True, tag="workload"):
    """Something that runs: a compose service, a Deployment, a Procfile line, a task definition."""

    name: str
    source: str  # compose, kubernetes, helm, procfile, terraform, serverless
    kind: str = "service"  # service, job, cron, tool
    image: V | None = None
    build_context: str = ""  # as written, relative to the declaring file's folder
    dockerfile: str = ""
    build_target: str = ""
    command: tuple[V, ...] = ()  # entrypoint and arguments, words
    environment: tuple[EnvEntry, ...] = ()
    env_files: tuple[str, ...] = ()
    env_from: tuple[str, ...] = ()  # ConfigMaps and Secrets by name
    ports: tuple[str, ...] = ()  # container ports
    published: bool = False  # reachable from outside the deployment
    replicas: int | None = None
    depends_on: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()  # "source:target" or "target"
    shared_volumes: bool = False  # some volume is read-write-many
    aliases: tuple[str, ...] = ()  # container name, host name, network aliases, links
    labels: tuple[tuple[str, str], ...] = ()
    profiles: tuple[str, ...] = ()
    extends: tuple[str, str] = ("", "")  # (file, service)
    namespace: str = ""
    build_args: tuple[EnvEntry, ...] = ()


class NetworkName(_Fact, frozen=True, tag="network-name"):
    """A host name that leads to workloads: a Kubernetes Service, by label selector."""

    name: str
    selector: tuple[tuple[str, str], ...] = ()
    external_name: str = ""
    ports: tuple[str, ...] = ()
    sticky: bool = False  # sessionAffinity: ClientIP
    published: bool = False  # LoadBalancer, NodePort
    namespace: str = ""


class FilesIncluded(_Fact, frozen=True, tag="includes"):
    """Another deployment file becomes part of this one (compose `include`, kustomize resources)."""

    paths: tuple[str, ...]
    kind: str  # compose, kustomize, kustomize-component, helm-dependency


class WorkloadPatched(_Fact, frozen=True, tag="patch"):
    """An overlay changes a workload: kustomize replicas, images, patches."""

    name: str
    replicas: int | None = None
    image: V | None = None
    environment: tuple[EnvEntry, ...] = ()


class ImageBuilt(_Fact, frozen=True, tag="image"):
    """A Dockerfile's last (or named) stage."""

    base: str
    stage: str = ""
    command: tuple[str, ...] = ()  # ENTRYPOINT + CMD, words; shell form as one `sh -c` text split
    shell_form: bool = False
    environment: tuple[EnvEntry, ...] = ()
    ports: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()  # COPY/ADD sources from the build context
    workdir: str = ""
    command_at: Span = Span(0)  # the instruction that sets the command; line 0: none does


class SettingDefined(_Fact, frozen=True, tag="setting"):
    """A key with a value in a settings file: .env, application.yml, ConfigMap, values.yaml.

    `group` names what the entry belongs to: the ConfigMap's name, the Spring profile, "".
    """

    key: str
    value: V
    source: (
        str  # dotenv, spring, configmap, secret, helm-values, python, rails, node, dotnet, proxy
    )
    group: str = ""


class PackageDeclared(_Fact, frozen=True, tag="package"):
    """A build unit: package.json, pyproject.toml, pom.xml, build.gradle, go.mod, Gemfile, *.csproj.

    The file's folder is the unit's root. Versions as written, "" when none.
    """

    name: str
    ecosystem: str  # npm, pypi, maven, gradle, go, gem, composer, nuget
    dependencies: tuple[tuple[str, str], ...] = ()
    members: tuple[str, ...] = ()  # globs or folders of workspace members / modules
    scripts: tuple[tuple[str, str], ...] = ()
    runnable: bool = False  # builds something that runs (has a main, a start script, a plugin)
    parent: str = ""
    runnable_members: bool = False  # its build plugins make something that runs of every member


class StoreDeclared(_Fact, frozen=True, tag="store"):
    """A managed database, cache, queue or bucket that infrastructure code creates."""

    name: str
    technology: str
    kind: str  # database, cache, broker, topic, bucket
    size: str = ""
    address: str = ""  # the reference others use: `aws_db_instance.main`


class PipelineDefined(_Fact, frozen=True, tag="pipeline"):
    """A CI job; `purposes` out of test, lint, build, deploy, migrate, scan."""

    name: str
    system: str  # github, gitlab
    triggers: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


class OwnerDeclared(_Fact, frozen=True, tag="owner"):
    pattern: str
    owners: tuple[str, ...]


# -- schema ----------------------------------------------------------------------------------


class ColumnFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    name: str
    type: str  # upper case, without length
    nullable: bool = True
    auto_increment: bool = False
    at: Span = Span(0)


class IndexFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    columns: tuple[str, ...]
    name: str = ""
    unique: bool = False
    primary: bool = False
    where: str = ""
    method: str = ""
    at: Span = Span(0)


class ForeignKeyFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...] = ()
    at: Span = Span(0)
    name: str = ""


class TableDefined(_Fact, frozen=True, tag="table"):
    """CREATE TABLE, or the same from a dump or a model. Tables are lower case, no prefix."""

    table: str
    columns: tuple[ColumnFact, ...] = ()
    indexes: tuple[IndexFact, ...] = ()
    foreign_keys: tuple[ForeignKeyFact, ...] = ()
    dialect: str = ""
    seeded: bool = False  # rows for it stand in the same file


class TableChanged(_Fact, frozen=True, tag="table-changed"):
    """One step of a migration, in file order."""

    table: str
    action: str  # drop, rename, add-column, drop-column, rename-column, alter-type, add-index,
    # drop-index, add-foreign-key, drop-primary-key, seed (rows for a table of another file)
    column: ColumnFact | None = None
    index: IndexFact | None = None
    foreign_key: ForeignKeyFact | None = None
    name: str = ""  # new name of a rename; name of what is dropped
    dialect: str = ""


Fact: TypeAlias = (
    ImportFound
    | ConstantDefined
    | SettingRead
    | EndpointServed
    | RouterMounted
    | RemoteCall
    | StoreUsed
    | MessageSent
    | MessageReceived
    | QueryFound
    | StateKept
    | SessionKept
    | FileWritten
    | ScheduleStarted
    | WorkSpawned
    | ServerStarted
    | WorkloadDeclared
    | NetworkName
    | FilesIncluded
    | WorkloadPatched
    | ImageBuilt
    | SettingDefined
    | PackageDeclared
    | StoreDeclared
    | PipelineDefined
    | OwnerDeclared
    | TableDefined
    | TableChanged
)


class FileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that one file says. `namespace` is its declared package (Java, Kotlin, C#, Go, PHP)."""

    facts: tuple[Fact, ...] = ()
    namespace: str = ""
    problem: str = ""  # why (part of) the file was not understood
    lines: int = 0
